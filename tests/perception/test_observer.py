"""The observer: which way the model is run, and what is kept of a frame."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from coach.kinematics.body import trunk_tilt_deg
from coach.perception.observer import SETTLE_S, VERTICALS_S, Observer
from coach.perception.quantize import rounded
from coach.types import Frame, Joint, Pose
from tests.conftest import FakeEstimator, standing_pose

SIZE = (640, 480)


def lying_pose() -> Pose:
    """The standing person turned by a quarter."""
    upright = standing_pose(SIZE)
    middle = np.array(SIZE, np.float32) / 2
    xy = (upright.xy_px - middle)[:, ::-1] * np.array([1, -1], np.float32) + middle
    return Pose(np.ascontiguousarray(xy), upright.world_m, upright.visibility)


def frame(t_s: float, level: int = 100) -> Frame:
    return Frame(t_s, np.full((SIZE[1], SIZE[0], 3), level, np.uint8))


def test_tilt_of_the_trunk() -> None:
    assert trunk_tilt_deg(standing_pose(SIZE)) == pytest.approx(0, abs=1)
    assert trunk_tilt_deg(lying_pose()) == pytest.approx(90, abs=1)


def test_it_says_what_it_sees() -> None:
    seen = Observer(FakeEstimator(standing_pose(SIZE))).observe(frame(1.5, 80))
    assert (seen.t_s, seen.size_px, seen.people, seen.brightness) == (1.5, SIZE, 1, 80)
    assert seen.pose is not None
    assert seen.chest_px is None


def test_the_network_is_asked_about_the_very_frame_that_may_have_been_announced_to_it() -> None:
    noise = np.random.default_rng(0).normal(60, 9, (SIZE[1], SIZE[0], 3)).clip(0, 255).astype(np.uint8)
    frames = [frame(0.0), Frame(1.0, noise)]
    given: list[Frame] = []

    class Keeps(FakeEstimator):
        def estimate(self, frame: Frame) -> tuple[Pose, ...]:
            given.append(frame)
            return super().estimate(frame)

    observer = Observer(Keeps(standing_pose(SIZE)))
    for each in frames:
        observer.observe(each)
    assert [id(each) for each in given] == [id(each) for each in frames]


def test_nobody() -> None:
    seen = Observer(FakeEstimator()).observe(frame(0.0))
    assert (seen.pose, seen.people) == (None, 0)


def test_what_it_gives_is_already_rounded() -> None:
    seen = Observer(FakeEstimator(standing_pose(SIZE))).observe(frame(0.0))
    again = rounded(seen)
    assert seen.pose is not None
    assert again.pose is not None
    assert (seen.pose.xy_px == again.pose.xy_px).all()
    assert (seen.pose.world_m == again.pose.world_m).all()


def test_now_and_then_it_looks_at_the_room() -> None:
    """Boards that lean outwards, as to a camera that looks down; the person stands between them."""
    boards = np.full((SIZE[1], SIZE[0], 3), 200, np.uint8)
    for x in (20, 60, 100, 540, 580, 620):
        outwards = (x - 320) / 10
        corners = [(x, 20), (x + 12, 20), (x + 12 - outwards, 460), (x - outwards, 460)]
        cv2.fillPoly(boards, [np.array(corners).round().astype(np.int32)], (60, 50, 40))
    observer = Observer(FakeEstimator(standing_pose(SIZE)))
    seen = [observer.observe(Frame(i / 10, boards)) for i in range(65)]
    looks = [each for each in seen if each.verticals is not None]
    assert [each.t_s for each in looks] == pytest.approx([0.0, VERTICALS_S, 2 * VERTICALS_S])
    assert looks[0].verticals is not None and looks[0].verticals[0] > 0.1
    assert (rounded(looks[0]).verticals == looks[0].verticals).all()


def test_lying_down_for_a_while_changes_how_the_model_is_run_and_measures_the_chest() -> None:
    estimator = FakeEstimator(standing_pose(SIZE))
    observer = Observer(estimator)
    for i in range(15):
        observer.observe(frame(i / 15))
    assert estimator.postures == []
    estimator.pose = lying_pose()
    results = [observer.observe(frame(1 + i / 15)) for i in range(45)]
    assert estimator.postures == ["lying"]
    first = next(result.t_s for result in results if result.chest_px is not None)
    assert first == pytest.approx(1 + SETTLE_S, abs=0.3)


def test_a_moment_of_bending_over_changes_nothing() -> None:
    estimator = FakeEstimator(standing_pose(SIZE))
    observer = Observer(estimator)
    for i in range(60):
        estimator.pose = lying_pose() if i % 20 < 10 else standing_pose(SIZE)
        observer.observe(frame(i / 15))
    assert estimator.postures == []


def test_leaving_it_closes_the_model() -> None:
    estimator = FakeEstimator()
    with Observer(estimator):
        pass
    assert estimator.closed


def test_somebody_who_is_suddenly_upside_down_is_looked_for_afresh() -> None:
    """The network once took feet for a head; it follows what it saw last, and would have gone on doing so."""
    upright = standing_pose(SIZE)
    toppled = Pose(np.float32([0, SIZE[1]]) + upright.xy_px * np.float32([1, -1]), upright.world_m, upright.visibility)
    estimator = FakeEstimator(upright)
    observer = Observer(estimator)
    for i in range(15):
        observer.observe(frame(i / 15))
    estimator.pose = toppled
    observer.observe(frame(1.0))
    assert estimator.postures == ["lying", "upright"]
    for i in range(1, 8):
        observer.observe(frame(1.0 + i / 15))
    assert estimator.postures == ["lying", "upright"], "once: if it is still so, it is believed"


@pytest.mark.parametrize("high", [False, True])
def test_somebody_on_their_head_whose_legs_hang_down_does_not_lie(high: bool) -> None:
    """Of a person whose head is out of the picture the network makes such poses, and never lets go of them."""
    upright = standing_pose(SIZE)
    xy = upright.xy_px.copy()
    hips = (xy[Joint.LEFT_HIP] + xy[Joint.RIGHT_HIP]) / 2
    above = xy[:, 1] < hips[1]
    xy[above, 1] = 2 * hips[1] - xy[above, 1]
    if high:  # hips above the picture, and legs that are not seen to hang
        xy[:, 1] = np.where(above, xy[:, 1], 2 * hips[1] - xy[:, 1]) - hips[1] - 5
    estimator = FakeEstimator(Pose(xy, upright.world_m, upright.visibility))
    observer = Observer(estimator)
    for i in range(int(3 * SETTLE_S * 15)):
        observer.observe(frame(i / 15))
    assert trunk_tilt_deg(estimator.pose) > 130  # type: ignore[arg-type]
    assert "lying" not in estimator.postures


def test_measuring_the_motion_while_the_pose_is_sought_changes_nothing() -> None:
    pattern = np.random.default_rng(1).integers(0, 255, (SIZE[1], SIZE[0] + 40, 3), dtype=np.uint8)
    moving = [Frame(i / 15, np.ascontiguousarray(pattern[:, i : i + SIZE[0]])) for i in range(12)]
    with Observer(FakeEstimator(standing_pose(SIZE)), at_once=True) as at_once:
        beside = [at_once.observe(each).motion for each in moving]
    one_by_one = Observer(FakeEstimator(standing_pose(SIZE)))
    after = [one_by_one.observe(each).motion for each in moving]
    assert beside[0] is None
    assert after[0] is None
    np.testing.assert_array_equal(np.array(beside[1:], np.float32), np.array(after[1:], np.float32))
    assert np.nanmax(np.abs(beside[-1])) > 0.5, "it moved"
