"""How sharp the picture of a person is."""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.body import CORE
from coach.types import Joint, Picture, Pose

# Small enough to cost little and to mean the same for every camera, large enough for a blur to survive the scaling.
BOX_LONG_PX = 480
LEAST_PX = 24  # a smaller box holds too few pixels to say anything
BOX = [Joint.NOSE, *CORE, Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_TOE, Joint.RIGHT_TOE]


def sharpness(rgb: Picture, pose: Pose) -> float:
    """Variance of the Laplacian over the person, in squared grey levels (0..255); NaN where too little is left.

    The box round head, trunk and legs, cut to the picture, is made grey and its longer side brought down to 480
    pixels (never up). rgb: (height, width, 3). Source: Pech-Pacheco et al. 2000, Diatom autofocusing in brightfield
    microscopy.
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
