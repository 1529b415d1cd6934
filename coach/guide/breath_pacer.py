"""Pacing a breath that cannot be seen: four seconds in, six out, by the frames' time. It never counts."""

from __future__ import annotations

import math

from coach.guide.types import BreathDirection
from coach.judging.breath_cycles import GOOD

IN_S, OUT_S = 4.0, 6.0  # six breaths a minute, the middle of slow practice (4 to 10)
POOR_FOR_S = 12.0  # the tracker needs a slow breath or two before its quality says anything
FOLLOW_S = 0.4  # how fast the circle follows a seen breath, which is read twice a second
TURNED = 0.04  # lead of the breath over the circle before it counts as reversed


class Pacer:
    """Watches how well breathing is seen in a hold; sets the pace once that has been poor for long."""

    def __init__(self) -> None:
        self.paced_from_s: float | None = None
        self._poor_since_s: float | None = None

    @property
    def pacing(self) -> bool:
        """Whether it sets the pace. Once it does, it continues until the hold is over."""
        return self.paced_from_s is not None

    def step(self, t_s: float, quality: float) -> bool:
        """Take one instant of a hold; True at the instant when pacing begins."""
        if self.pacing:
            return False
        if quality >= GOOD:
            self._poor_since_s = None
        elif self._poor_since_s is None:
            self._poor_since_s = t_s
        elif t_s - self._poor_since_s >= POOR_FOR_S:
            self.paced_from_s = t_s
            return True
        return False

    def rest(self) -> None:
        """The hold is over."""
        self.paced_from_s = self._poor_since_s = None

    def breath(self, t_s: float) -> tuple[BreathDirection, float]:
        """Direction and fill (0 empty, 1 full) of the paced breath; ("", 0) while nothing is paced."""
        if self.paced_from_s is None:
            return "", 0.0
        return paced_breath(t_s - self.paced_from_s)


def paced_breath(since_s: float) -> tuple[BreathDirection, float]:
    """Direction and fill of a repeating breath that began ``since_s`` seconds ago."""
    within = since_s % (IN_S + OUT_S)
    if within < IN_S:
        return "in", 0.5 - 0.5 * math.cos(math.pi * within / IN_S)
    return "out", 0.5 + 0.5 * math.cos(math.pi * (within - IN_S) / OUT_S)


class Follower:
    """Follows a seen breath, given as a level from 0 empty to 1 full, smoothly enough for a circle."""

    def __init__(self) -> None:
        self.direction: BreathDirection = ""
        self.fill = 0.0
        self._t_s = math.nan

    def step(self, t_s: float, level: float) -> None:
        """Take the level at one time; NaN (unknown) stops the circle."""
        if not math.isfinite(level):
            self.direction, self._t_s = "", math.nan
            return
        elapsed_s = 0.0 if math.isnan(self._t_s) else t_s - self._t_s
        self._t_s = t_s
        lead = level - self.fill
        if not self.direction or abs(lead) > TURNED:
            self.direction = "in" if lead >= 0 else "out"
        self.fill += lead * (1 - math.exp(-elapsed_s / FOLLOW_S))
