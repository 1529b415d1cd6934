"""Counts a set aloud: repetitions, or the breaths of a hold. The judge has the numbers; this decides what to say."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

from coach.guide.breath_pacer import IN_S, OUT_S, Follower, Pacer
from coach.guide.plan import Task
from coach.guide.speech_queue import COUNT, NEXT, REMARK, TALK, Speaker
from coach.guide.types import BreathView
from coach.types import Hold, Moment, Status

TRIED_S = 12.0  # this long without another try, after enough of them: the set is over
HALF_LEAST_S = 10.0  # shorter halves of a hold are not worth a word
LEAVE_S = 20.0  # time to come out of a hold that is long enough


class Counting(Protocol):
    """Follows the judge's count. done: the set is over. may_finish: enough has been done."""

    done: bool
    may_finish: bool
    paced: bool
    held_s: float
    label: str

    @property
    def count(self) -> int | None:
        """Repetitions, breaths or seconds; None where they cannot be seen."""
        ...

    def step(self, moment: Moment, speaking: bool, alone: bool) -> bool:
        """Take one moment; returns whether something happened.

        speaking: the person is exercising, not waiting. alone: no correction is spoken at this moment.
        """
        ...

    def resume(self, t_s: float) -> None:
        """The set continues after a pause."""
        ...

    def breath(self, t_s: float, status: Status) -> BreathView | None:
        """The breathing circle, if any."""
        ...

    def praise(self, t_s: float) -> None:
        """Say that the set is done."""
        ...


def make_counting(task: Task, speaker: Speaker) -> Counting:
    """The counting that fits what is asked for."""
    if task.unit == "reps":
        return RepetitionCounting(task, speaker)
    return BreathCounting(task, speaker) if task.unit == "breaths" else SecondsCounting(task, speaker)


class RepetitionCounting:
    """Says each repetition's number. As many tries as requested are enough, however many of them counted."""

    label = "label_reps"

    def __init__(self, task: Task, speaker: Speaker) -> None:
        self.done = self.may_finish = self.paced = False
        self.held_s = 0.0
        self._target = task.target_to
        self._speaker = speaker
        self._count = self._tries = 0
        self._tried_s = math.inf

    @property
    def count(self) -> int | None:
        """Repetitions that counted."""
        return self._count

    def step(self, moment: Moment, speaking: bool, alone: bool) -> bool:
        """Say a new count, the half-way point, and the last one."""
        count, t_s, target = moment.status.count, moment.t_s, self._target
        tried = sum(e.movement is not None and e.movement.uncounted_reason != "not_seen" for e in moment.events)
        self._tries += tried
        if tried or moment.status.phase == "moving":
            self._tried_s = t_s
        if count <= self._count:
            if tried and self._tries >= target and not self.may_finish and speaking:
                self.may_finish = True
                self._speaker.say(t_s, "may_finish_tries", NEXT)
            self.done = self.done or (self.may_finish and speaking and t_s - self._tried_s >= TRIED_S)
            return bool(tried)
        self._count = count
        self._speaker.say(t_s, "count", COUNT, show=False, valid_s=2.0, count=count)
        if speaking and alone and target >= 6 and count == target // 2:
            self._speaker.say(t_s, "halfway", REMARK)
        if speaking and alone and target >= 3 and count == target - 1:
            self._speaker.say(t_s, "last_one", REMARK)
        self.done = count >= target
        if self._tries >= target and not self.done and not self.may_finish:
            self.may_finish = True
            self._speaker.say(t_s, "may_finish_tries", NEXT)
        return True

    def resume(self, t_s: float) -> None:
        """Restart the time allowed for another try."""
        self._tried_s = t_s

    def breath(self, t_s: float, status: Status) -> BreathView | None:
        """Repetitions have no circle."""
        return None

    def praise(self, t_s: float) -> None:
        """Say how many there were."""
        self._speaker.say(t_s, "reps_done", COUNT, count=self._count)


class HoldCounting:
    """What all ways of counting a hold share: when it is long enough, and that coming out of it takes time."""

    paced = False

    def __init__(self, speaker: Speaker) -> None:
        self.done = self.may_finish = False
        self.held_s = 0.0
        self._speaker = speaker
        self._leave_by_s = math.inf

    def resume(self, t_s: float) -> None:
        """Restart the time allowed to come out."""
        if self._leaving:
            self._leave_by_s = t_s + LEAVE_S

    @property
    def _leaving(self) -> bool:
        return self._leave_by_s < math.inf

    def _step(self, moment: Moment, hold_of: Callable[[Hold], None]) -> bool:
        """Take what was held; returns whether somebody is holding."""
        holding = moment.status.phase == "holding"
        for event in moment.events:
            if event.hold is not None:
                self.held_s = max(self.held_s, event.hold.held_s)
                hold_of(event.hold)
                # A hold that is long enough ends the set; after one that is too short the person may try again.
                enough = event.hold.counted and "hold_too_short" not in event.hold.faults
                self.done = self.done or self.may_finish or enough
        if holding:
            self.held_s = max(self.held_s, moment.status.held_s)
        self.done = self.done or moment.t_s >= self._leave_by_s
        return holding

    def _come_out(self, t_s: float, key: str, **values: Any) -> None:
        """Say once that it is enough, and allow time to come out slowly."""
        if self._leaving:
            return
        self.may_finish = True
        self._leave_by_s = t_s + LEAVE_S
        self._speaker.say(t_s, key, NEXT, **values)


