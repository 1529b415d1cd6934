"""How long an analysis takes, beside the least that anybody could do: decode every picture and look for a pose in it.

The three loops run in turns in one process, so that whatever else the machine does slows all of them down.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from coach.app.analyse import analyse, choose_exercises
from coach.definitions.exercise import Exercise
from coach.errors import SourceUnreadableError
from coach.perception.observer import Observer
from coach.perception.pose_estimator import PoseEstimator
from coach.perception.stopwatch import Stopwatch, TimedEstimator
from coach.perception.unchanged import WhenChanged
from coach.perception.watched_video import WatchedVideo
from coach.session.session import Session
from coach.video.file import VideoFile
from coach.video.opencv_file import opencv_frames
from coach.video.rate_limiter import JUDGED_FPS

EVERY_PICTURE = 240.0  # a second: more than any video has
PROFILED = 150  # pictures

TARGETS = {"default": 0.5, "full rate": 1.0}  # of the bare loop's wall time, on two processors


@dataclass(frozen=True, slots=True)
class Loop:
    """One run of a loop over the whole video. cpu_s: of all threads."""

    wall_s: float
    cpu_s: float
    pictures: int


@dataclass(frozen=True)
class Comparison:
    """What a bench found. loops: the runs of each, by its name. stages_ms: processor time for a picture of the default
    analysis, one stage after the other. load: average number of programs that wanted a processor, before and after.
    """

    source: str
    processors: int
    load: tuple[float, float]
    loops: dict[str, list[Loop]]
    stages_ms: dict[str, float]
    targets: dict[str, float] = field(default_factory=lambda: dict(TARGETS))

    def ratio(self, name: str) -> float:
        """Wall time over that of the bare loop beside it, the median over the rounds."""
        return median(one.wall_s / bare.wall_s for one, bare in zip(self.loops[name], self.loops["bare"], strict=True))

    def cpu_ratio(self, name: str) -> float:
        """The same of processor time."""
        return median(one.cpu_s / bare.cpu_s for one, bare in zip(self.loops[name], self.loops["bare"], strict=True))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        ratios = {name: {"wall": self.ratio(name), "cpu": self.cpu_ratio(name)} for name in self.targets}
        return {**asdict(self), "ratios": ratios}


def bench_analyse(source: Path, rounds: int = 2, exercises: Sequence[Exercise] | None = None) -> Comparison:
    """Measure on one video. Takes several times as long as the video's analysis.

    Raises what VideoFile and PoseEstimator raise.
    """
    chosen = exercises or choose_exercises("auto")
    with VideoFile(source):  # says what is wrong with a file better than OpenCV does
        pass
    loops: dict[str, Callable[[], int]] = {
        "bare": lambda: _bare(source),
        "full rate": lambda: _analysis(source, EVERY_PICTURE, chosen),
        "default": lambda: _analysis(source, JUDGED_FPS, chosen),
    }
    before = _load()
    stages_ms = _stages_ms(source, chosen)  # first: it loads the libraries
    runs: dict[str, list[Loop]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, loop in loops.items():
            runs[name].append(_timed(loop))
    if not runs["bare"][0].pictures:
        raise SourceUnreadableError(f"{source}: OpenCV finds no picture in it", "Choose another video")
    return Comparison(str(source), os.cpu_count() or 1, (before, _load()), runs, stages_ms)


def _bare(source: Path) -> int:
    """The network as MediaPipe's own example runs it: one person, tracked. Nothing is done with what it finds."""
    with PoseEstimator(way="tracked") as estimator:
        return sum(1 for frame in opencv_frames(source) if estimator.estimate(frame) is not None)


def _analysis(source: Path, fps: float, exercises: Sequence[Exercise]) -> int:
    pictures: list[float] = []
    with WatchedVideo(source, fps) as watched:
        analyse(watched, exercises, on_moment=lambda moment: pictures.append(moment.t_s))
    return len(pictures)


def _stages_ms(source: Path, exercises: Sequence[Exercise]) -> dict[str, float]:
    """Processor time of each stage, for a picture: one picture after the other, nothing at the same time."""
    watch = Stopwatch(time.process_time)
    session, pictures = Session(exercises), 0
    with VideoFile(source) as video, Observer(WhenChanged(TimedEstimator(PoseEstimator(), watch)), watch) as observer:
        for frame in islice(watch.waiting("decode", video), PROFILED):
            with watch.time("seeing"):
                observation = observer.observe(frame)
            with watch.time("judging"):
                session.step(observation)
            pictures += 1
    spent_s = watch.spent_s
    spent_s["other"] = spent_s.pop("seeing") - spent_s["model"] - spent_s["motion"] - spent_s["start"]
    start_s = spent_s.pop("start")
    names = {"decode": "decode", "model": "pose", "motion": "motion", "other": "other", "judging": "judging"}
    return {
        "loading the network": start_s * 1000,
        **{title: spent_s[name] * 1000 / max(1, pictures) for name, title in names.items()},
    }


def _timed(loop: Callable[[], int]) -> Loop:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    pictures = loop()
    return Loop(time.perf_counter() - wall_s, time.process_time() - cpu_s, pictures)


def _load() -> float:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # Windows
        return 0.0
