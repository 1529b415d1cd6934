"""The state machine of a session: which stage it is in, and what leads from one to the next.

    welcome - question... - rest (the warm-up) - setup - calibrate - countdown - exercise - question... - rest - setup
    ... after the last set: question (pain) - question (more next time)... - summary - done

Questions and rests are left out where the programme has none. ``paused`` leads back to where it came from; from nearly
everywhere ``hurts`` leads to its question and ``end`` to the summary. ``stages`` has the whole table, and no step that
is not in it can be taken.

Three things move the machine: time (``advance``), what the camera sees (``watch``) and what the person does (``act``).
It alone decides which stage comes next. What a stage does meanwhile is done elsewhere: ``preparation`` and
``explanation`` (setup), ``calibration``, ``countdown``, ``set_run`` (exercise), ``rest``, ``questions``, ``summary``;
``agenda`` knows which questions are asked, ``hurt`` what may be done after pain, ``announcements`` what is said of the
set to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coach.definitions.exercise import Exercise
from coach.definitions.programme import Programme
from coach.guide.agenda import NextTime, SetOver, of_set, opening
from coach.guide.announcements import Announcer
from coach.guide.calibration import Calibration
from coach.guide.countdown import Countdown
from coach.guide.explanation import Explanation
from coach.guide.hurt import Hurt, go_on_after, mark_of
from coach.guide.past import Past
from coach.guide.plan import Plan
from coach.guide.preparation import SPEAK_AGAIN_S, Preparation
from coach.guide.progression import at_level, proposals
from coach.guide.questions import ABOUT_THE_SET, OPTIONS, Questions
from coach.guide.rest import Rest
from coach.guide.session_log import Recorder, SessionRecord
from coach.guide.set_judge import MakeJudging
from coach.guide.set_run import SetRun
from coach.guide.setup import SetupState
from coach.guide.speech_queue import LOST, NEXT, REMARK, Speaker
from coach.guide.stages import STAGES
from coach.guide.summary import summarise
from coach.guide.types import Action, Asks, CheckName, EndedBy, PauseReason, Stage, Summary
from coach.types import Moment, Observation

SILENT_S = 2.0  # without a picture for this long, the camera counts as lost
EXPLAIN_S, EXPLAIN_RESTING_S = 3.0, 8.0  # before the explanation starts: earlier sentences have been heard by then


@dataclass(frozen=True, slots=True)
class Pause:
    """Why the session waits, and to which stage it goes back. by_sign: the person asked with a hand on the head."""

    reason: PauseReason
    back_to: Stage
    by_sign: bool = False


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
        self._make_judging = make_judging
        self.plan = Plan(at_level(programme, self.past.accounts, load), load, speaker.words.language)
        self.recorder = Recorder()
        self.stage: Stage = "welcome"
        self.now_s = self.since_s = 0.0  # since: it has been in this stage, or in this question's last answer
        self._seen_s: float | None = None
        # What belongs to a stage; kept afterwards, where a pause may lead back to it.
        self.questions = Questions(programme.pain, speaker, self.recorder)
        self._preparation: Preparation | None = None  # of the set that comes next, or is being done
        self.calibration: Calibration | None = None
        self.countdown: Countdown | None = None
        self.run: SetRun | None = None  # from its calibration on
        self.rest: Rest | None = None
        self.pause: Pause | None = None
        self.summary: Summary | None = None
        self._explanation = Explanation(programme.talk, self.past.known, speaker)
        self._announcer = Announcer(speaker)
        # What is still to be asked.
        self._opening = opening(programme, self.past)
        self._over: SetOver | None = None
        self._next_time = NextTime((), (), speaker)
        self._hurt = Hurt("setup", False)
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
        looking = STAGES[self.stage].watched or (self.pause is not None and self.pause.reason in ("left", "partial"))
        if not looking:
            self._seen_s = None  # where no picture is awaited, none is missed
        elif self._seen_s is None and t_s > float("-inf"):  # as long as nobody says how late it is, a camera may open
            self._seen_s = self.now_s
        if self._seen_s is not None and self.now_s - self._seen_s >= SILENT_S:
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
        if self.pause is not None and self.pause.reason == "camera":
            self.speaker.say(self.now_s, "camera_back", LOST)
            self._go_on(self.pause)
        if self.stage == "setup":
            self._check(observation)
        run = self.run
        if run is None or not STAGES[self.stage].in_set:
            return None
        if run.sign.step(self.now_s, observation):
            self._take_sign()
        if self._asked_to_pause or self.run is not run:  # the sign may have led back to the set-up
            return None
        moment = run.step(observation, speaking=self.stage == "exercise")
        away = run.away(moment.t_s)
        if run.started and run.done:
            self._finish_set(run, "target" if run.reached_target else "finished")
        elif self.pause is not None:
            self._look_for_person(run, self.pause)
        elif away is not None:
            self._wait(away, self.now_s)
        elif self.stage == "calibrate":
            self._calibrate()
        elif self.stage == "exercise":
            run.follow_calibration(self.now_s)
        return moment

    def act(self, action: Action, *values: Any) -> None:
        """Do what the person asked for; nothing where that cannot be done now."""
        if action in self.actions:
            self._acts[action](*values)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the person can do now."""
        actions = STAGES[self.stage].actions
        if self._asked_to_pause:
            return ("resume", *actions[1:])
        if self.stage == "question":
            return self.questions.actions
        if self.stage == "summary" and self.recorder.last_set is None:
            return ("end",)
        return actions

    def _enter(self, stage: Stage) -> None:
        """Enter a stage. The previous stage's sentence is no longer shown."""
        if stage != self.stage and stage not in STAGES[self.stage].leads_to:
            raise AssertionError(f"nothing leads from {self.stage} to {stage}")
        self.stage, self.since_s = stage, self.now_s
        self.pause = None
        self.speaker.hush()

    # -- before the first set -----------------------------------------------------------------------------------

    def _confirm_safety(self) -> None:
        self.recorder.safety_confirmed = True
        self.begin()

    def begin(self) -> None:
        """The notice is confirmed: the opening questions, one after the other, the warm-up, and then the first set."""
        if self._opening:
            self._to_question(self._opening.pop(0))
        elif self.programme.warm_up_s > 0 and not self.recorder.part:
            self._enter("rest")
            self.rest = Rest(self.now_s, self.programme.warm_up_s, self.speaker, warm_up=True)
            self.speaker.say(self.now_s, "warm_up", NEXT)
        else:
            self._to_setup()

    # -- a set: set-up, calibration, countdown, exercise --------------------------------------------------------

    def _to_setup(self, introduce: bool = True) -> None:
        """Prepare the next set; if there is none, the session is complete."""
        step = self.plan.now
        self.run = None
        if step is None:
            self.recorder.complete = True
            self._conclude()
            return
        self._enter("setup")
        self._preparation = Preparation(step, self.speaker, self._make_judging)
        if introduce:
            self._announcer.introduce(self.now_s, step)
        self._explain()

    def _check(self, observation: Observation) -> None:
        """Set-up: explain, then say what is still to be done, and begin once every check passes."""
        assert self._preparation is not None
        state = self._preparation.look(observation)
        if not self._explanation.step(self.now_s):
            return
        if state.passed:
            self._to_calibrate(self._preparation, state.compromised)
        else:
            self._preparation.advise(self.now_s)

    def _explain(self, again: bool = False) -> None:
        """How the exercise that comes now goes."""
        step = self.plan.now
        if step is not None:
            lead_s = 0.0 if again else EXPLAIN_RESTING_S if self.stage == "rest" else EXPLAIN_S
            self._explanation.begin(step, lead_s, again)

    def _to_calibrate(self, preparation: Preparation, compromised: tuple[CheckName, ...]) -> None:
        step = self.plan.now
        assert step is not None
        self._enter("calibrate")
        name = step.task.exercise.name
        talk = tuple(line for line in self.programme.talk if line.exercise == name)
        gentle = self.recorder.hurt_at(name, step.task.side)
        self.run = SetRun(
            self.recorder.part, step, preparation.judging, self.speaker, talk, self.now_s, compromised, gentle
        )
        self._announcer.begins(step.task)
        self._explanation.end()
        self.calibration = Calibration(self.now_s, self.run, self.speaker)

    def _calibrate(self) -> None:
        assert self.calibration is not None
        if self.calibration.step(self.now_s):
            self._to_countdown()

    def _to_countdown(self) -> None:
        self._enter("countdown")
        self.countdown = Countdown(self.now_s, self.speaker)
        self._count_down()

    def _count_down(self) -> None:
        assert self.countdown is not None
        if self.countdown.step(self.now_s):
            self._to_exercise()

    def _to_exercise(self) -> None:
        assert self.run is not None
        self._enter("exercise")
        go = "resumed" if self.run.started else f"go_{self.run.task.exercise.kind}"
        self.speaker.say(self.now_s, go, NEXT)
        self.run.begin(self.now_s)

    # -- the end of a set, and the rest -------------------------------------------------------------------------

    def _finish_set(self, run: SetRun, ended_by: EndedBy) -> None:
        """Close the set in progress, ask how it was, and go on to the rest."""
        step, done = self.plan.now, ended_by != "skipped"
        assert step is not None
        self._close_set(ended_by)
        asks = of_set(self.programme, step, self.recorder) if done else []
        # What is said last is shown: a question, else the praise.
        if done and asks:
            run.praise(self.now_s)
        self._over = SetOver(self.now_s, step, asks)
        self._after_set()
        if done and not asks:
            run.praise(self.now_s)

    def _close_set(self, ended_by: EndedBy) -> None:
        """Add the current set to the log. A set that never reached its exercise is dropped."""
        run, self.run = self.under_way, None
        if run is not None:
            run.finish()
            self.recorder.add_set(run.record(ended_by))
        self.recorder.resume(self.now_s)

    def _after_set(self) -> None:
        """What is still to be asked of the set that is over; then what is left of the rest."""
        over = self._over
        assert over is not None
        if over.asks:
            self._to_question(over.asks.pop(0))
            return
        self._over = None
        self.plan.advance()
        self._to_rest(over.rest_s(self.now_s))

    def _to_rest(self, rest_s: float) -> None:
        """Rest, if there is something to rest for, and say what comes next."""
        step = self.plan.now
        if step is None or rest_s <= 0:
            self._to_setup()
            return
        self._enter("rest")
        self.rest = Rest(self.now_s, rest_s, self.speaker)
        self._announcer.rest(self.now_s, step, rest_s)

    def _rest_on(self) -> None:
        assert self.rest is not None
        if self.rest.over(self.now_s):
            self._to_setup()
            return
        if self.rest.explains(self.now_s):
            self._explain()
            self._explanation.step(self.now_s)
        self.rest.remark(self.now_s)

    def _next(self) -> None:
        """Skip: a question, the rest, or what is left of the set."""
        run = self.under_way
        if self.stage == "question":
            self._leave_question()
        elif self._stage_or_paused == "rest":
            self._close_set("skipped")
            self._to_setup()
        elif run is not None and not run.is_untouched:
            self._finish_set(run, "finished" if run.may_finish else "skipped")
        else:
            self._close_set("skipped")
            self.plan.advance()
            self._to_setup()

    def _other_side(self) -> None:
        """Where it was to come later, the two change places."""
        resting = self._stage_or_paused == "rest"
        if resting and self.pause is not None:
            self._go_on(self.pause)
        self._close_set("other_side")
        step = self.plan.other_side()
        if not resting:
            self._to_setup(introduce=False)
        if step is not None:
            self._announcer.other_side(self.now_s, step)

    # -- pauses -------------------------------------------------------------------------------------------------

    def _wait(self, reason: PauseReason, from_s: float, sign: bool = False) -> None:
        """Pause. If nothing has been counted yet, return to the set-up instead, unless the camera has gone."""
        if self.stage in ("calibrate", "countdown") and self.under_way is None and reason in ("left", "partial"):
            self._to_setup(introduce=False)
            return
        back_to = self._stage_or_paused
        self.recorder.resume(from_s)
        self.recorder.pause(from_s, reason)
        self._enter("paused")
        self.pause = Pause(reason, back_to, sign)
        self.speaker.say(self.now_s, "paused_sign" if sign else f"paused_{reason}", LOST)

    def _take_sign(self) -> None:
        """A hand on the head pauses, and a second one goes on."""
        if self._asked_to_pause:
            self._resume()
        elif "pause" in self.actions and self.pause is None:
            self._wait("asked", self.now_s, sign=True)

    def _resume(self) -> None:
        assert self.pause is not None
        self.speaker.hush()
        self._go_on(self.pause)

    def _go_on(self, pause: Pause) -> None:
        """Return from a pause to where the session was, with a countdown if the person resumed an exercise."""
        run, paused_s = self.under_way, self.now_s - self.since_s
        self.recorder.resume(self.now_s)
        if pause.back_to == "rest" and self.rest is not None:
            self._enter("rest")
            self.rest.delay(paused_s)
        elif run is None:
            self._to_setup(introduce=False)
        else:
            run.lose_sight(self.now_s)
            if pause.reason == "asked":
                self._to_countdown()
            else:
                self._enter("exercise")
                run.resume(self.now_s)

    def _look_for_person(self, run: SetRun, pause: Pause) -> None:
        """After a pause because the person was out of sight: continue automatically when they are back."""
        if run.is_back(self.now_s):
            self.recorder.resume(self.now_s)
            self._enter("exercise")
            self.speaker.say(self.now_s, "resumed" if run.count is None else "welcome_back", LOST, count=run.count)
            run.ask_if_calibrating(self.now_s)
            run.resume(self.now_s)
        elif pause.reason == "partial" and self.now_s - self.speaker.last_s >= SPEAK_AGAIN_S:
            self.speaker.say_text(self.now_s, *run.waiting_for(), LOST)

    # -- pain ---------------------------------------------------------------------------------------------------

    def _hurts(self) -> None:
        """Stop at once and ask how much."""
        self._hurt = Hurt(self.stage, self.under_way is not None or self._over is not None)
        mark = mark_of(self.now_s, self.under_way is not None, self.recorder, self.plan)
        self._close_set("pain")
        self._over = None
        self.recorder.hurt(mark)
        self._to_question("hurts")

    # -- questions ----------------------------------------------------------------------------------------------

    def _to_question(self, asks: Asks, **values: object) -> None:
        self._enter("question")
        self.questions.ask(self.now_s, asks, **values)

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
            self._next_time.answer(self.now_s, yes, self.recorder)
        self._leave_question()

    def _leave_question(self) -> None:
        """After an opening question, the next; after the closing one, the summary; else back to the programme."""
        asks, view = self.questions.asks, self.questions.view
        if view is not None and view.ends_session:
            self._to_summary()
        elif asks in ("before", "morning", "seen_to"):
            self.begin()
        elif asks in ABOUT_THE_SET:
            self._after_set()
        elif asks == "after":
            accounts = (*self.past.accounts, self.record.as_dict())
            found = proposals(self.programme, accounts, self._load)
            self._next_time = NextTime(found, self.plan.exercises, self.speaker)
            self._propose()
        elif asks == "progress":
            self._next_time.pass_over()
            self._propose()
        elif self._hurt.stage == "summary":
            self._to_summary()
        else:
            self._to_rest(go_on_after(self._hurt, self.recorder.last_pain, self.plan, self.programme.pain))

    # -- the end ------------------------------------------------------------------------------------------------

    def _end(self) -> None:
        """End the session, asking of pain first; a second time, leave."""
        if self.stage in ("summary", "welcome"):
            self._enter("done")
        elif self.stage == "question" and self.questions.asks not in ABOUT_THE_SET:
            self._to_summary()
        else:
            self._over = None
            self._close_set("ended")
            self._conclude()

    def _conclude(self) -> None:
        """Ask about pain now, if something was done, and then show the summary."""
        if self.programme.ask_pain and self.recorder.last_set is not None:
            self._to_question("after")
        else:
            self._to_summary()

    def _propose(self) -> None:
        """Ask whether to do more next time, if the programme's rule says so; then sum up."""
        of = self._next_time.now
        if of is not None:
            self._to_question("progress", **self._next_time.in_words(of), count=of.now)
        else:
            self._to_summary()

    def _to_summary(self) -> None:
        """Show what was done, and say the one thing to remember."""
        self._enter("summary")
        self.summary = summarise(self.record, self.plan.exercises, self.words, self.past, self.plan.exercises_by_side)
        self.speaker.say_text(self.now_s, "summary", self.summary.headline, NEXT)
        for exercise in self.summary.exercises:
            self.speaker.say_text(self.now_s, "next_time", exercise.next_time, REMARK, show=False, valid_s=20.0)

    # -- how things are -----------------------------------------------------------------------------------------

    @property
    def setup_state(self) -> SetupState | None:
        """What the checks of the set-up last found."""
        return self._preparation.state if self._preparation is not None else None

    @property
    def under_way(self) -> SetRun | None:
        """The set that is being done; None until it has reached its exercise."""
        return self.run if self.run is not None and self.run.started else None

    @property
    def record(self) -> SessionRecord:
        """Everything so far, including the set that is being done."""
        run = self.under_way
        going_on = None if run is None else run.record()
        return self.recorder.record(self.programme, self.words.language, self.now_s, going_on)

    @property
    def _asked_to_pause(self) -> bool:
        return self.pause is not None and self.pause.reason == "asked"

    @property
    def _stage_or_paused(self) -> Stage:
        """The stage, or the one to which a pause goes back."""
        return self.stage if self.pause is None else self.pause.back_to
