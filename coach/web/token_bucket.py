"""Limits how many messages a second may pass. Pure, apart from its clock."""

from __future__ import annotations

import time
from collections.abc import Callable


class TokenBucket:
    """Allows ``rate`` messages a second, with bursts of the same size."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left, self._at_s = rate, clock()

    def take(self, count: int = 1) -> bool:
        """Whether so many more may pass."""
        now_s = self._clock()
        self._left = min(self._rate, self._left + (now_s - self._at_s) * self._rate)
        self._at_s = now_s
        if self._left < count:
            return False
        self._left -= count
        return True
