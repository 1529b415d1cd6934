"""The one place that decides what to say, and when to keep quiet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from coach.definitions.exercise import Exercise
from coach.types import Cue, Event, Movement, Status

CORRECTION_GAP_S = 5.0  # between any two corrections: one thing at a time
REPEAT_GAP_S = 10.0  # before the same sentence comes again
LOWER = "lower"  # the sentence after a hold that counted, which not every exercise has
PATIENCE_S = 1.5  # a phase must last this long before it is mentioned: nobody is nagged for a glance aside

# What is said first if several things could be. Lower is more urgent; corrections have their priority in the file.
PRESENCE, REASON, CORRECTION, PRAISE, PROGRESS = 0, 10, 20, 40, 50


class CuePicker:
    """Turns events and the current phase into at most one sentence per moment."""

    def __init__(self, exercise: Exercise, language: str = "en") -> None:
        self._exercise = exercise
        self._more = exercise.asks_for_more  # never two in a row
        self._language = language
        self._said_s: dict[str, float] = {}
        self._corrected_s = -float("inf")
        self._to_praise: str | None = None
        self._asked_for_more = False
        self._phase = ""
        self._phase_s = 0.0
        self._phase_said = True

    def say(self, t_s: float, status: Status, events: Iterable[Event]) -> Cue | None:
        """The sentence for this moment, or None: silence is the rule."""
        events = tuple(events)
        wanted = [cue for event in events for cue in self._of_event(t_s, event, status)]
        wanted += self._of_phase(t_s, status)
        if any(judged is not None and judged.counted for e in events for judged in (e.movement, e.hold)):
            self._asked_for_more = False
        allowed = [cue for cue in wanted if self._allowed(cue)]
        if not allowed:
            return None
        cue = min(allowed, key=lambda each: each.priority)
        self._said_s[cue.key] = t_s
        if REASON <= cue.priority < PRAISE:
            self._corrected_s = t_s
            self._to_praise = cue.key
            self._asked_for_more = cue.key in self._more
        elif cue.priority == PRAISE:
            self._to_praise = None
        if cue.key == status.waiting_for:
            self._phase_said = True
        return cue

    def _allowed(self, cue: Cue) -> bool:
        if cue.t_s - self._said_s.get(cue.key, -float("inf")) < REPEAT_GAP_S:
            return False
        if cue.key in self._more and self._asked_for_more:
            return False
        correction = REASON <= cue.priority < PRAISE
        return not (correction and cue.t_s - self._corrected_s < CORRECTION_GAP_S)

    def _of_event(self, t_s: float, event: Event, status: Status) -> Iterable[Cue]:
        judged = event.movement or event.hold
        if judged is not None:
            if judged.uncounted_reason is not None:
                yield self._uncounted(t_s, judged.uncounted_reason)
                return
            for name in judged.faults if event.movement is not None else ():
                yield self._fault(t_s, name, judged.fault_ways.get(name) if isinstance(judged, Movement) else None)
            if event.movement is not None and self._to_praise and not judged.faults:
                yield self._cue(t_s, "praise", PRAISE)
            if event.number >= status.target and event.movement is not None:
                yield self._cue(t_s, "finished", PROGRESS)
            if event.hold is not None and status.waiting_for == LOWER and LOWER in self._exercise.words["en"]:
                yield self._cue(t_s, LOWER, PROGRESS)
        elif event.name == "other_side" and (key := f"other_side_{event.side}") in self._exercise.words["en"]:
            yield self._cue(t_s, key, REASON)
        elif event.name == "fault_began":
            yield self._fault(t_s, event.detail)
        elif event.name == "fault_ended" and self._to_praise == event.detail:
            yield self._cue(t_s, "praise", PRAISE)
        elif event.name == "breath" and event.number == status.target:
            yield self._cue(t_s, "finished", PROGRESS)
        elif event.name == "phase" and self._is_news(event.detail, status):
            yield self._cue(t_s, status.waiting_for, PROGRESS)

    def _is_news(self, phase: str, status: Status) -> bool:
        """Whether to say what comes next in a phase: not how to get ready again once something was done."""
        again = phase == "ready" and status.count > 0
        return phase == status.phase and not again and status.waiting_for in self._exercise.words["en"]

    def _of_phase(self, t_s: float, status: Status) -> Iterable[Cue]:
        if status.phase != self._phase:
            self._phase, self._phase_s = status.phase, t_s
            self._phase_said = status.phase not in ("nobody", "partial", "calibrating", "ready") or (
                status.phase == "ready" and status.count > 0
            )
        if not self._phase_said and t_s - self._phase_s >= PATIENCE_S:
            away = status.phase in ("nobody", "partial")
            yield self._cue(t_s, status.waiting_for, PRESENCE if away else PROGRESS)

    def _fault(self, t_s: float, name: str, way: str | None = None) -> Cue:
        """way: the name of its direction, whose sentence is said; it is the same correction."""
        rule = self._exercise.fault(name)
        cue = self._cue(t_s, name, CORRECTION + (rule.priority if rule is not None else 9))
        return cue if way is None else replace(cue, text=self._exercise.say(way, self._language))

    def _uncounted(self, t_s: float, reason: str) -> Cue:
        """That it did not count, and why. Not being seen is nobody's mistake and is not announced this way."""
        cue = self._cue(t_s, reason, REASON)
        if reason == "not_seen" or "uncounted" not in self._exercise.words["en"]:
            return cue
        return replace(cue, text=self._exercise.say("uncounted", self._language, why=cue.text))

    def _cue(self, t_s: float, key: str, priority: int) -> Cue:
        rule = self._exercise.fault(key)
        joints = rule.joints if rule is not None else ()
        return Cue(t_s, key, self._exercise.say(key, self._language), priority, joints)
