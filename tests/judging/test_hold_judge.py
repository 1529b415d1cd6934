"""Scripted strap stretches: edges, breaths, faults, reasons, views, and what is no stretch at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.definitions.exercise import load_exercise
from coach.judging.judge import make_judge
from coach.perception.recording import Recording
from coach.session.result_builder import ResultBuilder
from coach.toml import shipped_folder
from coach.types import SIDES, Event, Hold, Observation, Side, other_side
from tests.perturbation.ways import dropped, jittered, mirrored, noisy, scaled, shifted, tilted
from tests.scripts import (
    Camera,
    Lying,
    Posture,
    Script,
    Stretch,
    breathing_grids,
    camera_for_lying,
    camera_for_standing,
    depth_of_breath,
    holds,
    judged,
    rep,
    seen_standing,
    verdicts,
    watched,
)

STRAP = load_exercise("strap-stretch")
assert STRAP.hold is not None
PERIOD_S = 4.2


def breathing(observations: Sequence[Observation], from_s: float, period_s: float = PERIOD_S) -> list[Observation]:
    t_s = np.array([o.t_s for o in observations])
    grids = breathing_grids(t_s, depth_of_breath(t_s, period_s, from_s))
    return [replace(o, chest_px=grid) for o, grid in zip(observations, grids, strict=True)]


@cache
def seen(stretch: Stretch, camera: Camera | None = None, breath: bool = True, **more: Any) -> Sequence[Observation]:
    """A stretch seen side-on with the raised leg on the far side, or as wished."""
    camera = camera or camera_for_lying(0, other_side(stretch.start.side), 22)
    observations = watched(stretch, stretch.length_s, camera, **more)
    return breathing(observations, stretch.hold[0]) if breath else observations


def one(observations: Sequence[Observation]) -> Hold:
    (hold,) = holds(STRAP, observations)
    return hold


@cache
def told(side: Side, asked: Side | None = None) -> Sequence[Event]:
    """What a clean stretch of this leg makes, where that one was asked for."""
    return judged(STRAP, seen(Stretch(Lying(side)), breath=asked is None), asked)


@pytest.mark.parametrize(
    ("side", "foot_end_deg", "near", "height_deg"),
    [
        ("left", 0, False, 22),
        ("right", 0, False, 22),
        ("left", 0, True, 22),
        ("right", 45, True, 25),
        ("left", 45, False, 25),
        ("right", 45, False, 25),
        ("left", -40, True, 25),
        ("right", 0, False, 62),
    ],
)
def test_a_clean_stretch(side: Side, foot_end_deg: float, near: bool, height_deg: float) -> None:
    stretch = Stretch(Lying(side))
    hold = one(seen(stretch, camera_for_lying(foot_end_deg, side if near else other_side(side), height_deg)))
    assert (hold.side, hold.counted, hold.faults) == (side, True, ())
    assert (hold.start_s, hold.end_s) == pytest.approx(stretch.hold, abs=0.6)
    assert hold.breaths == 6
    assert hold.breath_rate_per_min == pytest.approx(60 / PERIOD_S, rel=0.1)
    assert hold.depth == pytest.approx(40, abs=8)
    assert hold.number == 1


@pytest.mark.parametrize(("fps", "jitter"), [(15, 0.0), (10, 0.8), (30, 0.0)])
def test_every_rate_and_uneven_time_give_the_same_hold(fps: float, jitter: float) -> None:
    hold = one(seen(Stretch(), fps=fps, jitter=jitter, noise_px=0.4))
    assert verdicts([hold]) == ["left"]
    assert (hold.start_s, hold.end_s) == pytest.approx(Stretch().hold, abs=0.6)
    assert hold.breaths == 6


@pytest.mark.parametrize(
    ("stretch", "fault"),
    [
        (Stretch(knee_deg=40), "raised_knee_bent"),
        (Stretch(arm_deg=15), "anchor_arm_in"),
        (Stretch(roll_deg=30), "pelvis_roll"),
        (Stretch(opening_s=0.35), "too_fast"),
        (Stretch(closing_s=0.35), "too_fast"),
        (Stretch(held_s=10), "hold_too_short"),
    ],
)
def test_faults(stretch: Stretch, fault: str) -> None:
    hold = one(seen(stretch, breath=fault == "hold_too_short", fps=15 if fault == "too_fast" else 10))
    assert hold.counted
    assert hold.faults == (fault,)


def test_the_other_foot_slides() -> None:
    hold = one(seen(Stretch(slide_m=0.5), camera_for_lying(45, "right", 30), breath=False))
    assert "grounded_leg_moved" in hold.faults


def test_a_trembling_leg_is_unsteady() -> None:
    def script(t_s: float) -> Lying:
        still = Stretch()(t_s)
        return replace(still, open_deg=still.open_deg + 6 * np.sin(t_s * 21) * (11 < t_s < 35))

    assert "unsteady" in one(watched(script, Stretch().length_s, camera_for_lying(45, "left", 25))).faults


def test_a_breath_held_for_long_is_told() -> None:
    stretch = Stretch(held_s=34.0)
    observations = seen(stretch, breath=False)
    t_s = np.array([o.t_s for o in observations])
    pause = (t_s > 10 + 3 * PERIOD_S) & (t_s < 24 + 3 * PERIOD_S)
    resumed = np.where(t_s >= 24 + 3 * PERIOD_S, t_s - 14.0, t_s)
    depth = np.where(pause, 0.0, depth_of_breath(resumed, PERIOD_S, 10.0))
    grids = breathing_grids(t_s, depth)
    hold = one([replace(o, chest_px=grid) for o, grid in zip(observations, grids)])
    assert "breath_held" in hold.faults


@pytest.mark.parametrize("period_s", [5.0, 10.0, 14.0])
def test_nobody_who_breathes_is_told_to_breathe(period_s: float) -> None:
    stretch = Stretch(held_s=5 * period_s)
    camera = camera_for_lying(0, "right", 22)
    found = judged(STRAP, breathing(watched(stretch, stretch.length_s, camera), stretch.hold[0], period_s))
    assert "breath_held" not in {event.detail for event in found if event.name == "fault_began"}
    assert all("breath_held" not in event.hold.faults for event in found if event.hold is not None)


def test_a_breath_held_for_long_is_said_while_it_lasts() -> None:
    stretch = Stretch(held_s=44.0)
    observations = seen(stretch, breath=False)
    t_s = np.array([o.t_s for o in observations])
    pause = (t_s > 10 + 3 * PERIOD_S) & (t_s < 30 + 3 * PERIOD_S)
    depth = np.where(pause, 0.0, depth_of_breath(np.where(t_s < 30, t_s, t_s - 20.0), PERIOD_S, 10.0))
    grids = breathing_grids(t_s, depth)
    found = judged(STRAP, [replace(o, chest_px=grid) for o, grid in zip(observations, grids)])
    said_s = [event.t_s for event in found if event.name == "fault_began" and event.detail == "breath_held"]
    assert len(said_s) == 1 and 10 + 3 * PERIOD_S + 10 < said_s[0] < 30 + 3 * PERIOD_S


def test_a_leg_that_was_not_up_does_not_count() -> None:
    low = Stretch(Lying("left"))

    def script(t_s: float) -> Lying:
        posture = low(t_s)
        return replace(posture, raise_deg=min(posture.raise_deg, 34.0))

    found = holds(STRAP, breathing(watched(script, low.length_s, camera_for_lying(0, "right", 22)), low.hold[0]))
    assert not [hold for hold in found if hold.counted]
    assert {hold.uncounted_reason for hold in found} <= {"leg_not_up"}


REAL_LEG_RAISE = Path(__file__).parents[2] / "shared" / "real" / "straight_leg_raise.observed"


@pytest.mark.skipif(not REAL_LEG_RAISE.is_file(), reason="needs the recording of a real straight-leg raise")
def test_a_real_straight_leg_raise_is_no_stretch() -> None:
    with Recording(REAL_LEG_RAISE) as observations:
        assert holds(STRAP, observations) == []


def test_breaths_that_cannot_be_seen_are_left_open() -> None:
    hold = one(seen(Stretch(), breath=False))
    assert hold.counted and hold.breaths is None
    assert "breath_held" not in hold.faults and "hold_too_short" not in hold.faults


def test_not_open_enough() -> None:
    hold = one(seen(Stretch(open_deg=8), camera_for_lying(45, "left", 25), breath=False))
    assert (hold.counted, hold.uncounted_reason) == (False, "leg_not_open")


def test_from_the_foot_end_knee_and_arm_stay_open_and_it_is_said() -> None:
    judge = make_judge(STRAP)
    events, advice = [], None
    for o in seen(Stretch(), camera_for_lying(45, "left", 25), breath=False):
        verdict = judge.step(o)
        events += verdict.events
        advice = verdict.status.view_advice
    (hold,) = [event.hold for event in events if event.hold is not None]
    assert {"raised_knee_bent", "anchor_arm_in"} <= set(hold.not_judged)
    assert advice == STRAP.say("view_diagonal")


@pytest.mark.parametrize("side", SIDES)
def test_the_side_that_was_asked_for(side: Side) -> None:
    found = [event.hold for event in told("left", side) if event.hold is not None]
    assert [hold.side for hold in found if hold.counted] == (["left"] if side == "left" else [])


def test_of_somebody_who_is_gone_no_leg_is_spoken_of() -> None:
    stretch = Stretch(Lying("left"))
    seen_for = [o for o in seen(stretch, breath=False) if o.t_s < 5.0]
    gone = [replace(o, t_s=o.t_s + 5.0, pose=None, people=0) for o in seen_for]
    assert "other_side" not in {event.name for event in judged(STRAP, [*seen_for, *gone], "right")}


@pytest.mark.parametrize("side", SIDES)
def test_the_other_leg_is_said_once_and_not_counted(side: Side) -> None:
    asked = other_side(side)
    found = told(side, asked)
    assert [event.side for event in found if event.name == "other_side"] == [asked]
    assert not [event for event in found if event.hold is not None]
    assert not [event for event in told(side, side) if event.name == "other_side"]


def test_two_holds_one_after_the_other() -> None:
    first = Stretch(held_s=22.0)

    def script(t_s: float) -> Posture:
        return first(t_s) if t_s < first.length_s else replace(first, start=Lying("right"))(t_s - first.length_s)

    # From the foot end both legs can be seen. Nobody changes legs from one picture to the next.
    seen = watched(script, 2 * first.length_s, camera_for_lying(45, "left", 25))
    found = holds(STRAP, [each for each in seen if abs(each.t_s - first.length_s) > 0.4])
    assert [(h.side, h.number) for h in found if h.counted] == [("left", 1), ("right", 2)]


@pytest.mark.parametrize(
    "script",
    [
        lambda t: Lying(raise_deg=2.0),
        lambda t: Lying(raise_deg=min(90.0, max(2.0, 30 * (t - 2)))),
        lambda t: Lying(raise_deg=max(2.0, 90 * np.sin(t / 2))),
        lambda t: replace(Stretch()(t), both=True),
        Stretch(held_s=0.0, opening_s=1.5, closing_s=1.5),
    ],
    ids=["lying", "leg up and no more", "leg up and down", "both legs", "out and straight back"],
)
@pytest.mark.parametrize("foot_end_deg", [0, 45])
def test_what_is_no_stretch(script: Script, foot_end_deg: float) -> None:
    observations = watched(script, 34.0, camera_for_lying(foot_end_deg, "right", 25))
    assert not [hold for hold in holds(STRAP, observations) if hold.counted]


def test_somebody_who_stands_does_not_stretch() -> None:
    assert holds(STRAP, seen_standing([rep(11)] * 3)) == []
    raised = seen_standing([rep(0, thigh_deg=95)] * 3, camera=camera_for_standing(80))
    assert holds(STRAP, raised) == []


def test_unseen_for_a_moment_it_is_still_held() -> None:
    observations = [replace(o, pose=None, people=0) if 18 < o.t_s < 20 else o for o in seen(Stretch(), breath=False)]
    hold = one(observations)
    assert hold.counted and hold.end_s == pytest.approx(36, abs=0.6)


def test_the_end_of_the_video_ends_the_hold() -> None:
    observations = [o for o in seen(Stretch(), breath=False) if o.t_s < 32]
    hold = one(observations)
    assert hold.end_s == pytest.approx(32, abs=0.5)
    assert hold.counted


def test_what_is_shown_along_the_way() -> None:
    judge = make_judge(STRAP)
    phases, counts, held = ["nobody"], [], []
    for o in seen(Stretch(closing_s=5.0), fps=10):
        status = judge.step(o).status
        if status.phase != phases[-1]:
            phases.append(status.phase)
        counts.append(status.count)
        held.append(status.held_s)
    assert phases[:5] == ["nobody", "ready", "raised", "opening", "holding"]
    assert "returning" in phases and phases.count("holding") == 1
    assert phases[phases.index("returning") + 1] == "raised"
    assert counts == sorted(counts) and counts[-1] >= 5
    assert max(held) == pytest.approx(26, abs=3)


def test_events_of_a_hold_come_in_order_and_a_clean_one_has_no_corrections() -> None:
    events = [event for event in told("left") if event.name not in ("phase", "returned")]
    names = [event.name for event in events]
    assert names[0] == "hold_began" and names[-1] == "hold"
    assert set(names[1:-1]) == {"breath"}
    numbers = [event.number for event in events if event.name == "breath"]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 5


def test_worse_pictures_say_the_same() -> None:
    observations = seen(Stretch())
    for changed in (jittered(dropped(noisy(observations, 1.0), 0.2), 0.02), scaled(tilted(observations, 6), 0.5)):
        hold = one(changed)
        assert verdicts([hold]) == ["left"]
        assert (hold.start_s, hold.end_s) == pytest.approx(Stretch().hold, abs=0.7)
        assert hold.breaths in (5, 6, 7)
    assert verdicts([one(mirrored(seen(Stretch(), breath=False)))]) == ["right"]
    later = one(shifted(seen(Stretch(), breath=False), 500.0))
    assert (later.start_s - 500, later.end_s - 500) == pytest.approx(Stretch().hold, abs=0.6)


def cut(observations: Sequence[Observation], from_s: float, to_s: float = 1e9) -> list[Observation]:
    return [o for o in observations if from_s <= o.t_s <= to_s]


@pytest.mark.parametrize(("foot_end_deg", "near"), [(0, False), (45, True)])
def test_a_leg_that_is_open_in_the_first_picture_is_held_from_there(foot_end_deg: float, near: bool) -> None:
    camera = camera_for_lying(foot_end_deg, "left" if near else "right", 22)
    stretch = Stretch(held_s=31.0)
    begins_s = stretch.hold[0] + 1.0
    hold = one(cut(seen(stretch, camera), begins_s))
    assert (hold.side, hold.counted, hold.faults) == ("left", True, ())
    assert (hold.start_s, hold.end_s) == pytest.approx((begins_s, stretch.hold[1]), abs=0.6)
    assert hold.breaths in (6, 7)
    assert hold.depth == pytest.approx(40, abs=8)


# From the head end, a leg that is to the side and one half way up at 60 degrees look alike.
@pytest.mark.parametrize(
    ("foot_end_deg", "near", "pause_deg"),
    [(0, False, 40.0), (0, False, 60.0), (45, True, 40.0), (45, True, 60.0), (-45, True, 40.0)],
)
def test_a_long_pause_on_the_way_up_does_not_count(foot_end_deg: float, near: bool, pause_deg: float) -> None:
    stretch, pause_s = Stretch(), 9.0
    pauses_s = next(t_s for t_s in np.arange(0.0, stretch.hold[0], 0.05) if stretch(t_s).raise_deg >= pause_deg)

    def script(t_s: float) -> Lying:
        return stretch(min(t_s, pauses_s) if t_s < pauses_s + pause_s else t_s - pause_s)

    camera = camera_for_lying(foot_end_deg, "left" if near else "right", 22)
    observations = watched(script, stretch.length_s + pause_s, camera)
    found = holds(STRAP, breathing(observations, stretch.hold[0] + pause_s))
    (hold,) = (each for each in found if each.counted)
    assert {each.uncounted_reason for each in found} <= {None, "leg_not_up"}
    assert (hold.start_s - pause_s, hold.end_s - pause_s) == pytest.approx(stretch.hold, abs=0.6)


def test_a_leg_that_opened_before_the_exercise_counts_from_its_beginning() -> None:
    observations, begin_s = seen(Stretch()), Stretch().hold[0] + 5.0
    judge = make_judge(STRAP, "left", begun=False)
    events = []
    for observation in observations:
        if observation.t_s >= begin_s:
            judge.begin(begin_s)
        verdict = judge.step(observation)
        if observation.t_s < begin_s:
            assert verdict.status.held_s == 0 and verdict.status.count == 0
        events += verdict.events
    began_s = [event.t_s for event in events if event.name == "hold_began"]
    assert began_s == pytest.approx([begin_s], abs=0.2)
    counted_s = [event.t_s for event in events if event.name == "breath"]
    assert len(counted_s) in (4, 5) and min(counted_s) > begin_s + PERIOD_S
    (hold,) = [event.hold for event in (*events, *judge.finish()) if event.hold is not None]
    assert hold.counted and hold.faults in ((), ("hold_too_short",))
    assert (hold.start_s, hold.end_s) == pytest.approx((begin_s, Stretch().hold[1]), abs=0.6)
    assert min(hold.breath_start_s) >= begin_s


def test_a_hold_that_was_over_before_the_exercise_is_not_told() -> None:
    observations = seen(Stretch())
    judge = make_judge(STRAP, "left", begun=False)
    events = [event for o in observations for event in judge.step(o).events]
    assert not {"hold", "hold_began", "breath"} & {event.name for event in events}


def along(observation: Observation, by_px: float) -> Observation:
    assert observation.pose is not None
    moved = observation.pose.xy_px + np.array([by_px, 0.0], np.float32)
    return replace(observation, pose=replace(observation.pose, xy_px=moved))


def test_a_body_that_moved_before_the_exercise_is_no_hold() -> None:
    still = watched(lambda t_s: Lying("left", raise_deg=90.0), 24.0, camera_for_lying(0, "right", 22))
    observations = [o if o.t_s < 6 else along(o, 40.0) for o in still]
    judge = make_judge(STRAP, "left", begun=False)
    events = []
    for observation in observations:
        if observation.t_s >= 12.0:
            judge.begin(12.0)
        events += judge.step(observation).events
    assert "hold_began" not in {event.name for event in events}
    assert all(event.hold is None for event in (*events, *judge.finish()))


def test_an_exercise_names_its_own_reasons(tmp_path: Path) -> None:
    text = (shipped_folder("exercises") / "strap-stretch.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    for old, new in (("leg_not_open", "not_far"), ("leg_not_up", "too_low"), ('"strap-stretch"', '"own"')):
        text = text.replace(old, new)
    own.write_text(text, encoding="utf-8")
    exercise = load_exercise(own)
    (hold,) = holds(exercise, seen(Stretch(open_deg=9.0), camera_for_lying(45, "left", 25), breath=False))
    assert (hold.counted, hold.uncounted_reason) == (False, "not_far")
    assert exercise.reasons == ("too_low", "not_far", "not_seen")
    assert "not_far" in exercise.asks_for_more
    builder = ResultBuilder(exercise)
    builder.close([Event(60.0, "hold", "left", "not_far", hold=hold)])
    assert builder.recognised()
