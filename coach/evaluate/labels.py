"""What somebody marked in a video, as its truth file, and back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.definitions.exercise import Exercise
from coach.errors import CoachError
from coach.reading import LONGEST_S, printable
from coach.toml import wrong_keys

MOST_MARKS = 2_000
MOST_LETTERS = 200
# A repetition is marked where it is deepest. Its edges lie halfway to its neighbours, or this far away: slower ones are
# as good as none, and edges only say which of the coach's movements is meant.
HALF_S = 4.0
BEFORE_HOLD_S = 1.0  # the first breath of a hold may have begun so much before it


class LabelError(CoachError, ValueError):
    """The marks do not make a truth."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=MOST_LETTERS)


class MovementMark(_Data):
    """A movement at its deepest point, in seconds. reason: why it must not count, None if it must."""

    t: float = Field(ge=0, le=LONGEST_S)
    reason: str | None = None


class FaultMark(_Data):
    """A fault from this moment on, in seconds."""

    t: float = Field(ge=0, le=LONGEST_S)
    name: str


class Labels(_Data):
    """Everything marked in one video. exercise None: nothing in it may be counted.

    hold: its start and end in seconds. curve_seen: whether the coach's curves were shown before the last change.
    """

    exercise: str | None = None
    side: Literal["left", "right"] | None = None
    person: str = ""
    rater: str = ""
    movements: tuple[MovementMark, ...] = Field((), max_length=MOST_MARKS)
    breaths: tuple[float, ...] = Field((), max_length=MOST_MARKS)
    hold: tuple[float | None, float | None] = (None, None)
    faults: tuple[FaultMark, ...] = Field((), max_length=MOST_MARKS)
    curve_seen: bool = False


def parse_labels(data: object) -> Labels:
    """Marks from plain data. Raises LabelError."""
    try:
        labels = Labels.model_validate(data)
    except ValidationError as error:
        problem = f"the marks are not as they must be: {next(wrong_keys(error))}"
        raise LabelError(problem, "Load the page again") from error
    if not printable(labels.person + labels.rater):
        raise LabelError("a name holds signs that cannot be shown", "Type it again")
    return labels


def truth_of_labels(
    labels: Labels, exercises: Sequence[Exercise], clip: str, duration_s: float, fps: float
) -> dict[str, Any]:
    """The truth file's data; its key ``labels`` holds the marks as they were made. Raises LabelError."""
    head: dict[str, Any] = {"clip": clip, "exercise": labels.exercise, "duration": round(duration_s, 3), "fps": fps}
    if labels.person:
        head["person"] = labels.person
    kept = {"labels": labels.model_dump(mode="json")}
    if labels.exercise is None:
        if labels.movements or labels.faults or labels.breaths or labels.hold != (None, None):
            raise LabelError("there are marks, but no exercise is chosen", "Choose the exercise, or remove the marks")
        return {**head, "expect": {}, "reps": [], **kept}
    exercise = next((each for each in exercises if each.name == labels.exercise), None)
    if exercise is None:
        raise LabelError(f"there is no exercise '{labels.exercise}'", "Choose one of the list")
    if labels.side is None:
        raise LabelError("the side is not chosen", "Choose the hanging or raised leg's side")
    _check(labels, exercise, duration_s)
    about = _hold(labels) if exercise.kind == "hold" else _repetitions(labels)
    times = [{"t": mark.t, "fault": mark.name} for mark in sorted(labels.faults, key=lambda mark: mark.t)]
    return {**head, **about, "fault_times": times, **kept}


def labels_of_truth(data: Mapping[str, Any]) -> Labels | None:
    """The marks from which a truth file was made, None where it was made otherwise. Raises LabelError."""
    return parse_labels(data["labels"]) if isinstance(data.get("labels"), dict) else None


def _check(labels: Labels, exercise: Exercise, duration_s: float) -> None:
    edges = [edge for edge in labels.hold if edge is not None]
    points = [*(mark.t for mark in labels.movements), *(mark.t for mark in labels.faults)]
    last_s = max([*points, *labels.breaths, *edges], default=0.0)
    if last_s > duration_s + 1.0:
        raise LabelError(f"a mark is at {last_s:.1f} s, after the end", "Remove it")
    unknown = [mark.name for mark in labels.faults if mark.name not in exercise.correctable]
    if unknown:
        raise LabelError(f"'{unknown[0]}' is no fault of {exercise.name}", "Choose one of the list")
    if exercise.kind == "hold":
        if labels.movements:
            raise LabelError("a hold has no repetitions", "Remove those marks, or choose the other exercise")
        start_s, end_s = labels.hold
        if start_s is None:
            raise LabelError("the start of the hold is not marked", "Mark it with S")
        if end_s is None:
            raise LabelError("the end of the hold is not marked", "Mark it with E")
        if not start_s < end_s:
            raise LabelError("the hold ends before it begins", "Mark its start and end again")
        for t_s in labels.breaths:
            if not start_s - BEFORE_HOLD_S <= t_s <= end_s:
                raise LabelError(f"the inhalation at {t_s:.1f} s is outside the hold", "Remove it, or move the hold")
    elif labels.breaths or labels.hold != (None, None):
        raise LabelError("repetitions have no hold and no breaths", "Remove those marks, or choose the other exercise")


def _repetitions(labels: Labels) -> dict[str, Any]:
    marks = sorted(labels.movements, key=lambda mark: mark.t)
    if any(after.t - before.t < 0.2 for before, after in zip(marks, marks[1:], strict=False)):
        raise LabelError("two repetitions are marked within 0.2 s", "Remove one of them")
    reps: list[dict[str, Any]] = []
    for number, mark in enumerate(marks):
        before_s = (marks[number - 1].t + mark.t) / 2 if number else 0.0
        after_s = (mark.t + marks[number + 1].t) / 2 if number + 1 < len(marks) else mark.t + HALF_S
        start_s, end_s = max(before_s, mark.t - HALF_S), min(after_s, mark.t + HALF_S)
        reps.append({"start": round(start_s, 3), "bottom": mark.t, "end": round(end_s, 3), "drop": None})
    faults: dict[str, list[str]] = {}
    for fault in labels.faults:
        number = next((i for i, rep in enumerate(reps, start=1) if rep["start"] <= fault.t <= rep["end"]), 0)
        if not number:
            raise LabelError(f"the fault at {fault.t:.1f} s is in no repetition", "Mark the repetition's deepest point")
        if fault.name not in faults.setdefault(str(number), []):
            faults[str(number)].append(fault.name)
    uncounted = {str(number): mark.reason for number, mark in enumerate(marks, start=1) if mark.reason is not None}
    expect = {"side": labels.side, "reps": len(marks) - len(uncounted), "faults": faults, "uncounted": uncounted}
    return {"expect": expect, "edges": "halfway between the marks", "reps": reps}


def _hold(labels: Labels) -> dict[str, Any]:
    names = list(dict.fromkeys(mark.name for mark in sorted(labels.faults, key=lambda mark: mark.t)))
    expect: dict[str, Any] = {"side": labels.side, "faults": names}
    breaths = sorted(labels.breaths)
    if breaths:
        expect["breaths"] = len(breaths)
    return {"expect": expect, "hold": list(labels.hold), "breath_starts": breaths}
