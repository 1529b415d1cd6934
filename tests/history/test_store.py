"""The history: written while a session runs, read, taken along, and forgotten for good."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach import __version__
from coach.errors import HistoryError
from coach.history import History, SessionWriter, keep_session
from coach.history.database import DAMAGED, FILE, data_folder, is_whole
from coach.history.schema import MIGRATIONS
from coach.history.writer import GATHER_S, PIECE_S
from coach.leftovers import part_of
from coach.session.result_builder import ResultBuilder
from tests.report.scripted import Script, hip_hiker, hip_hikers, movement_of, session

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"})


class Clock:
    """A day that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 18, 0, tzinfo=timezone(timedelta(hours=1)))

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(tmp_path / "data", Clock()) as history:
        yield history


def whole_session(
    history: History, person: str = "anna", script: Script = FAULTY, record: dict[str, Any] | None = None
) -> int:
    """Keep a session as a face does."""
    builder = ResultBuilder(hip_hiker(), named=True)
    with history.begin(person, exercise="hip-hiker", programme="standard", sets_planned=4) as writer:
        for moment in hip_hikers(script):
            builder.add(moment)
            writer.step(moment)
        writer.result(builder.result("camera 0"))
        writer.pain(4, 12.5)
        if record is not None:
            writer.record(record)
    assert writer.problem is None
    return writer.number


def until(true: Callable[[], bool], patience_s: float = 120.0) -> None:
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_session_comes_back_as_it_was(history: History) -> None:
    number = whole_session(history)
    kept = history.session(number)
    assert kept.person == "anna"
    assert kept.kind == "live"
    assert kept.programme == "standard"
    assert kept.sets_planned == 4
    assert kept.app_version == __version__
    assert kept.finished
    assert kept.started_at == Clock().at
    (part,) = kept.parts
    assert part.exercise == "hip-hiker"
    assert part.result is not None
    assert part.result == {**session(FAULTY)[0], "source": "camera 0"}
    assert [event.movement for event in part.events if event.movement] == [movement_of(FAULTY, n) for n in (1, 2, 3, 4)]
    assert [(pain.part, pain.t_s, pain.score) for pain in kept.pains] == [(0, 12.5, 4)]
    timeline = history.timeline(number)
    whole = session(FAULTY)[1]
    np.testing.assert_array_equal(timeline.t_s, whole.t_s)
    np.testing.assert_allclose(
        timeline.values["left/pelvic_drop_deg"], whole.values["left/pelvic_drop_deg"], atol=0.01, rtol=0.01
    )
    assert [key.detail for key in timeline.keys] == [key.detail for key in whole.keys]
    assert timeline.landmarks is None


def test_several_sets_and_several_people(history: History) -> None:
    with history.begin("ben") as writer:
        for part, side in enumerate(("left", "right")):
            writer.part(part, "hip-hiker")
            writer.result(session(Script(side=side))[0], part)  # type: ignore[arg-type]
        writer.pain(None, 3.0, part=1)
        writer.record({"complete": True})
    whole_session(history)
    assert history.people() == ["anna", "ben"]
    (kept,) = history.sessions("BEN")
    assert [part.number for part in kept.parts] == [0, 1]
    assert [result["movements"][0]["side"] for result in kept.results] == ["left", "right"]
    assert kept.pains[0].score is None
    assert kept.record == {"complete": True}
    assert len(history.sessions()) == 2
    assert history.only_person("Anna") == "anna"
    with pytest.raises(HistoryError, match="several people"):
        history.only_person()
    with pytest.raises(HistoryError, match="nobody called 'carl'"):
        history.only_person("carl")


def test_the_default_person_needs_no_name(history: History) -> None:
    assert history.only_person() == "me"
    with history.begin():
        pass
    assert history.people() == ["me"]
    for name in ("", "   ", "x" * 251, "a\x1b[2J", "a\nb"):
        with pytest.raises(HistoryError, match="is no name"):
            history.begin(name)


def test_the_safety_page_is_remembered_for_each_person_and_wording(history: History) -> None:
    assert not history.safety_confirmed("anna")
    history.confirm_safety("anna", wording=1)
    assert history.safety_confirmed("anna")
    assert history.safety_confirmed("ANNA")
    assert not history.safety_confirmed("anna", wording=2)
    assert not history.safety_confirmed("ben")
    whole_session(history)
    assert history.safety_confirmed("anna")


def test_pain_is_a_number_from_0_to_10(history: History) -> None:
    with history.begin() as writer:
        for score in (-1, 11):
            with pytest.raises(ValueError, match="0 to 10"):
                writer.pain(score, 1.0)


