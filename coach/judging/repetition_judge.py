"""Judges an exercise of repetitions: finds each movement as it happens, and judges it as a whole once it is over."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

import numpy as np

from coach.definitions.exercise import Exercise
from coach.judging.assess_repetition import AROUND_S, FOOT, Assessment, Dip, assess, find_dip
from coach.judging.attendance import Attendance
from coach.judging.camera_view import CameraView, upright_view
from coach.judging.display import Display
from coach.judging.repetition_segmenter import GAP_S, Segmenter, Span
from coach.judging.samples import Samples, samples_of
from coach.kinematics.body import Body
from coach.kinematics.catalogue import SIGNALS, signals_of
from coach.kinematics.filters import Lag
from coach.kinematics.paths import Paths, Ways
from coach.kinematics.sided_pose import resting
from coach.kinematics.standing_person import (
    Footing,
    Measures,
    Seen,
    closed,
    foot_raised,
    foot_shifts,
    lost_way,
    rest_body,
    standing_since,
    unrest_pct,
)
from coach.types import SIDES, Event, Movement, Observation, Pose, Side, Signals, Status, Verdict, other_side

FIRST_S = 8.0  # after somebody came, to come up from a movement that had begun before they were seen
SURE_SHARE = 0.5  # of the depth that counts: so deep a movement that was under way at first must be beyond doubt
ABSENT_S = 1.0  # after longer out of sight the person may be back in another place: their rest is found anew
SETTLE_S = 0.5  # after a movement, before it is judged: its rest level needs samples on either side
KEPT_S = 20.0  # of samples: longer than the longest movement
NEAR_S = 3.0  # before a movement, judged along with it
LAG_S = 0.12  # of the causal smoothing that finds movements
PLANTED_PCT = 0.5  # of the leg: by at least this the moving foot must move more than the planted one
STAYS_PCT = 1.5  # additional margin before the side of a settled set changes
OTHER_SIDE = 4.0  # margin by which the other side must move more before it is followed instead
SAME_AGAIN = 1.5  # how much likelier the side of the movement under way is, or else of the last one
FARTHER = 2.0  # factor by which the other side must move more to take over a movement under way
SETTLED = 2  # counted repetitions that settle the side of a set
SHOWN_S = 0.2  # over which a needle is smoothed
BACK_S = 0.3  # after the end of a movement, which precedes complete rest
JUMPED_S = 0.25  # nobody goes down so fast: what is deepest so soon is noise, or the other side
MOVED_PCT = 8.0  # of the leg: with both feet this far from their places, the person walks or stands elsewhere


def within(movement: Movement, earliest_s: float, latest_s: float) -> Movement:
    """The movement cut to these bounds; its deepest point stays in it, and what is too late ends there."""
    start_s = max(movement.start_s, earliest_s)
    peak_s = max(movement.peak_s, start_s)
    return replace(movement, start_s=start_s, peak_s=peak_s, end_s=max(min(movement.end_s, latest_s), peak_s))


class RepetitionJudge:
    """Counts repetitions of one exercise and says what was wrong with each, or why it did not count."""

    def __init__(self, exercise: Exercise, side: Side | None = None) -> None:
        assert exercise.movement is not None
        self._exercise = exercise
        self._rule = exercise.movement
        self._names = tuple(dict.fromkeys((*exercise.signals, *FOOT)))
        self._forced = side
        self._side = side
        self._paths = Paths()
        self._measures = Measures()
        self._footing = Footing()
        # If the exercise moves the foot, the feet reveal the moving side; else it is the side that moved further.
        self._by_feet = self._rule.foot_along > 0
        self._segmenter = Segmenter(self._rule)
        self._lag = {each: Lag(LAG_S) for each in SIDES}
        self._seen: deque[Seen] = deque()
        self._spans: deque[Span] = deque()
        self._body: Body | None = None
        self._view: CameraView | None = None
        self._ended: deque[Span] = deque()
        self._free_s = float("-inf")  # where the last movement ended
        self._began_s: float | None = None  # when the present rest was taken, until it has proved to be one
        self._followed: Side = "left"
        self._attendance = Attendance(exercise, ABSENT_S)
        self._display = Display(exercise, SHOWN_S)
        self._number = 0
        self._count = 0

    def begin(self, t_s: float) -> None:
        """Repetitions are followed from the first observation on; the session leaves out those made too early."""

    def select_side(self, side: Side | None) -> None:
        """Judge only this side; None finds it from the movement."""
        self._forced = self._side = side

    def step(self, observation: Observation) -> Verdict:
        """What one more observation tells."""
        t_s = observation.t_s
        events = self._attend(observation)
        self._measures.look(observation)
        # Nobody who is away, or lying, is followed: what moves meanwhile says nothing about what comes after.
        ways = None if self._attendance.lost else self._paths.step(observation)
        pose = observation.pose if self._attendance.there == "here" else None
        if pose is not None and ways is not None:
            self._remember(Seen(t_s, pose, ways))
            if self._body is None:
                events += self._begin(self._seen[-1])
            elif self._by_feet and self._segmenter.start_s is not None:
                ways = self._found_again(self._body, self._segmenter.start_s, ways)
        signals = self._measure(t_s, pose, self._body, ways)
        self._display.add(t_s, signals)
        if self._body is not None and ways is not None:
            self._follow(t_s, signals, ways)
            if self._began_s is not None:
                self._begin_again(t_s)
            events += self._judge_ended(t_s)
            if self._walks(signals):
                self._set_body(None)
        return Verdict(self._status(signals), tuple(events), signals)

    def finish(self) -> tuple[Event, ...]:
        """Judge finished movements still waiting for their rest level."""
        return tuple(self._judge_ended(float("inf")))

    # -- presence and rest ---------------------------------------------------------------------------------------

    def _attend(self, observation: Observation) -> list[Event]:
        event = self._attendance.step(observation)
        if event is None or event.name != "lost":
            return [event] if event is not None else []
        events = self._judge_ended(float("inf"))
        if self._segmenter.moving:
            span = self._segmenter.step(event.t_s, float("nan"))
            events += self._judge(event.t_s, span) if span is not None else []
        self._set_body(None)
        return [*events, event]

    def _set_body(self, body: Body | None) -> None:
        """Start over: somewhere else, or after an absence. Counts and side stay."""
        self._body = body
        self._view = None if body is None else upright_view(body)
        self._segmenter.reset()
        self._ended.clear()
        if body is None:
            self._seen.clear()
            self._spans.clear()
            self._measures.reset()
            self._footing.reset()

    def _remember(self, seen: Seen) -> None:
        self._seen.append(seen)
        while seen.t_s - self._seen[0].t_s > KEPT_S:
            self._seen.popleft()
        while self._spans and self._spans[0].end_s < self._seen[0].t_s:
            self._spans.popleft()
        self._measures.step(seen.t_s, seen.pose)

    def _begin(self, seen: Seen) -> list[Event]:
        """The person stands there: the current posture is taken as rest until more is known."""
        body = self._measures.body(seen.pose.xy_px, seen.ways)
        if body is None or not self._footing.step(seen.t_s, seen.ways, body.leg_px):
            return []
        self._set_body(body)
        self._began_s = seen.t_s
        return [Event(seen.t_s, "calibrated")]

    def _begin_again(self, t_s: float) -> None:
        """If the person came up from where they were taken to rest, they were in a movement when they were first seen.

        What they have done since is followed once more, from the rest that is known only now.
        """
        assert self._body is not None and self._began_s is not None
        if self._segmenter.moving or t_s - self._began_s > FIRST_S:
            self._began_s = None
            return
        up_s = self._segmenter.came_up_s
        if up_s is None:
            return
        self._began_s = None
        seen = standing_since(self._seen, self._body.leg_px)
        times = np.array([each.t_s for each in seen])
        body = rest_body(self._body, self._measures, seen, (times >= up_s[0]) & (times <= up_s[1]), *up_s)
        before = self._body, self._view, self._segmenter, self._lag
        self._body, self._view = body, upright_view(body)
        self._segmenter, self._lag = Segmenter(self._rule, under_way=True), {side: Lag(LAG_S) for side in SIDES}
        for each in seen:
            self._follow(each.t_s, self._measure(each.t_s, each.pose, body, each.ways), each.ways)
        if not self._began_in_one():
            self._body, self._view, self._segmenter, self._lag = before
            self._ended.clear()
            self._spans.clear()

    def _began_in_one(self) -> bool:
        """Whether what was under way when they were first seen was a movement of this exercise, beyond doubt: people
        come up higher than they stood for other reasons, too."""
        if self._body is None or not self._ended:
            return False
        found, _lead = self._assess(self._dips(list(self._seen), self._rests(), self._body, self._ended[0]))
        if found is None or found.something_else:
            return False
        return found.movement.depth_interval[0] > SURE_SHARE * self._rule.counts_from

    def _found_again(self, body: Body, start_s: float, ways: Ways) -> Ways:
        """The paths, with a foot that was lost in the movement under way put back to where it must be."""
        lately = list(takewhile(lambda each: each.t_s >= start_s, reversed(self._seen)))
        lost = lost_way(lately[::-1], body, self._followed)
        if lost is None:
            return ways
        self._paths.shift(lost.parts, lost.by_px)
        for i, each in enumerate(self._seen):
            if each.t_s >= lost.since_s:
                self._seen[i] = each.shifted(lost.parts, lost.by_px)
        return self._seen[-1].ways

    def _measure(self, t_s: float, pose: Pose | None, body: Body | None, ways: Ways | None) -> dict[Side, Signals]:
        return {side: signals_of(t_s, pose, side, body, self._names, ways) for side in SIDES}

    def _walks(self, signals: Mapping[Side, Signals]) -> bool:
        return self._by_feet and all(
            math.hypot(signals[side][FOOT[0]], signals[side][FOOT[1]]) > MOVED_PCT for side in SIDES
        )

    # -- movements ----------------------------------------------------------------------------------------------

    def _follow(self, t_s: float, signals: Mapping[Side, Signals], ways: Ways) -> None:
        span = self._segmenter.step(t_s, self._driver(t_s, signals, ways))
        if span is not None:
            self._ended.append(span)
            self._spans.append(span)

    def _driver(self, t_s: float, signals: Mapping[Side, Signals], ways: Ways) -> float:
        values = [self._lag[side].step(t_s, signals[side][self._rule.signal]) for side in SIDES]
        if self._forced is not None and not self._by_feet:
            return values[SIDES.index(self._forced)]
        if not all(map(math.isfinite, values)):
            return float("nan")
        by_side = dict(zip(SIDES, values, strict=True))
        settled = self._settled
        if self._by_feet:
            assert self._body is not None
            shifts = foot_shifts(ways, self._body)
            likely = self._followed if self._segmenter.moving else self._side
            moving = max(SIDES, key=lambda side: shifts[side] * (SAME_AGAIN if side == likely else 1.0))
        else:
            moving = max(SIDES, key=lambda side: by_side[side])
        if settled is None:
            # A movement under way stays with the side that began it, unless the other goes further: noise must not
            # hand it over at the turning point.
            if not self._segmenter.moving or by_side[moving] - by_side[self._followed] > FARTHER:
                self._followed = moving
            return by_side[self._followed]
        # A settled set follows its own side: taking the larger of two would raise the resting level by noise.
        # Once the other is followed, it is until the movement is over: in between, the two differ by about the margin.
        own, other = by_side[settled], by_side[other_side(settled)]
        margin = 0.0 if self._segmenter.moving and self._followed != settled else OTHER_SIDE
        self._followed = moving if moving != settled and other - own > margin else settled
        return by_side[self._followed]

    def _judge_ended(self, t_s: float) -> list[Event]:
        events: list[Event] = []
        while self._ended and t_s >= self._ended[0].end_s + SETTLE_S:
            events += self._judge(t_s, self._ended.popleft())
        return events

    def _judge(self, t_s: float, span: Span) -> list[Event]:
        assert self._body is not None
        if self._jumped(span):
            return []
        seen: Sequence[Seen] = list(self._seen)
        if self._by_feet:
            seen = closed(seen, self._body, self._followed, span.start_s, span.end_s)
        rests = self._rests()
        body = rest_body(self._body, self._measures, seen, rests, span.start_s, span.end_s)
        dips = self._dips(seen, rests, body, span)
        self._rest_anew(body)
        found, lead = self._assess(dips)
        if found is None or found.something_else:
            return []
        movement, side = found.movement, found.movement.side
        # A movement that was cut short moved too little to prove a side, but is reported anyway.
        if span.seen and movement.uncounted_reason not in self._rule.instead and lead < PLANTED_PCT:
            return []
        at_s = t_s if math.isfinite(t_s) else span.end_s
        if self._forced not in (None, side):
            return [Event(at_s, "other_side", self._forced)] if movement.counted else []
        if movement.counted or self._side is None:
            self._side = side
        self._number += 1
        self._count += movement.counted
        movement = replace(self._bounded(movement, span), number=self._number)
        return [Event(at_s, "movement", side, movement.uncounted_reason or "", movement=movement, number=self._count)]

    def _jumped(self, span: Span) -> bool:
        """Whether this did not go down, but began where another movement ended."""
        after = any(0 <= span.start_s - other.end_s < JUMPED_S for other in self._spans)
        return after and span.peak_s - span.start_s < JUMPED_S

    def _bounded(self, found: Movement, span: Span) -> Movement:
        """The movement, whose edges are extrapolated, without what would reach into the one before or after.

        Nor may it reach into a stretch without pictures.
        """
        following = self._ended[0].start_s if self._ended else self._segmenter.start_s
        times = [each.t_s for each in self._seen if each.t_s <= span.peak_s]
        resumed = [later for earlier, later in pairwise(times) if later - earlier > GAP_S]
        latest_s = span.end_s + SETTLE_S if following is None else min(span.end_s + SETTLE_S, following)
        bounded = within(found, max([self._free_s, *resumed]), latest_s)
        self._free_s = bounded.end_s
        return bounded

    def _rests(self) -> np.ndarray:
        """Which of the stored pictures show no movement under way."""
        times = np.array([each.t_s for each in self._seen])
        rests = np.ones(len(times), bool)
        for span in self._spans:
            rests &= (times < span.out_s) | (times > span.end_s + BACK_S)
        if self._segmenter.start_s is not None:
            rests &= times < self._segmenter.start_s
        if self._by_feet and self._body is not None and len(times):
            rests &= ~foot_raised(self._seen, self._body)
        return rests

    def _rest_anew(self, body: Body) -> None:
        """The estimate of rest has changed, and with it the zero of the signal that finds movements."""
        last, name = self._seen[-1], self._rule.signal
        for side in SIDES:
            was, now = (
                signals_of(last.t_s, last.pose, side, each, (name,), last.ways)[name] for each in (self._body, body)
            )
            if math.isfinite(now - was):
                self._lag[side].shift(now - was)
        rest = resting(body, self._settled or self._side or "left")
        self._segmenter.rest_at(SIGNALS[name](rest))
        self._body, self._view = body, upright_view(body)

    def _near(self, seen: Sequence[Seen], rests: np.ndarray, body: Body, span: Span) -> dict[Side, Samples]:
        """What is measured from either side around a movement, without other movements."""
        first = sum(each.t_s < span.start_s - NEAR_S for each in seen)
        seen, rests = seen[first:], rests[first:]
        unrest = unrest_pct(seen, body.leg_px)
        kept = [i for i, each in enumerate(seen) if rests[i] or each.t_s >= span.start_s - AROUND_S]
        measured = [self._measure(seen[i].t_s, seen[i].pose, body, seen[i].ways) for i in kept]
        return {
            side: samples_of(side, [signals[side] for signals in measured], rests[kept], unrest[kept]) for side in SIDES
        }

    def _dips(self, seen: Sequence[Seen], rests: np.ndarray, body: Body, span: Span) -> dict[Side, Dip | None]:
        near = self._near(seen, rests, body, span)
        return {side: self._dip(near[side], span) for side in SIDES}

    def _dip(self, near: Samples, span: Span) -> Dip | None:
        if not self._by_feet and self._forced not in (None, near.side):
            return None
        return find_dip(self._rule, near, span)

    def _assess(self, dips: Mapping[Side, Dip | None]) -> tuple[Assessment | None, float]:
        """How the side that moved went, None if that does not show; and by how much it moved more than the other."""
        side, lead = self._choose_side(dips)
        dip = dips[side]
        return (None if dip is None else assess(self._exercise, self._view, dip)), lead

    def _choose_side(self, dips: Mapping[Side, Dip | None]) -> tuple[Side, float]:
        """The side whose foot moves while the other stays planted, and by how much of the leg it moves more.

        Infinite if there is no doubt, or if feet play no part in the exercise. A settled side needs less evidence,
        the other more.
        """
        left, right = dips["left"], dips["right"]
        if left is None or right is None:
            return ("left" if right is None else "right"), float("inf")
        if not self._by_feet:
            return ("left" if left.lowering > right.lowering else "right"), float("inf")
        lead = left.foot_shift_pct - right.foot_shift_pct
        if self._count < SETTLED and abs(lead) < STAYS_PCT:
            # Either leg could have bent: believe the reading that does not count.
            for dip in (left, right):
                found = assess(self._exercise, self._view, dip).movement
                if found.uncounted_reason in self._rule.instead:
                    return found.side, lead
        if self._settled is not None:
            lead += STAYS_PCT if self._settled == "left" else -STAYS_PCT
        return ("left" if lead > 0 else "right"), abs(lead)

    @property
    def _settled(self) -> Side | None:
        """The expected side: the requested one, else the one on which two repetitions were counted."""
        return self._forced or (self._side if self._count >= SETTLED else None)

    # -- what to show -------------------------------------------------------------------------------------------

    def _status(self, signals: Mapping[Side, Signals]) -> Status:
        phase: str = self._attendance.there
        if phase == "here":
            phase = "calibrating" if self._body is None else "moving" if self._segmenter.moving else "ready"
        likely: Side = max(SIDES, key=lambda each: _or_low(signals[each][self._rule.signal]))
        measured = None if self._body is None else self._side or likely
        waiting = phase if phase != "moving" or "moving" in self._exercise.words["en"] else "ready"
        return self._display.status(phase, waiting, self._count, self._side, measured, self._view)


def _or_low(value: float) -> float:
    return value if math.isfinite(value) else -math.inf
