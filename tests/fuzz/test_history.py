"""A history with rows that hold anything at all: what is whole is given as it was, the rest can be seen and deleted."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from coach.cli.history_table import session_table, show_session, show_weeks
from coach.errors import CoachError, HistoryError
from coach.export.history import session_json, write_csv, write_json
from coach.guide.past import past_of
from coach.history import History, SessionRecord
from coach.history.database import FILE
from coach.history.repair import repair
from coach.history.weeks import weeks
from coach.report.write import write_history_report
from coach.sharing import share
from coach.sharing.bundle import Bundle, bundle_data, parse_bundle
from coach.sharing.review_page import review, write_review
from coach.web.history_service import HistoryService
from tests.fuzz.amount import generators
from tests.fuzz.mutations import NASTY, spoiled_bytes, spoiled_data
from tests.history.test_store import Clock, whole_session
from tests.sharing.test_share import guided

AT = datetime(2026, 3, 2, 18, 30)
NOW = AT.replace(tzinfo=timezone.utc)
COLUMNS = {
    "person": ("name", "created_at", "safety_confirmed_at", "safety_version", "uid"),
    "session": (
        *("person_id", "kind", "started_at", "saved_at", "ended_at", "source", "programme", "sessions_per_week"),
        *("sets_planned", "report_path", "record", "app_version", "uid", "shared_at", "shared_digest"),
    ),
    "part": ("number", "exercise", "result"),
    "event": ("part", "t_s", "name", "data"),
    "pain": ("part", "t_s", "score"),
    "track": ("part", "data"),
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    with History.open(folder, Clock()) as history:
        for i in range(3):
            whole_session(history, f"person {i}", record=guided())
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def spoil(folder: Path, generator: random.Random) -> str:
    """Change a few values of one row of the second session."""
    done = []
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for _ in range(generator.randint(1, 3)):
            table = generator.choice(list(COLUMNS))
            column = generator.choice(COLUMNS[table])
            where = "id = 2" if table in ("person", "session") else "session_id = 2"
            was = connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()
            value: Any = generator.choice(NASTY)
            if (
                column in ("record", "result", "data")
                and table != "track"
                and was is not None
                and generator.random() < 0.7
            ):
                value = json.dumps(spoiled_data(generator, json.loads(was[0])))
            elif was is not None and isinstance(was[0], (str, bytes)) and generator.random() < 0.5:
                content = was[0].encode() if isinstance(was[0], str) else was[0]
                value = spoiled_bytes(generator, content)
                if isinstance(was[0], str) and generator.random() < 0.7:
                    value = value.decode("utf-8", "replace")
            if isinstance(value, (list, dict)) or (isinstance(value, int) and abs(value) >= 2**63):
                value = str(value)
            try:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value,))
                done.append(f"{table}.{column} = {str(value)[:60]!r}")
            except (sqlite3.IntegrityError, OverflowError):
                continue
    return "; ".join(done)


def looked_at(folder: Path, out: Path, draw: bool) -> list[SessionRecord]:
    """All that a person can do with a history but delete it. draw: also what takes a second."""
    with History.open(folder) as history:
        sessions = history.sessions(events=True)
        history.sessions()
        people = history.people()
        history.holdings()
        session_table(sessions)
        for one in sessions:
            show_session(one)
            session_json(history.session(one.number))
            if draw and one.number == 2:
                write_history_report(history, one.number, out / "report.html")
        write_json(sessions, out / "all.json")
        write_csv(sessions, out / "all.csv")
        past_of([one.record for one in sessions if one.record])
        for person in people:
            with suppress(HistoryError):  # nothing of it can be shared
                shared_again(share.of_person(history, person, 5000, NOW), out, draw)
            found = weeks(history.sessions(person), AT.date())
            show_weeks(found, person)
            history.safety_confirmed(person)
        page = review(history, AT.date())
    if draw:
        write_review(page, out / "review.html", AT.date())
    archive = HistoryService(folder)
    for person in people:
        archive.shown(person)
        if draw and person not in ("person 0", "person 2"):
            archive.progress(person)
    return sessions


def shared_again(bundle: Bundle, out: Path, draw: bool) -> None:
    """What is shared can be taken in, whatever it was made of."""
    if draw:
        assert share.read_share(share.write_share(bundle, out / "a.coach.html", AT.date())).sessions
    parse_bundle(json.loads(json.dumps(bundle_data(bundle))))


def test_a_bad_row_stands_in_nobodys_way(kept: Path, tmp_path: Path) -> None:
    with History.open(kept) as history:
        whole = {one.number: one for one in history.sessions(events=True)}
    for label, generator in generators(5, 2000):
        folder = tmp_path / "data"
        shutil.copytree(kept, folder)
        what = f"{label}: {spoil(folder, generator)}"
        try:
            draw = generator.random() < 0.1
            found = {one.number: one for one in looked_at(folder, tmp_path, draw)}
            assert set(found) == {1, 2, 3}, what
            assert found[1] == whole[1] and found[3] == whole[3], what
            mended_folder = tmp_path / "mended"
            shutil.copytree(folder, mended_folder)
            with History.open(folder) as history:
                history.delete(2)
                assert {one.number for one in history.sessions()} == {1, 3}, what
            repair(mended_folder, AT)
            mended = {one.number: one for one in looked_at(mended_folder, tmp_path, draw)}
            assert set(mended) == {1, 2, 3} and not any(one.damaged for one in mended.values()), what
            assert mended[1] == whole[1] and mended[3] == whole[3], what
            assert repair(mended_folder, AT).kept_at is None, what
        except Exception as error:
            raise AssertionError(what) from error
        for place in (folder, tmp_path / "mended"):
            shutil.rmtree(place)


def test_a_damaged_file_is_one_error_and_repair_saves_what_it_can(kept: Path, tmp_path: Path) -> None:
    for label, generator in generators(6, 1500):
        folder = tmp_path / "data"
        shutil.copytree(kept, folder)
        path = folder / FILE
        path.write_bytes(spoiled_bytes(generator, path.read_bytes()))
        try:
            with suppress(CoachError):
                looked_at(folder, tmp_path, False)
            # Only a file that is none of ours any more, or a newer one, is left as it is.
            with suppress(CoachError):
                repair(folder, AT)
                looked_at(folder, tmp_path, False)
        except Exception as error:
            raise AssertionError(label) from error
        shutil.rmtree(folder)
