"""Judges an exercise that is held: finds the start posture, the hold and its breaths, and judges it whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np

from coach.assess import Samples, mean_near
from coach.assess_hold import assess_hold
from coach.body import Body, mid, trunk_px
from coach.breath import NOTHING, BreathTracker, Breathing
from coach.exercise import Exercise
from coach.holds import HoldSegmenter, HoldSpan
from coach.presence import Presence, StillLeg, is_upright, presence
from coach.signals import measure
from coach.supine import LEG_TO_TRUNK, find_axes, is_lowered
from coach.types import SIDES, Event, Gauge, Hold, Observation, Pose, Side, Signals, Status, Verdict, joint, other_side
from coach.view import ViewOf, advice, supine_view

ABSENT_S = 3.0
RAISED, NOT_RAISED = 0.40, 0.30  # rise of an ankle over the hips, as a share of the leg's length
COLLAPSED = 0.18  # knees nearer than this share of the leg, while one leg is up and the other bent: drawn as one
STILL, VERY_STILL = 0.03, 0.006  # of the leg: to take a start posture, and to take it anew as the network settles
START_DRIFT = 3.0  # % of the leg: so near to the start posture it may be taken anew
HEAD_END = 0.3  # of the direction to the camera: beyond it the camera is at the head end
SETTLING_S = 1.0  # for so long after it was found
LOWERED_S = 2.0  # the leg down for so long ends the start posture
SETTLE_S = 1.0  # after a hold, before it is judged: the way back is needed for its end
KEPT_S = 200.0
BREATH_AFTER_S = 0.5  # the leg comes to rest before the trunk does
BREATH_EVERY_S = 0.5


def rise(pose: Pose, side: Side, scale_px: float) -> float:
    """How high an ankle is over the hips in the picture, as a share of the leg's length."""
    height = mid(pose.xy_px, "hip")[1] - pose.xy_px[joint("ankle", side)][1]
    return float(height) / (LEG_TO_TRUNK * scale_px)


