"""Getting ready what is slow the first time."""

from __future__ import annotations

import subprocess
import sys


def test_the_first_breath_finds_everything_loaded() -> None:
    code = (
        "import sys; from coach.app.warmup import warm_up; before = 'scipy.linalg' in sys.modules;"
        "warm_up().join(); print(before, 'scipy.linalg' in sys.modules, 'cv2' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout.split(), ran.stderr) == (["False", "True", "True"], "")
