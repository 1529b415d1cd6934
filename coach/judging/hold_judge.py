"""Judges an exercise that is held: finds the start posture, the hold and its breaths, and judges it whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np

from coach.definitions.exercise import Exercise
from coach.judging.assess_hold import assess_hold
from coach.judging.assess_repetition import Samples, mean_near
from coach.judging.breath_counter import BreathCount
from coach.judging.camera_view import CameraView, advice, supine_view
from coach.judging.faults import FaultMonitors
from coach.judging.hold_segmenter import HoldSegmenter, HoldSpan
from coach.judging.presence import Presence, is_upright, presence
from coach.judging.respiration import BreathTracker
from coach.judging.start_posture import StartPosture
from coach.kinematics.catalogue import SIGNALS, measure
from coach.kinematics.sided_pose import SidedPose
from coach.types import Event, FloatArray, Gauge, Hold, Observation, Pose, Side, Signals, Status, Verdict

ABSENT_S = 3.0
START_DRIFT = 3.0  # % of the leg: so near to the start posture it may be taken anew
SETTLE_S = 1.0  # after a hold, before it is judged: the way back is needed for its end
KEPT_S = 200.0


class HoldJudge:
    """Finds holds of one exercise, counts their breaths and says what was wrong."""

    def __init__(self, exercise: Exercise, side: Side | None = None) -> None:
        assert exercise.hold is not None
        self._exercise = exercise
        self._rule = exercise.hold
        self._names = tuple(
            dict.fromkeys(
                [self._rule.signal, self._rule.depth]
                + [fault.signal for fault in exercise.faults]
                + [gauge.signal for gauge in exercise.gauges]
            )
        )
        self._forced = side
        self._start = StartPosture()
        self._segmenter = HoldSegmenter(self._rule)
        self._breath = BreathTracker()
        self._samples: deque[tuple[float, Signals]] = deque()
        self._view: CameraView | None = None
        self._ended: HoldSpan | None = None
        self._free_s = float("-inf")  # where the last hold ended: edges are extrapolated, and must not reach into it
        self._seen_s = float("-inf")
        self._lost = True
        self._phase = "nobody"
        self._number = 0
        self._count = BreathCount(self._breath, self._rule.breath_gap_s)
        self._watches = FaultMonitors(exercise.faults)

    def select_side(self, side: Side | None) -> None:
        """Judge only this side; None finds it from the raised leg."""
        self._forced = side

    def step(self, observation: Observation) -> Verdict:
        """What one more observation tells."""
        t_s = observation.t_s
        events: list[Event] = []
        self._breath.add(t_s, observation.chest_px)
        there = self._presence(observation)
        events += self._attend(t_s, there)
        pose = observation.pose if there == "here" else None
        # A leg that the network draws onto the other one was not seen; it did not move there in an instant.
        if pose is None:
            self._start.see_nobody()
        elif not self._follow_start(t_s, pose):
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
        # In this order: a hold has to begin before its breaths are counted from there.
        events += self._follow_phase(t_s, there)
        events += self._follow_hold(t_s, signals)
        found = {signals.side: signals} if signals is not None else {}
        return Verdict(self._status(found), tuple(events), found)

    def finish(self) -> tuple[Event, ...]:
        """Judge a hold that the end of the video cuts off."""
        if self._ended is None and self._segmenter.away and self._samples:
            self._ended = self._segmenter.cut(self._samples[-1][0])
        return tuple(self._judge(self._samples[-1][0])) if self._ended is not None else ()

    # -- presence and start posture -----------------------------------------------------------------------------

    def _presence(self, observation: Observation) -> Presence:
        there = presence(observation)
        if there == "here" and observation.pose is not None and is_upright(observation.pose):
            return "partial"
        return there

    def _attend(self, t_s: float, there: Presence) -> list[Event]:
        if there == "here":
            self._seen_s = t_s
            if self._lost:
                self._lost = False
                return [Event(t_s, "returned")]
        elif not self._lost and t_s - self._seen_s >= ABSENT_S:
            self._lost = True
            return [Event(t_s, "lost", detail=there)]
        return []

    def _follow_start(self, t_s: float, pose: Pose) -> bool:
        """Keep the start posture up to date; whether the leg is seen where this exercise has it."""
        start = self._start
        if self._ended is None and self._raised_further(pose):
            self._forget_start()
        shown = start.body is not None and start.shows_leg(t_s, pose)
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
            start.seek(t_s, pose, self._forced)
            self._view = supine_view(start.body, start.side) if start.body and start.side else self._view
        return shown

    def _forget_start(self) -> None:
        self._start.forget()
        self._segmenter.reset()

    def _travel(self) -> float:
        recent = [s[self._rule.signal] for t, s in self._samples if self._samples[-1][0] - t <= 0.3]
        value = mean_near(np.array(recent))
        return value if np.isfinite(value) else 0.0

    def _measure(self, t_s: float, pose: Pose | None) -> Signals | None:
        if self._start.body is None or self._start.side is None:
            return None
        signals = measure(t_s, pose, self._start.side, self._start.body, self._names)
        self._samples.append((t_s, signals))
        while t_s - self._samples[0][0] > KEPT_S:
            self._samples.popleft()
        return signals

    def _start_value(self) -> float:
        """What has to hold of the start posture, measured in it."""
        if self._rule.start_signal is None or self._start.body is None or self._start.side is None:
            return float("nan")
        return self._value_in(self._start.body.xy_px, self._start.body.world_m)

    def _value_in(self, xy_px: FloatArray, world_m: FloatArray) -> float:
        name, body, side = self._rule.start_signal, self._start.body, self._start.side
        assert name is not None and body is not None and side is not None
        return SIGNALS[name](SidedPose(xy_px, world_m, side, body))

    def _raised_further(self, pose: Pose) -> bool:
        """Whether the start posture was taken on the way up: not far enough then, and far enough now."""
        least = self._rule.start_at_least
        return self._start_value() < least <= self._value_in(pose.xy_px, pose.world_m)

    # -- holds --------------------------------------------------------------------------------------------------

    def _judge(self, t_s: float) -> list[Event]:
        span, self._ended = self._ended, None
        assert span is not None and self._start.side is not None
        times = np.array([t for t, _ in self._samples])
        values = {name: np.array([s[name] for _, s in self._samples]) for name in self._names}
        found = assess_hold(self._exercise, self._view, Samples(times, values), span, self._breath, self._start_value())
        if found is None:
            return []
        self._number += 1
        start_s = min(max(found.start_s, self._free_s), found.end_s)
        self._free_s = found.end_s
        hold = Hold(
            number=self._number,
            side=self._start.side,
            start_s=start_s,
            end_s=found.end_s,
            breaths=found.breathing.count if found.breathing.good else None,
            breath_start_s=found.breathing.start_s if found.breathing.good else (),
            breath_rate_per_min=found.breathing.rate_per_min if found.breathing.good else float("nan"),
            breath_quality=found.breathing.quality,
            depth=found.depth,
            counted=found.uncounted_reason is None,
            uncounted_reason=found.uncounted_reason,
            faults=found.faults,
            not_judged=found.not_judged,
            depth_interval=found.depth_interval,
        )
        return [Event(t_s, "hold", hold.side, hold.uncounted_reason or "", hold=hold, number=hold.breaths or 0)]

    def _follow_hold(self, t_s: float, signals: Signals | None) -> list[Event]:
        """Breaths and corrections while the hold goes on."""
        if self._segmenter.phase != "holding" or self._ended is not None:
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

    def _follow_phase(self, t_s: float, there: Presence) -> list[Event]:
        phase: str = there
        if there == "here":
            phase = "ready" if self._start.body is None else "raised"
            if self._segmenter.away:
                phase = self._segmenter.phase
        elif self._segmenter.away:
            phase = self._phase
        if phase == self._phase:
            return []
        events = [Event(t_s, "phase", self._start.side, phase)]
        if phase == "holding" and self._phase in ("opening", "raised"):
            self._count.begin(t_s)
            self._watches.reset()
            events.append(Event(t_s, "hold_began", self._start.side))
        self._phase = phase
        return events

    # -- what to show -------------------------------------------------------------------------------------------

    def _status(self, signals: Mapping[Side, Signals]) -> Status:
        now = self._samples[-1][0] if self._samples else float("nan")
        gauges = tuple(
            Gauge(g.signal, g.label, self._shown(g.signal), g.unit, g.low, g.high, g.target)
            for g in self._exercise.gauges
        )
        holding = self._phase == "holding"
        return Status(
            exercise=self._exercise.name,
            kind="hold",
            phase=self._phase,
            waiting_for=self._phase,
            side=self._start.side,
            count=self._count.count,
            target=self._exercise.target.count,
            held_s=now - self._count.began_s if holding else 0.0,
            breath_quality=self._count.breathing.quality if holding else float("nan"),
            breath_phase=self._count.breathing.phase if holding else float("nan"),
            gauges=gauges,
            faults=self._watches.broken if holding else (),
            view_angle_deg=self._view.angle_deg if self._view else float("nan"),
            view_advice=advice(self._exercise, self._view) if self._view else None,
        )

    def _shown(self, name: str) -> float:
        view = self._view.name if self._view else None
        if not self._samples or self._start.body is None or not self._exercise.shown_from(name, view):
            return float("nan")
        last = self._samples[-1][0]
        return mean_near(np.array([s[name] for t, s in self._samples if last - t <= 0.3]))
