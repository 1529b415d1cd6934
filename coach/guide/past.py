"""What earlier sessions mean for a new one: what has been explained, and how much it hurt. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.definitions.pain import PainRule, pain_level


@dataclass(frozen=True, slots=True)
class Past:
    """The sessions before this one. known: exercises that were done. worst: the strongest pain of each, oldest first.

    stopped: pain ended the last session, and the person has not said since that it was checked. Pain reported without a
    score is left out. accounts: of all of them, oldest first.
    """

    known: frozenset[str] = frozenset()
    worst: tuple[int, ...] = ()
    stopped: bool = False
    accounts: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    @property
    def empty(self) -> bool:
        """Whether there are no earlier sessions."""
        return not self.worst


def past_of(records: Sequence[Mapping[str, Any]]) -> Past:
    """From the logs of a person's guided sessions (``SessionRecord.as_dict``), oldest first."""
    done = [record for record in records if record.get("sets") or record.get("pains") or record.get("pain_reports")]
    stopped = False
    for record in done:
        stopped = _stopped(record) or (stopped and record.get("seen_to") is not True)
    return Past(
        known=frozenset(each["exercise"] for record in done for each in record.get("sets", ())),
        worst=tuple(worst_of(record) for record in done),
        stopped=stopped,
        accounts=tuple(records),
    )


def worst_of(record: Mapping[str, Any]) -> int:
    """The strongest pain of a session; 0 if none was reported."""
    # The morning after belongs to the previous session.
    reports = [each for each in record.get("pain_reports", ()) if each["when"] != "morning"]
    return max((each["score"] or 0 for each in (*record.get("pains", ()), *reports)), default=0)


def rising(worst: Sequence[int]) -> bool:
    """Whether pain has risen over the last two sessions; with only one before them, from zero."""
    last = [0, *worst][-3:]
    return len(worst) >= 2 and len(last) == 3 and last[0] < last[1] < last[2]


def _stopped(record: Mapping[str, Any]) -> bool:
    rule = PainRule(**record.get("pain_rule", {}))
    return pain_level(worst_of(record), rule) == "stop"
