"""Damaged videos: a result or one line, never a traceback, a signal, a hang or a gigabyte.

``make test`` runs a few of them, ``make fuzz`` hundreds: COACH_FUZZ says how many,
COACH_FUZZ_VIDEOS_S for how long at most.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz import exploding
from tests.fuzz.damage import damaged, good_videos

ROOT = Path(__file__).parents[2]
ALL = "COACH_FUZZ" in os.environ
CASES = int(os.environ.get("COACH_FUZZ", "12"))
MOST_S = float(os.environ.get("COACH_FUZZ_VIDEOS_S", "1800"))
SEED = int(os.environ.get("COACH_FUZZ_SEED", "1"))
BATCH = 12
HANGS_S, MOST_MB = 60.0, 1000.0  # of processor time
PATIENCE_S = 900.0  # with a file, on a busy machine


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return good_videos(tmp_path_factory.mktemp("good"))


def outcomes(folder: Path, files: list[Path], options: list[str]) -> list[dict[str, Any]]:
    """What came of each file; of one that ended the process, a signal."""
    found: list[dict[str, Any]] = []
    waiting = [str(file) for file in files]
    while waiting:
        command = [sys.executable, "-m", "tests.fuzz.run_videos", str(folder), *waiting, *options]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_S * len(waiting)
            )
            output, code = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            output, code = (late.stdout or b"").decode(), -14
        lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        done_now = [line for line in lines if "file" in line]
        found += done_now
        waiting = waiting[len(done_now) :]
        if code != 0 and waiting:
            found.append(
                {"file": waiting.pop(0), "exit": code, "says": "", "seconds": 0.0, "peak_mb": 0.0, "parts": []}
            )
    return found


def problems(outcome: dict[str, Any]) -> list[str]:
    says = outcome["says"].splitlines()
    wrong = []
    if outcome["exit"] not in (0, 2):
        wrong.append(f"exit {outcome['exit']}")
    if "Traceback" in outcome["says"] or "should not" in outcome["says"]:
        wrong.append("traceback")
    if outcome["exit"] == 2 and sum(line.startswith("coach: ") for line in says) != 1:
        wrong.append("not one line")
    if outcome["seconds"] > HANGS_S:
        wrong.append(f"{outcome['seconds']:.0f} s")
    if outcome["peak_mb"] > MOST_MB:
        wrong.append(f"{outcome['peak_mb']:.0f} MB")
    return [*wrong, *outcome["parts"]]


def test_every_good_video_is_analysed(good: list[Path], tmp_path: Path) -> None:
    for outcome in outcomes(tmp_path, good, []):
        says = "strongly compressed" if "strong" in outcome["file"] else ""
        assert outcome["exit"] == 0 and says in outcome["says"] and bool(says) == bool(outcome["says"]), outcome


def test_videos_that_explode_cost_a_line_at_most(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    made = {make(tmp_path / "made"): name for name, make in (exploding.THOROUGH if ALL else exploding.QUICK).items()}
    # One by one: the most memory that a process held is that of all its files.
    for files in [[file] for file in made] if ALL else [list(made)]:
        for outcome in outcomes(tmp_path / "out", files, ["--save-video", "--report"]):
            assert problems(outcome) == [], (made[Path(outcome["file"])], outcome)


def test_damaged_videos_cost_a_line_at_most(good: list[Path], tmp_path: Path) -> None:
    contents = [path.read_bytes() for path in good]
    start_s, number, failures = time.monotonic(), 0, []
    while number < CASES and time.monotonic() - start_s < MOST_S:
        files = []
        for _ in range(min(BATCH, CASES - number)):
            chance = random.Random(f"{SEED}-{number}")
            which = number % len(good)
            path = tmp_path / f"{number:05d}{good[which].suffix}"
            path.write_bytes(damaged(contents[which], contents, chance))
            files.append(path)
            number += 1
        options = ["--save-video", "--report"] if number // BATCH % 2 else []
        for outcome in outcomes(tmp_path / "out", files, options):
            if wrong := problems(outcome):
                failures.append((Path(outcome["file"]).name, wrong, outcome["says"]))
        for path in files:
            path.unlink()
    sys.stdout.write(f"{number} damaged videos in {time.monotonic() - start_s:.0f} s, {len(failures)} failures\n")
    assert failures == []
