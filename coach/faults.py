"""Whether a fault's rule was broken: over a finished movement, or as it happens. Time is passed in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coach.exercise import Fault

Array = NDArray[np.float64]


def beyond(rule: Fault, value: float) -> float:
    """How far a value lies beyond the rule's bound: positive when broken. NaN stays NaN."""
    if rule.either_way:
        value = abs(value)
    return value - rule.above if rule.above is not None else (rule.below or 0.0) - value


def _released(rule: Fault, value: float) -> bool:
    if rule.either_way:
        value = abs(value)
    return value < rule.release if rule.above is not None else value > rule.release


class Watch:
    """Follows one rule over time: broken once beyond the bound for ``dwell_s``, mended once past ``release``.

    Between bound and release nothing changes, so noise at the edge cannot chatter. Missing values freeze it.
    """

    def __init__(self, rule: Fault) -> None:
        self.rule = rule
        self.broken = False
        self._since_s: float | None = None

    def step(self, t_s: float, value: float) -> bool:
        """Take one sample in order of time and tell whether the rule is broken now."""
        if not np.isfinite(value):
            return self.broken
        if _released(self.rule, value):
            self._since_s, self.broken = None, False
        elif beyond(self.rule, value) > 0:
            self._since_s = t_s if self._since_s is None else self._since_s
            self.broken = self.broken or t_s - self._since_s >= self.rule.dwell_s - 1e-6
        return self.broken


def broken_in(rule: Fault, t_s: Array, values: Array) -> bool | None:
    """Whether the rule was broken at any time of a movement; None where no value could be measured."""
    if not np.isfinite(values).any():
        return None
    watch = Watch(rule)
    # A list, not a generator: the watch must see every sample, and any() would stop at the first.
    return any([watch.step(float(t), float(value)) for t, value in zip(t_s, values, strict=True)])
