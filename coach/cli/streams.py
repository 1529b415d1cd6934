"""Standard streams for a program that was started without them. (I/O)"""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def have_streams() -> None:
    """Open the null device for each standard stream that is closed, as after ``>&-`` or in some services.

    Otherwise the next file that is opened takes its number, and what a library prints goes into that file.
    """
    for number in range(3):
        with suppress(OSError):
            _fill(number)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def _fill(number: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, os.O_RDWR)
        if opened == number:
            os.set_inheritable(number, True)
        else:
            os.dup2(opened, number)
            os.close(opened)
