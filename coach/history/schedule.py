"""On which days to practise, by how often a programme asks for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

WEEK = 7


def training_days(per_week: float) -> tuple[int, ...]:
    """Days of the week (0 is Monday) that spread so many sessions evenly: 3 gives Monday, Wednesday and Friday."""
    count = max(1, min(WEEK, round(per_week)))
    return tuple(int(i * WEEK / count) for i in range(count))


def next_day(done: Iterable[date], per_week: float | None, today: date) -> date:
    """When to practise next: as long after the last session as the plan leaves between two, and today at the earliest.

    Without a plan, or a session, it is today.
    """
    past = [day for day in done if day <= today]
    if not past or not per_week:
        return today
    return max(today, max(past) + timedelta(days=max(1, int(WEEK / per_week))))
