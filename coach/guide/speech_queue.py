"""Collects what is to be said in one step, and keeps the last sentence in sight for as long as it takes to read it."""

from __future__ import annotations

import math
from typing import Any

from coach.definitions.programme_messages import Messages
from coach.guide.types import Speech

SHOWN_S = 4.0  # a sentence of nine words is read twice

# Who goes first where several sentences come at once; 0 is never kept waiting.
STOP, LOST, COUNT, NEXT, CORRECTION, TALK, REMARK = range(7)


class Speaker:
    """Outbox of spoken sentences and holder of the shown one. Times are the session's."""

    def __init__(self, words: Messages) -> None:
        self.words = words
        self._outbox: list[Speech] = []
        self._key, self._text = "", ""
        self._until_s = -math.inf
        self._joints: tuple[str, ...] = ()
        self.last_s = -math.inf

    def say(
        self, t_s: float, key: str, priority: int, *, show: bool = True, valid_s: float = 4.0, **values: Any
    ) -> None:
        """Speak the sentence of that key of the programme, and show it unless told not to."""
        self.say_text(t_s, key, self.words(key, **values), priority, show=show, valid_s=valid_s)

    def say_text(
        self,
        t_s: float,
        key: str,
        text: str,
        priority: int,
        *,
        show: bool = True,
        valid_s: float = 4.0,
        joints: tuple[str, ...] = (),
    ) -> None:
        """Speak a sentence that is already in words."""
        self._outbox.append(Speech(key, text, priority, urgent=priority == STOP, valid_s=valid_s))
        self.last_s = t_s
        if show:
            self._key, self._text, self._joints, self._until_s = key, text, joints, t_s + SHOWN_S

    def hush(self) -> None:
        """Take the shown sentence away: its moment is over."""
        self._until_s = -math.inf

    def take(self) -> tuple[Speech, ...]:
        """What is to be spoken now, most urgent first; the outbox is empty afterwards."""
        outbox, self._outbox = self._outbox, []
        return tuple(sorted(outbox, key=lambda speech: speech.priority))

    def shown(self, t_s: float, base: tuple[str, str]) -> tuple[str, str, tuple[str, ...]]:
        """Key, text and joints of the sentence in sight: the last one said while it is fresh, else ``base``."""
        if t_s < self._until_s:
            return self._key, self._text, self._joints
        return *base, ()
