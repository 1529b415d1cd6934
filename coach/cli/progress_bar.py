"""A progress bar on standard error. Where that is no terminal, nothing is shown."""

from __future__ import annotations

import math

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class ProgressBar(Progress):
    """How far one job is. A context manager; ``at`` moves it on.

    total: of what ``at`` is told, such as a video's seconds or the number of videos; None or NaN where it is not known.
    speed_over_s: over how many seconds the speed is averaged, of which the time left follows.
    """

    def __init__(self, name: str, total: float | None, console: Console, speed_over_s: float = 30.0) -> None:
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
            speed_estimate_period=speed_over_s,
        )
        known = total is not None and math.isfinite(total)
        self._job = self.add_task(escape(name), total=total if known else None, note="")

    def at(self, done: float, note: str = "") -> None:
        """So much is done; note: what is said beside the bar."""
        self.update(self._job, completed=done, note=note)
