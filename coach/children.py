"""Processes that we start: nothing in the current folder is run by them, and they end when told to. (I/O)

With ``-m`` or ``-c``, Python searches the current folder for modules first: a ``json.py`` among somebody's downloads
would be run. The coach itself is started from its own file, so only its children are at risk.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from coach.leftovers import temporary_folder

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

SAFE = "PYTHONSAFEPATH"  # understood by Python 3.11 and later
GRACE_S = 10.0  # to remove what is half done
ASKED_AGAIN_S = 2.5  # more than ending.LEAVING_S


def guard_children() -> None:
    """From now on, child processes do not look for modules (on Windows, programs) in the current folder."""
    os.environ[SAFE] = "1"
    os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"  # Windows ignores case


def python_environment() -> dict[str, str]:
    """The environment for a Python process that imports this very package, wherever it is started."""
    root = str(Path(__file__).resolve().parent.parent)
    # Relative entries refer to our current folder, not the child's.
    given = [str(Path(part).absolute()) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return {**os.environ, SAFE: "1", "PYTHONPATH": os.pathsep.join([*given, root])}


@contextmanager
def started_safely() -> Iterator[None]:
    """While workers of multiprocessing live: nothing that lies where we are is taken for a module by them.

    Before Python 3.11 there is no other way than to be elsewhere, in an empty folder, which is theirs then as well; so
    paths have to be absolute.
    """
    was = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        with nullcontext() if sys.version_info >= (3, 11) else _elsewhere():
            _start_tracker()
            yield
    finally:
        if was is None:
            os.environ.pop(SAFE, None)
        else:
            os.environ[SAFE] = was


@contextmanager
def ctrl_c_comes_later() -> Iterator[None]:
    """Processes that are started meanwhile hear Ctrl-C only from ``ending.hear_ctrl_c`` on, and so do we after this.

    A terminal sends it to all of them. One that is only loading Python would fill the terminal with a traceback.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _elsewhere() -> Iterator[None]:
    here = Path.cwd()
    with temporary_folder("work") as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)


def _start_tracker() -> None:
    """Start the process that multiprocessing tidies up with, deaf to the end of a terminal, as it is to Ctrl-C.

    Otherwise it is gone before there is anything to tidy up.
    """
    if sys.platform == "win32":
        return
    from multiprocessing import resource_tracker

    deaf = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN) if deaf else None
    try:
        resource_tracker.ensure_running()
    finally:
        if deaf:
            signal.signal(signal.SIGHUP, before)


def end_processes(processes: Sequence[BaseProcess]) -> None:
    """Ask processes of multiprocessing to end, again and again; those still there after ten seconds are killed.

    What they raise to end themselves can get lost in them, where nothing may be raised.
    """
    until_s = time.monotonic() + GRACE_S
    left = list(processes)
    while left and time.monotonic() < until_s:
        for process in left:
            process.terminate()
        again_s = min(until_s, time.monotonic() + ASKED_AGAIN_S)
        for process in left:
            process.join(max(0.0, again_s - time.monotonic()))
        left = [process for process in left if process.is_alive()]
    for process in left:
        process.kill()
        process.join()
