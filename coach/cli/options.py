"""Checks of options shared by several commands."""

from __future__ import annotations

import glob
import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coach.errors import OptionError, OutputError

if TYPE_CHECKING:
    from coach.definitions.exercise import Exercise
    from coach.types import Side


def check_side(side: str) -> Side | None:
    """The side to judge; None for ``auto``. Raises OptionError."""
    if side not in ("auto", "left", "right"):
        raise OptionError(f"--side is '{side}'", "Use auto, left or right: the hanging or raised leg's side")
    return None if side == "auto" else cast("Side", side)


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Within this context a missing package is one line: OptionError with what installs it."""
    try:
        yield
    except ModuleNotFoundError as error:
        from coach.extras import install_extra

        raise OptionError(f"{error.name} is not installed", install_extra(extra)) from error


def check_language(language: str) -> None:
    """Check that reports and progress exist in this language. Raises OptionError."""
    from coach.i18n.report_messages import languages

    if language not in languages():
        raise OptionError(f"--lang is '{language}'", f"Choose one of {', '.join(languages())}")


def check_spoken(language: str, exercises: Sequence[Exercise]) -> None:
    """Check that each of these exercises has sentences in this language. Raises OptionError."""
    spoken = set.intersection(*(set(exercise.words) for exercise in exercises))
    if language not in spoken:
        raise OptionError(f"--lang is '{language}'", f"Choose one of {', '.join(sorted(spoken))}")


def check_fps(fps: float) -> float:
    """Check that pictures per second are above zero. Raises OptionError."""
    if not (math.isfinite(fps) and 1 <= fps <= 240):
        raise OptionError(f"--fps is {fps:g}", "Use 5 to 30; 15 is a good choice")
    return fps


def usable_folder(folder: Path, option: str = "--out") -> Path:
    """The folder, created if need be, and tested to be writable. Raises OutputError."""
    remedy = f"Choose another folder with {option}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise OutputError(f"{folder}: is a file, not a folder", remedy) from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written to ({error.strerror or error})", remedy) from error
    return folder


def expanded(names: Sequence[str]) -> list[str]:
    """The names of files, with ``*`` expanded if the shell has not done so (on Windows)."""
    found: list[str] = []
    for name in names:
        matches = [] if "*" not in name or Path(name).exists() else sorted(glob.glob(name))  # noqa: PTH207 - absolute patterns too
        found += matches or [name]
    return found


def folder_of(path: Path, folder: Path, taken: set[str]) -> Path:
    """A folder for a video's results; a second video of the same name gets ``name-2``. Raises OutputError."""
    # A name of dots alone, as from '...mp4', would be this folder or its parent.
    stem = path.stem if path.stem.strip(". ") else f"video-{path.name.strip('. ') or 'unnamed'}"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return usable_folder(folder / name)
