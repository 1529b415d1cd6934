"""Ways of the parts through the picture: pixels first, joints where they say nothing, the camera taken out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from coach.kinematics.parts import middles
from coach.kinematics.paths import HARDLY_KNOWN, LEAST_SURE, Paths, SharedMotion, Ways, body_motion, planted_way
from coach.types import FloatArray, Observation, Part, Pose
from tests.scripts import Standing, camera_for_standing

CAMERA = camera_for_standing(35)
POSE = CAMERA.pose(Standing().joints())
PARTS = tuple(part for part in Part if part < Part.CAMERA)


def motion(
    moved: Mapping[Part, tuple[float, float]] | None = None,
    camera: tuple[float, float] | None = (0.0, 0.0),
    sure: float = 1.0,
) -> FloatArray:
    """Of one picture: everything stands but for what is named; camera: how it moved, None where that is not known."""
    told = np.zeros((len(Part), 3), np.float32)
    told[:, 2] = sure
    for part, way in (moved or {}).items():
        told[part, :2] = way
    told[Part.CAMERA] = (np.nan, np.nan, 0.0) if camera is None else (*camera, sure)
    return told


def followed(*motions: FloatArray | None, pose: Pose | None = POSE, then: Pose | None = None) -> Ways:
    """Ways after one picture for each motion; then: the pose of the last one."""
    paths = Paths()
    paths.step(Observation(0.0, CAMERA.size_px, POSE))
    ways = None
    for i, told in enumerate(motions, 1):
        now = then if then is not None and i == len(motions) else pose
        ways = paths.step(Observation(i / 12, CAMERA.size_px, now, motion=told))
    assert ways is not None
    return ways


def moved_by(x: float, y: float) -> Pose:
    return Pose(POSE.xy_px + np.array([x, y], np.float32), POSE.world_m, POSE.visibility)


def test_motion_is_summed_up() -> None:
    ways = followed(*[motion({Part.LEFT_FOOT_MOVING: (0.5, 1.0)})] * 4)
    assert ways.xy_px[Part.LEFT_FOOT_MOVING] == pytest.approx([2.0, 4.0])
    assert ways.xy_px[Part.RIGHT_FOOT] == pytest.approx([0.0, 0.0])
    assert 0 < ways.sure[Part.LEFT_FOOT_MOVING] < followed(*[motion()] * 40).sure[Part.LEFT_FOOT_MOVING]


@pytest.mark.parametrize("told", [None, motion(sure=LEAST_SURE / 2)])
def test_where_pixels_say_nothing_the_joints_are_followed(told: FloatArray | None) -> None:
    paths = Paths()
    for i in range(36):
        here = moved_by(3.0, 5.0) if i > 12 else POSE
        ways = paths.step(Observation(i / 12, CAMERA.size_px, here, motion=told))
    for part in PARTS[:9]:
        assert ways.xy_px[part] == pytest.approx([3.0, 5.0], abs=0.3), part
    assert ways.sure.max() == 0


def test_where_poses_jump_about_single_ones_move_nothing_that_pixels_miss_for_a_moment() -> None:
    """As in the dark: half of the poses are far off, and in one picture a foot has no points."""
    paths = Paths()
    noise = np.random.default_rng(5)
    for i in range(60):
        missed = motion()
        if i in {30, 40, 50}:
            missed[[Part.LEFT_FOOT, Part.LEFT_FOOT_MOVING], 2] = 0.0
        here = None if i == 40 else moved_by(0.0, float(noise.choice([-20.0, 15.0])))
        ways = paths.step(Observation(i / 12, CAMERA.size_px, here, motion=missed))
    assert abs(ways.xy_px[Part.LEFT_FOOT, 1]) < 5.0


def test_joints_that_jump_are_not_followed_while_pixels_say_something() -> None:
    ways = followed(motion(sure=2 * LEAST_SURE), then=moved_by(3.0, 5.0))
    assert abs(ways.xy_px[list(PARTS[:9])]).max() == 0


def test_a_foot_whose_fastest_points_disagree_has_the_motion_of_all_about_it() -> None:
    told = motion({Part.LEFT_FOOT: (0.0, 2.0), Part.LEFT_FOOT_MOVING: (0.0, 9.0)})
    told[Part.LEFT_FOOT_MOVING, 2] = LEAST_SURE / 2
    ways = followed(told, then=moved_by(0.0, -20.0))
    assert ways.xy_px[Part.LEFT_FOOT_MOVING] == pytest.approx([0.0, 2.0])


def test_the_camera_s_movement_is_taken_out() -> None:
    everything = dict.fromkeys(PARTS, (2.0, -1.0))
    ways = followed(*[motion(everything, camera=(2.0, -1.0))] * 5)
    assert abs(ways.xy_px[list(PARTS)]).max() == pytest.approx(0, abs=1e-5)


def test_a_camera_that_no_foot_went_along_with_is_not_believed() -> None:
    """Somebody walks through behind: most of the background moves, and nothing of the person."""
    ways = followed(*[motion({Part.RIGHT_FOOT_MOVING: (0.0, 1.0)}, camera=(12.0, 3.0))] * 5)
    assert ways.xy_px[Part.LEFT_FOOT] == pytest.approx([0.0, 0.0])
    assert ways.xy_px[Part.TRUNK] == pytest.approx([0.0, 0.0])
    assert ways.xy_px[Part.RIGHT_FOOT_MOVING] == pytest.approx([0.0, 5.0])


def test_what_moved_unseen_is_made_up_for_by_the_joints() -> None:
    paths = Paths()
    paths.step(Observation(0.0, CAMERA.size_px, POSE))
    paths.step(Observation(0.1, CAMERA.size_px, None, motion=motion(sure=0.0)))
    for i in range(2, 8):
        ways = paths.step(Observation(i / 10, CAMERA.size_px, moved_by(4.0, 0.0), motion=motion()))
    assert ways.xy_px[Part.TRUNK] == pytest.approx([4.0, 0.0], abs=1.0)


def test_a_wrong_pose_before_pixels_are_lost_does_not_move_anything() -> None:
    paths = Paths()
    for i in range(6):
        paths.step(Observation(i / 12, CAMERA.size_px, POSE, motion=motion() if i else None))
    paths.step(Observation(6 / 12, CAMERA.size_px, moved_by(-12.0, -30.0), motion=motion()))
    paths.step(Observation(7 / 12, CAMERA.size_px, None, motion=motion(sure=0.0)))
    ways = paths.step(Observation(8 / 12, CAMERA.size_px, POSE, motion=motion(sure=0.0)))
    assert abs(ways.xy_px[list(PARTS)]).max() < 4.0


def test_a_part_that_is_put_elsewhere_goes_on_from_there() -> None:
    paths = Paths()
    paths.step(Observation(0.0, CAMERA.size_px, POSE))
    paths.shift([Part.LEFT_FOOT], np.array([0.0, -5.0], np.float32))
    assert paths.step(Observation(0.1, CAMERA.size_px, POSE, motion=motion())).xy_px[Part.LEFT_FOOT, 1] == -5.0
    paths.step(Observation(0.2, CAMERA.size_px, None, motion=motion(sure=0.0)))
    again = paths.step(Observation(0.3, CAMERA.size_px, POSE, motion=motion())).xy_px
    assert again[Part.LEFT_FOOT, 1] == pytest.approx(-5.0, abs=1e-3)
    assert again[Part.RIGHT_FOOT, 1] == pytest.approx(0.0, abs=1e-3)


def swaying(share_turn: float, share_growth: float) -> tuple[FloatArray, ...]:
    """Half a minute in which the background turns and grows to and fro, and the body takes part in so much of it."""
    noise = np.random.default_rng(3)
    places = middles(POSE.xy_px) - np.array(CAMERA.size_px) / 2
    motions = []
    for _ in range(360):
        turn, grown = noise.normal(0, 2e-3), noise.normal(0.0, 1e-3)
        told = motion()
        x, y = places.T
        told[:, 0] = share_growth * grown * x - share_turn * turn * y + noise.normal(0, 0.05, len(Part))
        told[:, 1] = share_growth * grown * y + share_turn * turn * x + noise.normal(0, 0.05, len(Part))
        told[Part.CAMERA] = (0.0, 0.0, 1.0)
        told[Part.CAMERA_TURN] = (turn, grown, 1.0)
        motions.append(told)
    return tuple(motions)


@pytest.mark.parametrize(("turns", "grows"), [(1, 1), (1, 0), (0, 0)])
def test_turn_and_growth_are_the_camera_s_where_the_body_takes_part_in_them(turns: int, grows: int) -> None:
    """Panning over points on one side makes the background seem to grow; the body does not grow with it."""
    turned, grown = SharedMotion(1.0), SharedMotion(0.0)
    paths, was = Paths(), middles(POSE.xy_px)
    paths.step(Observation(0.0, CAMERA.size_px, POSE))
    ways = []
    for i, told in enumerate(swaying(turns, grows), 1):
        by_turn, by_growth = body_motion(told, was)
        turned.step(told[Part.CAMERA_TURN, 0], by_turn, 1 / 12)
        grown.step(told[Part.CAMERA_TURN, 1], by_growth, 1 / 12)
        ways.append(paths.step(Observation(i / 12, CAMERA.size_px, POSE, motion=told)).xy_px)
    assert turned.share == pytest.approx(turns, abs=0.1)
    assert grown.share == pytest.approx(grows, abs=0.15)
    later = np.array(ways[60:])
    between = later[:, Part.TRUNK] - later[:, Part.LEFT_FOOT]
    # What is left wanders as the noise does, which nothing can take out: 0.05 * sqrt(2 * 300) at most.
    assert np.ptp(between, axis=0).max() < 4.0


def test_what_the_body_does_itself_tells_nothing_about_the_camera() -> None:
    growth = SharedMotion(0.0)
    for i in range(100):
        growth.step(2e-3 * (-1) ** i, 0.03 * (-1) ** i, 1 / 12)
        growth.step(float("nan"), 0.0, 1 / 12)
        growth.step(1e-3, float("nan"), 1 / 12)
    assert growth.share == 0.0


def test_a_camera_s_own_way_at_the_feet_is_kept() -> None:
    ways = followed(*[motion(dict.fromkeys(PARTS, (0.5, -1.0)), camera=(0.5, -1.0))] * 4)
    assert ways.xy_px[Part.CAMERA] == pytest.approx([2.0, -4.0])
    assert ways.xy_px[Part.LEFT_FOOT] == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(
    ("foot", "camera", "kept"),
    [
        ((0.0, 3.0), (0.0, 0.0), (0.0, 0.0)),
        ((0.0, 3.0), (0.0, -1.5), (0.0, 1.5)),
        ((0.3, -0.4), (6.0, 8.0), (0.3, -0.4)),
    ],
)
def test_a_planted_foot_goes_no_farther_than_the_camera(
    foot: tuple[float, float], camera: tuple[float, float], kept: tuple[float, float]
) -> None:
    assert planted_way(foot, camera, 1.0) == pytest.approx(kept)


def test_under_a_camera_that_nothing_tells_of_a_planted_foot_may_have_gone_anywhere() -> None:
    foot = (1.0, 3.0)
    assert planted_way(foot, (0.0, 0.0), HARDLY_KNOWN / 2) == pytest.approx(foot)
    assert planted_way(foot, (np.nan, np.nan), 1.0) == pytest.approx(foot)
