"""Both feet of somebody who lies, picture by picture, as the network names them: where they are, and how they got
there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import leg_px, mid, trunk_px
from coach.kinematics.geometry import from_lines
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
_LINES = {side: np.array([joint(name, side) for name in ("hip", "knee", "ankle")]) for side in SIDES}
_UNKNOWN = np.zeros((2, 3), np.float32)
Points = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """What one picture tells of what the network calls the left and the right foot.

    xy_px, before_px: (2, 2) now and in the picture before; went_px: (2, 2) by how much their pixels went, 0 where not
    sure (2,). calm: (2,) not jumped for FOLLOWED_S; followed: calm, and moving.
    lines_px: (2, 3, 2) hips, knees and ankles. leg_px: the longer leg as it is drawn; length_px: the same of its trunk.
    tracked: whether there was motion to go by.
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
    lines_px: Points
    tracked: bool

    @property
    def apart(self) -> bool:
        """Whether they tell two legs."""
        return bool(distance(self.xy_px[0], self.xy_px[1]) > APART * self.leg_px)

    @property
    def rise(self) -> Points:
        """Their rises over the hips (2,), of the leg."""
        return self.rise_of(self.xy_px)

    def rise_of(self, points_px: Points) -> Points:
        """How far points (..., 2) are over the hips, of the leg."""
        rise: Points = (self.hip_y_px - points_px[..., 1]) / self.length_px
        return rise

    def tells(self, place_px: Points, foot: int) -> bool:
        """Whether the pixels tell where a place (2,) went: this foot was there, and they are sure."""
        return bool(self.sure[foot] and distance(self.before_px[foot], place_px) < REACH * self.leg_px)

    def carried(self, place_px: Points, foot: int) -> Points:
        """The place (2,) where they went; where they do not tell, it stays."""
        return place_px + self.went_px[foot] if self.tells(place_px, foot) else place_px

    def beside(self, points_px: Points, leg: int) -> Flags:
        """Whether points (n, 2) do not lie on this leg: (n,)."""
        line = self.lines_px[leg]
        beside: Flags = from_lines(points_px, line[:-1], line[1:]).min(axis=1) > APART * self.leg_px
        return beside


class FeetReader:
    """Reads them from poses and motion, in order of time."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the picture before."""
        self._xy_px: Points | None = None
        self._jumped_s: Points = np.zeros(2)

    def read(self, t_s: float, elapsed_s: float, pose: Pose, motion: FloatArray | None) -> Feet:
        """One picture's; motion: (len(Part), 3), None if it was not measured."""
        leg = max(LEAST_PX, *(leg_px(pose, side) for side in SIDES))
        xy = np.array([foot_of(pose.xy_px, side) for side in SIDES], float)
        told = _UNKNOWN if motion is None else motion[FEET]
        sure = told[:, 2] >= LEAST_SURE
        went = np.where(sure[:, None], told[:, :2], 0.0)
        before = xy if self._xy_px is None else self._xy_px
        if self._xy_px is None:
            self._jumped_s = np.full(2, t_s)
        self._jumped_s = np.where(distance(xy, before + went) > JUMP * leg, t_s, self._jumped_s)
        self._xy_px = xy
        calm = t_s - self._jumped_s >= FOLLOWED_S
        moves = distance(went, 0.0) > MOVES * leg * elapsed_s
        apart = distance(xy[0], xy[1]) > APART * leg
        hip_y = float(mid(pose.xy_px, "hip")[1])
        length = usual_leg_px(trunk_px(pose))
        lines = np.array([pose.xy_px[_LINES[side]] for side in SIDES], float)
        followed = apart & moves & calm
        tracked = motion is not None
        return Feet(t_s, elapsed_s, leg, xy, before, went, sure, hip_y, length, calm, followed, lines, tracked)


def distance(a: Points, b: Points | float) -> Points:
    """Of points (..., 2) from others; one axis after the other, as in ``from_lines``."""
    away = a - b
    x, y = away[..., 0], away[..., 1]
    apart: Points = np.sqrt(x * x + y * y)
    return apart
