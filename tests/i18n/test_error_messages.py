"""Errors are said in the user's language, and the catalogue fits the code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from coach import errors
from coach.app.batch.keys import Settings, base_parts, changes, with_content
from coach.definitions.exercise import load_exercise
from coach.errors import CoachError, SourceUnreadableError
from coach.i18n.catalog import read_tables
from coach.i18n.error_messages import FILE, translated, translated_error, translated_text
from tests.typed import typed

ROOT = Path(__file__).parents[2] / "coach"
TABLES = read_tables(FILE)
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, CoachError)}


def template(node: ast.expr) -> str | None:
    """A string of the code as the catalogue writes it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        values = iter(range(10))
        parts = [str(p.value) if isinstance(p, ast.Constant) else f"{{{next(values)}}}" for p in node.values]
        return "".join(parts)
    return None


@cache
def raised() -> frozenset[str]:
    """Every sentence of an error in the code that has words of its own."""
    sentences = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
                for argument in node.args:
                    found = template(argument)
                    if found is not None and re.search("[a-z]", re.sub(r"\{\d\}", "", found)):
                        sentences.add(found)
    return frozenset(sentences)


@pytest.mark.parametrize("language", TABLES)
def test_nearly_every_error_has_its_translation(language: str) -> None:
    sentences = raised()
    assert len(sentences) > 150
    missing = sorted(sentences - set(TABLES[language]))
    assert len(missing) <= len(sentences) // 10, missing


def test_every_language_has_the_same_sentences_and_values() -> None:
    keys = [set(table) for table in TABLES.values()]
    assert all(each == keys[0] for each in keys)
    for table in TABLES.values():
        for english, said in table.items():
            places = re.findall(r"\{(\d)\}", english)
            assert places == [str(n) for n in range(len(places))], english
            assert set(re.findall(r"\{(\d)\}", said)) == set(places), english


def test_values_are_put_where_the_translation_has_them() -> None:
    assert translated("me.mp4: is empty (0 bytes)", "de") == "me.mp4: ist leer (0 Bytes)"
    newer = "h.db: was written by a newer coach (its version 9, known here 4)"
    assert translated(newer, "de") == "h.db: wurde von einem neueren Coach geschrieben (Version 9, hier bekannt 4)"
    assert translated("me.mp4: is empty (0 bytes)", "en") == "me.mp4: is empty (0 bytes)"
    assert translated("never heard of it", "de") == "never heard of it"
    assert translated("{0}: strange {1}: no such file", "de") == "{0}: strange {1}: diese Datei gibt es nicht"


def test_the_remedy_is_translated_too() -> None:
    error = SourceUnreadableError("me.mp4: is empty (0 bytes)", "Copy or record it again")
    assert translated_error(error, "de") == "me.mp4: ist leer (0 Bytes). Kopiere es oder nimm es noch einmal auf"
    assert translated_error(error, "en") == str(error)


def test_a_line_with_its_remedy_is_translated_too() -> None:
    assert translated_text("a. b.mp4: no such file. Check the name", "de") == (
        "a. b.mp4: diese Datei gibt es nicht. Prüfe den Namen"
    )
    assert translated_text("never. heard of it", "de") == "never. heard of it"


def test_why_a_video_is_analysed_again_is_told_in_its_language() -> None:
    hiker, strap = load_exercise("hip-hiker"), load_exercise("strap-stretch")
    old = with_content(base_parts(Settings(), [hiker], None), "c", "me.mp4")
    new = {**with_content(base_parts(Settings(fps=10), [strap], "left"), "d", "you.mp4"), "version": "99"}
    for reason in changes(old, new):
        for language in TABLES:
            assert translated(reason, language) != reason, reason


@pytest.mark.parametrize("arguments", [["analyse", "none.mp4", "--lang", "de"], ["analyse", "none.mp4"]])
def test_a_command_complains_in_its_language(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_LANG", "de")
    done = typed(*arguments)
    assert done.exit_code == 2
    assert "diese Datei gibt es nicht. Prüfe den Namen und den Ordner" in done.stderr
