"""Image motion over the trunk, from which breathing is read later.

Landmarks do not show breathing: their smoothing removes it. Dense optical flow between successive pictures of the
trunk does. It is averaged to a coarse grid here, so that 480 numbers and no picture are kept per frame.
"""

from __future__ import annotations

import numpy as np

from coach.types import FloatArray, Frame, Joint, Pose

GRID = (12, 20)  # rows, columns
BOX_LONG_PX = 160  # the trunk box is scaled to this: a finer flow costs time and follows noise
MARGIN = 0.25  # the box's growth beyond shoulders and hips, as a share of its size
MOVED = 0.20  # the box stays put until the trunk has moved by this share of it
LEAST_INTERVAL_S = 0.045  # breathing is slow: at 30 pictures a second every other one is enough
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


class TrunkFlow:
    """Measures trunk motion from frame to frame. Holds only the last picture of the trunk."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._last: np.ndarray | None = None
        self._last_s = -np.inf

    def measure(self, frame: Frame, pose: Pose | None) -> FloatArray | None:
        """Mean motion (12, 20, 2) since the last measured frame, in pixels of a 160 px trunk box.

        None at the start, after a jump, and for frames too close together to be measured.
        """
        import cv2

        height, width = frame.rgb.shape[:2]
        wanted = trunk_box(pose, (width, height)) if pose is not None else None
        if wanted is None:
            self._box = self._last = None
            return None
        if 0 < frame.t_s - self._last_s < LEAST_INTERVAL_S and self._last is not None:
            return None
        self._last_s = frame.t_s
        if self._box is None or _far(self._box, wanted):
            self._box, self._last = wanted, None
        left, top, right, bottom = self._box
        scale = BOX_LONG_PX / max(right - left, bottom - top)
        size = (max(GRID[1], round((right - left) * scale)), max(GRID[0], round((bottom - top) * scale)))
        grey = cv2.cvtColor(frame.rgb[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            return None
        flow = np.zeros((*grey.shape, 2), np.float32)
        flow = cv2.calcOpticalFlowFarneback(last, grey, flow, 0.5, 3, 15, 3, 5, 1.2, 0)
        grid = cv2.resize(flow, (GRID[1], GRID[0]), interpolation=cv2.INTER_AREA).astype(np.float32)
        grid.flags.writeable = False
        return grid


def _far(box: Box, wanted: Box) -> bool:
    size = max(box[2] - box[0], box[3] - box[1])
    return max(abs(a - b) for a, b in zip(box, wanted, strict=True)) > MOVED * size
