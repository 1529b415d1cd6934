"""The annotated video, drawn and coded while the video is analysed: it is decoded only once."""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from coach.app.annotated_video import AnnotatedVideo
from coach.definitions.exercise import Exercise
from coach.session.fault_spans import FaultSpan, fault_spans
from coach.session.key_moments import KeyMoments
from coach.session.result_builder import Outcome
from coach.types import Moment
from coach.video.file import VideoInfo
from coach.video.rate_limiter import JUDGED_FPS

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# What waits to be drawn: pictures between the newest that is decoded and the newest that is judged.
MOST_BYTES = 32 * 2**20
FEWEST, MOST = 3, 8
JUDGED = 2.5  # pictures that are judged among them: the network looks at the next ones meanwhile
BYTES_A_PIXEL = 1.5  # as decoded: brightness, and two colours at half the size
LOOK_S = 0.1


class Drawing:
    """Draws on a copy of a video as it is analysed. A context manager; after an error in it there is no file.

    ``picture`` takes every decoded picture from the thread that reads, ``moment`` every moment from the one that
    judges; a third one draws and codes. It waits for the moment of a picture that is judged and for nothing else, so
    that no picture is shown without it. What goes wrong while drawing does not stop the analysis: ``faults`` raises it.
    Raises OutputError where the file cannot be begun.
    """

    def __init__(self, target: Path, info: VideoInfo, exercises: Sequence[Exercise], language: str = "en") -> None:
        self._pictures: queue.Queue[tuple[float, VideoFrame, bool] | None] = queue.Queue(waiting(info))
        self._moments: queue.SimpleQueue[Moment | None] = queue.SimpleQueue()
        self._problem: BaseException | None = None
        self._over = threading.Event()
        self._copy = AnnotatedVideo(target, info, exercises, language)
        self._key_moments = KeyMoments(exercises)
        self._thread = threading.Thread(target=self._work, name="draw", daemon=True)

    def __enter__(self) -> Drawing:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._abandon(error)
        self._put(None)
        while self._thread.is_alive():  # in steps, because Windows cannot interrupt an endless wait by Ctrl-C
            try:
                self._thread.join(LOOK_S)
            except BaseException as stop:
                self._abandon(stop)
                raise

    def picture(self, t_s: float, picture: VideoFrame, judged: bool) -> None:
        """Take the next picture; judged: its moment will come."""
        self._put((t_s, self._copy.shrunk(picture), judged))

    def moment(self, moment: Moment) -> None:
        """Take the next moment."""
        self._key_moments.add(moment)
        self._moments.put(moment)

    def faults(self, outcome: Outcome) -> tuple[FaultSpan, ...]:
        """When which fault is to be seen, after the end. Raises what went wrong while drawing: an OutputError."""
        if self._problem is not None:
            raise self._problem
        return fault_spans(outcome.movements, outcome.holds, self._key_moments.found)

    def _put(self, item: tuple[float, VideoFrame, bool] | None) -> None:
        while not self._over.is_set():
            with suppress(queue.Full):
                self._pictures.put(item, timeout=LOOK_S)
                return

    def _abandon(self, error: BaseException) -> None:
        self._problem = self._problem or _Abandoned(str(error))
        self._over.set()
        self._moments.put(None)

    def _work(self) -> None:
        try:
            with self._copy:
                while (item := self._next()) is not None:
                    t_s, picture, judged = item
                    if judged:
                        moment = self._moments.get()
                        if moment is None:
                            break
                        self._copy.show(moment)
                    self._copy.write(t_s, picture)
                if self._problem is not None:
                    raise self._problem  # there is to be no file
        except BaseException as error:  # of any kind: whoever asks for the faults raises it
            self._problem = self._problem or error
        finally:
            self._over.set()

    def _next(self) -> tuple[float, VideoFrame, bool] | None:
        while not self._over.is_set():
            with suppress(queue.Empty):
                return self._pictures.get(timeout=LOOK_S)
        return None


def waiting(info: VideoInfo) -> int:
    """How many pictures may wait: each costs about three times its size, with what its decoder keeps for it."""
    size = max(1, round(info.size_px[0] * info.size_px[1] * BYTES_A_PIXEL))
    judged = math.ceil(JUDGED * info.fps / JUDGED_FPS)
    return max(FEWEST, min(MOST, judged, MOST_BYTES // size))


class _Abandoned(Exception):
    """The analysis did not come to its end."""
