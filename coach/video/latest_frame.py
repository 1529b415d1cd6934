"""The newest picture of a live source, read by a thread of its own. Late pictures are dropped, never queued."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal

from coach.errors import CameraError, CoachError
from coach.types import Frame
from coach.video.camera import LiveSource

State = Literal["playing", "lost", "ended"]
RETRY_S = 1.0
SILENT_S = 2.0  # without a picture for this long, the camera counts as lost
# A picture that has waited longer than this share of the interval is skipped for the next, which is almost due:
# otherwise a coach about as fast as its camera would stay most of a picture behind for ever.
STALE = 1 / 3
SHORT_S = 0.045  # cameras that send fewer than 22 a second have no picture to spare


class LatestFrame:
    """Keeps one source running and hands out its newest frame. A context manager: entering opens the source.

    Raises what opening raises. A camera that disappears later is sought once a second; times continue as if it had
    never gone. state: playing, lost (looking for the camera) or ended. problem: why it ended early.
    """

    def __init__(self, open_source: Callable[[], LiveSource], retry_s: float = RETRY_S) -> None:
        self._open = open_source
        self._retry_s = retry_s
        self._news = threading.Condition()
        self._newest: Frame | None = None
        self._came_s, self._interval_s = -math.inf, 0.1
        self._stop = threading.Event()
        self._start_s = 0.0
        self.state: State = "playing"
        self.problem: CoachError | None = None

    def __enter__(self) -> LatestFrame:
        source = self._open()
        self._start_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(source,), name="feed", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5.0)

    @property
    def now_s(self) -> float:
        """The time now on the clock of the frames."""
        return time.monotonic() - self._start_s

    def newest(self, timeout_s: float) -> Frame | None:
        """The newest frame not yet handed out, waiting briefly for one; None if none came."""
        with self._news:
            if self._newest is None and self.state != "ended":
                self._news.wait(timeout_s)
            elif self._newest is not None and self.state == "playing":
                self._news.wait(min(timeout_s, self._worth_waiting_s()))
            frame, self._newest = self._newest, None
            if frame is None and self.state == "playing" and SILENT_S < time.monotonic() - self._came_s < math.inf:
                self.state = "lost"  # long before its driver gives up, if it ever does
            return frame

    def _run(self, source: LiveSource) -> None:
        offset_s = 0.0
        while True:
            try:
                with source:
                    for frame in source:
                        if self._stop.is_set():
                            return
                        self._put(Frame(frame.t_s + offset_s, frame.rgb))
                self._change("ended")
                return
            except CameraError:
                self._change("lost")
            except CoachError as error:
                self.problem = error
                self._change("ended")
                return
            found = self._look_again()
            if found is None:
                return
            source = found
            offset_s = time.monotonic() - self._start_s

    def _look_again(self) -> LiveSource | None:
        while not self._stop.wait(self._retry_s):
            try:
                return self._open()
            except CameraError:
                continue
            except CoachError as error:
                self.problem = error
                self._change("ended")
                return None
        return None

    def _worth_waiting_s(self) -> float:
        """How long the next picture may take to replace one that is no longer fresh; 0 for one that is."""
        age_s = time.monotonic() - self._came_s
        longest_s = self._interval_s * 1.5  # camera timing is irregular
        late = self._interval_s * STALE < age_s < longest_s and self._interval_s <= SHORT_S
        return longest_s - age_s if late else 0.0

    def _put(self, frame: Frame) -> None:
        with self._news:
            now_s = time.monotonic()
            self._interval_s += 0.1 * (min(1.0, now_s - self._came_s) - self._interval_s)
            self._came_s = now_s
            self.state, self._newest = "playing", frame
            self._news.notify()

    def _change(self, state: State) -> None:
        with self._news:
            self.state = state
            self._news.notify()
