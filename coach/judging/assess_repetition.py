"""Judges one finished movement from all its samples: depth, tempo, faults, and why it would not count."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach.definitions.exercise import Exercise
from coach.definitions.rules import Fault, Gate, MovementRule
from coach.judging.camera_view import CameraView
from coach.judging.faults import broken_in, judged_faults
from coach.judging.repetition_segmenter import Span
from coach.judging.samples import SIGMA_S, Array, Mask, Samples, fitted, mean_near, phase_course
from coach.kinematics.filters import smooth
from coach.kinematics.standing_person import LEAST_REST, REST_QUANTILE, rest_weights, weighted_quantile
from coach.kinematics.upright import SURELY
from coach.types import Movement

FOOT = ("moving_foot_down_pct", "moving_foot_out_pct")  # position of the moving foot, not of the planted one
CALM_SIGMA_S = 0.2  # to find rest and the deepest point: wider, so that noise does not place them
DEEP_S = 0.2  # the depth is the mean over this much before and after the deepest point
AROUND_S = 0.8  # before and after a movement, where its edges are sought
# % of the leg for each degree of lowering: a foot that moved further was put down elsewhere. A straight leg moves it by
# 0.44 %.
ASTRAY_PCT = 2.0
# Share of the depth that counts: if the interval is wider than this on either side, a movement that fell short was not
# seen well enough to be called shallow.
UNSURE = 0.5
# Error of the resting level that a depth is measured from, as a share of how much the levels at rest differ (standard
# deviation). Of the drops of people who came back up unevenly, 71 % are inside the interval with it, 61 % without.
UNEVEN = 0.7
# Of what was under way when the body was first seen the deepest point is known if it was seen to go down to it by so
# much of its depth, or to stay as near to it for a moment. Who stays there for longer just stood like that.
SEEN_DOWN = 0.15
NEAR, NEAR_S, STOOD_S = 0.95, 0.25, 2.5
BESIDE_S = 0.15  # next to the movement: not quite at rest there


@dataclass(frozen=True, slots=True)
class Assessment:
    """Findings about one movement for one side; its number is not known yet.

    something_else: not an attempt at this exercise, and not to be listed.
    """

    movement: Movement
    something_else: bool


@dataclass(frozen=True, slots=True, eq=False)
class Dip:
    """How one side went down and up in a span: it tells which side moved, and that one is judged by it.

    near: (n,) which of the samples are in or near the span. Of these (k,), t_s: their times, inside: which are in the
    span, deep: which are near the deepest point, at row top, above: how far from rest the signal is that finds
    movements.
    """

    samples: Samples
    span: Span
    near: Mask
    t_s: Array
    inside: Mask
    deep: Mask
    top: int
    above: Array
    rest: _Rest
    signal: str

    @property
    def lowering(self) -> float:
        """How deep it went in the signal that finds movements."""
        return self.deepest(self.signal)

    @property
    def foot_shift_pct(self) -> float:
        """How far the moving foot went."""
        return float(np.hypot(self.deepest(FOOT[0]), self.deepest(FOOT[1])))

    def deepest(self, name: str) -> float:
        """A signal at the deepest point, from its level at rest."""
        return mean_near(self.change(name)[self.deep])

    def raw(self, name: str) -> Array:
        """A signal about the span (k,)."""
        return self.samples.values[name][self.near]

    def change(self, name: str) -> Array:
        """The same from its level at rest."""
        return self.raw(name) - self.rest.level(self.samples.values[name])


def find_dip(rule: MovementRule, samples: Samples, span: Span) -> Dip | None:
    """How one side went in a span; None if its samples do not show it."""
    inside = (samples.t_s >= span.start_s) & (samples.t_s <= span.end_s)
    near = (samples.t_s >= span.start_s - AROUND_S) & (samples.t_s <= span.end_s + AROUND_S)
    if inside.sum() < 5:
        return None
    t_s, inside = samples.t_s[near], inside[near]
    calm = smooth(t_s, samples.values[rule.signal][near], CALM_SIGMA_S)
    course = smooth(t_s, samples.values[rule.signal][near], SIGMA_S)
    if not np.isfinite(calm[inside]).any():
        return None
    top = int(np.flatnonzero(inside)[np.nanargmax(calm[inside])])
    rest = _Rest.about(samples, t_s, calm, top, span)
    above = course - rest.level(samples.values[rule.signal])
    if not above[top] > 0:
        return None
    deep = inside & (np.abs(t_s - t_s[top]) <= DEEP_S)
    return Dip(samples, span, near, t_s, inside, deep, top, above, rest, rule.signal)


def assess(exercise: Exercise, view: CameraView | None, dip: Dip) -> Assessment:
    """Judge a movement by how its side went. Pure: samples in, assessment out."""
    rule = exercise.movement
    assert rule is not None
    span, t_s, inside, deep, top, above = dip.span, dip.t_s, dip.inside, dip.deep, dip.top, dip.above
    lowering, foot_shift_pct = dip.lowering, dip.foot_shift_pct
    lowering_s, start_s = _phase(t_s[: top + 1], above[: top + 1], rising=True)
    raising_s, end_s = _phase(t_s[top:], above[top:], rising=False)
    seen = span.seen
    if not span.begun:
        lowering_s, start_s, seen = math.nan, span.start_s, seen and _deepest_seen(t_s[inside], above[inside])

    def course_of(rule: Fault) -> Array:
        values = dip.raw(rule.signal) if rule.absolute else dip.change(rule.signal)
        return smooth(t_s, values, SIGMA_S)[inside]

    def broken(rule: Fault) -> bool | None:
        return broken_in(rule, t_s[inside], course_of(rule))

    faults, not_judged = judged_faults(exercise.faults, view.name if view else None, broken)
    two_ways = [rule for rule in exercise.faults if rule.ways is not None and rule.name in faults]
    depth = dip.deepest(rule.depth)
    by_fit = SURELY * np.nan_to_num(mean_near(dip.raw(rule.depth_error)[deep])) if rule.depth_error is not None else 0.0
    by_rest = SURELY * UNEVEN * dip.rest.spread(dip.samples.values[rule.depth])
    half = math.hypot(rule.error, rule.error_share * depth, by_fit, by_rest)
    reason = None
    instead = [name for name in rule.instead if name in faults]
    if not seen or not np.isfinite(depth):
        reason = "not_seen"
    elif depth < rule.counts_from:
        unsure = half > UNSURE * rule.counts_from and depth + half >= rule.counts_from
        reason = instead[0] if instead else "not_seen" if unsure else "too_shallow"
    elif not span.returned:
        reason = "not_returned"
    failed = _failed_gate(exercise, dip, lowering)
    if reason is None and failed is not None:
        reason = failed.reason
    # The edges of a dip that does not count are too close to the noise to time it.
    if reason is None and rule.too_fast(lowering_s, raising_s):
        faults = (*faults, "too_fast")
    lowering_s, raising_s = fitted(lowering_s, raising_s, end_s - start_s)
    alone = foot_shift_pct < rule.foot_along * lowering
    twitch = span.end_s - span.start_s < rule.min_cycle_s or lowering < rule.listed_from
    astray = rule.foot_along > 0 and foot_shift_pct > ASTRAY_PCT * lowering
    twitch = twitch or (
        span.seen and depth < rule.counts_from and not instead and (depth + half < rule.listed_from or astray)
    )
    movement = Movement(
        number=0,
        side=dip.samples.side,
        start_s=start_s,
        peak_s=float(t_s[deep].mean()),
        end_s=end_s,
        counted=reason is None,
        uncounted_reason=reason,
        faults=faults,
        depth=depth,
        depth_interval=(depth - half, depth + half),
        lowering_s=lowering_s,
        raising_s=raising_s,
        not_judged=not_judged,
        fault_ways={rule.name: rule.way(_farthest(course_of(rule))) for rule in two_ways},
    )
    other = twitch or alone or (failed is not None and failed.reason is None)
    return Assessment(movement, other)


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """Weight of each sample for the level that the movement started from and returned to."""

    weights: Array

    @staticmethod
    def about(samples: Samples, t_s: Array, calm: Array, top: int, span: Span) -> _Rest:
        """From samples at rest; without any, from the lowest points on either side."""
        resting = samples.resting
        if resting is None:
            resting = (samples.t_s < span.start_s) | (samples.t_s > span.end_s + BESIDE_S)
        weights = rest_weights(samples.t_s, resting, span.start_s, span.end_s, samples.unrest_pct)
        if weights.sum() >= LEAST_REST:
            return _Rest(weights)
        course = np.where(np.isfinite(calm), calm, np.inf)
        lowest = [float(t_s[: top + 1][np.argmin(course[: top + 1])]), float(t_s[top:][np.argmin(course[top:])])]
        near = [(np.abs(samples.t_s - at) <= BESIDE_S).astype(float) for at in lowest]
        return _Rest(near[0] + near[1])

    def level(self, values: Array) -> float:
        """A signal's level at rest."""
        return float(weighted_quantile(values, self.weights, REST_QUANTILE)[0])

    def spread(self, values: Array) -> float:
        """How much a signal's levels at rest differ, as a standard deviation; zero where there are too few."""
        low, high = weighted_quantile(values, self.weights, 0.25, 0.75)
        return float(np.nan_to_num(high - low)) / 1.35


