"""One pose seen from its moving side: what every signal is a function of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.kinematics.body import Body
from coach.types import FloatArray, Side, joint, other_side


@dataclass(frozen=True, slots=True, eq=False)
class SidedPose:
    """One pose seen from its moving side: ``own`` is the moving side, ``other`` the one that stays.

    xy_px: (33, 2) the joints in the picture, made level with the body's own upright.
    """

    xy_px: FloatArray
    world_m: FloatArray
    side: Side
    body: Body

    def own(self, name: str) -> FloatArray:
        """A joint of the moving side in the picture."""
        row: FloatArray = self.xy_px[joint(name, self.side)]
        return row

    def other(self, name: str) -> FloatArray:
        """A joint of the other side in the picture."""
        row: FloatArray = self.xy_px[joint(name, other_side(self.side))]
        return row

    @property
    def outward(self) -> float:
        """+1 where the moving side lies to the right in the picture for a person facing the camera."""
        return 1.0 if self.side == "left" else -1.0

    def foot(self, side: Side) -> FloatArray:
        """Middle of ankle, heel and toe: steadier than any of them."""
        middle: FloatArray = self.xy_px[[joint(name, side) for name in ("ankle", "heel", "toe")]].mean(0)
        return middle

    def at_rest(self) -> SidedPose:
        """The same side of the same body while it was still."""
        return SidedPose(self.body.xy_px, self.body.world_m, self.side, self.body)

    def since_rest(self, measure: Measure) -> float:
        """How much a measure changed since the body was still."""
        return measure(self) - measure(self.at_rest())


Measure = Callable[[SidedPose], float]
