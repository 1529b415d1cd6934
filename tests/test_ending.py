"""A command that is told to end, or whose reader has gone, keeps what it did and leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

# A whole analysis of two videos, slow, and without the model.
ANALYSE = """
    import sys, time
    import numpy as np
    sys.argv[:] = ["coach", "analyse", *sys.argv[1:]]
    from coach.perception import watched_video
    from tests.conftest import FakeEstimator, standing_pose

    class Slow(FakeEstimator):
        def __enter__(self):
            return self
        def __exit__(self, *problem):
            pass
        def estimate(self, frame):
            if frame.t_s > 0.3:
                print("WATCHING", flush=True)
                time.sleep(0.05)
            return super().estimate(frame)

    watched_video.PoseEstimator = lambda *words, **named: Slow(standing_pose((64, 48)))
    from coach.cli.app import main
    main()
"""
# A session in a window that nobody closes.
LIVE = """
    import sys, time
    sys.argv[:] = ["coach", "live", *sys.argv[1:]]
    from coach.app import practice
    from coach.perception.observer import Observer
    from coach.window import window
    from tests.conftest import FakeEstimator, standing_pose
    from tests.window.test_window import FakeScreen

    class Shown(FakeScreen):
        def show(self, picture):
            print("WATCHING", flush=True)
            time.sleep(0.02)

    practice.Observer = lambda: Observer(FakeEstimator(standing_pose((64, 48))))
    window.Window = lambda full_screen: Shown()
    practice.warm_up = lambda: None
    from coach.cli.app import main
    main()
"""


def begun(code: str, home: Path, *arguments: str, until: str = "WATCHING") -> subprocess.Popen[str]:
    """The program, once it has printed ``until``."""
    (home / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(home / "tmp"), "COACH_HOME": str(home / "data")}
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=home,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if until in line:
            return process
    raise AssertionError(process.communicate()[1])


def left(home: Path) -> list[Path]:
    """Half-written files and temporary folders."""
    return [path for path in home.rglob("*") if path.suffix == ".part" or path.name.startswith("coach-")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_analysis_leaves_what_is_finished_and_no_more(number: int, tmp_path: Path, video: object) -> None:
    videos = [str(video(name, frames=frames)) for name, frames in (("a.mp4", 4), ("b.mp4", 400))]  # type: ignore[operator]
    process = begun(ANALYSE, tmp_path, *videos, "--out", "out", "--report", "--save-video")
    process.send_signal(number)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 128 + number
    assert err.count("\n") == 1 and "stopped; 1 of 2 videos are finished" in err
    assert (tmp_path / "out" / "a" / "result.json").is_file()
    assert left(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_live_session_leaves_its_result_although_nobody_reads_it(number: int, tmp_path: Path, video: object) -> None:
    process = begun(LIVE, tmp_path, "hip-hiker", "--source", str(video(frames=600)), "--mute")  # type: ignore[operator]
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()  # as a terminal that was closed
    process.stderr.close()
    process.send_signal(number)
    process.wait(timeout=120)
    assert len(list(tmp_path.glob("out/live/result.json"))) == 1
    assert left(tmp_path) == []


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path, video: object) -> None:
    process = begun(ANALYSE, tmp_path, str(video(frames=30)), "--out", "out")  # type: ignore[operator]
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert process.stderr.read() == ""
    assert left(tmp_path) == []


def test_what_a_kill_leaves_is_gone_after_the_next_start(tmp_path: Path, video: object) -> None:
    process = begun(ANALYSE, tmp_path, str(video(frames=400)), "--out", "out", "--report")  # type: ignore[operator]
    process.kill()
    process.communicate()
    assert left(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")}
    subprocess.run([sys.executable, "-m", "coach", "--version"], env=environment, check=True, capture_output=True)
    assert left(tmp_path) == []
