"""Which questions are asked, and in which order: before the first set, of each set, and of next time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.definitions.exercise import Exercise
from coach.definitions.programme import Programme
from coach.definitions.programme_messages import Messages
from coach.guide.past import Past
from coach.guide.plan import Step
from coach.guide.progression import Proposal
from coach.guide.session_log import Recorder
from coach.guide.speech_queue import NEXT, Speaker
from coach.guide.types import Asks

LEAST_REST_S = 5.0  # of a rest, however long the answers took


def opening(programme: Programme, past: Past) -> list[Asks]:
    """What is asked before the session."""
    if not programme.ask_pain:
        return []
    asks: list[Asks] = ["seen_to"] if past.stopped else []
    asks.append("before")
    return asks if past.empty else [*asks, "morning"]


def of_set(programme: Programme, step: Step, recorder: Recorder) -> list[Asks]:
    """How hard a finished set was, and, after the last one, whether another one is wanted where one is offered."""
    asks: list[Asks] = ["effort"] if programme.ask_effort else []
    task = step.task
    if task.more_sets == 0 or step.set_number < task.sets or recorder.hurt_at(task.exercise.name, task.side):
        return asks
    return [*asks, "another"]


class SetOver:
    """A set that has just ended, until everything has been asked of it. asks: what is still to be asked."""

    def __init__(self, t_s: float, step: Step, asks: Sequence[Asks]) -> None:
        self.asks = list(asks)
        self._over_s = t_s
        self._rest_s = step.task.rest_s

    def rest_s(self, t_s: float) -> float:
        """What is left of the rest after it: answering was rest too."""
        return max(self._rest_s - (t_s - self._over_s), min(self._rest_s, LEAST_REST_S))


class NextTime:
    """What is proposed for next time, one after the other, and what the person says to it."""

    def __init__(self, proposals: Sequence[Proposal], exercises: Sequence[Exercise], speaker: Speaker) -> None:
        self._proposals = list(proposals)
        self._exercises = exercises
        self._speaker = speaker

    @property
    def now(self) -> Proposal | None:
        """The one that is asked about; None after the last one."""
        return self._proposals[0] if self._proposals else None

    def pass_over(self) -> None:
        """On to the next one."""
        del self._proposals[:1]

    def in_words(self, proposal: Proposal) -> dict[str, Any]:
        """The exercise and its new number, for sentences that name them."""
        words: Messages = self._speaker.words
        exercise = next(each for each in self._exercises if each.name == proposal.exercise)
        title = exercise.in_language(words.language).title
        if len(proposal.sides) == 1:
            title = f"{title}, {words.side(proposal.sides[0])}"
        return {"exercise": title, "more": words(f"amount_{proposal.unit}", count=proposal.to)}

    def answer(self, t_s: float, agreed: bool, recorder: Recorder) -> None:
        """Keep the answer, and confirm what was agreed on."""
        proposal = self._proposals[0]
        recorder.answer_progress(proposal, agreed)
        if agreed:
            self._speaker.say(t_s, "progress_agreed", NEXT, **self.in_words(proposal))
