"""Corners of the smallest pictures."""

from __future__ import annotations

import numpy as np
import pytest

from coach.perception.corners import corners_around
from coach.perception.image_noise import CLEAR


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 40), (40, 3)])
def test_a_picture_of_a_few_pixels_has_no_background(size: tuple[int, int]) -> None:
    nowhere = np.empty((0, 2), np.float32)
    found = corners_around(np.zeros(size, np.uint8), (nowhere, nowhere, np.empty(0, np.float32)), nowhere, CLEAR)
    assert found.shape == (0, 2)
