"""The calibration before a set: how long the person stands or lies still, and what they are told meanwhile."""

from __future__ import annotations

from coach.guide.set_run import SetRun
from coach.guide.speech_queue import NEXT, Speaker

STILL_S = 2.0  # minimum calibration, even if the judge needs less
AGAIN_S = 8.0  # calibration time before the request is repeated
ALMOST = 0.95  # of the calibration's bar, until the judge says that it is done


class Calibration:
    """One calibration, from the request to keep still until the judge is ready. Times are the session's."""

    def __init__(self, t_s: float, run: SetRun, speaker: Speaker) -> None:
        self._since_s = t_s
        self._run = run
        self._speaker = speaker
        run.ask_for_stillness(t_s)

    def step(self, t_s: float) -> bool:
        """Ask again if it takes long; returns whether it is done."""
        if self._run.is_calibrated and t_s - self._since_s >= STILL_S:
            return True
        if t_s - max(self._since_s, self._speaker.last_s) >= AGAIN_S:
            self._speaker.say(t_s, "calibrate_again", NEXT)
        return False

    def progress(self, t_s: float) -> float:
        """Share of the still time that has passed, 0..1."""
        return min(ALMOST, (t_s - self._since_s) / STILL_S)
