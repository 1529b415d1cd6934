"""Keeps left and right apart where the network exchanges them slowly, as it does with the head out of the picture.

Over half a second its joints go through each other, as if somebody turned round on the spot. Who turns round moves both
feet; so where the picture's motion shows that neither foot went anywhere, it was the network that turned. Pure.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from coach.kinematics.body import leg_px, lies
from coach.kinematics.geometry import Vector, share_of
from coach.types import JOINTS, SIDES, FloatArray, Observation, Part, Pose, joint

GAP_S = 0.5  # without a pose for longer, the person may have turned round unseen
LONGEST_S = 3.0  # that joints are mixed up; after longer nobody knows
APART = 0.08  # of the leg: shoulders and hips nearer than this tell no sides
SAME = 0.5  # of the line from right to left as it was: so much of it is the same, or the opposite
TURNED = 0.08  # of the leg: a foot that has gone as far has taken part in a turn
# Torn between front and back, the network looks at a front: of ten people seen from behind it never took one for that,
# and of 50 who faced the camera four for a back, up to two thirds of the time.
FRONT_S = 1.0  # seen as a front for so long in all, it is one
TURNED_S = 10.0  # seen as the other for so long without a break, somebody has turned round after all
# Rows of the other side: the eyes come in threes, everything else in pairs.
OTHER_JOINTS = np.array([0, 4, 5, 6, 1, 2, 3, *(row + 1 if row % 2 else row - 1 for row in range(7, JOINTS))])
_OTHER = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
OTHER_PARTS = np.array([Part["_".join(_OTHER.get(word, word) for word in part.name.split("_"))] for part in Part])
FEET = np.array((Part.LEFT_FOOT, Part.RIGHT_FOOT))
LINES = ("shoulder", "hip", "ankle")
_LEFT, _RIGHT = (np.array([joint(name, side) for name in LINES]) for side in SIDES)


def exchanged(pose: Pose) -> Pose:
    """The same places under the other side's names."""
    return Pose(pose.xy_px[OTHER_JOINTS], pose.world_m[OTHER_JOINTS], pose.visibility[OTHER_JOINTS])


class SideKeeper:
    """Follows one person, and undoes an exchange of left and right that no foot took part in."""

    def __init__(self) -> None:
        self._seen_s = float("nan")
        self._forget()

    def step(self, observation: Observation) -> Observation:
        """The observation with left where it was before. Call in order of time."""
        t_s, pose = observation.t_s, observation.pose
        if t_s - self._seen_s > GAP_S:
            self._forget()
        if pose is None:
            return observation
        elapsed_s = t_s - self._seen_s if self._lines is not None else 0.0
        self._seen_s = t_s
        self._follow_feet(observation.motion)
        self._follow_sides(t_s, exchanged(pose) if self._exchanged else pose)
        if not self._exchanged:
            self._agreed_s = t_s
        elif self._is_back(pose):
            self._front_s += elapsed_s
        if self._front_s > FRONT_S or t_s - self._agreed_s > TURNED_S:
            self._forget()
        if not self._exchanged:
            return observation
        motion = None if observation.motion is None else observation.motion[OTHER_PARTS]
        return replace(observation, pose=exchanged(pose), motion=motion)

    def _forget(self) -> None:
        self._exchanged: bool = False
        self._lines: list[Vector] | None = None  # from right to left at shoulders, hips, ankles, when apart
        self._apart_s = float("nan")
        self._ways: FloatArray = np.zeros((2, 2), np.float32)  # of the feet since then
        self._agreed_s = float("nan")  # when the network last said what is kept
        self._front_s: float = 0.0  # for how long it said a front where a back is kept

    def _is_back(self, pose: Pose) -> bool:
        """Whether who is kept stands with their back to the camera."""
        return self._lines is not None and self._lines[0][0] < 0 and not lies(pose)

    def _follow_feet(self, motion: FloatArray | None) -> None:
        if motion is None:
            self._ways += np.nan
            return
        self._ways = self._ways + motion[FEET, :2]

    def _follow_sides(self, t_s: float, pose: Pose) -> None:
        leg = (leg_px(pose, "left") + leg_px(pose, "right")) / 2
        left, right = pose.xy_px[_LEFT].tolist(), pose.xy_px[_RIGHT].tolist()
        lines = [(a - c, b - d) for (a, b), (c, d) in zip(left, right, strict=True)]
        if not all(math.hypot(*line) > APART * leg for line in lines[:2]):
            return
        if self._lines is not None and t_s - self._apart_s <= LONGEST_S:
            shares = list(map(share_of, lines, self._lines))
            opposite = all(share < -SAME for share in shares)
            if not opposite and not all(share > SAME for share in shares):
                return  # mixed up still
            if opposite and all(math.hypot(x, y) < TURNED * leg for x, y in self._ways.tolist()):
                self._exchanged = not self._exchanged
                lines = [(-x, -y) for x, y in lines]
        self._lines, self._apart_s = lines, t_s
        self._ways = np.zeros((2, 2), np.float32)
