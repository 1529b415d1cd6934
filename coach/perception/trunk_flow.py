"""Image motion over the trunk, from which breathing is read later.

Landmarks do not show breathing: their smoothing removes it. Dense optical flow over the trunk does. It is averaged to a
coarse grid here, so that 480 numbers and no picture are kept per frame.

A breath moves the picture by a pixel or less, over seconds. From one picture to the next that is lost in what the flow
errs by, and the errors of hundreds of pictures would add up to a wandering larger than any breath. So each picture is
compared with the same one for some seconds, and first laid over it as the camera moved: what is left moved by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.paths import camera_motion
from coach.kinematics.trunk_box import BOX_LONG_PX, Box, settled_box
from coach.types import FloatArray, Frame, Pose

GRID = (12, 20)  # rows, columns
LEAST_INTERVAL_S = 0.045  # breathing is slow: at 30 pictures a second every other one is enough
KEY_S = 6.0  # how long pictures are compared with the same one: longer, and light and cloth have changed
MEAN_S = 1.0  # it is the mean of so long: the noise of a single one would stay in all that are compared with it
FAR_PX = 4.0  # of the box: no breath moves a cell so far, and of what does, a fresh picture says more
FINER = 3  # times the box's pixels, of which each is the mean: fine patterns would shimmer as the camera moves

Array = NDArray[np.float32]
Grey = NDArray[np.uint8]


class _Seen(NamedTuple):
    """A picture of the trunk, laid over the first as the camera moved; moved: how far its cells have since."""

    t_s: float
    grey: Grey
    moved: FloatArray


class TrunkFlow:
    """Measures trunk motion from frame to frame. Holds the last second's pictures of the trunk."""

    def __init__(self) -> None:
        self._box: Box | None = None
        # Of the box, top left and right and bottom left, where the camera has moved them since the box was chosen.
        self._corners = np.zeros((3, 2), np.float32)
        self._seen: list[_Seen] = []
        self._key: _Seen | None = None  # with which pictures are compared
        self._until_s = -np.inf
        self._last_s = -np.inf

    def measure(self, frame: Frame, pose: Pose | None, motion: FloatArray | None) -> FloatArray | None:
        """Mean motion (12, 20, 2) since the last measured frame, in pixels of a 160 px trunk box, without the camera's.

        motion: how the parts and the camera moved since the frame before (coach.perception.motion); None after a gap.
        None at the start, after a jump, and for frames too close together to be measured.
        """
        height, width = frame.rgb.shape[:2]
        if motion is None:
            self._key = None
        else:
            self._corners += camera_motion(motion, self._corners, (width, height))
        box = settled_box(self._box, pose, (width, height))
        if box is None:
            self._box = self._key = None
            return None
        if 0 < frame.t_s - self._last_s < LEAST_INTERVAL_S and self._key is not None:
            return None
        self._last_s = frame.t_s
        if box != self._box or self._key is None:
            self._box = box
            self._begin(frame, box)
            return None
        grey = _part(frame.rgb, self._corners, self._key.grey.shape)
        flow = _flow(self._key.grey, grey)
        moved = self._key.moved + flow
        step: FloatArray = moved - self._seen[-1].moved
        step.flags.writeable = False
        self._follow(_Seen(frame.t_s, grey, moved), far=float(np.abs(flow).max()) > FAR_PX)
        return step

    def _begin(self, frame: Frame, box: Box) -> None:
        left, top, right, bottom = box
        scale = BOX_LONG_PX / max(right - left, bottom - top)
        shape = max(GRID[0], round((bottom - top) * scale)), max(GRID[1], round((right - left) * scale))
        self._corners = np.array([(left, top), (right, top), (left, bottom)], np.float32)
        grey = _part(frame.rgb, self._corners, shape)
        self._follow(_Seen(frame.t_s, grey, np.zeros((*GRID, 2), np.float32)), far=True)

    def _follow(self, seen: _Seen, far: bool) -> None:
        """Compare the next pictures with this one if it is far from the last key, or with the mean when that is old."""
        self._seen = [seen] if far else [*(each for each in self._seen if seen.t_s - each.t_s < MEAN_S), seen]
        if far or seen.t_s >= self._until_s:
            grey = np.asarray(np.mean([each.grey for each in self._seen], axis=0).round(), np.uint8)
            self._key = _Seen(seen.t_s, grey, np.mean([each.moved for each in self._seen], axis=0))
            self._until_s = seen.t_s + (MEAN_S if far else KEY_S)


def _part(rgb: NDArray[np.uint8], corners: Array, shape: tuple[int, ...]) -> Grey:
    """The part of a picture between top left, top right and bottom left, (3, 2), in grey (rows, columns)."""
    import cv2

    rows, columns = shape
    fine = FINER * columns, FINER * rows
    # Whole pixels have their middles at .5, and OpenCV counts from there.
    ends = np.array([(0, 0), (fine[0], 0), (0, fine[1])], np.float32)
    matrix = cv2.getAffineTransform(corners - np.float32(0.5), ends - np.float32(0.5))
    grey: Any = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    grey = cv2.warpAffine(grey, matrix, fine, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.resize(grey, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(grey)


def _flow(key: Grey, grey: Grey) -> FloatArray:
    """How far each cell of the grid moved (12, 20, 2)."""
    import cv2

    flow: Any = np.zeros((*grey.shape, 2), np.float32)
    flow = cv2.calcOpticalFlowFarneback(key, grey, flow, 0.5, 3, 15, 3, 5, 1.2, 0)
    grid: Any = cv2.resize(flow, GRID[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(grid, np.float32)
