"""The interface of the guided session: observations, time and the person's actions in, GuideMoments out."""

from __future__ import annotations

from collections.abc import Callable

from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.pain import pain_level
from coach.definitions.programme import Programme
from coach.guide.machine import Machine
from coach.guide.moments import make_moment
from coach.guide.past import Past
from coach.guide.session_log import SessionRecord
from coach.guide.set_judge import MakeJudging, make_session
from coach.guide.speech_queue import NEXT, Speaker
from coach.guide.types import Action, GuideMoment
from coach.types import Moment, Observation


class Guide:
    """Leads one person through a programme. No camera, no clock, no screen.

    ``step`` takes each observation, ``tick`` the time when none arrives (a few times a second); both use the same
    monotonic clock in seconds, which continues even if the camera is lost and comes back. Both return the GuideMoment
    to show and speak. Actions take effect at once and show in the next GuideMoment; an action that is not among that
    moment's ``actions`` does nothing. ``record`` holds everything so far, at any time.

    already_confirmed: the person has already confirmed this programme's ``notice_version``. past: what earlier sessions
    mean for this one. Raises ProgrammeFileError for a language that the programme does not have, and what ``load``
    raises.
    """

    def __init__(
        self,
        programme: Programme,
        language: str = "en",
        already_confirmed: bool = False,
        make_judging: MakeJudging = make_session,
        load: Callable[[str], Exercise] = load_exercise,
        past: Past | None = None,
    ) -> None:
        self.programme = programme
        self.words = programme.speak(language)
        speaker = Speaker(self.words)
        self._machine = Machine(programme, speaker, make_judging, load, past)
        self._machine.recorder.safety_confirmed = already_confirmed
        self._seen_s = float("-inf")
        if already_confirmed:
            self._machine.begin()
        else:
            speaker.say(0.0, "welcome", NEXT)

    # -- time and observations ----------------------------------------------------------------------------------

    def step(self, observation: Observation) -> GuideMoment:
        """Take one observation. It is not judged unless newer than the last."""
        if observation.t_s <= self._seen_s:
            return self._moment(None)
        self._seen_s = observation.t_s
        self._machine.advance(observation.t_s)
        part = self._part
        return self._moment(self._machine.watch(observation), part)

    def tick(self, t_s: float) -> GuideMoment:
        """Let time pass without an observation."""
        self._machine.advance(t_s)
        return self._moment(None)

    @property
    def record(self) -> SessionRecord:
        """Everything so far, including the current set."""
        return self._machine.record

    @property
    def safety_confirmed(self) -> bool:
        """Whether the notice was confirmed, now or before."""
        return self._machine.recorder.safety_confirmed

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person can do now."""
        return self._machine.actions

    # -- what the person does -----------------------------------------------------------------------------------

    def confirm_safety(self) -> None:
        """The person has read the notice and none of it applies."""
        self._machine.act("confirm_safety")

    def pause(self) -> None:
        """Wait until ``resume``."""
        self._machine.act("pause")

    def resume(self) -> None:
        """Continue after a requested pause: with a countdown in the middle of an exercise."""
        self._machine.act("resume")

    def next(self) -> None:
        """Skip to what comes next: the rest, the next set, the summary."""
        self._machine.act("next")

    def other_side(self) -> None:
        """Do the other side now; if it was due later, the two change places."""
        self._machine.act("other_side")

    def hurts(self) -> None:
        """Stop at once and ask how much."""
        self._machine.act("hurts")

    def score(self, score: int) -> None:
        """Answer with a number, 0 to 10. Raises ValueError for any other number."""
        pain_level(score, self.programme.pain)
        self._machine.act("score", score)

    def choose(self, key: str) -> None:
        """Answer with one of the options that are offered. Raises ValueError for a key that is none of them."""
        self._machine.act("choose", key)

    def explain(self) -> None:
        """Explain the exercise again, in full."""
        self._machine.act("explain")

    def end(self) -> None:
        """End the session: the closing question, then the summary, then nothing."""
        self._machine.act("end")

    # -- inside -------------------------------------------------------------------------------------------------

    def _moment(self, moment: Moment | None, part: int = -1) -> GuideMoment:
        return make_moment(self._machine, moment, max(part, self._part))

    @property
    def _part(self) -> int:
        run = self._machine.under_way
        return -1 if run is None else run.part
