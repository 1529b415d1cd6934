"""The stages together: the same in, the same out; which exercise it was; and nothing where nothing was done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from coach.definitions.exercise import Exercise, load_exercise
from coach.session.result_builder import ResultBuilder
from coach.session.session import Session
from coach.types import Observation
from tests.perturbation.ways import mirrored, shifted
from tests.scripts import (
    Posture,
    Stretch,
    camera_for_lying,
    camera_for_standing,
    rep,
    seen_standing,
    watched,
    with_breath,
)

HIKER, STRAP = load_exercise("hip-hiker"), load_exercise("strap-stretch")
BOTH = [HIKER, STRAP]
NAMES = ("hip-hiker", "strap-stretch")
SET = [rep(11), rep(10, lean_deg=15), rep(11)]


@cache
def stretched() -> list[Observation]:
    stretch = Stretch(out_s=5.5, held_s=18.0)
    return with_breath(watched(stretch, stretch.length_s, camera_for_lying(0, "right", 22)), 4.2)


@cache
def hiked() -> list[Observation]:
    return seen_standing(SET, fps=10)


@cache
def found(which: Callable[[], list[Observation]], *names: str) -> Any:
    """The result of what was seen, judged once as these exercises."""
    return run(which(), [load_exercise(name) for name in names])[0].result("x")


def run(observations: Sequence[Observation], exercises: Sequence[Exercise] = BOTH) -> tuple[ResultBuilder, list[Any]]:
    """The builder, and what was said and shown of each moment."""
    session = Session(exercises)
    moments = [session.step(o) for o in observations]
    shown = [(m.t_s, m.status.phase, m.status.count, m.events, m.cue) for m in moments]
    return session.finish(), shown


def test_the_same_twice_gives_the_same() -> None:
    for observations in (seen_standing(SET[:2], noise_px=0.5), stretched()[:200]):
        one, two = run(observations), run(observations)
        assert json.dumps(one[0].result("x")) == json.dumps(two[0].result("x"))
        assert repr(one[1]) == repr(two[1])


def test_auto_picks_the_exercise_that_was_done() -> None:
    for order in (NAMES, NAMES[::-1]):
        result = found(hiked, *order)
        assert result["exercise"] == "hip-hiker"
        assert result["summary"]["reps"] == 3 and result["summary"]["clean_reps"] == 2
        assert result["summary"]["faults"] == {"trunk_lean": 1}
        result = found(stretched, *order)
        assert result["exercise"] == "strap-stretch"
        assert result["summary"]["breaths"] in (3, 4, 5)
        assert result["summary"]["held_s"] == pytest.approx(18, abs=1.5)


def test_auto_says_what_the_exercise_alone_says() -> None:
    for which, name in zip((hiked, stretched), NAMES):
        assert found(which, *NAMES) == found(which, name)


@pytest.mark.parametrize("squats", [False, True])
def test_null_where_nothing_was_done(squats: bool) -> None:
    builder, shown = run(seen_standing([rep(0, squat_deg=80 if squats else 0)] * 2))
    result = builder.result("x")
    assert result["exercise"] is None
    assert result["movements"] == result["holds"] == result["summary"]["cues"] == []
    assert result["summary"]["reps"] == 0
    assert not any(count for _, _, count, _, _ in shown)


def test_null_where_nobody_was() -> None:
    builder, _ = run([Observation(t / 10, (640, 480), None) for t in range(50)])
    result = builder.result("x")
    assert result["exercise"] is None and result["seen_ratio"] == 0
    assert Session(BOTH).finish().result("x")["exercise"] is None


def test_a_mirrored_person_swaps_the_sides() -> None:
    plain, other = found(hiked, *NAMES)["movements"], run(mirrored(hiked()))[0].result("x")["movements"]
    assert [m["side"] for m in plain] == ["left"] * 3 and [m["side"] for m in other] == ["right"] * 3
    for one, two in zip(plain, other):
        assert one["faults"] == two["faults"]
        assert one["pelvic_drop_deg"] == pytest.approx(two["pelvic_drop_deg"], abs=0.5)


INTERVAL = "pelvic_drop_interval_deg"


def test_a_later_start_changes_only_the_times() -> None:
    now, later = found(hiked, *NAMES)["movements"], run(shifted(hiked(), 128.0))[0].result("x")["movements"]
    for one, two in zip(now, later, strict=True):
        assert two["start_s"] == pytest.approx(one["start_s"] + 128, abs=0.02)
        # Of late times a float has fewer digits left: the last figure of an interval may be rounded the other way.
        assert two[INTERVAL] == pytest.approx(one[INTERVAL], abs=0.11)
        same = {"start_s": 0, "peak_s": 0, "end_s": 0, INTERVAL: None}
        assert {**one, **same} == {**two, **same}


def test_the_side_can_be_chosen_on_the_way() -> None:
    session = Session([HIKER], "right")
    observations = seen_standing([rep(11)] * 4)
    for o in observations:
        if o.t_s >= 11.8:
            session.select_side("left")
        session.step(o)
    counted = [m for m in session.finish().movements if m.counted]
    assert {m.side for m in counted} == {"left"}
    assert 1 <= len(counted) <= 2


def test_cues_come_with_the_moment_and_once() -> None:
    _, shown = run(seen_standing(SET), [HIKER])
    cues = [cue for *_, cue in shown if cue is not None]
    assert [cue.key for cue in cues] == ["calibrating", "ready", "trunk_lean", "praise"] or [
        cue.key for cue in cues
    ] == ["ready", "trunk_lean", "praise"]
    for t_s, _, _, _, cue in shown:
        assert cue is None or cue.t_s == t_s


def test_times_with_gaps_and_repeats_are_borne() -> None:
    observations = seen_standing(SET)
    doubled = [copy for o in observations for copy in (o, replace(o, t_s=o.t_s + 1e-4))]
    assert run(doubled)[0].result("x")["summary"]["reps"] == 3


def test_first_one_then_the_other() -> None:
    """Two exercises in one video: the one with more evidence is told."""
    hiking = seen_standing(SET)
    moved = shifted(stretched(), float(hiking[-1].t_s) + 5.0)
    assert run([*hiking, *moved])[0].result("x")["exercise"] == "strap-stretch"


def test_sitting_down_to_lie_is_no_exercise() -> None:
    def script(t_s: float) -> Posture | None:
        from tests.scripts import Lying, Standing

        return Standing(squat_deg=float(np.clip(30 * (t_s - 3), 0, 110))) if t_s < 8 else Lying(raise_deg=2)

    result = run(watched(script, 16, camera_for_standing(60)))[0].result("x")
    assert result["exercise"] is None


def test_what_was_made_before_it_began_is_left_out_and_not_numbered() -> None:
    observations = seen_standing([rep(11)] * 3)
    plain, _ = run(observations, [HIKER])
    session = Session([HIKER])
    moments = []
    begin_s = plain.movements[0].end_s  # it is over, and not yet judged
    session.begin(begin_s)
    for o in observations:
        moments.append(session.step(o))
    builder = session.finish()
    assert [m.number for m in builder.movements] == [1, 2]
    assert builder.movements[0].start_s == pytest.approx(plain.movements[1].start_s)
    assert moments[-1].status.count == builder.result("x")["summary"]["reps"] == 2
    assert [e.number for m in moments for e in m.events if e.movement is not None] == [1, 2]


@pytest.mark.parametrize("reported", [True, False])
def test_what_was_judged_while_the_person_got_ready_is_left_out(reported: bool) -> None:
    observations = seen_standing([rep(11)] * 3)
    plain, _ = run(observations, [HIKER])
    session = Session([HIKER], single=True, begun=False)
    begin_s = plain.movements[1].start_s - 0.1
    shown = []
    for o in observations:
        if o.t_s < begin_s and not reported:
            session.watch(o)
            continue
        if o.t_s >= begin_s:
            session.begin(begin_s)
        shown.append(session.step(o).status.count)
    assert max(count for o, count in zip(observations[-len(shown) :], shown, strict=True) if o.t_s < begin_s + 0.5) == 0
    assert [m.number for m in session.finish().movements] == [1, 2]
    assert shown[-1] == 2


def spoken_of_a_stretch(stretch: Stretch, foot_end_deg: float = 0.0) -> tuple[list[str], list[str]]:
    """Keys of what is said while somebody does it in front of the camera, and of what stands there afterwards."""
    session = Session([STRAP])
    said, shown, over = [], [], False
    camera = camera_for_lying(foot_end_deg, "left" if foot_end_deg else "right", 25)
    for observation in with_breath(watched(stretch, stretch.length_s, camera), 4.2):
        moment = session.step(observation)
        said += [moment.cue.key] if moment.cue is not None else []
        over = over or any(event.hold is not None for event in moment.events)
        if over and shown[-1:] != [moment.status.waiting_for]:
            shown.append(moment.status.waiting_for)
    return said, shown


def test_after_a_hold_that_counted_nobody_is_told_how_to_begin_it() -> None:
    said, shown = spoken_of_a_stretch(Stretch())
    assert said[:4] == ["ready", "raised", "opening", "holding"]
    assert said[4:] in (["finished", "lower"], ["lower"])
    assert shown[0] == "lower" and "raised" not in shown


def test_after_one_that_did_not_count_the_way_into_it_is_shown_again() -> None:
    said, shown = spoken_of_a_stretch(Stretch(open_deg=8.0), 45.0)
    assert "leg_not_open" in said and "lower" not in said
    assert shown[0] == "raised"
