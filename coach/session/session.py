"""The only place where the stages meet: observations in, moments and a result out. No clock, no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coach.definitions.exercise import Exercise
from coach.judging.judge import Judge, make_judge
from coach.session.cues import CuePicker
from coach.session.result import ResultBuilder
from coach.types import Moment, Observation, Side, Status


class Session:
    """Judges one stream of observations for one exercise, or for several at once to find out which is done.

    Live and recorded use this same object: the same observations give the same moments.
    """

    def __init__(self, exercises: Sequence[Exercise], side: Side | None = None, language: str = "en") -> None:
        self._judges: list[Judge] = [make_judge(exercise, side) for exercise in exercises]
        self._coaches = [CuePicker(exercise, language) for exercise in exercises]
        self._tallies = [ResultBuilder(exercise, named=len(exercises) == 1) for exercise in exercises]
        self._gauges = [exercise.in_language(language).gauges for exercise in exercises]

    def step(self, observation: Observation) -> Moment:
        """Take one observation, in order of time, and give what can be said of this instant."""
        moments = []
        parts = zip(self._judges, self._coaches, self._tallies, self._gauges, strict=True)
        for judge, coach, tally, names in parts:
            verdict = judge.step(observation)
            cue = coach.say(observation.t_s, verdict.status, verdict.events)
            status = _labelled(verdict.status, names)
            moment = Moment(observation.t_s, observation, status, verdict.events, cue, verdict.signals)
            tally.add(moment)
            moments.append(moment)
        return moments[self._leader()]

    def finish(self) -> ResultBuilder:
        """Close what is still open and return the tally of the exercise that was done."""
        for judge, tally in zip(self._judges, self._tallies, strict=True):
            tally.close(judge.finish())
        return self._tallies[self._leader()]

    def select_side(self, side: Side | None) -> None:
        """Judge only this side from now on; None finds the side again."""
        for judge in self._judges:
            judge.select_side(side)

    def _leader(self) -> int:
        """The exercise with most evidence so far; the first listed where there is none."""
        return max(range(len(self._tallies)), key=lambda i: (self._tallies[i].evidence(), -i))


def _labelled(status: Status, names: Mapping[str, str]) -> Status:
    """Needles named in the language of the session, where the exercise file has names for them."""
    gauges = tuple(replace(gauge, label=names.get(gauge.name, gauge.label)) for gauge in status.gauges)
    return replace(status, gauges=gauges)
