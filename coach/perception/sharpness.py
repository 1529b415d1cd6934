"""How sharp a person's image is."""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.body import CORE
from coach.types import Joint, Picture, Pose

# Small enough to be cheap and comparable between cameras, large enough for blur to survive the scaling.
BOX_LONG_PX = 480
LEAST_PX = 24  # a smaller box holds too few pixels to measure
BOX = [Joint.NOSE, *CORE, Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_TOE, Joint.RIGHT_TOE]


def sharpness(rgb: Picture, pose: Pose) -> float:
    """Variance of the Laplacian over the person, in squared grey levels (0..255); NaN if the box is too small.

    The box round head, trunk and legs, cropped to the picture, is converted to grey and scaled down (never up) to 480
    pixels on its longer side. rgb: (height, width, 3). Source: Pech-Pacheco et al. 2000, Diatom autofocusing in
    brightfield microscopy.
    """
    import cv2

    points = pose.xy_px[BOX]
    if not np.isfinite(points).all():
        return math.nan
    height, width = rgb.shape[:2]
    left, top = np.clip(points.min(0), 0, (width, height)).astype(int)
    right, bottom = np.clip(points.max(0), 0, (width, height)).astype(int)
    longer = max(right - left, bottom - top)
    if min(right - left, bottom - top) < LEAST_PX:
        return math.nan
    grey = cv2.cvtColor(rgb[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    if longer > BOX_LONG_PX:
        scale = BOX_LONG_PX / longer
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(deviation[0, 0]) ** 2