def knees_apart(pose: Pose, scale_px: float) -> float:
    """Distance of the knees in the picture, as a share of the leg's length."""
    gap = pose.xy_px[joint("knee", "left")] - pose.xy_px[joint("knee", "right")]
    return float(np.linalg.norm(gap)) / (LEG_TO_TRUNK * scale_px)


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
        self._still = StillLeg()
        self._segmenter = HoldSegmenter(self._rule)
        self._breath = BreathTracker()
        self._samples: deque[tuple[float, Signals]] = deque()
        self._side: Side | None = None
        self._start: Body | None = None
        self._view: ViewOf | None = None
        self._ended: HoldSpan | None = None
        self._seen_s = self._started_s = float("-inf")
        self._lowered_s = float("inf")
        self._lost = True
        self._phase = "nobody"
        self._number = 0
        self._breathing: Breathing = NOTHING
        self._breath_s = self._began_s = float("-inf")
        self._breaths = 0
        self._readings: deque[int] = deque(maxlen=3)

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
        if pose is not None:
            self._find_start(t_s, pose)
        signals = self._measure(t_s, pose)
        value = signals[self._rule.signal] if signals is not None else float("nan")
        if self._start is not None and self._ended is None:
            self._ended = self._segmenter.step(t_s, value)
        if self._ended is not None and t_s >= self._ended.end_s + SETTLE_S:
            gone = self._ended.gone
            events += self._judge(t_s)
            if gone:
                self._forget_start()
        events += self._follow_breath(t_s)
        events += self._follow_phase(t_s, there)
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

    def _find_start(self, t_s: float, pose: Pose) -> None:
        """The start posture: on the back, one leg up and still, the other not up."""
        scale = trunk_px(pose) if self._start is None else self._start.trunk_px
        if self._start is not None and self._side is not None:
            if not self._drawn_as_one(pose):
                if not self._lowered(pose):
                    self._lowered_s = float("inf")
                elif self._lowered_s > t_s:
                    self._lowered_s = t_s
            if t_s - self._lowered_s > LOWERED_S and self._ended is None:
                self._ended = self._segmenter.cut(self._lowered_s)
                if self._ended is None:
                    self._forget_start()
                    return
            if self._segmenter.away or self._ended is not None:
                return
        raised = [side for side in SIDES if self._forced in (None, side) and rise(pose, side, scale) > RAISED]
        others = [side for side in raised if rise(pose, other_side(side), scale) < NOT_RAISED]
        if len(others) != 1:
            self._still.reset()
            return
        if self._start is not None and (self._travel() > START_DRIFT or t_s - self._started_s > SETTLING_S):
            self._still.reset()
            return
        body = self._still.step(t_s, pose, others[0], STILL if self._start is None else VERY_STILL)
        if body is not None:
            self._started_s = t_s if self._start is None else self._started_s
            self._start, self._side, self._lowered_s = body, others[0], float("inf")
            self._view = supine_view(body, others[0])

    def _forget_start(self) -> None:
        self._start = None
        self._segmenter.reset()
        self._still.reset()

    def _drawn_as_one(self, pose: Pose) -> bool:
        assert self._start is not None
        return knees_apart(pose, self._start.trunk_px) < COLLAPSED

    def _lowered(self, pose: Pose) -> bool:
        assert self._start is not None and self._side is not None
        axes = find_axes(self._start, self._side)
        # From the head end a leg that falls out and one that goes down look alike but for their height.
        if axes.camera[0] >= HEAD_END:
            return rise(pose, self._side, self._start.trunk_px) < NOT_RAISED
        return is_lowered(axes, pose.xy_px, self._side)

    def _travel(self) -> float:
        recent = [s[self._rule.signal] for t, s in self._samples if self._samples[-1][0] - t <= 0.3]
        value = mean_near(np.array(recent))
        return value if np.isfinite(value) else 0.0

    def _measure(self, t_s: float, pose: Pose | None) -> Signals | None:
        if self._start is None or self._side is None:
            return None
        # A leg that the network draws onto the other one was not seen; it did not move there in an instant.
        if pose is not None and (self._drawn_as_one(pose) or self._lowered(pose)):
            pose = None
        signals = measure(t_s, pose, self._side, self._start, self._names)
        self._samples.append((t_s, signals))
        while t_s - self._samples[0][0] > KEPT_S:
            self._samples.popleft()
        return signals

    # -- holds --------------------------------------------------------------------------------------------------

    def _judge(self, t_s: float) -> list[Event]:
        span, self._ended = self._ended, None
        assert span is not None and self._side is not None
        times = np.array([t for t, _ in self._samples])
        values = {name: np.array([s[name] for _, s in self._samples]) for name in self._names}
        found = assess_hold(self._exercise, self._view, Samples(times, values), span, self._breath)
        if found is None:
            return []
        self._number += 1
        hold = Hold(
            number=self._number,
            side=self._side,
            start_s=found.start_s,
            end_s=found.end_s,
            breaths=len(found.breathing.peak_s) if found.breathing.good else None,
            breath_start_s=found.breathing.start_s if found.breathing.good else (),
            breath_rate_per_min=found.breathing.rate_per_min if found.breathing.good else float("nan"),
            breath_quality=found.breathing.quality,
            depth=found.depth,
            counted=found.uncounted_reason is None,
            uncounted_reason=found.uncounted_reason,
            faults=found.faults,
            unjudged=found.unjudged,
        )
        return [Event(t_s, "hold", hold.side, hold.uncounted_reason or "", hold=hold, number=hold.breaths or 0)]

    def _follow_breath(self, t_s: float) -> list[Event]:
        """Counts breaths as they happen; the finished hold is counted once more from the whole of it."""
        if self._segmenter.phase != "holding" or self._ended is not None:
            return []
        if t_s - self._breath_s < BREATH_EVERY_S:
            return []
        self._breath_s = t_s
        self._breathing = self._breath.between(self._began_s + BREATH_AFTER_S, t_s)
        # A breath is complete once its exhalation is under way: a peak at the very end may still move.
        whole = sum(peak < t_s - 1.0 for peak in self._breathing.peak_s) if self._breathing.good else 0
        # Said aloud it cannot be taken back: three readings in a row have to agree that there is one more.
        self._readings.append(whole)
        sure = min(self._readings) if len(self._readings) == self._readings.maxlen else 0
        if sure <= self._breaths:
            return []
        self._breaths = min(sure, self._breaths + 1)
        return [Event(t_s, "breath", self._side, number=self._breaths)]

    def _follow_phase(self, t_s: float, there: Presence) -> list[Event]:
        phase: str = there
        if there == "here":
            phase = "ready" if self._start is None else "raised"
            if self._segmenter.away:
                phase = self._segmenter.phase
        elif self._segmenter.away:
            phase = self._phase
        if phase == self._phase:
            return []
        events = [Event(t_s, "phase", self._side, phase)]
        if phase == "holding" and self._phase in ("opening", "raised"):
            self._began_s = t_s
            self._breaths, self._breathing = 0, NOTHING
            self._readings.clear()
            events.append(Event(t_s, "hold_began", self._side))
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
            side=self._side,
            count=self._breaths,
            target=self._exercise.target.count,
            held_s=now - self._began_s if holding else 0.0,
            breath_quality=self._breathing.quality if holding else float("nan"),
            breath_phase=self._breathing.phase if holding else float("nan"),
            gauges=gauges,
            view_angle_deg=self._view.angle_deg if self._view else float("nan"),
            view_advice=advice(self._exercise, self._view) if self._view else None,
        )

    def _shown(self, name: str) -> float:
        if not self._samples or self._start is None:
            return float("nan")
        last = self._samples[-1][0]
        return mean_near(np.array([s[name] for t, s in self._samples if last - t <= 0.3]))
