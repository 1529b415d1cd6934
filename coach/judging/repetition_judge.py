"""Judges an exercise of repetitions: finds each movement as it happens, and judges it whole once it is over."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from coach.definitions.exercise import Exercise
from coach.judging.assess_repetition import FOOT, Assessment, Samples, assess, mean_near
from coach.judging.camera_view import CameraView, advice, upright_view
from coach.judging.presence import Calibration, Presence, is_upright, presence
from coach.judging.repetition_segmenter import GAP_S, Segmenter, Span
from coach.kinematics.body import Body
from coach.kinematics.catalogue import measure
from coach.kinematics.filters import Lag
from coach.types import SIDES, Event, Gauge, Movement, Observation, Side, Signals, Status, Verdict, other_side

ABSENT_S = 1.0  # out of sight for longer, the person may come back to another place: calibrate again
SETTLE_S = 0.5  # after a movement, before it is judged: its rest level needs a moment on either side
KEPT_S = 20.0  # of samples: longer than the longest movement
LAG_S = 0.12  # of the causal smoothing that finds movements
PLANTED_PCT = 0.5  # of the leg: by so much at least the moving foot must move more than the planted one
STAYS_PCT = 1.5  # by so much more before the side of a settled set changes
OTHER_SIDE = 4.0  # by so much more the other side has to move before it is followed instead
SETTLED = 2  # counted repetitions that settle the side of a set
MOVED_PCT = 8.0  # of the leg: a foot so far from its place for so long means a new place, and a new calibration


class RepetitionJudge:
    """Counts repetitions of one exercise and says of each what was wrong, or why it did not count."""

    def __init__(self, exercise: Exercise, side: Side | None = None) -> None:
        assert exercise.movement is not None
        self._exercise = exercise
        self._rule = exercise.movement
        self._names = tuple(
            dict.fromkeys(
                [self._rule.signal, self._rule.depth, *FOOT]
                + [gate.signal for gate in exercise.gates]
                + [fault.signal for fault in exercise.faults]
                + [gauge.signal for gauge in exercise.gauges]
            )
        )
        self._forced = side
        self._side = side
        self._calibration = Calibration(upright=exercise.posture == "upright")
        self._again = Calibration(upright=exercise.posture == "upright")
        # Where the pattern asks the foot to go along, the feet tell the moving side; else the side that moved further.
        self._by_feet = self._rule.foot_along > 0
        self._segmenter = Segmenter(self._rule)
        self._lag = {each: Lag(LAG_S) for each in SIDES}
        self._samples: deque[tuple[float, Mapping[Side, Signals]]] = deque()
        self._body: Body | None = None
        self._view: CameraView | None = None
        self._ended: deque[Span] = deque()
        self._free_s = float("-inf")  # where the last movement ended
        self._seen_s = float("nan")
        self._lost = True
        self._number = 0
        self._count = 0

    def select_side(self, side: Side | None) -> None:
        """Judge only this side; None finds it from the movement."""
        self._forced = self._side = side

    def step(self, observation: Observation) -> Verdict:
        """What one more observation tells."""
        t_s = observation.t_s
        events: list[Event] = []
        there = presence(observation)
        if there == "here" and observation.pose is not None and not is_upright(observation.pose):
            there = "partial"
        events += self._attend(t_s, there)
        if there == "here" and self._body is None:
            events += self._calibrate(observation)
        signals = {
            side: measure(t_s, observation.pose if there == "here" else None, side, self._body, self._names)
            for side in SIDES
        }
        self._remember(t_s, signals)
        if self._body is not None:
            driver = self._driver(t_s, signals)
            span = self._segmenter.step(t_s, driver)
            if span is not None:
                self._ended.append(span)
            events += self._judge_ended(t_s)
            if there == "here":
                events += self._recalibrate(observation, signals)
        return Verdict(self._status(there, signals), tuple(events), signals)

    def finish(self) -> tuple[Event, ...]:
        """Judge what is over but still waiting for its rest level."""
        return tuple(self._judge_ended(float("inf")))

    # -- presence and calibration ------------------------------------------------------------------------------

    def _attend(self, t_s: float, there: Presence) -> list[Event]:
        if there == "here":
            self._seen_s = t_s
            if self._lost:
                self._lost = False
                return [Event(t_s, "returned")]
            return []
        if not self._lost and not t_s - self._seen_s < ABSENT_S:
            self._lost = True
            events = self._judge_ended(float("inf"))
            if self._segmenter.moving:
                span = self._segmenter.step(t_s, float("nan"))
                events += self._judge(t_s, span) if span is not None else []
            self._set_body(None)
            return [*events, Event(t_s, "lost", detail=there)]
        return []

    def _set_body(self, body: Body | None) -> None:
        self._body = body
        self._view = None if body is None else upright_view(body)
        self._segmenter.reset()
        self._samples.clear()
        self._ended.clear()
        self._calibration.reset()
        self._again.reset()

    def _calibrate(self, observation: Observation) -> list[Event]:
        assert observation.pose is not None
        body = self._calibration.step(observation.t_s, observation.pose)
        if body is None:
            return []
        self._set_body(body)
        return [Event(observation.t_s, "calibrated")]

    def _recalibrate(self, observation: Observation, signals: Mapping[Side, Signals]) -> list[Event]:
        """Stands somewhere else, and still: measure anew. Counts and side stay."""
        assert observation.pose is not None
        moved = min(float(np.hypot(signals[side][FOOT[0]], signals[side][FOOT[1]])) for side in SIDES) > MOVED_PCT
        if self._segmenter.moving or self._ended or not moved:
            self._again.reset()
            return []
        body = self._again.step(observation.t_s, observation.pose)
        if body is None:
            return []
        self._set_body(body)
        return [Event(observation.t_s, "calibrated")]

    # -- movements ----------------------------------------------------------------------------------------------

    def _remember(self, t_s: float, signals: Mapping[Side, Signals]) -> None:
        self._samples.append((t_s, signals))
        while t_s - self._samples[0][0] > KEPT_S:
            self._samples.popleft()

    def _driver(self, t_s: float, signals: Mapping[Side, Signals]) -> float:
        values = [self._lag[side].step(t_s, signals[side][self._rule.signal]) for side in SIDES]
        if self._forced is not None and not self._by_feet:
            return values[SIDES.index(self._forced)]
        if not np.isfinite(values).all():
            return float("nan")
        settled = self._settled
        if settled is None:
            return max(values)
        # A settled set follows its own side: the larger of two lifts the resting level by the other one's noise.
        own, other = values[SIDES.index(settled)], values[SIDES.index(other_side(settled))]
        return other if other - own > OTHER_SIDE else own

    def _judge_ended(self, t_s: float) -> list[Event]:
        events: list[Event] = []
        while self._ended and t_s >= self._ended[0].end_s + SETTLE_S:
            events += self._judge(t_s, self._ended.popleft())
        return events

    def _judge(self, t_s: float, span: Span) -> list[Event]:
        by_side = {side: self._assessment(span, side) for side in SIDES}
        side, lead = self._choose_side(by_side)
        found = by_side[side]
        if found is None or found.something_else:
            return []
        # What was cut short moved too little to prove a side, and is told all the same.
        if found.uncounted_reason not in (*self._rule.instead, "not_seen") and lead < PLANTED_PCT:
            return []
        at_s = t_s if np.isfinite(t_s) else span.end_s
        if self._forced not in (None, side):
            return [Event(at_s, "other_side", self._forced)] if found.uncounted_reason is None else []
        if found.uncounted_reason is None or self._side is None:
            self._side = side
        self._number += 1
        self._count += found.uncounted_reason is None
        start_s, end_s = self._edges(found, span)
        movement = Movement(
            number=self._number,
            side=side,
            start_s=start_s,
            peak_s=found.peak_s,
            end_s=end_s,
            counted=found.uncounted_reason is None,
            uncounted_reason=found.uncounted_reason,
            faults=found.faults,
            depth=found.depth,
            depth_interval=found.depth_interval,
            lowering_s=found.lowering_s,
            raising_s=found.raising_s,
            not_judged=found.not_judged,
        )
        return [Event(at_s, "movement", side, movement.uncounted_reason or "", movement=movement, number=self._count)]

    def _edges(self, found: Assessment, span: Span) -> tuple[float, float]:
        """Start and end of a movement: its edges are extrapolated, and must not reach into the one before or after.

        Nor may they reach into a stretch without pictures.
        """
        following = self._ended[0].start_s if self._ended else self._segmenter.started_s
        times = [t for t, _ in self._samples if t <= span.peak_s]
        resumed = [later for earlier, later in pairwise(times) if later - earlier > GAP_S]
        end_s = max(min(found.end_s, span.end_s + SETTLE_S, following), found.peak_s)
        start_s, self._free_s = min(max(found.start_s, self._free_s, *resumed), found.peak_s), end_s
        return start_s, end_s

    def _assessment(self, span: Span, side: Side) -> Assessment | None:
        if not self._by_feet and self._forced not in (None, side):
            return None
        times = np.array([t for t, _ in self._samples])
        values = {name: np.array([s[side][name] for _, s in self._samples]) for name in self._names}
        return assess(self._exercise, self._view, Samples(times, values), span)

    def _choose_side(self, by_side: Mapping[Side, Assessment | None]) -> tuple[Side, float]:
        """The side whose foot moves while the other stays planted, and by how much of the leg it moves more.

        Infinitely where it is beyond doubt, or where feet have no part in the exercise. A settled side needs less
        proof, and the other one more.
        """
        left, right = by_side["left"], by_side["right"]
        if left is None or right is None:
            return ("left" if right is None else "right"), float("inf")
        if not self._by_feet:
            return ("left" if left.lowering > right.lowering else "right"), float("inf")
        lead = left.foot_shift_pct - right.foot_shift_pct
        if self._count < SETTLED and abs(lead) < STAYS_PCT:
            # Either leg could be the one that bent: the reading that does not count is the one to believe.
            for side, found in by_side.items():
                if found is not None and found.uncounted_reason in self._rule.instead:
                    return side, lead
        if self._settled is not None:
            lead += STAYS_PCT if self._settled == "left" else -STAYS_PCT
        return ("left" if lead > 0 else "right"), abs(lead)

    @property
    def _settled(self) -> Side | None:
        """The side to expect: the one that was asked for, else the one on which two repetitions were counted."""
        return self._forced or (self._side if self._count >= SETTLED else None)

    # -- what to show -------------------------------------------------------------------------------------------

    def _status(self, there: Presence, signals: Mapping[Side, Signals]) -> Status:
        phase: str = there
        if there == "here":
            phase = "calibrating" if self._body is None else "moving" if self._segmenter.moving else "ready"
        likely: Side = max(SIDES, key=lambda each: _or_low(signals[each][self._rule.signal]))
        side: Side = self._side or likely
        waiting = phase if phase != "moving" or "moving" in self._exercise.words["en"] else "ready"
        gauges = tuple(
            Gauge(g.signal, g.label, self._shown(g.signal, side), g.unit, g.low, g.high, g.target)
            for g in self._exercise.gauges
        )
        return Status(
            exercise=self._exercise.name,
            kind="repetitions",
            phase=phase,
            waiting_for=waiting,
            side=self._side,
            count=self._count,
            target=self._exercise.target.count,
            gauges=gauges,
            view_angle_deg=self._view.angle_deg if self._view else float("nan"),
            view_advice=advice(self._exercise, self._view) if self._view else None,
        )

    def _shown(self, name: str, side: Side) -> float:
        """A needle's value: the last fifth of a second, against what was measured at rest."""
        view = self._view.name if self._view else None
        if not self._samples or self._body is None or not self._exercise.shown_from(name, view):
            return float("nan")
        recent = [s[side][name] for t, s in self._samples if self._samples[-1][0] - t <= 0.2]
        return mean_near(np.array(recent))


def _or_low(value: float) -> float:
    return value if np.isfinite(value) else -np.inf
