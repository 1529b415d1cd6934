"""Smoothing of unevenly sampled signals."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.filters import Lag, smooth


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
def test_a_lag_follows_a_step_alike_at_every_rate(fps: int) -> None:
    lag = Lag(0.5)
    lag.step(0.0, 0.0)
    value = [lag.step(t, 1.0) for t in np.arange(1, fps + 1) / fps][-1]
    assert value == pytest.approx(1 - np.exp(-2), abs=1e-6)


def test_a_lag_begins_at_the_first_value_and_afresh_after_a_gap() -> None:
    lag = Lag(1.0, gap_s=0.5)
    assert lag.step(3.0, 7.0) == 7.0
    assert 7.0 < lag.step(3.1, 9.0) < 8.0
    assert lag.step(4.0, 2.0) == 2.0


def test_a_missing_value_is_no_zero() -> None:
    lag = Lag(0.2)
    lag.step(0.0, 5.0)
    assert np.isnan(lag.step(0.1, float("nan")))
    assert lag.step(0.2, 5.0) == 5.0


def test_smoothing_shifts_nothing_and_keeps_a_constant() -> None:
    t_s = np.arange(0, 4, 0.07)
    assert smooth(t_s, np.full_like(t_s, 3.5), 0.2) == pytest.approx(3.5)
    bump = np.exp(-0.5 * ((t_s - 2) / 0.3) ** 2)
    assert t_s[int(np.argmax(smooth(t_s, bump, 0.2)))] == pytest.approx(2.0, abs=0.07)


def test_smoothing_spreads_a_bump_as_the_formula_says() -> None:
    t_s = np.arange(0, 6, 0.02)
    bump = np.exp(-0.5 * ((t_s - 3) / 0.4) ** 2)
    peak = 0.4 / np.hypot(0.4, 0.3)
    assert smooth(t_s, bump, 0.3).max() == pytest.approx(peak, rel=1e-3)


def test_gaps_are_bridged_and_nothing_stays_nothing() -> None:
    t_s = np.arange(0, 3, 0.1)
    values = np.full_like(t_s, 2.0)
    values[5:8] = np.nan
    assert smooth(t_s, values, 0.2) == pytest.approx(2.0)
    assert np.isnan(smooth(t_s, np.full_like(t_s, np.nan), 0.2)).all()


def test_columns_are_smoothed_each_for_itself() -> None:
    t_s = np.arange(0, 2, 0.1)
    both = np.stack([np.full_like(t_s, 1.0), np.where(t_s > 1, np.nan, 4.0)], axis=1)
    assert smooth(t_s, both, 0.1)[:5] == pytest.approx(np.tile([1.0, 4.0], (5, 1)))


@pytest.mark.parametrize("seed", range(3))
def test_uneven_times_give_the_same_curve(seed: int) -> None:
    even = np.arange(0, 4, 1 / 30)
    uneven = np.sort(np.random.default_rng(seed).uniform(0, 4, 150))
    course = np.interp(even, uneven, smooth(uneven, np.sin(uneven), 0.15))
    inner = (even > 0.5) & (even < 3.5)
    assert course[inner] == pytest.approx(smooth(even, np.sin(even), 0.15)[inner], abs=0.06)


def test_a_long_signal_is_smoothed_in_blocks_as_if_at_once() -> None:
    t_s = np.arange(0, 200, 1 / 15)
    values = np.where((t_s > 50) & (t_s < 52), np.nan, np.sin(t_s))
    out = smooth(t_s, values, 0.1)
    assert np.isnan(out[(t_s > 51.0) & (t_s < 51.1)]).all()
    np.testing.assert_allclose(out[~np.isnan(values)], np.sin(t_s)[~np.isnan(values)], atol=0.08)
    edge = np.searchsorted(t_s, t_s[1000] + np.array([-2.0, 2.0]))
    np.testing.assert_allclose(
        out[990:1010], smooth(t_s[edge[0] : edge[1]], values[edge[0] : edge[1]], 0.1)[990 - edge[0] : 1010 - edge[0]]
    )
