"""Processes that the coach starts run none of the files that lie in the folder where it was started. (I/O)

Python puts that folder first among the places of its modules when it is started with ``-m`` or ``-c``: a ``json.py``
in somebody's downloads would be run. The coach itself is started by its own file, so only its children are in danger.
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
    """From now on every process that this one starts looks for no module, and on Windows no program, where it is."""
    os.environ[SAFE] = "1"
    os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"  # Windows does not tell capitals apart


def python_environment() -> dict[str, str]:
    """The environment for a Python that imports this very package, wherever it is started."""
    root = str(Path(__file__).resolve().parent.parent)
    # What was given from the folder where we are is meant from there, and not from where the child is.
    given = [str(Path(part).absolute()) for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    return {**os.environ, SAFE: "1", "PYTHONPATH": os.pathsep.join([*given, root])}


@contextmanager
def started_safely() -> Iterator[None]:
    """While workers of multiprocessing are started: nothing that lies where we are is taken for a module.

    Before Python 3.11 there is no other way than to be elsewhere, in an empty folder; so paths have to be absolute.
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
