"""The cost of many videos: measured on a few, then estimated and simulated for more. (I/O in ``measure`` only)

``measure`` runs real batches of the given videos, with one worker and with one per processor. ``needs`` extrapolates
from that; ``simulate`` plays a day's videos through any number of workers whose times vary as measured, some of which
die. Whatever cannot be measured on one machine is a named assumption.
"""

from __future__ import annotations

import heapq
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from coach.app.batch.claims import STALE_S, TRIES
from coach.app.batch.entries import find_entries
from coach.app.batch.job import Job, OnProgress, Outcome, jobs_for, stands_already
from coach.app.batch.keys import Settings
from coach.app.batch.run import run_batch
from coach.app.batch.store import FolderStore
from coach.app.batch.workers import LocalWorkers, RunJob, processors
from coach.errors import SourceUnreadableError

DAY_S = 86_400.0
HANDED_OUT = 200  # empty jobs, to measure the cost of handing one out
BUSY = 0.7  # of the workers' time: videos do not arrive evenly


@dataclass(frozen=True, slots=True)
class Assumed:
    """Assumptions. A phone's 1080p video at 30 pictures a second has 17 Mbit/s, 130 MB a minute.

    link_mb_s: throughput of the shared disk or network for all workers together; here 1 Gbit/s. life_h: mean life of a
    worker; a cheap preemptible machine is taken back about every few days.
    """

    minutes: float = 2.0
    mb_a_minute: float = 130.0
    link_mb_s: float = 125.0
    life_h: float = 100.0


@dataclass(frozen=True, slots=True)
class Timed:
    """One video of a measured batch."""

    name: str
    duration_s: float
    cpu_s: float
    wall_s: float
    peak_mb: float | None
    pictures: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured batch per number of workers, and the cost of keeping state.

    start_s: overhead of a batch: loading libraries, the table. look_s: to see that a video is done. hand_s: to hand one
    out and receive its outcome. stored_bytes, state_files: size of results and state.
    """

    videos: dict[int, list[Timed]]
    wall_s: dict[int, float]
    source_bytes: int
    stored_bytes: int
    state_files: int
    look_s: float
    hand_s: float

    @property
    def most_workers(self) -> int:
        """The batch with the most workers, the basis of all estimates: the machine is then as busy as in real use."""
        return max(self.videos)

    @property
    def minutes(self) -> float:
        """Minutes of video in a batch."""
        return sum(each.duration_s for each in self.videos[self.most_workers]) / 60

    @property
    def cpu_s_a_minute(self) -> float:
        """Processor seconds per minute of video."""
        return sum(each.cpu_s for each in self.videos[self.most_workers]) / self.minutes

    @property
    def spread(self) -> float:
        """Coefficient of variation of the processor seconds per minute, over videos and runs."""
        rates = [each.cpu_s / each.duration_s for videos in self.videos.values() for each in videos]
        return float(np.std(rates) / np.mean(rates))

    @property
    def length_spread(self) -> float:
        """The same for the videos' lengths."""
        lengths = [each.duration_s for each in self.videos[self.most_workers]]
        return float(np.std(lengths) / np.mean(lengths))

    @property
    def peak_mb(self) -> float:
        """Peak memory of a worker."""
        return max(each.peak_mb or 0.0 for videos in self.videos.values() for each in videos)

    @property
    def stored_mb_a_minute(self) -> float:
        """Size of results and state."""
        return self.stored_bytes / 1e6 / self.minutes


@dataclass(frozen=True, slots=True)
class Needs:
    """What a number of videos a day requires. link_workers: how many workers a link of the assumed rate feeds."""

    videos: int
    cpu_h: float
    cores: float
    in_mb_s: float
    in_gb: float
    stored_gb: float
    files: int
    link_workers: float
    hand_out_share: float


