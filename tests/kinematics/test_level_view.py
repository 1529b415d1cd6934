"""The picture as a camera that does not look down would show it."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.body import mid
from coach.kinematics.level_view import LEFT_ERROR, USUAL, LevelView, Verticals, told_by_body
from coach.types import FloatArray, Joint, Observation
from tests.scripts import LEG_M, TRUNK_M, Camera, Standing

HEIGHTS_M = (0.4, 0.9, 1.6, 1.9)


def camera_at(height_m: float, roll_deg: float = 0.0) -> Camera:
    """In front of somebody, looking at their middle."""
    return Camera((0.0, height_m, 2.4), (0.0, 0.85, 0.0), roll_deg)


def converges(camera: Camera) -> float:
    """One over how far below the middle of the picture a plumb line vanishes."""
    focal = camera.size_px[1] / 2 / np.tan(np.radians(camera.fov_deg / 2))
    return float((camera.at[1] - camera.target[1]) / camera.at[2] / focal)


def level_view(camera: Camera) -> LevelView:
    return LevelView((camera.size_px[0] / 2, camera.size_px[1] / 2), converges(camera))


def observation(camera: Camera, error: float = 0.005) -> Observation:
    """What is seen of a room with clear verticals."""
    growth = converges(camera) * camera.size_px[0]
    return Observation(0.0, camera.size_px, None, verticals=np.array([0.0, growth, error], np.float32))


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_lengths_are_in_proportion(height_m: float) -> None:
    camera = camera_at(height_m)
    level = level_view(camera).points(camera.pose(Standing().joints()).xy_px)
    shoulders, hips, ankles = (mid(level, name)[1] for name in ("shoulder", "hip", "ankle"))
    assert (hips - shoulders) / (ankles - hips) == pytest.approx(TRUNK_M / LEG_M, rel=0.02)


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_in_a_drop_the_hips_go_half_as_far_as_the_foot(height_m: float) -> None:
    camera = camera_at(height_m)
    view = level_view(camera)
    rest, low = (camera.pose(Standing("left", drop_deg=drop).joints()).xy_px for drop in (0.0, 8.0))
    for ways in (view.points(low) - view.points(rest), (low - rest) * view.gains((rest + low) / 2)):
        foot, hips = float(ways[Joint.LEFT_ANKLE, 1]), float(mid(ways, "hip")[1])
        assert hips / foot == pytest.approx(0.5, abs=0.015)


def test_a_camera_that_does_not_look_down_shows_it_so() -> None:
    points = np.array([[100, 50], [300, 700]], np.float32)
    assert LevelView((640.0, 360.0)).points(points) is points
    assert (LevelView((640.0, 360.0)).gains(points) == 1).all()


def test_ways_of_what_has_no_place_stay_as_they_are() -> None:
    places = np.array([[100, 700], [np.nan, np.nan]], np.float32)
    gains = LevelView((640.0, 360.0), 3e-4).gains(places)
    assert (gains[0] > 1).all() and (gains[1] == 1).all()


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_the_room_tells_the_view(height_m: float) -> None:
    camera = camera_at(height_m)
    verticals = Verticals()
    for _ in range(3):
        verticals.step(observation(camera))
    pose = camera.pose(Standing().joints()).xy_px
    hips_y, leg = float(mid(pose, "hip")[1]), float(mid(pose, "ankle")[1] - mid(pose, "hip")[1])
    view = verticals.view(USUAL, leg, hips_y)
    assert view.converges == pytest.approx(converges(camera), abs=0.25 * LEFT_ERROR / leg)


def test_unsure_verticals_change_little_and_a_stray_one_nothing() -> None:
    usual = Verticals()
    usual.step(Observation(0.0, (1280, 720), None))
    expected = usual.view(USUAL, 270.0, 360.0)
    assert expected.converges == pytest.approx(USUAL / 270)
    usual.step(observation(camera_at(1.9), error=1.0))
    assert usual.view(USUAL, 270.0, 360.0).converges == pytest.approx(expected.converges, rel=0.05)
    clear = Verticals()
    for height_m in (1.1, 1.1, 1.1, 1.9, 1.1, 1.1):
        clear.step(observation(camera_at(height_m)))
    assert clear.view(USUAL, 270.0, 360.0).converges == pytest.approx(converges(camera_at(1.1)), rel=0.05)


def test_another_picture_size_is_another_camera() -> None:
    verticals = Verticals()
    verticals.step(observation(camera_at(1.9)))
    verticals.step(Observation(1.0, (640, 480), None))
    assert verticals.view(USUAL, 270.0, 240.0).converges == pytest.approx(USUAL / 270)


def test_without_a_picture_nothing_is_known_of_the_view() -> None:
    assert Verticals().view(USUAL, 270.0, 360.0) == LevelView()


def test_a_body_alone_tells_it_only_where_it_is_clear() -> None:
    def told(trunk: float, leaning_deg: float) -> float:
        return told_by_body(300.0, trunk, leaning_deg, behind=False)

    assert told(190.0, 8.0) == pytest.approx(USUAL, abs=0.01)
    high, low = told(230.0, 20.0), told(165.0, 0.0)
    assert low < USUAL - 0.03 and high > USUAL + 0.05
    assert told(float("nan"), 8.0) == told(190.0, float("nan")) == told_by_body(0.0, 1.0, 8.0, False) == USUAL


def test_metres_and_lengths_that_make_no_sense_stay_within_bounds() -> None:
    assert abs(told_by_body(1.0, 1e6, 90.0, behind=True)) < 0.2


def test_points_and_gains_take_many_at_once() -> None:
    view = LevelView((640.0, 360.0), 2e-4)
    many: FloatArray = np.random.default_rng(3).uniform(0, 700, (5, 33, 2)).astype(np.float32)
    assert view.points(many)[2] == pytest.approx(view.points(many[2]))
    assert view.gains(many).shape == many.shape
