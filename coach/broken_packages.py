"""Tells a package that cannot be loaded from an error of ours, and the command that mends it."""

from __future__ import annotations

import sys
from traceback import walk_tb

from coach.errors import MissingPackageError, causes
from coach.system_libraries import missing_library

OURS = ("coach", "__main__")


def cannot_be_loaded(error: BaseException) -> MissingPackageError | None:
    """The error that says so, if a package or a system's library under it is what is wrong; else None.

    What goes wrong in the lines of another package that run when it is imported means that it is broken, whatever kind
    of error it is.
    """
    if isinstance(error, MissingPackageError):
        return error
    library = missing_library(error)
    if library is not None:
        return MissingPackageError(*library)
    package = broken_package(error)
    if package is None:
        return None
    return MissingPackageError(f"the package {package} cannot be loaded: {in_short(error)}", reinstall(package))


def broken_package(error: BaseException) -> str | None:
    """The innermost package whose import raised this error, or one that is behind it; None if no import did."""
    for each in causes(error):
        names = [
            str(frame.f_globals.get("__name__", ""))
            for frame, _ in walk_tb(each.__traceback__)
            if frame.f_code.co_name == "<module>"
        ]
        if isinstance(each, ImportError) and each.name:
            names.append(each.name)
        others = [_top(name) for name in names if _top(name) not in OURS]
        if others:
            return others[-1]
    return None


def in_short(error: BaseException) -> str:
    """What an error says, in one line."""
    lines = str(error).strip().splitlines()
    if isinstance(error, (ImportError, OSError)) and lines:
        return lines[0][:300]
    return ": ".join([type(error).__name__, *lines[:1]])[:300]


def reinstall(package: str) -> str:
    """The command that installs a package anew in this very environment. package: as it is imported."""
    if getattr(sys, "frozen", False):
        return "Install the coach again"
    if package in sys.stdlib_module_names:
        return "Install Python again"
    from importlib import metadata

    names = metadata.packages_distributions().get(package, [package])
    return f"Run: {sys.executable} -m pip install --force-reinstall --no-deps {' '.join(sorted(set(names)))}"


def _top(name: str) -> str:
    return name.partition(".")[0]
