"""A person's own measures from a still moment."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.body import (
    facing_deg,
    leaning_deg,
    leg_px,
    lies,
    lying_body,
    mid,
    trunk_px,
    trunk_tilt_deg,
    turned,
    unrest,
)
from coach.types import SIDES, Joint, Pose
from tests.scripts import LEG_M, TRUNK_M, Camera, Lying, Standing, camera_for_lying, camera_for_standing, standing_body


@pytest.mark.parametrize("az_deg", [-80, -40, 0, 25, 60, 120])
def test_the_turn_of_the_body(az_deg: float) -> None:
    pose = camera_for_standing(az_deg).pose(Standing().joints())
    assert facing_deg(pose.world_m) == pytest.approx(az_deg, abs=1)


@pytest.mark.parametrize(("height_m", "az_deg"), [(0.5, 0), (0.9, 30), (1.6, -30), (1.6, 170)])
def test_shoulders_come_before_the_ankles_to_a_camera_above(height_m: float, az_deg: float) -> None:
    az = np.radians(az_deg)
    camera = Camera((2.4 * np.sin(az), height_m, 2.4 * np.cos(az)), (0, 0.9, 0))
    expected = np.degrees(np.arctan2(height_m - 0.9, 2.4))
    assert leaning_deg(camera.pose(Standing().joints()).world_m) == pytest.approx(expected, abs=1.5)
    assert np.isnan(leaning_deg(np.full((33, 3), np.nan, np.float32)))


@pytest.mark.parametrize("roll_deg", [-6, 0, 6])
def test_the_camera_s_tilt_is_taken_off(roll_deg: float) -> None:
    body = standing_body(camera_for_standing(roll_deg=roll_deg).pose(Standing().joints()))
    assert body.roll_deg == pytest.approx(-roll_deg, abs=0.5) or body.roll_deg == pytest.approx(roll_deg, abs=0.5)
    ankles, shoulders = mid(body.xy_px, "ankle"), mid(body.xy_px, "shoulder")
    assert ankles[0] == pytest.approx(shoulders[0], abs=0.5)


def test_lengths_in_the_picture() -> None:
    """Seen from so far away that perspective does not matter."""
    camera = Camera((0, 0.9, 80), (0, 0.9, 0), fov_deg=2)
    pose = camera.pose(Standing().joints())
    scale = 720 / 2 / np.tan(np.radians(1)) / 80
    for side in SIDES:
        assert leg_px(pose, side) == pytest.approx(LEG_M * scale, rel=0.01)
    assert trunk_px(pose) == pytest.approx(TRUNK_M * scale, rel=0.01)


def test_medians_do_not_mind_a_stray_frame() -> None:
    good, stray = (camera_for_lying(45).pose(each.joints()) for each in (Lying(), Lying(open_deg=40)))
    assert lying_body([good, good, stray, good, good]).xy_px == pytest.approx(lying_body([good]).xy_px, abs=1e-3)


@pytest.mark.parametrize("height_deg", [28, 36, 42])
@pytest.mark.parametrize("foot_end_deg", [-50, -20, 0, 40, 55])
def test_somebody_who_lies_is_told_by_trunk_and_legs(foot_end_deg: float, height_deg: float) -> None:
    assert lies(camera_for_lying(foot_end_deg, height_deg=height_deg).pose(Lying().joints()))


@pytest.mark.parametrize("lean_deg", [0, 20, 45])
def test_somebody_who_stands_does_not_lie_however_far_they_lean(lean_deg: float) -> None:
    assert not lies(camera_for_standing(20).pose(Standing(lean_deg=lean_deg).joints()))


def test_somebody_who_squats_does_not_lie() -> None:
    xy_px = camera_for_standing(60).pose(Standing().joints()).xy_px.copy()
    hips = (xy_px[Joint.LEFT_HIP] + xy_px[Joint.RIGHT_HIP]) / 2
    for side in ("LEFT", "RIGHT"):
        for name, place in (("SHOULDER", (43, -43)), ("KNEE", (45, -5)), ("ANKLE", (10, 45))):
            xy_px[Joint[f"{side}_{name}"]] = hips + place
    squats = Pose(xy_px, np.zeros((33, 3), np.float32), np.ones(33, np.float32))
    assert 40 < trunk_tilt_deg(squats) < 50 and not lies(squats)


def test_unrest_is_a_share_of_the_body_s_height() -> None:
    camera = camera_for_standing()
    still = [camera.pose(Standing().joints())] * 8
    assert unrest(still) == 0
    # 17 cm sideways is a tenth of somebody of 1.7 m, of whom shoulders to ankles are 1.4 m.
    moving = [camera_for_standing(0).pose(Standing(step_m=s).joints()) for s in np.linspace(0, 0.17, 9)]
    assert unrest(moving) == pytest.approx(0.8 * 0.17 / 1.37, abs=0.01)


def test_turning_points_and_back() -> None:
    points = np.array([[10, 0], [3, 4]], np.float32)
    assert turned(points, 90) == pytest.approx(np.array([[0, 10], [-4, 3]]), abs=1e-5)
    assert turned(turned(points, 33), -33) == pytest.approx(points, abs=1e-5)


def test_somebody_who_lies_has_no_tilt() -> None:
    body = lying_body([camera_for_lying(45).pose(Lying().joints())])
    assert body.roll_deg == 0
    assert body.xy_px[Joint.NOSE] == pytest.approx(camera_for_lying(45).pose(Lying().joints()).xy_px[Joint.NOSE])
