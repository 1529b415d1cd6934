"""The history of sessions: people, what they did, pain marks and the safety confirmation, in one SQLite file. (I/O)"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from coach import __version__
from coach.definitions.exercise import Exercise
from coach.errors import HistoryError
from coach.history import erase
from coach.history.database import FILE, REPORTS, data_folder, explain, explained, open_database
from coach.history.rebuild import completed
from coach.history.records import DEFAULT_PERSON, Holdings, Pain, PartRecord, SessionKind, SessionRecord, checked_name
from coach.history.schema import MIGRATIONS
from coach.history.writer import SessionWriter
from coach.session.timeline import Timeline, joined
from coach.session.timeline_file import decode, event_from_data

Clock = Callable[[], datetime]


def now() -> datetime:
    """The present in local time with its offset from UTC."""
    return datetime.now().astimezone()


class History:
    """The sessions of everybody on this machine. A context manager; made by ``History.open``.

    Every method raises HistoryError where the database fails it.
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
        """Open the history in ``folder`` (None: COACH_HOME, else the user's data folder), making it where it is not.

        Raises HistoryError: damaged, locked, written by a newer coach, no right to it, disk full.
        """
        place = data_folder(folder)
        connection, read_only = open_database(place, migrations)
        return cls(place, connection, read_only, clock)

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        with suppress(sqlite3.Error):
            self._connection.close()

    def check_writable(self) -> None:
        """Raise HistoryError where it can only be read."""
        if self.read_only:
            raise explain(PermissionError(), self.path)

    @property
    def reports_folder(self) -> Path:
        """Where reports of live sessions belong; ``delete`` removes those in it."""
        return self.folder / REPORTS

    def report_path(self, number: int) -> Path:
        """Where the report of a session is kept; its folder is made, for the user only. Raises HistoryError."""
        with explained(self.path):
            self.reports_folder.mkdir(mode=0o700, exist_ok=True)
        return self.reports_folder / f"session-{number}.html"

    def set_report(self, number: int, path: Path) -> None:
        """Remember where the report of a session is."""
        with explained(self.path):
            self._connection.execute("UPDATE session SET report_path = ? WHERE id = ?", (str(path), number))

    # people

    def people(self) -> list[str]:
        """Names of everybody who has a session or confirmed the safety page, in order of the alphabet."""
        return [row[0] for row in self._rows("SELECT name FROM person ORDER BY name")]

    def only_person(self, name: str | None = None) -> str:
        """The person named, or the only one there is. Raises HistoryError where that is not known."""
        known = self.people()
        if name is not None:
            match = next((one for one in known if one.casefold() == name.strip().casefold()), None)
            if match is None:
                raise HistoryError(f"there is nobody called '{name}'", f"Known are: {', '.join(known) or 'nobody yet'}")
            return match
        if len(known) > 1:
            raise HistoryError("there are several people", f"Choose one with --person: {', '.join(known)}")
        return known[0] if known else DEFAULT_PERSON

    def safety_confirmed(self, person: str = DEFAULT_PERSON, wording: int = 1) -> bool:
        """Whether this person has confirmed the safety page of this wording or a later one."""
        rows = self._rows("SELECT safety_version FROM person WHERE name = ?", person)
        return bool(rows and rows[0][0] is not None and rows[0][0] >= wording)

    def confirm_safety(self, person: str = DEFAULT_PERSON, wording: int = 1) -> None:
        """Remember that this person has confirmed the safety page of this wording."""
        with explained(self.path):
            self._connection.execute(
                "UPDATE person SET safety_confirmed_at = ?, safety_version = ? WHERE id = ?",
                (self._clock().isoformat(), wording, self._person(person)),
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

        exercise: of the first part, by name or as its file, where it is known. Raises HistoryError only where not
        even a start can be saved.
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
                    source,
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
        """Every session, oldest first; of one person where named. With their events where asked."""
        where, values = ("WHERE person.name = ?", (person,)) if person is not None else ("", ())
        rows = self._rows(f"{_SESSION} {where} ORDER BY session.started_at, session.id", *values)
        return [self._record(row, events) for row in rows]

    def has(self, number: int) -> bool:
        """Whether there is a session of this number."""
        return bool(self._rows("SELECT 1 FROM session WHERE id = ?", number))

    def session(self, number: int) -> SessionRecord:
        """One session with its events. Raises HistoryError where there is none of that number."""
        rows = self._rows(f"{_SESSION} WHERE session.id = ?", number)
        if not rows:
            raise HistoryError(f"there is no session {number}", "'coach history' lists them")
        return self._record(rows[0], True)

    def track(self, number: int, part: int = 0) -> Timeline:
        """What was kept of the frames of one part: signals, phases and key moments, no landmarks of every frame."""
        rows = self._rows("SELECT data FROM track WHERE session_id = ? AND part = ? ORDER BY id", number, part)
        return joined([decode(row[0], f"session {number}") for row in rows])

    def holdings(self) -> Holdings:
        """What is kept, in numbers."""
        people, sessions, pains, first, last = self._rows(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM session), (SELECT count(*) FROM pain),"
            " (SELECT min(started_at) FROM session), (SELECT max(started_at) FROM session)"
        )[0]
        reports = [path for path in self.reports_folder.glob("*") if path.is_file()]
        files = [self.path.with_name(FILE + end) for end in ("", "-wal", "-shm")]
        return Holdings(
            folder=str(self.folder),
            people=people,
            sessions=sessions,
            pains=pains,
            first_at=_time(first),
            last_at=_time(last),
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
        happened: dict[int, list[dict[str, Any]]] = {}
        if events or row[5] is None:
            for part, data in self._rows("SELECT part, data FROM event WHERE session_id = ? ORDER BY id", number):
                happened.setdefault(part, []).append(json.loads(data))
        parts = []
        for part, exercise, result in self._rows(
            "SELECT number, exercise, result FROM part WHERE session_id = ? ORDER BY number", number
        ):
            found = tuple(event_from_data(item) for item in happened.get(part, ()))
            known = json.loads(result) if result else None
            parts.append(completed(PartRecord(part, exercise, known, found)))
        pains = self._rows("SELECT part, t_s, score FROM pain WHERE session_id = ? ORDER BY id", number)
        return SessionRecord(
            number,
            person=row[1],
            kind=row[2],
            started_at=datetime.fromisoformat(row[3]),
            saved_at=datetime.fromisoformat(row[4]),
            ended_at=_time(row[5]),
            source=row[6],
            programme=row[7],
            sessions_per_week=row[8],
            sets_planned=row[9],
            report_path=row[10],
            app_version=row[11],
            record=json.loads(row[12]) if row[12] else None,
            parts=tuple(parts),
            pains=tuple(Pain(*pain) for pain in pains),
        )

    # forgetting

    def delete(self, number: int) -> None:
        """Forget one session: its rows are overwritten, the file shrinks, its report is removed.

        With a person's last session the person is forgotten too: the name, and that the safety page was confirmed.
        """
        self.session(number)  # raises where there is none
        erase.forget_session(self._connection, self.folder, number)

    def delete_all(self, person: str | None = None) -> int:
        """Forget every session and person, or one person with all sessions. Returns how many sessions there were.

        Damaged copies that a repair has kept may hold anybody; they go with everybody.
        """
        count = len(self.sessions(person))
        if person is not None:
            erase.forget_person(self._connection, self.folder, person)
        else:
            erase.forget_everybody(self._connection, self.folder)
        return count

    def tidy(self) -> None:
        """Remove what a reader held on to when something was deleted before."""
        erase.tidy(self._connection, self.folder)

    def is_last(self, number: int) -> bool:
        """Whether it is the only session of its person, who is forgotten with it."""
        return erase.is_last(self._connection, self.folder, number)

    def damaged_copies(self) -> list[Path]:
        """What a repair has kept of damaged histories; it may hold what was deleted."""
        return erase.damaged_copies(self.folder)


_SESSION = (
    "SELECT session.id, person.name, kind, started_at, saved_at, ended_at, source, programme, sessions_per_week,"
    " sets_planned, report_path, app_version, record FROM session JOIN person ON person.id = person_id"
)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
