"""Writes a file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coach.errors import OutputError
from coach.leftovers import part_of

# Devices on Windows, whatever ending is put to them.
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in "0123456789¹²³")}


def usable(name: str) -> str:
    """A file's name without its ending, changed where Windows takes it for a device."""
    return f"{name}_" if name.upper() in DEVICES else name


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to. At the end it replaces ``path``; after any error it is removed."""
    part = part_of(path)
    try:
        yield part
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def saving(path: Path, remedy: str = "Choose another folder") -> Iterator[Path]:
    """The same for a file the user asked for: a file-system error becomes an OutputError."""
    try:
        with whole(path) as part:
            yield part
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})", remedy) from error


def check_saving(path: Path, remedy: str = "Choose another folder") -> None:
    """Raises OutputError where the file could not be saved: before somebody has worked for it."""
    part = part_of(path)
    try:
        part.touch()
        part.unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})", remedy) from error
