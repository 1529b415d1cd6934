"""The page's words: alike in every language, each in use, and none that the page names is missing."""

from __future__ import annotations

import re
from pathlib import Path

import coach.web
from coach.i18n.catalog import read_tables, word_problems
from coach.i18n.web_messages import FILE

STATIC = Path(coach.web.__file__).parent / "static"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.iterdir() if path.suffix in (".js", ".html"))
ENGLISH = set(read_tables(FILE)["en"])
NAMED = set(re.findall(r"\bwords\.(\w+)\b(?! = )", SOURCES)) | set(
    re.findall(r'data-(?:word|spoken|hint)="(\w+)"', SOURCES)
)
QUOTED = set(re.findall(r'"(\w+)"', SOURCES))  # words[name], where the name was chosen elsewhere
MADE_UP = ("error_", "place_", "state_")  # words[`state_${...}`]


def test_every_language_has_the_same_keys_and_placeholders() -> None:
    assert word_problems(read_tables(FILE), ()) == []


def test_every_word_is_named_by_the_page() -> None:
    assert sorted(set(re.findall(r"words\[`(\w+_)\$\{", SOURCES))) == list(MADE_UP)
    assert [key for key in sorted(ENGLISH - NAMED - QUOTED) if not key.startswith(MADE_UP)] == []


def test_every_word_that_the_page_names_is_there() -> None:
    assert sorted(NAMED - ENGLISH) == []
