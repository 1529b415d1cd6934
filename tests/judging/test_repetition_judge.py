"""Scripted sets of hip hikers: what counts, what does not and why, what was wrong; and what is something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.definitions.exercise import load_exercise
from coach.judging.judge import make_judge
from coach.judging.repetition_judge import within
from coach.kinematics.paths import Paths
from coach.perception.recording import Recording
from coach.types import SIDES, Movement, Observation, Side, other_side
from tests.perturbation.ways import begun_at, dropped, mirrored, scaled, shifted, tilted, unseen
from tests.scripts import (
    Posture,
    Rep,
    Standing,
    camera_for_lying,
    camera_for_standing,
    judged,
    movements,
    rep,
    seen_standing,
    standing,
    verdicts,
    watched,
)

HIKER = load_exercise("hip-hiker")
MESSY = Path(__file__).parents[1] / "messy"
MIXED = [rep(11), rep(3), rep(10, lean_deg=15), rep(10, stance_knee_deg=30), rep(12)]
MIXED_VERDICTS = ["left", "left -too_shallow", "left +trunk_lean", "left +stance_knee_bent", "left"]


def said(observations: Sequence[Observation], side: Side | None = None) -> list[str]:
    return verdicts(movements(HIKER, observations, side))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("az_deg", [-40, 0, 35])
def test_clean_repetitions(side: Side, az_deg: float) -> None:
    found = movements(HIKER, seen_standing([rep(12)] * 3, Standing(side), camera=camera_for_standing(az_deg)))
    assert verdicts(found) == [side] * 3
    assert [m.number for m in found] == [1, 2, 3]
    for number, movement in enumerate(found):
        start = 3.0 + 4.5 * number
        assert movement.start_s == pytest.approx(start, abs=0.4)
        assert movement.peak_s == pytest.approx(start + 1.75, abs=0.3)
        assert movement.end_s == pytest.approx(start + 3.5, abs=0.4)
        assert movement.lowering_s == pytest.approx(1.6, abs=0.3)
        assert movement.raising_s == pytest.approx(1.6, abs=0.3)
        assert movement.depth == pytest.approx(12, abs=1.0)
        assert movement.depth_interval[0] < 12 < movement.depth_interval[1]


@pytest.mark.parametrize(("fps", "jitter"), [(10, 0.0), (10, 0.8), (15, 0.0), (30, 0.8)])
def test_every_rate_and_uneven_time_give_the_same_verdicts(fps: float, jitter: float) -> None:
    assert said(seen_standing(MIXED, fps=fps, jitter=jitter, noise_px=0.4)) == MIXED_VERDICTS


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (rep(10, stance_knee_deg=32), "stance_knee_bent"),
        (rep(10, hanging_knee_deg=60), "hanging_knee_bent"),
        (rep(10, hanging_knee_deg=27), "hanging_knee_bent"),
        (rep(10, lean_deg=15), "trunk_lean"),
        (rep(10, lean_deg=-15), "trunk_lean"),
        (rep(10, swing_deg=15), "leg_swing"),
        (rep(12, pace=0.28), "too_fast"),
    ],
)
@pytest.mark.parametrize("side", SIDES)
def test_faults(wrong: Rep, fault: str, side: Side) -> None:
    clean, faulty, after = movements(HIKER, seen_standing([rep(11), wrong, rep(11)], Standing(side)))
    assert faulty.counted and fault in faulty.faults
    assert clean.faults == after.faults == ()


@pytest.mark.parametrize("az_deg", [-35.0, 0.0, 35.0, 145.0, 180.0, -145.0])
@pytest.mark.parametrize("side", SIDES)
def test_where_to_somebody_leans_is_told_from_front_and_behind(side: Side, az_deg: float) -> None:
    reps = [rep(11), rep(10, lean_deg=15), rep(11), rep(10, lean_deg=-15), rep(11)]
    found = movements(HIKER, seen_standing(reps, Standing(side), camera=camera_for_standing(az_deg)))
    ways = [m.fault_ways["trunk_lean"] for m in found if "trunk_lean" in m.faults]
    assert ways == ["trunk_lean_to_standing_leg", "trunk_lean_to_hanging_leg"]
    assert [dict(m.fault_ways) for m in found if not m.faults] == [{}, {}, {}]


def test_little_of_everything_is_no_fault() -> None:
    small = rep(10, stance_knee_deg=5, hanging_knee_deg=6, lean_deg=3, swing_deg=2)
    assert said(seen_standing([small] * 3)) == ["left"] * 3


def test_why_it_does_not_count() -> None:
    reasons = said(seen_standing([rep(3), rep(0.5, stance_knee_deg=40), rep(12)]))
    assert reasons[0] == "left -too_shallow"
    assert reasons[1].startswith("left -stance_knee_bent") or reasons[1].startswith("right -stance_knee_bent")
    assert reasons[2:] == ["left"]


def test_down_again_before_it_came_back() -> None:
    def script(t_s: float) -> Standing:
        return Standing(drop_deg=float(np.interp(t_s, [3, 4.6, 6.2, 7.8, 9.6], [0, 13, 6.5, 13, 0])))

    assert said(watched(script, 12, camera_for_standing())) == ["left -not_returned", "left"]


def test_out_of_sight_in_the_middle_is_open_not_wrong() -> None:
    script, duration_s = standing([rep(11), rep(11), rep(11)])
    seen = [
        replace(o, pose=None) if 8.8 < o.t_s < 11.2 else o for o in watched(script, duration_s, camera_for_standing())
    ]
    found = movements(HIKER, seen)
    assert found[0].counted
    assert [m.uncounted_reason for m in found if not m.counted] in ([], ["not_seen"])
    assert len(found) <= 3


def test_a_glance_away_changes_nothing() -> None:
    assert said(unseen(seen_standing(MIXED), 0.15, seed=3)) == MIXED_VERDICTS
    assert said(dropped(seen_standing(MIXED), 0.2, seed=4)) == MIXED_VERDICTS


@pytest.mark.parametrize(
    "other",
    [
        rep(0, squat_deg=85),
        rep(0, squat_deg=35),
        rep(0, swing_deg=40),
        rep(0, swing_deg=20),
        rep(0, thigh_deg=85),
        rep(0, lean_deg=25),
        rep(0, arm_deg=95),
        rep(1.0),
    ],
    ids=["squat", "half squat", "side leg raise", "small side leg raise", "knee raise", "side bend", "arm", "sway"],
)
@pytest.mark.parametrize("az_deg", [0, 35])
def test_something_else_is_not_even_listed(other: Rep, az_deg: float) -> None:
    found = movements(HIKER, seen_standing([other] * 2, camera=camera_for_standing(az_deg), noise_px=0.3))
    assert not [m for m in found if m.counted]
    assert {m.uncounted_reason for m in found} <= {"stance_knee_bent"}


def test_walking_through_is_nothing() -> None:
    def script(t_s: float) -> Posture:
        swing = 25 * np.sin(2 * np.pi * t_s / 1.1)
        return Standing(step_m=-1.0 + 0.35 * (t_s - 2 if t_s > 2 else 0), thigh_deg=max(0.1, swing), stance_knee_deg=5)

    assert said(watched(script, 8, camera_for_standing(distance_m=4))) == []


def test_somebody_who_lies_does_nothing_of_it_and_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.scripts import Stretch

    followed = []
    monkeypatch.setattr(Paths, "step", lambda _, observation: followed.append(observation.t_s))
    stretch = Stretch()
    assert said(watched(stretch, stretch.length_s, camera_for_lying())) == []
    assert not followed


def test_the_side_that_was_asked_for() -> None:
    seen = seen_standing([rep(11)] * 3)
    assert said(seen, "left") == ["left"] * 3
    assert movements(HIKER, seen, "right") == []


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("az_deg", "drop_deg"), [(-35, 8), (0, 8), (35, 8), (35, 14)])
def test_the_other_side_is_said_and_not_counted(side: Side, az_deg: float, drop_deg: float) -> None:
    seen = seen_standing([rep(drop_deg)] * 2, Standing(side), camera=camera_for_standing(az_deg))
    asked = other_side(side)
    told = [(event.name, event.side) for event in judged(HIKER, seen, asked) if event.name != "calibrated"]
    assert told == [("returned", None)] + [("other_side", asked)] * 2
    assert not [event for event in judged(HIKER, seen, side) if event.name == "other_side"]


def test_both_sides_one_after_the_other() -> None:
    left, half_s = standing([rep(11)] * 2)
    right, other_s = standing([rep(11)] * 2, Standing("right"))

    def script(t_s: float) -> Posture | None:
        return left(t_s) if t_s < half_s else right(t_s - half_s)

    assert said(watched(script, half_s + other_s, camera_for_standing())) == ["left", "left", "right", "right"]


def leaving(away_s: float, back_at_m: float = 0.0) -> list[Observation]:
    """Two repetitions, out of the picture, and two more, perhaps somewhere else."""
    first, half_s = standing([rep(11)] * 2)
    second, other_s = standing([rep(11)] * 2, Standing(step_m=back_at_m))

    def script(t_s: float) -> Posture | None:
        if t_s < half_s:
            return first(t_s)
        return None if t_s < half_s + away_s else second(t_s - half_s - away_s)

    return watched(script, half_s + away_s + other_s, camera_for_standing(distance_m=3.5))


@pytest.mark.parametrize(("away_s", "back_at_m"), [(3.0, 0.0), (6.0, 0.6), (0.5, 0.0)])
def test_leaving_and_coming_back_keeps_the_count(away_s: float, back_at_m: float) -> None:
    events = judged(HIKER, leaving(away_s, back_at_m))
    found = [event.movement for event in events if event.movement is not None]
    assert verdicts(found) == ["left"] * 4
    assert [event.number for event in events if event.movement is not None] == [1, 2, 3, 4]
    names = [event.name for event in events if event.name in ("lost", "returned", "calibrated")]
    usual = ["returned", "calibrated"]
    assert names == (usual if away_s < 1 else [*usual, "lost", *usual])


def test_walking_out_and_in_invents_nothing() -> None:
    first, half_s = standing([rep(11)] * 2)

    def script(t_s: float) -> Posture | None:
        if t_s < half_s:
            return first(t_s)
        out = t_s - half_s
        place = 0.9 * min(out, 4.0) - 0.9 * max(0.0, out - 5.0)
        return Standing(step_m=max(place, 0.0), thigh_deg=max(0.1, 25 * np.sin(out * 6)) if place > 0 else 0.0)

    events = judged(HIKER, watched(script, half_s + 14, camera_for_standing(0, 3.0)))
    assert sum(event.movement is not None and event.movement.counted for event in events) == 2


def test_what_is_shown_along_the_way() -> None:
    judge = make_judge(HIKER)
    phases: list[str] = []
    drops = []
    for o in seen_standing([rep(12)]):
        status = judge.step(o).status
        if not phases or phases[-1] != status.phase:
            phases.append(status.phase)
        drops.append(status.gauges[0].value)
    assert phases == ["calibrating", "ready", "moving", "ready"]
    assert status.count == 1 and status.side == "left" and status.target == HIKER.target.count
    assert np.nanmax(drops) == pytest.approx(12, abs=1.5)
    assert status.view_angle_deg == pytest.approx(35, abs=2) and status.view_advice is None
    judge = make_judge(HIKER)
    nobody = judge.step(Observation(0.0, (640, 480), None)).status
    assert nobody.phase == nobody.waiting_for == "nobody" and nobody.count == 0


def test_a_frontal_view_leaves_the_knees_open_and_says_so() -> None:
    camera = camera_for_standing(0)
    (movement,) = movements(HIKER, seen_standing([rep(11)], camera=camera))
    assert {"stance_knee_bent", "hanging_knee_bent"} <= set(movement.not_judged)
    judge = make_judge(HIKER)
    statuses = [judge.step(o).status for o in seen_standing([rep(11)], camera=camera)]
    assert statuses[-1].view_advice == HIKER.say("view_frontal")


def test_the_end_of_the_video_judges_what_is_over() -> None:
    seen = [o for o in seen_standing([rep(12)]) if o.t_s < 6.9]
    assert said(seen) == ["left"]


def test_pictures_scaled_tilted_or_later_say_the_same() -> None:
    seen = seen_standing(MIXED)
    for changed in (scaled(tilted(seen, 6), 0.5), tilted(scaled(seen, 2.0), -6), shifted(seen, 1000.0)):
        assert said(changed) == MIXED_VERDICTS
    assert said(mirrored(seen)) == [verdict.replace("left", "right") for verdict in MIXED_VERDICTS]


@settings(max_examples=4)
@given(st.floats(0, 0.9), st.integers(0, 1000))
def test_noise_counts_nothing(noise_px: float, seed: int) -> None:
    assert said(seen_standing([rep(0)] * 3, noise_px=noise_px, seed=seed)) == []


@settings(max_examples=4)
@given(
    st.lists(st.tuples(st.floats(8, 16), st.floats(0.8, 1.6)), min_size=1, max_size=3),
    st.sampled_from(SIDES),
    st.integers(-45, 45),
)
def test_any_set_of_clear_drops_is_counted_and_measured(
    reps: list[tuple[float, float]], side: Side, az_deg: int
) -> None:
    found = movements(
        HIKER,
        seen_standing(
            [rep(drop, pace=pace) for drop, pace in reps], Standing(side), camera=camera_for_standing(az_deg)
        ),
    )
    assert [m.side for m in found if m.counted] == [side] * len(reps)
    for movement, (drop, _) in zip(found, reps):
        assert movement.depth == pytest.approx(drop, abs=1.2)


@given(st.tuples(*[st.floats(0, 20)] * 3).map(sorted), st.floats(0, 20), st.floats(0, 20))
def test_a_movement_begins_where_the_one_before_ended_even_if_its_deepest_point_was_before(
    times: list[float], earliest_s: float, latest_s: float
) -> None:
    found = Movement(1, "left", *times, True, None, (), 10.0, (9.0, 11.0), 1.0, 1.0)
    cut = within(found, earliest_s, latest_s)
    assert max(earliest_s, found.start_s) == cut.start_s <= cut.peak_s <= cut.end_s
    assert cut.end_s <= latest_s or cut.end_s == cut.peak_s


def filmed(name: str) -> list[Movement]:
    """What is found in a recording of somebody as they film themselves."""
    return movements(HIKER, recorded(name))


def recorded(name: str) -> list[Observation]:
    with Recording(MESSY / f"{name}.observed") as recording:
        return list(recording)


def test_a_set_goes_on_after_a_foot_was_raised_for_a_while() -> None:
    """Somebody touches their shin from 14.4 to 16.4 s, and goes on: they do not rest up there."""
    later = [movement for movement in filmed("twenty_first/u_hiker4") if movement.peak_s > 16.5]
    assert [(movement.side, movement.counted) for movement in later] == [("left", True)] * 3


def test_a_movement_is_one_though_noise_names_the_other_side_for_a_moment() -> None:
    """Somebody seen from behind by a phone that sways: at the deepest point of a movement of the second set, and after
    a bent stance knee in the first, the other foot seems to have moved more for a picture or two."""
    found = filmed("twenty_fifth/g_hiker1")
    assert [(movement.side, movement.counted) for movement in found] == [
        *(("left", counted) for counted in (False, True, True, False)),
        *[("right", True)] * 4,
    ]
    assert all(movement.peak_s - movement.start_s > 0.3 for movement in found)


@pytest.mark.parametrize("az_deg", [0, 35])
@pytest.mark.parametrize("from_s", [3.4, 3.8, 4.2, 4.6, 4.75])
def test_a_repetition_in_which_the_video_begins_counts(from_s: float, az_deg: float) -> None:
    """It goes down from 3.0 to 4.6 s, and up again from 4.9 s on."""
    film = begun_at(seen_standing([rep(12)] * 3, camera=camera_for_standing(az_deg)), from_s)
    found = movements(HIKER, film)
    assert verdicts(found) == ["left"] * 3
    assert found[0].start_s < 0.1 and np.isnan(found[0].lowering_s)
    assert found[0].depth == pytest.approx(12, abs=1.0)
    assert found[0].raising_s == pytest.approx(1.6, abs=0.3)


def test_of_one_whose_deepest_point_is_before_the_video_that_is_said() -> None:
    assert said(begun_at(seen_standing([rep(12)] * 3), 5.1)) == ["left -not_seen", "left", "left"]


def test_somebody_who_stood_like_that_for_long_made_no_repetition() -> None:
    still = replace(rep(12), pause_s=6.0)
    assert said(begun_at(seen_standing([still, rep(12)]), 5.2)) == ["left -not_seen", "left"]


@pytest.mark.parametrize(
    ("name", "from_s", "reasons"),
    [
        ("work/w_behind", 8.5, [None] * 6),
        ("third/t_mixed", 10.5, [None, "stance_knee_bent", *[None] * 4]),
        ("eighteenth/a_mixed", 6.3, [None] * 4 + ["stance_knee_bent", None, None]),
    ],
)
def test_of_people_who_are_filmed_from_half_way_down_every_repetition_counts(
    name: str, from_s: float, reasons: list[str | None]
) -> None:
    found = movements(HIKER, begun_at(recorded(name), from_s))
    assert [movement.uncounted_reason for movement in found] == reasons


@pytest.mark.parametrize(("name", "from_s"), [("held/h_neg_floor", 0.0), ("sixteenth/g_neg_up", 14.67)])
def test_who_comes_up_for_another_reason_was_in_no_repetition(name: str, from_s: float) -> None:
    """Calf raises, and a leg that is raised to the side, as the video begins."""
    assert movements(HIKER, begun_at(recorded(name), from_s)) == []
