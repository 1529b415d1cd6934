"""Hides the start-up messages of C++ libraries."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# File descriptor 2 belongs to the whole process: two threads that redirect and restore it at the same time could each
# save the other's sink, and leave the process without standard error for good.
_LOCK = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Discard what is written directly to file descriptor 2: Python errors still rise, C++ messages do not show.

    One thread at a time; others wait. Without such a descriptor (a windowed program), nothing is done.
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
