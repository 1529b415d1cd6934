"""The same jobs on the workers of a Dask cluster. It holds no state of ours. (I/O)

If a worker dies, Dask retries its job on another; our claims count how often, and give up after two. Dask recovers
neither a dead scheduler nor its jobs: then the batch is started again, and continues from what has been written.
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coach.app.batch.job import Job, Outcome, known_stamp, run_job
from coach.app.batch.store import STATE, FolderStore, Store
from coach.app.batch.workers import ONE_THREAD, Died, Ended, Event
from coach.errors import ClusterError, CoachError, OptionError
from coach.extras import install_extra
from coach.leftovers import sweep, temporary_folder

if TYPE_CHECKING:
    from distributed import Future

TIMEOUT_S = 30.0
LEAST_AHEAD = 100  # jobs queued at the scheduler, so that an autoscaling one sees that there is work
LARGEST_RETURN_MB = 32
TOKEN = f"{STATE}/token"
START_AGAIN = "What is finished is kept: start the scheduler, and then the same command again"


class Cluster:
    """The workers of a Dask scheduler. Raises ClusterError, or OptionError where Dask is not installed."""

    def __init__(self, address: str, store: Store) -> None:
        try:
            from distributed import Client, as_completed
        except ImportError as error:
            raise OptionError("--scheduler needs the package distributed", install_extra("cluster")) from error
        self._address = address
        self._store = store
        self._token = _token(store)
        try:
            self._client = Client(address, timeout=TIMEOUT_S, set_as_default=False, name="coach-batch")
        except (OSError, ValueError) as error:
            why = str(error).partition("\n")[0]
            raise ClusterError(
                f"{address}: no scheduler answers ({why})", "Check the address and the network"
            ) from error
        self._finished = as_completed(loop=self._client.loop)
        self._jobs: dict[str, tuple[Future[Outcome], Job]] = {}
        self._lost: list[Job] = []
        self._asked_s, self._threads = -1.0, 0

    def free(self) -> int:
        """See Engine. Enough that no worker waits, but not more than the scheduler handles easily."""
        now_s = time.monotonic()
        if now_s - self._asked_s > 2.0 and self._client.status == "running":
            try:
                self._threads = sum(self._client.nthreads().values())
            except OSError:
                self._threads = 0
            self._asked_s = now_s
        return max(LEAST_AHEAD, 2 * self._threads) - len(self._jobs) - len(self._lost)

    def submit(self, job: Job) -> None:
        """See Engine."""
        sent = job if self._token is None else replace(job, known=known_stamp(self._store, job))
        # A new key for each try, because Dask remembers the results of earlier keys.
        key = f"coach-{job.entry.id}-{uuid.uuid4().hex[:8]}"
        try:
            future = self._client.submit(run_remote, sent, self._token, key=key, pure=False)
        except Exception as error:
            raise self._gone() from error
        self._jobs[key] = (future, job)
        self._finished.add(future)

    def wait(self, timeout_s: float) -> list[Event]:
        """See Engine. Raises ClusterError if the scheduler has gone and does not come back."""
        until_s = time.monotonic() + timeout_s
        while not self._finished.has_ready() and time.monotonic() < until_s:
            time.sleep(0.02)
        events = [
            event for future in self._finished.next_batch(block=False) if (event := self._event(future)) is not None
        ]
        if self._lost and self._client.status == "running":  # the connection is back
            lost, self._lost = self._lost, []
            for job in lost:
                self.submit(job)
        elif self._client.status in ("closing", "closed"):
            raise self._gone()
        return events

    def close(self) -> set[int]:
        """See Engine. A cluster's workers finish their current jobs, and keep the results."""
        if self._client.status == "running":
            self._client.cancel([future for future, _ in self._jobs.values()], reason="the batch was stopped")
        self._client.close(timeout=2)
        return set()

    def _event(self, future: Future[Outcome]) -> Event | None:
        _, job = self._jobs.pop(str(future.key))
        if future.status == "finished":
            try:
                outcome = future.result(timeout=TIMEOUT_S)
            except Exception:  # its worker was lost between finishing the job and reporting it
                self._lost.append(job)
                return None
            install(self._store, outcome)
            return Ended(job, replace(outcome, files=()))
        if future.status == "error":
            error = future.exception(timeout=TIMEOUT_S)
            if isinstance(error, CoachError):
                raise error
            return Died(job, f"its worker failed ({type(error).__name__}: {str(error).partition('. ')[0]})")
        self._lost.append(job)
        return None

    def _gone(self) -> ClusterError:
        return ClusterError(f"{self._address}: the scheduler went away", START_AGAIN)


def run_remote(job: Job, token: str | None) -> Outcome:
    """Run by a worker of the cluster. token: stored in the batch's folder, if it is a folder.

    A worker that cannot see that folder sends the result back, if it is small.
    """
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
    if token is None or FolderStore(Path(job.out)).read(TOKEN) == token:
        return run_job(job)
    sweep()  # nobody else does it there
    with temporary_folder("remote") as place:
        outcome = run_job(replace(job, out=place))
        files = _collected(Path(place))
        size_mb = sum(len(content) for _, content in files) / 1e6
        if size_mb > LARGEST_RETURN_MB:
            raise OptionError(
                f"{job.entry.name}: its result has {size_mb:.0f} MB, too much to send back",
                "Let --out be a folder that all workers see, or an address such as s3://bucket/results",
            )
        return replace(outcome, files=files)


def install(store: Store, outcome: Outcome) -> None:
    """Write what a worker sent back: first the result, then the marker that it is complete. Raises OutputError."""
    folders = sorted({name.split("/")[1] for name, _ in outcome.files if name.startswith("videos/")})
    for folder in folders:
        with store.work() as place:
            made = place / folder
            for name, content in outcome.files:
                if name.startswith(f"videos/{folder}/"):
                    target = made / name.removeprefix(f"videos/{folder}/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
            store.put(made, folder)
    for name, content in outcome.files:
        if not name.startswith("videos/"):
            store.write(name, content.decode("utf-8"))


def _collected(place: Path) -> tuple[tuple[str, bytes], ...]:
    kept = [*place.glob("videos/**/*"), *place.glob(f"{STATE}/seen/*"), *place.glob(f"{STATE}/failed/*")]
    return tuple((path.relative_to(place).as_posix(), path.read_bytes()) for path in sorted(kept) if path.is_file())


def _token(store: Store) -> str | None:
    """A token by which a worker recognises the batch's folder; None for an address, which every worker can reach."""
    if not isinstance(store, FolderStore):
        return None
    if store.read(TOKEN) is None:
        store.write(TOKEN, uuid.uuid4().hex)
    return store.read(TOKEN)
