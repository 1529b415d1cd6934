"""The stages of a session as data: what may follow each, what the person can do in it, and whether they are watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.guide.types import Action, Stage

IN_SET: tuple[Action, ...] = ("pause", "next", "other_side", "hurts", "end")
BETWEEN: tuple[Action, ...] = ("pause", "next", "other_side", "explain", "hurts", "end")


@dataclass(frozen=True, slots=True)
class StageRule:
    """leads_to: the stages that may follow. watched: somebody must be in the picture. in_set: a set is being done."""

    leads_to: frozenset[Stage]
    actions: tuple[Action, ...]
    watched: bool = False
    in_set: bool = False


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


# After any set, and wherever one can be left: on with the programme, or to its end.
ONWARDS: frozenset[Stage] = _to("setup", "rest", "question", "summary")

STAGES: Mapping[Stage, StageRule] = {
    "welcome": StageRule(_to("question", "rest", "setup", "done"), ("confirm_safety", "end")),
    "setup": StageRule(ONWARDS | _to("calibrate", "paused"), BETWEEN, watched=True),
    "calibrate": StageRule(ONWARDS | _to("countdown", "paused"), IN_SET, watched=True, in_set=True),
    "countdown": StageRule(ONWARDS | _to("exercise", "paused"), IN_SET, watched=True, in_set=True),
    "exercise": StageRule(ONWARDS | _to("paused"), IN_SET, watched=True, in_set=True),
    "rest": StageRule(ONWARDS | _to("paused"), BETWEEN),
    "paused": StageRule(ONWARDS | _to("paused", "countdown", "exercise"), IN_SET, in_set=True),
    "question": StageRule(ONWARDS, ("score", "end")),
    "summary": StageRule(_to("question", "done"), ("hurts", "end")),
    "done": StageRule(_to(), ()),
}
