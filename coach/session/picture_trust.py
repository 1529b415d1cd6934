"""Whether the picture let small movements be followed at all: light enough, and a camera that kept still. Pure."""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.kinematics.body import leg_px
from coach.types import Observation, Part

UNCLEAR = "The picture is too dark, noisy or blurred to follow small movements: turn on more light."
SHAKEN = "The camera moved too much to judge from it: put it down firmly."

# Mean sureness of the trunk's motion. In light it was 0.83 to 0.96, also with a camera in the hand; in dim, noisy
# rendered rooms 0.34 to 0.53, and there drops were missed.
LEAST_SURE = 0.6
WITHIN_S = 2.0
# Of a leg, to and fro within that time: a phone in the hand that sways by 2 cm makes a tenth of it, and is judged.
SHAKEN_LEGS = 0.2
LEAST_S = 3.0


class PictureTrust:
    """Takes observations in order of time."""

    def __init__(self) -> None:
        self._sure = self._pictures = 0.0
        self._shaken_s = self._seen_s = 0.0
        self._camera = np.zeros(2)
        self._path: deque[tuple[float, float, float]] = deque()

    def step(self, observation: Observation) -> None:
        """Take one more observation."""
        pose, motion, t_s = observation.pose, observation.motion, observation.t_s
        if motion is None or pose is None:
            return
        sure, moved = float(motion[Part.TRUNK, 2]), motion[Part.CAMERA, :2]
        if np.isfinite(sure):
            self._sure, self._pictures = self._sure + sure, self._pictures + 1
        self._camera = self._camera + np.nan_to_num(moved)
        passed_s = t_s - self._path[-1][0] if self._path else 0.0
        self._path.append((t_s, float(self._camera[0]), float(self._camera[1])))
        while t_s - self._path[0][0] > WITHIN_S:
            self._path.popleft()
        leg = (leg_px(pose, "left") + leg_px(pose, "right")) / 2
        if passed_s < WITHIN_S and np.isfinite(leg):
            self._seen_s += passed_s
            self._shaken_s += passed_s * bool(np.ptp(np.array(self._path)[:, 1:], axis=0).max() > SHAKEN_LEGS * leg)

    def problem(self) -> str | None:
        """What kept small movements from being followed, as a sentence; None if nothing is known to."""
        if self._seen_s < LEAST_S:
            return None
        if self._sure < LEAST_SURE * self._pictures:
            return UNCLEAR
        return SHAKEN if self._shaken_s > self._seen_s / 2 else None
