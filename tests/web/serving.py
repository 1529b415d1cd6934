"""The program as a user starts it, and the link that it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def serving(*options: str, data: Path, seen: str | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The program with these options, and the link that it prints.

    seen: a recording of tests/recordings that is seen instead of what the camera shows (tests/web/stand_in.py).
    """
    module, more = ("coach", {}) if seen is None else ("tests.web.stand_in", {"COACH_SEEN": seen})
    command = [sys.executable, "-u", "-m", module, "web", "--no-browser", "--data-dir", str(data), *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **more})
    assert server.stdout is not None
    try:
        address = r"http://127\.0\.0\.1:\d+/\?token=\S+"
        yield next(found[0] for line in server.stdout if (found := re.search(address, line))), server
    finally:
        server.terminate()
        server.wait(120)
