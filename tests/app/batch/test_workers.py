"""Worker processes: what they do, and what becomes of a video whose worker dies."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.app.batch import run as run_module
from coach.app.batch.job import Job, Outcome
from coach.app.batch.run import Standing, end, run_batch
from coach.app.batch.store import FolderStore, read_json
from coach.app.batch.workers import Died, Ended, Event, LocalWorkers, Progressed, RunJob
from coach.errors import OutputError
from tests.app.batch import stand_ins
from tests.app.batch.stand_ins import jobs_in, signs, wait_for


def jobs(tmp_path: Path, count: int) -> list[Job]:
    for i in range(count):
        path = tmp_path / f"in/{i}.observed"
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(i))
    (tmp_path / "out").mkdir()
    return jobs_in(tmp_path / "in", tmp_path / "out")


def do(
    tmp_path: Path, count: int, run: RunJob, workers: int = 1, recycle_after: int = 50
) -> tuple[Standing, list[str]]:
    errors: list[str] = []
    engine = LocalWorkers(workers, run, recycle_after)
    try:
        standing = run_batch(
            jobs(tmp_path, count),
            engine,
            FolderStore(tmp_path / "out"),
            on_failure=lambda job, error: errors.append(error),
        )
    finally:
        engine.close()
    return standing, errors


def test_all_are_done_and_workers_replaced_after_some(tmp_path: Path) -> None:
    standing, errors = do(tmp_path, 4, stand_ins.quick, recycle_after=2)
    assert (standing.done, standing.failed, standing.pictures, errors) == (4, 0, 40, [])
    done = signs(tmp_path / "out", "quick")
    assert [video for video, _ in done] == [f"{i}.observed" for i in range(4)]
    pids = [pid for _, pid in done]
    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert os.getpid() not in pids


def test_a_killed_worker_is_replaced_and_its_video_tried_once_more(tmp_path: Path) -> None:
    standing, errors = do(tmp_path, 2, stand_ins.dies_once, workers=2)
    assert (standing.done, errors) == (2, [])
    assert len(signs(tmp_path / "out", "tries")) == 4


def test_two_deaths_are_a_row_and_the_others_go_on(tmp_path: Path) -> None:
    standing, errors = do(tmp_path, 3, stand_ins.dies_always)
    assert (standing.done, standing.failed) == (2, 1)
    assert errors == ["0.observed: its worker was killed (SIGKILL, perhaps for want of memory), 2 times"]
    job = jobs_in(tmp_path / "in", tmp_path / "out")[0]
    kept = read_json(FolderStore(tmp_path / "out"), f".batch/failed/{job.entry.id}.json")
    assert kept is not None
    assert (kept["error"], kept["final"]) == (errors[0], False)


def test_no_memory_is_a_death(tmp_path: Path) -> None:
    assert do(tmp_path, 1, stand_ins.out_of_memory)[1] == ["0.observed: its worker ran out of memory, 2 times"]


def test_a_mistake_of_ours_is_a_row(tmp_path: Path) -> None:
    (error,) = do(tmp_path, 1, stand_ins.broken)[1]
    assert error == "0.observed: something went wrong that should not: TypeError: oh"


def test_a_stopped_worker_tidies_up(tmp_path: Path) -> None:
    (job,) = jobs(tmp_path, 1)
    engine = LocalWorkers(1, stand_ins.endless)
    engine.submit(job)
    wait_for(lambda: any(isinstance(event, Progressed) for event in engine.wait(0.1)), "the worker tells how far it is")
    engine.close()
    assert [video for video, _ in signs(tmp_path / "out", "tidied")] == ["0.observed"]


def test_one_that_had_no_time_to_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped between making a claim and knowing of it, or by force."""
    (job,) = jobs(tmp_path, 1)
    store, engine = FolderStore(tmp_path / "out"), LocalWorkers(1, stand_ins.deaf)
    engine.submit(job)
    folder = tmp_path / "out/.batch/claims"
    wait_for(lambda: folder.is_dir() and list(folder.iterdir()), "it has a claim")
    monkeypatch.setattr("coach.children.GRACE_S", 0.1)
    end(engine, store)
    assert list(folder.iterdir()) == []
    assert list((tmp_path / "out/.batch/work").iterdir()) == []


class Scripted:
    """An engine that answers as it is told, a job at a time."""

    def __init__(self, answer: Callable[[Job, int], Event]) -> None:
        self._answer = answer
        self._given: deque[Job] = deque()
        self.tries: list[str] = []

    def free(self) -> int:
        return 1 - len(self._given)

    def submit(self, job: Job) -> None:
        self.tries.append(job.entry.name)
        self._given.append(job)

    def wait(self, timeout_s: float) -> list[Event]:
        return (
            [self._answer(job, self.tries.count(job.entry.name)) for job in (self._given.popleft(),)]
            if self._given
            else []
        )

    def close(self) -> set[int]:
        return set()


def test_what_others_have_in_hand_is_looked_at_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "LOOK_AGAIN_S", 0.0)

    def answer(job: Job, tries: int) -> Event:
        if job.entry.name == "0.observed" and tries < 3:
            return Ended(job, Outcome("busy", "somebody"))
        return Ended(job, Outcome("kept" if tries == 3 else "done"))

    engine = Scripted(answer)
    seen: list[int] = []
    standing = run_batch(
        jobs(tmp_path, 2), engine, FolderStore(tmp_path / "out"), on_change=lambda now: seen.append(now.busy)
    )
    assert (standing.done, standing.kept) == (2, 1)
    assert engine.tries.count("0.observed") == 3
    assert 1 in seen


def test_what_stands_already_is_not_handed_out(tmp_path: Path) -> None:
    from coach.app.batch.job import run_job

    stand_ins.short_recording(tmp_path / "in/me.observed", 3.0)
    found = jobs_in(tmp_path / "in", tmp_path / "out")
    run_job(found[0])
    engine = Scripted(lambda job, tries: Died(job, "should not be asked"))
    standing = run_batch(found, engine, FolderStore(tmp_path / "out"))
    assert (standing.done, standing.kept, engine.tries) == (1, 1, [])


def test_what_concerns_all_ends_it(tmp_path: Path) -> None:
    class Full(Scripted):
        def wait(self, timeout_s: float) -> list[Event]:
            raise OutputError("no room", "Make some")

    with pytest.raises(OutputError):
        run_batch(jobs(tmp_path, 1), Full(lambda job, tries: Died(job, "")), FolderStore(tmp_path / "out"))
