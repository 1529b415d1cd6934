"""On which days to practise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.history.schedule import next_day, training_days

TODAY = date(2026, 3, 30)


@pytest.mark.parametrize(
    ("per_week", "days"),
    [(1, (0,)), (2, (0, 3)), (3, (0, 2, 4)), (5, (0, 1, 2, 4, 5)), (7, (0, 1, 2, 3, 4, 5, 6)), (14, tuple(range(7)))],
)
def test_days_are_spread(per_week: float, days: tuple[int, ...]) -> None:
    assert training_days(per_week) == days


@pytest.mark.parametrize(
    ("last", "per_week", "days"),
    [(0, 3, 2), (1, 3, 1), (2, 3, 0), (9, 3, 0), (0, 7, 1), (0, 14, 1), (0, 1, 7), (0, None, 0)],
)
def test_the_next_is_as_far_off_as_the_plan_leaves(last: int, per_week: float | None, days: int) -> None:
    done = [TODAY - timedelta(days=last), TODAY - timedelta(days=20)]
    assert next_day(done, per_week, TODAY) == TODAY + timedelta(days=days)


def test_without_a_session_it_is_today() -> None:
    assert next_day([], 3, TODAY) == TODAY
    assert next_day([TODAY + timedelta(days=400)], 3, TODAY) == TODAY  # of a clock that was wrong
