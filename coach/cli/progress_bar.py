"""A progress bar on standard error. Shows nothing if that is not a terminal."""

from __future__ import annotations

import math
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class ProgressBar:
    """Progress through one video. A context manager; ``at(t_s)`` advances it."""

    def __init__(self, name: str, duration_s: float | None, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        known = duration_s is not None and math.isfinite(duration_s)
        self._task = self._progress.add_task(escape(name), total=duration_s if known else None)

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def at(self, t_s: float) -> None:
        """The video has been seen up to this time."""
        self._progress.update(self._task, completed=t_s)
