"""Where in the picture the trunk is: a box that stays put until the trunk has moved."""

from __future__ import annotations

import math

import numpy as np

from coach.types import Joint, Pose

BOX_LONG_PX = 160  # the box is scaled to this for measuring motion: a finer one costs time and follows noise
MARGIN = 0.25  # the box's growth beyond shoulders and hips, as a share of its size
MOVED = 0.20  # the box stays put until the trunk has moved by this share of it
TRUNK = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
_ROWS = np.array(TRUNK)

Box = tuple[int, int, int, int]


def trunk_box(pose: Pose, size_px: tuple[int, int]) -> Box | None:
    """Left, top, right, bottom of the trunk with its margin, cropped to the picture; None if too little is left."""
    xs, ys = pose.xy_px[_ROWS].T.tolist()
    if not math.isfinite(sum(xs) + sum(ys)):
        return None
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    # A trunk seen end-on looks short: never let one side fall below half of the other.
    least = max(width, height) / 2
    left, right = _side(min(xs) + max(xs), max(width, least), size_px[0])
    top, bottom = _side(min(ys) + max(ys), max(height, least), size_px[1])
    if right - left < 24 or bottom - top < 24:
        return None
    return left, top, right, bottom


def _side(ends_px: float, length_px: float, most_px: int) -> tuple[int, int]:
    """Where a side of the box begins and ends, with its margin; ends_px: the sum of both ends without it."""
    half_px = length_px / 2 * (1 + 2 * MARGIN)
    return int(max(ends_px / 2 - half_px, 0)), int(min(ends_px / 2 + half_px, most_px))


def settled_box(before: Box | None, pose: Pose | None, size_px: tuple[int, int]) -> Box | None:
    """The box before, unless the trunk has moved out of it; None if the trunk is not seen."""
    wanted = trunk_box(pose, size_px) if pose is not None else None
    if wanted is None or before is None:
        return wanted
    size = max(before[2] - before[0], before[3] - before[1])
    moved = max(abs(a - b) for a, b in zip(before, wanted, strict=True))
    return wanted if moved > MOVED * size else before
