"""Of the last seconds of a hold, what a rule's share of them goes beyond: a joint that jumps once is no fault."""

from __future__ import annotations

import math

import pytest

from coach.definitions.rules import Fault
from coach.judging.faults import RECENT_S, Recent

ABOVE = Fault(name="bent", signal="x", above=20.0, release=15.0, share=0.5)
BELOW = Fault(name="in", signal="x", below=65.0, release=70.0, share=0.5)
PLAIN = Fault(name="plain", signal="x", above=20.0, release=15.0)


def last(rule: Fault, *values: float, fps: float = 10.0) -> float:
    recent = Recent(rule)
    return [recent.step(i / fps, value) for i, value in enumerate(values)][-1]


def test_a_few_values_elsewhere_are_not_told_and_half_of_the_time_is() -> None:
    assert last(ABOVE, *[5.0] * 40, *[60.0] * 15) == 5.0
    assert last(ABOVE, *[5.0] * 20, *[60.0] * 30) == 60.0


def test_a_lower_bound_is_looked_at_from_the_other_end() -> None:
    assert last(BELOW, *[90.0] * 40, *[10.0] * 15) == 90.0
    assert last(BELOW, *[90.0] * 20, *[10.0] * 30) == 10.0


def test_only_the_last_seconds_count() -> None:
    assert last(ABOVE, *[60.0] * 200, *[5.0] * int(RECENT_S * 10)) == 5.0


def test_without_a_share_the_value_is_told_as_it_is() -> None:
    assert last(PLAIN, *[5.0] * 40, 60.0) == 60.0


def test_what_was_not_measured_tells_nothing_and_changes_nothing() -> None:
    recent = Recent(ABOVE)
    assert recent.step(0.0, 5.0) == 5.0
    assert math.isnan(recent.step(0.1, math.nan))
    assert recent.step(0.2, 7.0) == pytest.approx(6.0)
