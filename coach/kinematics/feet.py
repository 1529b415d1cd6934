"""Both feet of somebody who lies, picture by picture, as the network names them: where they are, and how they got
there. Pure.

All in plain numbers: of two feet, arrays would take several times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from coach.kinematics.body import leg_px, mid, trunk_px
from coach.kinematics.geometry import Vector, distance, from_line, plus
from coach.kinematics.paths import LEAST_SURE
from coach.kinematics.side_keeper import FEET
from coach.kinematics.sided_pose import foot_of
from coach.kinematics.supine_axes import LEAST_PX, usual_leg_px
from coach.types import SIDES, FloatArray, Pose, joint

REACH = 0.15  # of the leg: nearer to a place than this, it is the foot that was there
APART = 0.2  # of the leg: nearer to each other, feet or legs cannot be told apart
JUMP = 0.1  # of the leg: from one picture to the next, more than its pixels went
MOVES = 0.1  # of the leg in a second
FOLLOWED_S = 0.3  # without a jump for so long, the network follows something
STILL: Vector = (0.0, 0.0)
_LINES = {side: np.array([joint(name, side) for name in ("hip", "knee", "ankle")]) for side in SIDES}
_UNKNOWN = ((0.0, 0.0, 0.0),) * 2
Points = Sequence[Vector]  # of the left and the right foot
Flags = tuple[bool, bool]


class Feet(NamedTuple):
    """What one picture tells of what the network calls the left and the right foot.

    xy_px, before_px: now and in the picture before; went_px: by how much their pixels went, 0 where not sure.
    calm: not jumped for FOLLOWED_S; followed: calm, and moving. lines_px: hip, knee and ankle of either leg.
    leg_px: the longer leg as it is drawn; length_px: the same of its trunk. tracked: whether there was motion to go by.
    """

    t_s: float
    elapsed_s: float
    leg_px: float
    xy_px: Points
    before_px: Points
    went_px: Points
    sure: Flags
    hip_y_px: float
    length_px: float
    calm: Flags
    followed: Flags
    lines_px: Sequence[Points]
    tracked: bool

    @property
    def apart(self) -> bool:
        """Whether they tell two legs."""
        return distance(*self.xy_px) > APART * self.leg_px

    @property
    def rise(self) -> tuple[float, float]:
        """Their rises over the hips, of the leg."""
        left, right = self.xy_px
        return self.rise_of(left), self.rise_of(right)

    def rise_of(self, point_px: Vector) -> float:
        """How far a point is over the hips, of the leg."""
        return (self.hip_y_px - point_px[1]) / self.length_px

    def near(self, a_px: Vector, b_px: Vector) -> bool:
        """Whether a foot there and one here may be the same."""
        return distance(a_px, b_px) < REACH * self.leg_px

    def tells(self, place_px: Vector, foot: int) -> bool:
        """Whether the pixels tell where a place went: this foot was there, and they are sure."""
        return self.sure[foot] and self.near(self.before_px[foot], place_px)

    def carried(self, place_px: Vector, foot: int) -> Vector:
        """The place where they went; where they do not tell, it stays."""
        return plus(place_px, self.went_px[foot]) if self.tells(place_px, foot) else place_px

    def beside(self, point_px: Vector, leg: int) -> bool:
        """Whether a point does not lie on this leg."""
        hip, knee, ankle = self.lines_px[leg]
        near_px = APART * self.leg_px
        return from_line(point_px, hip, knee) > near_px and from_line(point_px, knee, ankle) > near_px


class FeetReader:
    """Reads them from poses and motion, in order of time."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the picture before."""
        self._xy_px: Points | None = None
        self._jumped_s = (0.0, 0.0)

    def read(self, t_s: float, elapsed_s: float, pose: Pose, motion: FloatArray | None) -> Feet:
        """One picture's; motion: (len(Part), 3), None if it was not measured."""
        leg = max(LEAST_PX, *(leg_px(pose, side) for side in SIDES))
        xy: Points = [foot_of(pose.xy_px, side).tolist() for side in SIDES]
        told = _UNKNOWN if motion is None else motion[FEET].tolist()
        sure = told[0][2] >= LEAST_SURE, told[1][2] >= LEAST_SURE
        went: Points = [(x, y) if known else STILL for (x, y, _), known in zip(told, sure, strict=True)]
        before = xy if self._xy_px is None else self._xy_px
        if self._xy_px is None:
            self._jumped_s = t_s, t_s
        self._xy_px = xy

        def jumped_s(foot: int) -> float:
            off_px = distance(xy[foot], plus(before[foot], went[foot]))
            return t_s if off_px > JUMP * leg else self._jumped_s[foot]

        self._jumped_s = jumped_s(0), jumped_s(1)
        calm = t_s - self._jumped_s[0] >= FOLLOWED_S, t_s - self._jumped_s[1] >= FOLLOWED_S
        apart, far_px = distance(*xy) > APART * leg, MOVES * leg * elapsed_s
        left, right = (apart and still and distance(way, STILL) > far_px for way, still in zip(went, calm, strict=True))
        return Feet(
            t_s=t_s,
            elapsed_s=elapsed_s,
            leg_px=leg,
            xy_px=xy,
            before_px=before,
            went_px=went,
            sure=sure,
            hip_y_px=float(mid(pose.xy_px, "hip")[1]),
            length_px=usual_leg_px(trunk_px(pose)),
            calm=calm,
            followed=(left, right),
            lines_px=[pose.xy_px[_LINES[side]].tolist() for side in SIDES],
            tracked=motion is not None,
        )
