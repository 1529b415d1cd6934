"""Errors of a whole set's figures, from which the least change between two sessions follows."""

from __future__ import annotations

import math

import pytest
from rich.console import Console

from coach.evaluate.run import Scored, as_data, evaluate
from coach.evaluate.score import ClipScore, score
from coach.evaluate.set_errors import SetError, set_figures
from coach.evaluate.tables import show
from coach.evaluate.truth import Truth
from coach.sharing.measurement_error import DETECTABLE
from tests.evaluate.results import Json, hiker, right, stretch, truth_of


def timed(count: int = 4, /, **expect: object) -> Truth:
    """A set of repetitions whose truth says how long each way took."""
    data = hiker(count, **expect)
    for number, one in enumerate(data["reps"]):
        one |= {"down": 1.5 + 0.1 * number, "up": 1.2}
    return truth_of(data)


def measured(truth: Truth, deeper_deg: float = 0.0, slower_s: float = 0.0) -> Json:
    """A result whose every repetition is off by as much."""
    result = right(truth)
    for true, found in zip(truth.movements, result["movements"], strict=True):
        found["pelvic_drop_deg"] += deeper_deg
        found |= {"lowering_s": true.lowering_s + slower_s, "raising_s": true.raising_s}
    return result


def errors(found: ClipScore) -> dict[tuple[int, str], float]:
    return {(each.set, each.figure): round(each.error, 6) for each in found.set_errors}


def test_a_set_is_off_by_what_its_median_is_off() -> None:
    truth = timed()
    result = measured(truth, 2.0, -0.25)
    result["movements"][0]["pelvic_drop_deg"] += 30.0  # one wild repetition hardly moves a median
    found = errors(score(truth, result))
    assert found == {(1, "depth_deg"): pytest.approx(3.0), (1, "lowering_s"): -0.25, (1, "raising_s"): 0.0}


def test_faulty_and_uncounted_repetitions_are_no_part_of_it() -> None:
    truth = timed(5, reps=4, faults={"2": ["trunk_lean"]}, uncounted={"3": "too_shallow"})
    result = measured(truth)
    for number in (1, 2):
        result["movements"][number]["pelvic_drop_deg"] += 9.0
    assert errors(score(truth, result))[(1, "depth_deg")] == 0.0
    few = timed(4, reps=3, faults={"2": ["trunk_lean"]}, uncounted={"3": "too_shallow"})
    assert score(few, measured(few)).set_errors == ()  # two clean ones make no figure of a set


def test_every_set_of_a_clip_is_one() -> None:
    data = hiker(6)
    halves = (data["reps"][:3], data["reps"][3:])
    data["sets"] = [{"exercise": "hip-hiker", "side": "left", "reps": each} for each in halves]
    truth = truth_of(data)
    result = measured(truth) | {"sets": []}
    for found in result["movements"][3:]:
        found["pelvic_drop_deg"] += 1.0
    assert errors(score(truth, result)) == {(1, "depth_deg"): 0.0, (2, "depth_deg"): 1.0}  # no times in this truth


def test_a_hold_says_it_once_and_only_if_it_counts() -> None:
    truth = truth_of({**stretch(), "leg_open_deg": 30.0, "breath_starts": [13.0, 17.0, 21.0, 25.0]})
    result = right(truth)
    hold = result["holds"][0]
    hold |= {"held_s": 27.0, "leg_open_deg": 35.0, "breaths": 5, "breath_rate_per_min": 14.0}
    wanted = {"depth_deg": 5.0, "held_s": -1.0, "breaths": -1.0, "breath_rate_per_min": -1.0}
    assert errors(score(truth, result)) == {(1, name): error for name, error in wanted.items()}
    hold["breaths"] = None
    assert (1, "breaths") not in errors(score(truth, result))
    hold["counted"] = False
    assert score(truth, result).set_errors == ()


def test_the_least_change_is_weirs() -> None:
    off = [0.5, -0.5, 1.5, -1.5]
    found = set_figures([SetError("hip-hiker", 1, "depth_deg", 10.0, 10.0 + each) for each in off])
    (one,) = found
    assert (one.sets, one.bias) == (4, 0.0)
    assert one.sem == pytest.approx(math.sqrt(5 / 3))  # standard deviation of the four
    assert one.mdc95 == pytest.approx(1.96 * math.sqrt(2) * one.sem)
    known = DETECTABLE[("hip-hiker", "depth_deg")]
    assert one.in_use == known.value == 4.0
    (few,) = set_figures([SetError("mine", 1, "depth_deg", 1.0, 2.0)] * 2)
    assert math.isnan(few.sem) and math.isnan(few.in_use) and few.bias == 1.0


def test_it_is_printed_beside_what_comparisons_use() -> None:
    clips = [
        Scored(truth, score(truth, measured(truth, deeper)))
        for deeper, truth in ((each, timed()) for each in (0.4, -0.2, 0.1))
    ]
    found = evaluate(clips, {})
    (drop, *_) = as_data(found)["between_sessions"]
    assert (drop["figure"], drop["sets"], drop["sem"], drop["mdc95"]) == ("depth_deg", 3, 0.3, 0.8316)
    console = Console(width=160)
    with console.capture() as printed:
        show(found, console)
    (row,) = [line for line in printed.get().splitlines() if "depth, °" in line]
    assert row.replace("│", " ").split()[1:] == ["depth,", "°", "3", "+0.10", "0.30", "0.83", "4.00"]
