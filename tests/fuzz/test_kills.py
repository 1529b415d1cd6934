"""Killed at any moment: the history is whole, at most a second is lost, and the next start removes what was left.

``make test`` kills each command once; ``make fuzz`` a hundred times in all, as far as its time allows.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from coach.history import History
from coach.history.database import FILE
from tests.app.batch.stand_ins import short_recording
from tests.conftest import write_video
from tests.fuzz.amount import THOROUGH, generators
from tests.running import Running, left, next_start, running

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills by a signal")

TIMES = 25  # each command
LOST_S = 1.0
LATEST_S = 4.0 if THOROUGH else 1.5  # after the first picture
LOOKED_BACK_S = 3.0


@dataclass(frozen=True)
class Killed:
    """What it had seen, and for how long its threads had waited for a processor in the last seconds before."""

    seen_s: float
    waited_s: float


def test_live(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", frames=900)
    for label, generator in generators(1, TIMES):
        with running(tmp_path, "live", "hip-hiker", "--source", "a.mp4", "--mute", pace_s=0.01) as program:
            killed = kill_later(program, generator)
        nothing_is_left(tmp_path, label)
        lost(tmp_path, killed, label)


def test_web(tmp_path: Path) -> None:
    pytest.importorskip("uvicorn")
    from tests.web.visitor import Visitor

    for label, generator in generators(1, TIMES):
        with running(tmp_path, "web", "--no-browser", pace_s=0.01) as program, Visitor(program).tab() as tab:
            tab.begin(exercise="hip-hiker", side="left")
            until_s = time.monotonic() + generator.uniform(0.0, LATEST_S)
            while time.monotonic() < until_s:
                tab.show()
                time.sleep(0.05)
            program.kill()
        nothing_is_left(tmp_path, label)
        whole(tmp_path, label)


def test_analyse(tmp_path: Path) -> None:
    for name, frames in (("a", 4), ("b", 60), ("c", 200)):
        write_video(tmp_path / f"{name}.mp4", frames=frames)
    wishes = ("--out", "out", "--save-video", "--report")
    for label, generator in generators(1, TIMES):
        with running(tmp_path, "analyse", "a.mp4", "b.mp4", "c.mp4", *wishes, pace_s=0.01) as program:
            kill_later(program, generator)
        nothing_is_left(tmp_path, label)
        for path in tmp_path.glob("out/*/result.json"):
            assert json.loads(path.read_text())["source"], label


def test_batch(tmp_path: Path) -> None:
    for i in range(3):
        short_recording(tmp_path / f"in/{i}.observed", 12.0, source=f"{i}.mp4")
    command = ("batch", "in", "--out", "out", "--workers", "2", "--exercise", "hip-hiker")
    for label, generator in generators(1, TIMES):
        (tmp_path / "out").mkdir(exist_ok=True)
        with running(tmp_path, *command, module="coach") as program:
            with suppress(AssertionError):  # a batch that goes on may have nothing to do any more
                program.wait_for(lambda: list(tmp_path.glob("out/.batch/claims/*")), "a video is in hand")
            time.sleep(generator.uniform(0.0, 1.0))
            program.kill()
        for folder in tmp_path.glob("out/videos/*"):
            assert {"result.json", "key.json"} <= {path.name for path in folder.iterdir()}, label
        if generator.random() < 0.4 or not THOROUGH:
            with running(tmp_path, *command, module="coach") as program:
                assert program.over() == 0, (label, program.complaints)
                assert "3 of 3 videos are analysed" in "\n".join(program.lines), label
            for place in ("claims", "work"):
                assert not list((tmp_path / "out/.batch" / place).iterdir()), label
            with removed(tmp_path / "out"):
                nothing_is_left(tmp_path, label)


def kill_later(program: Running, generator: random.Random) -> Killed:
    """Some time after its first picture, or before it."""
    if generator.random() < 0.1:
        until_s = time.monotonic() + generator.uniform(0.0, 2.0)
    else:
        program.wait_for(lambda: program.seen_s() >= 0, "it sees something")
        until_s = time.monotonic() + generator.uniform(0.0, LATEST_S)
    waits = []
    while (now_s := time.monotonic()) < until_s or not waits:
        waits.append((now_s, waited_s(program.process.pid)))
        time.sleep(0.05)
    waited = waited_s(program.process.pid) - next(wait for at_s, wait in waits if at_s >= now_s - LOOKED_BACK_S)
    program.kill()
    return Killed(program.seen_s(), waited)


def waited_s(pid: int) -> float:
    """For how long the threads of a process were ready to run and had no processor (Linux; elsewhere 0)."""
    total_ns = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # it has just ended
            total_ns += int(path.read_text().split()[1])
    return total_ns / 1e9


def nothing_is_left(home: Path, label: str) -> None:
    next_start(home)
    assert left(home) == [], label


def whole(home: Path, label: str) -> None:
    """The history can be read, every session of it, and what was kept of each."""
    if not (home / "data" / FILE).exists():
        return
    with closing(sqlite3.connect(home / "data" / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), label
    with History.open(home / "data") as history:
        for session in history.sessions(events=True):
            assert not session.damaged, label
            history.timeline(session.number)


def lost(home: Path, killed: Killed, label: str) -> None:
    """What the session that was killed has lost, where it is long enough to have kept anything.

    What the machine did not let it do is no loss.
    """
    whole(home, label)
    if killed.seen_s < 1.5 + killed.waited_s or not THOROUGH:
        return
    with History.open(home / "data") as history:
        kept = history.timeline(max(session.number for session in history.sessions())).t_s
    kept_s = kept[-1] if kept.size else 0.0
    assert killed.seen_s - kept_s <= LOST_S + killed.waited_s, f"{label}: {killed}, kept to {kept_s}"
    sys.stdout.write(f"{label}: {killed.seen_s - kept_s:.2f} s lost, {killed.waited_s:.2f} s waited\n")


@contextmanager
def removed(folder: Path) -> Iterator[None]:
    """Away in the end, so that the next batch has something to do."""
    import shutil

    yield
    shutil.rmtree(folder)
