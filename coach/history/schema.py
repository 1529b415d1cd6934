"""The tables of the history, and the migrations from older versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

# "coch": distinguishes our file from any other SQLite database.
APPLICATION_ID = 0x636F6368

NEW_UID = "lower(hex(randomblob(16)))"

# One entry per version: the statements that migrate from the version before. Never change a released one.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE person (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            created_at TEXT NOT NULL,
            safety_confirmed_at TEXT,
            safety_version INTEGER)""",
        """CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('live', 'analysed')),
            started_at TEXT NOT NULL,
            saved_at TEXT NOT NULL,
            ended_at TEXT,
            source TEXT NOT NULL DEFAULT '',
            programme TEXT NOT NULL DEFAULT '',
            sessions_per_week REAL,
            sets_planned INTEGER,
            report_path TEXT,
            record TEXT,
            app_version TEXT NOT NULL)""",
        """CREATE TABLE part (
            session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            exercise TEXT,
            result TEXT,
            PRIMARY KEY (session_id, number)) WITHOUT ROWID""",
        """CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
            part INTEGER NOT NULL,
            t_s REAL NOT NULL,
            name TEXT NOT NULL,
            data TEXT NOT NULL)""",
        """CREATE TABLE pain (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
            part INTEGER NOT NULL,
            t_s REAL NOT NULL,
            score INTEGER CHECK (score BETWEEN 0 AND 10))""",
        """CREATE TABLE track (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
            part INTEGER NOT NULL,
            data BLOB NOT NULL)""",
        "CREATE INDEX session_of_person ON session(person_id, started_at)",
        "CREATE INDEX event_of_session ON event(session_id, part, id)",
        "CREATE INDEX pain_of_session ON pain(session_id)",
        "CREATE INDEX track_of_session ON track(session_id, part, id)",
    ),
    # Names of people and sessions that hold on every machine, so that what is shared is recognised. Triggers give
    # them, whoever writes the row. shared_at and shared_digest: of the file a session came from, NULL for one's own.
    (
        "ALTER TABLE person ADD COLUMN uid TEXT",
        f"UPDATE person SET uid = {NEW_UID}",
        "CREATE UNIQUE INDEX person_of_uid ON person(uid)",
        f"""CREATE TRIGGER person_uid AFTER INSERT ON person WHEN NEW.uid IS NULL BEGIN
            UPDATE person SET uid = {NEW_UID} WHERE id = NEW.id; END""",
        "ALTER TABLE session ADD COLUMN uid TEXT",
        f"UPDATE session SET uid = {NEW_UID}",
        "CREATE UNIQUE INDEX session_of_uid ON session(uid)",
        f"""CREATE TRIGGER session_uid AFTER INSERT ON session WHEN NEW.uid IS NULL BEGIN
            UPDATE session SET uid = {NEW_UID} WHERE id = NEW.id; END""",
        "ALTER TABLE session ADD COLUMN shared_at TEXT",
        "ALTER TABLE session ADD COLUMN shared_digest TEXT",
        """CREATE TABLE elsewhere (
            uid TEXT PRIMARY KEY,
            person_id INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE) WITHOUT ROWID""",
    ),
)


def version(connection: sqlite3.Connection) -> int:
    """Version of the tables; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring an older database up to date, all or nothing. The connection must be in autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in migrations[version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
