"""Analyses a video, or a recording of observations, from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.definitions.exercise import Exercise, builtin_names, load_exercise
from coach.perception.recording import Recorder
from coach.perception.watched_video import Observed
from coach.session.judge import OnMoment, judge, result_of
from coach.session.result import Result
from coach.session.result_builder import Outcome
from coach.types import Side


def choose_exercises(name: str) -> list[Exercise]:
    """The exercise of that name or file; all built-in ones for ``auto``. Raises ExerciseFileError."""
    return [load_exercise(each) for each in (builtin_names() if name == "auto" else [name])]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis gives: the result, and what it was made of."""

    result: Result
    outcome: Outcome

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that were done, the one with most evidence first; where none was found, the one that fits best."""
        return self.outcome.exercises

    @property
    def exercise(self) -> Exercise:
        """The exercise with the most evidence."""
        return self.exercises[0]


def analyse(
    observed: Observed,
    exercises: Sequence[Exercise],
    side: Side | None = None,
    language: str = "en",
    *,
    recorder: Recorder | None = None,
    on_moment: OnMoment | None = None,
) -> Analysis:
    """Judge everything that was watched. ``recorder`` keeps the observations; ``on_moment`` sees each moment."""
    observations = observed if recorder is None else recorder.keep(observed)
    outcome = judge(observations, exercises, side, language, on_moment=on_moment)
    return Analysis(result_of(outcome, observed, language), outcome)
