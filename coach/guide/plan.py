"""The order of a session: the current exercise, side and set, and the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from coach.definitions.about import About
from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.prescription import Unit, asked_for, misfits, prescribed
from coach.definitions.programme import Block, Programme
from coach.definitions.programme_messages import Messages
from coach.errors import ProgrammeFileError
from coach.i18n.catalog import WordTable
from coach.types import Side, other_side


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise on one side, as it is asked for. target_from..target_to: 10..10 repetitions, 6..8 breaths, 30..30 s.

    about: the exercise's texts in the session's language. block: what the programme asks, with the count that was
    agreed on since. more_sets: that can still be offered.
    """

    exercise: Exercise
    about: About
    side: Side
    sets: int
    rest_s: float
    target_from: int
    target_to: int
    unit: Unit
    block: Block
    asked: tuple[tuple[str, str], ...] = ()
    more_sets: int = 0

    def in_words(self, words: Messages) -> str:
        """In short: 'Hip hiker, left side: 2 x 10 repetitions'."""
        amount = self.about.amount_of(self.exercise.asked_for)
        return f"{self.about.title}, {words.side(self.side)}: {self.sets} x {amount}"


@dataclass(frozen=True, slots=True)
class Step:
    """A set of a task: what is done in one go. number counts tasks, set_number sets, both from 1."""

    task: Task
    number: int
    set_number: int

    def place(self, words: Messages) -> dict[str, Any]:
        """Exercise, side and set in words, for sentences that name them."""
        side = words.side(self.task.side)
        return {"exercise": self.task.about.title, "side": side, "set": self.set_number, "sets": self.task.sets}


def make_task(
    block: Block,
    exercise: Exercise,
    words: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    language: str = "en",
) -> Task:
    """A block as a task: its exercise changed as the block asks, and what is asked in the language's words.

    Raises ProgrammeFileError for what the exercise cannot do.
    """
    problems = list(misfits(block, exercise))
    if problems:
        raise ProgrammeFileError("; ".join(problems), "Mend these keys; programmes/README.md explains each")
    asked = asked_for(block, exercise, WordTable(language, words[language])) if language in words else ()
    exercise = prescribed(exercise, block, words)
    most = block.most(exercise)
    unit = block.unit(exercise)
    least = exercise.hold.least_breaths if exercise.hold is not None and unit == "breaths" else most
    return Task(
        exercise,
        exercise.in_language(language),
        block.side,
        block.sets,
        block.rest_s,
        least,
        most,
        unit,
        block,
        asked,
        block.more_sets,
    )


class Plan:
    """The position in the programme. Empty once everything is done."""

    def __init__(
        self, programme: Programme, load: Callable[[str], Exercise] = load_exercise, language: str = "en"
    ) -> None:
        self._tasks = [make_task(block, load(block.exercise), programme.words, language) for block in programme.blocks]
        # Whatever is left out later was still part of the session, and may have been done before.
        self._asked = tuple(self._tasks)
        self._index = 0
        self._set = 1

    @property
    def length(self) -> int:
        """Number of tasks."""
        return len(self._tasks)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All of them, in order."""
        return tuple(self._tasks)

    @property
    def now(self) -> Step | None:
        """The set being done or prepared."""
        return self._at(self._index, self._set)

    @property
    def next(self) -> Step | None:
        """The set after this one."""
        return self._at(*self._following())

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Every exercise of the session once, in order, those left out included."""
        return tuple({task.exercise.name: task.exercise for task in self._asked}.values())

    @property
    def exercises_by_side(self) -> Mapping[tuple[str, Side], Exercise]:
        """Every exercise as it was asked for on a side, by name and side: its depth may differ from the other's."""
        return {(task.exercise.name, task.side): task.exercise for task in self._asked}

    def add_set(self) -> None:
        """Add one more set to the current task, if it may be offered."""
        task = self._tasks[self._index]
        if task.more_sets > 0:
            self._tasks[self._index] = replace(task, sets=task.sets + 1, more_sets=task.more_sets - 1)

    def advance(self) -> Step | None:
        """Go to the next set."""
        self._index, self._set = self._following()
        return self.now

    def leave_out(self, exercise: str, side: Side) -> Step | None:
        """Drop an exercise on one side; if it is the current task, move on to the next."""
        done, coming = self._tasks[: self._index], self._tasks[self._index :]
        kept = [task for task in coming if (task.exercise.name, task.side) != (exercise, side)]
        if kept[:1] != coming[:1]:
            self._set = 1
        self._tasks = done + kept
        return self.now

    def other_side(self) -> Step | None:
        """Do the other side now. If it was due later, the two change places, so that both are done."""
        if self.now is None:
            return None
        task = self._tasks[self._index]
        for later in range(self._index + 1, len(self._tasks)):
            candidate = self._tasks[later]
            if candidate.exercise.name == task.exercise.name and candidate.side != task.side:
                self._tasks[self._index] = replace(candidate, rest_s=task.rest_s)
                self._tasks[later] = replace(task, rest_s=candidate.rest_s)
                break
        else:
            self._tasks[self._index] = replace(task, side=other_side(task.side))
        self._set = 1
        return self.now

    def _following(self) -> tuple[int, int]:
        if self._index < len(self._tasks) and self._set < self._tasks[self._index].sets:
            return self._index, self._set + 1
        return self._index + 1, 1

    def _at(self, index: int, set_number: int) -> Step | None:
        if index >= len(self._tasks):
            return None
        return Step(self._tasks[index], index + 1, set_number)
