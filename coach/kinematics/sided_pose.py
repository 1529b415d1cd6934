"""One pose seen from its moving side: the argument of every signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coach.kinematics.body import Body
from coach.types import FloatArray, Part, Side, joint, other_side


@dataclass(frozen=True, slots=True, eq=False)
class SidedPose:
    """One pose seen from its moving side: ``own`` is the moving side, ``other`` the one that stays.

    xy_px: (33, 2) joints in the picture, made level with the body's own upright. paths: (len(Part), 2) how far each
    part moved, made level likewise (coach.kinematics.paths), and sure: (len(Part),) the confidence.
    """

    xy_px: FloatArray
    world_m: FloatArray
    side: Side
    body: Body
    paths: FloatArray = field(default_factory=lambda: np.zeros((len(Part), 2), np.float32))
    sure: FloatArray = field(default_factory=lambda: np.zeros(len(Part), np.float32))

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
        """+1 if the moving side is to the right in the picture for a person facing the camera."""
        return 1.0 if self.side == "left" else -1.0

    def foot(self, side: Side) -> FloatArray:
        """Mean of ankle, heel and toe: steadier than any of them."""
        middle: FloatArray = self.xy_px[[joint(name, side) for name in ("ankle", "heel", "toe")]].mean(0)
        return middle

    def own_part(self, name: str) -> Part:
        """A part of the moving side: ``own_part("knee")``."""
        return Part[f"{self.side}_{name}".upper()]

    def other_part(self, name: str) -> Part:
        """A part of the other side."""
        return Part[f"{other_side(self.side)}_{name}".upper()]

    def way_px(self, part: Part) -> FloatArray:
        """How far a part moved in the picture since rest (2,), x right, y down."""
        way: FloatArray = self.paths[part] - self.body.paths[part]
        return way

    def at_rest(self) -> SidedPose:
        """The same side of the same body while it was still."""
        return SidedPose(self.body.xy_px, self.body.world_m, self.side, self.body, self.body.paths, self.sure)


Measure = Callable[[SidedPose], float]
