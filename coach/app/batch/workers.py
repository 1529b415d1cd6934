"""Processes on this machine that each work on one video. (I/O)

A pool from the standard library breaks for everyone when one process is killed, and does not say which job it had; here
each process has its own pipe, so that a death is attributed to its job and the process replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol

from coach.app.batch.job import Job, OnProgress, Outcome, fail, run_job
from coach.broken_packages import cannot_be_loaded
from coach.children import ctrl_c_comes_later, end_processes, started_safely
from coach.ending import Stopped, end_behind, end_tidily, hear_ctrl_c
from coach.errors import CoachError

RECYCLE_AFTER = 50  # videos: small leaks in libraries are cleaned up then
STALLED_S = 900.0  # without a sign of life: a worker that hangs counts as dead
TELL_EVERY_S = 0.5
# Several videos are analysed in parallel: more threads in each would only wait for each other.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")

RunJob = Callable[[Job, OnProgress], Outcome]


@dataclass(frozen=True, slots=True)
class Progressed:
    """Progress of a video: pictures since the last report, and the share that is done."""

    job: Job
    pictures: int
    share: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A job has finished."""

    job: Job
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Died:
    """The worker with this job has died."""

    job: Job
    why: str


Event = Progressed | Ended | Died


class Engine(Protocol):
    """Who does the jobs: processes here, or a cluster."""

    def free(self) -> int:
        """How many more jobs it can take now."""
        ...

    def submit(self, job: Job) -> None:
        """Take a job."""
        ...

    def wait(self, timeout_s: float) -> list[Event]:
        """What happened, waiting at most this many seconds. Raises CoachError if nothing can continue."""
        ...

    def close(self) -> set[int]:
        """Stop at once, dropping current jobs. Returns the ids of this machine's processes that had one."""
        ...


class LocalWorkers:
    """A fixed number of processes. Each keeps its libraries loaded between videos, and is replaced after fifty."""

    def __init__(self, count: int, run: RunJob = run_job, recycle_after: int = RECYCLE_AFTER) -> None:
        self._count = count
        self._run = run
        self._recycle_after = recycle_after
        self._workers: list[_Worker] = []
        self._stack = ExitStack()
        self._stack.enter_context(started_safely())

    def free(self) -> int:
        """See Engine."""
        return self._count - sum(worker.job is not None for worker in self._workers)

    def submit(self, job: Job) -> None:
        """See Engine."""
        worker = next((each for each in self._workers if each.job is None and each.left > 0), None)
        if worker is None:
            worker = _Worker(self._run, self._recycle_after)
            self._workers.append(worker)
        worker.give(job)

    def wait(self, timeout_s: float) -> list[Event]:
        """See Engine."""
        ready = set(wait([worker.pipe for worker in self._workers], timeout_s))
        events: list[Event] = []
        for worker in list(self._workers):
            if worker.pipe in ready:
                events += worker.heard()
            elif worker.job is not None and time.monotonic() - worker.heard_s > STALLED_S:
                worker.process.kill()
            if worker.over:
                self._workers.remove(worker)
        return events

    def close(self) -> set[int]:
        """See Engine."""
        stopped = {worker.process.pid for worker in self._workers if worker.job is not None}
        end_processes([worker.process for worker in self._workers])
        for worker in self._workers:
            worker.pipe.close()
        self._workers = []
        self._stack.close()
        return {pid for pid in stopped if pid is not None}


class _Worker:
    """A process, seen from the one that started it."""

    def __init__(self, run: RunJob, recycle_after: int) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_work, args=(theirs, run, recycle_after), daemon=True)
        with _environment(ONE_THREAD), ctrl_c_comes_later():
            self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.heard_s = time.monotonic()
        self.left = recycle_after
        self.over = False

    def give(self, job: Job) -> None:
        self.job, self.heard_s = job, time.monotonic()
        self.left -= 1
        with suppress(OSError):  # it has just died: its end of the pipe will show
            self.pipe.send(job)

    def heard(self) -> list[Event]:
        events: list[Event] = []
        self.heard_s = time.monotonic()
        try:
            while self.pipe.poll():
                events += self._understood(self.pipe.recv())
        except (EOFError, OSError):
            self.process.join()
            self.over = True
            self.pipe.close()
            if self.job is not None:
                events.append(Died(self.job, _why(self.process.exitcode)))
                self.job = None
        return events

    def _understood(self, message: Any) -> list[Event]:
        job = self.job
        if isinstance(message, CoachError):
            raise message
        if job is None:
            return []
        if isinstance(message, Outcome):
            self.job = None
            return [Ended(job, message)]
        return [Progressed(job, *message)]


OUT_OF_MEMORY = 71


def _why(exit_code: int | None) -> str:
    if exit_code == OUT_OF_MEMORY:
        return "its worker ran out of memory"
    if exit_code is not None and exit_code < 0:
        known = {each.value: each.name for each in signal.Signals}
        name = known.get(-exit_code, f"signal {-exit_code}")
        return f"its worker was killed ({name}{', perhaps for want of memory' if name == 'SIGKILL' else ''})"
    return f"its worker ended by itself (exit code {exit_code})"


def _work(pipe: Connection, run: RunJob, recycle_after: int) -> None:
    """Run by a worker process: jobs, until there are no more or it has done enough of them."""
    end_tidily()
    # Ctrl-C and a closed terminal reach all of its processes: the parent decides.
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    hear_ctrl_c()
    try:
        for _ in range(recycle_after):
            try:
                job = pipe.recv()
            except (EOFError, OSError):
                return
            teller = _Teller(pipe)
            try:
                answer: object = run(job, teller)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            except CoachError as error:
                answer = CoachError(error.problem, error.remedy)  # without parts that cannot be pickled
            except Exception as error:
                if end_behind(error) is not None:
                    return
                why = f"something went wrong that should not: {type(error).__name__}: {error}"
                answer = cannot_be_loaded(error) or fail(job, f"{job.entry.name}: {why}")
            teller.tell()
            pipe.send(answer)
    except (Stopped, OSError):
        return


class _Teller:
    """Reports a video's progress twice a second. Ends the work if the parent has gone."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._told_s = time.monotonic()
        self._pictures, self._share = 0, 0.0

    def __call__(self, pictures: int, share: float) -> None:
        self._pictures += pictures
        self._share = share
        if time.monotonic() - self._told_s >= TELL_EVERY_S:
            self.tell()

    def tell(self) -> None:
        try:
            self._pipe.send((self._pictures, self._share))
        except OSError:
            raise Stopped(signal.SIGTERM) from None
        self._pictures, self._told_s = 0, time.monotonic()


@contextmanager
def _environment(more: dict[str, str]) -> Iterator[None]:
    """Environment variables for processes started in this context; existing ones are kept."""
    added = [name for name in more if name not in os.environ]
    os.environ.update({name: more[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
