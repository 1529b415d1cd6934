"""What is asked when it hurts, and what is advised once that was answered."""

from __future__ import annotations

from coach.definitions.pain import PainLevel, PainRule, pain_level
from coach.definitions.programme_messages import Messages
from coach.guide.types import PainView

ADVICE: dict[PainLevel, tuple[str, ...]] = {
    "safe": ("pain_safe",),
    "caution": ("pain_caution", "pain_caution_stop"),
    "stop": ("pain_stop", "pain_advice"),
}


def pain_view(score: int | None, rule: PainRule, words: Messages) -> PainView:
    """What to ask, or to advise once it was answered."""
    if score is None:
        return PainView(words("pain_ask"))
    level = pain_level(score, rule)
    advice = tuple(words(key) for key in ADVICE[level])
    return PainView(words("pain_ask"), score, advice, ends_session=level == "stop")