class SecondsCounting(HoldCounting):
    """A hold that is asked for in seconds: says when half of it is done, and when all of it is."""

    label = "label_seconds"

    def __init__(self, task: Task, speaker: Speaker) -> None:
        super().__init__(speaker)
        self._target = task.target_to
        self._halfway = False

    @property
    def count(self) -> int | None:
        """Whole seconds of the longest hold, no more than were asked for."""
        return min(self._target, int(self.held_s))

    def step(self, moment: Moment, speaking: bool, alone: bool) -> bool:
        """Follow how long it is held, and whether it is over."""
        holding = self._step(moment, lambda hold: None)
        held_s = moment.status.held_s
        if holding and speaking and held_s >= self._target:
            self._come_out(moment.t_s, "paced_come_out")
        elif holding and speaking and alone and not self._halfway and held_s >= self._target / 2 >= HALF_LEAST_S:
            self._halfway = True
            self._speaker.say(moment.t_s, "halfway", REMARK)
        return holding

    def breath(self, t_s: float, status: Status) -> BreathView | None:
        """The breath is the person's own."""
        return None

    def praise(self, t_s: float) -> None:
        """Say how long it was."""
        self._speaker.say(t_s, "hold_done_uncounted", COUNT, seconds=round(self.held_s))


class BreathCounting(HoldCounting):
    """Says each breath's number; paces a breath that cannot be seen, and then counts none."""

    label = "label_breaths"

    def __init__(self, task: Task, speaker: Speaker) -> None:
        super().__init__(speaker)
        self._least, self._most = task.target_from, task.target_to
        self._pacer = Pacer()
        self._follower = Follower()
        self._measured: int | None = None
        self._breaths = 0
        self._direction = ""

    @property
    def count(self) -> int | None:
        """Breaths of the hold, None if they were paced. The finished hold is more reliable than the running count."""
        if self._measured is not None:
            return self._measured
        return None if self.paced else self._breaths

    def step(self, moment: Moment, speaking: bool, alone: bool) -> bool:
        """Count or pace during the hold; check whether it is over."""
        if not self._leaving and any(event.name == "hold_began" for event in moment.events):
            self._breaths, self._measured = 0, None
        holding = self._step(moment, self._measure)
        if holding:
            self._follower.step(moment.t_s, moment.status.breath_phase)
            if speaking:
                self._breathe(moment.t_s, moment.status)
        return holding

    def breath(self, t_s: float, status: Status) -> BreathView | None:
        """The circle follows the breath, or leads it."""
        if status.phase != "holding":
            return None
        pacing = self._pacer.pacing
        seen = (self._follower.direction, self._follower.fill)
        direction, fill = self._pacer.breath(t_s) if pacing else seen
        label = self._speaker.words(f"breath_{direction}") if direction else ""
        return BreathView(direction, label, fill, pacing)

    def praise(self, t_s: float) -> None:
        """Say how many breaths, or how long."""
        if self.count:
            self._speaker.say(t_s, "hold_done", COUNT, count=self.count)
        else:
            self._speaker.say(t_s, "hold_done_uncounted", COUNT, seconds=round(self.held_s))

    def _measure(self, hold: Hold) -> None:
        self._pacer.rest()
        self._direction = ""
        self._measured = hold.breaths

    def _breathe(self, t_s: float, status: Status) -> None:
        if self._pacer.step(t_s, status.breath_quality):
            if not self.paced:
                self._speaker.say(t_s, "breath_unseen", NEXT)
            self.paced = True
        if self._pacer.pacing:
            self._pace(t_s, status.held_s)
        elif status.count > self._breaths:
            self._breaths = status.count
            self._say_breath(t_s)

    def _say_breath(self, t_s: float) -> None:
        if self._breaths >= self._most:
            self._come_out(t_s, "come_out", count=self._breaths)
            return
        self._speaker.say(t_s, "count", COUNT, show=False, valid_s=3.0, count=self._breaths)
        if self._breaths >= self._least and not self.may_finish:
            self.may_finish = True
            self._speaker.say(t_s, "may_finish", NEXT, to=self._most)

    def _pace(self, t_s: float, held_s: float) -> None:
        breath_s = IN_S + OUT_S
        if held_s >= self._most * breath_s:
            self._come_out(t_s, "paced_come_out")
            return
        if held_s >= self._least * breath_s and not self.may_finish:
            self.may_finish = True
            self._speaker.say(t_s, "paced_may_finish", NEXT)
        direction, _ = self._pacer.breath(t_s)
        if direction != self._direction:
            self._direction = direction
            self._speaker.say(t_s, f"breath_{direction}", TALK, show=False, valid_s=1.5)
