"""Forgetting for good: rows are overwritten, no copy is left on the disk, and reports go with their sessions. (I/O)"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from coach.errors import HistoryError
from coach.history.database import DAMAGED, FILE, REPORTS, explained

PERSON_OF = "(SELECT person_id FROM session WHERE id = ?)"


def forget_session(connection: sqlite3.Connection, folder: Path, number: int) -> None:
    """Forget one session; with a person's last one the person too. Raises HistoryError."""
    if is_last(connection, folder, number):
        # The session by itself as well: in a damaged history there may be no such person.
        _forget(connection, folder, f"DELETE FROM person WHERE id = {PERSON_OF}", number)
    _forget(connection, folder, "DELETE FROM session WHERE id = ?", number)


def forget_person(connection: sqlite3.Connection, folder: Path, name: str) -> None:
    """Forget one person with all sessions. Raises HistoryError."""
    _forget(connection, folder, "DELETE FROM person WHERE name = ?", name)


def forget_everybody(connection: sqlite3.Connection, folder: Path) -> None:
    """Forget everything, and the damaged copies that a repair has kept: they may hold anybody. Raises HistoryError."""
    try:
        _forget(connection, folder, "DELETE FROM person")
        _forget(connection, folder, "DELETE FROM session")  # in a damaged history some may be nobody's
    finally:  # a copy that a reader holds on to is no reason to leave others
        with explained(folder / FILE):
            for copy in damaged_copies(folder):
                copy.unlink(missing_ok=True)


def is_last(connection: sqlite3.Connection, folder: Path, number: int) -> bool:
    """Whether it is the only session of its person. Raises HistoryError."""
    count = f"SELECT count(*) FROM session WHERE person_id = {PERSON_OF}"
    with explained(folder / FILE):
        return bool(connection.execute(count, (number,)).fetchone()[0] == 1)


def damaged_copies(folder: Path) -> list[Path]:
    """What a repair has kept of damaged histories. Nothing can be deleted inside them, only they as a whole."""
    return sorted(folder.glob(f"{DAMAGED}*"))


def tidy(connection: sqlite3.Connection, folder: Path) -> None:
    """Leave no copy on the disk of what was deleted. Raises HistoryError where a reader holds on to some."""
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
    finally:  # the rows may be gone although a copy is held on to
        gone = before - _numbers(connection, path)
        with explained(path):
            for number in gone:
                # HTML, PDF, and one that was cut off in writing
                for report in (folder / REPORTS).glob(f"*session-{number}.*"):
                    report.unlink(missing_ok=True)


def _numbers(connection: sqlite3.Connection, path: Path) -> set[int]:
    with explained(path):
        return {row[0] for row in connection.execute("SELECT id FROM session")}
