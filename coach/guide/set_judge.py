"""What judges a set: how the guide sees it, and the real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from coach.definitions.exercise import Exercise
from coach.i18n.result_notes import Note
from coach.session.result import Result
from coach.types import Hold, Moment, Movement, Observation, Side


class Done(Protocol):
    """Everything about a set."""

    @property
    def movements(self) -> Sequence[Movement]:
        """Its repetitions, counted or not."""
        ...

    @property
    def holds(self) -> Sequence[Hold]:
        """Its holds, counted or not."""
        ...

    @property
    def notes(self) -> Sequence[Note]:
        """What kept small movements from being followed; known once the set is over."""
        ...

    def result(
        self, source: str, duration_s: float | None = None, single: bool = False, notes: Sequence[str] = ()
    ) -> Result:
        """The JSON contract; as one set, whatever the pauses in it, where ``single``. notes: sentences about it."""
        ...


class Judging(Protocol):
    """What judges a set: ``coach.session.session.Session`` of one exercise."""

    def watch(self, observation: Observation) -> None:
        """See the person get ready; nothing of it is reported."""
        ...

    def step(self, observation: Observation) -> Moment:
        """Judge one observation."""
        ...

    def begin(self, t_s: float) -> None:
        """The exercise begins now; anything done before does not count."""
        ...

    def finish(self) -> Done:
        """Finish what is open and return everything about the set."""
        ...


class MakeJudging(Protocol):
    """Makes what judges one set."""

    def __call__(self, exercise: Exercise, side: Side, language: str) -> Judging:
        """A judge for one exercise on one side, whose cues are in this language."""
        ...


def make_session(exercise: Exercise, side: Side, language: str) -> Judging:
    """The real judge, loaded only when needed."""
    from coach.session.session import Session

    return Session([exercise], side, language, single=True, begun=False)
