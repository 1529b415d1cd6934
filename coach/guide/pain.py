"""What is asked of pain, and what is advised once that was answered."""

from __future__ import annotations

from coach.definitions.pain import PainLevel, PainRule, pain_level
from coach.definitions.programme_messages import PLACES, Messages
from coach.guide.types import PainQuestion, PainView

ADVICE: dict[PainLevel, tuple[str, ...]] = {
    "safe": ("pain_safe",),
    "caution": ("pain_caution", "pain_caution_stop"),
    "stop": ("pain_stop", "pain_advice"),
}
# Before a session and after it no exercise is being done that could be made smaller or left out.
ASIDE: dict[PainLevel, tuple[str, ...]] = {
    "safe": (),
    "caution": ("pain_easy_today",),
    "stop": ("pain_not_today", "pain_advice"),
}
AFTERWARDS: dict[PainLevel, tuple[str, ...]] = {"safe": (), "caution": (), "stop": ("pain_stop", "pain_advice")}
QUESTIONS: dict[PainQuestion, str] = {
    "hurts": "pain_ask",
    "before": "pain_before",
    "morning": "pain_morning",
    "after": "pain_after",
    "seen_to": "pain_seen_to",
}


def advice_keys(asks: PainQuestion, score: int, rule: PainRule) -> tuple[str, ...]:
    """What to say to a score. Raises ValueError for one that is none."""
    level = pain_level(score, rule)
    if asks == "hurts":
        return ADVICE[level] if score else ("pain_none",)
    return (AFTERWARDS if asks == "after" else ASIDE)[level]


def pain_view(asks: PainQuestion, score: int | None, rule: PainRule, words: Messages, chosen: str = "") -> PainView:
    """What to ask, or to advise once it was answered, and then where it hurts."""
    question = words(QUESTIONS[asks])
    if asks == "seen_to":
        options = tuple((key, words(f"choice_{key}")) for key in ("yes", "no"))
        refused = chosen == "no"
        said = tuple(words(key) for key in ("pain_not_today", "pain_advice")) if refused else ()
        return PainView(question, None, said, refused, asks, "", () if chosen else options, chosen)
    if score is None:
        return PainView(question, asks=asks)
    advice = tuple(words(key) for key in advice_keys(asks, score, rule))
    ends = pain_level(score, rule) == "stop"
    if score == 0:
        return PainView(question, score, advice, ends, asks)
    places = tuple((place, words(f"place_{place}")) for place in PLACES)
    return PainView(question, score, advice, ends, asks, words("pain_where"), places, chosen)
