"""What leads from one stage of the session to the next. Driven by ``coach.guide.guide.Guide``, which is the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coach.definitions.exercise import Exercise
from coach.definitions.programme import Programme
from coach.guide.attendance import Attendance
from coach.guide.log import Recorder
from coach.guide.pain import QUESTIONS, pain_view
from coach.guide.past import Past
from coach.guide.plan import Plan, Step
from coach.guide.set_run import MakeJudging, SetRun
from coach.guide.setup import Setup, SetupState
from coach.guide.speech_queue import LOST, NEXT, REMARK, STOP, TALK, Speaker
from coach.guide.summary import summarise
from coach.guide.talk_through import TalkThrough
from coach.guide.types import CheckName, EndedBy, PainQuestion, PainView, PauseReason, Stage, Summary
from coach.types import Moment, Observation, other_side

STILL_S = 2.0  # so long at least, also where the judge needs less
AGAIN_S = 8.0  # so long calibration may take before it is asked for again
COUNT_FROM = 3  # 3, 2, 1, a second each
SILENT_S = 2.0  # without a picture for so long, the camera is lost
SPEAK_AGAIN_S, SPEAK_NEXT_S = 6.0, 3.0  # the same remedy again; another one
REST_ENDS_S, REST_LONG_S = 5.0, 15.0  # the end of a rest is announced where it is long
ASK_AGAIN_S = 15.0
EXPLAIN_S, EXPLAIN_RESTING_S = 3.0, 8.0  # before how it goes is said: what comes first has been heard by then
WARM_UP_LEFT_S = 40.0  # of the warm-up, when what follows is explained
HEARD_S = 3.0  # after the last sentence of that, before the set begins
ADVICE_S = 20.0  # after a pain that ends the session, before its summary comes by itself
WATCHED: tuple[Stage, ...] = ("setup", "calibrate", "countdown", "exercise")


class Flow:
    """The stages of one session. Times are seconds of the session's one clock and only rise."""

    def __init__(
        self,
        programme: Programme,
        speaker: Speaker,
        make_judging: MakeJudging,
        load: Callable[[str], Exercise],
        past: Past | None = None,
    ) -> None:
        self.programme = programme
        self.speaker = speaker
        self.words = speaker.words
        self.plan = Plan(programme, load)
        self.recorder = Recorder()
        self.stage: Stage = "welcome"
        self.now_s = self.since_s = 0.0
        self.seen_s: float | None = None
        self.setup_state: SetupState | None = None
        self.run: SetRun | None = None
        self.started = False  # the set in progress has come to its exercise
        self.count_left = 0
        self.rest_s = self.rest_until_s = 0.0
        self.pause: PauseReason | None = None
        self.paused_stage: Stage = "setup"
        self.pain: PainView | None = None
        self.pain_advice = ""  # key of the first thing said of it
        self.questions: list[PainQuestion] = []  # still to be asked before it begins
        self.warming_up = False  # the rest is the warm-up
        self.summary: Summary | None = None
        self.past = past or Past()
        self._known = set(self.past.known)
        self._explaining: TalkThrough | None = None
        self._explaining_for: tuple[object, ...] = ()
        self._last_side: tuple[object, ...] = ()
        self._make_judging = make_judging
        self._setup: Setup | None = None
        self._remedied = ""
        self._attendance = Attendance()

    def enter(self, stage: Stage) -> None:
        """Be in a stage from now on. The sentence of the stage before is not shown any more."""
        self.stage, self.since_s = stage, self.now_s
        self.speaker.hush()

    def advance(self, t_s: float) -> None:
        """Let time pass: countdown, rest, pain, and a camera that went silent."""
        self.now_s = max(self.now_s, t_s)
        if self.seen_s is None:
            self.seen_s = self.now_s
        silent = self.now_s - self.seen_s >= SILENT_S
        looking = self.stage in WATCHED or (self.stage == "paused" and self.pause in ("left", "partial"))
        if silent and looking:
            self.wait("camera", self.seen_s)
        elif self.stage == "countdown":
            self._count_down()
        elif self.stage == "rest":
            self._rest()
        elif self.stage == "pain":
            self._await_pain()

    def watch(self, observation: Observation) -> Moment | None:
        """Take one observation; what the judge says of it, where one is at work."""
        self.seen_s = observation.t_s
        if self.stage == "paused" and self.pause == "camera":
            self.speaker.say(self.now_s, "camera_back", LOST)
            self.go_on()
        if self.stage == "setup":
            self._check(observation)
        if self.run is None or self.stage not in (*WATCHED, "paused") or self.pause == "asked":
            return None
        run, before = self.run, self.run.phase
        moment = run.step(observation, speaking=self.stage == "exercise")
        self._attendance.step(moment.t_s, run.phase, observation.pose is not None)
        away = self._attendance.away(moment.t_s, run.is_settling)
        if run.done:
            self.finish_set("target" if run.reached_target else "finished")
        elif self.stage == "paused":
            self._look_for_person()
        elif away is not None:
            self.wait(away, self.now_s)
        elif self.stage == "calibrate":
            self._calibrate()
        elif self.stage == "exercise":
            self._calibrate_again(before)
        return moment

    # -- before the first set -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """The notice is confirmed: ask what is to be asked, warm up, and prepare the first set."""
        if self.programme.ask_pain:
            if self.past.stopped:
                self.questions.append("seen_to")
            self.questions.append("before")
            if not self.past.empty:
                self.questions.append("morning")
        self.go_on_asking()

    def go_on_asking(self) -> None:
        """The next question; where none is left, the warm-up, and then the first set."""
        if self.questions:
            self.ask(self.questions.pop(0))
        elif self.programme.warm_up_s > 0 and not self.recorder.part:
            self.enter("rest")
            self.warming_up = True
            self.rest_s, self.rest_until_s = self.programme.warm_up_s, self.now_s + self.programme.warm_up_s
            self.speaker.say(self.now_s, "warm_up", NEXT)
        else:
            self.set_up()

    def ask(self, asks: PainQuestion) -> None:
        """Ask about pain."""
        self.enter("pain")
        self.pain = pain_view(asks, None, self.programme.pain, self.words)
        self.speaker.say(self.now_s, QUESTIONS[asks], STOP if asks == "hurts" else NEXT)

    # -- how it goes --------------------------------------------------------------------------------------------

    def explain(self, again: bool = False) -> None:
        """How the exercise that comes now goes: in full before somebody's first set of it, and when asked for it."""
        step = self.plan.now
        if step is None:
            return
        name = step.task.exercise.name
        which = (step.number, step.set_number, name, step.task.side)
        if which == self._explaining_for and not again:
            return
        full = again or name not in self._known
        self._explaining_for = which
        self._known.add(name)
        lines = [each for each in self.programme.talk if (each.exercise, each.phase) == (name, "setup")]
        lines = [each for each in lines if full or not each.first]
        if not lines:
            self._explaining = None
            return
        lead_s = 0.0 if again else EXPLAIN_RESTING_S if self.stage == "rest" else EXPLAIN_S
        lead_s -= min(each.after_s for each in lines)
        self._explaining = TalkThrough([each.model_copy(update={"after_s": each.after_s + lead_s}) for each in lines])

    def _explain_on(self) -> bool:
        """Say the next sentence of it where it is due; whether everything has been said and heard."""
        step = self.plan.now
        if self._explaining is None or step is None:
            return True
        line = self._explaining.step(self.now_s, "setup")
        if line is not None:
            text = self.words.sided(line, step.task.side)
            self.speaker.say_text(self.now_s, line, text, TALK, valid_s=10.0)
        return self._explaining.finished and self.now_s - self.speaker.last_s >= HEARD_S

    def change_sides(self, step: Step) -> None:
        """Nobody turns the back to the camera on a step, or turns round on it."""
        changed = step.task.exercise.on_a_step and self._last_side == (
            step.task.exercise.name,
            other_side(step.task.side),
        )
        if changed:
            self.speaker.say(self.now_s, "change_sides_step", NEXT, valid_s=12.0)
        self._last_side = ()

    # -- set-up, calibration, countdown -------------------------------------------------------------------------

    def set_up(self, introduce: bool = True) -> None:
        """Prepare the set that comes now; where none is left, the session is complete."""
        step = self.plan.now
        self.run, self.started = None, False
        if step is None:
            self.recorder.complete = True
            self.conclude()
            return
        self.enter("setup")
        self._setup, self.setup_state, self._remedied = Setup(step.task, self.words), None, ""
        if introduce:
            key = "block_intro_sets" if step.task.sets > 1 else "block_intro"
            self.speaker.say(self.now_s, key, NEXT, **self.place(step))
            self.change_sides(step)
        self.explain()

    def place(self, step: Step) -> dict[str, Any]:
        """Exercise, side and set in words, for sentences that name them."""
        title = step.task.exercise.in_language(self.words.language).title
        side = self.words.side(step.task.side)
        return {"exercise": title, "side": side, "set": step.set_number, "sets": step.task.sets}

    def _check(self, observation: Observation) -> None:
        assert self._setup is not None
        state = self.setup_state = self._setup.step(observation)
        explained = self._explain_on()
        quiet_s = self.now_s - self.speaker.last_s
        if not explained:
            return
        if state.passed:
            self._begin_set(state.compromised)
        elif state.remedy:
            if quiet_s >= (SPEAK_AGAIN_S if state.remedy == self._remedied else SPEAK_NEXT_S):
                self._remedied = state.remedy
                self.speaker.say(self.now_s, state.remedy, NEXT)
        elif state.progress > 0 and self._remedied.startswith("fix_"):
            self._remedied = "setup_good_enough" if state.compromised else "setup_good"
            self.speaker.say(self.now_s, self._remedied, NEXT)

    def _begin_set(self, compromised: tuple[CheckName, ...]) -> None:
        step = self.plan.now
        assert step is not None
        self.enter("calibrate")
        exercise = step.task.exercise
        talk = tuple(line for line in self.programme.talk if line.exercise == exercise.name)
        judging = self._make_judging(exercise, step.task.side, self.words.language)
        gentle = self.recorder.hurt_at(exercise.name, step.task.side)
        self.run = SetRun(self.recorder.part, step, judging, self.speaker, talk, self.now_s, compromised, gentle)
        self._last_side = (exercise.name, step.task.side)
        self._explaining = None
        self._attendance = Attendance(exercise.posture)
        self.speaker.say(self.now_s, f"calibrate_{exercise.posture}", NEXT)

    def _calibrate(self) -> None:
        assert self.run is not None
        if self.run.is_calibrated and self.now_s - self.since_s >= STILL_S:
            self._start_countdown()
        elif self.now_s - max(self.since_s, self.speaker.last_s) >= AGAIN_S:
            self.speaker.say(self.now_s, "calibrate_again", NEXT)

    def _calibrate_again(self, before: str) -> None:
        """After an absence the judge measures the person anew; the count stays."""
        assert self.run is not None
        if before != "calibrating":
            self._ask_for_stillness()
        elif self.run.is_calibrated:
            self.speaker.say(self.now_s, "resumed", NEXT)

    def _ask_for_stillness(self) -> None:
        assert self.run is not None
        if self.run.phase == "calibrating":
            self.speaker.say(self.now_s, f"calibrate_{self.run.task.exercise.posture}", NEXT)

    def _start_countdown(self) -> None:
        self.enter("countdown")
        self.count_left = COUNT_FROM + 1
        self._count_down()

    def _count_down(self) -> None:
        left = COUNT_FROM - int(self.now_s - self.since_s + 1e-6)
        if left <= 0:
            assert self.run is not None
            self.enter("exercise")
            go = "resumed" if self.started else f"go_{self.run.task.exercise.kind}"
            self.speaker.say(self.now_s, go, NEXT)
            self.started = True
            self.run.begin(self.now_s)
        elif left < self.count_left:
            self.count_left = left
            self.speaker.say(self.now_s, "countdown", NEXT, valid_s=0.8, count=left)

    # -- the end of a set, rest, the end of the session ---------------------------------------------------------

    def finish_set(self, ended_by: EndedBy) -> None:
        """Close the set in progress and go on to the rest."""
        run, step = self.run, self.plan.now
        self.close_set(ended_by)
        self.plan.advance()
        self.take_rest(0.0 if step is None else step.task.rest_s)
        if run is not None and ended_by in ("target", "finished"):
            run.praise(self.now_s)

    def close_set(self, ended_by: EndedBy) -> None:
        """Put the set in progress into the record. One that never came to its exercise is forgotten."""
        if self.run is not None and self.started:
            self.run.finish()
            self.recorder.add_set(self.run.record(ended_by))
        self.run, self.started, self.pause = None, False, None
        self.recorder.resume(self.now_s)

    def take_rest(self, rest_s: float) -> None:
        """Rest, where there is something to rest for, and say what comes next."""
        step = self.plan.now
        if step is None or rest_s <= 0:
            self.set_up()
            return
        self.enter("rest")
        self.warming_up = False
        self.rest_s, self.rest_until_s = rest_s, self.now_s + rest_s
        self._remedied = ""
        self.speaker.say(self.now_s, "rest", NEXT, show=False, seconds=round(rest_s))
        key = "next_set" if step.set_number > 1 else "next_up"
        self.speaker.say(self.now_s, key, TALK, show=False, valid_s=10.0, **self.place(step))
        self.change_sides(step)

    def _rest(self) -> None:
        left_s = self.rest_until_s - self.now_s
        half = self.warming_up and left_s <= self.rest_s / 2
        if left_s <= 0:
            self.set_up()
            return
        if not self.warming_up or left_s <= WARM_UP_LEFT_S:
            self.explain()
            self._explain_on()
        if half and not self._remedied:
            self._remedied = "warm_up_half"
            self.speaker.say(self.now_s, "warm_up_half", REMARK)
        elif left_s <= REST_ENDS_S and self.rest_s >= REST_LONG_S and self._remedied != "rest_ends":
            self._remedied = "rest_ends"
            self.speaker.say(self.now_s, "rest_ends", REMARK, show=False)

    def conclude(self) -> None:
        """Ask how it is now, where something was done, and then sum up."""
        if self.programme.ask_pain and self.recorder.last_set is not None:
            self.ask("after")
        else:
            self.sum_up()

    def sum_up(self) -> None:
        """Show what was done, and say the one thing to think of."""
        self.enter("summary")
        record = self.recorder.record(self.programme, self.words.language, self.now_s, None)
        self.summary = summarise(record, self.plan.exercises, self.words, self.past)
        self.speaker.say_text(self.now_s, "summary", self.summary.headline, NEXT)
        for exercise in self.summary.exercises:
            self.speaker.say_text(self.now_s, "next_time", exercise.next_time, REMARK, show=False, valid_s=20.0)

    # -- interruptions ------------------------------------------------------------------------------------------

    def wait(self, reason: PauseReason, from_s: float) -> None:
        """Pause. Nothing counted yet means that the set-up begins again instead, unless the camera is gone."""
        if self.stage in ("calibrate", "countdown") and not self.started and reason in ("left", "partial"):
            self.set_up(introduce=False)
            return
        if self.stage != "paused":
            self.paused_stage = self.stage
        self.recorder.resume(from_s)
        self.recorder.pause(from_s, reason)
        self.enter("paused")
        self.pause = reason
        self.speaker.say(self.now_s, f"paused_{reason}", LOST)

    def go_on(self) -> None:
        """Come back from a pause to where the session was. An exercise is counted down to, unless nobody asked."""
        asked, paused_s = self.pause == "asked", self.now_s - self.since_s
        self.recorder.resume(self.now_s)
        self.pause = None
        if self.paused_stage == "rest":
            self.enter("rest")
            self.rest_until_s += paused_s
        elif self.run is None or not self.started:
            self.set_up(introduce=False)
        else:
            self.run.lose_sight(self.now_s)
            self._attendance = Attendance(self.run.task.exercise.posture)
            if asked:
                self._start_countdown()
            else:
                self.enter("exercise")
                self.run.resume(self.now_s)

    def _look_for_person(self) -> None:
        """Paused because the person was out of sight: go on by itself when they are back."""
        assert self.run is not None
        if self._attendance.back(self.now_s):
            self.recorder.resume(self.now_s)
            self.pause = None
            self.enter("exercise")
            count = self.run.count
            self.speaker.say(self.now_s, "resumed" if count is None else "welcome_back", LOST, count=count)
            self._ask_for_stillness()
            self.run.resume(self.now_s)
        elif self.pause == "partial" and self.now_s - self.speaker.last_s >= SPEAK_AGAIN_S:
            self.speaker.say_text(self.now_s, *self.run.waiting_for(), LOST)

    def _await_pain(self) -> None:
        if self.pain is None or (self.pain.score is None and not self.pain.ends_session):
            if self.pain is not None and self.pain.asks != "hurts":
                return
            if self.now_s - self.speaker.last_s >= ASK_AGAIN_S:
                self.speaker.say(self.now_s, "pain_ask", STOP)
        elif self.pain.ends_session and self.now_s - self.since_s >= ADVICE_S:
            self.sum_up()
