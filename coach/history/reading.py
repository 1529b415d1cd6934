"""Turns rows of the history into records, whatever they hold: unreadable parts are named, the rest is kept. Pure.

A file that SQLite considers intact can still hold an invalid row, left by a damaged disk, another program or an
unreleased version. Such a row is shown as damaged. It never hides the others, and can itself be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, TypeVar

from coach.definitions.pain import HIGHEST
from coach.guide.account import readable
from coach.history.rebuild import completed
from coach.history.records import Pain, PartRecord, SessionRecord, is_name, is_uid
from coach.reading import LONGEST_S, parse_json, printable
from coach.session.result_reading import EXERCISE_NAME, checked_result
from coach.session.timeline_file import event_from_data
from coach.types import Event

UNKNOWN = "?"
LARGEST_PART = 1_000_000
# Stands in for an unknown start time: sorts before all others.
NO_TIME = datetime(1970, 1, 1, tzinfo=timezone.utc)
# What reading an invalid value may raise.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
T = TypeVar("T")


class RowReader:
    """Reads the rows of one session; ``damage`` lists what could not be read, each item once."""

    def __init__(self) -> None:
        self._damage: dict[str, None] = {}

    @property
    def damage(self) -> tuple[str, ...]:
        """What could not be read, in plain words."""
        return tuple(self._damage)

    def amiss(self, what: str) -> None:
        """Record that this could not be read."""
        self._damage[what] = None

    def text(self, value: Any, what: str, otherwise: str = "", most: int = 10_000) -> str:
        """A printable text."""
        if isinstance(value, str) and len(value) <= most and printable(value):
            return value
        self.amiss(what)
        return otherwise

    def exercise(self, value: Any, what: str) -> str:
        """An exercise's name."""
        if isinstance(value, str) and re.fullmatch(EXERCISE_NAME, value):
            return value
        self.amiss(what)
        return UNKNOWN

    def name(self, value: Any) -> str:
        """A person's name."""
        if is_name(value):
            return str(value)
        self.amiss("whose it is")
        return UNKNOWN

    def uid(self, value: Any) -> str:
        """What names a session on every machine; empty where it is damaged."""
        if is_uid(value):
            return str(value)
        self.amiss("its name on other computers")
        return ""

    def number(self, value: Any, what: str, least: float, most: float) -> float | None:
        """A number or None."""
        if value is None:
            return None
        if isinstance(value, (int, float)) and least <= value <= most:
            return value
        self.amiss(what)
        return None

    def time(self, value: Any, what: str) -> datetime | None:
        """A time with its offset from UTC."""
        if value is None:
            return None
        try:
            return time_of(value)
        except UNREADABLE:
            self.amiss(what)
            return None

    def record(self, value: Any) -> dict[str, Any] | None:
        """A guided session's own log, or what is kept in its place."""
        if value is None:
            return None
        try:
            found, whole = readable(dict(parse_json(value)))
        except UNREADABLE:
            self.amiss("its own account")
            return None
        if not whole:
            self.amiss("its own account")
        return found

    def events(self, rows: Iterable[tuple[Any, Any]]) -> dict[int, list[Event]]:
        """Events by part, from rows of (part, data)."""
        found: dict[int, list[Event]] = {}
        for part, data in rows:
            try:
                event = event_from_data(parse_json(data))
                if not is_part(part):
                    raise ValueError("part")
            except UNREADABLE:
                self.amiss("an event")
                continue
            found.setdefault(part, []).append(event)
        return found

    def parts(self, rows: Iterable[tuple[Any, Any, Any]]) -> tuple[list[PartRecord], bool]:
        """Sets without their events, from rows of (number, exercise, result), and whether a result was unreadable."""
        found, lost = [], False
        for number, exercise, result in rows:
            if not is_part(number):
                self.amiss("a set")
                continue
            what = f"set {number + 1}"
            name = None if exercise is None else self.exercise(exercise, what)
            known = None
            if result is not None:
                try:
                    known = checked_result(parse_json(result))
                except UNREADABLE:
                    self.amiss(what)
                    lost = True
            found.append(PartRecord(number, name, known))
        return found, lost

    def whole(self, part: PartRecord, events: Sequence[Event], ended: bool) -> PartRecord:
        """A set with its events; a result that is lost or incomplete is rebuilt from them.

        ended: the session has ended, so its results are complete: what they do not list was not exercise.
        """
        part = replace(part, events=tuple(events))
        if ended and part.result is not None:
            return part
        try:
            return completed(part)
        except UNREADABLE:
            self.amiss(f"set {part.number + 1}")
            return replace(part, events=())

    def pains(self, rows: Iterable[tuple[Any, Any, Any]]) -> tuple[Pain, ...]:
        """Pain marks, from rows of (part, t_s, score)."""
        found = []
        for part, t_s, score in rows:
            whole = is_part(part) and isinstance(t_s, (int, float)) and abs(t_s) <= LONGEST_S
            if whole and (score is None or (isinstance(score, int) and 0 <= score <= HIGHEST)):
                found.append(Pain(part, float(t_s), score))
            else:
                self.amiss("a pain mark")
        return tuple(found)


def session_of(
    row: Sequence[Any],
    parts: Iterable[tuple[Any, Any, Any]],
    pains: Iterable[tuple[Any, Any, Any]],
    events: Callable[[], Iterable[tuple[Any, Any]]],
    with_events: bool = True,
) -> SessionRecord:
    """The record of one session, from its rows as selected by the store's ``SESSION`` query. Never raises.

    events: gives the rows of its events. Without ``with_events`` they are only fetched where they are needed: for a
    session that was cut off, or whose result is unreadable, and that is rebuilt from them.
    """
    read = RowReader()
    saved_at = read.time(row[4], "when it was saved")
    ended_at = read.time(row[5], "when it ended")
    started_at = read.time(row[3], "when it began")
    if started_at is None:
        read.amiss("when it began")
    if row[2] not in ("live", "analysed"):
        read.amiss("of which kind it is")
    per_week = read.number(row[8], "its plan", 0.01, 100)
    planned = read.number(row[9], "its plan", 0, 10_000)
    uid = read.uid(row[13])
    ended = row[5] is not None
    found, lost = read.parts(parts)
    happened = read.events(events()) if with_events or lost or not ended else {}
    return SessionRecord(
        int(row[0]),
        person=read.name(row[1]),
        kind="analysed" if row[2] == "analysed" else "live",
        started_at=started_at or saved_at or ended_at or NO_TIME,
        saved_at=saved_at or started_at or NO_TIME,
        ended_at=ended_at,
        source=read.text(row[6], "its source"),
        programme=read.text(row[7], "its programme"),
        sessions_per_week=per_week,
        sets_planned=None if planned is None else int(planned),
        report_path=None if row[10] is None else read.text(row[10], "where its report is"),
        app_version=read.text(row[11], "its version"),
        record=read.record(row[12]),
        parts=tuple(read.whole(part, happened.get(part.number, ()), ended) for part in found),
        pains=read.pains(pains),
        damaged=read.damage,
        start_known=started_at is not None,
        uid=uid,
    )


def is_part(value: Any) -> bool:
    """Whether it is the number of a set."""
    return isinstance(value, int) and 0 <= value <= LARGEST_PART


def time_of(text: Any) -> datetime:
    """A time as stored in the history, with its offset from UTC. Raises one of UNREADABLE."""
    at = datetime.fromisoformat(text)
    at = at.astimezone() if at.tzinfo is None else at
    at.timestamp()  # years the system cannot represent
    at.astimezone(timezone.utc)  # and those that leave the calendar when converted
    return at
