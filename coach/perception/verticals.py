"""Where the verticals of the room would meet: how steeply the camera looks down, told by what stands behind somebody.

Edges of doors, walls and cupboards are upright. To a camera that looks down they lean outwards, in proportion to how
far from the middle of the picture they are: all of them point to where a plumb line would vanish. That point alone
says how a view from above foreshortens what is low (coach.kinematics.level_view), whatever the lens.

Line segments by LSD (Grompone von Gioi et al. 2012, IPOL 2, 35-55), and the lean on which most of them agree.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.geometry import clip
from coach.types import FloatArray, Picture, Pose

LONG_PX = 640  # the picture is scaled down to this
SHORTEST = 0.06  # of the picture's height: shorter lines say little
MOST_LEAN = 0.47  # tangent of that of a line that may be upright
AGREES = 0.014  # difference from what most have
# What is tried: the lean in the middle of the picture, and how much more it is a picture's width farther to the right.
LEANS, GROWTHS = np.arange(-0.18, 0.181, 0.009), np.arange(-0.7, 0.841, 0.0175)
MOST_GROWTH = 0.9  # more is steeper than somebody who stands is filmed
MOST_ERROR = 1.0  # of the growth: more says nothing
OTHER_GROWTH = 0.1  # another growth is one that differs by more
RIVAL_POWER = 4  # on which half as much agrees, is hardly one
REFINED = 5  # times
FEWEST = 5  # lines that agree
BESIDE = 0.03  # of the picture's height: what is this near to somebody's joints may be their own outline
LINE_ERROR = 0.004  # of one line as long as the picture is high


def find_verticals(rgb: Picture, pose: Pose | None) -> FloatArray | None:
    """How the lean of what is upright grows to the side (2,); None where too little is upright.

    By how much its tangent is more, positive where the upper end is to the right, a width of the picture farther to the
    right; and the standard error of that.
    """
    import cv2

    height, width = rgb.shape[:2]
    scale = min(1.0, LONG_PX / max(width, height))
    grey: Any = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    if scale < 1.0:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    found: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    if found is None:
        return None
    ends = found.reshape(-1, 2, 2) / scale
    if pose is not None:
        ends = ends[_beside(ends.mean(1), pose.xy_px, BESIDE * height)]
    return agreed_growth(ends, (width, height))


def agreed_growth(ends: NDArray[np.float64], size_px: tuple[int, int]) -> FloatArray | None:
    """The same of line segments (n, 2, 2) with both their ends in pixels of a picture of that size."""
    width, height = size_px
    along = ends[:, 1] - ends[:, 0]
    along = np.where(along[:, 1:] < 0, -along, along)
    size = np.hypot(along[:, 0], along[:, 1]) / height
    lean = -along[:, 0] / np.maximum(along[:, 1], 1e-6)
    upright = (np.abs(lean) < MOST_LEAN) & (size > SHORTEST)
    lean, size = lean[upright], size[upright]
    right, below = ((ends[upright].mean(1) - np.array(size_px) / 2) / width).T
    if len(lean) < FEWEST:
        return None
    agreement = _agreement(lean - LEANS[:, None, None] - GROWTHS[:, None] * _arm(right, below, GROWTHS[:, None])) @ size
    i, j = np.unravel_index(int(agreement.argmax()), agreement.shape)
    if not agreement[i, j] > 0:
        return None
    middle, growth = float(LEANS[i]), float(GROWTHS[j])
    doubt = _rival(agreement.max(0), growth)
    for _ in range(REFINED):
        arm = _arm(right, below, growth)
        weight = size**2 * _agreement(lean - middle - growth * arm)
        spread, about = _spread(arm, weight)
        if np.count_nonzero(weight) < FEWEST or not spread > 0:
            return None
        growth = clip(float(weight @ ((arm - about) * lean) / spread), -MOST_GROWTH, MOST_GROWTH)
        middle = float(weight @ lean / weight.sum()) - growth * about
    arm = _arm(right, below, growth)
    spread, _ = _spread(arm, size * _agreement(lean - middle - growth * arm))
    error = math.hypot(LINE_ERROR / math.sqrt(spread), doubt) if spread > 0 else math.inf
    if error > MOST_ERROR:
        return None
    verticals = np.array([growth, error], np.float32)
    verticals.flags.writeable = False
    return verticals


def _arm(right: NDArray[np.float64], below: NDArray[np.float64], growth: Any) -> NDArray[np.float64]:
    """How far lines are to the right, where what is upright has that growth: the higher they are, the less they lean.

    right, below: of the middle of the picture, in its widths.
    """
    arm: NDArray[np.float64] = right / (1 - np.clip(growth * below, -0.8, 0.8))
    return arm


def _spread(arm: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """The weighted sum of squares about the mean, and the mean; of nothing, zero."""
    total = float(weight.sum())
    if not total > 0:
        return 0.0, 0.0
    about = float(weight @ arm) / total
    return float(weight @ (arm - about) ** 2), about


def _rival(agreement: NDArray[np.float64], growth: float) -> float:
    """How far off another growth is, by how nearly as much agrees with it (len(GROWTHS),)."""
    off = np.abs(GROWTHS - growth)
    other = off > OTHER_GROWTH
    return float((off[other] * (agreement[other] / agreement.max()) ** RIVAL_POWER).max())


def _agreement(off: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far lines agree with a lean: 1 where they have it, 0 from AGREES on."""
    share: NDArray[np.float64] = np.maximum(0.0, 1 - (off / AGREES) ** 2)
    return share


def _beside(points: NDArray[np.float64], joints_px: FloatArray, margin_px: float) -> NDArray[np.bool_]:
    """Which points (n, 2) are beside somebody: outside the box about their joints (33, 2)."""
    low, high = joints_px.min(0) - margin_px, joints_px.max(0) + margin_px
    outside: NDArray[np.bool_] = ((points < low) | (points > high)).any(1)
    return outside
