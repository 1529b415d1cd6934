"""How far a batch is, in words for its progress bar."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.app.batch.run import Standing

WINDOW_S = 20.0  # of which pictures a second are told


class PictureRate:
    """Pictures a second over the last ``WINDOW_S``."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, int]] = deque()

    def at(self, now_s: float, pictures: int) -> float | None:
        """The rate now that there are so many pictures in all; None until it can be told."""
        self._recent.append((now_s, pictures))
        while now_s - self._recent[0][0] > WINDOW_S:
            self._recent.popleft()
        span_s = now_s - self._recent[0][0]
        return (pictures - self._recent[0][1]) / span_s if span_s > 0 else None


def counts(standing: Standing, pictures_per_s: float | None) -> str:
    """``12 done, 1 failed, 58 pictures/s``."""
    parts = [f"{standing.done} done", f"{standing.failed} failed"]
    if standing.busy:
        parts.append(f"{standing.busy} in other hands")
    if pictures_per_s is not None:
        parts.append(f"{pictures_per_s:.0f} pictures/s")
    return ", ".join(parts)
