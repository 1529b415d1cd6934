"""A result as JSON: on a line of its own, or as a file."""

from __future__ import annotations

import json
from pathlib import Path

from coach.files import saving
from coach.session.result import Result


def to_line(result: Result) -> str:
    """One line of ASCII, without the line break."""
    return json.dumps(result, allow_nan=False)


def write(result: Result, path: Path) -> None:
    """Write it readably to a file, whole or not at all. Raises OutputError."""
    with saving(path, "Choose another folder with --out") as part:
        part.write_text(json.dumps(result, allow_nan=False, indent=1) + "\n", encoding="ascii")