@dataclass(frozen=True, slots=True)
class Simulated:
    """A day's videos on a number of workers. efficiency: share of the workers' time that was useful.

    tail_s: from when the first worker ran out of work to the end. lost: videos begun by a worker that died; failed:
    those over which two died.
    """

    workers: int
    wall_s: float
    speed_up: float
    efficiency: float
    tail_s: float
    lost: int
    failed: int
    waiting_for: str = ""


@dataclass(frozen=True)
class Report:
    """All figures of a run of the command."""

    measured: Measured
    assumed: Assumed
    needs: list[Needs]
    simulated: list[Simulated] = field(default_factory=list)
    simulated_videos: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        measured = self.measured
        names = ("minutes", "cpu_s_a_minute", "spread", "length_spread", "peak_mb", "stored_mb_a_minute")
        return {**asdict(self), "derived": {name: getattr(measured, name) for name in names}}


def measure(videos: Sequence[Path], workers: Sequence[int] | None = None) -> Measured:
    """Run a batch of the videos for each number of workers. Takes as long as they do.

    Raises what find_entries raises, and SourceUnreadableError where a video cannot be analysed.
    """
    from coach.app.analyse import choose_exercises

    entries, _ = find_entries([str(video) for video in videos])
    times: dict[int, list[Timed]] = {}
    walls: dict[int, float] = {}
    with TemporaryDirectory(prefix="coach-scale-") as place:
        for count in workers or sorted({1, processors()}):
            out = Path(place) / str(count)
            jobs = jobs_for(entries, choose_exercises, "auto", None, Settings(), str(out))
            start_s = time.perf_counter()
            _do(jobs, out, count)
            walls[count] = time.perf_counter() - start_s
            times[count] = _timed(out)
        files = [path for path in out.rglob("*") if path.is_file()]
        start_s = time.perf_counter()
        for job in jobs:
            stands_already(FolderStore(out), job)
        look_s = (time.perf_counter() - start_s) / len(jobs)
        hand_s = _handing_out(jobs, Path(place) / "nothing")
        stored = sum(path.stat().st_size for path in files)
    size = sum(Path(entry.place).stat().st_size for entry in entries)
    return Measured(times, walls, size, stored, len(files), look_s, hand_s)


def needs(measured: Measured, assumed: Assumed, videos: int) -> Needs:
    """Estimate what a number of videos a day requires, spread evenly except for the workers' idle share."""
    minutes = videos * assumed.minutes
    cpu_s = minutes * measured.cpu_s_a_minute
    source_mb = minutes * assumed.mb_a_minute
    in_mb_s = source_mb / DAY_S
    each_takes_mb_s = assumed.mb_a_minute / measured.cpu_s_a_minute
    count = len(measured.videos[measured.most_workers])
    return Needs(
        videos=videos,
        cpu_h=cpu_s / 3600,
        cores=cpu_s / DAY_S / BUSY,
        in_mb_s=in_mb_s,
        in_gb=source_mb / 1000,
        stored_gb=minutes * measured.stored_mb_a_minute / 1000,
        files=round(videos * measured.state_files / count),
        link_workers=assumed.link_mb_s / each_takes_mb_s,
        hand_out_share=videos * measured.hand_s / DAY_S,
    )


