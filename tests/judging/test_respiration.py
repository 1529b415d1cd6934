"""Breaths from synthetic motion of the trunk: counted, paused, disturbed, or not told at all."""

from __future__ import annotations

import numpy as np
import pytest

from coach.judging.breath_cycles import NOTHING, Breathing
from coach.judging.respiration import BreathTracker, rhythms, strongest_components
from coach.types import Part
from tests.scripts import breathing_grids, clock, depth_of_breath


def read(t_s: np.ndarray, grids: list[np.ndarray], start_s: float = 0.0, end_s: float = 1e9) -> Breathing:
    tracker = BreathTracker()
    for t, grid in zip(t_s, grids):
        tracker.add(float(t), grid)
    return tracker.between(start_s, end_s)


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("period_s", [3.2, 4.5, 6.0])
def test_calm_breathing_is_counted(fps: float, period_s: float) -> None:
    t_s = clock(7 * period_s, fps)
    # A frame's noise is the flow's: so many pixels a second, whatever the rate.
    found = read(t_s, breathing_grids(t_s, depth_of_breath(t_s, period_s), noise=0.4 / fps))
    assert found.good
    assert abs(len(found.peak_s) - 7) <= 1
    assert found.rate_per_min == pytest.approx(60 / period_s, rel=0.08)
    inhaled = np.array(found.peak_s) - np.array(found.start_s)
    assert (inhaled > 0).all()


def test_peaks_are_where_the_chest_is_full() -> None:
    """The sign is found: peaks are full lungs, not empty ones."""
    t_s = clock(30)
    found = read(t_s, breathing_grids(t_s, depth_of_breath(t_s, 4.0)))
    share = np.mod(found.peak_s, 4.0) / 4.0
    assert np.abs(share - 0.4).max() < 0.15
    starts = np.mod(np.array(found.start_s[1:]) + 2.0, 4.0) - 2.0
    assert np.abs(starts).max() < 0.9


def test_an_arm_that_moves_at_its_own_rhythm_is_not_counted() -> None:
    t_s = clock(36)
    quiet = read(t_s, breathing_grids(t_s, depth_of_breath(t_s, 4.5)))
    swayed = read(t_s, breathing_grids(t_s, depth_of_breath(t_s, 4.5), sway_period_s=11.0))
    assert len(swayed.peak_s) == len(quiet.peak_s)


def leg_over_the_trunk(t_s: np.ndarray, strong_px: float) -> tuple[list[np.ndarray], np.ndarray]:
    """Grids of an uneven breath of 4 s, over which a leg lies that swings steadily with 6.5 s, and the legs' motion."""
    rows, columns = np.mgrid[0:12, 0:20]
    leg = np.exp(-(((rows - 6) / 6.0) ** 2) - ((columns - 12) / 5.0) ** 2)
    swing = strong_px * np.sin(2 * np.pi * t_s / 6.5)
    uneven = t_s + 0.35 * np.sin(2 * np.pi * t_s / 17)
    grids = breathing_grids(t_s, depth_of_breath(uneven, 4.0))
    moved = np.diff(swing, prepend=swing[0])
    for grid, step in zip(grids, moved):
        grid[..., 0] += (step * leg).astype(np.float32)
        grid[..., 1] += (0.8 * step * leg).astype(np.float32)
    motion = np.zeros((len(t_s), 17, 3), np.float32)
    motion[:, Part.RIGHT_FOOT_MOVING, :2] = 2 * moved[:, None] * (1, 0.8)
    return grids, motion


def read_with_legs(t_s: np.ndarray, grids: list[np.ndarray], motion: np.ndarray | None) -> Breathing:
    tracker = BreathTracker()
    for i, t in enumerate(t_s):
        tracker.add(float(t), grids[i], None if motion is None else motion[i])
    return tracker.between(0.0, 1e9, doubt=True)


def test_a_leg_that_swings_before_the_trunk_is_not_the_breath() -> None:
    t_s = clock(32)
    grids, motion = leg_over_the_trunk(t_s, 1.6)
    found = read_with_legs(t_s, grids, motion)
    assert found.good and abs(found.count - 8) <= 1
    assert not abs(read_with_legs(t_s, grids, None).count - 8) <= 1  # only the legs' own motion tells it


