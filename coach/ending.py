"""Makes every way of ending a command act like Ctrl-C: finished work is kept, unfinished work is removed. (I/O)"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

STOPPED = 130  # exit code for Ctrl-C, by shell convention
# Sent by a closed terminal, a system shutdown or a service manager; on Windows, Ctrl-Break.
NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")


class Stopped(KeyboardInterrupt):
    """The program was asked to end. ``code``: the exit code for that signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number


def end_tidily() -> None:
    """From now on such a signal raises ``Stopped`` in the main thread, once; further ones are ignored."""
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is None:
            continue
        with suppress(ValueError, OSError):  # not in the main thread, or not available here
            if signal.getsignal(number) is not signal.SIG_IGN:  # 'nohup' asks to continue
                signal.signal(number, _stop)


@contextmanager
def ended_by(leave: Callable[[], None]) -> Iterator[None]:
    """Within this context the signal calls ``leave`` instead: for a program that can end by itself when told."""
    number = getattr(signal, "SIGHUP", None)
    before: Any = None
    if number is not None and signal.getsignal(number) is _stop:
        before = signal.signal(number, lambda *_: leave())
    try:
        yield
    finally:
        if number is not None and before is not None:
            signal.signal(number, before)


def code_of(error: KeyboardInterrupt) -> int:
    """The exit code for this way of ending."""
    return error.code if isinstance(error, Stopped) else STOPPED


def let_go_of_output() -> None:
    """Discard further output, because nobody reads it any more and flushing would fail at exit."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _stop(number: int, frame: FrameType | None) -> None:
    for name in NAMES:
        with suppress(ValueError, OSError, AttributeError):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise Stopped(number)
