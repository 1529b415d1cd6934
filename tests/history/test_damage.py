"""Rows that are no sessions, clocks that were wrong, and names that look like something else."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from coach.errors import HistoryError
from coach.history import History, checked_name
from coach.history import database as database_module
from coach.history.database import FILE, explain, unprotected
from coach.history.repair import repair
from coach.history.weeks import misdated, weeks
from tests.history.test_store import Clock, whole_session
from tests.typed import typed

AT = datetime(2026, 3, 2, 18, 30)


@pytest.fixture(scope="module")
def of_three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with a session each of three people."""
    place = tmp_path_factory.mktemp("history")
    with History.open(place, Clock()) as history:
        for name in ("anna", "ben", "cleo"):
            whole_session(history, name)
    return place


@pytest.fixture
def folder(of_three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "data"
    monkeypatch.setenv("COACH_HOME", str(place))
    shutil.copytree(of_three, place)
    return place


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement, values)


BAD_ROWS = {
    "a result that is no JSON": ("UPDATE part SET result = '{' WHERE session_id = 2", "set 1"),
    "a result of nothing": ("UPDATE part SET result = '{\"movements\": []}' WHERE session_id = 2", "set 1"),
    "an event that is none": ("UPDATE event SET data = '[]' WHERE session_id = 2", "an event"),
    "a day that is none": ("UPDATE session SET started_at = 'yesterday' WHERE id = 2", "when it began"),
    "text that is none": ("UPDATE session SET programme = CAST(x'fffe00' AS TEXT) WHERE id = 2", "its programme"),
    "an account that is none": ("UPDATE session SET record = '[1]' WHERE id = 2", "its own account"),
    "nobody's session": ("DELETE FROM person WHERE id = 2", "whose it is"),
    "a kind that is none": ("UPDATE session SET kind = 'x' WHERE id = 2", "of which kind it is"),
    "a mark that is none": ("UPDATE pain SET part = 'x' WHERE session_id = 2", "a pain mark"),
}


