"""Converts times on the page's clock to times of the session. Pure."""

from __future__ import annotations

import math

LEAST_STEP_S = 1e-3


class FrameTimes:
    """Page times as session seconds, strictly rising whatever the page sends.

    A reloaded page starts a new clock: ``rebase`` continues where the last one ended.
    """

    def __init__(self) -> None:
        self.last_s = 0.0
        self._offset_s = math.nan
        self._away_s = 0.0

    def rebase(self, away_s: float) -> None:
        """The next time is on a new clock, ``away_s`` after the last one."""
        self._offset_s, self._away_s = math.nan, max(0.0, away_s)

    def at(self, page_ms: float) -> float:
        """The session's time in seconds, later than any before."""
        if math.isnan(self._offset_s):
            self._offset_s = self.last_s + self._away_s - page_ms / 1000
        self.last_s = max(page_ms / 1000 + self._offset_s, self.last_s + LEAST_STEP_S)
        return self.last_s