def test_what_happens_is_on_the_disk_without_anybody_asking(history: History) -> None:
    """The thread saves on its own; at most what the two constants say is under way."""
    assert PIECE_S + GATHER_S < 1.0
    writer = history.begin("anna", exercise="hip-hiker")
    moments = list(hip_hikers(FAULTY))
    for moment in moments[:200]:
        writer.step(moment)
    until(lambda: len(history.timeline(writer.number)) > 0)
    until(lambda: any(e.movement for p in history.session(writer.number).parts for e in p.events))
    assert moments[200].t_s - history.timeline(writer.number).t_s[-1] <= PIECE_S + 0.1
    assert not history.session(writer.number).finished
    writer.end()
    assert history.session(writer.number).finished


def test_a_cut_off_session_has_the_result_of_what_was_saved(history: History) -> None:
    writer = history.begin("anna", exercise="hip-hiker")
    builder = ResultBuilder(hip_hiker(), named=True)
    for moment in hip_hikers(FAULTY):
        builder.add(moment)
        writer.step(moment)
        if moment.t_s < 8:
            early = builder.result("camera 0")
    writer.result(early)
    until(lambda: sum(bool(e.movement) for p in history.session(writer.number).parts for e in p.events) == 4)
    kept = history.session(writer.number)
    assert kept.parts[0].result is not None
    assert len(kept.parts[0].result["movements"]) == 4
    assert kept.parts[0].result["summary"]["clean_reps"] == 2
    writer.end()


def test_a_writer_without_a_place_takes_everything_and_keeps_nothing() -> None:
    writer = SessionWriter.nowhere(HistoryError("the disk is full"))
    with writer:
        for moment in list(hip_hikers(FAULTY))[:30]:
            writer.step(moment)
        writer.pain(3, 1.0)
        writer.result({"exercise": None})
    assert writer.problem is not None


def test_ending_twice_is_harmless_and_later_words_are_dropped(history: History) -> None:
    writer = history.begin("anna")
    writer.end()
    writer.pain(3, 1.0)
    writer.end()
    assert history.session(writer.number).pains == ()


def test_a_session_goes_on_where_the_history_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with keep_session(tmp_path / "file" / "data", "anna") as writer:
        assert writer.problem is not None
        writer.step(next(hip_hikers(FAULTY)))
    with keep_session(tmp_path / "data", "", exercise="hip-hiker") as writer:
        assert "is no name" in str(writer.problem)
    with keep_session(tmp_path / "data", "anna", exercise="hip-hiker") as writer:
        assert writer.problem is None


# forgetting


def test_deleted_is_really_gone(tmp_path: Path) -> None:
    secret = "zz-verysecretname-zz"
    with History.open(tmp_path, Clock()) as history:
        kept = whole_session(history, "anna")
        number = whole_session(history, secret)
        with history.begin(secret) as writer:
            pass
        report, first = history.report_path(number), history.report_path(kept)
        leftovers = [report, report.with_suffix(".pdf"), part_of(report)]
        for path in (*leftovers, first):
            path.write_text(secret if path != first else "anna")
        size = (tmp_path / FILE).stat().st_size + (tmp_path / f"{FILE}-wal").stat().st_size
        assert on_disk(tmp_path, secret)
        assert on_disk(tmp_path, "camera 0")
        history.delete(number)
        with pytest.raises(HistoryError, match=f"no session {number}"):
            history.session(number)
        assert not any(path.exists() for path in leftovers)
        assert first.exists()
        assert secret in history.people()
        history.delete(writer.number)  # the last one: the name goes too
        assert not on_disk(tmp_path, secret)
        assert history.people() == ["anna"]
        assert (tmp_path / f"{FILE}-wal").stat().st_size == 0
        assert (tmp_path / FILE).stat().st_size < size
        assert history.session(kept).person == "anna"
        (tmp_path / f"{DAMAGED}20260302-180000.db").write_text("anna")
        assert history.holdings().damaged == 1
        assert history.delete_all() == 1
        assert not on_disk(tmp_path, "anna")
        assert history.people() == []
        assert is_whole(history.path)
        # Numbers are not used again: an old note of "session 2" can never mean another one.
        assert whole_session(history) > number


