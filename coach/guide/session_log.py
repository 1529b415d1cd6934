"""What has happened in a guided session so far: plain, frozen, and ready to store."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from coach.definitions.pain import PainRule
from coach.definitions.prescription import Unit
from coach.definitions.programme import Programme
from coach.guide.progression import Proposal
from coach.guide.types import Asks, CheckName, EndedBy, PauseReason
from coach.session.result import Result
from coach.to_json import number
from coach.types import Hold, Movement, Side


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One set, finished or not (``ended_by`` is empty while it goes on).

    part: counts sets from 0. target_from..target: enough and all, 10..10 repetitions, 6..8 breaths or 30..30 seconds,
    as ``unit`` says. count: how many at its end, None where they could not be seen. paced: the breath was paced by
    voice. compromised: advice of the set-up that was let go. result: the JSON contract. asked: what was asked of it
    beyond that, as sentences; prescription: the same as the programme's keys. effort: how hard it was (CR10), None
    where that was not answered.
    """

    part: int
    block: int
    set_number: int
    exercise: str
    side: Side
    start_s: float
    end_s: float
    ended_by: EndedBy
    target_from: int
    target: int
    count: int | None
    held_s: float
    paced: bool
    compromised: tuple[CheckName, ...]
    movements: tuple[Movement, ...]
    holds: tuple[Hold, ...]
    result: Result | None = None
    unit: Unit = "reps"
    asked: tuple[str, ...] = ()
    prescription: Mapping[str, Any] = field(default_factory=dict)
    effort: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was even attempted."""
        return not self.movements and not self.holds and not self.count and self.held_s == 0


@dataclass(frozen=True, slots=True)
class PainMark:
    """A report of pain: when, in which part of the programme, and how much (None: not answered).

    side: the exercise's, which on a step is the hanging leg's; standing: the standing leg, None if there is none.
    place: where it hurts, empty if not given.
    """

    t_s: float
    score: int | None
    part: int
    exercise: str
    side: Side
    standing: Side | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class PainReport:
    """The strength of pain before the session, after it, or on the morning after the last one."""

    when: Asks
    score: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class PauseMark:
    """A pause. end_s is NaN while it lasts."""

    start_s: float
    end_s: float
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class ProgressAnswer:
    """What was proposed for next time, and whether the person agreed."""

    proposal: Proposal
    agreed: bool


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """The whole session so far. complete: the programme was done to its end. pain_rule: the programme's.

    seen_to: whether the pain that ended the previous session has been checked, None if that was not asked.
    """

    programme: str
    language: str
    safety_confirmed: bool
    duration_s: float
    complete: bool
    sets: tuple[SetRecord, ...] = ()
    pains: tuple[PainMark, ...] = ()
    pauses: tuple[PauseMark, ...] = ()
    pain_rule: PainRule = field(default_factory=PainRule)
    pain_reports: tuple[PainReport, ...] = ()
    progress: tuple[ProgressAnswer, ...] = ()
    seen_to: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; times are seconds from the start of the session, missing numbers are None."""
        return {
            "schema": 1,
            "programme": self.programme,
            "language": self.language,
            "safety_confirmed": self.safety_confirmed,
            "duration_s": _seconds(self.duration_s),
            "complete": self.complete,
            "sets": [
                {
                    "part": each.part,
                    "block": each.block,
                    "set": each.set_number,
                    "exercise": each.exercise,
                    "side": each.side,
                    "start_s": _seconds(each.start_s),
                    "end_s": _seconds(each.end_s),
                    "ended_by": each.ended_by or None,
                    "target_from": each.target_from,
                    "target": each.target,
                    "count": each.count,
                    "held_s": _seconds(each.held_s),
                    "paced": each.paced,
                    "compromised": list(each.compromised),
                    "unit": each.unit,
                    "asked": list(each.asked),
                    "prescription": dict(each.prescription),
                    "effort": each.effort,
                    "result": each.result,
                }
                for each in self.sets
            ],
            "pains": [
                {
                    "t_s": _seconds(p.t_s),
                    "score": p.score,
                    "part": p.part,
                    "exercise": p.exercise,
                    "side": p.side,
                    "standing": p.standing,
                    "place": p.place or None,
                }
                for p in self.pains
            ],
            "pain_reports": [{"when": p.when, "score": p.score, "place": p.place or None} for p in self.pain_reports],
            "progress": [
                {
                    "exercise": answer.proposal.exercise,
                    "side": side,
                    "unit": answer.proposal.unit,
                    "asked": asked,
                    "from": answer.proposal.now,
                    "to": answer.proposal.to,
                    "agreed": answer.agreed,
                }
                for answer in self.progress
                for side, asked in zip(answer.proposal.sides, answer.proposal.asked, strict=True)
            ],
            "seen_to": self.seen_to,
            "pain_rule": self.pain_rule.model_dump(),
            "pauses": [
                {"start_s": _seconds(p.start_s), "end_s": _seconds(p.end_s), "reason": p.reason} for p in self.pauses
            ],
        }


