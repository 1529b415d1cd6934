"""Runs one set: feeds the judge, sees who is there, counts aloud, and says the corrections and the talk-through."""

from __future__ import annotations

from coach.definitions.prescription import Prescription
from coach.definitions.programme import Talk
from coach.guide.attendance import Attendance
from coach.guide.counting import make_counting
from coach.guide.hand_sign import HandSign
from coach.guide.plan import Step
from coach.guide.session_log import SetRecord
from coach.guide.set_judge import Done, Judging
from coach.guide.speech_queue import CORRECTION, NEXT, TALK, Speaker
from coach.guide.talk_through import TalkThrough
from coach.guide.types import BreathView, CheckName, CountView, EndedBy, PauseReason
from coach.i18n.result_notes import sentences
from coach.judging.breath_cycles import GOOD
from coach.session.result_builder import ResultBuilder
from coach.types import Moment, Observation, Status, other_side

IDLE_S = 15.0  # after this long with no event and no sentence: repeat what comes next
PRESCRIBED = set(Prescription.model_fields) - {"progress"}
# What the guide says itself: counting, waiting for the person, and the end of a set.
OWN_WORDS = frozenset(
    ("nobody", "partial", "calibrating", "ready", "counted", "finished", "lower", "breath", "breaths")
)


class SetRun:
    """One set of one exercise on one side, from its calibration to its end.

    gentle: it hurt there, so no sentence asks for more. started: whether it has reached its exercise; one that never
    does is not kept. sign: the hands that may ask for a pause.
    """

    def __init__(
        self,
        part: int,
        plan_step: Step,
        judging: Judging,
        speaker: Speaker,
        talk: tuple[Talk, ...],
        t_s: float,
        compromised: tuple[CheckName, ...] = (),
        gentle: bool = False,
    ) -> None:
        self.part = part
        self.plan_step = plan_step
        self.task = plan_step.task
        self.status: Status | None = None
        self.started = False
        # Of somebody who lies, the hand that holds the strap is no sign.
        lies = self.task.exercise.posture == "lying"
        self.sign = HandSign(other_side(self.task.side) if lies else None)
        self._compromised = compromised
        self._gentle = gentle
        self._judging = judging
        self._speaker = speaker
        self._talk = TalkThrough(talk)
        self._counting = make_counting(self.task, speaker)
        self._builder = ResultBuilder(self.task.exercise)
        self._attendance = Attendance(self.task.exercise.posture)
        self._phase_before = ""
        self._finished: Done | None = None
        self._start_s = self._now_s = self._busy_s = t_s

    # -- observations -------------------------------------------------------------------------------------------

    def step(self, observation: Observation, speaking: bool) -> Moment:
        """Judge one observation. Unless ``speaking`` (still, counting down, away), only counts are updated."""
        self._phase_before = self.phase
        moment = self._judging.step(observation)
        self.status = moment.status
        self._now_s = moment.t_s
        self._builder.add(moment)
        self._attendance.step(moment.t_s, self.phase, observation.pose is not None)
        corrected = moment.cue is not None and self._is_cue(moment.cue.key, moment.status)
        if self._counting.step(moment, speaking, alone=not corrected):
            self._busy_s = moment.t_s
        if speaking and not self.done:
            self._accompany(moment)
        return moment

    def lose_sight(self, t_s: float) -> None:
        """Tell the judge about a gap: movements on either side of it are not one movement."""
        self._builder.close(self._judging.step(Observation(t_s, (1, 1), None)).events)
        self._attendance = Attendance(self.task.exercise.posture)

    def begin(self, t_s: float) -> None:
        """The set begins, or continues after a countdown: an earlier repetition does not count."""
        self.started = True
        self._judging.begin(t_s)
        self.resume(t_s)

    def resume(self, t_s: float) -> None:
        """The set continues after a pause."""
        self._busy_s = t_s
        self._counting.resume(t_s)

    def finish(self) -> None:
        """Let the judge finish what is open, so that the log includes the last hold and movement."""
        self._finished = self._judging.finish()

    # -- what is said -------------------------------------------------------------------------------------------

    def praise(self, t_s: float) -> None:
        """Say that the set is done."""
        self._counting.praise(t_s)

    def ask_for_stillness(self, t_s: float) -> None:
        """Ask the person to stand or lie still."""
        self._speaker.say(t_s, f"calibrate_{self.task.exercise.posture}", NEXT)

    def ask_if_calibrating(self, t_s: float) -> None:
        """The same, if the judge calibrates."""
        if self.phase == "calibrating":
            self.ask_for_stillness(t_s)

    def follow_calibration(self, t_s: float) -> None:
        """After an absence the judge calibrates again: say when that begins, and when it is over. The count is kept."""
        if self._phase_before != "calibrating":
            self.ask_if_calibrating(t_s)
        elif self.is_calibrated:
            self._speaker.say(t_s, "resumed", NEXT)

    def waiting_for(self) -> tuple[str, str]:
        """Key and text of what comes next: the talk-through's last sentence, else the exercise's own."""
        words, status = self._speaker.words, self.status
        if self._talk.current:
            return self._talk.current, words.sided(self._talk.current, self.task.side)
        if status is None or status.waiting_for not in self.task.exercise.words["en"]:
            return "", ""
        return status.waiting_for, self.task.exercise.say(status.waiting_for, words.language)

    def _accompany(self, moment: Moment) -> None:
        """The coach's cue, else the talk-through, else a reminder of what comes next."""
        t_s, cue = moment.t_s, moment.cue
        if cue is not None and self._is_cue(cue.key, moment.status):
            self._busy_s = t_s
            self._speaker.say_text(t_s, cue.key, cue.text, CORRECTION, joints=cue.joints)
            return
        if moment.status.phase == "moving":
            self._busy_s = t_s
        seen = moment.status.phase not in ("nobody", "partial")
        line = self._talk.step(t_s, moment.status.phase) if seen else None
        if line is not None:
            self._busy_s = t_s
            self._speaker.say_text(t_s, line, self._speaker.words.sided(line, self.task.side), TALK)
        elif self.is_calibrated and t_s - max(self._busy_s, self._speaker.last_s) >= IDLE_S:
            key, text = self.waiting_for()
            if text:
                self._speaker.say_text(t_s, key, text, TALK)

    def _is_cue(self, key: str, status: Status) -> bool:
        """Whether to say the coach's sentence here, rather than leave the subject to the guide."""
        talked_through = self._talk.covers(status.phase) and key in (status.phase, status.waiting_for)
        if self._gentle and key in self.task.exercise.asks_for_more:
            return False
        if key == "breath_held" and not status.breath_quality >= GOOD:
            return False  # a person whose breathing is not seen is not told to breathe
        return key not in OWN_WORDS and not talked_through

    # -- how far it is ------------------------------------------------------------------------------------------

    @property
    def phase(self) -> str:
        """The judge's phase, empty before its first word."""
        return self.status.phase if self.status is not None else ""

    @property
    def is_calibrated(self) -> bool:
        """Whether the judge has measured the person at rest and sees them."""
        return self.phase not in ("", "nobody", "partial", "calibrating")

    def away(self, t_s: float) -> PauseReason | None:
        """Why to pause now, because the person is out of sight; None while they are there."""
        return self._attendance.away(t_s, self.is_settling)

    def is_back(self, t_s: float) -> bool:
        """Whether somebody who was out of sight has been there again for long enough."""
        return self._attendance.back(t_s)

    @property
    def done(self) -> bool:
        """Whether the set is over."""
        return self._counting.done

    @property
    def may_finish(self) -> bool:
        """Whether enough has been done to stop."""
        return self._counting.may_finish

    @property
    def is_untouched(self) -> bool:
        """Whether nothing has even been attempted."""
        return not self._done.movements and not self._done.holds and self._counting.held_s == 0

    @property
    def is_settling(self) -> bool:
        """Whether a hold has yet to begin: the person is still moving into position."""
        return self.task.exercise.kind == "hold" and self.is_untouched

    @property
    def reached_target(self) -> bool:
        """Whether the full number has been done, not just enough."""
        return self.count is not None and self.count >= self.task.target_to

    @property
    def count(self) -> int | None:
        """Repetitions, breaths or seconds of this set; None where the breath is paced."""
        return self._counting.count

    @property
    def _done(self) -> Done:
        return self._finished or self._builder

    # -- what is shown and kept ---------------------------------------------------------------------------------

    def count_view(self) -> CountView:
        """The number in the ring."""
        return CountView(
            value=self.count,
            target_from=self.task.target_from,
            target_to=self.task.target_to,
            label=self._speaker.words(self._counting.label),
            may_finish=self.may_finish,
            held_s=self.status.held_s if self.status else 0.0,
        )

    def breath_view(self, t_s: float) -> BreathView | None:
        """The breathing circle of a hold, None outside one."""
        return None if self.status is None else self._counting.breath(t_s, self.status)

    def record(self, ended_by: EndedBy = "") -> SetRecord:
        """This set so far."""
        builder = self._done
        return SetRecord(
            part=self.part,
            block=self.plan_step.number,
            set_number=self.plan_step.set_number,
            exercise=self.task.exercise.name,
            side=self.task.side,
            start_s=self._start_s,
            end_s=self._now_s,
            ended_by=ended_by,
            target_from=self.task.target_from,
            target=self.task.target_to,
            count=self.count,
            held_s=max((self._counting.held_s, *(hold.held_s for hold in builder.holds))),
            paced=self._counting.paced,
            compromised=self._compromised,
            movements=tuple(builder.movements),
            holds=tuple(builder.holds),
            result=builder.result("session", single=True, notes=sentences(builder.notes, self._speaker.words.language)),
            unit=self.task.unit,
            asked=tuple(text for _, text in self.task.asked),
            prescription=self.task.block.model_dump(include=PRESCRIBED, exclude_defaults=True),
        )