def on_disk(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_report_elsewhere_is_not_ours_to_delete(history: History, tmp_path: Path) -> None:
    report = tmp_path / "mine.html"
    report.write_text("mine")
    with history.begin("anna") as writer:
        pass
    history.set_report(writer.number, report)
    history.delete(writer.number)
    assert report.exists()


@contextmanager
def read_elsewhere(history: History) -> Iterator[None]:
    """Another program reads the history meanwhile, and so holds on to its log."""
    with closing(sqlite3.connect(history.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        history._connection.execute("PRAGMA busy_timeout = 50")
        yield
        reader.execute("ROLLBACK")


def test_copies_that_a_reader_holds_on_to_are_said(history: History) -> None:
    number = whole_session(history)
    report = history.report_path(number)
    report.write_text("anna")
    with read_elsewhere(history), pytest.raises(HistoryError, match=r"another program is reading it.*Close it"):
        history.delete(number)
    assert not report.exists()
    history.tidy()
    assert not on_disk(history.folder, "anna")


def test_a_reader_does_not_save_the_damaged_copies(history: History) -> None:
    whole_session(history)
    copies = [history.folder / f"{DAMAGED}20260302-180000.db{end}" for end in ("", "-wal")]
    for copy in copies:
        copy.write_text("anna")
    with read_elsewhere(history), pytest.raises(HistoryError, match=r"Close it and run this again"):
        history.delete_all()
    assert history.damaged_copies() == []
    assert history.delete_all() == 0  # run again
    assert not on_disk(history.folder, "anna")


def test_a_session_deleted_while_it_runs_is_not_kept(history: History) -> None:
    writer = history.begin("anna", exercise="hip-hiker")
    writer.pain(1, 0.5)
    until(lambda: bool(history.session(writer.number).pains))
    history.delete(writer.number)
    writer.pain(2, 1.0)
    until(lambda: writer.problem is not None)
    writer.end()
    assert "deleted while it ran" in str(writer.problem)
    assert history.sessions() == []


# place, permissions, versions


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with History.open(tmp_path / "deep" / "data", Clock()) as history:
            whole_session(history)
            assert mode(tmp_path / "deep" / "data") == 0o700
            assert {mode(path) for path in (tmp_path / "deep" / "data").iterdir()} == {0o600}
    finally:
        os.umask(old)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_folder_of_the_users_keeps_its_permissions(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "letter.txt").write_text("")
    with History.open(folder):
        assert mode(folder) == 0o755
        assert mode(folder / FILE) == 0o600


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    assert data_folder() == tmp_path / "home"
    assert data_folder(tmp_path / "given") == tmp_path / "given"
    monkeypatch.delenv("COACH_HOME")
    assert "exercise-coach" in str(data_folder())


def test_the_log_the_links_and_the_erasing_are_on(history: History) -> None:
    ask = history._connection.execute
    assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert ask("PRAGMA foreign_keys").fetchone()[0] == 1
    assert ask("PRAGMA secure_delete").fetchone()[0] == 1
    assert ask("PRAGMA synchronous").fetchone()[0] == 2


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as history:
        number = whole_session(history)
    later = (*MIGRATIONS, ("ALTER TABLE session ADD COLUMN mood TEXT", "UPDATE session SET mood = 'calm'"))
    with History.open(tmp_path, migrations=later) as history:
        assert history._connection.execute("PRAGMA user_version").fetchone()[0] == len(later)
        assert history._connection.execute("SELECT mood FROM session").fetchall() == [("calm",)]
        assert len(history.session(number).parts[0].events) > 0


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as history:
        number = whole_session(history)
    broken = (*MIGRATIONS, ("ALTER TABLE session ADD COLUMN mood TEXT", "UPDATE nothing SET mood = 1"))
    with pytest.raises(HistoryError):
        History.open(tmp_path, migrations=broken)
    with History.open(tmp_path) as history:
        assert history.session(number).person == "anna"
        columns = [row[1] for row in history._connection.execute("PRAGMA table_info(session)")]
        assert "mood" not in columns


def test_two_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as one, History.open(tmp_path, Clock()) as two:
        with one.begin("anna") as first, two.begin("ben") as second:
            for i in range(50):
                first.pain(1, float(i))
                second.pain(2, float(i))
        assert first.problem is None
        assert second.problem is None
        assert len(one.session(first.number).pains) == len(one.session(second.number).pains) == 50


def test_what_is_kept_can_be_counted(history: History) -> None:
    assert history.holdings().sessions == 0
    whole_session(history)
    held = history.holdings()
    assert (held.people, held.sessions, held.pains, held.reports) == (1, 1, 1, 0)
    assert held.first_at == held.last_at == Clock().at
    assert held.database_bytes > 1000


def test_events_in_the_table_are_plain_json(history: History) -> None:
    whole_session(history)
    with closing(sqlite3.connect(history.path)) as database:
        for (data,) in database.execute("SELECT data FROM event"):
            assert json.loads(data)["name"]


def test_to_read_a_history_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    with History.existing() as empty:
        assert (empty.sessions(), empty.people(), empty.read_only) == ([], [], True)
    with pytest.raises(HistoryError, match="typo: holds no history"):
        History.existing(tmp_path / "typo")
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="file: is not a folder"):
        History.existing(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with History.open(tmp_path / "home") as made:
        whole_session(made)
    with History.existing() as kept:
        assert kept.person_called("ANNA") == "anna"
        assert kept.count() == 1
