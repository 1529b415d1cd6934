"""Which pictures of a stream are looked at."""

from __future__ import annotations

import math

# Pictures judged per second, live and recorded alike, so that the same pictures give the same result.
JUDGED_FPS = 15.0


class RateLimiter:
    """Thins a stream to at most ``fps`` frames a second of video time. Raises ValueError unless ``fps`` > 0."""

    def __init__(self, fps: float) -> None:
        if not (math.isfinite(fps) and fps > 0):
            raise ValueError(f"frames a second must be above 0, not {fps}")
        self._interval_s = 1.0 / fps
        self._due_s = 0.0

    def due(self, t_s: float) -> bool:
        """Whether to take the frame at this time. A millisecond of slack absorbs rounded time stamps."""
        if t_s < self._due_s - 1e-3:
            return False
        self._due_s = max(self._due_s + self._interval_s, t_s + self._interval_s / 2)
        return True
