"""Finds points to follow: the strongest corners on each part of the body, and others around it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.perception.image_noise import Grey, Tuning
from coach.perception.regions import REGIONS, Places, away_from
from coach.types import Part

Array = NDArray[np.float32]

WANTED = np.array([region.points for region in REGIONS])  # points on each region
BACKGROUND_POINTS = 90
BACKGROUND_FROM = 2.2  # times every part's reach: anything farther out is background
BACKGROUND_ROWS, BACKGROUND_COLUMNS = 4, 6  # of the grid in each cell of which background is sought
APART_PX = 4.0  # least distance between two points
AROUND_APART_PX = 12  # of the background
_NO_POINTS: Array = np.empty((0, 2), np.float32)
# A knee also lies on the lines of shank and thigh: points near it belong to the knee.
_PREFERENCE = np.array([0.5 if region.part in (Part.LEFT_KNEE, Part.RIGHT_KNEE) else 1.0 for region in REGIONS])


def corners_on_body(
    grey: Grey, places: Places, points: Array, counts: NDArray[Any], tuning: Tuning
) -> tuple[Array, NDArray[np.int8]]:
    """New points (n, 2) on the parts, and the region of each (n,), as many as these parts lack.

    points (m, 2): those that there are already; counts: how many of them each region has.
    """
    import cv2

    starts, ends, reach = places
    low = np.maximum(np.minimum(starts, ends).min(0) - reach.max(), 0).astype(int)
    high = (np.maximum(starts, ends).max(0) + reach.max()).astype(int) + 1
    patch = grey[low[1] : high[1], low[0] : high[0]]
    if min(patch.shape) < 3 * tuning.block_px:
        return _NO_POINTS, np.empty(0, np.int8)
    mask = np.zeros_like(patch)
    shift = low.astype(np.float32)
    for start, end, r, n in zip(starts, ends, reach, WANTED, strict=True):
        if n:
            _draw(mask, start - shift, end - shift, r)
    for x, y in points - shift:
        cv2.circle(mask, (round(float(x)), round(float(y))), round(APART_PX), 0, -1)
    strength: Any = cv2.cornerMinEigenVal(patch, tuning.block_px)
    found = _corners(strength, mask, tuning.least_corner, 4 * int(WANTED.sum()), APART_PX)
    if not len(found):
        return found, np.empty(0, np.int8)
    found = found + shift
    away = away_from(found, places)
    nearest = (away * _PREFERENCE).argmin(1).astype(np.int8)
    near = away.min(1) <= 1.0
    chosen = np.zeros(len(found), bool)
    for index, n in enumerate(WANTED):
        mine = np.flatnonzero((nearest == index) & near)  # strongest first
        chosen[mine[: max(0, int(n) - int(counts[index]))]] = True
    return found[chosen], nearest[chosen]


def corners_around(grey: Grey, places: Places, points: Array, tuning: Tuning) -> Array:
    """New points (n, 2) on the background: the best corners of each cell of a coarse grid, because the camera's
    rotation needs points that lie apart. points (m, 2): those that there are already."""
    import cv2

    mask = np.full_like(grey, 255)
    for start, end, r in zip(*places, strict=True):
        _draw(mask, start, end, BACKGROUND_FROM * r, 0)
    for x, y in points:
        cv2.circle(mask, (round(float(x)), round(float(y))), AROUND_APART_PX, 0, -1)
    strength: Any = cv2.cornerMinEigenVal(grey, tuning.block_px)
    most = BACKGROUND_POINTS // 18
    found = []
    for rows in np.array_split(np.arange(grey.shape[0]), BACKGROUND_ROWS):
        for columns in np.array_split(np.arange(grey.shape[1]), BACKGROUND_COLUMNS):
            if not (rows.size and columns.size):  # a picture of a few pixels
                continue
            cut = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            corners = _corners(strength[cut], mask[cut], tuning.least_corner, most, AROUND_APART_PX)
            found.append(corners + np.array([columns[0], rows[0]], np.float32))
    return np.concatenate([_NO_POINTS, *found])


def _draw(mask: Any, start: Array, end: Array, reach: float, value: int = 255) -> None:
    import cv2

    a, b = ((round(float(p[0])), round(float(p[1]))) for p in (start, end))
    cv2.line(mask, a, b, value, max(1, round(2 * float(reach))))
    cv2.circle(mask, a, max(1, round(float(reach))), value, -1)


def _corners(strength: Array, mask: NDArray[np.uint8], least: float, most: int, apart: float) -> Array:
    """Corners of the picture, strongest first, within the mask and apart from each other."""
    import cv2

    if min(strength.shape) < 3:
        return _NO_POINTS
    peak = (strength >= cv2.dilate(strength, np.ones((3, 3), np.uint8))) & (mask > 0) & (strength > least)
    ys, xs = np.nonzero(peak)
    order = np.argsort(-strength[ys, xs], kind="stable")[: 4 * most]
    taken = np.zeros(strength.shape, bool)
    kept: list[tuple[int, int]] = []
    r = int(apart)
    for i in order:
        y, x = int(ys[i]), int(xs[i])
        if taken[y, x]:
            continue
        taken[max(0, y - r) : y + r + 1, max(0, x - r) : x + r + 1] = True
        kept.append((x, y))
        if len(kept) == most:
            break
    return np.array(kept, np.float32).reshape(-1, 2)
