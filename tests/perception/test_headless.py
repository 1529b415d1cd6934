"""People of whom the picture shows hips and legs alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.kinematics.body import mid, shoulders_seen
from coach.kinematics.side_keeper import exchanged
from coach.perception.headless import GUESS_S, KEPT, Answer, Headless, Region, completed, shoulders_out
from coach.perception.observer import Observer
from coach.perception.pose_estimator import MODEL_PATH, PoseEstimator
from coach.types import Frame, Joint, Pose
from coach.video.file import VideoFile
from tests.conftest import SAMPLES, FakeEstimator, standing_pose

SIZE = (640, 480)
PICTURE = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)


def raised(share: float) -> Pose:
    """Somebody standing, larger and higher in the picture: so much of their height is above it."""
    pose = standing_pose(SIZE)
    high = float(np.ptp(pose.xy_px[:, 1]))
    scale = 0.9 * SIZE[1] / (high * (1 - share))
    xy = pose.xy_px * scale
    away = np.array([SIZE[0] / 2 - xy[:, 0].mean(), 0.95 * SIZE[1] - xy[:, 1].max()], np.float32)
    return Pose((xy + away).astype(np.float32), pose.world_m, pose.visibility)


class Says:
    """A network that always says the same, and remembers where it was asked."""

    def __init__(self, pose: Pose, sure: float = 0.9) -> None:
        self.answer = Answer(pose, Region(320.0, 100.0, 700.0), sure)
        self.asked: list[Region] = []

    def ask(self, rgb: np.ndarray, region: Region) -> Answer:
        self.asked.append(region)
        return self.answer


def look(network: Says, times: int = 1, every_s: float = 1 / 12) -> list[Pose | None]:
    headless = Headless(MODEL_PATH, network)
    return [headless.look(Frame(i * every_s, PICTURE)) for i in range(times)]


def test_whose_shoulders_are_out_of_the_picture() -> None:
    assert shoulders_out(raised(0.4))
    assert not shoulders_out(raised(0.05))
    upside_down = raised(0.4)
    assert not shoulders_out(replace(upside_down, xy_px=SIZE[1] - upside_down.xy_px))


def test_they_are_found_and_followed() -> None:
    network = Says(raised(0.4))
    assert all(pose is not None for pose in look(network, 5))
    assert network.asked[2] == network.answer.region


def test_nobody_is_found_where_the_network_is_not_sure_or_a_head_would_be_in_the_picture() -> None:
    assert look(Says(raised(0.4), sure=0.6)) == [None]
    assert look(Says(raised(0.0))) == [None]


def test_somebody_followed_is_let_go_when_the_network_is_no_longer_sure() -> None:
    network = Says(raised(0.4))
    headless = Headless(MODEL_PATH, network)
    assert headless.look(Frame(0.0, PICTURE)) is not None
    network.answer = replace(network.answer, sure=KEPT - 0.1)
    assert headless.look(Frame(0.1, PICTURE)) is None


def test_in_an_empty_room_it_guesses_now_and_then_and_everywhere() -> None:
    network = Says(raised(0.4), sure=0.1)
    look(network, times=121)
    assert len(network.asked) <= 2 * (10 / GUESS_S + 1)
    assert len({region.x for region in network.asked}) == 3


@pytest.mark.parametrize("swapped", [False, True])
def test_they_face_the_camera(swapped: bool) -> None:
    pose = exchanged(raised(0.4)) if swapped else raised(0.4)
    told = completed(pose)
    assert told.xy_px[Joint.LEFT_ANKLE, 0] > told.xy_px[Joint.RIGHT_ANKLE, 0]


def test_shoulders_are_put_where_most_people_have_them_and_marked_as_unseen() -> None:
    pose = raised(0.4)
    xy = pose.xy_px.copy()
    xy[: Joint.RIGHT_SHOULDER + 1, 1] += 200  # as the network puts them, into the picture
    told = completed(replace(pose, xy_px=xy))
    hip, shoulder, ankle = (mid(told.xy_px, name) for name in ("hip", "shoulder", "ankle"))
    assert (hip[1] - shoulder[1]) / (ankle[1] - hip[1]) == pytest.approx(0.65, abs=0.01)
    assert not shoulders_seen(told)
    assert shoulders_seen(pose)
    assert told.xy_px[Joint.LEFT_KNEE] == pytest.approx(pose.xy_px[Joint.LEFT_KNEE])


def test_the_observer_asks_where_the_network_sees_nobody_or_somebody_on_their_head() -> None:
    headless = Headless(MODEL_PATH, Says(raised(0.4)))
    toppled = replace(raised(0.0), xy_px=SIZE[1] - raised(0.0).xy_px)
    estimator = FakeEstimator()
    observer = Observer(estimator, headless=headless)
    for i, pose in enumerate((None, toppled, raised(0.4))):
        estimator.pose = pose
        seen = observer.observe(Frame(i / 12, PICTURE)).pose
        assert seen is not None
        assert not shoulders_seen(seen)
    estimator.pose = raised(0.05)
    seen = observer.observe(Frame(0.5, PICTURE)).pose
    assert seen is not None
    assert shoulders_seen(seen)


def test_hips_and_legs_of_a_picture_cut_at_the_waist_are_where_the_whole_picture_has_them() -> None:
    """The network itself, on the same picture with and without its upper part."""
    with VideoFile(SAMPLES / "hiker_right_30fps.mp4") as video:
        frame = next(iter(video))
    with PoseEstimator() as estimator:
        whole = estimator.estimate(frame)[0]
    hip, ankle = mid(whole.xy_px, "hip"), mid(whole.xy_px, "ankle")
    leg = ankle[1] - hip[1]
    top = round(float(hip[1] - 0.4 * leg))
    cut = Frame(0.0, np.ascontiguousarray(frame.rgb[top:]))
    headless = Headless(MODEL_PATH)
    found = [headless.look(Frame(i * GUESS_S, cut.rgb)) for i in range(8)]
    pose = found[-1]
    assert pose is not None
    rows = [joint for joint in Joint if Joint.LEFT_HIP <= joint <= Joint.RIGHT_ANKLE]
    off = np.linalg.norm(pose.xy_px[rows] + [0, top] - whole.xy_px[rows], axis=1)
    assert off.max() < 0.1 * leg
