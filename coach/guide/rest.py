"""A rest between two sets, or the warm-up before the first: how long it lasts, and what is said about its end."""

from __future__ import annotations

from coach.guide.speech_queue import REMARK, Speaker

REST_ENDS_S, REST_LONG_S = 5.0, 15.0  # the end of a rest is announced if the rest is long
WARM_UP_LEFT_S = 40.0  # left of the warm-up when the next exercise is explained


class Rest:
    """One rest. Times are the session's."""

    def __init__(self, t_s: float, length_s: float, speaker: Speaker, warm_up: bool = False) -> None:
        self.length_s = length_s
        self.warm_up = warm_up
        self._until_s = t_s + length_s
        self._speaker = speaker
        self._remarks = ["warm_up_half", "rest_ends"] if warm_up else ["rest_ends"]

    def left_s(self, t_s: float) -> float:
        """How much of it is left."""
        return min(self.length_s, max(0.0, self._until_s - t_s))

    def delay(self, seconds: float) -> None:
        """Let it end this much later: it was paused."""
        self._until_s += seconds

    def over(self, t_s: float) -> bool:
        """Whether it is over."""
        return t_s >= self._until_s

    def explains(self, t_s: float) -> bool:
        """Whether it is time to explain what comes next."""
        return not self.warm_up or self.left_s(t_s) <= WARM_UP_LEFT_S

    def remark(self, t_s: float) -> None:
        """Say that half of the warm-up is done, and that a long rest ends soon."""
        left_s = self.left_s(t_s)
        due = {
            "warm_up_half": left_s <= self.length_s / 2,
            "rest_ends": left_s <= REST_ENDS_S and self.length_s >= REST_LONG_S,
        }
        for key in self._remarks:
            if due[key]:
                self._remarks.remove(key)
                self._speaker.say(t_s, key, REMARK, show=key == "warm_up_half")
                return
