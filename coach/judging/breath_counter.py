"""Breaths counted aloud while a hold goes on. The finished hold is counted once more from the whole of it."""

from __future__ import annotations

from collections import deque

from coach.judging.respiration import NOTHING, Breathing, BreathTracker

AFTER_S = 0.5  # the leg comes to rest before the trunk does
EVERY_S = 0.5
EXHALED_S = 1.0  # a peak nearer to now may still move: the breath is not complete yet
AGREEING = 3  # readings in a row that have to agree: what was said aloud cannot be taken back


class BreathCount:
    """Counts the breaths of one hold as they happen, and notices when none comes any more."""

    def __init__(self, breath: BreathTracker, gap_s: float) -> None:
        self._breath = breath
        self._gap_s = gap_s
        self.begin(float("-inf"))

    def begin(self, t_s: float) -> None:
        """A hold begins."""
        self.began_s = t_s
        self.count = 0
        self.breathing: Breathing = NOTHING
        self.held = False
        self._read_s = float("-inf")
        self._readings: deque[int] = deque(maxlen=AGREEING)

    def step(self, t_s: float) -> bool:
        """Read the breath anew every half second; whether there is one more."""
        if t_s - self._read_s < EVERY_S:
            return False
        self._read_s = t_s
        self.breathing = self._breath.between(self.began_s + AFTER_S, t_s)
        good = self.breathing.good
        last_s = self.breathing.start_s[-1] if self.breathing.start_s else self.began_s
        self.held = good and t_s - last_s > self._gap_s
        self._readings.append(sum(peak < t_s - EXHALED_S for peak in self.breathing.peak_s) if good else 0)
        if len(self._readings) < AGREEING or min(self._readings) <= self.count:
            return False
        self.count += 1
        return True
