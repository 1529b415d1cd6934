from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.evaluate.truth import TruthError, parse_truth, read_truths, truths_of
from tests.evaluate.results import hiker, nothing, rep, sample_truth, stretch, truth_of


def test_a_sample_with_faults() -> None:
    truth = sample_truth("hiker_faults")
    assert (truth.exercise, truth.side, truth.reps, truth.view) == ("hip-hiker", "left", 9, "oblique")
    assert [movement.number for movement in truth.movements if not movement.counts] == [5]
    assert truth.movements[4].reason == "too_shallow"
    assert truth.movements[1].faults == {"stance_knee_bent"}
    assert sum(movement.clean for movement in truth.movements) == 4


def test_a_sample_of_a_hold() -> None:
    truth = sample_truth("strap_right_side_far_knee_arm")
    assert truth.hold is not None
    assert truth.hold.breaths == 7
    assert truth.hold.faults == {"raised_knee_bent", "anchor_arm_in"}
    assert (truth.reps, truth.movements, truth.view) == (None, (), "side")


def test_something_else_is_neither_counted_nor_listed() -> None:
    data = hiker(0, reps=0, uncounted={"1": "stance_knee_bent"})
    data["reps"] = [rep(2.5, 0.0, stance_knee=30), rep(6.5, 0.0, raise_arms=80), rep(10.5, 0.0, lean=10)]
    truth = truth_of(data)
    assert [movement.listed for movement in truth.movements] == [True, False, False]
    assert truth.nothing


def test_nothing_is_done() -> None:
    truth = truth_of(nothing())
    assert truth.nothing
    assert truth.measures is None
    assert not truth_of(stretch()).nothing


@pytest.mark.parametrize(
    ("azimuth", "height", "lying", "view"),
    [
        (0, 1.1, False, "frontal"),
        (-40, 1.1, False, "oblique"),
        (90, 1.1, False, "side"),
        (170, 1.1, False, "back"),
        (-8, 1.2, True, "side"),
        (45, 1.2, True, "diagonal"),
        (45, 2.6, True, "above"),
    ],
)
def test_views_by_the_true_camera(azimuth: float, height: float, lying: bool, view: str) -> None:
    data = stretch() if lying else hiker(1)
    data["camera"] = {"az": azimuth, "height": height}
    assert truth_of(data).view == view


def test_a_truth_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(TruthError, match="expect says 9 reps, its movements give 4"):
        parse_truth(hiker(4, reps=9), "clip")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"exercise": "hip-hiker", "reps": [{"start": 1}]}'])
def test_a_bad_file_is_an_error_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clip.truth.json"
    path.write_text(text)
    with pytest.raises(TruthError) as raised:
        read_truths(path)
    assert str(path) in raised.value.problem
    assert raised.value.remedy


def test_the_person_is_read(tmp_path: Path) -> None:
    path = tmp_path / "clip.truth.json"
    path.write_text(json.dumps(stretch() | {"person": "Ada"}))
    assert [truth.person for truth in read_truths(path)] == ["Ada"]


def test_a_take_of_two_exercises_is_true_of_each() -> None:
    sets = [
        {"exercise": "hip-hiker", "side": "left", "start_s": 0.0, "end_s": 12.0, "reps": [rep(2.0), rep(6.0)]},
        {"exercise": "hip-hiker", "side": "right", "start_s": 12.0, "end_s": 40.0, "reps": [rep(20.0), rep(24.0)]},
        {
            "exercise": "strap-stretch",
            "side": "left",
            "start_s": 40.0,
            "end_s": 90.0,
            "hold": [50.0, 80.0],
            "breaths": 7,
        },
    ]
    data = {
        **hiker(4, side=None),
        "reps": [each for one in sets[:2] for each in one["reps"]],
        "sets": sets,
    }
    hiking, lying = truths_of(data, "take")
    assert [(s.number, s.side, s.reps) for s in hiking.sets] == [(1, "left", 2), (2, "right", 2)]
    assert (hiking.sides, hiking.reps, hiking.part_of) == (("left", "right"), 4, None)
    assert (hiking.sets[1].start_s, hiking.sets[1].end_s) == (20.0, 27.5)
    assert lying.hold is not None and (lying.hold.start_s, lying.hold.breaths) == (50.0, 7)
    assert (lying.exercise, lying.side, lying.part_of) == ("strap-stretch", "left", "take")
    assert lying.clip == "take (strap-stretch)"
    assert truths_of(hiker(3), "clip") == (parse_truth(hiker(3), "clip"),)
