"""Keeps child processes from running files in the current folder. (I/O)

With ``-m`` or ``-c``, Python searches the current folder for modules first: a ``json.py`` among somebody's downloads
would be run. The coach itself is started from its own file, so only its children are at risk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.leftovers import temporary_folder

SAFE = "PYTHONSAFEPATH"  # understood by Python 3.11 and later


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
    """Use while starting multiprocessing workers: nothing in the current folder is taken for a module.

    Before Python 3.11 the only way is to change to an empty folder, so paths must be absolute.
    """
    was = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        if sys.version_info >= (3, 11):
            yield
            return
        here = Path.cwd()
        with temporary_folder("work") as elsewhere:
            os.chdir(elsewhere)
            try:
                yield
            finally:
                os.chdir(here)
    finally:
        if was is None:
            os.environ.pop(SAFE, None)
        else:
            os.environ[SAFE] = was
