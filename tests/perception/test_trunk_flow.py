"""Motion over the trunk, from pictures that are shifted by a known amount."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.trunk_box import trunk_box
from coach.perception.trunk_flow import BOX_LONG_PX, GRID, TrunkFlow
from coach.types import Frame, Picture, Pose
from tests.conftest import standing_pose

SIZE = (640, 480)


def picture(shift_px: float = 0.0) -> Picture:
    """A soft pattern, shifted downwards by parts of a pixel."""
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]) - shift_px)
    grey = 128 + 55 * np.sin(x / 9.0) * np.cos(y / 11.0) + 50 * np.sin(x / 31.0 + y / 23.0)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, 2)


def pose() -> Pose:
    return standing_pose(SIZE)


def test_the_first_frame_has_no_motion_yet() -> None:
    assert TrunkFlow().measure(Frame(0.0, picture()), pose()) is None


def test_nobody_has_no_motion() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose())
    assert camera.measure(Frame(0.1, picture()), None) is None
    assert camera.measure(Frame(0.2, picture()), pose()) is None


def test_a_still_picture_does_not_move() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose())
    motion = camera.measure(Frame(0.1, picture()), pose())
    assert motion is not None
    assert motion.shape == (*GRID, 2)
    assert np.abs(motion).max() < 0.02


@pytest.mark.parametrize("shift_px", [0.5, 1.0, 2.0])
def test_a_shift_is_measured_in_pixels_of_the_scaled_box(shift_px: float) -> None:
    box = trunk_box(pose(), SIZE)
    assert box is not None
    scale = BOX_LONG_PX / max(box[2] - box[0], box[3] - box[1])
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose())
    motion = camera.measure(Frame(0.1, picture(shift_px)), pose())
    assert motion is not None
    assert float(np.median(motion[..., 1])) == pytest.approx(shift_px * scale, rel=0.25)
    assert abs(float(np.median(motion[..., 0]))) < 0.15
    assert not motion.flags.writeable


def test_frames_that_follow_closely_are_not_measured_but_not_lost() -> None:
    camera = TrunkFlow()
    results = [camera.measure(Frame(i / 30, picture(i * 0.5)), pose()) for i in range(7)]
    assert [result is not None for result in results] == [False, False, True, False, True, False, True]
    double = results[2]
    assert double is not None
    slow = TrunkFlow()
    slow.measure(Frame(0.0, picture()), pose())
    whole = slow.measure(Frame(2 / 30, picture(1.0)), pose())
    assert whole is not None
    assert np.allclose(double, whole)


def test_the_box_stays_until_the_trunk_has_moved() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose())
    assert camera.measure(Frame(0.1, picture()), standing_pose(SIZE, 0.51)) is not None
    assert camera.measure(Frame(0.2, picture()), standing_pose(SIZE, 0.8)) is None
