"""Motion over the trunk, from pictures that are shifted by a known amount."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.trunk_box import BOX_LONG_PX, trunk_box
from coach.perception.trunk_flow import GRID, KEY_S, TrunkFlow
from coach.types import FloatArray, Frame, Part, Picture, Pose
from tests.conftest import standing_pose

SIZE = (640, 480)


def camera_by(x_px: float, y_px: float) -> FloatArray:
    """The motion of a picture that the camera shifted."""
    motion = np.zeros((len(Part), 3), np.float32)
    motion[Part.CAMERA] = x_px, y_px, 1.0
    return motion


STILL = camera_by(0, 0)


def picture(shift_px: float = 0.0) -> Picture:
    """A soft pattern, shifted downwards by parts of a pixel."""
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]) - shift_px)
    grey = 128 + 55 * np.sin(x / 9.0) * np.cos(y / 11.0) + 50 * np.sin(x / 31.0 + y / 23.0)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, 2)


def pose() -> Pose:
    return standing_pose(SIZE)


def test_the_first_frame_has_no_motion_yet() -> None:
    assert TrunkFlow().measure(Frame(0.0, picture()), pose(), STILL) is None


def test_nobody_has_no_motion() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    assert camera.measure(Frame(0.1, picture()), None, STILL) is None
    assert camera.measure(Frame(0.2, picture()), pose(), STILL) is None


def test_a_still_picture_does_not_move() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    motion = camera.measure(Frame(0.1, picture()), pose(), STILL)
    assert motion is not None
    assert motion.shape == (*GRID, 2)
    assert np.abs(motion).max() < 0.02


@pytest.mark.parametrize("shift_px", [0.5, 1.0, 2.0])
def test_a_shift_is_measured_in_pixels_of_the_scaled_box(shift_px: float) -> None:
    box = trunk_box(pose(), SIZE)
    assert box is not None
    scale = BOX_LONG_PX / max(box[2] - box[0], box[3] - box[1])
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    motion = camera.measure(Frame(0.1, picture(shift_px)), pose(), STILL)
    assert motion is not None
    assert float(np.median(motion[..., 1])) == pytest.approx(shift_px * scale, rel=0.25)
    assert abs(float(np.median(motion[..., 0]))) < 0.15
    assert not motion.flags.writeable


def test_frames_that_follow_closely_are_not_measured_but_not_lost() -> None:
    camera = TrunkFlow()
    results = [camera.measure(Frame(i / 30, picture(i * 0.5)), pose(), STILL) for i in range(7)]
    assert [result is not None for result in results] == [False, False, True, False, True, False, True]
    double = results[2]
    assert double is not None
    slow = TrunkFlow()
    slow.measure(Frame(0.0, picture()), pose(), STILL)
    whole = slow.measure(Frame(2 / 30, picture(1.0)), pose(), STILL)
    assert whole is not None
    assert np.allclose(double, whole)


def test_the_box_stays_until_the_trunk_has_moved() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    assert camera.measure(Frame(0.1, picture()), standing_pose(SIZE, 0.51), STILL) is not None
    assert camera.measure(Frame(0.2, picture()), standing_pose(SIZE, 0.8), STILL) is None


def test_what_the_camera_moved_is_taken_out() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    motion = camera.measure(Frame(0.1, picture(1.5)), pose(), camera_by(0, 1.5))
    assert motion is not None and np.abs(motion).max() < 0.1


def test_a_slow_rise_is_the_sum_of_its_steps_however_often_the_key_is_renewed() -> None:
    box = trunk_box(pose(), SIZE)
    assert box is not None
    scale = BOX_LONG_PX / max(box[2] - box[0], box[3] - box[1])
    camera, went = TrunkFlow(), np.zeros(GRID)
    times = np.arange(0, 2.5 * KEY_S, 0.1)
    for t_s in times:
        step = camera.measure(Frame(t_s, picture(0.2 * t_s)), pose(), STILL)
        went += 0 if step is None else step[..., 1]
    assert float(np.median(went)) == pytest.approx(0.2 * times[-1] * scale, rel=0.25)


def test_noise_does_not_add_up() -> None:
    """Of many pictures of somebody who is still, no cell wanders by what each of them errs."""
    generator = np.random.default_rng(7)
    camera, went, farthest = TrunkFlow(), np.zeros(GRID), []
    for t_s in np.arange(0, 2 * KEY_S, 0.1):
        noisy = np.clip(picture() + generator.normal(0, 12, (*SIZE[::-1], 1)), 0, 255).astype(np.uint8)
        step = camera.measure(Frame(t_s, noisy), pose(), STILL)
        went += 0 if step is None else step[..., 1]
        farthest.append(float(np.median(np.abs(went))))
    assert np.mean(farthest[-20:]) < 1.5 * np.mean(farthest[5:25])


def test_after_a_gap_nothing_is_known() -> None:
    camera = TrunkFlow()
    camera.measure(Frame(0.0, picture()), pose(), STILL)
    assert camera.measure(Frame(5.0, picture(1.0)), pose(), None) is None
    assert camera.measure(Frame(5.1, picture(1.0)), pose(), STILL) is not None
