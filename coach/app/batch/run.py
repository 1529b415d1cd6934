"""Hands out a batch's jobs and collects their outcomes."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coach.app.batch import claims
from coach.app.batch.job import Job, Outcome, fail, stands_already
from coach.app.batch.store import FolderStore, Store
from coach.app.batch.workers import Died, Ended, Engine, Progressed

LOOK_AGAIN_S = 5.0  # at a video that another worker has claimed
WAIT_S = 0.5


@dataclass
class Standing:
    """Progress of a batch. done and failed include earlier runs; kept is how many of done those are."""

    total: int
    done: int = 0
    kept: int = 0
    failed: int = 0
    pictures: int = 0
    busy: int = 0
    in_hand: dict[str, float] = field(default_factory=dict)

    @property
    def ended(self) -> int:
        """Videos that need no more work."""
        return self.done + self.failed

    @property
    def completed(self) -> float:
        """The same, including the finished shares of current videos."""
        return self.ended + sum(self.in_hand.values())


def run_batch(
    jobs: Sequence[Job],
    engine: Engine,
    store: Store,
    *,
    on_change: Callable[[Standing], None] = lambda standing: None,
    on_failure: Callable[[Job, str], None] = lambda job, error: None,
) -> Standing:
    """Do all unfinished jobs. Returns when nothing is left to do, by this process or by another.

    A failure caused by its video is an outcome; after a worker's death the job is retried once. Raises CoachError if
    nothing can continue. The engine is left open.
    """
    standing = Standing(len(jobs))
    waiting: deque[Job] = deque()
    for job in jobs:
        found = stands_already(store, job)
        if found is None:
            waiting.append(job)
        else:
            _count(standing, job, found, on_failure)
        on_change(standing)
    later: deque[tuple[float, Job]] = deque()
    deaths: Counter[str] = Counter()
    while waiting or later or standing.in_hand:
        now_s = time.monotonic()
        while later and later[0][0] <= now_s:
            waiting.append(later.popleft()[1])
        while waiting and engine.free() > 0:
            job = waiting.popleft()
            standing.in_hand[job.entry.id] = 0.0
            engine.submit(job)
        for event in engine.wait(WAIT_S):
            job = event.job
            if isinstance(event, Progressed):
                standing.pictures += event.pictures
                standing.in_hand[job.entry.id] = min(event.share, 1.0)
                continue
            standing.in_hand.pop(job.entry.id, None)
            if isinstance(event, Ended) and event.outcome.status == "busy":
                later.append((now_s + LOOK_AGAIN_S, job))
            elif isinstance(event, Ended):
                _count(standing, job, event.outcome, on_failure)
            else:
                _mourn(event, deaths, waiting, standing, on_failure)
        standing.busy = len(later)
        on_change(standing)
    return standing


def end(engine: Engine, store: Store) -> None:
    """Close the engine, and clean up after processes that were stopped midway, or would not stop."""
    stopped = engine.close()
    if isinstance(store, FolderStore):
        store.sweep()
        claims.forget(store.claims, stopped)
        claims.sweep(store.claims, store.is_done)


def _mourn(
    event: Died,
    deaths: Counter[str],
    waiting: deque[Job],
    standing: Standing,
    on_failure: Callable[[Job, str], None],
) -> None:
    job = event.job
    deaths[job.entry.id] += 1
    if deaths[job.entry.id] < claims.TRIES:
        waiting.appendleft(job)
        return
    error = f"{job.entry.name}: {event.why}, {deaths[job.entry.id]} times"
    _count(standing, job, fail(job, error), on_failure)


def _count(standing: Standing, job: Job, outcome: Outcome, on_failure: Callable[[Job, str], None]) -> None:
    if outcome.status == "failed":
        standing.failed += 1
        on_failure(job, outcome.error)
    else:
        standing.done += 1
        standing.kept += outcome.status == "kept"
