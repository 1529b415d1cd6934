"""Where in the picture the trunk is: a box that stays put until the trunk has moved."""

from __future__ import annotations

import numpy as np

from coach.types import Joint, Pose

MARGIN = 0.25  # the box's growth beyond shoulders and hips, as a share of its size
MOVED = 0.20  # the box stays put until the trunk has moved by this share of it
TRUNK = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)

Box = tuple[int, int, int, int]


def trunk_box(pose: Pose, size_px: tuple[int, int]) -> Box | None:
    """Left, top, right, bottom of the trunk with its margin, cropped to the picture; None if too little is left."""
    points = pose.xy_px[list(TRUNK)]
    if not np.isfinite(points).all():
        return None
    low, high = points.min(0), points.max(0)
    # A trunk seen end-on looks short: never let one side fall below half of the other.
    centre, half = (low + high) / 2, (high - low) / 2
    half = np.maximum(half, half.max() / 2) * (1 + 2 * MARGIN)
    left, top = np.maximum(centre - half, 0).astype(int)
    right, bottom = np.minimum(centre + half, size_px).astype(int)
    if right - left < 24 or bottom - top < 24:
        return None
    return int(left), int(top), int(right), int(bottom)


def settled_box(before: Box | None, pose: Pose | None, size_px: tuple[int, int]) -> Box | None:
    """The box before, unless the trunk has moved out of it; None if the trunk is not seen."""
    wanted = trunk_box(pose, size_px) if pose is not None else None
    if wanted is None or before is None:
        return wanted
    size = max(before[2] - before[0], before[3] - before[1])
    moved = max(abs(a - b) for a, b in zip(before, wanted, strict=True))
    return wanted if moved > MOVED * size else before
