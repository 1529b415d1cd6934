"""The progress of many videos on standard error. Shows nothing if that is not a terminal."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from coach.app.batch.run import Standing

WINDOW_S = 20.0  # window for pictures per second


class BatchBar:
    """Done, failed, time left, pictures a second. A context manager; ``show`` moves it on."""

    def __init__(self, total: int, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
            speed_estimate_period=600,
        )
        self._task = self._progress.add_task(f"{total} videos", total=total, counts="")
        self._recent: deque[tuple[float, int]] = deque()

    def __enter__(self) -> BatchBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, standing: Standing) -> None:
        """Show the current state."""
        rate = self._rate(time.monotonic(), standing.pictures)
        self._progress.update(self._task, completed=standing.completed, counts=counts(standing, rate))

    def _rate(self, now_s: float, pictures: int) -> float | None:
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
