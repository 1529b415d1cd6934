"""A result as JSON: on a line of its own, or as a file."""

from __future__ import annotations

import json
from pathlib import Path

from coach.errors import OutputError
from coach.result import Result
from coach.writing import whole


def to_line(result: Result) -> str:
    """One line of ASCII, without the line break."""
    return json.dumps(result, allow_nan=False)


def write(result: Result, path: Path) -> None:
    """Write it readably to a file, whole or not at all. Raises OutputError."""
    try:
        with whole(path) as part:
            part.write_text(json.dumps(result, allow_nan=False, indent=1) + "\n", encoding="ascii")
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error})", "Choose another folder with --out"
        ) from error
