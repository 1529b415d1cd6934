"""Small recordings that take a moment to judge, and jobs that only pretend, for worker processes to import."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from coach.app.analyse import choose_exercises
from coach.app.batch import claims
from coach.app.batch.entries import find_entries
from coach.app.batch.job import Job, OnProgress, Outcome, jobs_for
from coach.app.batch.keys import Settings
from coach.app.batch.store import FolderStore
from coach.perception.recording import Recorder, Recording

T = TypeVar("T")
RECORDINGS = Path(__file__).parents[2] / "recordings"


def short_recording(path: Path, seconds: float = 8.0, name: str = "hiker_faults", source: str = "me.mp4") -> Path:
    """The first seconds of a recording, as a file of its own. Another source makes another content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Recording(RECORDINGS / f"{name}.observed") as recording, Recorder(path) as recorder:
        for observation in recording:
            if observation.t_s > seconds:
                break
            recorder.add(observation)
        recorder.describe(source, seconds, 15.0)
    return path


def jobs_in(folder: Path, out: Path | str, exercise: str = "hip-hiker", settings: Settings | None = None) -> list[Job]:
    """A job for each video below a folder."""
    entries, _ = find_entries([str(folder)])
    return jobs_for(entries, choose_exercises, exercise, None, settings or Settings(), str(out))


def touch(job: Job, name: str) -> None:
    """Leave a sign of this process beside the results, in a file that the test reads."""
    with (Path(job.out) / name).open("a") as file:
        file.write(f"{job.entry.name} {os.getpid()}\n")


def signs(out: Path, name: str) -> list[tuple[str, int]]:
    """The signs that were left."""
    path = out / name
    lines = path.read_text().splitlines() if path.exists() else []
    return [(video, int(pid)) for video, pid in (line.split() for line in lines)]


def quick(job: Job, on_progress: OnProgress) -> Outcome:
    """Done at once."""
    touch(job, "quick")
    on_progress(10, 1.0)
    return Outcome("done", pictures=10)


def dies_once(job: Job, on_progress: OnProgress) -> Outcome:
    """Killed at its first try."""
    touch(job, "tries")
    if len([video for video, _ in signs(Path(job.out), "tries") if video == job.entry.name]) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome("done")


def dies_always(job: Job, on_progress: OnProgress) -> Outcome:
    """Killed at each try, if it is the first video."""
    touch(job, "tries")
    if job.entry.name == "0.observed":
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome("done")


def out_of_memory(job: Job, on_progress: OnProgress) -> Outcome:
    """What Python says where there is no memory."""
    raise MemoryError


def broken(job: Job, on_progress: OnProgress) -> Outcome:
    """A mistake of ours."""
    raise TypeError("oh")


def endless(job: Job, on_progress: OnProgress) -> Outcome:
    """Goes on until it is stopped, and then tidies up."""
    touch(job, "begun")
    try:
        while True:
            time.sleep(0.01)
            on_progress(1, 0.5)
    finally:
        touch(job, "tidied")


def deaf(job: Job, on_progress: OnProgress) -> Outcome:
    """Takes a claim and a work folder, and does not hear that it is to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with FolderStore(Path(job.out)).work():
        claims.take(Path(job.out) / ".batch/claims", "k")
        while True:
            time.sleep(1)


def wait_for(condition: Callable[[], T], what: str, seconds: float = 120.0) -> T:
    """Wait until a condition holds, and return what it gives; the test fails where it never does."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")
