"""Getting ready what is slow the first time."""

from __future__ import annotations

import subprocess
import sys


def test_the_first_breath_finds_everything_loaded() -> None:
    code = (
        "import sys; from coach.app.warmup import warm_up; needed = ('cv2', 'numpy.random');"
        "before = any(name in sys.modules for name in needed); warm_up().join();"
        "print(before, all(name in sys.modules for name in needed))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout.split(), ran.stderr) == (["False", "True"], "")
