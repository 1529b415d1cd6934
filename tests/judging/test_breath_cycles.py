"""Breaths of a curve: real breathing of 3 to 20 s, talking, pauses, noise, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from coach.judging.breath_cycles import NOTHING, RATE_HZ, Breathing, find_breaths, turning_points
from tests.real_breath import ASIDE, BANK, WORK, Window, recording, talking, windows
from tests.scripts import depth_of_breath

real = pytest.mark.skipif(not BANK.is_file(), reason="needs the recordings of breathing")


def clock(length_s: float) -> np.ndarray:
    return np.arange(0, length_s, 1 / RATE_HZ)


def shares(chosen: Iterable[Window]) -> tuple[float, float, float, int]:
    """Exact, within one, told clearly; and how many were told clearly and are wrong by more than one."""
    errors, good = [], []
    for window in chosen:
        found = find_breaths(window.t_s, window.depth)
        errors.append(abs(found.count - window.breaths))
        good.append(found.good)
    wrong, told = np.array(errors), np.array(good)
    return float(np.mean(wrong == 0)), float(np.mean(wrong <= 1)), float(np.mean(told)), int(np.sum(told & (wrong > 1)))


@real
@pytest.mark.parametrize("disturbed", [False, True])
@pytest.mark.parametrize(("parts", "least", "near"), [(WORK, 0.8, 0.97), (ASIDE, 0.65, 0.88)], ids=["work", "aside"])
def test_real_breathing_of_3_to_20_seconds(
    parts: dict[str, tuple[float, float]], least: float, near: float, disturbed: bool
) -> None:
    exact, within_one, told, confidently_wrong = shares(windows(parts, 2, 1, disturbed))
    assert exact > least and within_one > near and told > 0.75
    assert confidently_wrong <= 3


@real
def test_of_slow_real_breaths_no_ripple_is_counted() -> None:
    slow = [w for w in windows(WORK, 3, 2, False) if w.period_s >= 14]
    assert all(find_breaths(w.t_s, w.depth).count <= w.breaths + 1 for w in slow)


def test_somebody_who_talks() -> None:
    exact, within_one, _told, confidently_wrong = shares(talking(12, 3))
    assert exact > 0.65 and within_one == 1 and confidently_wrong == 0


@pytest.mark.parametrize("period_s", [3.0, 5.0, 10.0, 16.0, 20.0])
def test_even_breaths_at_every_rate(period_s: float) -> None:
    t_s = clock(4.5 * period_s)
    found = find_breaths(t_s, depth_of_breath(t_s + 0.6 * period_s, period_s))
    assert found.good and found.count == 4
    assert found.rate_per_min == pytest.approx(60 / period_s, rel=0.06)
    assert not found.is_held(0.0, float(t_s[-1]), 15.0)


def test_a_sigh_a_double_peak_and_a_shallow_breath_are_one_breath_each() -> None:
    t_s = clock(6 * 4.0)
    depth = depth_of_breath(t_s, 4.0)
    for number, size in ((1, 2.5), (3, 0.5)):
        depth[(t_s >= 4 * number) & (t_s < 4 * number + 4)] *= size
    dent = 0.25 * np.exp(-(((t_s - (2 * 4 + 1.7)) / 0.25) ** 2))
    assert find_breaths(t_s, depth - dent).count == 6


@pytest.mark.parametrize("missed", [(), (2,), (3,), (0,), (5,)])
def test_a_gap_as_long_as_two_breaths_may_have_been_two(missed: tuple[int, ...]) -> None:
    t_s = clock(6 * 4.0)
    depth = depth_of_breath(t_s, 4.0)
    for number in missed:
        depth[(t_s >= 4 * number) & (t_s < 4 * number + 4)] = 0.0
    found = find_breaths(t_s, depth)
    assert found.count == 6 - len(missed) and found.most == 6


@pytest.mark.parametrize("pause_s", [0.0, 6.0, 18.0])
def test_a_pause_is_a_held_breath_from_15_seconds(pause_s: float) -> None:
    t_s = clock(30 + pause_s)
    before, after = depth_of_breath(t_s, 5.0), depth_of_breath(t_s - pause_s, 5.0)
    depth = np.where(t_s < 14.9, before, np.where(t_s < 15 + pause_s, 0.0, after))
    found = find_breaths(t_s, depth)
    assert found.good and found.is_held(0.0, float(t_s[-1]), 15.0) == (pause_s > 15)


def test_while_it_lasts_and_when_it_is_over() -> None:
    t_s = clock(60)
    depth = np.where(t_s < 15, depth_of_breath(t_s, 5.0), np.where(t_s < 35, 0.0, depth_of_breath(t_s - 35, 5.0)))
    during, after = (find_breaths(t_s[t_s < until_s], depth[t_s < until_s]) for until_s in (34.0, 59.0))
    assert during.is_held(0.0, 34.0, 15.0, now=True)
    assert after.is_held(0.0, 59.0, 15.0) and not after.is_held(0.0, 59.0, 15.0, now=True)


def test_noise_is_not_told_as_breath() -> None:
    generator = np.random.default_rng(5)
    told = [find_breaths(clock(50), generator.normal(size=len(clock(50)))).good for _ in range(10)]
    assert sum(told) == 0


def test_nothing_of_nothing() -> None:
    assert find_breaths(clock(10), np.zeros(len(clock(10)))) is NOTHING
    assert np.isnan(Breathing((), (), (), 1.0, 0.5).rate_per_min)


def test_the_smallest_swing_goes_first() -> None:
    turns, lasts = turning_points(np.array([0.0, 3.0, 2.0, 2.5, 0.5, 4.0, 0.0]))
    assert list(turns) == [0, 1, 2, 3, 4, 5, 6]
    assert lasts[2] == lasts[3] == 0.5
    assert lasts[1] == lasts[4] == pytest.approx(2.5) or lasts[1] > 0.5


@real
def test_two_sighs_do_not_hide_the_shallow_breaths_beside_them() -> None:
    """Seven breaths at rest, two of them sighs, which alone would read clearly, too."""
    t_s, curve, starts = recording("nk_rest_5min")
    at = np.arange(starts[30] - 0.3, starts[37] + 0.4, 1 / RATE_HZ)
    found = find_breaths(at, np.interp(at, t_s, curve))
    assert found.count == 7 and found.good


def test_whether_shallow_breaths_beside_sighs_are_breaths_is_not_told() -> None:
    t_s = clock(32)
    sighs = (t_s >= 4) & (t_s < 8) | (t_s >= 20) & (t_s < 24)
    assert not find_breaths(t_s, np.where(sighs, 1.0, 0.2) * depth_of_breath(t_s, 4.0)).good


def test_of_ripples_on_slow_breaths_none_is_counted() -> None:
    t_s = clock(64)
    rippled = depth_of_breath(t_s, 16.0) + 0.06 * np.sin(2 * np.pi * t_s / 2.6)
    assert 3 <= find_breaths(t_s, rippled).count <= 4  # the first begins with the curve
