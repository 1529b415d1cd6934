"""Measures the response time: a clip played as the camera through the window's own loop, without a screen.

The path is that of ``coach live``: source, observer, session, presenter, drawing; only nothing is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.app.engine import Engine, run
from coach.app.practice import Practice
from coach.closing import Closing
from coach.definitions.exercise import Exercise
from coach.errors import SourceUnreadableError
from coach.overlay.free_scene import Scene, ScenePresenter
from coach.perception.observer import Observer
from coach.perception.pose_estimator import PoseEstimator
from coach.perception.stopwatch import Stopwatch, TimedEstimator
from coach.perception.unchanged import WhenChanged
from coach.session.session import Session
from coach.types import Frame, Picture
from coach.video.camera import LiveSource, PlayedFile
from coach.video.latest_frame import LatestFrame

TARGET_MS = 20.0  # for the 95th percentile, beyond that of the pose model alone
MODEL = ("model", "start")  # the stopwatch's names for the pose model


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, 95th percentile and maximum of many times, in milliseconds."""

    median_ms: float
    p95_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered frame. Seconds on one clock: when it arrived, was taken up, and its result was drawn.

    model_s, seeing_s: time spent in the pose model, and in the whole observer.
    """

    came_s: float
    taken_s: float
    drawn_s: float
    model_s: float
    seeing_s: float
    judging_s: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Results of a benchmark.

    answer: from a frame's arrival to its drawn result. Its parts: waiting for the previous frame, model (the pose
    model), seeing (other image processing), judging (signals, judge and words) and drawing (the overlay).
    beyond_model_ms: p95 of answer minus p95 of model. dropped: frames replaced by a newer one.
    """

    source: str
    frames: int
    dropped: int
    answer: Spread
    waiting: Spread
    model: Spread
    seeing: Spread
    judging: Spread
    drawing: Spread
    beyond_model_ms: float
    target_ms: float = TARGET_MS

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.beyond_model_ms <= self.target_ms

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "met": self.met}


class Meter:
    """Sits between the parts of a live session and records when each frame passes. ``clock`` returns seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.stopwatch = Stopwatch(clock)
        self.came_s: dict[float, float] = {}
        self.answers: list[Answer] = []
        self._step: tuple[float, float, float, float, float] | None = None

    def source(self, source: LiveSource) -> LiveSource:
        """The same source, with each frame's arrival recorded."""
        return _Arrivals(source, self)

    def observe(self, observer: Observer) -> Callable[[Frame], Any]:
        """``observer.observe``, timed as ``seeing``, including the model."""

        def timed(frame: Frame) -> Any:
            with self.stopwatch.time("seeing"):
                return observer.observe(frame)

        return timed

    def engine(self, engine: Engine) -> Engine:
        """The same engine, with the time it takes up each frame recorded."""
        return _Steps(engine, self)

    def begin(self, frame: Frame) -> None:
        """A frame is taken up."""
        self._step = (self.came_s.get(frame.t_s, self.clock()), self.clock(), *self._spent())

    def judged(self) -> None:
        """Its scene is ready."""
        if self._step is not None:
            came_s, taken_s, model_s, seeing_s, _ = self._step
            self._step = (came_s, taken_s, model_s, seeing_s, self.clock())

    @property
    def size_px(self) -> tuple[int, int] | None:
        """Unknown: part of a Screen."""
        return None

    @property
    def reduced_motion(self) -> bool:
        """Everything is drawn: part of a Screen."""
        return False

    def show(self, picture: Picture) -> None:
        """Its result is drawn: part of a Screen."""
        if self._step is None:
            return
        (came_s, taken_s, model_before_s, seeing_before_s, judged_s), self._step = self._step, None
        model_s, seeing_s, now_s = self._spent()
        model_s, seeing_s = model_s - model_before_s, seeing_s - seeing_before_s
        judging_s = judged_s - taken_s - seeing_s
        self.answers.append(Answer(came_s, taken_s, now_s, model_s, seeing_s - model_s, judging_s))

    def key(self) -> str:
        """Nobody presses anything: part of a Screen."""
        return ""

    def toggle_full_screen(self) -> None:
        """There is none: part of a Screen."""

    def close(self) -> None:
        """Nothing to close: part of a Screen."""

    def latency(self, source: str) -> Latency:
        """The figures so far. Raises SourceUnreadableError if no frame was answered."""
        if not self.answers:
            raise SourceUnreadableError(f"{source}: no frame of it was answered", "Choose a longer video")
        # A fast camera sends more pictures than are judged, and where nothing moves the network is not asked: both
        # would flatter the figures.
        judged = [each for each in self.answers if each.model_s > 0] or self.answers
        model = spread([each.model_s for each in judged])
        answer = spread([each.drawn_s - each.came_s for each in judged])
        rest = [each.drawn_s - each.taken_s - each.model_s - each.seeing_s - each.judging_s for each in judged]
        return Latency(
            source,
            frames=len(self.answers),
            dropped=len(self.came_s) - len(self.answers),
            answer=answer,
            waiting=spread([each.taken_s - each.came_s for each in judged]),
            model=model,
            seeing=spread([each.seeing_s for each in judged]),
            judging=spread([each.judging_s for each in judged]),
            drawing=spread(rest),
            beyond_model_ms=answer.p95_ms - model.p95_ms,
        )

    def _spent(self) -> tuple[float, float, float]:
        spent_s = self.stopwatch.spent_s
        return sum(spent_s[name] for name in MODEL), spent_s["seeing"], self.clock()


def spread(times_s: Sequence[float]) -> Spread:
    """Median, 95th percentile and maximum of times in seconds, as milliseconds."""
    median, p95, longest = np.percentile(np.array(times_s) * 1000, [50, 95, 100])
    return Spread(float(median), float(p95), float(longest))


def bench_live(exercises: Sequence[Exercise], source: str | Path) -> Latency:
    """Play a video through a live session and measure times. Takes as long as the video.

    Everything is loaded before the video begins. Raises what VideoFile and PoseEstimator raise.
    """
    meter = Meter()
    with ExitStack() as stack:
        feed = LatestFrame(lambda: meter.source(PlayedFile(source)))
        estimator = WhenChanged(TimedEstimator(PoseEstimator(), meter.stopwatch))
        observer = stack.enter_context(Observer(estimator, at_once=True))
        estimator.estimate(Frame(0.0, np.zeros((480, 640, 3), np.uint8)))
        practice = Practice(Session(exercises), ScenePresenter(exercises), meter.observe(observer), lambda text: None)
        run(meter.engine(practice), stack.enter_context(feed), meter)
    if feed.problem is not None:
        raise feed.problem
    return meter.latency(str(source))


class _Arrivals(Closing):
    def __init__(self, source: LiveSource, meter: Meter) -> None:
        self._stack = ExitStack()
        self._source, self._meter = self._stack.enter_context(source), meter

    def close(self) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            self._meter.came_s[frame.t_s] = self._meter.clock()
            yield frame


class _Steps:
    def __init__(self, engine: Engine, meter: Meter) -> None:
        self._engine, self._meter = engine, meter

    @property
    def done(self) -> bool:
        return self._engine.done

    def step(self, frame: Frame) -> Scene:
        self._meter.begin(frame)
        scene = self._engine.step(frame)
        self._meter.judged()
        return scene

    def without_picture(self, t_s: float) -> Scene:
        return self._engine.without_picture(t_s)

    def press(self, key: str) -> None:
        self._engine.press(key)
