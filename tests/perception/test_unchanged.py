"""The network is asked again where a picture has changed, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from coach.perception.unchanged import FRESH_S, MOVED_PX, SMALL_PX, WhereChanged, moved_px
from coach.types import Frame, Pose

HEIGHT, WIDTH = 720, 1280
SCALE = WIDTH / SMALL_PX


class Counting:
    """Finds somebody, or nobody, and counts how often it was asked."""

    def __init__(self, poses: tuple[Pose, ...]) -> None:
        self.poses = poses
        self.asked = 0
        self.prepared: list[str] = []

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.asked += 1
        return self.poses

    def prepare(self, posture: str) -> None:
        self.prepared.append(posture)

    def close(self) -> None:
        pass


SOMEBODY = (Pose(np.zeros((33, 2), np.float32), np.zeros((33, 3), np.float32), np.ones(33, np.float32)),)


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


def asked(*pictures: np.ndarray, poses: tuple[Pose, ...] = SOMEBODY, step_s: float = 0.05) -> int:
    """How often the network is asked about these pictures."""
    network = Counting(poses)
    estimator = WhereChanged(network)
    assert [estimator.estimate(Frame(n * step_s, picture)) for n, picture in enumerate(pictures)]
    return network.asked


def test_the_same_picture_is_not_asked_about_again() -> None:
    assert asked(room(), room(), room()) == 1


@pytest.mark.parametrize(("share", "times"), [(0.4, 1), (2.5, 2)])
def test_a_small_movement_is_let_pass_and_a_larger_one_is_not(share: float, times: int) -> None:
    assert asked(room(), shifted(room(), share * MOVED_PX * SCALE)) == times


def test_what_moves_in_a_small_part_of_the_picture_is_noticed() -> None:
    assert asked(room(), shifted(room(), 4 * MOVED_PX * SCALE, rows=slice(600, 650))) == 2


def test_slow_movement_adds_up() -> None:
    pictures = [shifted(room(), n * 0.4 * MOVED_PX * SCALE) for n in range(7)]
    assert 2 <= asked(*pictures) <= 4


def test_movement_is_told_in_pixels() -> None:
    small = cv2.resize(room()[:, :, 0], (320, 180), interpolation=cv2.INTER_AREA).astype(np.float32)
    moved = cv2.resize(shifted(room(), 2.0)[:, :, 0], (320, 180), interpolation=cv2.INTER_AREA).astype(np.float32)
    assert moved_px(small, moved) == pytest.approx(0.5, rel=0.5)
    assert moved_px(small, small) == 0


def test_a_noisy_picture_is_asked_about() -> None:
    noise = np.random.default_rng(2).normal(0, 25, room().shape)
    assert asked(room(), (room() + noise).clip(0, 255).astype(np.uint8)) == 2


def test_a_pose_is_never_old() -> None:
    assert asked(*[room()] * 5, step_s=FRESH_S / 2 + 0.01) == 3


def test_where_nobody_was_found_they_are_sought() -> None:
    assert asked(room(), room(), room(), poses=()) == 3


def test_another_size_or_an_earlier_time_is_another_video() -> None:
    network = Counting(SOMEBODY)
    estimator = WhereChanged(network)
    estimator.estimate(Frame(1.0, room()))
    estimator.estimate(Frame(1.1, room()[:360]))
    estimator.estimate(Frame(0.0, room()[:360]))
    assert network.asked == 3


def test_another_posture_is_looked_at_anew() -> None:
    network = Counting(SOMEBODY)
    estimator = WhereChanged(network)
    estimator.estimate(Frame(0.0, room()))
    estimator.prepare("lying")
    estimator.estimate(Frame(0.1, room()))
    assert (network.asked, network.prepared) == (2, ["lying"])


def test_a_tiny_picture_is_taken_as_unchanged() -> None:
    assert asked(room()[:4, :4], room()[:4, :4]) == 1
