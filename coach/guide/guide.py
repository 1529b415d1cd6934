"""The door to the guided session: observations, time and the person's actions in, GuideMoments out."""

from __future__ import annotations

from collections.abc import Callable

from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.pain import pain_level
from coach.definitions.programme import Programme
from coach.guide.flow import Flow
from coach.guide.log import PainMark, SessionRecord
from coach.guide.moments import allowed, make_moment
from coach.guide.pain import advice_keys, pain_view
from coach.guide.past import Past
from coach.guide.set_run import MakeJudging, make_session
from coach.guide.speech_queue import NEXT, Speaker
from coach.guide.types import Action, GuideMoment
from coach.types import Moment, Observation, other_side


class Guide:
    """Leads one person through a programme. No camera, no clock, no screen.

    ``step`` takes each observation, ``tick`` the time when none arrives (a few times a second); both on the same
    clock, in seconds that only rise, also over a camera that was lost and came back. Both return the GuideMoment
    to show and speak. Actions take effect at once and are heard of in the next GuideMoment; one that is not among
    that moment's ``actions`` does nothing. ``record`` holds everything up to now, at any time.

    already_confirmed: the person has confirmed the notice of this programme's ``notice_version`` before. past: what
    earlier sessions say to this one. Raises
    ProgrammeFileError for a language that the programme does not have, and what ``load`` raises.
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
        self._speaker = Speaker(self.words)
        self._flow = Flow(programme, self._speaker, make_judging, load, past)
        self._flow.recorder.safety_confirmed = already_confirmed
        self._seen_s = float("-inf")
        self._hurt_in_set = self._hurt_at_end = False
        if already_confirmed:
            self._flow.begin()
        else:
            self._speaker.say(0.0, "welcome", NEXT)

    # -- time and observations ----------------------------------------------------------------------------------

    def step(self, observation: Observation) -> GuideMoment:
        """Take one observation. One that is not newer than the last is not judged."""
        if observation.t_s <= self._seen_s:
            return self._moment(None)
        self._seen_s = observation.t_s
        self._flow.advance(observation.t_s)
        part = self._part
        return self._moment(self._flow.watch(observation), part)

    def tick(self, t_s: float) -> GuideMoment:
        """Let time pass without an observation."""
        self._flow.advance(t_s)
        return self._moment(None)

    @property
    def record(self) -> SessionRecord:
        """Everything up to now, the set in progress included."""
        flow = self._flow
        going_on = flow.run.record() if flow.run is not None and flow.started else None
        return flow.recorder.record(self.programme, self.words.language, flow.now_s, going_on)

    @property
    def safety_confirmed(self) -> bool:
        """Whether the notice was confirmed, now or before."""
        return self._flow.recorder.safety_confirmed

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person can do now."""
        return allowed(self._flow)

    # -- what the person does -----------------------------------------------------------------------------------

    def confirm_safety(self) -> None:
        """The notice was read and nothing of it applies."""
        if self._may("confirm_safety"):
            self._flow.recorder.safety_confirmed = True
            self._flow.begin()

    def pause(self) -> None:
        """Wait until ``resume``."""
        if self._may("pause"):
            self._flow.wait("asked", self._flow.now_s)

    def resume(self) -> None:
        """Go on after a pause that was asked for: 3, 2, 1 in the middle of an exercise."""
        if self._may("resume"):
            self._speaker.hush()
            self._flow.go_on()

    def next(self) -> None:
        """Leave what is now and go on to what comes next: the rest, the next set, the summary."""
        if not self._may("next"):
            return
        flow = self._flow
        stage = flow.paused_stage if flow.stage == "paused" else flow.stage
        if stage == "rest":
            flow.close_set("skipped")
            flow.set_up()
        elif stage == "pain":
            self._leave_pain()
        elif flow.started and flow.run is not None and not flow.run.is_untouched:
            flow.finish_set("finished" if flow.run.may_finish else "skipped")
        else:
            flow.close_set("skipped")
            flow.plan.advance()
            flow.set_up()

    def other_side(self) -> None:
        """Do the other side now; where it was to come later, the two change places."""
        if not self._may("other_side"):
            return
        flow = self._flow
        resting = "rest" in (flow.stage, flow.paused_stage if flow.stage == "paused" else "")
        if resting and flow.stage == "paused":
            flow.go_on()
        flow.close_set("other_side")
        step = flow.plan.other_side()
        if not resting:
            flow.set_up(introduce=False)
        if step is not None:
            self._speaker.say(flow.now_s, "side_changed", NEXT, **flow.place(step))
            flow.change_sides(step)

    def hurts(self) -> None:
        """Stop at once and ask how much."""
        if not self._may("hurts"):
            return
        flow = self._flow
        self._hurt_in_set = flow.started
        self._hurt_at_end = flow.stage == "summary"
        mark = self._pain_mark()
        flow.close_set("pain")
        flow.recorder.hurt(mark)
        flow.ask("hurts")

    def pain_score(self, score: int) -> None:
        """How much it hurts, 0 to 10. Raises ValueError for any other number."""
        pain_level(score, self.programme.pain)
        flow = self._flow
        if not self._may("pain_score") or flow.pain is None:
            return
        asks = flow.pain.asks
        if asks == "hurts":
            flow.recorder.score_pain(score)
        else:
            flow.recorder.report_pain(asks, score)
        flow.pain = pain_view(asks, score, self.programme.pain, self.words)
        flow.enter("pain")
        keys = advice_keys(asks, score, self.programme.pain)
        flow.pain_advice = keys[0] if keys else "pain_where"
        for key in keys:
            self._speaker.say(flow.now_s, key, NEXT, valid_s=20.0)
        if asks != "hurts" and not keys and (score == 0 or asks == "morning"):
            self._leave_pain()

    def pain_choice(self, key: str) -> None:
        """Pick one of the options that are offered. Raises ValueError for a key that is none of them."""
        flow = self._flow
        if not self._may("pain_choice") or flow.pain is None:
            return
        asked = flow.pain
        if key not in dict(asked.options):
            raise ValueError(f"{key!r} is none of {', '.join(dict(asked.options))}")
        if asked.asks == "hurts":
            flow.recorder.place_pain(key)
        elif asked.asks == "seen_to":
            flow.recorder.seen_to = key == "yes"
        else:
            flow.recorder.place_report(key)
        flow.pain = pain_view(asked.asks, asked.score, self.programme.pain, self.words, key)
        if asked.asks == "seen_to" and key == "no":
            flow.enter("pain")
            flow.pain_advice = "pain_not_today"
            for said in ("pain_not_today", "pain_advice"):
                self._speaker.say(flow.now_s, said, NEXT, valid_s=20.0)
        elif asked.asks == "seen_to" or (asked.asks != "hurts" and not asked.advice):
            self._leave_pain()

    def explain(self) -> None:
        """Say again, and in full, how the exercise goes."""
        if self._may("explain"):
            self._flow.explain(again=True)

    def end(self) -> None:
        """End the session: how it is now, then its summary, then nothing."""
        if not self._may("end"):
            return
        flow = self._flow
        if flow.stage in ("summary", "welcome"):
            flow.enter("done")
        elif flow.stage == "pain":
            flow.sum_up()
        else:
            flow.close_set("ended")
            flow.conclude()

    # -- inside -------------------------------------------------------------------------------------------------

    def _may(self, action: Action) -> bool:
        return action in allowed(self._flow)

    def _pain_mark(self) -> PainMark:
        """Where it hurts: the set in progress, else the last one, else the one to come."""
        flow = self._flow
        last, step = flow.recorder.last_set, flow.plan.now
        if not flow.started and last is not None:
            part, name, side = last.part, last.exercise, last.side
        else:
            assert step is not None
            part, name, side = flow.recorder.part, step.task.exercise.name, step.task.side
        on_a_step = any(exercise.name == name and exercise.on_a_step for exercise in flow.plan.exercises)
        return PainMark(flow.now_s, None, part, name, side, other_side(side) if on_a_step else None)

    def _leave_pain(self) -> None:
        """After a question of before: the next one. After the last one: the summary. Else on with the programme."""
        flow = self._flow
        asks = flow.pain.asks if flow.pain is not None else "hurts"
        if asks in ("before", "morning", "seen_to"):
            flow.go_on_asking()
        elif asks == "after" or self._hurt_at_end:
            flow.sum_up()
        else:
            self._go_on_after_pain()

    def _go_on_after_pain(self) -> None:
        """Mild: the next set. More than mild: nothing more of this exercise on this side."""
        flow = self._flow
        mark = flow.recorder.last_pain
        step = flow.plan.now
        rest_s = step.task.rest_s if step is not None and self._hurt_in_set else 0.0
        if mark.score is not None and pain_level(mark.score, self.programme.pain) == "caution":
            flow.plan.leave_out(mark.exercise, mark.side)
        elif self._hurt_in_set:
            flow.plan.advance()
        flow.take_rest(rest_s)

    def _moment(self, moment: Moment | None, part: int = -1) -> GuideMoment:
        return make_moment(self._flow, moment, max(part, self._part))

    @property
    def _part(self) -> int:
        flow = self._flow
        return flow.run.part if flow.run is not None and flow.started else -1
