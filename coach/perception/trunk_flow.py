"""Image motion over the trunk, from which breathing is read later.

Landmarks do not show breathing: their smoothing removes it. Dense optical flow between successive pictures of the
trunk does. It is averaged to a coarse grid here, so that 480 numbers and no picture are kept per frame.
"""

from __future__ import annotations

import numpy as np

from coach.kinematics.trunk_box import Box, settled_box
from coach.types import FloatArray, Frame, Pose

GRID = (12, 20)  # rows, columns
BOX_LONG_PX = 160  # the trunk box is scaled to this: a finer flow costs time and follows noise
LEAST_INTERVAL_S = 0.045  # breathing is slow: at 30 pictures a second every other one is enough


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
        box = settled_box(self._box, pose, (width, height))
        if box is None:
            self._box = self._last = None
            return None
        if 0 < frame.t_s - self._last_s < LEAST_INTERVAL_S and self._last is not None:
            return None
        self._last_s = frame.t_s
        if box != self._box:
            self._box, self._last = box, None
        left, top, right, bottom = box
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
