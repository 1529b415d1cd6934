"""Clips with their truth, and what was observed in them: watched once, cached, judged again in seconds. (I/O)"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Literal

import coach
from coach import __version__
from coach.children import ctrl_c_comes_later, end_processes, started_safely
from coach.definitions.exercise import Exercise
from coach.ending import leave_quietly
from coach.errors import CoachError, OutputError, RecordingError, SourceNotFoundError
from coach.evaluate.cues import Correction, corrections
from coach.evaluate.truth import SUFFIX
from coach.perception.pose_estimator import MODEL_SHA256, PoseEstimator, Way
from coach.perception.recording import VERSION, Recording, is_recording
from coach.perception.watched_video import WatchedVideo, record
from coach.session.judge import judge, result_of
from coach.session.result import Result
from coach.types import Moment

# A change to any module in these packages may change what is observed: older recordings are not reused.
OBSERVING = ("perception", "video", "kinematics")
VIDEO_ENDINGS = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".m4v", ".observed")

OnTime = Callable[[float], None]
# How the network is run: as the coach does, the same in every picture, or always one way in every picture, to measure
# what the choice is worth.
Network = Literal["as-used", "every", "raw", "tracked"]
WAYS: dict[Network, Way] = {"raw": "detected", "tracked": "tracked"}


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip and the file with its truth."""

    name: str
    video: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Judged:
    """The coach's result for a clip. not_judged: faults it could not judge, by exercise and number of the movement or
    hold. said: what a live session of the same exercises would say to correct, in frame time; duration_s: how long it
    is.
    """

    result: Result
    not_judged: dict[str, dict[int, tuple[str, ...]]]
    said: tuple[Correction, ...]
    duration_s: float


def find_video(folder: Path, name: str) -> Path | None:
    """The video or recording of that name in a folder, None if there is none."""
    return next((folder / (name + end) for end in VIDEO_ENDINGS if (folder / (name + end)).is_file()), None)


def find_clips(folder: Path) -> tuple[list[Clip], list[CoachError]]:
    """Clips in a folder with NAME.truth.json beside NAME.mp4, by name; and an error for each truth without a video.

    Raises SourceNotFoundError if the folder is missing or has no truth file.
    """
    if not folder.is_dir():
        raise SourceNotFoundError(f"{folder}: is not a folder", "Give the folder that holds clips and their truth")
    truths = sorted(folder.glob(f"*{SUFFIX}"))
    if not truths:
        raise SourceNotFoundError(
            f"{folder}: holds no clip with its truth beside it", f"Put NAME{SUFFIX} beside NAME.mp4; try 'samples'"
        )
    clips: list[Clip] = []
    missing: list[CoachError] = []
    for truth in truths:
        name = truth.name.removesuffix(SUFFIX)
        video = find_video(folder, name)
        if video is None:
            missing.append(SourceNotFoundError(f"{truth}: there is no {name}.mp4 beside it", "Add it, or remove this"))
        else:
            clips.append(Clip(name, video, truth))
    return clips, missing


def default_cache() -> Path:
    """The default folder for observations: in the user's cache folder."""
    import platformdirs

    return platformdirs.user_cache_path("exercise-coach", appauthor=False) / "evaluate"


class Cache:
    """Cached recordings, one file per clip. File names encode everything that an observation depends on.

    That is the video's size and modification time, the frame rate, how the network is run, its checksum, the
    recording's format and the text of the observing modules. No pictures are kept. Raises OutputError if the folder
    cannot be used.
    """

    def __init__(self, folder: Path, fps: float, network: Network = "as-used") -> None:
        self.folder = folder
        self.fps = fps
        self.network: Network = network
        self._code = observing_version()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError(f"{folder}: cannot be made ({why})", "Choose another folder with --cache") from error

    def path(self, video: Path) -> Path:
        """Path of this video's observations, existing or not."""
        stat = video.stat()
        parts: tuple[object, ...] = (stat.st_size, stat.st_mtime_ns, self.fps, MODEL_SHA256, VERSION, self._code)
        if self.network != "as-used":
            parts = (*parts, self.network)
        key = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
        return self.folder / f"{video.stem}-{key}.observed"

    def has(self, video: Path) -> bool:
        """Whether this video is cached already."""
        return is_recording(video) or self.path(video).is_file()

    def recording(self, video: Path) -> Path:
        """The file to judge: the video itself if it is already a recording."""
        return video if is_recording(video) else self.path(video)


def observing_version() -> str:
    """A short fingerprint of the observing code: it changes with the text of its modules."""
    digest = hashlib.sha256(__version__.encode())
    package = Path(coach.__file__).parent
    for path in sorted(path for name in OBSERVING for path in (package / name).glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def observe(video: Path, target: Path, fps: float, network: Network = "as-used", on_time: OnTime | None = None) -> None:
    """Watch a video and save what was seen. The file appears whole or not at all. Raises CoachError."""
    estimator = None if network == "as-used" else PoseEstimator(way=WAYS.get(network))
    with WatchedVideo(video, fps, estimator=estimator) as watched:
        record(watched, target, on_time)


def observe_all(
    videos: Sequence[Path], cache: Cache, jobs: int
) -> Generator[tuple[Path, CoachError | None], None, None]:
    """Watch videos in several processes; each is yielded when finished, with its error if any.

    Closing the iterator, or an interrupt, stops the processes.
    """
    # Absolute, because the processes may be started in another folder.
    place = Path.absolute if sys.version_info < (3, 11) else Path
    tasks = [(video, place(video), place(cache.path(video))) for video in videos]
    with started_safely():
        yield from _observe_all(tasks, cache, jobs)


def _observe_all(
    tasks: Sequence[tuple[Path, Path, Path]], cache: Cache, jobs: int
) -> Generator[tuple[Path, CoachError | None], None, None]:
    """tasks: each video by its name, where it is, and where its recording goes."""
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), get_context("spawn"), initializer=leave_quietly)
    try:
        with ctrl_c_comes_later():
            waiting = {pool.submit(observe, path, kept, cache.fps, cache.network): video for video, path, kept in tasks}
        for done in as_completed(waiting):
            error = done.exception()
            if error is not None and not isinstance(error, CoachError):
                raise error
            yield waiting[done], error
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)  # so that those who wait for their next video leave at once
        end_processes(active_children())
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def judge_recording(recording: Path, exercises: Sequence[Exercise]) -> Judged:
    """Judge a recording afresh. Raises RecordingError."""
    moments: list[Moment] = []
    last_s = 0.0

    def take(moment: Moment) -> None:
        nonlocal last_s
        last_s = moment.t_s
        if moment.cue is not None:
            moments.append(moment)

    with Recording(recording) as observed:
        outcome = judge(observed, exercises, on_moment=take)
        result = result_of(outcome, observed, source=str(recording))
        duration_s = observed.duration_s
    not_judged: dict[str, dict[int, tuple[str, ...]]] = {}
    for one in outcome.sets:
        of = not_judged.setdefault(one.exercise, {})
        of.update({each.item.number: each.item.not_judged for each in one.attempts})
    said = tuple(corrections(moments, exercises))
    return Judged(result, not_judged, said, last_s if math.isnan(duration_s) else duration_s)


def judge_or_discard(recording: Path, exercises: Sequence[Exercise], kept_by: Cache) -> Judged:
    """As ``judge_recording``; a damaged cached recording is removed, so that the next run makes it again."""
    try:
        return judge_recording(recording, exercises)
    except RecordingError:
        if recording.parent == kept_by.folder:
            recording.unlink(missing_ok=True)
        raise
