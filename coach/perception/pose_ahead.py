"""Poses of the next pictures, found while this one is being judged: one more processor is used, nothing changes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice

from coach.closing import Closing
from coach.perception.observer import Estimator
from coach.perception.pose_estimator import Posture
from coach.types import Frame, Pose

MOST_NETWORKS = 2  # what one main thread keeps busy: it takes a third of the time that a network takes for a picture
AHEAD = 2  # pictures given to each network at a time: one in work, one waiting
LOOK_S = 0.2  # a limit, because Windows cannot interrupt an endless wait by Ctrl-C

Poses = tuple[Pose, ...]


def networks() -> int:
    """How many to run on this machine."""
    return min(MOST_NETWORKS, os.cpu_count() or 1)


class PoseAhead(Closing):
    """Several pose estimators as one that is told of pictures before it is asked for them. A context manager.

    Standing people are looked for in every picture anew, so that the estimators take the pictures in turns. Somebody
    lying is tracked from picture to picture, by the first one alone. Whatever was found too early, before it was known
    that the posture would change, is thrown away and found again: the poses are those of one estimator that is asked
    for one picture after the other.
    """

    def __init__(self, estimators: Sequence[Estimator]) -> None:
        self._estimators = estimators
        self._threads = [ThreadPoolExecutor(1, thread_name_prefix="pose") for _ in estimators]
        self._waiting: deque[tuple[Frame, Future[Poses]]] = deque()
        self._posture: Posture = "upright"
        self._turn = 0

    def ahead(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The same frames. While one is used, the next ones are already being looked at."""
        coming = iter(frames)
        for frame in islice(coming, AHEAD * len(self._estimators)):
            self._begin(frame)
        while self._waiting:
            yield self._waiting[0][0]
            if self._waiting:
                self._waiting.popleft()
            for frame in islice(coming, 1):
                self._begin(frame)

    def estimate(self, frame: Frame) -> Poses:
        """The people in the frame that ``ahead`` gave last, or in any other one."""
        if not self._waiting or self._waiting[0][0] is not frame:
            return self._result(self._threads[0].submit(self._estimators[0].estimate, frame))
        return self._result(self._waiting[0][1])

    def prepare(self, posture: Posture) -> None:
        """From the next frame on, be ready for somebody in this posture."""
        if posture == self._posture:
            return
        self._posture = posture
        for _, found in self._waiting:
            found.cancel()
        for thread, estimator in zip(self._threads, self._estimators, strict=True):
            thread.submit(estimator.prepare, posture)
        used, later = list(self._waiting)[:1], list(self._waiting)[1:]
        self._waiting = deque(used)
        for frame, _ in later:
            self._begin(frame)

    def close(self) -> None:
        """Free the networks."""
        for thread, estimator in zip(self._threads, self._estimators, strict=True):
            thread.shutdown(wait=True, cancel_futures=True)
            estimator.close()

    def _begin(self, frame: Frame) -> None:
        self._turn = (self._turn + 1) % len(self._estimators) if self._posture == "upright" else 0
        work: Callable[[Frame], Poses] = self._estimators[self._turn].estimate
        self._waiting.append((frame, self._threads[self._turn].submit(work, frame)))

    def _result(self, found: Future[Poses]) -> Poses:
        while not found.done():
            wait([found], LOOK_S)
        return found.result()
