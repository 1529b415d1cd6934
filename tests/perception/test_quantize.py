"""What is kept of an observation."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from coach.perception.quantize import rounded, visibility_from_byte, visibility_to_byte
from coach.types import JOINTS, Observation, Pose
from tests.conftest import standing_pose


def test_rounding_twice_changes_nothing() -> None:
    generator = np.random.default_rng(3)
    pose = Pose(
        generator.uniform(-50, 2000, (JOINTS, 2)).astype(np.float32),
        generator.normal(size=(JOINTS, 3)).astype(np.float32),
        generator.uniform(0, 1, JOINTS).astype(np.float32),
    )
    chest = generator.normal(size=(12, 20, 2)).astype(np.float32)
    once = rounded(Observation(0.1, (1280, 720), pose, 1, chest, 101.234567, 3.3))
    twice = rounded(once)
    assert once.pose is not None and twice.pose is not None and once.chest_px is not None and twice.chest_px is not None
    for a, b in (
        (once.pose.xy_px, twice.pose.xy_px),
        (once.pose.world_m, twice.pose.world_m),
        (once.pose.visibility, twice.pose.visibility),
        (once.chest_px, twice.chest_px),
    ):
        assert (a == b).all()
        assert not a.flags.writeable
    assert (once.brightness, once.sharpness) == (twice.brightness, twice.sharpness)


def test_joints_move_by_less_than_a_hundredth_of_a_pixel() -> None:
    pose = standing_pose((1280, 720))
    kept = rounded(Observation(0, (1280, 720), pose)).pose
    assert kept is not None
    assert np.abs(kept.xy_px - pose.xy_px).max() <= 1 / 128


def test_nobody_stays_nobody() -> None:
    empty = rounded(Observation(0, (64, 48), None))
    assert empty.pose is None
    assert empty.chest_px is None
    assert np.isnan(empty.brightness)


@given(st.floats(0, 1, width=32))
def test_visibility_fits_a_byte(value: float) -> None:
    array = np.array([value], np.float32)
    assert abs(float(visibility_from_byte(visibility_to_byte(array))[0]) - value) <= 0.5 / 255 + 1e-6


def test_no_visibility_is_none() -> None:
    assert visibility_to_byte(np.array([np.nan, -1, 2], np.float32)).tolist() == [0, 0, 255]
