"""The countdown before an exercise: three, two, one, a second each."""

from __future__ import annotations

from coach.guide.speech_queue import NEXT, Speaker

COUNT_FROM = 3


class Countdown:
    """One countdown. Times are the session's. left: the number that was said last."""

    def __init__(self, t_s: float, speaker: Speaker) -> None:
        self.left = COUNT_FROM + 1
        self._from_s = t_s
        self._speaker = speaker

    def step(self, t_s: float) -> bool:
        """Say the next number when it is due; returns whether the exercise begins."""
        left = COUNT_FROM - int(t_s - self._from_s + 1e-6)
        if 0 < left < self.left:
            self.left = left
            self._speaker.say(t_s, "countdown", NEXT, valid_s=0.8, count=left)
        return left <= 0
