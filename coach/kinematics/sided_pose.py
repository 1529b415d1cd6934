"""One pose seen from its moving side: the argument of every signal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from coach.kinematics.body import Body
from coach.kinematics.geometry import Vector
from coach.kinematics.parts import middles
from coach.kinematics.paths import planted_way
from coach.types import SIDES, FloatArray, Part, Side, joint, other_side

_PARTS: Mapping[Side, Mapping[str, Part]] = {
    side: {part.name.lower().removeprefix(f"{side}_"): part for part in Part if part.name.startswith(side.upper())}
    for side in SIDES
}
_FOOT = {side: tuple(joint(name, side) for name in ("ankle", "heel", "toe")) for side in SIDES}
FOOT_ROWS = {side: np.array(rows) for side, rows in _FOOT.items()}
_OTHER_PARTS: Mapping[Side, Mapping[str, Part]] = {side: _PARTS[other_side(side)] for side in SIDES}


@dataclass(frozen=True, eq=False)
class SidedPose:
    """One pose seen from its moving side: ``own`` is the moving side, ``other`` the one that stays.

    joints: gives the (33, 2) joints in the picture, made level with the body's own upright, which few signals of
    somebody who stands ask for. told_px: how far each part moved since rest, made level likewise
    (coach.kinematics.paths), and sure: the confidence of each; None if the joints say how far everything moved. Both as
    plain numbers: they are read singly, and often. known: what has been found out about it, by what found it out:
    signals build on each other, and each is measured once.
    """

    joints: Callable[[], FloatArray]
    world_m: FloatArray
    side: Side
    body: Body
    told_px: Sequence[Vector] | None = None
    sure: Sequence[float] = (0.0,) * len(Part)
    known: dict[object, Any] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def xy_px(self) -> FloatArray:
        """The joints (33, 2) in the picture, made level."""
        return self.joints()

    @cached_property
    def ways_px(self) -> Sequence[Vector]:
        """How far each part moved since rest, x right, y down."""
        return self.body.since_rest(middles(self.xy_px)) if self.told_px is None else self.told_px

    @cached_property
    def planted_px(self) -> Vector:
        """How far what should stand still has moved since rest: the other side's foot."""
        foot, camera = self.ways_px[self.other_part("foot")], self.ways_px[Part.CAMERA]
        return planted_way(foot, camera, self.sure[Part.CAMERA])

    def own(self, name: str) -> FloatArray:
        """A joint of the moving side in the picture."""
        row: FloatArray = self.xy_px[joint(name, self.side)]
        return row

    def other(self, name: str) -> FloatArray:
        """A joint of the other side in the picture."""
        row: FloatArray = self.xy_px[joint(name, other_side(self.side))]
        return row

    @cached_property
    def outward(self) -> float:
        """+1 if the moving side's outside is to the right in the picture: the left side's of somebody facing us,
        the right side's of somebody with their back to it.
        """
        return 1.0 if (self.side == "left") != (math.cos(math.radians(self.body.facing_deg)) < 0) else -1.0

    def foot(self, side: Side) -> FloatArray:
        """The middle of a foot in the picture."""
        return foot_of(self.xy_px, side)

    def own_part(self, name: str) -> Part:
        """A part of the moving side: ``own_part("knee")``."""
        return _PARTS[self.side][name]

    def other_part(self, name: str) -> Part:
        """A part of the other side."""
        return _OTHER_PARTS[self.side][name]


def resting(body: Body, side: Side) -> SidedPose:
    """A body at rest, as seen from this side."""
    return SidedPose(lambda: body.xy_px, body.world_m, side, body, body.since_rest(body.paths))


def foot_of(xy_px: FloatArray, side: Side) -> FloatArray:
    """Mean of ankle, heel and toe (2,): steadier than any of them."""
    ankle, heel, toe = _FOOT[side]
    middle: FloatArray = (xy_px[ankle] + xy_px[heel] + xy_px[toe]) / np.float32(3)
    return middle


Measure = Callable[[SidedPose], float]
