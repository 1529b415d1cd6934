"""Histories of people who practise at home, made in a moment from scripted sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from coach.history import History
from coach.session.result import Result
from coach.session.timeline import Timeline
from coach.session.timeline_file import encode
from coach.types import Side
from tests.report.scripted import Script, session, strap_stretch

TODAY = date(2026, 3, 30)
ZONE = timezone(timedelta(hours=1))


@dataclass
class Clock:
    """A day that moves when it is told to."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 18, 0, tzinfo=ZONE))

    def __call__(self) -> datetime:
        return self.at


@cache
def hikers(side: Side, depth_deg: float, faulty: int = 0, repetitions: int = 10) -> tuple[Result, Timeline]:
    faults = dict.fromkeys(range(1, faulty + 1), ("trunk_lean",))
    return session(Script(repetitions=repetitions, side=side, fps=5.0, depth_deg=depth_deg, faults=faults))


@cache
def stretch() -> tuple[Result, Timeline]:
    result, track, _ = strap_stretch()
    return result, track


def seen_from(result: Result, angle_deg: int) -> Result:
    """The same from another view."""
    view: Any = {"angle_deg": angle_deg, "advice": None}
    return {**result, "view": view, "sets": [{**each, "view": view} for each in result["sets"]]}


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[History]:
    with History.open(folder, clock or Clock()) as history:
        yield history


def keep(
    folder: Path,
    person: str,
    day: date,
    parts: Sequence[tuple[Result, Timeline]],
    *,
    pain: int | None = None,
    per_week: float | None = 3,
    record: dict[str, Any] | None = None,
    tracks: bool = False,
) -> int:
    """Keep a session of that day, at six in the evening; its number."""
    clock = Clock(datetime(day.year, day.month, day.day, 18, 0, tzinfo=ZONE))
    with opened(folder, clock) as history:
        with history.begin(
            person, programme="standard", sessions_per_week=per_week, sets_planned=len(parts), source="camera 0"
        ) as writer:
            for number, (result, _) in enumerate(parts):
                writer.result(result, number)
            if pain is not None:
                writer.pain(pain, 12.5)
            if record is not None:
                writer.record(record)
        assert writer.problem is None
        if tracks:
            for number, (_, track) in enumerate(parts):
                history._connection.execute(
                    "INSERT INTO track (session_id, part, data) VALUES (?, ?, ?)",
                    (writer.number, number, encode(track, compact=True)),
                )
        return writer.number


def practice(left_deg: float, right_deg: float, faulty: int = 0) -> list[tuple[Result, Timeline]]:
    """Hip hikers on both sides and a stretch."""
    return [hikers("left", left_deg, faulty), hikers("right", right_deg, faulty), stretch()]


def clinic(folder: Path, tracks: bool = False) -> None:
    """Anna is past the goal, Bert's pain rises, Clara stopped, Dora stood elsewhere."""
    for number, days in enumerate((26, 20, 13, 6, 3, 0)):
        day = TODAY - timedelta(days=days)
        keep(folder, "Anna", day, practice(8.0 + number, 9.0 + number / 5), tracks=tracks)
    for number, days in enumerate((12, 5, 2)):
        keep(folder, "Bert", TODAY - timedelta(days=days), practice(9, 9, 3), pain=1 + 2 * number, tracks=tracks)
    for days in (27, 24, 20):
        keep(folder, "Clara", TODAY - timedelta(days=days), practice(10, 6, 2), tracks=tracks)
    for days, angle in ((9, 35), (1, 60)):
        parts = [(seen_from(result, angle), track) for result, track in practice(7.0 if days == 9 else 13.0, 9, 4)]
        keep(folder, "Dora", TODAY - timedelta(days=days), parts, tracks=tracks)
