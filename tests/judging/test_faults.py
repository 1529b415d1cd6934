"""Rules that must hold for a while: bound, release, dwell, chatter, gaps, both directions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.definitions.rules import Fault
from coach.judging.faults import FaultMonitor, beyond, broken_in
from tests.scripts import clock

HIGH = Fault(name="high", signal="x", above=15.0, release=10.0, dwell_s=0.5)
LOW = Fault(name="low", signal="x", below=65.0, release=70.0, dwell_s=0.5)
EITHER = Fault(name="either", signal="x", above=8.0, release=5.0, dwell_s=0.4, either_way=True)
NAN = float("nan")


def course(rule: Fault, t_s: np.ndarray, values: np.ndarray) -> list[bool]:
    watch = FaultMonitor(rule)
    return [watch.step(float(t), float(v)) for t, v in zip(t_s, values)]


def changes(states: list[bool]) -> int:
    return sum(a != b for a, b in zip([False, *states], states))


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("jitter", [0.0, 0.8])
def test_broken_only_after_the_dwell(fps: float, jitter: float) -> None:
    t_s = clock(4, fps, jitter)
    assert broken_in(HIGH, t_s, np.where((t_s > 1) & (t_s < 1.3), 30.0, 0.0)) is False
    assert broken_in(HIGH, t_s, np.where((t_s > 1) & (t_s < 1.9), 30.0, 0.0)) is True


def test_broken_until_the_release() -> None:
    t_s = clock(6, 10)
    values = np.select([t_s < 1, t_s < 2, t_s < 4], [0.0, 20.0, 12.0], 9.0)
    states = course(HIGH, t_s, values)
    assert changes(states) == 2
    assert states[int(3.5 * 10)] and not states[int(4.5 * 10)]


def test_chatter_about_the_bound_is_one_fault() -> None:
    t_s = clock(6, 30)
    values = 15 + 3 * np.sin(t_s * 35)
    assert changes(course(HIGH, t_s, values)) == 1


def test_below_and_either_way() -> None:
    t_s = clock(3)
    assert broken_in(LOW, t_s, np.full_like(t_s, 50.0)) is True
    assert broken_in(LOW, t_s, np.full_like(t_s, 80.0)) is False
    for sign in (1, -1):
        assert broken_in(EITHER, t_s, np.full_like(t_s, 12.0 * sign)) is True
        assert broken_in(EITHER, t_s, np.full_like(t_s, 4.0 * sign)) is False
    assert broken_in(HIGH, t_s, np.full_like(t_s, -40.0)) is False


def test_how_far_beyond() -> None:
    assert beyond(HIGH, 18.0) == 3.0 and beyond(HIGH, 10.0) == -5.0
    assert beyond(LOW, 60.0) == 5.0 and beyond(EITHER, -10.0) == 2.0
    assert np.isnan(beyond(HIGH, NAN))


def test_what_is_missing_neither_breaks_nor_mends() -> None:
    t_s = clock(4, 10)
    assert broken_in(HIGH, t_s, np.full_like(t_s, NAN)) is None
    values = np.where(t_s < 2, 20.0, NAN)
    assert course(HIGH, t_s, values)[-1] is True
    # Both sides of a gap count as one stretch: nothing says that it was put right meanwhile.
    assert course(HIGH, np.array([0.0, 0.1, 0.5, 0.6]), np.array([20.0, NAN, NAN, 20.0]))[-1] is True


@given(st.lists(st.floats(-100, 14.9) | st.just(NAN), min_size=1, max_size=80))
def test_never_broken_under_the_bound(values: list[float]) -> None:
    assert not broken_in(HIGH, np.arange(len(values)) / 10, np.array(values))


@given(st.lists(st.floats(-100, 100) | st.just(NAN), min_size=1, max_size=80), st.integers(0, 4096))
def test_a_shift_in_time_changes_nothing(values: list[float], shift: int) -> None:
    t_s = np.arange(len(values)) / 8
    assert course(HIGH, t_s, np.array(values)) == course(HIGH, t_s + shift, np.array(values))
