"""Writes a file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coach.errors import OutputError
from coach.leftovers import part_of

# Devices on Windows, whatever ending is put to them.
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in "0123456789¹²³")}

PAGE_ENDINGS = (".html", ".htm")


def usable(name: str) -> str:
    """A file's name without its ending, changed where Windows takes it for a device."""
    return f"{name}_" if name.upper() in DEVICES else name


def check_name(path: Path, *endings: str) -> Path:
    """The path itself, where a file can be written by that name. Raises OutputError: a folder, or another ending.

    endings: such as ``.html``; none allows any.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder", "Name a file in it")
    if endings and path.suffix.lower() not in endings:
        raise OutputError(f"{path}: does not end in {endings[0]}", f"Let it end in {endings[0]}")
    return path


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
def _explained(path: Path, remedy: str) -> Iterator[None]:
    """A file-system error in here becomes an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})", remedy) from error


@contextmanager
def saving(path: Path, remedy: str = "Choose another folder") -> Iterator[Path]:
    """The same for a file the user asked for: for a folder, or a file-system error, it raises an OutputError."""
    check_name(path)
    with _explained(path, remedy), whole(path) as part:
        yield part


def check_saving(path: Path, remedy: str = "Choose another folder") -> None:
    """Raises OutputError where the file could not be saved: before somebody has worked for it."""
    part = part_of(path)
    with _explained(path, remedy):
        part.touch()
        part.unlink()
