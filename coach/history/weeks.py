"""What changed from week to week, from the sessions of one person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, median
from typing import Any

from coach.history.records import SessionRecord
from coach.session.result import Result, by_set, depth, items_of
from coach.types import SIDES, Side
from coach.units import unit_of

CLOCKS_DIFFER = timedelta(days=1)  # allows for travel between time zones


@dataclass(frozen=True, slots=True)
class SideWeek:
    """One side of one exercise in one week; None where there is no value.

    depth_deg: median of what counted. clean_share: share of what counted, 0..1. breaths, held_s: mean per hold.
    """

    counted: int
    depth_deg: float | None
    clean_share: float | None
    breaths: float | None
    held_s: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday. planned: sessions the programme asks for. sets: done and planned, if there is a plan.

    pain: the highest score of the week, 0..10. exercises: by name and side.
    """

    monday: date
    sessions: int
    days: int
    planned: float | None
    sets_done: int
    sets_planned: int | None
    pain: int | None
    exercises: Mapping[str, Mapping[Side, SideWeek]]

    @property
    def adherence(self) -> float | None:
        """Share of the planned sessions that were done, at most 1; None without a plan."""
        return min(1.0, self.sessions / self.planned) if self.planned else None

    @property
    def clean_share(self) -> float | None:
        """Share of what counted that had no fault."""
        shares = [
            (one.clean_share, one.counted)
            for sides in self.exercises.values()
            for one in sides.values()
            if one.clean_share is not None
        ]
        total = sum(count for _, count in shares)
        return sum(share * count for share, count in shares) / total if total else None


def monday(day: date) -> date:
    """The Monday of the week that holds this day."""
    return day - timedelta(days=day.weekday())


def weeks(sessions: Iterable[SessionRecord], until: date, most: int = 12) -> tuple[Week, ...]:
    """At most ``most`` weeks up to ``until``, starting with the first that has a session; empty weeks are included.

    A session in which nothing was found counts as done only if one of its parts has a result. Sessions dated after
    ``until`` by a wrong clock are left out (``misdated``): a single one would push all others out of view.
    """
    by_week: dict[date, list[SessionRecord]] = {}
    for session in sessions:
        day = day_of(session)
        if day is not None and not _to_come(day, until) and (session.parts or session.pains):
            by_week.setdefault(monday(day), []).append(session)
    if not by_week:
        return ()
    last = max(monday(until), *by_week)
    first = max(min(by_week), last - timedelta(weeks=most - 1))
    planned: float | None = None
    out = []
    for i in range((last - first).days // 7 + 1):
        start = first + timedelta(weeks=i)
        done = by_week.get(start, [])
        # A week without a session still had a plan: the last one remains in force.
        planned = next((s.sessions_per_week for s in reversed(done) if s.sessions_per_week), planned)
        out.append(_week(start, done, planned))
    return tuple(out)


def day_of(session: SessionRecord) -> date | None:
    """The day on which it began, if known."""
    return session.started_at.date() if session.start_known else None


def misdated(sessions: Iterable[SessionRecord], until: date) -> int:
    """How many sessions have no date, or one in the future."""
    days = [day_of(session) for session in sessions]
    return sum(day is None or _to_come(day, until) for day in days)


def _to_come(day: date, until: date) -> bool:
    """Whether a day is in a future week."""
    return monday(day) > monday(until + CLOCKS_DIFFER)


def _week(start: date, sessions: Sequence[SessionRecord], planned: float | None) -> Week:
    results = [each for session in sessions for result in session.results for each in by_set(result)]
    set_plans = [session.sets_planned for session in sessions if session.sets_planned]
    pains = [pain.score for session in sessions for pain in session.pains if pain.score is not None]
    names = sorted({result["exercise"] for result in results if result["exercise"]})
    by_name = {name: [result for result in results if result["exercise"] == name] for name in names}
    return Week(
        monday=start,
        sessions=len(sessions),
        days=len({session.started_at.date() for session in sessions}),
        planned=planned,
        # Only planned sets count against a plan; sets done freely still appear in the tables.
        sets_done=sum(
            len(by_set(result))
            for session in sessions
            if session.sets_planned or not set_plans
            for result in session.results
        ),
        sets_planned=sum(set_plans) if set_plans else None,
        pain=max(pains) if pains else None,
        exercises={name: _sides(found) for name, found in by_name.items()},
    )


def _sides(results: Sequence[Result]) -> dict[Side, SideWeek]:
    sides: dict[Side, SideWeek] = {}
    for side in SIDES:
        items = [item for result in results for item in items_of(result) if item["side"] == side]
        if items:
            sides[side] = _side([item for item in items if item["counted"]])
    return sides


def _side(counted: Sequence[Mapping[str, Any]]) -> SideWeek:
    depths = [depth for item in counted if (depth := depth_deg(item)) is not None]
    breaths = [item["breaths"] for item in counted if item.get("breaths") is not None]
    held = [item["held_s"] for item in counted if item.get("held_s") is not None]
    return SideWeek(
        counted=len(counted),
        depth_deg=median(depths) if depths else None,
        clean_share=mean(not item["faults"] for item in counted) if counted else None,
        breaths=mean(breaths) if breaths else None,
        held_s=mean(held) if held else None,
    )


def depth_deg(item: Mapping[str, object]) -> float | None:
    """The depth of a movement or hold, if its exercise measures it in degrees."""
    found = depth(item)
    return found.value if found is not None and unit_of(found.name).ending == "deg" else None
