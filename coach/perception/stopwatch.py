"""Where the time of an analysis goes. Nothing that judges looks at it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from coach.perception.observer import Estimator
    from coach.perception.pose_estimator import Posture
    from coach.types import Frame, Pose

T = TypeVar("T")


class Stopwatch:
    """Adds up seconds by name. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._start_s = clock()
        self.spent_s: defaultdict[str, float] = defaultdict(float)

    @property
    def total_s(self) -> float:
        """Seconds since this stopwatch was made."""
        return self._clock() - self._start_s

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add the time of this block to ``name``."""
        start_s = self._clock()
        try:
            yield
        finally:
            self.spent_s[name] += self._clock() - start_s

    def waiting(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """The same items; the time spent waiting for each is added to ``name``."""
        iterator = iter(items)
        while True:
            with self.time(name):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item


class TimedEstimator:
    """A pose estimator whose time is taken: ``model``, and ``start`` for the calls in which the network is loaded."""

    def __init__(self, estimator: Estimator, stopwatch: Stopwatch) -> None:
        self._estimator = estimator
        self._stopwatch = stopwatch
        self._loading = True

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """See PoseEstimator."""
        name, self._loading = ("start" if self._loading else "model"), False
        with self._stopwatch.time(name):
            return self._estimator.estimate(frame)

    def prepare(self, posture: Posture) -> None:
        """See PoseEstimator."""
        self._loading = True
        self._estimator.prepare(posture)

    def close(self) -> None:
        """See PoseEstimator."""
        self._estimator.close()
