"""Writing a file whole or not at all; and what goes wrong while a video is written, as one line with a remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coach.errors import OutputError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to. What is there takes its name in the end, and is removed after any error."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def writing_video(path: Path) -> Iterator[None]:
    """Errors of the disk and of the encoder become an OutputError."""
    import av

    try:
        yield
    except OutputError:
        raise
    except (av.error.FFmpegError, OSError) as error:
        number = getattr(error, "errno", None)
        why = os.strerror(number) if number else str(error)
        raise OutputError(
            f"{path}: the video cannot be written ({why})", "Free some space, or choose another folder with --out"
        ) from error
