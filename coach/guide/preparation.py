"""The preparation of one set: says what is still to be done before it can begin, and makes its judge."""

from __future__ import annotations

from functools import cached_property

from coach.guide.plan import Step
from coach.guide.set_judge import Judging, MakeJudging
from coach.guide.setup import Setup, SetupState
from coach.guide.speech_queue import NEXT, Speaker
from coach.types import Observation

SPEAK_AGAIN_S, SPEAK_NEXT_S = 6.0, 3.0  # the same remedy again; another one


class Preparation:
    """Follows the set-up of a set from its observations. state: what the checks last found, None before the first."""

    def __init__(self, step: Step, speaker: Speaker, make_judging: MakeJudging) -> None:
        self.state: SetupState | None = None
        self._task = step.task
        self._speaker = speaker
        self._make_judging = make_judging
        self._setup = Setup(step.task, speaker.words)
        self._remedied = ""

    @cached_property
    def judging(self) -> Judging:
        """The judge of this set."""
        return self._make_judging(self._task.exercise, self._task.side, self._speaker.words.language)

    def look(self, observation: Observation) -> SetupState:
        """Check one more observation. The judge of a hold watches too: some people open the leg before the set."""
        if self._task.exercise.kind == "hold":
            self.judging.watch(observation)
        self.state = self._setup.step(observation)
        return self.state

    def advise(self, now_s: float) -> None:
        """Say what is still to be done, or that all is well now."""
        state, quiet_s = self.state, now_s - self._speaker.last_s
        if state is None:
            return
        if state.remedy:
            if quiet_s >= (SPEAK_AGAIN_S if state.remedy == self._remedied else SPEAK_NEXT_S):
                self._say(now_s, state.remedy)
        elif state.progress > 0 and self._remedied.startswith("fix_"):
            self._say(now_s, "setup_good_enough" if state.compromised else "setup_good")

    def _say(self, now_s: float, key: str) -> None:
        self._remedied = key
        self._speaker.say(now_s, key, NEXT)
