"""Metres from a picture: how large a body is, by what the estimator says or by the person's height. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach.errors import OptionError
from coach.session.timeline import Landmarks
from coach.types import Joint

# Shares of the body height: thigh and shank, and from the hips to the shoulders (Drillis & Contini 1966, as in Winter
# 2009, Biomechanics and Motor Control of Human Movement, fig. 4.1).
LEG_SHARE = 0.245 + 0.246
TRUNK_SHARE = 0.818 - 0.530
LEAST_HEIGHT_M, MOST_HEIGHT_M = 0.5, 2.5
# Root of the mean squared error of the metres on rendered people of 1.45 to 1.93 m whose size is known (tests/messy):
# standing, 22 clips of 16 bodies, worst 10 % by height and 21 % without; lying, 10 clips, worst 50 % by height.
ERROR_SHARE = {("height", "standing"): 0.03, ("height", "lying"): 0.25}
ERROR_SHARE |= {("estimator", "standing"): 0.12, ("estimator", "lying"): 0.20}


@dataclass(frozen=True, slots=True)
class Scale:
    """factor: multiplies the estimator's metres. error_share: their typical error, 0.03 for 3 %."""

    factor: float
    error_share: float


def check_height(height_m: float | None) -> float | None:
    """A body height in metres, or None. Raises OptionError out of range."""
    if height_m is not None and not LEAST_HEIGHT_M <= height_m <= MOST_HEIGHT_M:
        raise OptionError(
            f"a height of {height_m:g} m is out of range", f"Give metres, {LEAST_HEIGHT_M:g} to {MOST_HEIGHT_M:g}"
        )
    return height_m


def scale_of(landmarks: Landmarks, height_m: float | None = None) -> Scale:
    """How to scale the estimator's metres. height_m: of the person; None leaves them as they are.

    The length that is compared is that of legs and trunk, median over all frames in which somebody was seen.
    """
    posture = "lying" if _lies(landmarks) else "standing"
    if height_m is None:
        return Scale(1.0, ERROR_SHARE["estimator", posture])
    world = landmarks.world_m.astype(np.float64)

    def length(a: Joint, b: Joint) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.asarray(np.linalg.norm(world[:, a] - world[:, b], axis=1))

    legs = (
        length(Joint.LEFT_HIP, Joint.LEFT_KNEE)
        + length(Joint.LEFT_KNEE, Joint.LEFT_ANKLE)
        + length(Joint.RIGHT_HIP, Joint.RIGHT_KNEE)
        + length(Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)
    ) / 2
    hips = (world[:, Joint.LEFT_HIP] + world[:, Joint.RIGHT_HIP]) / 2
    shoulders = (world[:, Joint.LEFT_SHOULDER] + world[:, Joint.RIGHT_SHOULDER]) / 2
    seen_m = legs + np.linalg.norm(shoulders - hips, axis=1)
    known_m = seen_m[np.isfinite(seen_m)]
    factor = (LEG_SHARE + TRUNK_SHARE) * height_m / float(np.median(known_m)) if known_m.size else math.nan
    return Scale(factor, ERROR_SHARE["height", posture])


def _lies(landmarks: Landmarks) -> bool:
    """Whether the trunk is nearer to horizontal than to upright in the picture, in most frames."""
    xy = landmarks.xy_px
    hips = (xy[:, Joint.LEFT_HIP] + xy[:, Joint.RIGHT_HIP]) / 2
    along = np.abs(hips - (xy[:, Joint.LEFT_SHOULDER] + xy[:, Joint.RIGHT_SHOULDER]) / 2)
    along = along[np.isfinite(along).all(axis=1)]
    return bool(along.size and np.median(along[:, 0]) > np.median(along[:, 1]))
