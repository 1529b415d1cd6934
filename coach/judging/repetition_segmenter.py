"""Cuts a stream of one value into movements: down and up again. A small state machine; time is passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coach.definitions.rules import MovementRule

RETURNED = 0.35  # of the deepest value: noise and drift may keep a movement from returning exactly to zero
REVERSED = 0.35  # of the deepest value: how far the value must reverse to be a second movement
REST_TIME_S = 1.5  # how fast the resting level follows slow drift
BEGINS_TIME_S = 6.0  # how fast it follows a value that may be the beginning of a movement
UNDER_S = 0.7  # how long a value may be under that: a body that comes up higher than it rests goes down at once
RISE_TIME_S = 0.3  # how fast it follows then: a body that comes up was not at rest before
UP_S = 0.4  # for so long it must have stayed there, or else go down again
UP_KEPT_S = 10.0  # of values since it came up: longer than anybody asks for
BACK_S = 1.0  # after a movement, for the last bit of its return: until then the resting level stays
GAP_S = 0.6  # without a value for longer, nobody knows what was done
GAP_BACK_S = 3.0  # and after a gap, for what may be the rest of a movement


@dataclass(frozen=True, slots=True)
class Span:
    """A finished movement: when it left rest, its deepest moment, when it came back (or reversed).

    out_s: when it was last as close to rest as where a movement ends; start_s if unknown. begun: whether it was seen to
    begin, and not under way when the body was first seen.
    """

    start_s: float
    peak_s: float
    end_s: float
    returned: bool
    seen: bool
    out_s: float = float("nan")
    begun: bool = True


class Segmenter:
    """Finds movements in a value that is about zero at rest and grows with the movement.

    A movement starts above ``start_above`` over the resting level and ends below ``end_below`` of it, or below 35 %
    of its own depth; what is left of the way back is no new movement. A value that turns round half-way and deepens
    again ends the movement as not returned. The resting level follows the value slowly while nothing moves. Missing
    values freeze it; a gap inside a movement longer than ``gap_s`` ends it as not seen, whether empty samples came in
    it or none at all. What is under way after a gap is no movement: nobody saw it begin. under_way: the first value may
    be in one.
    """

    def __init__(self, rule: MovementRule, gap_s: float = GAP_S, under_way: bool = False) -> None:
        self._rule = rule
        self._gap_s = gap_s
        self.reset()
        self._under_way = under_way

    def reset(self) -> None:
        """Reset: after a calibration the value has a new zero."""
        self._rest = 0.0
        self._under_way = False
        self._seen_s = float("nan")
        self._start_s: float | None = None
        self._way: list[tuple[float, float]] = []
        self._low_s = float("nan")
        self._least = 0.0
        self._back_s = float("nan")
        self._under_s = float("inf")
        self._up: list[tuple[float, float]] = []  # since the value was last near or beyond the level it was at then
        self._up_from = 0.0
        self._peak = self._peak_s = self._trough = self._trough_s = float("nan")

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

    @property
    def came_up_s(self) -> tuple[float, float] | None:
        """From when to when the body was higher than where it was taken to rest, if it stayed there or goes down again.

        It rests there, and not in the posture in which it was first seen.
        """
        if not self._up or self._up[-1][0] - self._up[0][0] <= UNDER_S:
            return None
        least = min(value for _, value in self._up)
        up = [t for t, value in self._up if value < least + self._rule.end_below]
        last_s, last = self._up[-1]
        goes_down = last > least + self._rule.start_above
        return (up[0], up[-1]) if goes_down or last_s - up[0] >= UP_S else None

    def step(self, t_s: float, value: float) -> Span | None:
        """Take one sample, in order of time; returns a movement that ends with it."""
        gap = t_s - self._seen_s > self._gap_s
        if not math.isfinite(value) or gap:
            span = self._close(self._seen_s, returned=False, seen=False) if self.moving and gap else None
            if math.isfinite(value):
                self._begin_again(t_s, value)
            return span
        first = not math.isfinite(self._seen_s)
        elapsed = 0.0 if first else t_s - self._seen_s
        self._seen_s = t_s
        above = value - self._rest
        self._under_way = self._under_way and (first or self.moving)
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
            self._up = []
            return None
        if above >= -self._rule.end_below:
            self._under_s = t_s
        if value >= self._up_from - self._rule.end_below:
            self._up, self._up_from = [], self._rest
        if not self._up or t_s - self._up[0][0] < UP_KEPT_S:
            self._up.append((t_s, value))
        if t_s - self._under_s > UNDER_S:
            self._rest += (value - self._rest) * (1 - math.exp(-elapsed / RISE_TIME_S))
        elif above > -self._rule.end_below and not t_s - self._back_s < BACK_S:
            time_s = REST_TIME_S if above < self._rule.end_below else BEGINS_TIME_S
            self._rest += (value - self._rest) * (1 - math.exp(-elapsed / time_s))
        return None

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
        out_s = near[-1] if near else self._start_s
        span = Span(self._start_s, self._peak_s, end_s, returned, seen, out_s, not self._under_way)
        self._start_s = None
        self._under_way = False
        self._low_s = end_s
        return span
