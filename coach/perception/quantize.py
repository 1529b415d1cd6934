"""The precision of a stored observation: finer than any camera sees, coarse enough to take little space.

The observer rounds once, before anything is judged. A recording therefore holds exactly what was judged live, and
judging it again gives exactly the same result.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coach.types import FloatArray, Observation, Pose

XY_STEPS_PER_PX = 64  # joints: a 64th of a pixel
VISIBILITY_STEPS = 255  # fits one byte


def rounded(observation: Observation) -> Observation:
    """The observation with each number rounded to a recording's precision. Idempotent."""
    pose = observation.pose
    chest = observation.chest_px
    return replace(
        observation,
        pose=None if pose is None else _rounded_pose(pose),
        chest_px=None if chest is None else _half(chest),
        motion=None if observation.motion is None else _half(observation.motion),
        verticals=None if observation.verticals is None else _half(observation.verticals),
        brightness=float(np.float32(observation.brightness)),
        sharpness=float(np.float32(observation.sharpness)),
    )


def _rounded_pose(pose: Pose) -> Pose:
    xy = (np.round(pose.xy_px * XY_STEPS_PER_PX) / XY_STEPS_PER_PX).astype(np.float32)
    visibility = visibility_from_byte(visibility_to_byte(pose.visibility))
    xy.flags.writeable = False
    return Pose(xy, _half(pose.world_m), visibility)


def visibility_to_byte(visibility: FloatArray) -> NDArray[np.uint8]:
    """0..1 as 0..255; NaN counts as not visible."""
    return np.round(np.clip(np.nan_to_num(visibility), 0, 1) * VISIBILITY_STEPS).astype(np.uint8)


def visibility_from_byte(visibility: NDArray[np.uint8]) -> FloatArray:
    """The inverse of ``visibility_to_byte``."""
    array: FloatArray = (visibility / np.float32(VISIBILITY_STEPS)).astype(np.float32)
    array.flags.writeable = False
    return array


def _half(values: FloatArray) -> FloatArray:
    """Rounded to 16-bit floats: to about one part in 2000."""
    array = values.astype(np.float16).astype(np.float32)
    array.flags.writeable = False
    return array
