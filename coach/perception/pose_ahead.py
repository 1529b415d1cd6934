"""Poses of the next pictures, found while this one is being judged: one more processor is used, nothing changes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from coach.closing import Closing
from coach.perception.observer import Estimator
from coach.perception.pose_estimator import Posture
from coach.types import Frame, Pose

LOOK_S = 0.2  # a limit, because Windows cannot interrupt an endless wait by Ctrl-C

Poses = tuple[Pose, ...]


class PoseAhead(Closing):
    """A pose estimator that is told of pictures before it is asked for them. A context manager.

    Whatever was found too early, before it was known that the posture would change, is thrown away and found again: the
    poses are those of the estimator that is asked for one picture after the other.
    """

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pose")
        self._lock = threading.Lock()  # of what follows: one thread announces pictures, another one asks
        self._announced: deque[tuple[Frame, Future[Poses]]] = deque()
        self._posture: Posture = "upright"

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
            self._thread.submit(self._estimator.prepare, posture)
            self._announced = deque((frame, self._begin(frame)) for frame, _ in self._announced)

    def close(self) -> None:
        """Free the network."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._estimator.close()

    def _begin(self, frame: Frame) -> Future[Poses]:
        return self._thread.submit(self._estimator.estimate, frame)
