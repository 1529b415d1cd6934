"""How a command ends: exit codes, and the one line that says why."""

from __future__ import annotations

import sys

SOME_FAILED = 1
BAD_INPUT = 2
OUR_FAULT = 3
STOPPED = 130


def complain(sentence: object) -> None:
    """One line on standard error, whatever a file name in it holds."""
    line = "".join(letter if letter.isprintable() else "?" for letter in str(sentence).replace("\n", " "))
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(f"coach: {line.encode(encoding, 'replace').decode(encoding)}\n")
