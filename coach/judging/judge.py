"""Signals to events, for one exercise. No clock, no picture, no I/O: observations in, verdicts out."""

from __future__ import annotations

from typing import Protocol

from coach.definitions.exercise import Exercise
from coach.types import Event, Observation, Side, Verdict


class Judge(Protocol):
    """Judges one exercise. Observations come in order of time; uncertainty freezes a count but never resets it."""

    def step(self, observation: Observation) -> Verdict:
        """Judge one more observation."""
        ...

    def finish(self) -> tuple[Event, ...]:
        """What can still be said once no more observations will come."""
        ...

    def begin(self, t_s: float) -> None:
        """The exercise begins now, for a judge that was made before."""
        ...

    def select_side(self, side: Side | None) -> None:
        """Judge only this side; None finds the side from the movement."""
        ...


def make_judge(exercise: Exercise, side: Side | None = None, begun: bool = True) -> Judge:
    """The judge for an exercise of either kind. begun: see ``HoldJudge``; repetitions made early are left out later."""
    from coach.judging.hold_judge import HoldJudge
    from coach.judging.repetition_judge import RepetitionJudge

    return RepetitionJudge(exercise, side) if exercise.kind == "repetitions" else HoldJudge(exercise, side, begun)
