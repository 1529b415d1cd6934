"""Counts breaths aloud during a hold. The finished hold is counted again as a whole."""

from __future__ import annotations

from collections import deque

from coach.judging.breath_cycles import NOTHING, Breathing
from coach.judging.respiration import BreathTracker

EVERY_S = 0.5
AGREEING = 3  # consecutive readings that must agree: a number said aloud cannot be taken back
HELD_AGREEING = 2
SAME_INHALATION_S = 1.0  # the start of an inhalation varies a little from one reading to the next


class BreathCount:
    """Counts the breaths of one hold as they happen, and notices when they stop."""

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
        self._held: deque[bool] = deque(maxlen=HELD_AGREEING)
        self._said_after_s = float("-inf")  # the last inhalation before the pause that was reported

    def step(self, t_s: float) -> bool:
        """Read breathing again every half second; returns whether there is one more breath."""
        if t_s - self._read_s < EVERY_S:
            return False
        self._read_s = t_s
        self.breathing = self._breath.between(self.began_s, t_s)
        good = self.breathing.good
        # Only a pause that is still going on: an earlier one is over, and there is nothing left to say about it.
        self._held.append(good and self.breathing.is_held(self.began_s, t_s, self._gap_s, now=True))
        self._follow_pause()
        self._readings.append(self.breathing.count if good else 0)
        if len(self._readings) < AGREEING or min(self._readings) <= self.count:
            return False
        self.count += 1
        return True

    def _follow_pause(self) -> None:
        """A pause is reported once: not again until an inhalation follows, however the readings waver."""
        agreed = len(self._held) == HELD_AGREEING and all(self._held)
        last_s = self.breathing.inhaled_s[-1][0] if self.breathing.inhaled_s else self.began_s
        if not self.held:
            self.held = agreed and not last_s <= self._said_after_s + SAME_INHALATION_S
            if self.held:
                self._said_after_s = last_s
        elif not any(self._held):
            self.held = False
