"""Spoken corrections against the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.definitions.exercise import load_exercise
from coach.evaluate.complaints import complaints
from coach.evaluate.cues import LATE_S, Correction, CueScore, corrections, score_cues
from coach.evaluate.metrics import figures
from coach.evaluate.score import score
from coach.types import Cue, Event
from tests.evaluate.results import hiker, nothing, right, stretch, truth_of
from tests.moments import moment
from tests.report.scripted import Script, movement_of

# Movements every four seconds from 2.5 s, deepest 1.6 s and over 3.5 s later.
LEANING = truth_of(hiker(3, reps=2, faults={"2": ["trunk_lean"]}, uncounted={"3": "too_shallow"}))


def said(*corrections: tuple[float, str]) -> CueScore:
    return score_cues(LEANING, [Correction(*each) for each in corrections], 30.0)


def test_what_is_right_has_a_delay_from_the_deepest_point() -> None:
    found = said((9.0, "trunk_lean"), (14.5, "too_shallow"))
    assert (found.said, found.wrong, found.expected, found.heard) == (2, (), 2, 2)
    assert found.delays_s == (pytest.approx(9.0 - 8.1), pytest.approx(14.5 - 12.1))


@pytest.mark.parametrize(
    ("t_s", "name"),
    [
        (4.0, "trunk_lean"),  # in the movement before
        (9.0, "leg_swing"),
        (10.0 + LATE_S + 0.1, "trunk_lean"),
        (9.0, "too_shallow"),
    ],
)
def test_what_is_said_of_something_else_is_wrong(t_s: float, name: str) -> None:
    found = said((t_s, name))
    assert found.wrong == (Correction(t_s, name),)
    assert (found.delays_s, found.heard) == ((), 0)


def test_what_was_not_seen_blames_nobody() -> None:
    assert said((9.0, "not_seen")).said == 0


def test_a_hold_has_a_delay_where_the_truth_says_when() -> None:
    data = stretch(faults=("breath_held",))
    held = [Correction(30.0, "breath_held")]
    assert score_cues(truth_of(data), held, 60.0).delays_s == ()
    timed = truth_of(
        data | {"fault_times": [{"t": 14.0, "fault": "raised_knee_bent"}, {"t": 28.0, "fault": "breath_held"}]}
    )
    assert score_cues(timed, held, 60.0).delays_s == (2.0,)
    assert score_cues(truth_of(stretch()), held, 60.0).wrong == tuple(held)


def test_only_what_finds_fault_is_a_correction() -> None:
    exercises = [load_exercise("hip-hiker"), load_exercise("strap-stretch")]
    shallow = movement_of(Script(uncounted={1: "too_shallow"}), 1)
    cues = [
        ("trunk_lean", ()),
        ("ready", ()),
        ("too_fast", ()),
        ("breath_held", ()),
        ("praise", ()),
        (
            "too_shallow",
            (Event(3.0, "movement", "left", movement=shallow),),
        ),
    ]
    spoken = [moment(t, Cue(t, key, "...", 20), events=events) for t, (key, events) in enumerate(cues)]
    assert [each.name for each in corrections([*spoken, moment(9.0)], exercises)] == [
        *("trunk_lean", "too_fast", "breath_held", "too_shallow")
    ]


def test_figures_and_what_is_told_of_them() -> None:
    truths = [LEANING, truth_of(nothing())]
    scores = [
        replace(score(LEANING, right(LEANING)), cues=said((9.0, "trunk_lean"), (9.5, "leg_swing"))),
        replace(score(truths[1], right(truths[1])), cues=score_cues(truths[1], [Correction(3.0, "leg_swing")], 90.0)),
    ]
    found = {figure.key: figure for figure in figures(scores)}
    assert found["cues_right"].text == "1 of 3"
    assert found["cues_wrong_per_min"].value == pytest.approx(2 / 2.0)
    assert found["cues_wrong_per_min"].met is False
    assert found["cues_heard"].text == "1 of 2"
    assert found["cue_delay_s"].value == pytest.approx(0.9)
    assert complaints(scores[1]) == ["says leg swing at 3.0 s, wrongly"]
