"""One finished movement, judged from its samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.definitions.exercise import load_exercise
from coach.judging.assess_repetition import FOOT, Assessment, assess, find_dip
from coach.judging.camera_view import CameraView
from coach.judging.repetition_segmenter import Span
from coach.judging.samples import SIGMA_S, Array, Samples, fitted, phase_course
from coach.kinematics.filters import smooth
from coach.types import Movement
from tests.scripts import clock, dip

HIKER = load_exercise("hip-hiker")
assert HIKER.movement is not None
RULE = HIKER.movement
NAMES = {*HIKER.signals, *FOOT}
OBLIQUE = CameraView("oblique", 35.0)


def assessed(
    size: float = 10.0,
    down_s: float = 1.6,
    pause_s: float = 0.3,
    up_s: float = 1.6,
    *,
    fps: float = 15.0,
    view: CameraView = OBLIQUE,
    returned: bool = True,
    seen: bool = True,
    drift: float = 0.0,
    noise: float = 0.0,
    **deepest: float,
) -> Assessment | None:
    """A movement that begins at 3 s. deepest: what else changes, by signal."""
    t_s = clock(12, fps)
    share = np.array([dip(t, 3.0, down_s, pause_s, up_s) for t in t_s])
    generator = np.random.default_rng(0)
    values: dict[str, Any] = {name: np.zeros_like(t_s) for name in NAMES}
    for name in (RULE.signal, RULE.depth):
        values[name] = size * share + drift * t_s + generator.normal(0, noise, len(t_s))
    values["moving_foot_down_pct"] = 0.45 * size * share
    values["trunk_lowering_most_pct"] = 0.24 * size * share
    for name, value in deepest.items():
        values[name] = value * share
    end_s = 3.0 + down_s + pause_s + up_s
    found = find_dip(RULE, Samples("left", t_s, values), Span(3.2, 3 + down_s, end_s - 0.2, returned, seen))
    return None if found is None else assess(HIKER, view, found)


def judged(*args: Any, **kwargs: Any) -> Movement | None:
    """What was found of it."""
    found = assessed(*args, **kwargs)
    assert found is None or not found.something_else
    return None if found is None else found.movement


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_depth_and_tempo(fps: float) -> None:
    found = judged(10, 1.2, 0.6, 2.4, fps=fps)
    assert found is not None
    assert found.depth == pytest.approx(10, abs=0.3)
    assert found.lowering_s == pytest.approx(1.2, abs=0.2)
    assert found.raising_s == pytest.approx(2.4, abs=0.3)
    assert found.start_s == pytest.approx(3.0, abs=0.2)
    assert found.end_s == pytest.approx(7.2, abs=0.25)
    assert found.uncounted_reason is None and found.counted and found.faults == ()
    low, high = found.depth_interval
    assert low < 10 < high and high - low == pytest.approx(
        2 * np.hypot(HIKER.movement.error, HIKER.movement.error_share * found.depth)  # type: ignore[union-attr]
    )


def test_where_people_come_back_up_unevenly_the_depth_is_less_certain() -> None:
    even, uneven = judged(), judged(noise=1.0)
    assert even is not None and uneven is not None
    widths = [high - low for low, high in (even.depth_interval, uneven.depth_interval)]
    assert widths[1] > 1.3 * widths[0]


def test_drift_and_noise_do_not_deepen_it() -> None:
    found = judged(drift=0.1, noise=0.5)
    assert found is not None
    assert found.depth == pytest.approx(10, abs=0.8)


def test_reasons_and_their_order() -> None:
    reasons = {
        "too_shallow": judged(3),
        "stance_knee_bent": judged(3, stance_knee_flexion_deg=30),
        "not_returned": judged(10, returned=False),
        "not_seen": judged(10, seen=False),
        None: judged(10, stance_knee_flexion_deg=30),
    }
    for reason, found in reasons.items():
        assert found is not None and found.uncounted_reason == reason


@pytest.mark.parametrize(("error_deg", "reason"), [(0.5, "too_shallow"), (2.0, "not_seen")])
def test_what_is_not_known_well_is_not_called_shallow(error_deg: float, reason: str) -> None:
    found = judged(3.5, pelvic_drop_error_deg=error_deg)
    assert found is not None and not found.counted and found.uncounted_reason == reason


def test_shallow_is_what_cannot_have_been_deep_enough_however_little_is_known() -> None:
    found = judged(1.6, pelvic_drop_error_deg=1.8)
    assert found is not None and found.uncounted_reason == "too_shallow"


@pytest.mark.parametrize(
    ("fault", "signal", "size"),
    [
        ("stance_knee_bent", "stance_knee_flexion_deg", 30.0),
        ("hanging_knee_bent", "hanging_knee_flexion_deg", 40.0),
        ("trunk_lean", "trunk_lean_deg", -15.0),
        ("leg_swing", "leg_swing_pct", 20.0),
    ],
)
def test_faults_and_what_the_view_cannot_tell(fault: str, signal: str, size: float) -> None:
    found = judged(**{signal: size})
    assert found is not None and found.faults == (fault,)
    small = judged(**{signal: size / 10})
    assert small is not None and small.faults == ()
    rule = HIKER.fault(fault)
    assert rule is not None
    for view in ("frontal", "back"):
        there, not_there = (judged(view=CameraView(view, 3.0), **{signal: value}) for value in (size, size / 10))
        assert there is not None and not_there is not None
        assert (fault in there.faults) == rule.found_in(view)
        assert (fault in there.not_judged) != rule.found_in(view)
        assert (fault in not_there.not_judged) == bool(rule.views)


@pytest.mark.parametrize(("lean_deg", "way"), [(-15.0, "hanging"), (15.0, "standing")])
def test_a_fault_with_two_directions_says_which(lean_deg: float, way: str) -> None:
    found = judged(trunk_lean_deg=lean_deg)
    assert found is not None and found.fault_ways == {"trunk_lean": f"trunk_lean_to_{way}_leg"}


def test_too_fast_either_way() -> None:
    for phases in ((0.4, 0.2, 2.0), (2.0, 0.2, 0.4)):
        found = judged(10, *phases)
        assert found is not None and found.faults == ("too_fast",)
    for phases in ((1.1, 0.0, 1.1), (2.5, 0.0, 2.5)):
        found = judged(10, *phases)
        assert found is not None and found.faults == ()


def test_outside_the_pattern_it_is_something_else() -> None:
    gated = {
        "a foot that comes up": assessed(foot_raised_pct=30.0),
        "a planted foot": assessed(moving_foot_down_pct=0.0),
        "both feet move": assessed(stance_foot_down_pct=12.0),
        "a step aside": assessed(stance_foot_out_pct=20.0),
        "a side leg raise": assessed(leg_swing_pct=70.0),
        "a squat": assessed(40.0),
    }
    for what, found in gated.items():
        assert found is not None and found.something_else, what


def test_nothing_measured_says_nothing() -> None:
    t_s = clock(10)
    nothing = {name: np.full_like(t_s, np.nan) for name in NAMES}
    assert find_dip(RULE, Samples("left", t_s, nothing), Span(3, 4, 6, True, True)) is None
    assert find_dip(RULE, Samples("left", t_s[:3], nothing), Span(30, 40, 60, True, True)) is None


@pytest.mark.parametrize("duration_s", [0.6, 1.5, 3.0])
def test_a_phase_s_duration_from_its_steep_part(duration_s: float) -> None:
    """By hand: a minimum-jerk way, which the formula assumes."""
    t_s = np.arange(0, 6, 1 / 60)
    way = smooth(t_s, np.array([dip(t, 1.0, duration_s, 10, 1) for t in t_s]), SIGMA_S)
    top = int(np.searchsorted(t_s, 1 + duration_s + 0.5))
    found, outer, inner = phase_course(t_s[:top], way[:top], True, 1.0)
    assert found == pytest.approx(duration_s, abs=0.12)
    assert outer == pytest.approx(1.0, abs=0.1)
    assert inner == pytest.approx(1.0 + duration_s, abs=0.15)


def halting(t_s: Array, duration_s: float, at: float, pause_s: float) -> Array:
    """A minimum-jerk way that begins at 3 s and stands still for a while once a share of its time is over."""
    moved_s = t_s - np.clip(t_s - 3.0 - at * duration_s, 0.0, pause_s)
    return np.array([dip(t, 3.0, duration_s, 100.0, 1.0) for t in moved_s])


@pytest.mark.parametrize("pause_s", [1.0, 4.0, 8.0])
@pytest.mark.parametrize("at", [0.35, 0.45, 0.5, 0.55, 0.65])
@pytest.mark.parametrize("rising", [True, False])
def test_a_pause_half_way_lasts_as_long_as_it_does(rising: bool, at: float, pause_s: float) -> None:
    """Of four seconds on the way down there were fifteen, and the start was before the movement before."""
    t_s = np.arange(0, 20, 1 / 15)
    way = smooth(t_s, halting(t_s, 1.6, at, pause_s), SIGMA_S)
    ended_s = 4.6 + pause_s
    if not rising:
        t_s, way = 20 - t_s[::-1], way[::-1]
    found, outer, inner = phase_course(t_s, way, rising, 1.0)
    edges = (outer, inner) if rising else (20 - outer, 20 - inner)
    assert found == pytest.approx(1.6 + pause_s, abs=0.5)
    assert edges == pytest.approx((3.0, ended_s), abs=0.5)


@given(
    down_s=st.floats(0.5, 4.0),
    pause_s=st.floats(0.0, 2.0),
    up_s=st.floats(0.5, 4.0),
    noise=st.floats(0.0, 0.8),
)
@settings(max_examples=50, deadline=None)
def test_both_ways_together_are_no_longer_than_the_movement(
    down_s: float, pause_s: float, up_s: float, noise: float
) -> None:
    found = assessed(10.0, down_s, pause_s, up_s, noise=noise)
    if found is not None:
        movement = found.movement
        both_s = movement.lowering_s + movement.raising_s
        assert 0 <= both_s <= movement.end_s - movement.start_s + 1e-9


def test_ways_that_would_overlap_share_the_time() -> None:
    assert fitted(1.0, 2.0, 3.5) == (1.0, 2.0)
    assert fitted(2.0, 4.0, 3.0) == (1.0, 2.0)
    assert fitted(1.0, 2.0, -1.0) == (0.0, 0.0)
    assert np.isnan(fitted(float("nan"), 2.0, 1.0)[0])
