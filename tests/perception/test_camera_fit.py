"""The camera's motion from points of the background, of which some err and some move by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from coach.perception.camera_fit import camera_fit

TURN, GROWTH, SHIFT = 0.004, 0.002, np.array([1.5, -0.8])
RANDOM = np.random.default_rng(3)
POINTS = RANDOM.uniform((-400, -250), (400, 250), (60, 2)).astype(np.float32)


def seen(points: np.ndarray, noise_px: float, walking: int = 0) -> np.ndarray:
    """The points in the next picture; the first few belong to somebody who walks by."""
    moved = points @ np.array([[1 + GROWTH, -TURN], [TURN, 1 + GROWTH]]).T + SHIFT
    moved[:walking] = points[:walking] + np.array([9, 1])
    return (moved + np.random.default_rng(4).normal(0, noise_px, points.shape)).astype(np.float32)


@pytest.mark.parametrize(("noise_px", "noisy", "error_px"), [(0.05, False, 0.05), (0.6, True, 0.4)])
def test_turn_growth_and_shift_beside_somebody_who_walks_by(noise_px: float, noisy: bool, error_px: float) -> None:
    fit = camera_fit(POINTS, seen(POINTS, noise_px, walking=15), noisy)
    assert fit is not None
    matrix, agree = fit
    assert matrix[:, 2] == pytest.approx(SHIFT, abs=error_px)
    assert (matrix[1, 0], matrix[0, 0]) == pytest.approx((TURN, GROWTH), abs=0.002)
    assert 0.6 < agree <= 0.8


def test_in_noise_a_still_camera_never_jumps() -> None:
    for seed in range(40):
        noise = np.random.default_rng(seed).normal(0, 0.8, POINTS.shape)
        fit = camera_fit(POINTS, (POINTS + noise).astype(np.float32), noisy=True)
        assert fit is not None and np.abs(fit[0][:, 2]).max() < 0.6


@pytest.mark.parametrize("noisy", [False, True])
def test_few_points_say_nothing(noisy: bool) -> None:
    assert camera_fit(POINTS[:11], POINTS[:11], noisy) is None


def test_points_that_all_lie_in_one_place_tell_no_turn() -> None:
    near = POINTS / 400
    fit = camera_fit(near, (near + np.random.default_rng(5).normal(0, 0.5, near.shape)).astype(np.float32), noisy=True)
    assert fit is not None and np.abs(fit[0][:, :2]).max() < 0.5
