"""The network is asked again where a picture has changed, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from coach.perception.unchanged import FRESH_S, MOVED_PX, SMALL_PX, WhenChanged, moved_px
from coach.types import Frame, Pose
from tests.scripts import Standing, camera_for_standing

HEIGHT, WIDTH = 720, 1280
SCALE = WIDTH / SMALL_PX


class Counting:
    """Finds somebody, or nobody, and counts how often it was asked. trembles_px: between one answer and the next."""

    def __init__(self, poses: tuple[Pose, ...], trembles_px: float = 0.0) -> None:
        self.poses = poses
        self.trembles_px = trembles_px
        self.asked = 0
        self.prepared: list[str] = []

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.asked += 1
        aside = np.float32(self.trembles_px * (self.asked % 2))
        return tuple(Pose(each.xy_px + aside, each.world_m, each.visibility) for each in self.poses)

    def prepare(self, posture: str) -> None:
        self.prepared.append(posture)

    def close(self) -> None:
        pass


SOMEBODY = (camera_for_standing(30).pose(Standing().joints()),)


def room(seed: int = 1) -> np.ndarray:
    """A picture (height, width, 3) of soft shapes."""
    grey = np.random.default_rng(seed).uniform(0, 255, (HEIGHT // 40, WIDTH // 40)).astype(np.float32)
    smooth = cv2.resize(grey, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.repeat(smooth.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def shifted(picture: np.ndarray, px: float, rows: slice = slice(None)) -> np.ndarray:
    """The picture, of which these rows moved to the right."""
    moved = cv2.warpAffine(
        picture, np.array([[1.0, 0, px], [0, 1, 0]]), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE
    )
    result = picture.copy()
    result[rows] = moved[rows]
    return result


def asked(
    *pictures: np.ndarray, poses: tuple[Pose, ...] = SOMEBODY, step_s: float = 0.05, trembles_px: float = 0.0
) -> int:
    """How often the network is asked about these pictures, of which the first one is seen twice before."""
    network = Counting(poses, trembles_px)
    estimator = WhenChanged(network)
    for n, picture in enumerate((pictures[0], *pictures)):
        estimator.estimate(Frame(n * step_s, picture))
    return network.asked - 2


def test_the_same_picture_is_asked_about_twice() -> None:
    assert asked(room(), room(), room(), room()) == 0


def test_answers_that_differ_are_not_relied_on() -> None:
    assert asked(room(), room(), room(), room(), trembles_px=10.0) == 3


def test_answers_that_differ_by_little_are_the_same() -> None:
    assert asked(room(), room(), room(), trembles_px=1.0) == 0


@pytest.mark.parametrize(("share", "times"), [(0.4, 0), (2.5, 1)])
def test_a_small_movement_is_let_pass_and_a_larger_one_is_not(share: float, times: int) -> None:
    assert asked(room(), shifted(room(), share * MOVED_PX * SCALE)) == times


@pytest.mark.parametrize("rows", [slice(0, 14), slice(600, 650), slice(HEIGHT - 14, HEIGHT)])
def test_what_moves_in_a_small_part_of_the_picture_is_noticed(rows: slice) -> None:
    assert asked(room(), shifted(room(), 10 * MOVED_PX * SCALE, rows)) == 1


def test_slow_movement_adds_up() -> None:
    assert asked(*[shifted(room(), n * 0.4 * MOVED_PX * SCALE) for n in range(7)]) >= 2


def test_movement_is_told_in_pixels() -> None:
    small = cv2.resize(room()[:, :, 0], (320, 176), interpolation=cv2.INTER_AREA).astype(np.float32)
    moved = cv2.resize(shifted(room(), 2.0)[:, :, 0], (320, 176), interpolation=cv2.INTER_AREA).astype(np.float32)
    assert moved_px(small, moved) == pytest.approx(0.5, rel=0.5)
    assert moved_px(small, small) == 0


def test_a_noisy_picture_is_asked_about() -> None:
    noise = np.random.default_rng(2).normal(0, 25, room().shape)
    assert asked(room(), (room() + noise).clip(0, 255).astype(np.uint8)) == 1


def test_a_pose_is_never_old() -> None:
    assert asked(*[room()] * 5, step_s=FRESH_S / 2 + 0.01) == 2


def test_where_nobody_was_found_they_are_sought() -> None:
    assert asked(room(), room(), room(), poses=()) == 2


def test_another_size_or_an_earlier_time_is_another_video() -> None:
    network = Counting(SOMEBODY)
    estimator = WhenChanged(network)
    for t_s, picture in [(1.0, room()), (1.1, room()), (1.2, room()[:360]), (0.0, room()), (0.1, room())]:
        estimator.estimate(Frame(t_s, picture))
    assert network.asked == 5


def test_who_lies_is_looked_at_in_every_picture_and_who_stands_up_anew() -> None:
    network = Counting(SOMEBODY)
    estimator = WhenChanged(network)
    asked = []
    for n in range(12):
        if n in (4, 8):
            estimator.prepare("lying" if n == 4 else "upright")
        estimator.estimate(Frame(n / 20, room()))
        asked.append(network.asked)
    assert asked == [1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert network.prepared == ["lying", "upright"]


def test_a_tiny_picture_can_be_compared() -> None:
    assert asked(room()[:4, :4], room()[:4, :4]) == 0
