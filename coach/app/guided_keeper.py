"""Stores a guided session in the history while it runs: moments, results of sets, pain, and the session's log."""

from __future__ import annotations

from collections.abc import Callable

from coach.definitions.exercise import Exercise, load_exercise
from coach.guide.guide import Guide
from coach.guide.types import GuideMoment
from coach.history import SessionWriter


class GuidedKeeper:
    """Takes each GuideMoment of one guide. confirm: called once, when the notice has been confirmed."""

    def __init__(
        self,
        guide: Guide,
        writer: SessionWriter,
        confirm: Callable[[], None],
        load: Callable[[str], Exercise] = load_exercise,
    ) -> None:
        self._guide = guide
        self._writer = writer
        self._confirm = confirm
        self._exercises = {
            exercise.name: exercise
            for exercise in (load(name) for name in {b.exercise for b in guide.programme.blocks})
        }
        self._confirmed = guide.safety_confirmed
        self._named: set[int] = set()
        self._state: tuple[object, ...] = ()
        self._pains = 0

    def take(self, guided: GuideMoment) -> None:
        """Store this moment. Results and the log follow at each new stage."""
        if guided.moment is not None and guided.part >= 0:
            if guided.part not in self._named:
                self._named.add(guided.part)
                name = guided.moment.status.exercise
                self._writer.part(guided.part, self._exercises.get(name, name))
            self._writer.step(guided.moment, guided.part)
        if self._guide.safety_confirmed and not self._confirmed:
            self._confirmed = True
            self._confirm()
        state = (guided.stage, guided.part, guided.question.score if guided.question is not None else None)
        if state != self._state:
            self._state = state
            self._keep_account(waiting=guided.stage == "question")

    def close(self) -> None:
        """Store everything so far."""
        self._keep_account(waiting=False)

    def _keep_account(self, waiting: bool) -> None:
        """waiting: a pain score may still be given."""
        record = self._guide.record
        for pain in record.pains[self._pains :]:
            if pain.score is None and waiting:
                break
            self._writer.pain(pain.score, pain.t_s, pain.part)
            self._pains += 1
        for each in record.sets:
            if each.result and each.part in self._named:
                self._writer.result(each.result, each.part)
        self._writer.record(record.as_dict())
