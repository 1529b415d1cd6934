"""What is printed of an evaluation."""

from __future__ import annotations

import pytest
from rich.console import Console

from coach.evaluate.run import Scored, evaluate
from coach.evaluate.score import score
from coach.evaluate.tables import show
from tests.evaluate.results import Json, right, spoilt, stretch, truth_of


def printed(*results: Json) -> str:
    """What is printed of these results of a stretch of six breaths."""
    truth = truth_of(stretch())
    console = Console(width=160)
    with console.capture() as text:
        show(evaluate([Scored(truth, score(truth, each)) for each in results], {}), console)
    return text.get()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, "6 of 6 breaths right"),
        ({"breaths": 0}, "0 of 6 breaths right"),
        ({"breaths": None}, "right, breaths not seen (6)"),
        ({"breaths": None, "counted": False, "uncounted_reason": "leg_not_open"}, " breaths not seen (6)"),
    ],
)
def test_breaths_that_could_not_be_seen_are_not_none(changed: Json, found: str) -> None:
    text = printed(spoilt(right(truth_of(stretch())), 0, **changed))
    assert found in text and "no of" not in text


def test_where_no_hold_was_found_no_breaths_are_told() -> None:
    assert "no hold" in printed({"exercise": "strap-stretch", "movements": [], "holds": []})


def test_figures_of_a_set_have_no_names_of_data() -> None:
    hold = {"breath_rate_per_min": 12.0, "breath_start_s": [13.0, 18.0]}
    text = printed(*[spoilt(right(truth_of(stretch())), 0, **hold)] * 3)
    assert "length of the hold, s" in text and "breaths in the hold" in text
    assert "held_s" not in text and "depth_deg" not in text
