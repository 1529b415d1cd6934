"""Which processes there are, told apart by their number, their start and their machine. (I/O)

A number alone says little: it is given again after a while, it means another process in each container, and folders
are shared by machines.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path


def runs(pid: int, start: int | None = None) -> bool:
    """Whether a process of this machine and of our set of numbers is there. start: when it began, where known."""
    if sys.platform == "win32":
        return pid == os.getpid() or _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's, so it is there
        return True
    return start is None or started(pid) == start


def started(pid: int) -> int | None:
    """When a process began, in ticks since the machine did; None where it is dead or nothing tells."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if state == "Z" else int(fields[18])


def space() -> str:
    """Which set of process numbers this one is in: those of a container are its own."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


@cache
def place() -> str:
    """This machine and its set of process numbers, as one short word. Machines that were copied share some names."""
    known = [platform.node(), space()]
    with suppress(OSError):
        known.append(Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip())
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:10]


def _runs_on_windows(pid: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return False
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == 259  # STILL_ACTIVE
