"""Whether the person has been out of the picture long enough to pause, and back long enough to continue."""

from __future__ import annotations

import math
from typing import Literal

from coach.guide.types import PauseReason

# One missed frame is no reason to pause; a lying person is easily lost.
LEFT_S = {"upright": 1.0, "lying": 3.0}
PARTIAL_MORE_S = 1.0  # a foot may leave the picture for a moment longer
SETTLING_S = 20.0  # a lying person may have to sit up to put the strap round the foot
BACK_S = 0.7


class Attendance:
    """Follows the judge's phase: nobody, partial, or anything else, which means that the person is present."""

    def __init__(self, posture: Literal["upright", "lying"] = "upright") -> None:
        self._left_s = LEFT_S[posture]
        self._here_since_s = math.nan
        self._away_since_s = math.nan
        self._nobody_since_s = math.nan

    def step(self, t_s: float, phase: str, seen: bool) -> None:
        """Take the judge's current phase, and whether anybody was seen at all."""
        nobody = phase == "nobody" or not seen
        here = phase != "partial" and not nobody
        self._here_since_s = _since(self._here_since_s, t_s, here)
        self._away_since_s = _since(self._away_since_s, t_s, not here)
        self._nobody_since_s = _since(self._nobody_since_s, t_s, nobody)

    def away(self, t_s: float, settling: bool = False) -> PauseReason | None:
        """Why to pause now; None while the person is present, only just gone, or settling down for a hold."""
        if t_s - self._nobody_since_s >= self._left_s:
            return "left"
        patience_s = SETTLING_S if settling else self._left_s + PARTIAL_MORE_S
        return "partial" if t_s - self._away_since_s >= patience_s else None

    def back(self, t_s: float) -> bool:
        """Whether the person has been present long enough."""
        return t_s - self._here_since_s >= BACK_S


def _since(since_s: float, t_s: float, holds: bool) -> float:
    if not holds:
        return math.nan
    return t_s if math.isnan(since_s) else since_s
