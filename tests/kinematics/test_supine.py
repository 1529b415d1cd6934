"""Geometry of a lying body: axes, camera and opening recovered from a projection whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach.kinematics.body import lying_body
from coach.kinematics.supine_axes import find_axes, is_lowered, open_deg, world_open_deg
from coach.types import SIDES, Side, joint, other_side
from tests.scripts import Camera, Lying, camera_for_lying

VIEWS = [(0, True, 28), (45, True, 30), (20, False, 25), (45, False, 30), (-35, True, 28), (0, True, 60)]
views = pytest.mark.parametrize(("foot_end_deg", "near", "height_deg"), VIEWS)
sides = pytest.mark.parametrize("side", SIDES)


def camera(side: Side, foot_end_deg: float, near: bool, height_deg: float) -> Camera:
    return camera_for_lying(foot_end_deg, side if near else other_side(side), height_deg)


@sides
@views
def test_where_the_camera_stands(side: Side, foot_end_deg: float, near: bool, height_deg: float) -> None:
    body = lying_body([camera(side, foot_end_deg, near, height_deg).pose(Lying(side).joints())])
    axes = find_axes(body, side)
    assert axes.near == near
    assert axes.height_deg == pytest.approx(height_deg, abs=18)
    assert axes.foot_end_deg == pytest.approx(foot_end_deg, abs=15)


@sides
@views
def test_the_axes_are_square_and_right_handed(side: Side, foot_end_deg: float, near: bool, height_deg: float) -> None:
    body = lying_body([camera(side, foot_end_deg, near, height_deg).pose(Lying(side).joints())])
    axes = find_axes(body, side)
    rows = np.stack([axes.head, axes.up, axes.out])
    assert rows @ rows.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(rows) == pytest.approx(1 if side == "left" else -1), "head, up, left are right-handed"


@sides
@views
def test_the_leg_in_the_start_posture_is_where_it_is_seen(
    side: Side, foot_end_deg: float, near: bool, height_deg: float
) -> None:
    pose = camera(side, foot_end_deg, near, height_deg).pose(Lying(side).joints())
    axes = find_axes(lying_body([pose]), side)
    assert open_deg(axes, pose.xy_px, side) == pytest.approx(0, abs=8)
    assert axes.lean_deg == pytest.approx(0, abs=6)


@pytest.mark.parametrize("height_deg", [10, 18, 40, 60])
def test_cameras_that_stand_where_nobody_asked_them_to(height_deg: float) -> None:
    """What is usual is only a hint."""
    looks = camera("left", 40, True, height_deg)
    axes = find_axes(lying_body([looks.pose(Lying("left").joints())]), "left")
    for opened in (20, 40):
        pose = looks.pose(Lying("left", open_deg=opened).joints())
        assert open_deg(axes, pose.xy_px, "left") == pytest.approx(opened, abs=6)


@sides
@views
@pytest.mark.parametrize("opened", [0, 20, 40])
def test_how_far_the_leg_fell_out(side: Side, foot_end_deg: float, near: bool, height_deg: float, opened: int) -> None:
    looks = camera(side, foot_end_deg, near, height_deg)
    start = lying_body([looks.pose(Lying(side).joints())])
    pose = looks.pose(Lying(side, open_deg=opened).joints())
    if near or foot_end_deg >= 20:
        assert open_deg(find_axes(start, side), pose.xy_px, side) == pytest.approx(opened, abs=8)
    assert world_open_deg(pose.world_m, side) == pytest.approx(opened, abs=1)


def test_a_leg_where_none_that_falls_out_is_seen_tells_no_opening() -> None:
    """Where the axes are wrong it is not told, rather than told wrongly."""
    pose = camera_for_lying(45, "left").pose(Lying("left").joints())
    axes = find_axes(lying_body([pose]), "left")
    xy = pose.xy_px.copy()
    away = (axes.up * 1.2 - axes.out * 1.0)[:2]  # to the wrong side of straight up
    xy[joint("ankle", "left")] = xy[joint("hip", "left")] + axes.leg_px * away * [1, -1]
    assert math.isnan(open_deg(axes, xy, "left"))
    assert math.isfinite(open_deg(axes, pose.xy_px, "left"))


@sides
@views
def test_lowering_the_leg_is_not_opening_it(side: Side, foot_end_deg: float, near: bool, height_deg: float) -> None:
    if foot_end_deg < 0:
        pytest.skip("from the head end the judge asks for the leg's height instead")
    looks = camera(side, foot_end_deg, near, height_deg)
    axes = find_axes(lying_body([looks.pose(Lying(side).joints())]), side)
    for opened in (0, 15, 30, 45):
        assert not is_lowered(axes, looks.pose(Lying(side, open_deg=opened).joints()).xy_px, side)
    assert is_lowered(axes, looks.pose(Lying(side, raise_deg=15).joints()).xy_px, side)
