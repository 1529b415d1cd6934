"""Cuts a stream of one value into movements: down and up again. A small state machine; time is passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coach.definitions.rules import MovementRule

RETURNED = 0.35  # of the deepest value: noise and drift may keep a movement from returning exactly to zero
REVERSED = 0.35  # of the deepest value: how far the value must reverse to be a second movement
REST_TIME_S = 1.5  # how fast the resting level follows slow drift
BEGINS_TIME_S = 6.0  # how fast it follows a value that may be the beginning of a movement
UNDER_S = 0.7  # how long a value may be under that: a body that comes up higher than it rests goes down at once
RISE_TIME_S = 0.3  # how fast it follows then: a body that comes up was not at rest before
BACK_S = 1.0  # after a movement, for the last bit of its return: until then the resting level stays
FIRST_S = 6.0  # after somebody came, for a first movement that had begun before they were seen
HALF_SEEN = 0.5  # of its depth: one that was deeper when it was first seen was not seen to go down
GAP_S = 0.6  # without a value for longer, nobody knows what was done
GAP_BACK_S = 3.0  # and after a gap, for what may be the rest of a movement


@dataclass(frozen=True, slots=True)
class Span:
    """A finished movement: when it left rest, its deepest moment, when it came back (or reversed).

    out_s: when it was last as close to rest as where a movement ends; start_s if unknown.
    """

    start_s: float
    peak_s: float
    end_s: float
    returned: bool
    seen: bool
    out_s: float = float("nan")


class Segmenter:
    """Finds movements in a value that is about zero at rest and grows with the movement.

    A movement starts above ``start_above`` over the resting level and ends below ``end_below`` of it, or below 35 %
    of its own depth; what is left of the way back is no new movement. A value that turns round half-way and deepens
    again ends the movement as not returned. The resting level follows the value slowly while nothing moves. Missing
    values freeze it; a gap inside a movement longer than ``gap_s`` ends it as not seen, whether empty samples came in
    it or none at all. What is under way after a gap is no movement: nobody saw it begin. Of one that was under way
    when the body was first seen, at least half of the way down has to be seen.
    """

    def __init__(self, rule: MovementRule, gap_s: float = GAP_S) -> None:
        self._rule = rule
        self._gap_s = gap_s
        self.reset()

    def reset(self) -> None:
        """Reset: after a calibration the value has a new zero."""
        self._rest = 0.0
        self._seen_s = float("nan")
        self._start_s: float | None = None
        self._way: list[tuple[float, float]] = []
        self._low_s = float("nan")
        self._least = 0.0
        self._back_s = float("nan")
        self._under_s = float("inf")
        self._peak = self._peak_s = self._trough = self._trough_s = float("nan")
        self._first: list[tuple[float, float]] | None = []  # values until the body is known to have been at rest

    @property
    def moving(self) -> bool:
        """Whether a movement is under way."""
        return self._start_s is not None

    @property
    def start_s(self) -> float | None:
        """When the movement under way left rest."""
        return self._start_s

    @property
    def rest(self) -> float:
        """The resting level to which the value is compared."""
        return self._rest

    def recall(self, t_s: float, value: float) -> None:
        """Take a sample from before it was known that somebody stands there; in order of time, after a reset."""
        if self._first is not None and math.isfinite(value):
            self._first.append((t_s, value))

    def step(self, t_s: float, value: float) -> Span | None:
        """Take one sample, in order of time; returns a movement that ends with it."""
        gap = t_s - self._seen_s > self._gap_s
        if not math.isfinite(value) or gap:
            span = self._close(self._seen_s, returned=False, seen=False) if self.moving and gap else None
            if math.isfinite(value):
                self._begin_again(t_s, value)
            return span
        elapsed = 0.0 if not math.isfinite(self._seen_s) else t_s - self._seen_s
        self._seen_s = t_s
        above = value - self._rest
        if self._start_s is None:
            return self._wait(t_s, value, above, elapsed)
        return self._follow(t_s, above)

    def _begin_again(self, t_s: float, value: float) -> None:
        """After a gap: the current value is the new position, not a movement."""
        self._seen_s = self._low_s = t_s
        self._back_s = t_s + GAP_BACK_S - BACK_S
        self._least = max(value - self._rest, 0.0)

    def _wait(self, t_s: float, value: float, above: float, elapsed: float) -> Span | None:
        if above < max(self._rule.end_below, self._least) or not math.isfinite(self._low_s):
            self._low_s = t_s
        self._least = min(self._least, max(above, 0.0))
        if above > self._rule.start_above + self._least:
            self._start_s = self._low_s
            self._way = []
            self._peak, self._peak_s = above, t_s
            self._trough, self._trough_s = above, t_s
            self._first = None
            return None
        if self._first is not None:
            self._first.append((t_s, value))
        if above >= -self._rule.end_below:
            self._under_s = t_s
        if t_s - self._under_s > UNDER_S:
            first = self._first_movement(t_s)
            if first is not None:
                return first
            self._rest += (value - self._rest) * (1 - math.exp(-elapsed / RISE_TIME_S))
        elif above > -self._rule.end_below and not t_s - self._back_s < BACK_S:
            time_s = REST_TIME_S if above < self._rule.end_below else BEGINS_TIME_S
            self._rest += (value - self._rest) * (1 - math.exp(-elapsed / time_s))
        return None

    def _first_movement(self, t_s: float) -> Span | None:
        """The movement that was under way when the body was first seen, now that it has come up to where it rests."""
        first, self._first = self._first, None
        if first is None or t_s - first[0][0] > FIRST_S:
            return None
        times, values = (np.array(each) for each in zip(*first, strict=True))
        rest = float(values.min())
        above = values - rest
        top = int(np.argmax(above))
        size = float(above[top])
        back = max(self._rule.end_below, RETURNED * size)
        if size < self._rule.start_above or above[0] > HALF_SEEN * size or not above[-1] < back:
            return None
        self._rest, self._least, self._back_s = rest, float(above[-1]), t_s
        end = top + int(np.flatnonzero(above[top:] < back)[0])
        return Span(float(times[0]), float(times[top]), float(times[end]), True, True, float(times[0]))

    def rest_at(self, value: float) -> None:
        """Set the value at rest, now that it is known."""
        self._rest = value

    def _follow(self, t_s: float, above: float) -> Span | None:
        self._way.append((t_s, above))
        if above > self._peak and self._trough > self._peak * (1 - REVERSED):
            self._peak, self._peak_s = above, t_s
            self._trough, self._trough_s = above, t_s
        elif above < self._trough:
            self._trough, self._trough_s = above, t_s
        back = max(self._rule.end_below, RETURNED * self._peak)
        if above < back:
            self._least, self._back_s = max(above, 0.0), t_s
            return self._close(t_s, returned=True, seen=True)
        again = max(self._peak * REVERSED, self._rule.start_above)
        turned = self._trough < self._peak * (1 - REVERSED) and above > self._trough + again
        assert self._start_s is not None
        if turned:
            again_s = self._trough_s
            span = self._close(again_s, returned=False, seen=True)
            self._start_s = again_s
            self._peak, self._peak_s = above, t_s
            self._trough, self._trough_s = above, t_s
            return span
        if t_s - self._start_s > self._rule.max_cycle_s:
            self._rest += above
            return self._close(t_s, returned=False, seen=True)
        return None

    def _close(self, end_s: float, returned: bool, seen: bool) -> Span:
        assert self._start_s is not None
        near = [t for t, above in self._way if t < self._peak_s and above < RETURNED * self._peak]
        span = Span(self._start_s, self._peak_s, end_s, returned, seen, near[-1] if near else self._start_s)
        self._start_s = None
        self._low_s = end_s
        return span
