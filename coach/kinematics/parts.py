"""Where each tracked part of the body is, between the joints of a pose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coach.types import FloatArray, Joint, Part

Mix = tuple[Joint, ...]  # a place: the midpoint of these joints
Line = tuple[Mix, Mix]


def _paired(name: str) -> Mix:
    return (Joint[f"LEFT_{name}"], Joint[f"RIGHT_{name}"])


def _foot(side: str) -> Line:
    middle = tuple(Joint[f"{side}_{name}"] for name in ("ANKLE", "HEEL", "TOE"))
    return middle, middle


def _limb(side: str, start: str, end: str) -> Line:
    return (Joint[f"{side}_{start}"],), (Joint[f"{side}_{end}"],)


EARS: Mix = (Joint.LEFT_EAR, Joint.RIGHT_EAR, Joint.NOSE)
# The axis of each part, from its first place to its second.
LINES: Mapping[Part, Line] = {
    Part.LEFT_FOOT: _foot("LEFT"),
    Part.RIGHT_FOOT: _foot("RIGHT"),
    Part.LEFT_SHANK: _limb("LEFT", "KNEE", "ANKLE"),
    Part.RIGHT_SHANK: _limb("RIGHT", "KNEE", "ANKLE"),
    Part.LEFT_KNEE: _limb("LEFT", "KNEE", "KNEE"),
    Part.RIGHT_KNEE: _limb("RIGHT", "KNEE", "KNEE"),
    Part.LEFT_THIGH: _limb("LEFT", "HIP", "KNEE"),
    Part.RIGHT_THIGH: _limb("RIGHT", "HIP", "KNEE"),
    Part.PELVIS: ((Joint.LEFT_HIP,), (Joint.RIGHT_HIP,)),
    Part.TRUNK: (_paired("HIP"), _paired("SHOULDER")),
    Part.HEAD: (EARS, EARS),
}
# A foot moving over the floor has its own points; a broad part also turns.
MOVING: Mapping[Part, Part] = {Part.LEFT_FOOT: Part.LEFT_FOOT_MOVING, Part.RIGHT_FOOT: Part.RIGHT_FOOT_MOVING}
TURNS: Mapping[Part, Part] = {Part.PELVIS: Part.PELVIS_TURN, Part.TRUNK: Part.TRUNK_TURN}
TURN_ROWS = np.array(list(TURNS.values()))
_PLANTED, _MOVING = np.array(list(MOVING.items())).T
# The joints of every place, repeated to six (of one, two or three), so that all means are taken at once.
_ROWS = np.array(list(LINES))
_ENDS = np.array([[list(line[end]) * (6 // len(line[end])) for line in LINES.values()] for end in (0, 1)])


def middles(xy_px: FloatArray) -> FloatArray:
    """The middle of every part (len(Part), 2) in the picture; NaN for rows that are not places."""
    places = np.full((len(Part), 2), np.nan, np.float32)
    ends = xy_px.take(_ENDS, axis=0).sum(2) / np.float32(6)
    places[_ROWS] = (ends[0] + ends[1]) / 2
    places[_MOVING] = places[_PLANTED]
    return places
