"""On a real Dask scheduler with real worker processes, of which some are killed: nothing lost, nothing done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.app.batch import cluster as cluster_module
from coach.app.batch.cluster import Cluster, install, run_remote
from coach.app.batch.job import Job, Outcome, stands_already
from coach.app.batch.run import run_batch
from coach.app.batch.store import FolderStore
from coach.errors import ClusterError, OptionError
from tests.app.batch.stand_ins import jobs_in, short_recording, wait_for

ROOT = Path(__file__).parents[3]


class Machines:
    """A scheduler and its workers, each a process on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts = 0
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start(self, workers: int = 2) -> None:
        self._starts += 1
        where = self._folder / f"scheduler-{self._starts}.json"
        self._run("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", where)
        wait_for(lambda: where.exists() and where.stat().st_size > 0, "the scheduler says where it is")
        self.address = json.loads(where.read_text())["address"]
        for _ in range(workers):
            self._run("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")

    def kill(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        self.processes = []

    def _run(self, what: str, *options: object) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, options)]
        quiet = subprocess.DEVNULL
        here = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.processes.append(subprocess.Popen(command, cwd=self._folder, env=here, stdout=quiet, stderr=quiet))


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    pytest.importorskip("distributed")
    started = Machines(tmp_path)
    try:
        yield started
    finally:
        started.kill()


def jobs(tmp_path: Path, count: int = 4) -> list[Job]:
    for i in range(count):
        short_recording(tmp_path / f"in/{i}.observed", 12.0, source=f"{i}.mp4")
    return jobs_in(tmp_path / "in", tmp_path / "out")


def journal(out: Path) -> list[str]:
    lines = [line for path in (out / ".batch/journal").glob("*") for line in path.read_text().splitlines()]
    return sorted(json.loads(line)["name"] for line in lines)


def holders(out: Path) -> list[int]:
    """Who has a video in hand."""
    pids = []
    for path in (out / ".batch/claims").glob("*"):
        try:
            pids.append(json.loads(path.read_text())["pid"])
        except (OSError, ValueError):  # just let go of, or just being written
            continue
    return pids


@pytest.mark.cluster
def test_a_worker_killed_in_the_middle_loses_nothing(machines: Machines, tmp_path: Path) -> None:
    found, out = jobs(tmp_path), tmp_path / "out"
    store = FolderStore(out)
    machines.start()
    engine = Cluster(machines.address, store)
    killed: list[int] = []

    def kill_one() -> None:
        (pid, *_) = wait_for(lambda: holders(out), "a video is in hand")
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    killer = threading.Thread(target=kill_one)
    killer.start()
    try:
        standing = run_batch(found, engine, store)
    finally:
        engine.close()
        killer.join()
    assert killed
    assert (standing.done, standing.failed) == (4, 0)
    assert journal(out) == [job.entry.name for job in found], "each once"
    assert not list((out / ".batch/claims").iterdir())
    assert all(stands_already(store, job) == Outcome("kept") for job in found)


@pytest.mark.cluster
def test_a_killed_scheduler_and_a_new_start_lose_nothing(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, out = jobs(tmp_path), tmp_path / "out"
    store = FolderStore(out)
    machines.start(1)
    engine = Cluster(machines.address, store)

    def kill_all() -> None:
        wait_for(lambda: journal(out) and holders(out), "a video is done and another in hand")
        machines.kill()

    killer = threading.Thread(target=kill_all)
    killer.start()
    monkeypatch.setattr(engine._client, "_timeout", 0.5)
    try:
        with pytest.raises(ClusterError, match="the scheduler went away"):
            run_batch(found, engine, store)
    finally:
        engine.close()
        killer.join()
    before = journal(out)
    assert 1 <= len(before) < len(found)

    machines.start(1)
    engine = Cluster(machines.address, store)
    try:
        standing = run_batch(found, engine, store)
    finally:
        engine.close()
    assert (standing.done, standing.failed) == (4, 0)
    assert standing.kept >= len(before)
    assert all(stands_already(store, job) == Outcome("kept") for job in found)
    # A worker that was killed after its result had its place and before it said so is not in the journal.
    assert len(set(journal(out))) == len(journal(out)) >= len(found) - 1, "none twice"


def test_no_scheduler_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "TIMEOUT_S", 0.5)
    with pytest.raises(ClusterError, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:9", FolderStore(tmp_path))


class TestAWorkerThatDoesNotSeeTheFolder:
    def test_it_sends_the_result_back(self, tmp_path: Path) -> None:
        (job,) = jobs(tmp_path, 1)
        store = FolderStore(tmp_path / "out")
        outcome = run_remote(job, "another folder of the same name")
        assert outcome.status == "done"
        assert not (tmp_path / "out/videos").exists()
        install(store, outcome)
        assert stands_already(store, job) == Outcome("kept")
        known = cluster_module.known_stamp(store, job)
        assert run_remote(cluster_module.replace(job, known=known), "another folder") == Outcome("kept")

    def test_and_why_there_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/bad.mp4").write_text("not a video")
        (job,) = jobs_in(tmp_path / "in", tmp_path / "out")
        store = FolderStore(tmp_path / "out")
        install(store, run_remote(job, "another folder"))
        again = stands_already(store, job)
        assert again is not None
        assert (again.status, "not a whole video" in again.error) == ("failed", True)

    def test_a_large_one_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster_module, "LARGEST_RETURN_MB", 0)
        with pytest.raises(OptionError, match="too much to send back"):
            run_remote(jobs(tmp_path, 1)[0], "another folder")
