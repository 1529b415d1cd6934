"""Notices that the network exchanges the legs of somebody lying: where one leg falls towards the camera and hides the
other, their joints change places within a quarter of a second, and stay so for as long as the leg is there.

Hips and shoulders stay where they are, so it is no turn of the body; and nobody changes a raised for a lying leg that
fast. What the network says of depth is wrong then, too, so it cannot be undone. Pure.
"""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.body import LYING_DEG, leg_px, trunk_tilt_deg
from coach.kinematics.geometry import Vector, share_of
from coach.types import SIDES, Observation, Pose, joint

QUICK_S = 0.5  # between two pictures in which the legs are apart: an exchange takes a quarter of a second
# Of the leg a second, for both ankles: in an exchange 3 and more, in bicycle legs at one turn a second 1 to 2.
FAST = 2.5
APART = 0.2  # of the leg: knees or ankles nearer than this tell no legs
SAME = 0.5  # of the line from right to left as it was: so much of it is the same, or the opposite
_KNEE_AND_ANKLE = [np.array([joint("knee", side), joint("ankle", side)]) for side in SIDES]


class LegWatch:
    """Follows one person who lies."""

    def __init__(self) -> None:
        self._spans: list[tuple[float, float]] = []  # in which the legs were exchanged
        self._last_s = float("nan")
        self._forget()

    def step(self, observation: Observation) -> None:
        """Take one observation, in order of time."""
        t_s, pose = observation.t_s, observation.pose
        if pose is None:
            return
        if not trunk_tilt_deg(pose) > LYING_DEG:
            self._forget()
        else:
            self._follow(t_s, pose)
            if self._exchanged and t_s - self._last_s <= QUICK_S:
                goes_on = bool(self._spans) and self._spans[-1][1] == self._last_s
                self._spans.append((self._spans.pop()[0] if goes_on else self._last_s, t_s))
        self._last_s = t_s

    @property
    def exchanged_s(self) -> float:
        """For how long the legs were exchanged, in all."""
        return sum(end_s - start_s for start_s, end_s in self._spans)

    def share_between(self, start_s: float, end_s: float) -> float:
        """For which share of this time they were exchanged, 0 to 1."""
        common_s = sum(max(0.0, min(b, end_s) - max(a, start_s)) for a, b in self._spans)
        return common_s / (end_s - start_s)

    def _forget(self) -> None:
        self._exchanged = False
        self._apart_s = float("nan")
        self._lines: list[Vector] | None = None  # from right to left at knees and ankles, when they were last apart
        self._ankles: list[Vector] = []  # and where the ankles were

    def _follow(self, t_s: float, pose: Pose) -> None:
        leg = max(leg_px(pose, "left"), leg_px(pose, "right"))
        left, right = (pose.xy_px[rows].tolist() for rows in _KNEE_AND_ANKLE)
        lines = [(a - c, b - d) for (a, b), (c, d) in zip(left, right, strict=True)]
        if not all(math.hypot(*line) > APART * leg for line in lines):
            return
        ankles = [left[1], right[1]]
        elapsed_s = t_s - self._apart_s
        if self._lines is not None and 0 < elapsed_s <= QUICK_S:
            shares = list(map(share_of, lines, self._lines))
            fast = all(math.dist(*each) > FAST * leg * elapsed_s for each in zip(ankles, self._ankles, strict=True))
            if fast and all(share < -SAME for share in shares):
                self._exchanged = not self._exchanged
            elif any(abs(share) < SAME for share in shares):
                return  # between the two
        self._lines, self._ankles, self._apart_s = lines, ankles, t_s
