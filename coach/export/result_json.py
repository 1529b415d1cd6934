"""A result as JSON: on one line, or as a file."""

from __future__ import annotations

import json
from pathlib import Path

from coach.files import saving
from coach.session.result import Result


def to_line(result: Result) -> str:
    """One ASCII line, without the line break."""
    return json.dumps(result, allow_nan=False)


def write(result: Result, path: Path) -> None:
    """Write it indented to a file, whole or not at all. Raises OutputError."""
    with saving(path, "Choose another folder with --out") as part:
        part.write_text(json.dumps(result, allow_nan=False, indent=1) + "\n", encoding="ascii")
