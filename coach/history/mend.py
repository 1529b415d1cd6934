"""Repairs rows with impossible values, in a copy of a history. (I/O)"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import Any

from coach.errors import RecordingError
from coach.history.reading import UNKNOWN, RowReader, session_of
from coach.history.records import SessionRecord, columns_of, is_name, is_uid
from coach.history.schema import NEW_UID
from coach.history.store import SESSION
from coach.session.timeline_file import decode

NOBODY = "unknown"  # owner of sessions whose name is lost


def mend_rows(connection: sqlite3.Connection) -> int:
    """Keep what can be read of every row, and return how many sessions and persons changed. Raises sqlite3.Error."""
    changed = _mend_people(connection) + sum(_name_anew(connection, table) for table in ("person", "session"))
    for row in connection.execute(f"{SESSION} ORDER BY session.id").fetchall():
        number = int(row[0])
        changed += bool(_mend_session(connection, row) | _drop_timelines(connection, number))
    return changed


def _mend_people(connection: sqlite3.Connection) -> int:
    changed = 0
    for number, name, version in connection.execute("SELECT id, name, safety_version FROM person").fetchall():
        if not is_name(name):
            connection.execute("UPDATE person SET name = ? WHERE id = ?", (_free_name(connection), number))
            changed += 1
        if version is not None and not isinstance(version, int):
            connection.execute("UPDATE person SET safety_version = NULL WHERE id = ?", (number,))
            changed += 1
    return changed


def _name_anew(connection: sqlite3.Connection, table: str) -> int:
    """Give each row a name of its own that holds on every machine, where it has none or another's."""
    seen: set[str] = set()
    changed = 0
    for number, uid in connection.execute(f"SELECT id, uid FROM {table} ORDER BY id").fetchall():
        if not is_uid(uid) or uid in seen:
            connection.execute(f"UPDATE {table} SET uid = {NEW_UID} WHERE id = ?", (number,))
            changed += 1
        else:
            seen.add(uid)
    return changed


def _free_name(connection: sqlite3.Connection) -> str:
    number, name = 1, NOBODY
    while connection.execute("SELECT 1 FROM person WHERE name = ?", (name,)).fetchone():
        number += 1
        name = f"{NOBODY} {number}"
    return name


def _mend_session(connection: sqlite3.Connection, row: tuple[Any, ...]) -> bool:
    """Write back what can be read of one session, if that is not all of it."""
    number = int(row[0])
    key = (number,)
    parts = connection.execute("SELECT number, exercise, result FROM part WHERE session_id = ?", key).fetchall()
    events = connection.execute("SELECT part, data, id FROM event WHERE session_id = ? ORDER BY id", key).fetchall()
    pains = connection.execute("SELECT part, t_s, score, id FROM pain WHERE session_id = ?", key).fetchall()
    record = session_of(row, parts, [each[:3] for each in pains], lambda: [each[:2] for each in events])
    if not record.damaged:
        return False
    for part, data, event in events:
        reader = RowReader()
        reader.events([(part, data)])
        if reader.damage:
            connection.execute("DELETE FROM event WHERE id = ?", (event,))
    for part, t_s, score, pain in pains:
        reader = RowReader()
        reader.pains([(part, t_s, score)])
        if reader.damage:
            connection.execute("DELETE FROM pain WHERE id = ?", (pain,))
    connection.execute("DELETE FROM part WHERE session_id = ?", key)
    for each in record.parts:
        exercise = None if each.exercise == UNKNOWN else each.exercise
        result = None if each.result is None else json.dumps(each.result, allow_nan=False)
        connection.execute(
            "INSERT INTO part (session_id, number, exercise, result) VALUES (?, ?, ?, ?)",
            (number, each.number, exercise, result),
        )
    _write_back(connection, record)
    return True


def _write_back(connection: sqlite3.Connection, record: SessionRecord) -> None:
    person = "SELECT person_id FROM session JOIN person ON person.id = person_id WHERE session.id = ?"
    if connection.execute(person, (record.number,)).fetchone() is None:
        made = connection.execute(
            "INSERT INTO person (name, created_at) VALUES (?, ?)",
            (_free_name(connection), record.started_at.isoformat()),
        )
        connection.execute("UPDATE session SET person_id = ? WHERE id = ?", (made.lastrowid, record.number))
    columns = {**columns_of(record), "report_path": record.report_path}
    places = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE session SET {places} WHERE id = ?", (*columns.values(), record.number))


def _drop_timelines(connection: sqlite3.Connection, number: int) -> bool:
    dropped = False
    rows = connection.execute("SELECT id, part, data FROM track WHERE session_id = ?", (number,)).fetchall()
    for row, part, data in rows:
        with suppress(RecordingError, TypeError):
            if isinstance(part, int):
                decode(data)
                continue
        connection.execute("DELETE FROM track WHERE id = ?", (row,))
        dropped = True
    return dropped
