"""Where in the picture each part of the body is: within reach of a line between its joints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.geometry import from_lines
from coach.kinematics.parts import LINES, Line
from coach.types import JOINTS, Joint, Part, Pose

Array = NDArray[np.float32]

SHORTEST_LEG_PX = 24.0  # in the scaled picture: a smaller person has no corners to track


@dataclass(frozen=True, slots=True)
class Region:
    """Where a part is: within ``reach`` leg lengths of its line; and how many points it should have."""

    part: Part | None
    line: Line
    reach: float
    points: int


def _arm(start: str, end: str, reach: float) -> tuple[Region, Region]:
    left, right = (((Joint[f"{s}_{start}"],), (Joint[f"{s}_{end}"],)) for s in ("LEFT", "RIGHT"))
    return Region(None, left, reach, 0), Region(None, right, reach, 0)


_SIZES = {
    Part.LEFT_FOOT: (0.11, 36),
    Part.RIGHT_FOOT: (0.11, 36),
    Part.LEFT_SHANK: (0.07, 16),
    Part.RIGHT_SHANK: (0.07, 16),
    Part.LEFT_KNEE: (0.08, 20),
    Part.RIGHT_KNEE: (0.08, 20),
    Part.LEFT_THIGH: (0.09, 16),
    Part.RIGHT_THIGH: (0.09, 16),
    Part.PELVIS: (0.13, 30),
    Part.TRUNK: (0.17, 40),
    Part.HEAD: (0.17, 20),
}
# Arms are not measured, but points on them belong to no other part.
REGIONS = (
    *(Region(part, LINES[part], *size) for part, size in _SIZES.items()),
    *_arm("SHOULDER", "ELBOW", 0.08),
    *_arm("ELBOW", "WRIST", 0.10),
)
BACKGROUND = len(REGIONS)  # the index of what is none of them
_REACH = np.array([region.reach for region in REGIONS])


def _mixes(end: int) -> Array:
    """Weights (len(REGIONS), JOINTS) that give one end of every line from the joints."""
    weights = np.zeros((len(REGIONS), JOINTS), np.float32)
    for row, region in enumerate(REGIONS):
        weights[row, list(region.line[end])] = 1 / len(region.line[end])
    return weights


_STARTS, _ENDS = _mixes(0), _mixes(1)


class Places(NamedTuple):
    """Start and end (len(REGIONS), 2) and reach (len(REGIONS),) of every region's line, in the scaled picture."""

    starts: Array
    ends: Array
    reach: Array


def places_of(pose: Pose, scale: float) -> Places | None:
    """Where every region is in the picture scaled by this; None if the body is too small or lost."""
    xy = pose.xy_px * scale
    legs = [
        np.linalg.norm(xy[Joint[f"{s}_HIP"]] - xy[Joint[f"{s}_KNEE"]])
        + np.linalg.norm(xy[Joint[f"{s}_KNEE"]] - xy[Joint[f"{s}_ANKLE"]])
        for s in ("LEFT", "RIGHT")
    ]
    leg = float(max(legs))
    if not leg >= SHORTEST_LEG_PX:
        return None
    starts, ends = (_STARTS @ xy).astype(np.float32), (_ENDS @ xy).astype(np.float32)
    reach = (leg * _REACH).astype(np.float32)
    return Places(starts, ends, reach) if np.isfinite(starts).all() and np.isfinite(ends).all() else None


def away_from(points: Array, places: Places) -> Array:
    """Distance of points (n, 2) from the regions' lines (m), as a share of their reach: (n, m)."""
    starts, ends, reach = places
    return np.asarray(from_lines(points, starts, ends) / reach, np.float32)