def simulate(measured: Measured, assumed: Assumed, videos: int, workers: int, seed: int = 0) -> Simulated:
    """Simulate a number of videos on a number of workers.

    Times and lengths are lognormal with the measured means and spreads. A worker dies after an exponentially
    distributed working time; its video is retried once its claim is stale, and a new worker takes its place. One
    process hands out jobs one after the other; a shared link slows all workers once they ask for more than its rate.
    """
    random = np.random.default_rng(seed)
    lengths_s = 60 * assumed.minutes * _lognormal(random, measured.length_spread, videos)
    work_s = lengths_s / 60 * measured.cpu_s_a_minute * _lognormal(random, measured.spread, videos)
    wanted_mb_s = workers * assumed.mb_a_minute / measured.cpu_s_a_minute
    slower = max(1.0, wanted_mb_s / assumed.link_mb_s)
    free = [0.0] * workers
    heapq.heapify(free)
    again: list[tuple[float, int, int]] = []  # when, which, how many tries
    fresh, handed_s, end_s, lost, failed = 0, 0.0, 0.0, 0, 0
    idle_s: float | None = None
    while fresh < videos or again:
        now_s = heapq.heappop(free)
        if again and (again[0][0] <= now_s or fresh == videos):
            ready_s, which, tries = heapq.heappop(again)
            idle_s = now_s if idle_s is None and ready_s > now_s else idle_s
            now_s = max(now_s, ready_s)
        else:
            which, tries, fresh = fresh, 0, fresh + 1
        handed_s = begun_s = max(now_s, handed_s) + measured.hand_s
        takes_s = float(work_s[which]) * slower
        lives_s = float(random.exponential(assumed.life_h * 3600))
        if lives_s < takes_s:
            lost += 1
            died_s = begun_s + lives_s
            if tries + 1 < TRIES:
                heapq.heappush(again, (died_s + STALE_S, which, tries + 1))
            else:
                failed += 1
            heapq.heappush(free, died_s)
            end_s = max(end_s, died_s)
        else:
            heapq.heappush(free, begun_s + takes_s)
            end_s = max(end_s, begun_s + takes_s)
    total_s = float(work_s.sum())
    first_idle_s = min(free) if idle_s is None else idle_s
    return Simulated(
        workers=workers,
        wall_s=end_s,
        speed_up=total_s / end_s,
        efficiency=total_s / end_s / workers,
        tail_s=end_s - first_idle_s,
        lost=lost,
        failed=failed,
        waiting_for=_bottleneck(measured, workers, slower, float(work_s.mean())),
    )


def _bottleneck(measured: Measured, workers: int, slower: float, mean_s: float) -> str:
    if workers * measured.hand_s > mean_s * slower:
        return "handing out"
    return "network" if slower > 1 else "processors"


def _lognormal(random: np.random.Generator, spread: float, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A lognormal sample with mean 1 and this standard deviation."""
    sigma = np.sqrt(np.log(1 + spread**2))
    return random.lognormal(-(sigma**2) / 2, sigma, count)


def _do(jobs: Sequence[Job], out: Path, workers: int, run: RunJob | None = None) -> None:
    errors: list[str] = []
    out.mkdir(parents=True, exist_ok=True)
    engine = LocalWorkers(workers, run) if run is not None else LocalWorkers(workers)
    try:
        run_batch(jobs, engine, FolderStore(out), on_failure=lambda job, error: errors.append(error))
    finally:
        engine.close()
    if errors:
        raise SourceUnreadableError(errors[0], "Measure on videos that can be analysed")


def _timed(out: Path) -> list[Timed]:
    found = []
    for path in sorted((out / ".batch" / "journal").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            note = json.loads(line)
            result = json.loads((out / "videos" / note["folder"] / "result.json").read_text(encoding="utf-8"))
            found.append(
                Timed(
                    note["name"],
                    float(result["duration_s"] or 0.0),
                    note["cpu_s"],
                    note["wall_s"],
                    note["peak_mb"],
                    note["pictures"],
                )
            )
    return sorted(found, key=lambda each: each.name)


def _handing_out(jobs: Sequence[Job], out: Path) -> float:
    """Seconds for an empty job, to a process and back."""
    out.mkdir()
    engine = LocalWorkers(1, nothing, recycle_after=HANDED_OUT + 1)
    try:
        run_batch(jobs[:1], engine, FolderStore(out))  # starts the process
        start_s = time.perf_counter()
        for _ in range(HANDED_OUT):
            engine.submit(jobs[0])
            while engine.free() == 0:
                engine.wait(1.0)
        return (time.perf_counter() - start_s) / HANDED_OUT
    finally:
        engine.close()


def nothing(job: Job, on_progress: OnProgress) -> Outcome:
    """An empty job."""
    return Outcome("done")
