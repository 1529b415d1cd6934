"""Judges an exercise that is held: finds the start posture, the hold and its breaths, and judges it as a whole."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from functools import lru_cache

from coach.definitions.exercise import Exercise
from coach.judging.assess_hold import assess_hold
from coach.judging.attendance import Attendance
from coach.judging.breath_counter import BreathCount
from coach.judging.camera_view import CameraView, supine_view
from coach.judging.display import Display
from coach.judging.faults import FaultMonitors
from coach.judging.hold_segmenter import HoldSegmenter, HoldSpan
from coach.judging.respiration import BreathTracker
from coach.judging.samples import samples_of
from coach.judging.start_posture import StartPosture, rise, rise_of
from coach.kinematics.body import Body
from coach.kinematics.catalogue import SIGNALS, measured, signals_of
from coach.kinematics.geometry import median
from coach.kinematics.sided_pose import SidedPose, resting
from coach.types import Event, FloatArray, Observation, Pose, Side, Signals, Status, Verdict

ABSENT_S = 3.0
START_DRIFT = 3.0  # % of the leg: this close to the start posture, it may be taken again
SHOWN_S = 0.3  # over which a needle is smoothed
SETTLE_S = 1.0  # after a hold, before it is judged: the return is needed to find its end
KEPT_S = 200.0
PAUSE_S = 5.0  # nobody pauses longer on the way up: a leg that is still for longer may already have opened
FINDING_S = 0.8  # of poses, kept until a start posture is taken from them
# An opened leg is lower in the picture than one straight up: by 9 to 60 % at 35 to 45 degrees in 27 rendered stretches.
# A leg that came back is within 6 % of where it was.
HIGHER = 1.06  # of the start posture's rise: the leg was not straight up there
LOWER = 0.97  # less than this: the leg has opened; otherwise the body has moved


class HoldJudge:
    """Finds holds of one exercise, counts their breaths and says what was wrong.

    begun: False if the person gets ready first. Until ``begin`` the start posture is sought and the leg is followed,
    but nothing is counted; a hold that is under way then counts from there.
    """

    def __init__(self, exercise: Exercise, side: Side | None = None, begun: bool = True) -> None:
        assert exercise.hold is not None
        self._exercise = exercise
        self._rule = exercise.hold
        self._names = tuple(
            dict.fromkeys(
                [name for name in (self._rule.signal, self._rule.depth, self._rule.start_signal) if name is not None]
                + [fault.signal for fault in exercise.faults]
                + [gauge.signal for gauge in exercise.gauges]
            )
        )
        self._forced = side
        self._start = StartPosture()
        self._segmenter = HoldSegmenter(self._rule)
        self._breath = BreathTracker()
        self._begin_s = float("-inf") if begun else float("inf")
        self._samples: deque[Signals] = deque()
        self._poses: deque[tuple[float, Pose | None]] = deque()  # of the samples: their start may be found after them
        self._view: CameraView | None = None
        self._ended: HoldSpan | None = None
        self._free_s = float("-inf")  # end of the last hold: edges are extrapolated, and must not reach into it
        self._attendance = Attendance(exercise, ABSENT_S)
        self._display = Display(exercise, SHOWN_S)
        self._phase = "nobody"
        self._done = False  # a hold from this start posture counted: the leg is only to be lowered
        self._number = 0
        self._count = BreathCount(self._breath, self._rule.breath_gap_s)
        self._watches = FaultMonitors(exercise.faults)

    def select_side(self, side: Side | None) -> None:
        """Judge only this side; None finds it from the raised leg."""
        self._forced = side

    def begin(self, t_s: float) -> None:
        """The exercise begins now. Does nothing a second time."""
        if self._begin_s < float("inf"):
            return
        self._begin_s = t_s
        start = self._start
        last = next((pose for _, pose in reversed(self._poses) if pose is not None), None)
        if self._segmenter.away and last is not None and self._against_start(last) >= LOWER:
            # It was not the leg that left the start posture while the person got ready.
            self._forget_start()
        elif self._segmenter.phase == "holding" and start.side is not None:
            self._phase = "opening"  # so that the hold is seen to begin with the next observation

    def step(self, observation: Observation) -> Verdict:
        """What one more observation tells."""
        t_s = observation.t_s
        self._breath.add(observation)
        attended = self._attendance.step(observation)
        events = [attended] if attended is not None else []
        pose = observation.pose if self._attendance.there == "here" else None
        # A leg that the network drew onto the other one, or elsewhere, was not seen; it did not jump there.
        if pose is None:
            self._start.see_nobody()
        elif not self._follow_start(t_s, pose, observation.motion):
            pose = None
        if self._start.tells_other_leg(t_s):
            events.append(Event(t_s, "other_side", self._forced))
        signals = self._measure(t_s, pose)
        value = signals[self._rule.signal] if signals is not None else float("nan")
        if signals is not None and self._ended is None:
            self._ended = self._segmenter.step(t_s, value)
        if self._ended is not None and t_s >= self._ended.end_s + SETTLE_S:
            gone = self._ended.gone
            events += self._judge(t_s)
            if gone:
                self._forget_start()
        # In this order: a hold must begin before its breaths can be counted.
        events += self._follow_phase(t_s)
        events += self._follow_hold(t_s, signals)
        found = {signals.side: signals} if signals is not None else {}
        return Verdict(self._status(), tuple(events), found)

    def finish(self) -> tuple[Event, ...]:
        """Judge a hold that the end of the video cuts off."""
        if self._ended is None and self._segmenter.away and self._samples:
            self._ended = self._segmenter.cut(self._samples[-1].t_s)
        return tuple(self._judge(self._samples[-1].t_s)) if self._ended is not None else ()

    # -- start posture ------------------------------------------------------------------------------------------

    def _follow_start(self, t_s: float, pose: Pose, motion: FloatArray | None) -> bool:
        """Update the start posture; returns whether the leg is seen where this exercise expects it."""
        start = self._start
        if self._ended is None and start.kept_s(t_s) <= PAUSE_S and self._raised_further(pose):
            self._forget_start()
        if self._ended is None and self._was_open(t_s, pose, motion):
            return True
        shown = start.body is None or start.shows_leg(t_s, pose)
        lowered_s = start.lowered_since_s(t_s) if start.body is not None else None
        if lowered_s is not None and self._ended is None:
            self._ended = self._segmenter.cut(lowered_s)
            if self._ended is None:
                self._forget_start()
        if self._segmenter.away or self._ended is not None:
            return shown
        if start.body is not None and self._travel() > START_DRIFT:
            start.hold_still()
        else:
            start.seek(t_s, pose, motion, self._forced)
            self._view = supine_view(start.body, start.side) if start.body and start.side else self._view
        return shown

    def _forget_start(self) -> None:
        self._done = False
        self._start.forget()
        self._segmenter.reset()
        self._poses.clear()

    def _was_open(self, t_s: float, pose: Pose, motion: FloatArray | None) -> bool:
        """Whether the leg, still again, is further up than in the start posture: it had already opened there. What it
        did since is then judged once more, from the start posture that is known only now."""
        start, segmenter = self._start, self._segmenter
        held = segmenter.phase == "holding" or start.kept_s(t_s) > PAUSE_S
        if start.body is None or start.side is None or not held:
            return False
        higher = self._against_start(pose) > HIGHER or self._raised_further(pose)
        if not higher or not start.retake(t_s, pose, motion):
            return False
        self._view = supine_view(start.body, start.side)
        segmenter.reset()
        self._samples.clear()
        for then_s, pose_then in self._poses:
            then = pose_then if pose_then is not None and not start.lowers(pose_then) else None
            self._samples.append(measured(signals_of(then_s, then, start.side, start.body, self._names)))
        if self._opened():
            for signals in self._samples:
                span = segmenter.step(signals.t_s, signals[self._rule.signal])
                self._ended = self._ended or span
        return True

    def _opened(self) -> bool:
        """Whether the leg was to the side in the samples in which it was away from the start, and not half way up."""
        rule = self._rule
        if self._start_value() < rule.start_at_least:
            return False
        away = [signals[rule.depth] for signals in self._samples if signals[rule.signal] > rule.start_above]
        known = [value for value in away if math.isfinite(value)]
        return 2 * len(known) > len(away) and median(known) > rule.counts_from

    def _against_start(self, pose: Pose) -> float:
        """How far the raised ankle is over the hips, relative to the start posture; NaN from above, where it is not."""
        body, side = self._start.body, self._start.side
        if body is None or side is None or self._view is None or self._view.name == "above":
            return float("nan")
        return rise(pose, side, body.trunk_px) / rise_of(body.xy_px, side, body.trunk_px)

    def _travel(self) -> float:
        value = self._display.value(self._rule.signal, self._start.side) if self._start.side else float("nan")
        return value if math.isfinite(value) else 0.0

    def _measure(self, t_s: float, pose: Pose | None) -> Signals | None:
        found = self._start.body is not None
        self._poses.append((t_s, pose))
        while t_s - self._poses[0][0] > (KEPT_S if found else FINDING_S):
            self._poses.popleft()
        if self._start.body is None or self._start.side is None:
            return None
        signals = measured(signals_of(t_s, pose, self._start.side, self._start.body, self._names))
        self._display.add(t_s, {signals.side: signals})
        self._samples.append(signals)
        while t_s - self._samples[0].t_s > KEPT_S:
            self._samples.popleft()
        return signals

    def _start_value(self) -> float:
        """The required start signal, measured in the start posture."""
        if self._rule.start_signal is None or self._start.body is None or self._start.side is None:
            return float("nan")
        return _at_start(self._rule.start_signal, self._start.body, self._start.side)

    def _raised_further(self, pose: Pose) -> bool:
        """Whether the start posture was taken on the way up: not high enough then, but high enough now."""
        name, least, body, side = self._rule.start_signal, self._rule.start_at_least, self._start.body, self._start.side
        if name is None or body is None or side is None or not self._start_value() < least:
            return False
        return least <= SIGNALS[name](SidedPose(lambda: pose.xy_px, pose.world_m, side, body))

    # -- holds --------------------------------------------------------------------------------------------------

    def _judge(self, t_s: float) -> list[Event]:
        span, self._ended = self._ended, None
        assert span is not None and self._start.side is not None
        samples = samples_of(self._start.side, list(self._samples))
        hold = assess_hold(self._exercise, self._view, samples, span, self._breath, self._start_value(), self._begin_s)
        self._done = hold is not None and hold.counted
        # What ends with the last hold is that one, judged once more from a start posture that was found later.
        if hold is None or hold.end_s <= self._free_s:
            return []
        self._number += 1
        start_s = min(max(hold.start_s, self._free_s), hold.end_s)
        self._free_s = hold.end_s
        hold = replace(hold, number=self._number, start_s=start_s)
        return [Event(t_s, "hold", hold.side, hold.uncounted_reason or "", hold=hold, number=hold.breaths or 0)]

    def _follow_hold(self, t_s: float, signals: Signals | None) -> list[Event]:
        """Breaths and corrections during the hold."""
        if self._segmenter.phase != "holding" or self._ended is not None:
            return []
        if t_s < self._begin_s:
            return []
        events = []
        held = self._count.held
        if self._count.step(t_s):
            events.append(Event(t_s, "breath", self._start.side, number=self._count.count))
        if self._count.held and not held:
            events.append(Event(t_s, "fault_began", self._start.side, "breath_held"))
        if signals is not None:
            events += self._watches.step(signals, self._view.name if self._view else None)
        return events

    def _follow_phase(self, t_s: float) -> list[Event]:
        phase: str = self._attendance.there
        if phase == "here":
            phase = "ready" if self._start.body is None else "raised"
            if self._segmenter.away:
                phase = self._segmenter.phase
        elif self._segmenter.away:
            phase = self._phase
        if phase == self._phase:
            return []
        events = [Event(t_s, "phase", self._start.side, phase)]
        if phase == "holding" and self._phase in ("opening", "raised") and t_s >= self._begin_s:
            self._count.begin(t_s)
            self._watches.reset()
            events.append(Event(t_s, "hold_began", self._start.side))
        self._phase = phase
        return events

    # -- what to show -------------------------------------------------------------------------------------------

    def _waiting_for(self) -> str:
        """The key of what comes next: how to get into a hold, but after one that counted how to come down."""
        if self._phase not in ("raised", "opening") or not (self._done or self._ended is not None):
            return self._phase
        return "lower" if self._done and self._phase == "raised" else ""

    def _status(self) -> Status:
        measured = self._start.side if self._samples and self._start.body is not None else None
        waiting, count = self._waiting_for(), self._count.count
        status = self._display.status(self._phase, waiting, count, self._start.side, measured, self._view)
        if self._phase != "holding" or self._begin_s == float("inf"):
            return status
        return replace(
            status,
            held_s=(self._samples[-1].t_s if self._samples else float("nan")) - self._count.began_s,
            breath_quality=self._count.breathing.quality,
            breath_phase=self._count.breathing.phase,
            faults=self._watches.broken,
        )


@lru_cache(maxsize=2)
def _at_start(signal: str, body: Body, side: Side) -> float:
    """A signal in the start posture of this body. Cached: every picture asks for it."""
    return SIGNALS[signal](resting(body, side))
