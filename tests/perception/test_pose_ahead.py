"""Poses that are found ahead are those that the estimator finds picture by picture."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from coach.errors import ModelError
from coach.perception.pose_ahead import PoseAhead
from coach.perception.pose_estimator import PoseEstimator, Posture
from coach.perception.unchanged import WhenChanged
from coach.perception.watched_video import WatchedVideo
from coach.types import Frame, Pose
from coach.video.prefetch import read_ahead
from tests.conftest import SAMPLES

SIZE = (64, 48)
# Known after these pictures.
SWITCHES: dict[float, Posture] = {
    0.5: "lying",
    1.2: "lying",
    1.3: "upright",
    1.4: "lying",
}


class Tracker:
    """A pose tells the pictures that were seen since tracking began."""

    def __init__(self) -> None:
        self.posture: Posture = "upright"
        self.tracked: list[float] = []
        self.closed = False

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.tracked.append(frame.t_s)
        return (pose(*self.tracked),)

    def prepare(self, posture: Posture) -> None:
        if posture != self.posture:
            self.posture, self.tracked = posture, []

    def close(self) -> None:
        self.closed = True


def pose(*told: float) -> Pose:
    return Pose(np.array(told, np.float32).reshape(-1, 1), np.zeros((33, 3), np.float32), np.ones(33, np.float32))


def frames(count: int) -> list[Frame]:
    return [Frame(n / 10, np.zeros((SIZE[1], SIZE[0], 3), np.uint8)) for n in range(count)]


def told(estimator: Tracker | PoseAhead, given: list[Frame]) -> list[list[float]]:
    found = []
    announced = read_ahead(estimator.announce(given), depth=5) if isinstance(estimator, PoseAhead) else given
    for frame in announced:
        found.append(estimator.estimate(frame)[0].xy_px[:, 0].tolist())
        if (posture := SWITCHES.get(frame.t_s)) is not None:
            estimator.prepare(posture)
    return found


def test_the_poses_are_those_of_the_estimator_alone_also_where_the_posture_changes() -> None:
    given = frames(30)
    tracker = Tracker()
    with PoseAhead(tracker) as ahead:
        assert told(ahead, given) == told(Tracker(), given)
    assert tracker.closed


def test_an_error_is_raised_at_its_picture() -> None:
    class Broken(Tracker):
        def estimate(self, frame: Frame) -> tuple[Pose, ...]:
            if frame.t_s > 0.45:
                raise ModelError("it broke", "mend it")
            return super().estimate(frame)

    seen = []
    with PoseAhead(Broken()) as ahead, pytest.raises(ModelError, match="it broke"):
        for frame in ahead.announce(frames(10)):
            ahead.estimate(frame)
            seen.append(frame.t_s)
    assert seen == [0.0, 0.1, 0.2, 0.3, 0.4]


def test_a_picture_that_was_not_announced_is_looked_at_as_well() -> None:
    with PoseAhead(Tracker()) as ahead:
        assert ahead.estimate(Frame(7.0, frames(1)[0].rgb))[0].xy_px[:, 0].tolist() == [7.0]


@pytest.mark.model
@pytest.mark.parametrize("name", ["hiker_right_30fps.mp4", "strap_left_30fps.mp4"])
def test_a_video_is_observed_as_by_one_network(name: str) -> None:
    with WatchedVideo(SAMPLES / name, 5.0) as watched:
        ahead = list(islice(watched, 12))
    with WatchedVideo(SAMPLES / name, 5.0, estimator=WhenChanged(PoseEstimator())) as watched:
        alone = list(islice(watched, 12))
    assert any(one.pose is not None for one in alone)
    for one, other in zip(ahead, alone, strict=True):
        assert (one.pose is None) == (other.pose is None)
        if one.pose is not None and other.pose is not None:
            np.testing.assert_array_equal(one.pose.xy_px, other.pose.xy_px)
            np.testing.assert_array_equal(one.pose.world_m, other.pose.world_m)
            np.testing.assert_array_equal(one.pose.visibility, other.pose.visibility)
