"""The questions that the person is asked, above all how strong the pain is, and the advice that follows an answer."""

from __future__ import annotations

from dataclasses import replace

from coach.definitions.pain import PainLevel, PainRule, pain_level
from coach.definitions.programme_messages import PLACES
from coach.guide.session_log import Recorder
from coach.guide.speech_queue import NEXT, STOP, Speaker
from coach.guide.types import Action, Asks, QuestionView

ADVICE: dict[PainLevel, tuple[str, ...]] = {
    "safe": ("pain_safe",),
    "caution": ("pain_caution", "pain_caution_stop"),
    "stop": ("pain_stop", "pain_advice"),
}
# Before and after a session no exercise is under way that could be reduced or skipped.
ASIDE: dict[PainLevel, tuple[str, ...]] = {
    "safe": (),
    "caution": ("pain_easy_today",),
    "stop": ("pain_not_today", "pain_advice"),
}
AFTERWARDS: dict[PainLevel, tuple[str, ...]] = {"safe": (), "caution": (), "stop": ("pain_stop", "pain_advice")}
QUESTIONS: dict[Asks, str] = {
    "hurts": "pain_ask",
    "before": "pain_before",
    "morning": "pain_morning",
    "after": "pain_after",
    "seen_to": "pain_seen_to",
    "effort": "effort_ask",
    "another": "another_ask",
    "progress": "progress_ask",
}
# Questions answered by an option alone: keys of the answers, of which the first means yes.
OPTIONS: dict[Asks, tuple[str, str]] = {
    "seen_to": ("yes", "no"),
    "another": ("one_more", "enough"),
    "progress": ("more", "same"),
}
ABOUT_THE_SET: tuple[Asks, ...] = ("effort", "another")
ASK_AGAIN_S = 15.0  # before the question about pain is repeated
ADVICE_S = 20.0  # after pain that ends the session, before the summary appears by itself
REST_ASKS_S = 20.0  # a question about a set is dropped after this much of the rest: nobody has to get up to answer it


class Questions:
    """The question that is open, and what was answered. Answers go into the record."""

    def __init__(self, rule: PainRule, speaker: Speaker, recorder: Recorder) -> None:
        self.view: QuestionView | None = None
        self.advice_key = ""  # of the first sentence said in reply
        self._question = ""
        self._rule = rule
        self._speaker = speaker
        self._recorder = recorder

    @property
    def asks(self) -> Asks:
        """What the question is about."""
        return "hurts" if self.view is None else self.view.asks

    @property
    def answered(self) -> bool:
        """Whether everything that must be answered has been."""
        return self.view is not None and (self.view.score is not None or self.view.ends_session)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person can do: answer, or skip the question unless it hurts now; then say where, and go on."""
        view = self.view
        if view is None:
            return ("score", "end")
        if view.asks in ABOUT_THE_SET:
            return ("choose" if view.options else "score", "next", "hurts", "end")
        choose: tuple[Action, ...] = ("choose",) if view.options and not view.chosen else ()
        if view.asks == "progress":
            return (*choose, "next", "end")
        if view.asks == "seen_to":
            return (*choose, "end")
        if view.score is None:
            return ("score", "end") if view.asks == "hurts" else ("score", "next", "end")
        return (*choose, "end") if view.ends_session else (*choose, "next", "end")

    @property
    def shown_key(self) -> str:
        """Key of the sentence to show: the question, then the advice."""
        return self.advice_key if self.answered else QUESTIONS[self.asks]

    @property
    def shown_text(self) -> str:
        """The same in words."""
        return self._speaker.words(self.advice_key) if self.answered else self._question

    def ask(self, t_s: float, asks: Asks, **values: object) -> None:
        """Ask. values: for the placeholders in the question."""
        self._question = self._speaker.words(QUESTIONS[asks], **values)
        self.view = self._view(asks, None)
        self._speaker.say_text(t_s, QUESTIONS[asks], self._question, STOP if asks == "hurts" else NEXT)

    def score(self, t_s: float, score: int) -> bool:
        """Take a number; returns whether nothing is left to ask or advise. Raises ValueError for an invalid one."""
        asks, rule = self.asks, self._rule
        if asks == "effort":
            self._recorder.rate_effort(score)
            return True
        keys = advice_keys(asks, score, rule)
        if asks == "hurts":
            self._recorder.score_pain(score)
        else:
            self._recorder.report_pain(asks, score)
        self.view = self._view(asks, score)
        self.advice_key = keys[0] if keys else "pain_where"
        for key in keys:
            self._speaker.say(t_s, key, NEXT, valid_s=20.0)
        return asks != "hurts" and not keys and (score == 0 or asks == "morning")

    def choose(self, t_s: float, key: str) -> bool:
        """Take an option; returns whether nothing is left to ask or advise. Raises ValueError for an unknown one."""
        view = self.view
        options = dict(view.options) if view is not None else {}
        if view is None or key not in options:
            raise ValueError(f"{key!r} is none of {', '.join(options)}")
        if view.asks in ("another", "progress"):
            return True
        if view.asks == "hurts":
            self._recorder.place_pain(key)
        elif view.asks == "seen_to":
            self._recorder.seen_to = key == "yes"
        else:
            self._recorder.place_report(key)
        self.view = self._view(view.asks, view.score, key)
        if view.asks == "seen_to" and key == "no":
            self.advice_key = "pain_not_today"
            for said in ("pain_not_today", "pain_advice"):
                self._speaker.say(t_s, said, NEXT, valid_s=20.0)
            return False
        return view.asks == "seen_to" or (view.asks != "hurts" and not view.advice)

    def wait(self, t_s: float, since_s: float) -> bool:
        """Let time pass, asking again while it hurts; returns whether to go on: unanswered, or with the advice read."""
        if self.asks in ABOUT_THE_SET:
            return t_s - since_s >= REST_ASKS_S
        if self.answered:
            return self.view is not None and self.view.ends_session and t_s - since_s >= ADVICE_S
        if self.asks == "hurts" and t_s - self._speaker.last_s >= ASK_AGAIN_S:
            self._speaker.say(t_s, QUESTIONS["hurts"], STOP)
        return False

    def _view(self, asks: Asks, score: int | None, chosen: str = "") -> QuestionView:
        """The question, or the advice once it is answered, and then where it hurts."""
        words, question = self._speaker.words, self._question
        if asks in OPTIONS:
            options = tuple((key, words(f"choice_{key}")) for key in OPTIONS[asks])
            refused = asks == "seen_to" and chosen == "no"
            said = tuple(words(key) for key in ("pain_not_today", "pain_advice")) if refused else ()
            return QuestionView(question, None, said, refused, asks, "", () if chosen else options, chosen)
        scale = "effort" if asks == "effort" else "pain"
        view = QuestionView(question, score, asks=asks, least=words(f"{scale}_least"), most=words(f"{scale}_most"))
        if score is None or asks == "effort":
            return view
        advice = tuple(words(key) for key in advice_keys(asks, score, self._rule))
        view = replace(view, advice=advice, ends_session=pain_level(score, self._rule) == "stop")
        if score == 0:
            return view
        places = tuple((place, words(f"place_{place}")) for place in PLACES)
        return replace(view, choose=words("pain_where"), options=places, chosen=chosen)


def advice_keys(asks: Asks, score: int, rule: PainRule) -> tuple[str, ...]:
    """What to say in reply to a score. Raises ValueError for an invalid one."""
    level = pain_level(score, rule)
    if asks == "hurts":
        return ADVICE[level] if score else ("pain_none",)
    return (AFTERWARDS if asks == "after" else ASIDE)[level]
