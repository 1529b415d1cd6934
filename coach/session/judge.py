"""Judges all observations from beginning to end: the one loop from observations to a result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from coach.definitions.exercise import Exercise
from coach.i18n.result_notes import sentences
from coach.perception.watched_video import Observed
from coach.session.result import Result
from coach.session.result_builder import Outcome
from coach.session.session import Session
from coach.types import Moment, Observation, Side

OnMoment = Callable[[Moment], object]


def judge(
    observations: Iterable[Observation],
    exercises: Sequence[Exercise],
    side: Side | None = None,
    language: str = "en",
    *,
    on_moment: OnMoment | None = None,
) -> Outcome:
    """Judge observations in order of time, all of them; ``on_moment`` sees each moment."""
    session = Session(exercises, side, language)
    for moment in map(session.step, observations):
        if on_moment is not None:
            on_moment(moment)
    return session.finish()


def result_of(outcome: Outcome, observed: Observed, language: str = "en", source: str | None = None) -> Result:
    """The final result, with notes about the video. source: shown instead of the video's own name."""
    for note in observed.notes:
        if note.key == "compressed" and math.isfinite(wider_deg := note.values.get("wider_deg", math.nan)):
            outcome = outcome.widened(max(0.0, wider_deg))
    outcome = outcome.of_video()
    duration_s = None if math.isnan(observed.duration_s) else observed.duration_s
    notes = sentences((*observed.notes, *outcome.notes), language)
    return outcome.result(source or observed.source, duration_s, notes=notes)
