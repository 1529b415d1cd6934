"""How sharp the picture of a person is."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from coach.guide.setup_checks import LEAST_SHARPNESS
from coach.perception.observer import Observer
from coach.perception.quantize import rounded
from coach.perception.sharpness import sharpness
from coach.types import Frame, Picture
from tests.conftest import FakeEstimator, standing_pose

SIZE = (640, 480)


def clothes(size: tuple[int, int] = SIZE) -> Picture:
    """Patches of cloth, each a little lighter or darker than the next."""
    patches = np.random.default_rng(0).integers(90, 150, (size[1] // 20, size[0] // 20), np.uint8)
    return np.repeat(np.kron(patches, np.ones((20, 20), np.uint8))[..., None], 3, axis=2)


def blurred(rgb: Picture) -> Picture:
    return cv2.GaussianBlur(rgb, (0, 0), 4).astype(np.uint8)


def test_the_check_tells_sharp_from_blurred() -> None:
    pose = standing_pose(SIZE)
    assert sharpness(clothes(), pose) > 3 * LEAST_SHARPNESS
    assert sharpness(blurred(clothes()), pose) < LEAST_SHARPNESS


def test_only_the_person_counts() -> None:
    pose = standing_pose(SIZE, height=0.5)
    rgb = blurred(clothes())
    rgb[:, :160] = rgb[:, -160:] = 0
    rgb[::2, :160] = rgb[::2, -160:] = 255
    assert sharpness(rgb, pose) < LEAST_SHARPNESS


def test_where_too_little_of_the_person_is_left_it_is_unknown() -> None:
    assert math.isnan(sharpness(clothes(), standing_pose(SIZE, x=2.0)))
    assert math.isnan(sharpness(clothes(), standing_pose(SIZE, height=0.02)))


def test_the_observer_keeps_it_as_exactly_as_a_recording_does() -> None:
    seen = Observer(FakeEstimator(standing_pose(SIZE))).observe(Frame(0.0, clothes()))
    assert seen.sharpness == pytest.approx(sharpness(clothes(), standing_pose(SIZE)))
    assert rounded(seen).sharpness == seen.sharpness
    assert math.isnan(Observer(FakeEstimator()).observe(Frame(0.0, clothes())).sharpness)
