"""An option that is given twice is a mistake, whatever the command; a list and a switch are none."""

from __future__ import annotations

import pytest
import typer
from typer.core import TyperCommand

from tests.typed import typed


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("analyse me.mp4 --side left --side right", "--side"),
        ("analyse me.mp4 --exercise=a --exercise b", "--exercise"),
        ("record me.mp4 --out a --out b", "--out"),
        ("exercises --lang de --lang fr", "--lang"),
        ("history --person anna --person ben", "--person"),
        ("history export a.csv --person anna --person ben", "--person"),
        ("programme check standard --lang de --lang de", "--lang"),
    ],
)
def test_the_last_does_not_win_unseen(words: str, option: str) -> None:
    refused = typed(*words.split())
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"Error: {option} is given twice" in refused.stderr


def test_an_option_of_a_command_and_of_the_one_below_it_are_two() -> None:
    done = typed("exercises", "--lang", "de", env={"COACH_LANG": "fr"})
    assert done.exit_code == 0
    below = typed("history", "--lang", "de", "repair", "--lang", "xx")
    assert "--lang is 'xx'" in below.stderr


def test_a_switch_and_a_list_may_be_given_twice() -> None:
    for words in ("analyse none.mp4 --json --json", "bench none.mp4 --per-day 1 --per-day 2"):
        assert "given twice" not in typed(*words.split()).output


def test_each_command_line_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, make = [], TyperCommand.make_parser

    def counted(command: TyperCommand, context: typer.Context) -> object:
        made.append(command.name)
        return make(command, context)

    monkeypatch.setattr(TyperCommand, "make_parser", counted)
    assert typed("exercises", "--lang", "de").exit_code == 0
    assert made == ["exercises"]


def test_a_shell_that_completes_such_a_line_is_answered() -> None:
    words = "coach analyse --side left --side right --fp"
    asked = typed(env={"_COACH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "6"})
    assert (asked.exit_code, asked.output.strip()) == (0, "--fps")


def test_who_asks_for_help_gets_it_all_the_same() -> None:
    helped = typed("analyse", "--side", "left", "--side", "right", "--help")
    assert helped.exit_code == 0
    assert "Usage" in helped.stdout
