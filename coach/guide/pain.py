"""What a pain score means for the rest of the session.

The pain-monitoring model (Thomee 1997, Physical Therapy 77: 1690; Silbernagel, Thomee, Eriksson and Karlsson 2007,
American Journal of Sports Medicine 35: 897) asks 0 to 10 and calls 0-2 safe, 3-5 acceptable and more than 5 too
much. It was made for exercise under supervision. Somebody alone at home is asked for more caution: the set is over
whatever the score, from 3 on that side is left for the day, from 6 on the session is.
"""

from __future__ import annotations

from typing import Literal

from coach.guide.programme import PainRule
from coach.guide.types import PainView
from coach.guide.words import Words

PainLevel = Literal["safe", "caution", "stop"]
HIGHEST = 10

ADVICE: dict[PainLevel, tuple[str, ...]] = {
    "safe": ("pain_safe",),
    "caution": ("pain_caution", "pain_caution_stop"),
    "stop": ("pain_stop", "pain_advice"),
}


def pain_level(score: int, rule: PainRule) -> PainLevel:
    """What a score of 0 to 10 means. Raises ValueError for any other number."""
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= HIGHEST:
        raise ValueError(f"a pain score is a whole number from 0 to {HIGHEST}, not {score!r}")
    if score >= rule.stop_from:
        return "stop"
    return "caution" if score >= rule.caution_from else "safe"


def pain_view(score: int | None, rule: PainRule, words: Words) -> PainView:
    """What to ask, or to advise once it was answered."""
    if score is None:
        return PainView(words("pain_ask"))
    level = pain_level(score, rule)
    advice = tuple(words(key) for key in ADVICE[level])
    return PainView(words("pain_ask"), score, advice, ends_session=level == "stop")
