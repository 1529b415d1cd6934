"""The start of a supine stretch: one leg straight up and still. Everything after is measured relative to it."""

from __future__ import annotations

from coach.judging.presence import StillLeg
from coach.kinematics.body import Body, leg_seen, mid, trunk_px
from coach.kinematics.raised_leg import ON_FLOOR, RAISED
from coach.kinematics.supine_axes import find_axes, is_lowered, usual_leg_px
from coach.types import SIDES, FloatArray, Pose, Side, joint, other_side

STILL, VERY_STILL = 0.03, 0.006  # of the leg: to take a start posture, and to retake it as the network settles
SETTLING_S = 1.0  # for this long after it was found
HEAD_END = 0.3  # of the direction to the camera: beyond it the camera is at the head end
LOWERED_S = 2.0  # this long with the leg down ends the start posture
OTHER_LEG_S = 3.0  # the other leg must be up for this long before it is mentioned


def rise(pose: Pose, side: Side, scale_px: float) -> float:
    """Height of an ankle above the hips in the picture, as a share of leg length."""
    return rise_of(pose.xy_px, side, scale_px)


def rise_of(xy_px: FloatArray, side: Side, scale_px: float) -> float:
    """The same of joints (33, 2) in the picture."""
    height = mid(xy_px, "hip")[1] - xy_px[joint("ankle", side)][1]
    return float(height) / usual_leg_px(scale_px)


class StartPosture:
    """Finds the start posture and its side, retakes it while the network settles, and says when it is over.

    body: the person's measures in it, or None until there are any; side: of the raised leg, kept afterwards.
    """

    def __init__(self) -> None:
        self.body: Body | None = None
        self.side: Side | None = None
        self._still = StillLeg()
        self._found_s = float("-inf")
        self._lowered_s = float("inf")
        self._other_leg_s = float("inf")

    def forget(self) -> None:
        """Wait for a new one."""
        self.body = None
        self._other_leg_s = float("inf")
        self._still.reset()

    def seek(self, t_s: float, pose: Pose, motion: FloatArray | None, forced: Side | None) -> None:
        """Look for it: lying on the back, one leg up and still, the other not up."""
        if self.kept_s(t_s) > SETTLING_S:
            return
        scale = trunk_px(pose) if self.body is None else self.body.trunk_px
        up: list[Side] = [side for side in SIDES if leg_seen(pose, side) and rise(pose, side, scale) > RAISED]
        if forced is None or up != [other_side(forced)]:
            self._other_leg_s = float("inf")
        elif self._other_leg_s == float("inf"):
            self._other_leg_s = t_s
        if not up and not all(leg_seen(pose, side) for side in SIDES):
            return
        if len(up) != 1 or forced not in (None, up[0]) or rise(pose, other_side(up[0]), scale) >= ON_FLOOR:
            self._still.reset()
            return
        body = self._still.step(t_s, pose, motion, up[0], STILL if self.body is None else VERY_STILL)
        if body is not None:
            self._found_s = t_s if self.body is None else self._found_s
            self.body, self.side, self._lowered_s = body, up[0], float("inf")

    def retake(self, t_s: float, pose: Pose, motion: FloatArray | None) -> bool:
        """Take the posture in which this leg is still now, of the same side; returns whether it is."""
        assert self.side is not None
        body = self._still.step(t_s, pose, motion, self.side, STILL)
        if body is None:
            return False
        self.body, self._found_s, self._lowered_s = body, t_s, float("inf")
        return True

    def kept_s(self, t_s: float) -> float:
        """For how long there has been this start posture; 0 if there is none."""
        return 0.0 if self.body is None else t_s - self._found_s

    def see_nobody(self) -> None:
        """Nothing is said about a person who is not seen."""
        self._other_leg_s = float("inf")

    def tells_other_leg(self, t_s: float) -> bool:
        """Whether the other leg has been up long enough to mention it: once each time it goes up."""
        tells = t_s - self._other_leg_s >= OTHER_LEG_S
        if tells:
            self._other_leg_s = float("nan")
        return tells

    def hold_still(self) -> None:
        """The leg is moving: do not take the present posture as the start."""
        self._still.reset()

    def shows_leg(self, t_s: float, pose: Pose) -> bool:
        """Whether the leg is seen where this exercise expects it: drawn where it can be, not on its way down."""
        assert self.body is not None and self.side is not None
        if not leg_seen(pose, self.side):
            return False
        if not self.lowers(pose):
            self._lowered_s = float("inf")
            return True
        self._lowered_s = min(self._lowered_s, t_s)
        return False

    def lowers(self, pose: Pose) -> bool:
        """Whether the leg is on its way down, or up, rather than opened."""
        assert self.body is not None and self.side is not None
        height = rise(pose, self.side, self.body.trunk_px)
        if height > rise_of(self.body.xy_px, self.side, self.body.trunk_px):
            return False
        axes = find_axes(self.body, self.side)
        # From the head end, a leg falling outwards and one going down differ only in height.
        if axes.head[2] >= HEAD_END:
            return height < ON_FLOOR
        return is_lowered(axes, pose.xy_px, self.side)

    def lowered_since_s(self, t_s: float) -> float | None:
        """When the leg went down, once it has been down long enough to believe it."""
        return self._lowered_s if t_s - self._lowered_s > LOWERED_S else None
