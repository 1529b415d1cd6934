"""Marks become a truth file that can be evaluated, and come back from it."""

from __future__ import annotations

from typing import Any

import pytest

from coach.definitions.exercise import builtin_names, load_exercise
from coach.evaluate.labels import LabelError, labels_of_truth, parse_labels, truth_of_labels
from coach.evaluate.truth import parse_truth

EXERCISES = [load_exercise(name) for name in builtin_names()]
HIKERS = {
    "exercise": "hip-hiker",
    "side": "left",
    "person": "Ada",
    "rater": "Ben",
    "movements": [{"t": 20.0}, {"t": 4.0}, {"t": 7.0, "reason": "too_shallow"}],
    "faults": [{"t": 19.5, "name": "trunk_lean"}, {"t": 20.2, "name": "trunk_lean"}],
}
STRETCH = {
    "exercise": "strap-stretch",
    "side": "right",
    "hold": [12.0, 40.0],
    "breaths": [18.0, 12.5, 24.0],
    "faults": [{"t": 30.0, "name": "breath_held"}],
}


def made(marks: dict[str, Any]) -> dict[str, Any]:
    return truth_of_labels(parse_labels(marks), EXERCISES, "me", 60.0, 30.0)


def test_repetitions() -> None:
    data = made(HIKERS)
    truth = parse_truth(data, "me")
    assert (truth.exercise, truth.side, truth.reps, truth.person) == ("hip-hiker", "left", 2, "Ada")
    assert [(m.start_s, m.bottom_s, m.end_s) for m in truth.movements] == [(0.0, 4, 5.5), (5.5, 7, 11), (16, 20, 24)]
    assert [m.reason for m in truth.movements] == [None, "too_shallow", None]
    assert [set(m.faults) for m in truth.movements] == [set(), set(), {"trunk_lean"}]
    assert truth.fault_times == ((19.5, "trunk_lean"), (20.2, "trunk_lean"))
    assert truth.movements[0].clean


def test_a_hold() -> None:
    truth = parse_truth(made(STRETCH), "me")
    assert truth.hold is not None
    assert (truth.hold.start_s, truth.hold.end_s, truth.hold.breaths) == (12.0, 40.0, 3)
    assert truth.hold.breath_start_s == (12.5, 18.0, 24.0)
    assert truth.hold.faults == {"breath_held"}
    assert truth.reps is None


def test_a_hold_whose_breaths_nobody_marked_has_none_to_compare() -> None:
    truth = parse_truth(made({**STRETCH, "breaths": []}), "me")
    assert truth.hold is not None
    assert truth.hold.breaths is None


def test_nothing_is_done() -> None:
    truth = parse_truth(made({}), "me")
    assert truth.exercise is None
    assert truth.nothing


@pytest.mark.parametrize("marks", [HIKERS, STRETCH, {}])
def test_marks_come_back(marks: dict[str, Any]) -> None:
    assert labels_of_truth(made(marks)) == parse_labels(marks)
    assert labels_of_truth({"exercise": None}) is None


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ({**HIKERS, "side": None}, "the side is not chosen"),
        ({**HIKERS, "exercise": "juggling"}, "no exercise 'juggling'"),
        ({**HIKERS, "exercise": None}, "no exercise is chosen"),
        ({**HIKERS, "breaths": [3.0]}, "no hold and no breaths"),
        ({**HIKERS, "faults": [{"t": 13.0, "name": "trunk_lean"}]}, "is in no repetition"),
        ({**HIKERS, "faults": [{"t": 4.0, "name": "breath_held"}]}, "is no fault of hip-hiker"),
        ({**HIKERS, "movements": [{"t": 4.0}, {"t": 4.1}]}, "within 0.2 s"),
        ({**HIKERS, "movements": [{"t": 99.0}], "faults": []}, "after the end"),
        ({**HIKERS, "movements": [{"t": -1.0}]}, r": movements\.1\.t: must be 0 or more"),
        ({**HIKERS, "movements": [{"t": float("nan")}]}, r"movements\.1\.t"),
        ({**HIKERS, "colour": "red"}, "colour: is no key that is known here"),
        ({**HIKERS, "person": "a\u0007"}, "signs that cannot be shown"),
        ({**STRETCH, "hold": [12.0, None]}, "the end of the hold"),
        ({**STRETCH, "hold": [None, 12.0]}, "the start of the hold"),
        ({**STRETCH, "hold": [40.0, 12.0]}, "ends before it begins"),
        ({**STRETCH, "breaths": [5.0]}, "outside the hold"),
        ({**STRETCH, "movements": [{"t": 5.0}]}, "has no repetitions"),
        ([], "the marks are not as they must be"),
    ],
)
def test_what_makes_no_truth(marks: Any, why: str) -> None:
    with pytest.raises(LabelError, match=why):
        made(marks)
