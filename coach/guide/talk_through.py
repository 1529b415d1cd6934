"""The talk-through of an exercise: each phase's sentences in turn, none twice, none from an earlier phase."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coach.definitions.programme import Talk

GAP_S = 3.0  # between two sentences, so that the first can be spoken


class TalkThrough:
    """Decides what comes next from the phase and how long it has lasted."""

    def __init__(self, lines: Sequence[Talk]) -> None:
        self._lines = sorted(lines, key=lambda line: line.after_s)
        self._said: set[str] = set()
        self._phase = ""
        self._since_s = math.nan
        self._spoken_s = -math.inf
        self.current = ""

    def covers(self, phase: str) -> bool:
        """Whether there is anything to say in this phase."""
        return any(line.phase == phase for line in self._lines)

    @property
    def finished(self) -> bool:
        """Whether every line has been said."""
        return all(line.say in self._said for line in self._lines)

    def step(self, t_s: float, phase: str) -> str | None:
        """The key of a sentence to say now, or None. ``current`` keeps the last of this phase."""
        if phase != self._phase:
            self._phase, self._since_s, self.current = phase, t_s, ""
        due = [line for line in self._lines if line.phase == phase and t_s - self._since_s >= line.after_s]
        if due and due[-1].say in self._said:
            self.current = due[-1].say
        for line in due:
            if line.say not in self._said and t_s - self._spoken_s >= GAP_S:
                self._said.add(line.say)
                self._spoken_s, self.current = t_s, line.say
                return line.say
        return None
