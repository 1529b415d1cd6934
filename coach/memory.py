"""Keeps memory that threads have freed from staying with the process. (I/O)"""

from __future__ import annotations

import sys
from contextlib import suppress

M_ARENA_MAX = -8  # of mallopt in glibc's malloc.h
ARENAS = 2


def few_arenas() -> None:
    """Let all threads share two heaps (glibc); to be called before there are any.

    By default nearly every thread gets one of its own, and each keeps what it once needed.
    """
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):  # another C library
        import ctypes

        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)
