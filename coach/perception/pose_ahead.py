"""Poses of the next pictures, found while this one is being judged: one more processor is used, nothing changes."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from coach.closing import Closing
from coach.perception.observer import Estimator
from coach.perception.pose_estimator import Posture
from coach.types import Frame, Pose

MOST_NETWORKS = 2  # what one main thread keeps busy: it takes a third of the time that a network takes for a picture
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
        self._lock = threading.Lock()  # of what follows: one thread announces pictures, another one asks
        self._announced: deque[tuple[Frame, Future[Poses]]] = deque()
        self._posture: Posture = "upright"
        self._turn = 0

    def announce(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The same frames, each of which is looked at from the moment it is given. Whoever takes them may be ahead."""
        for frame in frames:
            with self._lock:
                self._announced.append((frame, self._begin(frame)))
            yield frame

    def estimate(self, frame: Frame) -> Poses:
        """The people in the frame: the next one that was announced, or one that was not."""
        with self._lock:
            known = bool(self._announced) and self._announced[0][0] is frame
            found = self._announced.popleft()[1] if known else self._begin(frame)
        while not found.done():
            wait([found], LOOK_S)
        return found.result()

    def prepare(self, posture: Posture) -> None:
        """From the next frame on, be ready for somebody in this posture."""
        with self._lock:
            if posture == self._posture:
                return
            self._posture = posture
            for _, found in self._announced:
                found.cancel()
            for thread, estimator in zip(self._threads, self._estimators, strict=True):
                thread.submit(estimator.prepare, posture)
            self._announced = deque((frame, self._begin(frame)) for frame, _ in self._announced)

    def close(self) -> None:
        """Free the networks."""
        for thread, estimator in zip(self._threads, self._estimators, strict=True):
            thread.shutdown(wait=True, cancel_futures=True)
            estimator.close()

    def _begin(self, frame: Frame) -> Future[Poses]:
        self._turn = (self._turn + 1) % len(self._estimators) if self._posture == "upright" else 0
        return self._threads[self._turn].submit(self._estimators[self._turn].estimate, frame)
