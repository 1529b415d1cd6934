"""Checks a saved result against the contract before use: shapes, ranges, sizes. Pure.

Unknown keys are allowed, so that later versions may add some.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.reading import LONGEST_S
from coach.session.result import SCHEMA, Result, depth_name, items_of
from coach.session.upgrade_result import READABLE, upgraded
from coach.toml import wrong_keys
from coach.types import Side
from coach.units import interval_name

MOST_ITEMS = 10_000  # movements, holds, cues: a day of exercise

Seconds = Annotated[float, Field(ge=-LONGEST_S, le=LONGEST_S)]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Word = Annotated[str, Field(max_length=200)]
Messages = Annotated[list[Word], Field(max_length=200)]
Sentence = Annotated[str, Field(max_length=10_000)]
# No dot and no slash: an exercise's name must never be a path.
EXERCISE_NAME = "[A-Za-z0-9_-]{1,100}"
ExerciseName = Annotated[str, Field(pattern=f"^{EXERCISE_NAME}$")]


class _Checked(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class _Item(_Checked):
    number: Count
    side: Side
    start_s: Seconds
    end_s: Seconds
    counted: bool
    uncounted_reason: Word | None
    faults: Messages
    not_judged: Messages = []


class _Movement(_Item):
    fault_ways: Annotated[dict[Word, Word], Field(max_length=200)] = {}
    peak_s: Seconds | None
    lowering_s: Seconds | None
    raising_s: Seconds | None


class _Hold(_Item):
    held_s: Seconds
    breaths: Count | None
    breath_start_s: Annotated[list[Seconds], Field(max_length=MOST_ITEMS)]
    breath_rate_per_min: Number | None
    breath_quality: Number | None


class _View(_Checked):
    angle_deg: Number | None
    advice: Sentence | None


class _Cue(_Checked):
    t_s: Seconds | None
    text: Sentence


class _Summary(_Checked):
    reps: Count
    clean_reps: Count
    target_reps: Count | None
    breaths: Count | None
    held_s: Seconds
    faults: Annotated[dict[Word, Count], Field(max_length=200)]
    cues: Annotated[list[_Cue], Field(max_length=MOST_ITEMS)]


class _SetHold(_Checked):
    start_s: Seconds
    end_s: Seconds
    held_s: Seconds
    breaths: Count | None


class _Set(_Checked):
    number: Count
    exercise: ExerciseName
    side: Side
    start_s: Seconds
    end_s: Seconds
    reps: Count | None
    hold: _SetHold | None
    view: _View
    summary: _Summary


class _Result(_Checked):
    schema_: Literal[1, 2] = Field(alias="schema")
    source: Sentence
    exercise: ExerciseName | None
    duration_s: Seconds | None
    analysed_fps: Number | None
    seen_ratio: Number | None
    view: _View
    movements: Annotated[list[_Movement], Field(max_length=MOST_ITEMS)]
    holds: Annotated[list[_Hold], Field(max_length=MOST_ITEMS)]
    summary: _Summary
    sets: Annotated[list[_Set], Field(max_length=MOST_ITEMS)] = []
    notes: Messages = []


def checked_result(data: Any) -> Result:
    """The data as a result of the current contract. Raises ValueError with the first problem.

    Results of earlier versions are accepted too, and converted.
    """
    if isinstance(data, dict) and "movements" in data and data.get("schema") not in READABLE:
        raise ValueError(f"schema is {str(data.get('schema'))[:20]} and not {SCHEMA}")
    try:
        _Result.model_validate(data)
    except ValidationError as error:
        raise ValueError(next(wrong_keys(error))) from None
    result = upgraded(data)
    for items in (result["movements"], result["holds"]):
        if len(set(map(depth_name, items))) > 1:
            raise ValueError("its depth has several names")
    for item in items_of(result):
        name = depth_name(item)
        if name is None:
            continue
        if not _is_number(item.get(name)):
            raise ValueError(f"{name[:40]}: is no depth")
        interval = item.get(interval_name(name))
        if interval is not None and not (
            isinstance(interval, list) and len(interval) == 2 and all(_is_number(end) for end in interval)
        ):
            raise ValueError(f"{name[:40]}: has no interval")
    return result


def _is_number(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e9
