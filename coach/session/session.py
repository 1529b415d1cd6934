"""The only place where the stages meet: observations in, moments and a result out. No clock, no I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from coach.definitions.exercise import Exercise
from coach.judging.judge import Judge, make_judge
from coach.kinematics.leg_keeper import LegKeeper
from coach.kinematics.side_keeper import SideKeeper
from coach.session.cues import CuePicker
from coach.session.picture_trust import PictureTrust
from coach.session.result_builder import ABSENT, Outcome, ResultBuilder
from coach.session.sets import is_apart
from coach.types import Cue, Event, Moment, Movement, Observation, Side, Status, Verdict


class Session:
    """Judges one stream of observations for one exercise, or for several at once to find out which is done when.

    Live and recorded use this same class: the same observations give the same moments. single: treat everything as one
    set, whatever the pauses; otherwise counting restarts with each set. begun: False if the person gets ready first
    and ``begin`` will be called.
    """

    def __init__(
        self,
        exercises: Sequence[Exercise],
        side: Side | None = None,
        language: str = "en",
        single: bool = False,
        begun: bool = True,
    ) -> None:
        self._judges: list[Judge] = [make_judge(exercise, side, begun) for exercise in exercises]
        self._pickers = [CuePicker(exercise, language) for exercise in exercises]
        self._builders = [ResultBuilder(exercise, named=len(exercises) == 1) for exercise in exercises]
        self._gauges = [exercise.in_language(language).gauges for exercise in exercises]
        self._counts = [SetCount() for _ in exercises]
        self._single = single
        self._sides = SideKeeper()
        self._legs = LegKeeper()
        self._trust = PictureTrust()
        self._shown = 0
        self._cues: list[Cue] = []
        self._early = [_Early(begun) for _ in exercises]

    def step(self, observation: Observation) -> Moment:
        """Take one observation, in order of time, and give what can be said of this instant."""
        observation = self._legs.step(self._sides.step(observation))
        self._trust.step(observation)
        moments = []
        parts = zip(self._judges, self._pickers, self._builders, self._gauges, self._counts, self._early, strict=True)
        for judge, picker, builder, names, count, early in parts:
            verdict = early.left_out(judge.step(observation))
            if not self._single:
                verdict = count.since_set_began(verdict, builder.away)
            cue = picker.say(observation.t_s, verdict.status, verdict.events)
            status = _labelled(verdict.status, names)
            moment = Moment(observation.t_s, observation, status, verdict.events, cue, verdict.signals)
            builder.add(moment)
            moments.append(moment)
        self._shown = self._being_done(moments)
        shown = moments[self._shown]
        if shown.cue is not None:
            self._cues.append(shown.cue)
        # Keep what another exercise's judge finds only now because the person has just moved on.
        late = [event for each in moments if each is not shown for event in each.events if _is_done(event)]
        return replace(shown, events=(*shown.events, *late)) if late else shown

    def watch(self, observation: Observation) -> None:
        """Let the judges see the person get ready: where the leg points before it opens. Nothing of it is reported."""
        observation = self._legs.step(self._sides.step(observation))
        for judge, early in zip(self._judges, self._early, strict=True):
            early.left_out(judge.step(observation))

    def finish(self) -> Outcome:
        """Finish what is still open and return what was done."""
        for judge, builder, early in zip(self._judges, self._builders, self._early, strict=True):
            builder.close(early.without(judge.finish()))
        outcome = Outcome.of(self._builders, self._cues, self._trust.problems())
        return outcome.as_one_set() if self._single else outcome

    def begin(self, t_s: float) -> None:
        """The exercise begins now: a repetition whose deepest point was during the countdown is left out, and a hold
        that is under way counts from here."""
        for judge in self._judges:
            judge.begin(t_s)
        for early in self._early:
            early.begin_s = t_s

    def select_side(self, side: Side | None) -> None:
        """Judge only this side from now on; None finds the side again."""
        for judge in self._judges:
            judge.select_side(side)

    def _being_done(self, moments: Sequence[Moment]) -> int:
        """Which exercise to show: one whose posture the person is in, and of several the one with the most evidence.

        If the person is in no exercise's posture, such as while walking or lying down, it does not change.
        """
        ready = [i for i, moment in enumerate(moments) if moment.status.phase not in ABSENT]
        if len(ready) < 2:
            return ready[0] if ready else self._shown
        return max(ready, key=lambda i: (self._builders[i].evidence(), i == self._shown, -i))


class SetCount:
    """Repetitions of the current set, when the judge counts those of the whole session."""

    def __init__(self) -> None:
        self._before = 0  # that counted before this set
        self._last: Movement | None = None

    def since_set_began(self, verdict: Verdict, away: Sequence[tuple[float, float]]) -> Verdict:
        """The verdict with the count of the current set. away: when the person could not be judged."""
        events = tuple(self._renumbered(event, away) for event in verdict.events)
        if not self._before:
            return verdict
        status = replace(verdict.status, count=max(0, verdict.status.count - self._before))
        return replace(verdict, status=status, events=events)

    def _renumbered(self, event: Event, away: Sequence[tuple[float, float]]) -> Event:
        done, last = event.movement, self._last
        if done is None:
            return event
        if done.counted:
            if last is not None and (done.side != last.side or is_apart(last.end_s, done.start_s, away)):
                self._before = event.number - 1
            self._last = done
        return replace(event, number=max(0, event.number - self._before))


def _is_done(event: Event) -> bool:
    """Whether something was judged in it."""
    return event.movement is not None or event.hold is not None


class _Early:
    """Leaves out repetitions made before the exercise began, and renumbers the others."""

    def __init__(self, begun: bool) -> None:
        self.begin_s = -math.inf if begun else math.inf
        self._movements = 0
        self._counted = 0

    def left_out(self, verdict: Verdict) -> Verdict:
        """The verdict without them."""
        events = self.without(verdict.events)
        if events == verdict.events and not self._counted:
            return verdict
        count = verdict.status.count - self._counted if verdict.status.kind == "repetitions" else verdict.status.count
        return replace(verdict, status=replace(verdict.status, count=count), events=events)

    def without(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The events without those movements."""
        kept = []
        for event in events:
            movement = event.movement
            if movement is not None and movement.peak_s < self.begin_s:
                self._movements += 1
                self._counted += movement.counted
                continue
            if movement is not None and self._movements:
                movement = replace(movement, number=movement.number - self._movements)
                kept.append(replace(event, movement=movement, number=event.number - self._counted))
            else:
                kept.append(event)
        return tuple(kept)


def _labelled(status: Status, names: Mapping[str, str]) -> Status:
    """Needles with labels in the session's language, if the exercise file has them."""
    if all(names.get(gauge.name, gauge.label) == gauge.label for gauge in status.gauges):
        return status
    gauges = tuple(replace(gauge, label=names.get(gauge.name, gauge.label)) for gauge in status.gauges)
    return replace(status, gauges=gauges)