def test_a_breath_far_smaller_than_the_leg_is_not_counted_for_sure() -> None:
    t_s = clock(32)
    found = read_with_legs(t_s, *leg_over_the_trunk(t_s, 25.0))
    assert not found.good


@pytest.mark.parametrize("seed", range(4))
def test_a_trembling_picture_is_not_breathing(seed: int) -> None:
    """Noise of the place, so that it does not add up over time."""
    t_s = clock(40)
    place = np.random.default_rng(seed).normal(0, 0.3, (len(t_s), 12, 20, 2)).astype(np.float32)
    assert not read(t_s, list(np.diff(place, axis=0, prepend=place[:1]))).good


@pytest.mark.parametrize("seed", range(4))
def test_a_wandering_picture_is_not_breathing(seed: int) -> None:
    t_s = clock(30)
    assert not read(t_s, breathing_grids(t_s, np.zeros_like(t_s), noise=0.1, seed=seed)).good


def test_a_held_breath_leaves_a_gap() -> None:
    t_s = clock(44)
    depth = np.where(t_s < 13.5, depth_of_breath(t_s, 4.5), np.where(t_s < 27, 0.0, depth_of_breath(t_s - 27, 4.5)))
    found = read(t_s, breathing_grids(t_s, depth))
    assert max(np.diff(found.peak_s)) > 10


def test_dropped_frames_do_not_matter() -> None:
    t_s = clock(30)
    grids = breathing_grids(t_s, depth_of_breath(t_s, 5.0))
    kept, times, sum_px = [], [], np.zeros((12, 20, 2), np.float32)
    for i, (t, grid) in enumerate(zip(t_s, grids)):
        sum_px = sum_px + grid
        if i % 3:
            kept.append(sum_px)
            times.append(t)
            sum_px = np.zeros((12, 20, 2), np.float32)
    assert len(read(np.array(times), kept).peak_s) == len(read(t_s, grids).peak_s)


def test_only_the_stretch_asked_for() -> None:
    t_s = clock(60)
    found = read(t_s, breathing_grids(t_s, depth_of_breath(t_s, 5.0)), 20.0, 45.0)
    assert min(found.start_s) >= 19.9 and max(found.peak_s) <= 45.1
    assert len(found.peak_s) == 5


def test_too_little_says_nothing() -> None:
    t_s = clock(2)
    assert read(t_s, breathing_grids(t_s, depth_of_breath(t_s, 2.0))) is NOTHING
    assert BreathTracker().between(0, 100) is NOTHING
    assert not NOTHING.good and np.isnan(NOTHING.rate_per_min)


def test_a_picture_that_stands_still_says_nothing() -> None:
    t_s = clock(20)
    assert not read(t_s, [np.zeros((12, 20, 2), np.float32)] * len(t_s)).good


def test_memory_is_bounded() -> None:
    tracker = BreathTracker()
    for t in np.arange(0, 1000, 0.5):
        tracker.add(float(t), np.zeros((12, 20, 2), np.float32))
    assert len(tracker._motion) < 420


def test_strongest_components_are_those_of_the_decomposition() -> None:
    generator = np.random.default_rng(3)
    for shape in ((40, 12), (12, 40)):
        values = generator.normal(size=shape)
        left, size, right = strongest_components(values, 3)
        wanted = np.linalg.svd(values, full_matrices=False)
        assert size == pytest.approx(wanted[1][:3])
        approximation = (left * size) @ right
        assert approximation == pytest.approx((wanted[0][:, :3] * wanted[1][:3]) @ wanted[2][:3], abs=1e-6)


def test_rhythm_of_a_sine_and_of_noise() -> None:
    t_s = np.arange(0, 40, 1 / 12)
    courses = np.stack([np.sin(t_s * 2), np.random.default_rng(0).normal(size=t_s.size)], axis=1)
    steady, noise = rhythms(courses, np.eye(2))
    assert steady > 0.9
    assert noise < 0.3
