"""Sessions that somebody shared, added to the history of this machine: each once, and all of them or none. (I/O)"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.errors import HistoryError
from coach.history.records import SessionRecord, checked_name, columns_of
from coach.session.timeline import Timeline
from coach.session.timeline_file import encode, event_data


@dataclass(frozen=True, slots=True, eq=False)
class IncomingSession:
    """One session as it was shared. record: with its ``uid``; digest: of its content; timelines: curves by part."""

    record: SessionRecord
    digest: str
    timelines: Mapping[int, Timeline]


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """What one file shares of one person. person_uid: names the person on every machine. made_at: ISO 8601, in UTC."""

    person: str
    person_uid: str
    made_at: str
    sessions: Sequence[IncomingSession]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it: whose they are here, and how many were new, had changed, or were there already."""

    person: str
    added: int
    updated: int
    known: int


def take_in(connection: sqlite3.Connection, incoming: Incoming, person: str | None, now: str) -> TakenIn:
    """Add what is not there. A session of this machine's own is never changed, a shared one only by a newer file.

    now: the present, as the history keeps it. Raises HistoryError, sqlite3.Error; then nothing was changed.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        number = _person(connection, incoming, person, now)
        done = [_session(connection, each, number, incoming.made_at) for each in incoming.sessions]
        (name,) = connection.execute("SELECT name FROM person WHERE id = ?", (number,)).fetchone()
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
    return TakenIn(str(name), done.count("added"), done.count("updated"), done.count("known"))


def _person(connection: sqlite3.Connection, incoming: Incoming, named: str | None, now: str) -> int:
    """Who they are here: as named, else who that person is known to be, else a new one of that name."""
    known = _one(
        connection,
        "SELECT id FROM person WHERE uid = ?1 UNION SELECT person_id FROM elsewhere WHERE uid = ?1",
        incoming.person_uid,
    )
    if named is None and known is not None:
        return known
    name = checked_name(named if named is not None else incoming.person)
    same = _one(connection, "SELECT id FROM person WHERE name = ?", name)
    if named is None and same is not None:
        raise HistoryError(
            f"somebody called '{name}' is known here already, and these sessions are of another machine",
            f"Give --person '{name}' if it is the same person, else --person with another name",
        )
    if named is not None and known is not None and known != same:
        (before,) = connection.execute("SELECT name FROM person WHERE id = ?", (known,)).fetchone()
        raise HistoryError(
            f"sessions of this person are kept here as '{before}'", f"Give --person '{before}', or leave it out"
        )
    number = same
    if number is None:
        row = connection.execute("INSERT INTO person (name, created_at) VALUES (?, ?)", (name, now))
        number = int(row.lastrowid or 0)
    if known is None:
        connection.execute("INSERT INTO elsewhere (uid, person_id) VALUES (?, ?)", (incoming.person_uid, number))
    return number


def _session(connection: sqlite3.Connection, session: IncomingSession, person: int, made_at: str) -> str:
    record = session.record
    before = connection.execute(
        "SELECT id, person_id, shared_at, shared_digest FROM session WHERE uid = ?", (record.uid,)
    ).fetchone()
    if before is not None:
        own, others, older = before[2] is None, before[1] != person, made_at <= str(before[2])
        if own or others or older or before[3] == session.digest:
            return "known"
        for table in ("part", "event", "pain", "track"):
            connection.execute(f"DELETE FROM {table} WHERE session_id = ?", (before[0],))
    columns = {
        "person_id": person,
        **columns_of(record),
        "uid": record.uid,
        "shared_at": made_at,
        "shared_digest": session.digest,
    }
    if before is None:
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        values = tuple(columns.values())
        number = connection.execute(f"INSERT INTO session ({names}) VALUES ({marks})", values).lastrowid
    else:
        number = before[0]
        places = ", ".join(f"{name} = ?" for name in columns)
        statement = f"UPDATE session SET {places}, report_path = NULL WHERE id = ?"
        connection.execute(statement, (*columns.values(), number))
    for part in record.parts:
        result = None if part.result is None else json.dumps(part.result, allow_nan=False)
        connection.execute(
            "INSERT INTO part (session_id, number, exercise, result) VALUES (?, ?, ?, ?)",
            (number, part.number, part.exercise, result),
        )
        connection.executemany(
            "INSERT INTO event (session_id, part, t_s, name, data) VALUES (?, ?, ?, ?, ?)",
            [
                (number, part.number, float(event.t_s), event.name, json.dumps(event_data(event), allow_nan=False))
                for event in part.events
            ],
        )
    for pain in record.pains:
        connection.execute(
            "INSERT INTO pain (session_id, part, t_s, score) VALUES (?, ?, ?, ?)",
            (number, pain.part, pain.t_s, pain.score),
        )
    for timeline_part, timeline in session.timelines.items():
        connection.execute(
            "INSERT INTO track (session_id, part, data) VALUES (?, ?, ?)",
            (number, timeline_part, encode(timeline, compact=True)),
        )
    return "updated" if before is not None else "added"


def _one(connection: sqlite3.Connection, query: str, value: str) -> int | None:
    row = connection.execute(query, (value,)).fetchone()
    return None if row is None else int(row[0])
