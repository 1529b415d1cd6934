"""An option that is given twice is a mistake, whatever the command; a list and a switch are none."""

from __future__ import annotations

import pytest

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
