"""Analyse many files with a pose model that always sees somebody; a line of JSON for each. Run in its own process,
so that a decoder that crashes is seen: ``python -m tests.fuzz.run_videos FOLDER FILE... [--save-video --report]``."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import coach.perception.pose_estimator
from tests.conftest import FakeEstimator, standing_pose
from tests.typed import typed


def main() -> None:
    options = [argument for argument in sys.argv[2:] if argument.startswith("--")]
    files = [argument for argument in sys.argv[2:] if not argument.startswith("--")]
    coach.perception.pose_estimator.PoseEstimator = lambda: FakeEstimator(standing_pose())  # type: ignore[assignment,misc]
    for file in files:
        start_s = time.process_time()
        arguments = ["analyse", file, "--json", *options, *(["--out", sys.argv[1]] if options else [])]
        done = typed(*arguments)
        outcome = {
            "file": file,
            "exit": done.exit_code,
            "says": done.stderr.strip(),
            "seconds": time.process_time() - start_s,
            "peak_mb": _peak_mb(),
            "parts": [path.name for path in Path(sys.argv[1]).rglob("*.part")],
        }
        sys.stdout.write(json.dumps(outcome) + "\n")
        sys.stdout.flush()


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    with suppress(OSError):  # unlike ru_maxrss, not what the process that started this one had
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
