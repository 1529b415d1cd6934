"""Breaths from synthetic motion of the trunk: counted, paused, disturbed, or not told at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.judging.breath_cycles import NOTHING, Breathing
from coach.judging.respiration import BreathTracker
from coach.kinematics.trunk_box import trunk_box
from coach.types import Joint, Part
from tests.scripts import Lying, breathing_grids, camera_for_lying, clock, depth_of_breath, observe

SIDE_ON = camera_for_lying(0, "right", 22)
HOLDING = Lying("left", 90)


def tracked(t_s: np.ndarray, grids: list[np.ndarray], person: Lying = HOLDING) -> BreathTracker:
    """Somebody who holds still, with these grids in their box."""
    tracker = BreathTracker()
    for observation, grid in zip(observe(lambda _: person, t_s, SIDE_ON), grids):
        tracker.add(replace(observation, chest_px=grid))
    return tracker


def read(t_s: np.ndarray, grids: list[np.ndarray], start_s: float = 0.0, end_s: float = 1e9) -> Breathing:
    return tracked(t_s, grids).between(start_s, end_s)


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


def thigh_over_the_box(person: Lying) -> np.ndarray:
    """How much of each cell (12, 20) the raised thigh covers."""
    pose = SIDE_ON.pose(person.joints())
    box = trunk_box(pose, SIDE_ON.size_px)
    assert box is not None
    left, top, right, bottom = box
    rows, columns = np.mgrid[0:12, 0:20]
    cells = np.stack([left + (columns + 0.5) / 20 * (right - left), top + (rows + 0.5) / 12 * (bottom - top)], -1)
    hip, knee = pose.xy_px[Joint.LEFT_HIP], pose.xy_px[Joint.LEFT_KNEE]
    along = np.clip((cells - hip) @ (knee - hip) / ((knee - hip) @ (knee - hip)), 0, 1)
    return np.exp(-((np.linalg.norm(cells - hip - along[..., None] * (knee - hip), axis=-1) / 20.0) ** 2))


def test_a_leg_that_swings_before_the_trunk_is_not_the_breath() -> None:
    """It moves as far as the chest, in a rhythm of its own."""
    t_s = clock(32)
    person = Lying("left", 75)
    moved = np.diff(4.0 * np.sin(2 * np.pi * t_s / 6.5), prepend=0.0)
    leg = thigh_over_the_box(person)[..., None]
    grids = [
        (grid + step * leg).astype(np.float32)
        for grid, step in zip(breathing_grids(t_s, depth_of_breath(t_s, 4.0)), moved)
    ]
    found = tracked(t_s, grids, person).between(0.0, 1e9)
    assert found.good and abs(found.count - 8) <= 1
    elsewhere = tracked(t_s, grids, Lying("left", 10)).between(0.0, 1e9)
    assert found.quality > elsewhere.quality or abs(elsewhere.count - 8) > 1  # where the leg is, is what tells it


@pytest.mark.parametrize("way", [(1.0, 0.0), (0.0, 1.0), (0.7, -0.7)])
def test_a_body_that_shifts_as_a_whole_is_not_the_breath(way: tuple[float, float]) -> None:
    """Nor is a camera that sways: by four times a breath."""
    t_s = clock(32)
    shifted = np.diff(12.0 * np.sin(2 * np.pi * t_s / 9.0), prepend=0.0)
    grids = [
        (grid + step * np.array(way)).astype(np.float32)
        for grid, step in zip(breathing_grids(t_s, depth_of_breath(t_s, 4.0)), shifted)
    ]
    found = read(t_s, grids)
    assert found.good and found.count == 8


@pytest.mark.parametrize("known", [True, False])
def test_what_follows_a_camera_that_sways_is_not_the_breath(known: bool) -> None:
    """Half of the cells have no pattern, and seem to stand still in a picture that goes up and down."""
    t_s = clock(32)
    sways_px = np.diff(3.0 * np.sin(2 * np.pi * t_s / 1.7) + 2.0 * np.sin(2 * np.pi * t_s / 0.9), prepend=0.0)
    patterned = np.zeros((12, 20, 1))
    patterned[:, ::2] = 1.0
    patterned[:6] *= 0.5
    tracker = BreathTracker()
    breaths = breathing_grids(t_s, depth_of_breath(t_s, 4.0))
    for observation, grid, sway_px in zip(observe(lambda _: HOLDING, t_s, SIDE_ON), breaths, sways_px):
        motion = np.zeros((len(Part), 3), np.float32)
        motion[Part.CAMERA] = (0.0, sway_px, 1.0) if known else np.nan
        seen = (grid + patterned * (0.0, sway_px)).astype(np.float32)
        tracker.add(replace(observation, chest_px=seen, motion=motion))
    found = tracker.between(0.0, 1e9)
    assert (found.good and found.count == 8) == known


def test_where_the_camera_went_before_the_trunk_was_measured_does_not_matter() -> None:
    t_s = clock(32)
    breaths = breathing_grids(t_s, depth_of_breath(t_s, 4.0))
    trackers = BreathTracker(), BreathTracker()
    for number, (observation, grid) in enumerate(zip(observe(lambda _: HOLDING, t_s, SIDE_ON), breaths)):
        for tracker, panned_px in zip(trackers, (0.0, 20.0)):
            motion = np.zeros((len(Part), 3), np.float32)
            motion[Part.CAMERA] = (panned_px if number < 30 else 0.0, 0.0, 1.0)
            tracker.add(replace(observation, chest_px=None if number < 30 else grid, motion=motion))
    still, panned = (tracker.between(0.0, 1e9) for tracker in trackers)
    assert still == panned and still.good


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
    still = observe(lambda _: Lying("left", 90), np.arange(0, 1000, 0.5), SIDE_ON)
    for observation in still:
        tracker.add(replace(observation, chest_px=np.zeros((12, 20, 2), np.float32)))
    assert len(tracker._motion) < 420
