"""Pacing a breath that cannot be seen: four seconds in, six out, by the frames' time. It never counts."""

from __future__ import annotations

import math

from coach.guide.types import BreathDirection

IN_S, OUT_S = 4.0, 6.0  # six breaths a minute, the middle of slow practice (4 to 10)
POOR, GOOD = 0.4, 0.6  # of the breath's quality, 0..1
POOR_FOR_S = 8.0  # the tracker needs a breath or two before its quality says anything


class Pacer:
    """Watches how well the breath is seen in a hold; sets the pace from when it has been poor for long."""

    def __init__(self) -> None:
        self.paced_from_s: float | None = None
        self._poor_since_s: float | None = None

    @property
    def pacing(self) -> bool:
        """Whether the pace is set. It stays so until the hold is over."""
        return self.paced_from_s is not None

    def step(self, t_s: float, quality: float) -> bool:
        """Take one instant of a hold; True at the instant where the pacing begins."""
        if self.pacing:
            return False
        threshold = POOR if self._poor_since_s is None else GOOD
        if math.isfinite(quality) and quality >= threshold:
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
    """Direction and fill of a breath that began ``since_s`` seconds ago and goes on and on."""
    within = since_s % (IN_S + OUT_S)
    if within < IN_S:
        return "in", 0.5 - 0.5 * math.cos(math.pi * within / IN_S)
    return "out", 0.5 + 0.5 * math.cos(math.pi * (within - IN_S) / OUT_S)


def seen_breath(phase: float) -> tuple[BreathDirection, float]:
    """Direction and fill of a seen breath from its phase, 0..1 with the inhalation first; ("", 0) for NaN."""
    if not math.isfinite(phase):
        return "", 0.0
    phase %= 1.0
    return ("in" if phase < 0.5 else "out"), 0.5 - 0.5 * math.cos(2 * math.pi * phase)
