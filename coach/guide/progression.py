"""More of an exercise, as the therapist wrote it into the programme: when to propose it, and what was agreed on.

Pure: from the programme and the accounts of a person's sessions (``SessionRecord.as_dict``), oldest first. The file
is never changed; what was agreed on stands in the account of the session, and counts for as long as the file asks for
the same as then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.prescription import Unit
from coach.definitions.programme import Block, Programme
from coach.guide.past import rising, worst_of
from coach.types import Side

Account = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """More of one exercise on these sides. asked: what the file says, by side. now, to: today, and next time."""

    exercise: str
    sides: tuple[Side, ...]
    unit: Unit
    asked: tuple[int, ...]
    now: int
    to: int


def at_level(
    programme: Programme, accounts: Sequence[Account], load: Callable[[str], Exercise] = load_exercise
) -> Programme:
    """The programme with what was agreed on so far, never beyond what its file allows."""
    blocks = []
    for block in programme.blocks:
        exercise = load(block.exercise)
        count = _level(block, exercise, _answers(programme, block, exercise, accounts))
        changed = {**block.with_count(exercise, count), "progress": None}  # the rule is read from the file itself
        blocks.append(block.model_copy(update=changed) if block.progress else block)
    return programme.model_copy(update={"blocks": tuple(blocks)})


def proposals(
    programme: Programme, accounts: Sequence[Account], load: Callable[[str], Exercise] = load_exercise
) -> tuple[Proposal, ...]:
    """What can be proposed after the last of these sessions. programme: as the file has it.

    Both sides of an exercise share a proposal if they are at the same number. Nothing is proposed while pain rises, or
    after it ended the session.
    """
    if not accounts or rising([worst_of(account) for account in accounts]):
        return ()
    found: list[Proposal] = []
    for block in programme.blocks:
        exercise = load(block.exercise)
        rule = block.progress
        if rule is None or not any(_sets(account, block, exercise) for account in accounts[-1:]):
            continue
        answers = _answers(programme, block, exercise, accounts)
        now = _level(block, exercise, answers)
        to = min(now + rule.more, rule.up_to)
        # Only sessions since the last answer, whatever it was, speak for a new proposal.
        since = accounts[answers[-1][0] + 1 :] if answers else accounts
        done = [each for each in since if each.get("programme") == programme.name and _sets(each, block, exercise)]
        recent = done[-rule.sessions :]
        if to <= now or len(recent) < rule.sessions or not all(_good(each, block, exercise, now) for each in recent):
            continue
        one = Proposal(exercise.name, (block.side,), block.unit(exercise), (block.most(exercise),), now, to)
        _join(found, one)
    return tuple(found)


def _join(found: list[Proposal], one: Proposal) -> None:
    for number, other in enumerate(found):
        if (other.exercise, other.unit, other.now, other.to) == (one.exercise, one.unit, one.now, one.to):
            sides, asked = (*other.sides, *one.sides), (*other.asked, *one.asked)
            found[number] = Proposal(one.exercise, sides, one.unit, asked, one.now, one.to)
            return
    found.append(one)


def _answers(
    programme: Programme, block: Block, exercise: Exercise, accounts: Sequence[Account]
) -> list[tuple[int, Account]]:
    """Index of the session, and the answer, of what was proposed for this block while its file said the same."""
    return [
        (index, answer)
        for index, account in enumerate(accounts)
        if account.get("programme") == programme.name
        for answer in account.get("progress", ())
        if (answer["exercise"], answer["side"], answer["unit"]) == (exercise.name, block.side, block.unit(exercise))
        and answer["asked"] == block.most(exercise)
    ]


def _level(block: Block, exercise: Exercise, answers: Sequence[tuple[int, Account]]) -> int:
    """How many are asked for now."""
    asked = block.most(exercise)
    agreed = [int(answer["to"]) for _, answer in answers if answer["agreed"]]
    if not agreed or block.progress is None:
        return asked
    return max(asked, min(agreed[-1], block.progress.up_to))


def _sets(account: Account, block: Block, exercise: Exercise) -> list[Account]:
    return [
        each
        for each in account.get("sets", ())
        if (each["exercise"], each["side"]) == (exercise.name, block.side) and each.get("result")
    ]


def _good(account: Account, block: Block, exercise: Exercise, level: int) -> bool:
    """Whether a session was as good as the rule asks for."""
    rule = block.progress
    assert rule is not None
    sets = [each for each in _sets(account, block, exercise) if each["target"] == level]
    if len(sets) < block.sets:
        return False
    asked = sum(level if exercise.hold is None else 1 for _ in sets)
    efforts = [each.get("effort") for each in sets]
    return (
        sum(_as_asked(each, exercise, level) for each in sets) * 10 >= rule.as_asked * asked
        and all(effort is not None and effort <= rule.effort for effort in efforts)
        and all(score is not None and score <= rule.pain for score in _pains(account, block, exercise))
    )


def _as_asked(each: Account, exercise: Exercise, level: int) -> int:
    """Repetitions of a set that counted without a fault; for a hold, 1 if it did."""
    items = each["result"]["movements" if exercise.hold is None else "holds"]
    good = sum(item["counted"] and not item["faults"] for item in items)
    return min(int(good), level if exercise.hold is None else 1)


def _pains(account: Account, block: Block, exercise: Exercise) -> Iterator[int | None]:
    """Every score that belongs to this exercise and side, or to no exercise."""
    for mark in account.get("pains", ()):
        if (mark["exercise"], mark["side"]) == (exercise.name, block.side):
            yield mark["score"]
    for report in account.get("pain_reports", ()):
        yield report["score"]
