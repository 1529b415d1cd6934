"""A video or recording from beginning to end, in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coach.api.result import AnalysisResult, result_of
from coach.app.analyse import choose_exercises
from coach.app.artifacts import analyse_with_timeline, timeline_of
from coach.app.result_folder import analyse_and_keep
from coach.definitions.exercise import Exercise, builtin_names
from coach.errors import OptionError, OutputError, RecordingError
from coach.leftovers import temporary_folder
from coach.perception.recording import is_recording
from coach.perception.watched_video import Observed, WatchedVideo, watch
from coach.perception.watched_video import record as keep
from coach.types import SIDES, Moment, Side
from coach.video.rate_limiter import JUDGED_FPS

OnProgress = Callable[[float, float], None]
LEAST_FPS, MOST_FPS = 1.0, 240.0


def exercise_names() -> tuple[str, ...]:
    """Names of the exercises that come with the coach."""
    return tuple(builtin_names())


def analyse(
    video: str | Path,
    *,
    exercise: str | Path | Exercise = "auto",
    side: Side | None = None,
    fps: float = JUDGED_FPS,
    language: str = "en",
    on_progress: OnProgress | None = None,
) -> AnalysisResult:
    """Watch a video, or read a recording of one, and judge it: what ``coach analyse`` does.

    exercise: a name, the path of an exercise's file, or ``auto`` to find out. side: judge this side alone. fps: at
    most so many pictures of a second of video are looked at. language: of cues, advice and notes. on_progress: hears
    how many seconds of the video are done, and how many it has (NaN where it does not say).

    Raises CoachError: SourceNotFoundError, SourceUnreadableError, RecordingError, ExerciseFileError, OptionError.
    """
    chosen = _chosen(exercise, side, fps, language)
    with watch(video, fps) as observed:
        return _judged(observed, chosen, side, fps, language, on_progress)


def judge(
    recording: str | Path,
    exercise: str | Path | Exercise = "auto",
    *,
    side: Side | None = None,
    language: str = "en",
    on_progress: OnProgress | None = None,
) -> AnalysisResult:
    """Judge a recording that ``record`` made: in a moment, without the pose model, and with the video's very result.

    Parameters as of ``analyse``. Raises RecordingError where it is none.
    """
    if Path(recording).is_file() and not is_recording(recording):
        raise RecordingError(f"{recording}: is no recording of the coach", "Analyse a video with coach.analyse")
    return analyse(recording, exercise=exercise, side=side, language=language, on_progress=on_progress)


def record(
    video: str | Path, out: str | Path, *, fps: float = JUDGED_FPS, on_progress: OnProgress | None = None
) -> Path:
    """Keep what is seen in a video in the file ``out``: joints, motion and times, no pictures. Returns ``out``.

    Raises SourceNotFoundError, SourceUnreadableError, OptionError, OutputError.
    """
    _check_fps(fps)
    target = Path(out)
    if target.exists() and Path(video).exists() and target.samefile(video):
        raise OutputError(f"{target}: is the video itself", "Choose another file for the recording")
    with WatchedVideo(video, fps) as watched:
        duration_s = watched.duration_s
        keep(watched, target, None if on_progress is None else lambda t_s: on_progress(t_s, duration_s))
    return target


def _judged(
    observed: Observed,
    exercises: list[Exercise],
    side: Side | None,
    fps: float,
    language: str,
    on_progress: OnProgress | None,
) -> AnalysisResult:
    def told(moment: Moment) -> None:
        if on_progress is not None:
            on_progress(moment.t_s, observed.duration_s)

    if len(exercises) == 1:
        found, timeline = analyse_with_timeline(observed, exercises, side, language, on_moment=told)
        return result_of(found.result, timeline, found.exercises, language)
    # Only at the end is it known which exercises the timeline is to be of: these are judged once more.
    with temporary_folder("api") as folder:
        kept = Path(folder) / "observations"
        found = analyse_and_keep(observed, exercises, side, language, kept=kept, fps=fps, on_moment=told)
        return result_of(found.result, timeline_of(kept, found.exercises, side, language), found.exercises, language)


def _chosen(exercise: str | Path | Exercise, side: Side | None, fps: float, language: str) -> list[Exercise]:
    _check_fps(fps)
    if side is not None and side not in SIDES:
        raise OptionError(f"side is '{side}'", "Use 'left', 'right' or None: the hanging or raised leg's side")
    exercises = [exercise] if isinstance(exercise, Exercise) else choose_exercises(str(exercise))
    spoken = set.intersection(*(set(each.words) for each in exercises))
    if language not in spoken:
        raise OptionError(f"language is '{language}'", f"Choose one of {', '.join(sorted(spoken))}")
    return exercises


def _check_fps(fps: float) -> None:
    if not LEAST_FPS <= fps <= MOST_FPS:
        raise OptionError(f"fps is {fps:g}", "Use 5 to 30; 15 is a good choice")