def _seconds(t_s: float) -> float | None:
    return number(t_s, 2)


class Recorder:
    """Collects the record while the session runs."""

    def __init__(self) -> None:
        self._sets: list[SetRecord] = []
        self._pains: list[PainMark] = []
        self._pauses: list[PauseMark] = []
        self._reports: list[PainReport] = []
        self._progress: list[ProgressAnswer] = []
        self.seen_to: bool | None = None
        self.safety_confirmed = False
        self.complete = False

    @property
    def part(self) -> int:
        """Number of the next set, from 0."""
        return len(self._sets)

    @property
    def last_set(self) -> SetRecord | None:
        """The last finished set."""
        return self._sets[-1] if self._sets else None

    @property
    def last_pain(self) -> PainMark:
        """The last reported pain. Raises IndexError if there is none."""
        return self._pains[-1]

    def add_set(self, record: SetRecord) -> None:
        """A set has ended."""
        self._sets.append(record)

    def hurt(self, mark: PainMark) -> None:
        """Record that it hurts; the score comes later."""
        self._pains.append(mark)

    def score_pain(self, score: int) -> None:
        """How much it hurts."""
        self._pains[-1] = replace(self._pains[-1], score=score)

    def place_pain(self, place: str) -> None:
        """Where it hurts."""
        self._pains[-1] = replace(self._pains[-1], place=place)

    def report_pain(self, when: Asks, score: int) -> None:
        """The strength of pain outside the exercises."""
        self._reports.append(PainReport(when, score))

    def place_report(self, place: str) -> None:
        """Where it is."""
        self._reports[-1] = replace(self._reports[-1], place=place)

    def rate_effort(self, score: int) -> None:
        """How hard the last set was."""
        self._sets[-1] = replace(self._sets[-1], effort=score)

    def answer_progress(self, proposal: Proposal, agreed: bool) -> None:
        """Whether the person wants more next time."""
        self._progress.append(ProgressAnswer(proposal, agreed))

    def hurt_at(self, exercise: str, side: Side) -> bool:
        """Whether this exercise and side hurt in this session, or anything hurt before it."""
        here = any(mark.score != 0 and (mark.exercise, mark.side) == (exercise, side) for mark in self._pains)
        return here or any(report.score > 0 for report in self._reports if report.when != "after")

    def pause(self, t_s: float, reason: PauseReason) -> None:
        """A pause begins."""
        self._pauses.append(PauseMark(t_s, math.nan, reason))

    def resume(self, t_s: float) -> None:
        """The pause ends."""
        if self._pauses and math.isnan(self._pauses[-1].end_s):
            self._pauses[-1] = replace(self._pauses[-1], end_s=t_s)

    def record(self, programme: Programme, language: str, now_s: float, going_on: SetRecord | None) -> SessionRecord:
        """Everything so far, including the current set."""
        return SessionRecord(
            programme=programme.name,
            language=language,
            safety_confirmed=self.safety_confirmed,
            duration_s=now_s,
            complete=self.complete,
            sets=(*self._sets, *([going_on] if going_on is not None else [])),
            pains=tuple(self._pains),
            pauses=tuple(self._pauses),
            pain_rule=programme.pain,
            pain_reports=tuple(self._reports),
            progress=tuple(self._progress),
            seen_to=self.seen_to,
        )
