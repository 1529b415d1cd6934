"""Erases for good: rows are overwritten, no copy stays on the disk, and reports go with their sessions. (I/O)"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from coach.errors import HistoryError
from coach.history.database import DAMAGED, FILE, REPORTS, explained

PERSON_OF = "(SELECT person_id FROM session WHERE id = ?)"


def erase_session(connection: sqlite3.Connection, folder: Path, number: int) -> None:
    """Erase one session; with a person's last session, the person too. Raises HistoryError."""
    if is_last(connection, folder, number):
        # Delete the session explicitly: in a damaged history its person may be missing.
        _forget(connection, folder, f"DELETE FROM person WHERE id = {PERSON_OF}", number)
    _forget(connection, folder, "DELETE FROM session WHERE id = ?", number)


def erase_person(connection: sqlite3.Connection, folder: Path, name: str) -> None:
    """Erase one person with all sessions. Raises HistoryError."""
    _forget(connection, folder, "DELETE FROM person WHERE name = ?", name)


def erase_everybody(connection: sqlite3.Connection, folder: Path) -> None:
    """Erase everything, including damaged copies kept by a repair: they may hold anyone. Raises HistoryError."""
    try:
        _forget(connection, folder, "DELETE FROM person")
        _forget(connection, folder, "DELETE FROM session")  # in a damaged history some may belong to nobody
    finally:  # a copy held open by a reader is no reason to leave the others
        with explained(folder / FILE):
            for copy in damaged_copies(folder):
                copy.unlink(missing_ok=True)


def is_last(connection: sqlite3.Connection, folder: Path, number: int) -> bool:
    """Whether this is the person's only session. Raises HistoryError."""
    count = f"SELECT count(*) FROM session WHERE person_id = {PERSON_OF}"
    with explained(folder / FILE):
        return bool(connection.execute(count, (number,)).fetchone()[0] == 1)


def damaged_copies(folder: Path) -> list[Path]:
    """Damaged histories that a repair has kept. They can only be deleted as a whole."""
    return sorted(folder.glob(f"{DAMAGED}*"))


def tidy(connection: sqlite3.Connection, folder: Path) -> None:
    """Leave no copy of deleted data on the disk. Raises HistoryError if a reader still holds one open."""
    path = folder / FILE
    with explained(path):
        # secure_delete has overwritten the rows; the log and the free pages still hold copies until here.
        for step in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            answer = connection.execute(step).fetchone()
            if answer is not None and answer[0]:
                raise HistoryError(
                    f"{path}: deleted, but another program is reading it and copies may be left on the disk",
                    "Close it and run this again",
                )


def _forget(connection: sqlite3.Connection, folder: Path, statement: str, *values: object) -> None:
    path = folder / FILE
    before = _numbers(connection, path)
    try:
        with explained(path):
            connection.execute(statement, values)
        tidy(connection, folder)
    finally:  # the rows may be gone even if a copy is still held open
        gone = before - _numbers(connection, path)
        with explained(path):
            for number in gone:
                # HTML, PDF, and leftovers of interrupted writes
                for report in (folder / REPORTS).glob(f"*session-{number}.*"):
                    report.unlink(missing_ok=True)


def _numbers(connection: sqlite3.Connection, path: Path) -> set[int]:
    with explained(path):
        return {row[0] for row in connection.execute("SELECT id FROM session")}
