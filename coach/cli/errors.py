"""How a command ends: exit codes, and the one line that says why."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

SOME_FAILED = 1
BAD_INPUT = 2
OUR_FAULT = 3


def complain(sentence: object) -> None:
    """Print one line on standard error, whatever characters a file name in it holds."""
    line = "".join(letter if letter.isprintable() else "?" for letter in str(sentence).replace("\n", " "))
    encoding = sys.stderr.encoding or "ascii"
    with suppress(OSError, ValueError):  # there may be no reader: a closed terminal, a closed pipe
        sys.stderr.write(f"coach: {line.encode(encoding, 'replace').decode(encoding)}\n")
        sys.stderr.flush()


def unforeseen(path: Path, error: Exception) -> str:
    """The line for an unexpected error with one video."""
    if isinstance(error, MemoryError):
        return f"{path}: takes more memory than there is. Make the pictures smaller first"
    if isinstance(error, OSError):
        return f"{path}: {error.strerror or error}. Make room or check permissions, then try again"
    return f"{path}: something went wrong that should not: {type(error).__name__}: {error}. COACH_DEBUG=1 shows where"
