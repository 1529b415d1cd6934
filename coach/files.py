"""Writing a file whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coach.errors import OutputError
from coach.leftovers import part_of


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to. What is there takes its name in the end, and is removed after any error."""
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
    """The same for a file that somebody asked for: an error of the file system becomes an OutputError."""
    try:
        with whole(path) as part:
            yield part
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})", remedy) from error
