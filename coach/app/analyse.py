"""A video, or a recording of observations, from beginning to end: the recorded use of the coach."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

from coach.app.stopwatch import Stopwatch, TimedEstimator
from coach.definitions.exercise import Exercise, builtin_names, load_exercise
from coach.i18n.notes import Note, sentences
from coach.perception.observer import Observer
from coach.perception.pose_estimator import PoseEstimator
from coach.perception.recording import Recorder, Recording, is_recording
from coach.session.result import Result
from coach.session.result_builder import Outcome
from coach.session.session import Session
from coach.types import Moment, Observation, Side
from coach.video.file import VideoFile
from coach.video.prefetch import read_ahead

FPS = 15.0


class Observed(Protocol):
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

    def __enter__(self) -> Observed: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def __iter__(self) -> Iterator[Observation]: ...


class WatchedVideo:
    """A video file, watched by the pose model. A context manager; iterate once.

    Raises what VideoFile and PoseEstimator raise. ``notes`` says, after the end, what was wrong with the file.
    """

    def __init__(self, path: str | Path, fps: float = FPS, *, stopwatch: Stopwatch | None = None) -> None:
        self._stopwatch = stopwatch or Stopwatch()
        self._video = VideoFile(path, fps)
        try:
            self._observer = Observer(TimedEstimator(PoseEstimator(), self._stopwatch))
        except BaseException:
            self._video.close()
            raise
        self.source = str(path)
        self._ended = False

    def __enter__(self) -> WatchedVideo:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observer.__exit__(kind, error, trace)
        self._video.close()

    @property
    def duration_s(self) -> float:
        """Length in seconds: of its pictures as decoded, and before that as their times promise."""
        return self._video.duration_s if self._ended else self._video.info.duration_s

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is wrong with the file although it could be analysed."""
        return self._video.notes

    def __iter__(self) -> Iterator[Observation]:
        with closing(read_ahead(self._video)) as frames:
            for frame in self._stopwatch.waiting("reading", frames):
                yield self._observer.observe(frame)
        self._ended = True


def watch(path: str | Path, fps: float = FPS, *, stopwatch: Stopwatch | None = None) -> WatchedVideo | Recording:
    """Observations of a video, or those that a recording kept of one."""
    return Recording(path) if is_recording(path) else WatchedVideo(path, fps, stopwatch=stopwatch)


def choose_exercises(name: str) -> list[Exercise]:
    """The exercise of that name or file; all that come with the coach for ``auto``. Raises ExerciseFileError."""
    return [load_exercise(each) for each in (builtin_names() if name == "auto" else [name])]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis gives. exercises: those that were done, the one with most evidence first; where none was found,
    the one that fits best.
    """

    result: Result
    exercises: tuple[Exercise, ...]

    @property
    def exercise(self) -> Exercise:
        """The one with most evidence."""
        return self.exercises[0]


def analyse(
    observed: Observed,
    exercises: Sequence[Exercise],
    side: Side | None = None,
    language: str = "en",
    *,
    recorder: Recorder | None = None,
    on_moment: Callable[[Moment], None] | None = None,
) -> Analysis:
    """Judge everything that was watched. ``recorder`` keeps the observations; ``on_moment`` sees each moment."""
    session = Session(exercises, side, language)
    for observation in observed:
        if recorder is not None:
            recorder.add(observation)
        moment = session.step(observation)
        if on_moment is not None:
            on_moment(moment)
    outcome = session.finish()
    return Analysis(result_of(outcome, observed, language), outcome.exercises)


def result_of(outcome: Outcome, observed: Observed, language: str = "en", source: str | None = None) -> Result:
    """The result of what was watched to its end, with what there is to say of the video. source: shown instead."""
    for note in observed.notes:
        if note.key == "compressed" and math.isfinite(wider_deg := note.values.get("wider_deg", math.nan)):
            outcome = outcome.widened(max(0.0, wider_deg))
    duration_s = None if math.isnan(observed.duration_s) else observed.duration_s
    return outcome.result(source or observed.source, duration_s, notes=sentences(observed.notes, language))
