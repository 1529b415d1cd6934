"""A guided session's own account as it was stored: checked before it is used. Pure.

What ``SessionRecord.as_dict`` wrote comes from a file that may have been damaged, or from somebody else's machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from coach.definitions.pain import PainRule
from coach.definitions.prescription import Prescription, Unit
from coach.session.result_reading import Count, ExerciseName, Seconds, Sentence, Word
from coach.types import Side

MOST_SETS = 200
MOST_PAINS = 1_000
MOST_PASSES = 8  # over the faults of one account: each removes all that are found

Score = Annotated[int, Field(ge=0, le=10)]


class _Known(BaseModel):
    """Unknown keys are left out of what is shared, and left alone in what is stored."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class _Set(_Known):
    part: Count
    block: Count
    set: Count
    exercise: ExerciseName
    side: Side
    start_s: Seconds | None
    end_s: Seconds | None
    ended_by: Word | None
    target_from: Count
    target: Count
    count: Count | None
    held_s: Seconds | None
    paced: bool
    compromised: Annotated[list[Word], Field(max_length=50)]
    unit: Unit = "reps"
    asked: Annotated[list[Sentence], Field(max_length=50)] = []
    prescription: Annotated[dict[Word, Any], Field(max_length=50)] = {}
    effort: Score | None = None

    @field_validator("prescription")
    @classmethod
    def _is_one(cls, value: dict[str, Any]) -> dict[str, Any]:
        Prescription.model_validate(value)
        return value


class _Pain(_Known):
    t_s: Seconds | None
    score: Score | None
    part: Count
    exercise: ExerciseName
    side: Side
    standing: Side | None = None
    place: Word | None = None


class _Report(_Known):
    when: Literal["before", "after", "morning"]
    score: Score
    place: Word | None = None


class _Progress(_Known):
    exercise: ExerciseName
    side: Side
    unit: Unit
    asked: Count
    from_: Count = Field(alias="from")
    to: Count
    agreed: bool


class _Pause(_Known):
    start_s: Seconds | None
    end_s: Seconds | None
    reason: Word


class Account(_Known):
    """The whole account. Any key may be missing: a session without a guide has only its language."""

    schema_: Literal[1] | None = Field(default=None, alias="schema")
    programme: Word = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    safety_confirmed: bool = False
    duration_s: Seconds | None = None
    complete: bool = False
    sets: Annotated[list[_Set], Field(max_length=MOST_SETS)] = []
    pains: Annotated[list[_Pain], Field(max_length=MOST_PAINS)] = []
    pain_reports: Annotated[list[_Report], Field(max_length=MOST_PAINS)] = []
    progress: Annotated[list[_Progress], Field(max_length=MOST_SETS)] = []
    seen_to: bool | None = None
    pain_rule: PainRule = PainRule()
    pauses: Annotated[list[_Pause], Field(max_length=MOST_PAINS)] = []

    def as_dict(self) -> dict[str, Any]:
        """As plain values, of what was given."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def readable(data: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The usable part of an account, and whether that is all of it: invalid sets and marks are left out."""
    kept, whole = dict(data), True
    for _ in range(MOST_PASSES):
        try:
            Account.model_validate(kept)
            return kept, whole
        except ValidationError as error:
            whole = False
            places = {issue["loc"][:2] for issue in error.errors()}
        for key in {str(place[0]) for place in places}:
            numbers = {place[1] for place in places if place[0] == key and len(place) > 1}
            found = kept.pop(key, None)
            if isinstance(found, list) and all(isinstance(number, int) for number in numbers) and numbers:
                kept[key] = [each for number, each in enumerate(found) if number not in numbers]
    return {}, False