@pytest.mark.parametrize(("statement", "named"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_shown_and_the_others_are_as_they_were(folder: Path, statement: str, named: str) -> None:
    with History.open(folder) as history:
        before = history.sessions(events=True)
    change(folder, statement)
    with History.open(folder) as history:
        after = history.sessions(events=True)
        assert [one for one in after if one.number != 2] == [before[0], before[2]]
        (bad,) = (one for one in after if one.number == 2)
        assert named in bad.damaged
    listed = typed("history")
    assert listed.exit_code == 0 and "cleo" in listed.stdout
    assert ("damaged" in listed.stdout) == (named != "an event")  # a list needs no events
    assert named in " ".join(typed("history", "show", "2").stdout.split())
    assert typed("history", "delete", "2", "--yes").exit_code == 0
    with History.open(folder) as history:
        assert [one.number for one in history.sessions()] == [1, 3]


@pytest.mark.parametrize(("statement", "named"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_repair_mends_a_bad_row_and_keeps_the_damaged_file(folder: Path, statement: str, named: str) -> None:
    change(folder, statement)
    with History.open(folder) as history:
        others = [one for one in history.sessions(events=True) if one.number != 2]
    done = repair(folder, AT)
    assert done.kept_at is not None and done.kept_at.is_file() and done.sessions == 3
    with History.open(folder) as history:
        found = history.sessions(events=True)
    assert not any(one.damaged for one in found)
    assert [one for one in found if one.number != 2] == others
    assert repair(folder, AT).kept_at is None


def test_a_result_that_is_lost_is_made_again_of_the_events(folder: Path) -> None:
    change(folder, "UPDATE part SET result = 'lost' WHERE session_id = 2")
    with History.open(folder) as history:
        (part,) = history.session(2).parts
    assert part.result is not None and part.result["summary"]["reps"] == 3
    repair(folder, AT)
    with History.open(folder) as history:
        kept = history.session(2)
    assert kept.damaged == () and kept.parts[0].result is not None and kept.parts[0].result["summary"]["reps"] == 3


def test_everything_can_be_deleted_whatever_it_holds(folder: Path) -> None:
    change(folder, "UPDATE session SET started_at = x'00', person_id = 77")
    change(folder, "UPDATE part SET result = x'ff'")
    assert typed("history", "delete", "--all", "--yes").exit_code == 0
    with History.open(folder) as history:
        assert history.count() == 0 and history.sessions() == []


@pytest.mark.parametrize("name", ["me [/left]", "[bold]me", "[", "=SUM(A1)", "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}"])
def test_a_name_is_shown_as_it_is(folder: Path, name: str, tmp_path: Path) -> None:
    with History.open(folder, Clock()) as history:
        whole_session(history, name)
    listed = typed("history")
    assert listed.exit_code == 0 and name.split(maxsplit=1)[0] in listed.stdout
    shown = typed("progress", "--person", name)
    assert shown.exit_code == 0 and name.split(maxsplit=1)[0] in shown.stdout


def test_a_name_that_is_no_text_is_kept_with_a_sign_for_that(folder: Path) -> None:
    name = os.fsdecode(b"ann\xff")
    with History.open(folder, Clock()) as history:
        whole_session(history, name)
        assert [one.person for one in history.sessions(name)] == ["ann\N{REPLACEMENT CHARACTER}"]
        assert history.only_person(name) == "ann\N{REPLACEMENT CHARACTER}"
    assert typed("history", "--person", name).exit_code == 0


def test_a_clock_that_was_wrong_hides_nothing(folder: Path) -> None:
    change(folder, "UPDATE session SET started_at = '2099-01-01T10:00:00+01:00' WHERE id = 3")
    change(folder, "UPDATE session SET person_id = 1")
    with History.open(folder) as history:
        sessions = history.sessions("anna")
    today = date(2026, 3, 3)
    (week,) = weeks(sessions, today)
    assert (week.monday, week.sessions) == (date(2026, 3, 2), 2)
    assert misdated(sessions, today) == 1
    assert "Left out" in typed("progress", "--person", "anna").stdout


def test_sessions_are_in_order_when_an_hour_comes_twice(tmp_path: Path) -> None:
    """In the night to the 25th of October 2026 the clock goes from 02:59 back to 02:00."""
    clock = Clock()
    with History.open(tmp_path, clock) as history:
        for hours, minute in ((2, 50), (1, 10)):  # 02:50 in summer time, 02:10 in winter time: twenty minutes later
            clock.at = datetime(2026, 10, 25, 2, minute, tzinfo=timezone(timedelta(hours=hours)))
            whole_session(history)
        assert [one.number for one in history.sessions()] == [1, 2]
        holdings = history.holdings()
        assert holdings.first_at is not None and holdings.last_at is not None
        assert holdings.last_at - holdings.first_at == timedelta(minutes=20)


def test_a_table_for_a_spreadsheet(folder: Path, tmp_path: Path) -> None:
    with History.open(folder, Clock()) as history:
        whole_session(history, "=cmd|' /C calc'!A0")
        whole_session(history, "＝1+1")
        whole_session(history, "Zoë")
    file = tmp_path / "all.csv"
    assert typed("history", "export", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # else a spreadsheet takes UTF-8 for something else
    with file.open(encoding="utf-8-sig", newline="") as content:
        rows = list(csv.DictReader(content))
    people = {row["person"] for row in rows}
    assert "'=cmd|' /C calc'!A0" in people and "Zoë" in people
    assert not any(cell[:1] in ("=", "+", "@", "＝") for row in rows for cell in row.values() if cell)
    assert all(float(row["start_s"]) >= 0 for row in rows)


def test_a_drive_without_permissions_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    place = tmp_path / "drive"
    place.mkdir(mode=0o755)
    (place / FILE).touch(0o666)
    (place / FILE).chmod(0o666)
    monkeypatch.setattr(Path, "chmod", refuse)
    with History.open(place, Clock()) as history:
        whole_session(history)
        assert len(history.sessions()) == 1
    if os.name == "posix":
        assert "keeps no permissions" in unprotected(place)
        monkeypatch.setenv("COACH_HOME", str(place))
        assert "keeps no permissions" in typed("history").stderr


class NoSharedMemory(sqlite3.Connection):
    """What SQLite says on a drive on which its log cannot be shared."""

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:  # type: ignore[override]
        if "journal_mode = WAL" in statement:
            raise sqlite3.OperationalError("locking protocol")
        return super().execute(statement, *values)


def test_a_drive_without_shared_memory_is_used_with_the_older_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(
        database_module.sqlite3,
        "connect",
        lambda *words, **named: connect(*words, **{**named, "factory": NoSharedMemory}),
    )
    with History.open(tmp_path, Clock()) as history:
        number = whole_session(history)
        assert history.session(number).finished
        history.delete(number)
        assert history.sessions() == []
    with closing(connect(tmp_path / FILE)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("\U0001f468\u200d\U0001f467", "\U0001f468\u200d\U0001f467"),
        ("Jean\u00a0Luc\u3000", "Jean Luc"),
        ("\ud800x", "?x"),
    ],
)
def test_names_as_they_are_written_in_any_language(given: str, kept: str, tmp_path: Path) -> None:
    with History.open(tmp_path) as history:
        with history.begin(given, exercise="hip-hiker"):
            pass
        assert history.people() == [kept] == [one.person for one in history.sessions(given)]


@pytest.mark.parametrize("name", ["\u200d" * 300, "\u200d", "a\u202eb", "\u2066", "a\x1b[2J", "a\nb", " "])
def test_names_that_would_change_what_stands_beside_them_are_refused(name: str) -> None:
    with pytest.raises(HistoryError):
        checked_name(name)


@pytest.mark.skipif(os.name != "posix", reason="makes links, pipes and devices")
@pytest.mark.parametrize("kind", ["folder", "full folder", "pipe", "device", "long", "loop", "deep"])
def test_what_is_no_file_in_its_place_is_said_and_left_alone(kind: str, tmp_path: Path) -> None:
    home = tmp_path / "no space: full, locked, busy"  # the folder's name says nothing
    home.mkdir()
    path, says = home / FILE, "is not a file"
    if "folder" in kind:
        path.mkdir()
        if kind == "full folder":
            (path / "x").touch()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to(os.devnull)
    elif kind == "loop":
        path.symlink_to(path)
        says = "cannot be opened or made"
    else:
        home, says = home / ("x" * 300 if kind == "long" else "y/" * 1500), "cannot be opened or made"
    mode = Path(os.devnull).stat().st_mode
    with pytest.raises(HistoryError, match=says):
        History.open(home)
    if says == "is not a file":
        with pytest.raises(HistoryError, match=says):
            repair(home, datetime.now())
    assert Path(os.devnull).stat().st_mode == mode


def test_an_error_of_the_system_is_told_by_its_number() -> None:
    for number, says in (
        (errno.ENOSPC, "disk is full"),
        (errno.EIO, "the disk does not take it"),
        (errno.EROFS, "cannot be written here"),
        (errno.EACCES, "cannot be written here"),
        (errno.ENODEV, "cannot be opened or made"),
    ):
        error = OSError(number, os.strerror(number), "/home/locked/full/readonly")
        assert says in explain(error, Path("history.db")).problem


def test_what_sqlite_says_of_a_damaged_file_need_not_be_text(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET name = CAST(x'ff' AS TEXT), sql = 'lost' WHERE name = 'event'")
    with pytest.raises(HistoryError, match="the history is damaged"):
        History.open(folder)
    assert repair(folder, AT).kept_at is not None
    with History.open(folder) as history:
        assert len(history.sessions()) == 3
