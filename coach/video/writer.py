"""Turns errors while writing a video into one line with a remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coach.errors import OutputError


@contextmanager
def writing_video(path: Path) -> Iterator[None]:
    """Turn errors of the disk and the encoder into an OutputError."""
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
