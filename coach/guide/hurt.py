"""A set that hurts: which one it is, and what of the programme is still done after it."""

from __future__ import annotations

from dataclasses import dataclass

from coach.definitions.pain import PainRule, pain_level
from coach.guide.plan import Plan
from coach.guide.session_log import PainMark, Recorder
from coach.guide.types import Stage
from coach.types import other_side


@dataclass(frozen=True, slots=True)
class Hurt:
    """Where the person said that it hurts. of_set: in a set, or while something was asked of one."""

    stage: Stage
    of_set: bool


def mark_of(t_s: float, in_set: bool, recorder: Recorder, plan: Plan) -> PainMark:
    """The mark of the set that hurts, without a score: the set that is being done, else the last, else the next."""
    last, step = recorder.last_set, plan.now
    if not in_set and last is not None:
        part, name, side = last.part, last.exercise, last.side
    else:
        assert step is not None
        part, name, side = recorder.part, step.task.exercise.name, step.task.side
    on_a_step = any(exercise.name == name and exercise.on_a_step for exercise in plan.exercises)
    return PainMark(t_s, None, part, name, side, other_side(side) if on_a_step else None)


def go_on_after(hurt: Hurt, scored: PainMark, plan: Plan, rule: PainRule) -> float:
    """Take the plan to what may still be done, and return the rest before it in seconds.

    After mild pain that is the next set. After more than mild pain nothing more of that exercise on that side is done.
    """
    rest_s = plan.now.task.rest_s if plan.now is not None and hurt.of_set else 0.0
    if scored.score is not None and pain_level(scored.score, rule) == "caution":
        plan.leave_out(scored.exercise, scored.side)
    elif hurt.of_set:
        plan.advance()
    return rest_s
