"""Where in a file that people write a table or key stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.definitions.exercise import FOLDER as EXERCISES
from coach.definitions.programme import FOLDER as PROGRAMMES
from coach.toml import Place, lines_of_keys, shipped_folder, tomllib


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ('about = """\nreps = 3\n[words]\n"""\nreps = 2', ("reps",), 5),
        ('about = """\n[words]\n"""\n[[blocks]]\nreps = 2', ("words",), None),
        ("how = [\n  'a',\n  'b = c',\n]\nreps = 2", ("how",), 1),
        ("how = [\n  'a',\n  'b = c',\n]\nreps = 2", ("reps",), 5),
        ("[[blocks]]\nreps = 2\n[[blocks]] # [2]\nrest = 3\n[blocks.progress]\nmore = 1", ("blocks", 1, "rest"), 4),
        (
            "[[blocks]]\nreps = 2\n[[blocks]]\nreps = 3\n[blocks.progress]\nmore = 1",
            ("blocks", 1, "progress", "more"),
            6,
        ),
        ("[[blocks]]\nreps = 2\nprogress.more = 1\nprogress.up_to = 2", ("blocks", 0, "progress", "up_to"), 4),
        ("\n[ words . 'en' ]\n\"a b\" = 'c'", ("words", "en", "a b"), 3),
        ("[pain.rule]\nmost = 1\n[pain]\nask = true", ("pain",), 3),
        ('a = "\u2028"\nreps = 2', ("reps",), 2),
        ("a = 1\r\nb = '''\r\nc = 2\r\n'''\r\nc = 3\r\n", ("c",), 5),
        ('a = """\n\\"""[\n""\n"""""\nb = 1', ("b",), 5),
        ("a = '''\n[\\\n''''\nb = [ # ]\n]\nc = 1", ("c",), 6),
        ("a = '#' # \"[\nb = \"\\\"[#\"\nc = ''\nd = 1", ("d",), 4),
    ],
)
def test_the_line_is_that_on_which_it_begins(text: str, place: Place, line: int | None) -> None:
    tomllib.loads(text)
    assert lines_of_keys(text).get(place) == line


@pytest.mark.parametrize(
    "path",
    [p for folder in (EXERCISES, PROGRAMMES) for p in shipped_folder(folder).glob("*.toml")],
    ids=lambda p: p.stem,
)
def test_every_key_of_the_shipped_files_has_a_line_that_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    found = lines_of_keys(text)
    for place, line in found.items():
        assert str(next(part for part in reversed(place) if isinstance(part, str))) in lines[line - 1]
    assert {place[0] for place in found} == set(tomllib.loads(text))
