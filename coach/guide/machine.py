"""The state machine of a session: which stage it is in, and what leads from one to the next.

Three things move it: time (``advance``), what the camera sees (``watch``) and what the person does (``act``). Each
stage's own work is done elsewhere: ``preparation``, ``explanation``, ``set_run``, ``hand_sign``, ``rest``,
``questions``, ``progression``, ``summary``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coach.definitions.exercise import Exercise
from coach.definitions.pain import pain_level
from coach.definitions.programme import Programme
from coach.guide.attendance import Attendance
from coach.guide.explanation import Explanation
from coach.guide.hand_sign import HandSign
from coach.guide.past import Past
from coach.guide.plan import Plan, Step
from coach.guide.preparation import SPEAK_AGAIN_S, Preparation
from coach.guide.progression import Proposal, at_level, proposals
from coach.guide.questions import ABOUT_THE_SET, OPTIONS, Questions
from coach.guide.rest import Rest
from coach.guide.session_log import PainMark, Recorder
from coach.guide.set_run import MakeJudging, SetRun
from coach.guide.setup import SetupState
from coach.guide.speech_queue import LOST, NEXT, REMARK, TALK, Speaker
from coach.guide.stages import STAGES
from coach.guide.summary import summarise
from coach.guide.types import Action, Asks, CheckName, EndedBy, PauseReason, Stage, Summary
from coach.types import Moment, Observation, other_side

STILL_S = 2.0  # minimum calibration, even if the judge needs less
AGAIN_S = 8.0  # calibration time before the request is repeated
COUNT_FROM = 3  # 3, 2, 1, a second each
SILENT_S = 2.0  # without a picture for this long, the camera counts as lost
LEAST_REST_S = 5.0  # of a rest, however long the answers took
EXPLAIN_S, EXPLAIN_RESTING_S = 3.0, 8.0  # before the explanation starts: earlier sentences have been heard by then


class Machine:
    """The stages of one session. Times are seconds on the session's single, monotonic clock."""

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
        self.past = past or Past()
        self._load = load
        self.plan = Plan(at_level(programme, self.past.accounts, load), load, speaker.words.language)
        self.recorder = Recorder()
        self.questions = Questions(programme.pain, speaker, self.recorder)
        self.stage: Stage = "welcome"
        self.now_s = self.since_s = 0.0
        self.run: SetRun | None = None
        self.started = False  # the current set has reached its exercise
        self.count_left = 0  # of the countdown
        self.rest: Rest | None = None
        self.pause: PauseReason | None = None
        self.paused_by_sign = False
        self.summary: Summary | None = None
        self._explanation = Explanation(programme.talk, self.past.known, speaker)
        self._make_judging = make_judging
        self._seen_s: float | None = None
        self._paused_in: Stage = "setup"
        self._to_ask: list[Asks] = []
        self._set_done: Step | None = None  # the set of which something is asked
        self._set_done_s = 0.0
        self._proposals: list[Proposal] = []
        self._sign = HandSign()
        self._hurt_in: Stage = "setup"
        self._hurt_in_set = False
        self._last_side: tuple[object, ...] = ()
        self._preparation: Preparation | None = None  # of the set that comes next, or is being done
        self._attendance = Attendance()
        self._acts: Mapping[Action, Callable[..., None]] = {
            "confirm_safety": self._confirm_safety,
            "pause": lambda: self._wait("asked", self.now_s),
            "resume": self._resume,
            "next": self._next,
            "other_side": self._other_side,
            "hurts": self._hurts,
            "score": self._score,
            "choose": self._choose,
            "explain": lambda: self._explain(again=True),
            "end": self._end,
        }

    # -- what moves it ------------------------------------------------------------------------------------------

    def advance(self, t_s: float) -> None:
        """Let time pass: countdown, rest, a question, and a camera that went silent."""
        self.now_s = max(self.now_s, t_s)
        if self._seen_s is None:
            self._seen_s = self.now_s
        silent = self.now_s - self._seen_s >= SILENT_S
        looking = STAGES[self.stage].watched or self.pause in ("left", "partial")
        if silent and looking:
            self._wait("camera", self._seen_s)
        elif self.stage == "countdown":
            self._count_down()
        elif self.stage == "rest":
            self._rest_on()
        elif self.stage == "question" and self.questions.wait(self.now_s, self.since_s):
            self._leave_question()

    def watch(self, observation: Observation) -> Moment | None:
        """Take one observation; returns the judge's verdict, if a judge is running."""
        self._seen_s = observation.t_s
        if self.pause == "camera":
            self.speaker.say(self.now_s, "camera_back", LOST)
            self._go_on()
        if self.stage == "setup":
            self._check(observation)
        if self.run is None or not STAGES[self.stage].in_set:
            return None
        if self._sign.step(self.now_s, observation):
            self._take_sign()
        if self.pause == "asked":
            return None
        run, before = self.run, self.run.phase
        moment = run.step(observation, speaking=self.stage == "exercise")
        self._attendance.step(moment.t_s, run.phase, observation.pose is not None)
        away = self._attendance.away(moment.t_s, run.is_settling)
        if run.done:
            self._finish_set("target" if run.reached_target else "finished")
        elif self.stage == "paused":
            self._look_for_person()
        elif away is not None:
            self._wait(away, self.now_s)
        elif self.stage == "calibrate":
            self._calibrate()
        elif self.stage == "exercise":
            self._calibrate_again(before)
        return moment

    def act(self, action: Action, *values: Any) -> None:
        """Do what the person asked for; nothing where that cannot be done now."""
        if action in self.actions:
            self._acts[action](*values)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person can do now."""
        actions = STAGES[self.stage].actions
        if self.pause == "asked":
            return ("resume", *actions[1:])
        if self.stage == "question":
            return self.questions.actions
        if self.stage == "summary" and self.recorder.last_set is None:
            return ("end",)
        return actions

    # -- from stage to stage ------------------------------------------------------------------------------------

    def _enter(self, stage: Stage) -> None:
        """Enter a stage. The previous stage's sentence is no longer shown."""
        if stage != self.stage and stage not in STAGES[self.stage].leads_to:
            raise AssertionError(f"nothing leads from {self.stage} to {stage}")
        self.stage, self.since_s = stage, self.now_s
        if stage != "paused":
            self.pause = None
        self.paused_by_sign = False
        self.speaker.hush()

    def begin(self) -> None:
        """The notice is confirmed: ask the opening questions, warm up, and prepare the first set."""
        if self.programme.ask_pain:
            if self.past.stopped:
                self._to_ask.append("seen_to")
            self._to_ask.append("before")
            if not self.past.empty:
                self._to_ask.append("morning")
        self._to_next_question()

    def _to_next_question(self) -> None:
        """The next question; after the last one, the warm-up, and then the first set."""
        if self._to_ask:
            self._to_question(self._to_ask.pop(0))
        elif self.programme.warm_up_s > 0 and not self.recorder.part:
            self._enter("rest")
            self.rest = Rest(self.now_s, self.programme.warm_up_s, self.speaker, warm_up=True)
            self.speaker.say(self.now_s, "warm_up", NEXT)
        else:
            self._to_setup()

    def _to_question(self, asks: Asks, **values: object) -> None:
        self._enter("question")
        self.questions.ask(self.now_s, asks, **values)

    def _to_setup(self, introduce: bool = True) -> None:
        """Prepare the next set; if there is none, the session is complete."""
        step = self.plan.now
        self.run, self.started = None, False
        if step is None:
            self.recorder.complete = True
            self._conclude()
            return
        self._enter("setup")
        self._preparation = Preparation(step, self.speaker, self._make_judging)
        if introduce:
            key = "block_intro_sets" if step.task.sets > 1 else "block_intro"
            self.speaker.say(self.now_s, key, NEXT, **self.place(step))
            self._change_sides(step)
        self._explain()

    def _to_calibrate(self, compromised: tuple[CheckName, ...]) -> None:
        step, preparation = self.plan.now, self._preparation
        assert step is not None and preparation is not None
        self._enter("calibrate")
        exercise = step.task.exercise
        talk = tuple(line for line in self.programme.talk if line.exercise == exercise.name)
        gentle = self.recorder.hurt_at(exercise.name, step.task.side)
        self.run = SetRun(
            self.recorder.part, step, preparation.judging, self.speaker, talk, self.now_s, compromised, gentle
        )
        self._last_side = (exercise.name, step.task.side)
        self._explanation.end()
        self._attendance = Attendance(exercise.posture)
        # Of somebody who lies, the hand that holds the strap is no sign.
        self._sign = HandSign(other_side(step.task.side) if exercise.posture == "lying" else None)
        self.speaker.say(self.now_s, f"calibrate_{exercise.posture}", NEXT)

    def _to_countdown(self) -> None:
        self._enter("countdown")
        self.count_left = COUNT_FROM + 1
        self._count_down()

    def _to_exercise(self) -> None:
        assert self.run is not None
        self._enter("exercise")
        go = "resumed" if self.started else f"go_{self.run.task.exercise.kind}"
        self.speaker.say(self.now_s, go, NEXT)
        self.started = True
        self.run.begin(self.now_s)

    def _to_rest(self, rest_s: float) -> None:
        """Rest, if there is something to rest for, and say what comes next."""
        step = self.plan.now
        if step is None or rest_s <= 0:
            self._to_setup()
            return
        self._enter("rest")
        self.rest = Rest(self.now_s, rest_s, self.speaker)
        self.speaker.say(self.now_s, "rest", NEXT, show=False, seconds=round(rest_s))
        key = "next_set" if step.set_number > 1 else "next_up"
        self.speaker.say(self.now_s, key, TALK, show=False, valid_s=10.0, **self.place(step))
        self._change_sides(step)

    def _finish_set(self, ended_by: EndedBy) -> None:
        """Close the set in progress, ask how it was, and go on to the rest."""
        run = self.run
        self._set_done, self._set_done_s = self.plan.now, self.now_s
        self._close_set(ended_by)
        done = run is not None and ended_by in ("target", "finished")
        self._to_ask = self._asks_of_set() if done else []
        asks = bool(self._to_ask)
        # What is said last is shown: a question, else the praise.
        if run is not None and done and asks:
            run.praise(self.now_s)
        self._after_set()
        if run is not None and done and not asks:
            run.praise(self.now_s)

    def _asks_of_set(self) -> list[Asks]:
        """How hard it was, and, after the last one, whether another one is wanted where one is offered."""
        step = self._set_done
        asks: list[Asks] = ["effort"] if self.programme.ask_effort else []
        if step is None or step.task.more_sets == 0 or step.set_number < step.task.sets:
            return asks
        hurt = self.recorder.hurt_at(step.task.exercise.name, step.task.side)
        return asks if hurt else [*asks, "another"]

    def _after_set(self) -> None:
        """What is still to be asked of the set that is done; then what is left of the rest."""
        if self._to_ask:
            self._to_question(self._to_ask.pop(0))
            return
        step, self._set_done = self._set_done, None
        self.plan.advance()
        rest_s = 0.0 if step is None else step.task.rest_s
        asked_s = self.now_s - self._set_done_s
        self._to_rest(max(rest_s - asked_s, min(rest_s, LEAST_REST_S)))

    def _conclude(self) -> None:
        """Ask about pain now, if something was done, and then show the summary."""
        if self.programme.ask_pain and self.recorder.last_set is not None:
            self._to_question("after")
        else:
            self._to_summary()

    def _propose(self) -> None:
        """Ask whether to do more next time, if the programme's rule says so; then sum up."""
        if self._proposals:
            of = self._proposals[0]
            self._to_question("progress", **self._more(of), count=of.now)
        else:
            self._to_summary()

    def _more(self, of: Proposal) -> dict[str, Any]:
        """An exercise and its new number in words."""
        exercise = next(each for each in self.plan.exercises if each.name == of.exercise)
        title = exercise.in_language(self.words.language).title
        if len(of.sides) == 1:
            title = f"{title}, {self.words.side(of.sides[0])}"
        return {"exercise": title, "more": self.words(f"amount_{of.unit}", count=of.to)}

    def _to_summary(self) -> None:
        """Show what was done, and say the one thing to remember."""
        self._enter("summary")
        record = self.recorder.record(self.programme, self.words.language, self.now_s, None)
        self.summary = summarise(record, self.plan.exercises, self.words, self.past, self.plan.exercises_by_side)
        self.speaker.say_text(self.now_s, "summary", self.summary.headline, NEXT)
        for exercise in self.summary.exercises:
            self.speaker.say_text(self.now_s, "next_time", exercise.next_time, REMARK, show=False, valid_s=20.0)

    def _wait(self, reason: PauseReason, from_s: float, sign: bool = False) -> None:
        """Pause. If nothing has been counted yet, return to the set-up instead, unless the camera has gone."""
        if self.stage in ("calibrate", "countdown") and not self.started and reason in ("left", "partial"):
            self._to_setup(introduce=False)
            return
        if self.stage != "paused":
            self._paused_in = self.stage
        self.recorder.resume(from_s)
        self.recorder.pause(from_s, reason)
        self._enter("paused")
        self.pause = reason
        self.paused_by_sign = sign
        self.speaker.say(self.now_s, "paused_sign" if sign else f"paused_{reason}", LOST)

    def _go_on(self) -> None:
        """Return from a pause to where the session was, with a countdown if the person resumed an exercise."""
        asked, paused_s = self.pause == "asked", self.now_s - self.since_s
        self.recorder.resume(self.now_s)
        if self._paused_in == "rest" and self.rest is not None:
            self._enter("rest")
            self.rest.delay(paused_s)
        elif self.run is None or not self.started:
            self._to_setup(introduce=False)
        else:
            self.run.lose_sight(self.now_s)
            self._attendance = Attendance(self.run.task.exercise.posture)
            if asked:
                self._to_countdown()
            else:
                self._enter("exercise")
                self.run.resume(self.now_s)

    def _leave_question(self) -> None:
        """After an opening question, the next; after the closing one, the summary; else back to the programme."""
        asks, view = self.questions.asks, self.questions.view
        if view is not None and view.ends_session:
            self._to_summary()
        elif asks in ("before", "morning", "seen_to"):
            self._to_next_question()
        elif asks in ABOUT_THE_SET:
            self._after_set()
        elif asks == "after":
            record = self.recorder.record(self.programme, self.words.language, self.now_s, None)
            accounts = (*self.past.accounts, record.as_dict())
            self._proposals = list(proposals(self.programme, accounts, self._load))
            self._propose()
        elif asks == "progress":
            self._proposals = self._proposals[1:]
            self._propose()
        elif self._hurt_in == "summary":
            self._to_summary()
        else:
            self._go_on_after_pain()

    def _go_on_after_pain(self) -> None:
        """Mild pain: the next set. More than mild: no more of this exercise on this side."""
        mark, step = self.recorder.last_pain, self.plan.now
        rest_s = step.task.rest_s if step is not None and self._hurt_in_set else 0.0
        if mark.score is not None and pain_level(mark.score, self.programme.pain) == "caution":
            self.plan.leave_out(mark.exercise, mark.side)
        elif self._hurt_in_set:
            self.plan.advance()
        self._to_rest(rest_s)

    # -- what the person does -----------------------------------------------------------------------------------

    def _confirm_safety(self) -> None:
        self.recorder.safety_confirmed = True
        self.begin()

    def _resume(self) -> None:
        self.speaker.hush()
        self._go_on()

    def _next(self) -> None:
        if self.stage == "question":
            self._leave_question()
        elif self._stage_or_paused == "rest":
            self._close_set("skipped")
            self._to_setup()
        elif self.started and self.run is not None and not self.run.is_untouched:
            self._finish_set("finished" if self.run.may_finish else "skipped")
        else:
            self._close_set("skipped")
            self.plan.advance()
            self._to_setup()

    def _other_side(self) -> None:
        """Where it was to come later, the two change places."""
        resting = self._stage_or_paused == "rest"
        if resting and self.stage == "paused":
            self._go_on()
        self._close_set("other_side")
        step = self.plan.other_side()
        if not resting:
            self._to_setup(introduce=False)
        if step is not None:
            self.speaker.say(self.now_s, "side_changed", NEXT, **self.place(step))
            self._change_sides(step)

    def _hurts(self) -> None:
        self._hurt_in, self._hurt_in_set = self.stage, self.started or self._set_done is not None
        mark = self._pain_mark()
        self._close_set("pain")
        self._set_done, self._to_ask = None, []
        self.recorder.hurt(mark)
        self._to_question("hurts")

    def _score(self, score: int) -> None:
        self._enter("question")
        if self.questions.score(self.now_s, score):
            self._leave_question()

    def _choose(self, key: str) -> None:
        self._enter("question")
        if not self.questions.choose(self.now_s, key):
            return
        yes = key == OPTIONS.get(self.questions.asks, ("", ""))[0]
        if self.questions.asks == "another" and yes:
            self.plan.add_set()
        elif self.questions.asks == "progress":
            self._answer_proposal(self._proposals[0], yes)
        self._leave_question()

    def _answer_proposal(self, of: Proposal, agreed: bool) -> None:
        self.recorder.answer_progress(of, agreed)
        if agreed:
            self.speaker.say(self.now_s, "progress_agreed", NEXT, **self._more(of))

    def _end(self) -> None:
        if self.stage in ("summary", "welcome"):
            self._enter("done")
        elif self.stage == "question" and self.questions.asks not in ABOUT_THE_SET:
            self._to_summary()
        else:
            self._set_done, self._to_ask = None, []
            self._close_set("ended")
            self._conclude()

    def _take_sign(self) -> None:
        """A hand on the head pauses, and a second one goes on."""
        if self.pause == "asked":
            self._resume()
        elif "pause" in self.actions and self.pause is None:
            self._wait("asked", self.now_s, sign=True)

    # -- within a stage -----------------------------------------------------------------------------------------

    def _check(self, observation: Observation) -> None:
        """Set-up: explain, then say what is still to be done, and begin once every check passes."""
        assert self._preparation is not None
        state = self._preparation.look(observation)
        if not self._explanation.step(self.now_s):
            return
        if state.passed:
            self._to_calibrate(state.compromised)
        else:
            self._preparation.advise(self.now_s)

    def _calibrate(self) -> None:
        assert self.run is not None
        if self.run.is_calibrated and self.now_s - self.since_s >= STILL_S:
            self._to_countdown()
        elif self.now_s - max(self.since_s, self.speaker.last_s) >= AGAIN_S:
            self.speaker.say(self.now_s, "calibrate_again", NEXT)

    def _calibrate_again(self, before: str) -> None:
        """After an absence the judge calibrates again; the count is kept."""
        assert self.run is not None
        if before != "calibrating":
            self._ask_for_stillness()
        elif self.run.is_calibrated:
            self.speaker.say(self.now_s, "resumed", NEXT)

    def _ask_for_stillness(self) -> None:
        assert self.run is not None
        if self.run.phase == "calibrating":
            self.speaker.say(self.now_s, f"calibrate_{self.run.task.exercise.posture}", NEXT)

    def _count_down(self) -> None:
        left = COUNT_FROM - int(self.now_s - self.since_s + 1e-6)
        if left <= 0:
            self._to_exercise()
        elif left < self.count_left:
            self.count_left = left
            self.speaker.say(self.now_s, "countdown", NEXT, valid_s=0.8, count=left)

    def _rest_on(self) -> None:
        assert self.rest is not None
        if self.rest.over(self.now_s):
            self._to_setup()
            return
        if self.rest.explains(self.now_s):
            self._explain()
            self._explanation.step(self.now_s)
        self.rest.remark(self.now_s)

    def _look_for_person(self) -> None:
        """After a pause because the person was out of sight: continue automatically when they are back."""
        assert self.run is not None
        if self._attendance.back(self.now_s):
            self.recorder.resume(self.now_s)
            self._enter("exercise")
            count = self.run.count
            self.speaker.say(self.now_s, "resumed" if count is None else "welcome_back", LOST, count=count)
            self._ask_for_stillness()
            self.run.resume(self.now_s)
        elif self.pause == "partial" and self.now_s - self.speaker.last_s >= SPEAK_AGAIN_S:
            self.speaker.say_text(self.now_s, *self.run.waiting_for(), LOST)

    def _close_set(self, ended_by: EndedBy) -> None:
        """Add the current set to the log. A set that never reached its exercise is dropped."""
        if self.run is not None and self.started:
            self.run.finish()
            self.recorder.add_set(self.run.record(ended_by))
        self.run, self.started = None, False
        self.recorder.resume(self.now_s)

    def _explain(self, again: bool = False) -> None:
        """How the exercise that comes now goes."""
        step = self.plan.now
        if step is not None:
            lead_s = 0.0 if again else EXPLAIN_RESTING_S if self.stage == "rest" else EXPLAIN_S
            self._explanation.begin(step, lead_s, again)

    def _change_sides(self, step: Step) -> None:
        """On a step, the person is never asked to turn round or to turn their back to the camera."""
        task = step.task
        if task.exercise.on_a_step and self._last_side == (task.exercise.name, other_side(task.side)):
            self.speaker.say(self.now_s, "change_sides_step", NEXT, valid_s=12.0)
        self._last_side = ()

    def _pain_mark(self) -> PainMark:
        """The set that hurts: the current one, else the last, else the next."""
        last, step = self.recorder.last_set, self.plan.now
        if not self.started and last is not None:
            part, name, side = last.part, last.exercise, last.side
        else:
            assert step is not None
            part, name, side = self.recorder.part, step.task.exercise.name, step.task.side
        on_a_step = any(exercise.name == name and exercise.on_a_step for exercise in self.plan.exercises)
        return PainMark(self.now_s, None, part, name, side, other_side(side) if on_a_step else None)

    # -- how things are -----------------------------------------------------------------------------------------

    @property
    def setup_state(self) -> SetupState | None:
        """What the checks of the set-up last found."""
        return self._preparation.state if self._preparation is not None else None

    @property
    def _stage_or_paused(self) -> Stage:
        """The stage, or the one to which a pause goes back."""
        return self._paused_in if self.stage == "paused" else self.stage

    def place(self, step: Step) -> dict[str, Any]:
        """Exercise, side and set in words, for sentences that name them."""
        side = self.words.side(step.task.side)
        return {"exercise": step.task.about.title, "side": side, "set": step.set_number, "sets": step.task.sets}
