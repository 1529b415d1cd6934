"""What a pain score means for the rest of a session, and for the advice on the next one. Pure.

The pain-monitoring model (Thomee 1997, Physical Therapy 77: 1690; Silbernagel, Thomee, Eriksson and Karlsson 2007,
American Journal of Sports Medicine 35: 897) asks 0 to 10 and calls 0-2 safe, 3-5 acceptable and more than 5 too
much. It was made for supervised exercise. Alone at home, more caution is asked for: any pain ends the set, from 3 on
that side is finished for the day, and from 6 on the session is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import Field, model_validator

from coach.toml import Part

PainLevel = Literal["safe", "caution", "stop"]
# What to say about an exercise that hurt: go less far while it stays easy, or ask a doctor or physiotherapist first.
Care = Literal["easier", "ask"]
HIGHEST = 10


class PainRule(Part):
    """The scores from which pain calls for caution, and from which it ends the session.

    ``stop_from`` may be at most 6: more than 5 is too much.
    """

    caution_from: int = Field(default=3, ge=1, le=6)
    stop_from: int = Field(default=6, ge=1, le=6)

    @model_validator(mode="after")
    def _rising(self) -> PainRule:
        if self.caution_from > self.stop_from:
            raise ValueError(f"'caution_from' ({self.caution_from}) must not be above 'stop_from' ({self.stop_from})")
        return self


def pain_level(score: int, rule: PainRule) -> PainLevel:
    """What a score of 0 to 10 means. Raises ValueError for any other number."""
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= HIGHEST:
        raise ValueError(f"a pain score is a whole number from 0 to {HIGHEST}, not {score!r}")
    if score >= rule.stop_from:
        return "stop"
    return "caution" if score >= rule.caution_from else "safe"


def care_after(scores: Collection[int | None], rule: PainRule) -> Care | None:
    """What to say after pain in one exercise; None if nothing hurt. A score of None was not rated."""
    if any(score is not None and pain_level(score, rule) == "stop" for score in scores):
        return "ask"
    return "easier" if any(score != 0 for score in scores) else None
