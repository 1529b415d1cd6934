"""Saves what can be read of a damaged history into a new one, and keeps the damaged file beside it. (I/O)

Two kinds of damage are repaired: pages that SQLite cannot read, and rows that it can read but whose values are
impossible (coach/history/mend.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coach.errors import HistoryError
from coach.history.database import DAMAGED, FILE, connect, explained, is_whole, no_file, opened
from coach.history.mend import mend_rows
from coach.history.schema import migrate

TABLES = ("person", "session", "part", "event", "pain", "track", "elsewhere")
OF_SESSIONS = TABLES[2:6]
# Two rows of one name are kept, and told apart: without these while rows are copied.
UID_INDICES = {
    "person_of_uid": "CREATE UNIQUE INDEX person_of_uid ON person(uid)",
    "session_of_uid": "CREATE UNIQUE INDEX session_of_uid ON session(uid)",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """The outcome of a repair. kept_at is None if everything could be read and nothing was done."""

    kept_at: Path | None
    sessions: int


def repair(folder: Path, at: datetime) -> Repair:
    """Repair the history in ``folder``. ``at`` names the copy. Raises HistoryError if nothing can be written."""
    path = folder / FILE
    with explained(path):
        there, is_file = path.exists(), path.is_file()
    if there and not is_file:
        raise no_file(path)
    if not is_file:
        raise HistoryError(
            f"{path}: there is no history to repair", "Nothing is lost: it is made with the first session"
        )
    fresh = folder / f"{FILE}.repaired"
    with explained(path):
        _remove(fresh)
        fresh.touch(0o600)
        with closing(connect(fresh)) as new:
            migrate(new)
            new.execute("PRAGMA foreign_keys = OFF")
            new.execute("PRAGMA ignore_check_constraints = ON")  # invalid values are repaired, not dropped
            for index in UID_INDICES:
                new.execute(f"DROP INDEX {index}")
            with closing(opened(path)) as old:
                # Without this SQLite refuses a file that is shorter than its header says, though most can be read.
                with suppress(sqlite3.Error):
                    old.execute("PRAGMA query_only = ON")
                    old.execute("PRAGMA writable_schema = ON")
                for table in TABLES:
                    _copy(old, new, table)
                unnamed = _unnamed(old)
            new.execute("BEGIN")
            for table in OF_SESSIONS:
                new.execute(f"DELETE FROM {table} WHERE session_id NOT IN (SELECT id FROM session)")
            new.execute("DELETE FROM elsewhere WHERE person_id NOT IN (SELECT id FROM person)")
            mended = mend_rows(new) + unnamed
            for statement in UID_INDICES.values():
                new.execute(statement)
            new.execute("COMMIT")
            sessions = _count(new)
            new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            new.execute("PRAGMA journal_mode = DELETE")
        if not mended and is_whole(path):
            _remove(fresh)
            return Repair(None, sessions)
        kept = folder / f"{DAMAGED}{at:%Y%m%d-%H%M%S}.db"
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(FILE + end).rename(kept.with_name(kept.name + end))
        fresh.rename(path)
    return Repair(kept, sessions)


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    """Every readable row: from the front up to the damage, and from the back down to it."""
    known = {str(row[1]) for row in _rows(old, f"PRAGMA table_info({table})")}
    names = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
    names = [name for name in names if name in known] or names  # an older one has fewer columns
    columns = ", ".join(names)
    key = {"part": ("session_id", "number"), "elsewhere": ("uid",)}.get(table, ("rowid",))  # two have no rowid
    order, turned = ", ".join(key), ", ".join(f"{name} DESC" for name in key)
    insert = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})"
    for way in (order, turned):
        new.execute("BEGIN")
        for row in _rows(old, f"SELECT {columns} FROM {table} ORDER BY {way}"):
            with suppress(sqlite3.Error):
                new.execute(insert, row)
        new.execute("COMMIT")


def _unnamed(old: sqlite3.Connection) -> int:
    """How many rows lack what names them on every machine; copying them has given it. A first version has none."""
    return sum(len(list(_rows(old, f"SELECT 1 FROM {table} WHERE uid IS NULL"))) for table in ("person", "session"))


def _rows(old: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    with suppress(sqlite3.Error):
        yield from old.execute(query)


def _count(connection: sqlite3.Connection) -> int:
    try:
        return int(connection.execute("SELECT count(*) FROM session").fetchone()[0])
    except sqlite3.Error:
        return 0


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
