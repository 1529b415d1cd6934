"""Saving a session while it runs, in the background, so that a crash loses at most the last second. (I/O)"""

from __future__ import annotations

import json
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from coach.definitions.exercise import Exercise, builtin_names, load_exercise
from coach.errors import HistoryError
from coach.history.database import connect, explain
from coach.session.result import Result
from coach.session.timeline import joined
from coach.session.timeline_file import decode, encode, event_data
from coach.session.timeline_recorder import TimelineRecorder
from coach.types import Event, Moment

# A statement with its values, which may be a function so that packing happens in the background.
Write = tuple[str, Callable[[], tuple[object, ...]]]

PIECE_S = 0.5  # of video time per piece of the timeline
GATHER_S = 0.3  # to wait for more before a commit
RETRY_S = 1.0
PATIENCE_S = 5.0  # how long the end of a session waits for a failing disk
MOST_WAITING = 20_000  # writes held in memory while the disk fails: over an hour of a session


class SessionWriter(AbstractContextManager["SessionWriter"]):
    """Saves a session from its own thread, twice a second; made by ``History.begin``.

    It never raises after the start: if saving fails it keeps trying, and ``problem`` says what is wrong. A context
    manager; leaving it ends the session.
    """

    def __init__(self, path: Path | None, number: int, clock: Callable[[], datetime]) -> None:
        self.number = number
        self._path = path
        self._clock = clock
        self._problem: HistoryError | None = None
        self._queue: queue.Queue[Write | None] = queue.Queue()
        self._timelines: dict[int, TimelineRecorder] = {}
        self._exercises: dict[int, Exercise] = {}
        self._saved_until: dict[int, float] = {}
        self._thread: threading.Thread | None = None
        self._ended = False
        self._hurry = threading.Event()  # ending wakes the thread if it is waiting for more
        if path is not None:
            self._thread = threading.Thread(target=self._run, name="coach-history", daemon=True)
            self._thread.start()

    @classmethod
    def nowhere(cls, problem: HistoryError | None = None) -> SessionWriter:
        """A writer that keeps nothing, for when the history cannot be opened or is not wanted."""
        writer = cls(None, 0, datetime.now)
        writer._problem = problem
        return writer

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def problem(self) -> HistoryError | None:
        """Why the last save failed, or None. Cleared by the next success."""
        return self._problem

    def part(self, number: int, exercise: str | Exercise | None) -> None:
        """Name the exercise of a part (one set); parts are numbered from 0 in order."""
        name = exercise
        if isinstance(exercise, Exercise):
            self._exercises[number] = exercise
            name = exercise.name
        self._put(
            "INSERT INTO part (session_id, number, exercise) VALUES (?, ?, ?)"
            " ON CONFLICT (session_id, number) DO UPDATE SET exercise = excluded.exercise",
            lambda: (self.number, number, name),
        )

    def step(self, moment: Moment, part: int = 0) -> None:
        """Save one moment: its events at once, its signals in pieces of half a second."""
        if self._thread is None or self._ended:
            return
        self._timeline(part, moment.status.exercise).add(moment)
        for event in moment.events:
            self._save_event(event, part)
        if moment.t_s - self._saved_until.setdefault(part, moment.t_s) >= PIECE_S:
            self._saved_until[part] = moment.t_s
            self._save_timeline(part)

    def _timeline(self, part: int, name: str | None) -> TimelineRecorder:
        if part not in self._timelines:
            own = self._exercises.get(part)
            # Until the exercise is known it may be any of the built-in ones, or several.
            known = [own] if own else [load_exercise(each) for each in builtin_names()] if name else []
            self._timelines[part] = TimelineRecorder(known, landmarks=False)
        return self._timelines[part]

    def _save_event(self, event: Event, part: int) -> None:
        data = json.dumps(event_data(event), allow_nan=False)
        self._put(
            "INSERT INTO event (session_id, part, t_s, name, data) VALUES (?, ?, ?, ?, ?)",
            lambda: (self.number, part, float(event.t_s), event.name, data),
        )

    def result(self, result: Result, part: int = 0) -> None:
        """Save the current result of a part; a later one replaces it."""
        data = json.dumps(result, allow_nan=False)
        self._put(
            "INSERT INTO part (session_id, number, exercise, result) VALUES (?, ?, ?, ?) ON CONFLICT"
            " (session_id, number) DO UPDATE SET exercise = ifnull(excluded.exercise, exercise),"
            " result = excluded.result",
            lambda: (self.number, part, result.get("exercise"), data),
        )

    def record(self, record: dict[str, Any]) -> None:
        """Save a guided session's log as it is now; a later one replaces it."""
        data = json.dumps(record, allow_nan=False)
        self._put("UPDATE session SET record = ? WHERE id = ?", lambda: (data, self.number))

    def pain(self, score: int | None, t_s: float, part: int = 0) -> None:
        """Save a pain score, 0..10, or None if unanswered. Raises ValueError outside 0..10."""
        if score is not None and not 0 <= score <= 10:
            raise ValueError(f"pain is a number from 0 to 10, not {score}")
        self._put(
            "INSERT INTO pain (session_id, part, t_s, score) VALUES (?, ?, ?, ?)",
            lambda: (self.number, part, float(t_s), score),
        )

    def end(self) -> None:
        """Save what is left and mark the session as ended. Waits a few seconds at most; check ``problem`` after."""
        if self._ended:
            return
        for part in self._timelines:
            self._save_timeline(part)
        self._ended = True
        if self._thread is not None:
            ended = self._clock().isoformat(timespec="seconds")
            self._queue.put(("UPDATE session SET ended_at = ? WHERE id = ?", lambda: (ended, self.number)))
            self._queue.put(None)
            self._hurry.set()
            self._thread.join(2 * PATIENCE_S)
        for timeline in self._timelines.values():
            timeline.close()

    def _save_timeline(self, part: int) -> None:
        data = self._timelines[part].take()
        if len(data) or data.keys:
            self._put(
                "INSERT INTO track (session_id, part, data) VALUES (?, ?, ?)",
                lambda: (self.number, part, encode(data, compact=True)),
            )

    def _put(self, statement: str, values: Callable[[], tuple[object, ...]]) -> None:
        if self._thread is not None and not self._ended and self._queue.qsize() < MOST_WAITING:
            self._queue.put((statement, values))

    # the thread

    def _run(self) -> None:
        assert self._path is not None
        waiting: list[Write] = []
        ending = False
        refused_s = 0.0
        connection: sqlite3.Connection | None = None
        while not ending or waiting:
            ending = self._gather(waiting, ending)
            try:
                connection = connection or connect(self._path, busy_s=RETRY_S)
                self._commit(connection, waiting)
                if ending:
                    self._tidy(connection)
                waiting.clear()
                self._problem = None
                refused_s = 0.0
            except sqlite3.IntegrityError:
                self._problem = HistoryError(f"session {self.number} was deleted while it ran", "It is not kept")
                break
            except (ValueError, TypeError) as error:
                self._problem = HistoryError(f"session {self.number} holds something that cannot be saved ({error})")
                break
            except (sqlite3.Error, OSError) as error:
                self._problem = explain(error, self._path)
                if connection is not None:
                    with suppress(sqlite3.Error):
                        connection.rollback()
                        connection.close()
                    connection = None
                refused_s += RETRY_S
                if ending and refused_s >= PATIENCE_S:
                    break
                threading.Event().wait(RETRY_S)
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _gather(self, waiting: list[Write], ending: bool) -> bool:
        """Wait for something to write, then briefly for more. Returns whether the session has ended."""
        if ending:
            return True
        if not waiting:
            item = self._queue.get()
            if item is None:
                return True
            waiting.append(item)
        self._hurry.wait(GATHER_S)
        while True:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return False
            if item is None:
                return True
            waiting.append(item)

    def _commit(self, connection: sqlite3.Connection, waiting: list[Write]) -> None:
        if not waiting:
            return
        saved = self._clock().isoformat(timespec="seconds")
        # Packed first: while the database is locked, a session that begins would wait, and give up.
        ready = [(statement, values()) for statement, values in waiting]
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in ready:
            connection.execute(statement, values)
        connection.execute("UPDATE session SET saved_at = ? WHERE id = ?", (saved, self.number))
        connection.execute("COMMIT")

    def _tidy(self, connection: sqlite3.Connection) -> None:
        """Join the pieces of each timeline: together they take a third of the space."""
        parts = connection.execute(
            "SELECT part FROM track WHERE session_id = ? GROUP BY part HAVING count(*) > 1", (self.number,)
        ).fetchall()
        for (part,) in parts:
            key = (self.number, part)
            rows = connection.execute("SELECT data FROM track WHERE session_id = ? AND part = ? ORDER BY id", key)
            whole = encode(joined(decode(data) for (data,) in rows), compact=True)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM track WHERE session_id = ? AND part = ?", key)
            connection.execute("INSERT INTO track (session_id, part, data) VALUES (?, ?, ?)", (*key, whole))
            connection.execute("COMMIT")
