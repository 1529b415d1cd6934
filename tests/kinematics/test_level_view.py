"""The picture as a camera that does not look down would show it."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.body import mid
from coach.kinematics.level_view import BELIEVED_ERROR_LEGS, KEPT_S, USUAL_LEGS, LevelView, Verticals, told_by_body
from coach.types import FloatArray, Joint, Observation
from tests.scripts import LEG_M, TRUNK_M, Camera, Standing

HEIGHTS_M = (0.4, 0.9, 1.6, 1.9)


def camera_at(height_m: float, roll_deg: float = 0.0) -> Camera:
    """In front of somebody, looking at their middle."""
    return Camera((0.0, height_m, 2.4), (0.0, 0.85, 0.0), roll_deg)


def level_view(camera: Camera) -> LevelView:
    return LevelView((camera.size_px[0] / 2, camera.size_px[1] / 2), camera.converges_per_px)


def observation(camera: Camera, error: float = 0.005, t_s: float = 0.0) -> Observation:
    """What is seen of a room with clear verticals."""
    growth = camera.converges_per_px * camera.size_px[0]
    return Observation(t_s, camera.size_px, None, verticals=np.array([growth, error], np.float32))


def seen(width: int, height: int, t_s: float = 0.0) -> Observation:
    """Somebody in a room without verticals."""
    return Observation(t_s, (width, height), camera_at(1.0).pose(Standing().joints()))


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
    down = view.derivative(view.points((rest + low) / 2))[:, 1, 1:]
    for ways in (view.points(low) - view.points(rest), (low - rest) * down):
        foot, hips = float(ways[Joint.LEFT_ANKLE, 1]), float(mid(ways, "hip")[1])
        assert hips / foot == pytest.approx(0.5, abs=0.015)


def test_the_derivative_of_the_level_points() -> None:
    view = LevelView((640.0, 360.0), 3e-4)
    at = np.random.default_rng(5).uniform(50, 700, (40, 2)).astype(np.float32)
    way = np.array([1.5, -2.0], np.float32)
    expected = (view.points(at + way) - view.points(at - way)) / 2
    assert view.derivative(view.points(at)) @ way == pytest.approx(expected, abs=0.02)


def test_a_camera_that_does_not_look_down_shows_it_so() -> None:
    points = np.array([[100, 50], [300, 700]], np.float32)
    assert LevelView((640.0, 360.0)).points(points) is points
    assert (LevelView((640.0, 360.0)).derivative(points) == np.eye(2)).all()


def test_ways_of_what_has_no_place_stay_as_they_are() -> None:
    places = np.array([[100, 700], [np.nan, np.nan]], np.float32)
    seen_low, unseen = LevelView((640.0, 360.0), 3e-4).derivative(places)
    assert seen_low[0, 0] > 1 and seen_low[1, 1] > 1 and (unseen == np.eye(2)).all()


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_the_room_tells_the_view(height_m: float) -> None:
    camera = camera_at(height_m)
    verticals = Verticals()
    for _ in range(3):
        verticals.step(observation(camera))
    pose = camera.pose(Standing().joints()).xy_px
    hips_y, leg = float(mid(pose, "hip")[1]), float(mid(pose, "ankle")[1] - mid(pose, "hip")[1])
    view = verticals.view(USUAL_LEGS, leg, hips_y)
    assert view.converges_per_px == pytest.approx(camera.converges_per_px, abs=0.25 * BELIEVED_ERROR_LEGS / leg)


def test_unsure_verticals_change_little_and_a_stray_one_nothing() -> None:
    usual = Verticals()
    usual.step(seen(1280, 720))
    expected = usual.view(USUAL_LEGS, 270.0, 360.0)
    assert expected.converges_per_px == pytest.approx(USUAL_LEGS / 270)
    usual.step(observation(camera_at(1.9), error=1.0))
    assert usual.view(USUAL_LEGS, 270.0, 360.0).converges_per_px == pytest.approx(expected.converges_per_px, rel=0.05)
    clear = Verticals()
    for height_m in (1.1, 1.1, 1.1, 1.9, 1.1, 1.1):
        clear.step(observation(camera_at(height_m)))
    assert clear.view(USUAL_LEGS, 270.0, 360.0).converges_per_px == pytest.approx(
        camera_at(1.1).converges_per_px, rel=0.05
    )


def test_another_picture_size_is_another_camera() -> None:
    verticals = Verticals()
    verticals.step(observation(camera_at(1.9)))
    verticals.step(seen(640, 480, 1.0))
    assert verticals.view(USUAL_LEGS, 270.0, 240.0).converges_per_px == pytest.approx(USUAL_LEGS / 270)


def test_without_a_picture_nothing_is_known_of_the_view() -> None:
    assert Verticals().view(USUAL_LEGS, 270.0, 360.0) == LevelView()


def test_a_body_alone_tells_it_only_where_it_is_clear() -> None:
    def told(trunk: float, leaning_deg: float) -> float:
        return told_by_body(300.0, trunk, leaning_deg, behind=False)

    assert told(190.0, 8.0) == pytest.approx(USUAL_LEGS, abs=0.01)
    high, low = told(230.0, 20.0), told(165.0, 0.0)
    assert low < USUAL_LEGS - 0.03 and high > USUAL_LEGS + 0.05
    assert told(float("nan"), 8.0) == told(190.0, float("nan")) == told_by_body(0.0, 1.0, 8.0, False) == USUAL_LEGS


def test_metres_and_lengths_that_make_no_sense_stay_within_bounds() -> None:
    assert abs(told_by_body(1.0, 1e6, 90.0, behind=True)) < 0.2


def test_a_pause_forgets_nothing_of_the_room() -> None:
    verticals = Verticals()
    verticals.step(observation(camera_at(1.7)))
    before = verticals.view(USUAL_LEGS, 270.0, 360.0)
    verticals.step(Observation(1.0, (1, 1), None))  # what a guided set that pauses is shown
    assert verticals.view(USUAL_LEGS, 270.0, 360.0) == before


def test_what_the_room_told_long_ago_is_forgotten() -> None:
    verticals = Verticals()
    verticals.step(observation(camera_at(1.7)))
    verticals.step(seen(1280, 720, KEPT_S + 1))
    assert verticals.view(USUAL_LEGS, 270.0, 360.0).converges_per_px == pytest.approx(USUAL_LEGS / 270)


@pytest.mark.parametrize(("by_body", "leg", "hips_y"), [(0.1, 64.0, 0.0), (0.13, 60.0, 100.0), (-0.1, 64.0, 1280.0)])
def test_somebody_small_and_far_from_the_middle_is_seen_from_where_the_body_tells(
    by_body: float, leg: float, hips_y: float
) -> None:
    verticals = Verticals()
    verticals.step(seen(720, 1280))
    assert verticals.view(by_body, leg, hips_y).converges_per_px * by_body > 0


def test_points_of_many_poses_at_once() -> None:
    view = LevelView((640.0, 360.0), 2e-4)
    many: FloatArray = np.random.default_rng(3).uniform(0, 700, (5, 33, 2)).astype(np.float32)
    assert view.points(many)[2] == pytest.approx(view.points(many[2]))
