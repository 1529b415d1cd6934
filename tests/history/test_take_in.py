"""Names that hold on every machine: old histories get them, and a repair keeps them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from coach.history import History
from coach.history.database import FILE
from coach.history.repair import repair
from coach.history.schema import MIGRATIONS
from tests.history.test_store import Clock, whole_session


def old_history(folder: Path) -> int:
    """A history of the first version, with one session."""
    with History.open(folder, Clock(), migrations=MIGRATIONS[:1]) as history:
        history._connection.execute("INSERT INTO person (name, created_at) VALUES ('anna', '2026-03-02')")
        at = Clock().at.isoformat()
        row = history._connection.execute(
            "INSERT INTO session (person_id, kind, started_at, saved_at, ended_at, app_version)"
            " VALUES (1, 'live', ?, ?, ?, '0')",
            (at, at, at),
        )
        return int(row.lastrowid or 0)


def test_sessions_of_an_older_history_are_named_and_new_ones_too(tmp_path: Path) -> None:
    old = old_history(tmp_path)
    with History.open(tmp_path, Clock()) as history:
        new = whole_session(history, "bert")
        uids = [
            history.session(old).uid,
            history.session(new).uid,
            history.person_uid("anna"),
            history.person_uid("bert"),
        ]
        assert all(len(uid) == 32 and set(uid) <= set("0123456789abcdef") for uid in uids)
        assert len(set(uids)) == 4
    with History.open(tmp_path) as history:
        assert history.session(old).uid == uids[0]


def test_a_damaged_history_of_the_first_version_loses_nothing_more(tmp_path: Path) -> None:
    old_history(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as raw, raw:
        raw.execute("UPDATE session SET sets_planned = 'many'")
    done = repair(tmp_path, datetime(2026, 3, 3))
    assert (done.sessions, done.kept_at is None) == (1, False)
    with History.open(tmp_path) as history:
        (session,) = history.sessions("anna")
        assert (session.damaged, len(session.uid)) == ((), 32)


def test_a_repair_keeps_the_names(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as history:
        number = whole_session(history)
        before = (history.session(number).uid, history.person_uid("anna"))
        history._connection.execute("INSERT INTO elsewhere (uid, person_id) VALUES ('ab', 1)")
        history._connection.execute("UPDATE session SET sets_planned = 'many'")
    repair(tmp_path, datetime(2026, 3, 3))
    with History.open(tmp_path) as history:
        assert (history.session(number).uid, history.person_uid("anna")) == before
        assert history._connection.execute("SELECT uid, person_id FROM elsewhere").fetchall() == [("ab", 1)]
