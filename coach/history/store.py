"""The history of sessions: people, what they did, pain marks and the safety confirmation, in one SQLite file. (I/O)"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from coach import __version__
from coach.closing import Closing
from coach.definitions.exercise import Exercise
from coach.errors import HistoryError, RecordingError
from coach.history import erase
from coach.history.database import FILE, REPORTS, data_folder, explain, explained, holds_history, open_database, opened
from coach.history.reading import UNREADABLE, session_of, time_of
from coach.history.records import (
    DEFAULT_PERSON,
    Holdings,
    Pain,
    SessionKind,
    SessionRecord,
    checked_name,
    is_name,
    is_uid,
)
from coach.history.schema import MIGRATIONS, migrate
from coach.history.take_in import Incoming, TakenIn, take_in
from coach.history.writer import SessionWriter
from coach.session.timeline import Timeline, joined
from coach.session.timeline_file import decode
from coach.to_json import as_text

Clock = Callable[[], datetime]
LARGEST_NUMBER = 2**63 - 1  # what the history's file can hold


def now() -> datetime:
    """The current local time with its offset from UTC."""
    return datetime.now().astimezone()


class History(Closing):
    """Everyone's sessions on this machine. A context manager, made by ``History.open``.

    Every method raises HistoryError if the database fails.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, read_only: bool, clock: Clock = now) -> None:
        self.folder = folder
        self.path = folder / FILE
        self.read_only = read_only
        self._connection = connection
        self._clock = clock

    @classmethod
    def open(
        cls, folder: str | Path | None = None, clock: Clock = now, migrations: Sequence[Sequence[str]] = MIGRATIONS
    ) -> History:
        """Open the history in ``folder`` (None: COACH_HOME, else the user's data folder), creating it if need be.

        Raises HistoryError: damaged, locked, written by a newer coach, no permission, disk full.
        """
        place = data_folder(folder)
        connection, read_only = open_database(place, migrations)
        return cls(place, connection, read_only, clock)

    @classmethod
    def existing(cls, folder: str | Path | None = None, clock: Clock = now) -> History:
        """Open the history that is there, and make nothing: where none was ever kept, an empty one in memory.

        Raises HistoryError as ``open`` does, and where a folder that was named holds no history.
        """
        place = data_folder(folder)
        if holds_history(place):
            return cls.open(place, clock)
        if folder is not None:
            raise HistoryError(f"{place}: holds no history", "Choose another folder with --data-dir")
        connection = opened(":memory:")
        migrate(connection)
        return cls(place, connection, True, clock)

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def check_writable(self) -> None:
        """Raise HistoryError if it is read-only."""
        if self.read_only:
            raise explain(PermissionError(), self.path)

    @property
    def reports_folder(self) -> Path:
        """Folder of the reports of live sessions; ``delete`` removes reports in it."""
        return self.folder / REPORTS

    def report_path(self, number: int) -> Path:
        """Path of a session's report; makes its folder, private to the user. Raises HistoryError."""
        with explained(self.path):
            self.reports_folder.mkdir(mode=0o700, exist_ok=True)
        return self.reports_folder / f"session-{number}.html"

    def set_report(self, number: int, path: Path) -> None:
        """Store the path of a session's report."""
        with explained(self.path):
            self._connection.execute("UPDATE session SET report_path = ? WHERE id = ?", (as_text(str(path)), number))

    # people

    def people(self) -> list[str]:
        """Names of everyone who has a session or confirmed the safety page, sorted."""
        names = [row[0] for row in self._rows("SELECT name FROM person ORDER BY name")]
        return [name for name in names if is_name(name)]

    def person_called(self, name: str) -> str:
        """The person of this name, as it was first written. Raises HistoryError if there is nobody of it."""
        known, wanted = self.people(), checked_name(name).casefold()
        for one in known:
            if one.casefold() == wanted:
                return one
        raise HistoryError(f"there is nobody called '{name}'", f"Known are: {', '.join(known) or 'nobody yet'}")

    def only_person(self, name: str | None = None) -> str:
        """The named person, or the only one there is. Raises HistoryError if that is unknown or ambiguous."""
        if name is not None:
            return self.person_called(name)
        known = self.people()
        if len(known) > 1:
            raise HistoryError("there are several people", f"Choose one with --person: {', '.join(known)}")
        return known[0] if known else DEFAULT_PERSON

    def safety_confirmed(self, person: str = DEFAULT_PERSON, wording: int = 1) -> bool:
        """Whether this person has confirmed this version of the safety page or a later one."""
        rows = self._rows("SELECT safety_version FROM person WHERE name = ?", checked_name(person))
        return bool(rows and isinstance(rows[0][0], int) and rows[0][0] >= wording)

    def confirm_safety(self, person: str = DEFAULT_PERSON, wording: int = 1) -> None:
        """Store that this person has confirmed this version of the safety page."""
        with explained(self.path):
            self._connection.execute(
                "UPDATE person SET safety_confirmed_at = ?, safety_version = ? WHERE id = ?",
                (self._clock().isoformat(), wording, self._person(person)),
            )

    def amend(self, number: int, record: Mapping[str, Any], pains: Iterable[Pain]) -> None:
        """Add what was said after a session had ended: its updated log, and further pain scores.

        Its report is made again when next requested. Raises UnknownSessionError.
        """
        self.session(number)
        with explained(self.path):
            for pain in pains:
                self._connection.execute(
                    "INSERT INTO pain (session_id, part, t_s, score) VALUES (?, ?, ?, ?)",
                    (number, pain.part, pain.t_s, pain.score),
                )
            self._connection.execute(
                "UPDATE session SET record = ?, report_path = NULL WHERE id = ?",
                (json.dumps(record, allow_nan=False), number),
            )

    # writing a session

    def begin(
        self,
        person: str = DEFAULT_PERSON,
        *,
        exercise: str | Exercise | None = None,
        kind: SessionKind = "live",
        source: str = "",
        programme: str = "",
        sessions_per_week: float | None = None,
        sets_planned: int | None = None,
    ) -> SessionWriter:
        """Start a session. Its writer saves in the background while the session runs and never stops it.

        exercise: that of the first part, by name or as its file, if known. Raises HistoryError only if not even the
        start can be saved.
        """
        with explained(self.path):
            started = self._clock().isoformat(timespec="seconds")
            row = self._connection.execute(
                "INSERT INTO session (person_id, kind, started_at, saved_at, source, programme, sessions_per_week,"
                " sets_planned, app_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._person(person),
                    kind,
                    started,
                    started,
                    as_text(source),
                    programme,
                    sessions_per_week,
                    sets_planned,
                    __version__,
                ),
            )
        number = row.lastrowid
        assert number is not None
        writer = SessionWriter(self.path, number, self._clock)
        if exercise is not None:
            writer.part(0, exercise)
        return writer

    def _person(self, name: str) -> int:
        clean = checked_name(name)
        self._connection.execute(
            "INSERT OR IGNORE INTO person (name, created_at) VALUES (?, ?)",
            (clean, self._clock().isoformat(timespec="seconds")),
        )
        return int(self._connection.execute("SELECT id FROM person WHERE name = ?", (clean,)).fetchone()[0])

    # reading

    def sessions(self, person: str | None = None, events: bool = False) -> list[SessionRecord]:
        """Every session, oldest first; only those of ``person`` if named. With events if asked for.

        Unreadable parts of a session are listed in its ``damaged``, and do not affect the others.
        """
        where, values = ("WHERE person.name = ?", (checked_name(person),)) if person is not None else ("", ())
        found = [self._record(row, events) for row in self._rows(f"{SESSION} {where} ORDER BY session.id", *values)]
        # By UTC, not local time: when summer time ends, one hour occurs twice.
        return sorted(found, key=lambda one: one.started_at)

    def has(self, number: int) -> bool:
        """Whether a session has this number."""
        return 0 < number <= LARGEST_NUMBER and bool(self._rows("SELECT 1 FROM session WHERE id = ?", number))

    def session(self, number: int) -> SessionRecord:
        """One session with its events. Raises HistoryError if none has that number."""
        rows = self._rows(f"{SESSION} WHERE session.id = ?", number) if 0 < number <= LARGEST_NUMBER else []
        if not rows:
            raise unknown_session(number)
        return self._record(rows[0], True)

    def timeline(self, number: int, part: int = 0) -> Timeline:
        """The stored timeline of one part: signals, phases and key moments, without every frame's landmarks.

        Unreadable pieces are left out.
        """
        rows = self._rows("SELECT data FROM track WHERE session_id = ? AND part = ? ORDER BY id", number, part)

        def pieces() -> Iterator[Timeline]:
            for (data,) in rows:
                with suppress(RecordingError, TypeError):
                    yield decode(data, f"session {number}")

        return joined(pieces())

    def holdings(self) -> Holdings:
        """What is stored, in numbers."""
        people, sessions, pains = self._rows(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM session), (SELECT count(*) FROM pain)"
        )[0]
        started = []
        for (text,) in self._rows("SELECT started_at FROM session"):
            with suppress(*UNREADABLE):
                started.append(time_of(text))
        reports = [path for path in self.reports_folder.glob("*") if path.is_file()]
        files = [self.path.with_name(FILE + end) for end in ("", "-wal", "-shm")]
        return Holdings(
            folder=str(self.folder),
            people=people,
            sessions=sessions,
            pains=pains,
            first_at=min(started, default=None),
            last_at=max(started, default=None),
            reports=len(reports),
            damaged=len(self.damaged_copies()),
            database_bytes=sum(file.stat().st_size for file in files if file.exists()),
            report_bytes=sum(path.stat().st_size for path in reports),
        )

    def _rows(self, query: str, *values: object) -> list[Any]:
        with explained(self.path):
            return self._connection.execute(query, values).fetchall()

    def _record(self, row: Sequence[Any], events: bool) -> SessionRecord:
        number = int(row[0])
        parts = self._rows("SELECT number, exercise, result FROM part WHERE session_id = ? ORDER BY number", number)
        pains = self._rows("SELECT part, t_s, score FROM pain WHERE session_id = ? ORDER BY id", number)
        return session_of(
            row,
            parts,
            pains,
            lambda: self._rows("SELECT part, data FROM event WHERE session_id = ? ORDER BY id", number),
            with_events=events,
        )

    # sharing

    def person_uid(self, person: str) -> str:
        """What names a person on every machine. Raises HistoryError: nobody of that name, or damaged."""
        rows = self._rows("SELECT uid FROM person WHERE name = ?", self.person_called(person))
        if not rows or not is_uid(rows[0][0]):  # of a damaged history
            raise unshareable()
        return str(rows[0][0])

    def take_in(self, incoming: Incoming, person: str | None = None) -> TakenIn:
        """Add the sessions that somebody shared; those that are there already stay. After an error nothing was added.

        person: whose they are here; None: the person they came from before, or the one that they name. Raises
        HistoryError: somebody else here has that name.
        """
        self.check_writable()
        with explained(self.path):
            return take_in(self._connection, incoming, person, self._clock().isoformat(timespec="seconds"))

    # erasing

    def delete(self, number: int) -> None:
        """Erase one session: its rows are overwritten, the file shrinks, its report is removed.

        Nothing of it is read, so a damaged session can be deleted too. A person's last session takes the person with
        it: the name, and the confirmation of the safety page.
        """
        if not self.has(number):
            raise unknown_session(number)
        erase.erase_session(self._connection, self.folder, number)

    def count(self, person: str | None = None) -> int:
        """Number of sessions, of one person if named."""
        whose = " WHERE person_id = (SELECT id FROM person WHERE name = ?)" if person is not None else ""
        values = () if person is None else (checked_name(person),)
        return int(self._rows(f"SELECT count(*) FROM session{whose}", *values)[0][0])

    def delete_all(self, person: str | None = None) -> int:
        """Erase every session and person, or one person with all sessions. Returns how many sessions there were.

        Damaged copies kept by a repair may hold anyone's data; they are erased with everyone's.
        """
        count = self.count(person)
        if person is not None:
            erase.erase_person(self._connection, self.folder, checked_name(person))
        else:
            erase.erase_everybody(self._connection, self.folder)
        return count

    def tidy(self) -> None:
        """Remove copies that a reader held open during an earlier deletion."""
        erase.tidy(self._connection, self.folder)

    def is_last(self, number: int) -> bool:
        """Whether this is the person's only session, so that the person is erased with it."""
        return erase.is_last(self._connection, self.folder, number)

    def damaged_copies(self) -> list[Path]:
        """Damaged histories kept by a repair; they may hold deleted data."""
        return erase.damaged_copies(self.folder)


# A session whose person is lost can still be seen and deleted.
SESSION = (
    "SELECT session.id, person.name, kind, started_at, saved_at, ended_at, source, programme, sessions_per_week,"
    " sets_planned, report_path, app_version, record, session.uid FROM session"
    " LEFT JOIN person ON person.id = person_id"
)


def unknown_session(number: int) -> HistoryError:
    """The error for a number that does not exist."""
    return HistoryError(f"there is no session {number}", "'coach history' lists them")


def unshareable() -> HistoryError:
    """The error for sessions of which too much is damaged to share them."""
    return HistoryError(
        "what is kept of it is damaged and cannot be shared", "'coach history repair' mends what is damaged"
    )
