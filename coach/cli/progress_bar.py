"""A progress bar on standard error. Where that is no terminal, nothing is shown, and nothing loaded to show it with."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO


class MoveOn(Protocol):
    """Moves a bar on."""

    def __call__(self, done: float, note: Callable[[], str] = str) -> None:
        """So much is done. note: gives what is said beside the bar; asked only where that is shown."""
        ...


@contextmanager
def progress_bar(
    name: str, total: float | None, speed_over_s: float = 30.0, out: TextIO | None = None
) -> Iterator[MoveOn]:
    """How far one job is, for as long as it lasts.

    total: of what is done in the end, such as a video's seconds or the number of videos; None or NaN where it is not
    known. speed_over_s: over how many seconds the speed is averaged, of which the time left follows. out: instead of
    standard error.
    """
    out = out or sys.stderr
    if not out.isatty():
        yield lambda done, note=str: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=out),
        transient=True,
        speed_estimate_period=speed_over_s,
    ) as bar:
        known = total is not None and math.isfinite(total)
        job = bar.add_task(escape(name), total=total if known else None, note="")
        yield lambda done, note=str: bar.update(job, completed=done, note=note())
