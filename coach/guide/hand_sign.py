"""A sign that the camera sees: a hand on the head, held for three seconds, pauses, and goes on again.

Measured on all recordings of the tests: a hand that scratches the head stays there for 1.9 s at most, and the free hand
of a stretch never longer than 0.3 s. The hand that holds the strap can lie before the head for half a minute in some
views, so of somebody who lies only the other one counts.
"""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.body import mid
from coach.types import SIDES, FloatArray, Joint, Observation, Pose, Side

HELD_S = 3.0
GAP_S = 0.4  # a hand may be lost for a moment; this is too short to scratch twice
NEAR = 0.5  # of the trunk's length, from wrist to the middle between the ears
# Of it, beyond the shoulders along the trunk: hands on the head are 0.5 to 0.7 beyond, and that of an arm which lies
# straight out, seen from the head end, 0.15.
ABOVE = 0.3
WRISTS = {"left": Joint.LEFT_WRIST, "right": Joint.RIGHT_WRIST}
EARS = (Joint.LEFT_EAR, Joint.RIGHT_EAR)


class HandSign:
    """Follows the hands. hand: the one that counts, None for both."""

    def __init__(self, hand: Side | None = None) -> None:
        self._hands: tuple[Side, ...] = SIDES if hand is None else (hand,)
        self._since_s = dict.fromkeys(self._hands, math.nan)
        self._last_s = dict.fromkeys(self._hands, math.nan)
        self._given = False

    def step(self, t_s: float, observation: Observation) -> bool:
        """Take one observation; returns whether it completes the sign. The hand must come down before the next one."""
        for side in self._hands:
            if observation.pose is not None and on_head(observation.pose, side):
                if not t_s - self._last_s[side] <= GAP_S:
                    self._since_s[side] = t_s
                self._last_s[side] = t_s
            elif not t_s - self._last_s[side] <= GAP_S:
                self._since_s[side] = math.nan
        held_s = max((t_s - since_s for since_s in self._since_s.values() if not math.isnan(since_s)), default=0.0)
        if held_s == 0.0:
            self._given = False
        given = held_s >= HELD_S and not self._given
        self._given = self._given or given
        return given


def on_head(pose: Pose, side: Side) -> bool:
    """Whether that hand lies on the head."""
    xy = pose.xy_px
    shoulders, hips = mid(xy, "shoulder"), mid(xy, "hip")
    trunk = shoulders - hips
    length_px = float(np.linalg.norm(trunk))
    if not length_px > 0:
        return False
    wrist: FloatArray = xy[WRISTS[side]]
    head = (xy[EARS[0]] + xy[EARS[1]]) / 2
    beyond = float((wrist - shoulders) @ trunk) / length_px**2
    return beyond >= ABOVE and float(np.linalg.norm(wrist - head)) <= NEAR * length_px
