"""Collects the sentences of one step, and keeps the last one on the screen long enough to read."""

from __future__ import annotations

import math
from typing import Any

from coach.definitions.programme_messages import Messages
from coach.guide.types import Speech

SHOWN_S = 4.0  # long enough to read nine words twice

# Priorities if several sentences come at once; 0 never waits.
STOP, LOST, COUNT, NEXT, CORRECTION, TALK, REMARK = range(7)


class Speaker:
    """Outbox of sentences to speak, and holder of the one shown. Times are the session's."""

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
        """Speak the programme's sentence for a key, and show it unless told not to."""
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
        """Remove the shown sentence: its moment has passed."""
        self._until_s = -math.inf

    def take(self) -> tuple[Speech, ...]:
        """The sentences to speak now, most urgent first; empties the outbox."""
        outbox, self._outbox = self._outbox, []
        return tuple(sorted(outbox, key=lambda speech: speech.priority))

    def shown(self, t_s: float, base: tuple[str, str]) -> tuple[str, str, tuple[str, ...]]:
        """Key, text and joints of the shown sentence: the last one spoken while fresh, else ``base``."""
        if t_s < self._until_s:
            return self._key, self._text, self._joints
        return *base, ()