def _deepest_seen(t_s: Array, above: Array) -> bool:
    """Whether the deepest point is among these samples (k,) of a movement that had begun before them."""
    top = float(np.nanmax(above))
    if above[0] <= (1 - SEEN_DOWN) * top:
        return True
    near_s = t_s[above >= NEAR * top]
    return bool(np.ptp(near_s) >= NEAR_S and near_s[-1] - t_s[0] <= STOOD_S)


def _farthest(values: Array) -> float:
    """The value farthest from zero, with its sign."""
    return float(values[np.nanargmax(np.abs(values))])


def _phase(t_s: Array, above: Array, rising: bool) -> tuple[float, float]:
    """Duration of lowering or raising, and its outer edge. A return beyond rest is timed to its very end."""
    above = above if rising else above - min(0.0, float(np.nanmin(above)))
    duration, outer, _inner = phase_course(t_s, above, rising, float(above[-1] if rising else above[0]))
    return duration, outer


def _failed_gate(exercise: Exercise, dip: Dip, lowering: float) -> Gate | None:
    """The first gate that the movement fails; gates that mean 'something else' come first."""
    for gate in sorted(exercise.gates, key=lambda each: each.reason is not None):
        moved = dip.deepest(gate.signal)
        value = moved if gate.when == "deepest" else mean_near(dip.raw(gate.signal)[dip.deep]) - moved
        if not gate.passes(value, lowering):
            return gate
    return None
