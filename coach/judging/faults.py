"""Whether a fault's rule was broken: over a finished movement, or as it happens. Time is passed in."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from coach.definitions.rules import Fault
from coach.kinematics.filters import Lag
from coach.kinematics.geometry import quantile
from coach.types import Event, EventName, Signals

Array = NDArray[np.float64]

RECENT_S = 6.0  # of a hold: a rule with a ``share`` must be broken for that share of this time before it is spoken
CALM_S = 0.7  # of smoothing before anything is spoken: a stray landmark is no reason to speak


def beyond(rule: Fault, value: float) -> float:
    """How far a value lies beyond the rule's bound: positive when broken. NaN stays NaN."""
    if rule.either_way:
        value = abs(value)
    return value - rule.above if rule.above is not None else (rule.below or 0.0) - value


def _released(rule: Fault, value: float) -> bool:
    if rule.either_way:
        value = abs(value)
    return value < rule.release if rule.above is not None else value > rule.release


class FaultMonitor:
    """Follows one rule over time: broken once beyond the bound for ``dwell_s``, restored once past ``release``.

    Between bound and release nothing changes, so noise at the edge cannot chatter. Missing values freeze it.
    """

    def __init__(self, rule: Fault) -> None:
        self.rule = rule
        self.broken = False
        self._since_s: float | None = None

    def step(self, t_s: float, value: float) -> bool:
        """Take one sample, in order of time, and return whether the rule is broken now."""
        if not math.isfinite(value):
            return self.broken
        if _released(self.rule, value):
            self._since_s, self.broken = None, False
        elif beyond(self.rule, value) > 0:
            self._since_s = t_s if self._since_s is None else self._since_s
            self.broken = self.broken or t_s - self._since_s >= self.rule.dwell_s - 1e-6
        return self.broken


class Recent:
    """The value exceeded for a rule's share of the last seconds: a limb misplaced for a moment is not a fault. A rule
    without a share gets the value unchanged."""

    def __init__(self, rule: Fault) -> None:
        self._rule = rule
        self._values: deque[tuple[float, float]] = deque()
        self._ordered: list[float] = []

    def step(self, t_s: float, value: float) -> float:
        """Take one value, in order of time; a NaN gives NaN and changes nothing."""
        if self._rule.share <= 0 or not math.isfinite(value):
            return value
        self._values.append((t_s, value))
        insort(self._ordered, value)
        while t_s - self._values[0][0] > RECENT_S:
            _, gone = self._values.popleft()
            del self._ordered[bisect_left(self._ordered, gone)]
        share = 1 - self._rule.share if self._rule.above is not None else self._rule.share
        return quantile(self._ordered, share)


class FaultMonitors:
    """Follows all of an exercise's rules during a hold, so that corrections come in time.

    The finished hold is judged again as a whole; this only decides what is said meanwhile.
    """

    def __init__(self, rules: tuple[Fault, ...]) -> None:
        self._rules = rules
        self.reset()

    def reset(self) -> None:
        """Reset, as at the beginning of a hold."""
        self._watches = [(FaultMonitor(rule), Lag(CALM_S), Recent(rule)) for rule in self._rules]

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the rules that are broken now."""
        return tuple(watch.rule.name for watch, *_ in self._watches if watch.broken)

    def step(self, signals: Signals, view: str | None) -> list[Event]:
        """Take the signals of one frame, in order of time; returns what began or ended."""
        events = []
        for watch, lag, recent in self._watches:
            if not watch.rule.found_in(view):
                continue
            before = watch.broken
            value = lag.step(signals.t_s, signals[watch.rule.signal])
            watch.step(signals.t_s, recent.step(signals.t_s, value))
            if watch.broken != before:
                name: EventName = "fault_began" if watch.broken else "fault_ended"
                events.append(Event(signals.t_s, name, signals.side, watch.rule.name))
        return events


def broken_in(rule: Fault, t_s: Array, values: Array) -> bool | None:
    """Whether the rule was broken at any time during a movement; None if no value could be measured."""
    if not np.isfinite(values).any():
        return None
    watch = FaultMonitor(rule)
    # A list, not a generator: the monitor must see every sample, and any() would stop at the first.
    return any([watch.step(float(t), float(value)) for t, value in zip(t_s, values, strict=True)])


def judged_faults(
    rules: Sequence[Fault], view: str | None, broken: Callable[[Fault], bool | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the faults present, and of those that this view, or missing data, leaves undecided.

    broken: whether a rule was broken; None if that could not be measured.
    """

    def told(rule: Fault) -> bool | None:
        there = broken(rule) if rule.found_in(view) else None
        return there if there or rule.shown_from(view) else None

    found = {rule.name: told(rule) for rule in rules}
    return tuple(name for name, there in found.items() if there), tuple(
        n for n, there in found.items() if there is None
    )
