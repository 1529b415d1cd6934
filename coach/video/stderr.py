"""Keeps the start-up notes of C++ libraries away from the user."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# File descriptor 2 belongs to the whole process: two threads that put it away and back at the same time could each
# take the other's sink for the real thing, and leave the process without standard error for good.
_LOCK = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what is written straight to file descriptor 2 nowhere: Python errors still rise, C++ chatter does not show.

    One thread at a time: another one waits. Where there is no such descriptor (a windowed program), nothing is done.
    """
    with _LOCK:
        try:
            sys.stderr.flush()
            saved = os.dup(2)
        except (OSError, ValueError, AttributeError):
            yield
            return
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            os.close(sink)
