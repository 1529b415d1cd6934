"""A video, or a recording of one, as a stream of observations: the one loop from pictures to observations. (I/O)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from coach.closing import Closing
from coach.i18n.result_notes import Note
from coach.perception.recording import Recorder, Recording, check_unrecorded, is_recording
from coach.perception.stopwatch import Stopwatch, TimedEstimator
from coach.types import Observation
from coach.video.file import OnPicture, VideoFile, VideoInfo
from coach.video.prefetch import read_ahead
from coach.video.rate_limiter import JUDGED_FPS

if TYPE_CHECKING:
    from coach.perception.observer import Estimator


class Observed(AbstractContextManager[Any], Protocol):
    """Something that was watched: observations in order of time, and where they come from."""

    @property
    def source(self) -> str:
        """The video, as it was named."""
        ...

    @property
    def duration_s(self) -> float:
        """Its length in seconds, NaN where unknown."""
        ...

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was wrong with it although it could be watched; whole after the last observation."""
        ...

    def __iter__(self) -> Iterator[Observation]: ...


class WatchedVideo(Closing):
    """A video file, watched by a pose estimator (by default the network). A context manager; iterate once.

    Raises what VideoFile and PoseEstimator raise. ``notes`` says, after the end, what was wrong with the file.
    """

    def __init__(
        self,
        path: str | Path,
        fps: float = JUDGED_FPS,
        *,
        estimator: Estimator | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        # Not above: a recording is judged again without any of them.
        from coach.perception.headless import Headless
        from coach.perception.observer import Observer
        from coach.perception.pose_ahead import PoseAhead
        from coach.perception.pose_estimator import PoseEstimator
        from coach.perception.unchanged import WhenChanged

        check_unrecorded(path)
        self.source = str(path)
        self.fps = fps
        self._stopwatch = stopwatch or Stopwatch()
        self._ended = False
        with ExitStack() as stack:
            self._video = stack.enter_context(VideoFile(path, fps))
            # An estimator of somebody else's may not bear being asked for pictures and then for them again.
            self._looks_ahead = estimator is None
            self._ahead = PoseAhead(estimator or WhenChanged(PoseEstimator()))
            seen_by = TimedEstimator(self._ahead, self._stopwatch)
            headless = None if estimator else Headless()
            self._observer = stack.enter_context(Observer(seen_by, headless=headless))
            self._open = stack.pop_all()

    def close(self) -> None:
        """Stop reading, and release the file and the network."""
        self._open.close()

    @property
    def info(self) -> VideoInfo:
        """What is known of the file before it is decoded."""
        return self._video.info

    def show_pictures_to(self, on_picture: OnPicture) -> None:
        """Give every decoded picture to somebody else too, in the thread that reads."""
        self._video.on_picture = on_picture

    @property
    def duration_s(self) -> float:
        """Length in seconds: of its pictures as decoded, and before that as their times promise."""
        return self._video.duration_s if self._ended else self._video.info.duration_s

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is wrong with the file although it could be analysed."""
        return self._video.notes

    def __iter__(self) -> Iterator[Observation]:
        read = read_ahead(self._ahead.announce(self._video) if self._looks_ahead else self._video)
        self._open.callback(read.close)  # also where nobody asks for the rest: nothing reads a file that is closed
        yield from map(self._observer.observe, self._stopwatch.waiting("reading", read))
        self._ended = True


def watch(path: str | Path, fps: float = JUDGED_FPS, *, stopwatch: Stopwatch | None = None) -> WatchedVideo | Recording:
    """Observations of a video, or those that a recording kept of one."""
    return Recording(path) if is_recording(path) else WatchedVideo(path, fps, stopwatch=stopwatch)


def record(watched: WatchedVideo, target: Path, on_time: Callable[[float], None] | None = None) -> None:
    """Watch a video to its end and keep what was seen. The file appears whole or not at all. Raises OutputError."""
    with Recorder(target) as recorder:
        for observation in recorder.keep(watched):
            if on_time is not None:
                on_time(observation.t_s)
        recorder.describe(watched.source, watched.duration_s, watched.fps, watched.notes)
