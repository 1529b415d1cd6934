"""What commands print is in the language that was asked for, all of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import coach.cli
from coach.cli.errors import SPOKEN
from coach.cli.lines import so_far
from coach.history import History
from coach.i18n.terminal_messages import terminal_words
from coach.types import Kind, Status
from tests.app.batch.stand_ins import short_recording
from tests.history.test_store import Clock, whole_session
from tests.typed import typed

FOLDER = Path(coach.cli.__file__).parent
# For those who measure and build: in English, as README says.
ENGLISH = {"bench", "evaluate", "evaluate_raters", "scale_table"}
TIMINGS = "_show_timings"
PRINTING = {"echo", "prompt", "confirm", "confirmed", "number_between"}


def sentences(path: Path) -> list[str]:
    """Words of a sentence that a command prints as they stand in the code."""
    found = []
    code = ast.parse(path.read_text(encoding="utf-8"))
    code.body = [each for each in code.body if getattr(each, "name", "") != TIMINGS]
    for node in ast.walk(code):
        name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if isinstance(node, ast.Call) and name in PRINTING:
            for part in ast.walk(ast.Tuple([arg for arg in node.args if not isinstance(arg, ast.Call)], ast.Load())):
                if isinstance(part, ast.JoinedStr):
                    text = "".join(str(p.value) for p in part.values if isinstance(p, ast.Constant))
                elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                    text = part.value
                else:
                    continue
                if re.search(r"[A-Za-z]{3,} [a-z]{2,}", text):
                    found.append(text)
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_sentence_is_printed_past_the_catalogue(path: Path) -> None:
    assert path.stem in ENGLISH or sentences(path) == []


def test_every_line_that_a_command_names_is_there() -> None:
    named = set()
    for path in FOLDER.glob("*.py"):
        named |= set(re.findall(r"\bsaid\(\s*[\"'](\w+)[\"']", path.read_text(encoding="utf-8")))
    assert len(named) > 25
    assert {name for name in named if name not in terminal_words("de")} == set()


@pytest.mark.parametrize(
    ("language", "recorded", "wrote", "deleted"),
    [
        ("en", "Judge it with", "wrote ", "Nothing was deleted"),
        ("de", "Auswerten mit", "geschrieben: ", "Nichts wurde gelöscht"),
        ("fr", "À analyser avec", "écrit : ", "Rien n’a été supprimé"),
    ],
)
def test_the_variable_chooses_the_language_where_no_option_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, recorded: str, wrote: str, deleted: str
) -> None:
    monkeypatch.setenv("COACH_LANG", language)
    source = short_recording(tmp_path / "me.observed", 4.0)
    result = typed("analyse", source, "--out", tmp_path / "out", "--export", "csv")
    assert wrote in result.stdout, result.output
    with History.open(tmp_path / "data", Clock()) as history:
        whole_session(history, "anna")
    refused = typed("history", "delete", 1, "--data-dir", tmp_path / "data", answers="n\n")
    assert deleted in refused.stdout, refused.output
    assert recorded in terminal_words(language)("recorded", file="a", size="1")


@pytest.mark.parametrize(
    ("kind", "count", "line"),
    [("repetitions", 0, ""), ("repetitions", 3, "3 gezählt"), ("hold", 1, "1 Atemzug"), ("hold", 6, "6 Atemzüge")],
)
def test_what_has_been_counted_so_far(kind: Kind, count: int, line: str) -> None:
    token = SPOKEN.set("de")
    try:
        assert so_far(Status("x", kind, "moving", "moving", count=count)) == line
    finally:
        SPOKEN.reset(token)
