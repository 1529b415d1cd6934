"""Where time goes, by a clock that the test moves."""

from __future__ import annotations

import numpy as np

from coach.perception.pose_estimator import PoseEstimator
from coach.perception.stopwatch import Stopwatch, TimedEstimator
from coach.types import Frame, Pose


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Slow(PoseEstimator):
    """Takes a second to start and a tenth for each picture."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.started = False

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.clock.now_s += 0.1 if self.started else 1.0
        self.started = True
        return ()

    def prepare(self, posture: str) -> None:
        self.started = False

    def close(self) -> None:
        pass


def test_times_add_up_by_name() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    for _ in range(3):
        with watch.time("work"):
            clock.now_s += 2
    clock.now_s += 1
    assert watch.spent_s["work"] == 6
    assert watch.total_s == 7


def test_waiting_for_items_is_timed_and_using_them_is_not() -> None:
    clock = Clock()
    watch = Stopwatch(clock)

    def items() -> object:
        for i in range(3):
            clock.now_s += 1
            yield i

    for _ in watch.waiting("reading", items()):  # type: ignore[arg-type]
        clock.now_s += 10
    assert watch.spent_s["reading"] == 3
    assert watch.total_s == 33


def test_loading_the_model_is_not_its_inference() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    estimator = TimedEstimator(Slow(clock), watch)
    frame = Frame(0.0, np.zeros((2, 2, 3), np.uint8))
    for _ in range(4):
        estimator.estimate(frame)
    estimator.prepare("lying")
    estimator.estimate(frame)
    estimator.close()
    assert round(watch.spent_s["start"], 6) == 2
    assert round(watch.spent_s["model"], 6) == 0.3
