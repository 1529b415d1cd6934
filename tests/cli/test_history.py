"""The commands around the history, as typed."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from coach.cli.history_table import show_weeks
from coach.definitions.exercise import load_exercise
from coach.errors import OptionError
from coach.history import History
from coach.history.database import DAMAGED, FILE
from coach.history.weeks import SideWeek, Week
from coach.report.write import keep_report, write_report
from coach.session.timeline_file import write_timeline
from tests.history.test_store import Clock, on_disk, whole_session
from tests.report.scripted import renamed_hiker, session
from tests.typed import typed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "data"


def fill(folder: Path, *people: str) -> None:
    with History.open(folder, Clock()) as history:
        for person in people:
            whole_session(history, person)


def test_sessions_are_listed_and_shown(folder: Path) -> None:
    assert "No session is kept yet" in typed("history").stdout
    fill(folder, "anna", "ben")
    listed = typed("history").stdout
    assert "2026-03-02 18:00" in listed
    assert "hip-hiker left: 3 of 10, 2 with nothing to correct" in listed
    assert "4/10" in listed
    assert "ben" not in typed("history", "--person", "anna").stdout
    shown = typed("history", "show", "1").stdout
    assert "Session 1: anna, Monday, 02 March 2026, 18:00" in shown
    assert "trunk lean" in shown
    assert "not counted: it was not deep enough" in shown
    assert json.loads(typed("history", "show", "1", "--json").stdout)["person"] == "anna"
    missing = typed("history", "show", "99")
    assert missing.exit_code == 2
    assert missing.stderr == "coach: there is no session 99. 'coach history' lists them\n"


def test_everything_can_be_taken_along(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna", "=cmd()")
    assert typed("history", "export", str(tmp_path / "mine.json")).exit_code == 0
    data = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert data["schema"] == 1
    assert [one["person"] for one in data["sessions"]] == ["anna", "=cmd()"]
    assert data["sessions"][0]["pains"] == [{"part": 0, "t_s": 12.5, "score": 4}]
    assert len(data["sessions"][0]["parts"][0]["events"]) == 5
    assert typed("history", "export", str(tmp_path / "mine.csv")).exit_code == 0
    with (tmp_path / "mine.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert (rows[1]["faults"], rows[2]["counted"], rows[2]["depth_deg"]) == ("trunk_lean", "false", "10.0")
    assert {row["not_judged"] for row in rows} == {""}
    assert rows[4]["person"] == "'=cmd()"
    wrong = typed("history", "export", str(tmp_path / "mine.doc"))
    assert wrong.exit_code == 2
    assert "neither .json nor .csv" in wrong.stderr
    assert typed("history", "export", str(tmp_path / "absent" / "mine.json")).exit_code == 2


def test_an_export_replaces_nothing(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna")
    (tmp_path / "mine.csv").write_text("mine")
    refused = typed("history", "export", str(tmp_path / "mine.csv"))
    assert refused.exit_code == 2
    assert "mine.csv: is there already. Name a new file" in refused.stderr
    assert (tmp_path / "mine.csv").read_text() == "mine"


READERS: tuple[tuple[str, ...], ...] = (
    ("history",),
    ("history", "show", "1"),
    ("history", "export", "mine.json"),
    ("history", "delete", "--all", "-y"),
    ("progress",),
    ("share",),
    ("review",),
    ("report", "1"),
)


@pytest.mark.parametrize("words", READERS)
def test_where_no_history_is_none_is_made(
    words: tuple[str, ...], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = typed(*words, "--data-dir", "typo")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "coach: typo: holds no history. Choose another folder with --data-dir\n"
    (tmp_path / "file").touch()
    for command in (words, ("privacy",)):
        assert "file: is not a folder" in typed(*command, "--data-dir", "file").stderr
    typed(*words)  # of the folder that is usual, which has none yet either
    assert not (tmp_path / "typo").exists() and not folder.exists()


def test_before_the_first_session_there_is_nothing_to_share(folder: Path) -> None:
    assert "no session of me is kept yet" in typed("share").stderr


@pytest.mark.parametrize("words", [*READERS[:1], *READERS[2:7], ("history", "show", "1")])
def test_nobodys_name_is_the_same_error_everywhere(folder: Path, words: tuple[str, ...]) -> None:
    fill(folder, "anna")
    refused = typed(*words, "--person", "nobody")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "coach: there is nobody called 'nobody'. Known are: anna\n"


def test_the_person_before_the_command_below_counts_too(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna", "ben")
    other = typed("history", "--person", "ben", "show", "1")
    assert other.exit_code == 2
    assert "session 1 is of anna, not of ben. Leave out --person" in other.stderr
    assert "Session 2: ben" in typed("history", "--person", "BEN", "show", "2").stdout
    assert typed("history", "--person", "ben", "delete", "1", "-y").exit_code == 2
    typed("history", "--person", "ben", "export", str(tmp_path / "bens.json"))
    data = json.loads((tmp_path / "bens.json").read_text(encoding="utf-8"))
    assert [one["person"] for one in data["sessions"]] == ["ben"]
    assert "Deleted: 1 session." in typed("history", "--person", "ben", "delete", "--all", "-y").stdout
    assert "anna" in typed("history").stdout


def test_a_repair_is_never_of_one_person(folder: Path) -> None:
    fill(folder, "anna")
    refused = typed("history", "--person", "anna", "repair")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == "coach: repair works on the whole history. Leave out --person\n"
    assert (
        "repariert wird der ganze Verlauf. Lass" in typed("history", "--lang", "de", "--person", "x", "repair").stderr
    )


def test_deleting_asks_first(folder: Path) -> None:
    fill(folder, "anna", "ben")
    asked = typed("history", "delete", "1", answers="n\n")
    assert "Delete session 1 (anna, Monday, 02 March 2026, 18:00)?" in asked.stdout
    assert "[y/N]" in asked.stdout
    assert "Nothing was deleted." in asked.stdout
    assert typed("history", "delete", "1", answers="y\n").exit_code == 0
    assert "anna" not in typed("history").stdout
    assert typed("history", "delete").exit_code == 2
    assert typed("history", "delete", "2", "--all").exit_code == 2
    assert typed("history", "delete", "99", "-y").exit_code == 2
    done = typed("history", "delete", "--all", "-y")
    assert "Deleted: 1 session." in done.stdout
    assert not on_disk(folder, "ben")


@pytest.mark.parametrize(
    ("language", "asked", "again", "no", "yes", "done"),
    [
        ("de", "Einheit 1 (anna, Montag, 2. März 2026, 18:00 Uhr) löschen?", "Bitte j", "n", "j", "Gelöscht: "),
        ("fr", "Supprimer la séance 1 (anna, lundi 2 mars 2026", "Répondez par o", "non", "oui", "Supprimé"),
    ],
)
def test_deleting_asks_in_the_language_of_the_command(
    folder: Path, language: str, asked: str, again: str, no: str, yes: str, done: str
) -> None:
    fill(folder, "anna", "ben")
    said = typed("history", "delete", "1", "--lang", language, answers=f"perhaps\n{no}\n").stdout
    assert asked in said
    assert again in said
    assert "y/N" not in said and "Error" not in said
    assert "anna" in typed("history").stdout
    assert done in typed("history", "--lang", language, "delete", "1", answers=f"{yes}\n").stdout
    assert "anna" not in typed("history").stdout


def test_a_question_that_nobody_answers_deletes_nothing(folder: Path) -> None:
    fill(folder, "anna")
    left = typed("history", "delete", "1", "--lang", "de", answers="")
    assert left.exit_code == 1
    assert "angehalten" in left.stderr
    assert "anna" in typed("history").stdout


def test_the_question_says_what_goes_with_a_last_session(folder: Path) -> None:
    fill(folder, "anna", "ben", "ben")
    last = "the name and the safety confirmation go with it"
    assert last in typed("history", "delete", "1", answers="n\n").stdout
    assert last not in typed("history", "delete", "2", answers="n\n").stdout


def test_every_copy_that_may_still_hold_it_is_named(folder: Path) -> None:
    fill(folder, "anna", "ben")
    copies = [folder / f"{DAMAGED}{name}" for name in ("1.db", "1.db-wal", "2.db")]
    for copy in copies:
        copy.write_text("anna")
    said = typed("history", "delete", "1", "-y").stdout
    assert all(str(copy) in said for copy in copies)
    assert str(folder / DAMAGED) not in typed("history", "delete", "--all", "-y").stdout


def test_what_a_reader_held_on_to_goes_when_it_is_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.history.database.connect.__defaults__", (0.05,))  # how long it waits for a reader
    fill(folder, "anna", "ben")
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        assert "run this again" in typed("history", "delete", "1", "-y").stderr
        reader.execute("ROLLBACK")
        assert on_disk(folder, "anna")
        assert "no session 1" in typed("history", "delete", "1", "-y").stderr
        assert not on_disk(folder, "anna")


def test_progress_is_one_persons(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna")
    done = typed("progress", "--html", str(tmp_path / "p.html"), "--png", str(tmp_path / "p.png"), "--weeks", "4")
    assert done.exit_code == 0
    assert (tmp_path / "p.html").stat().st_size > 10_000
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    fill(folder, "ben")
    assert "several people" in typed("progress").stderr
    assert "nobody called" in typed("progress", "--person", "carl").stderr
    assert typed("progress", "--person", "ben").exit_code == 0


def test_privacy_says_what_is_kept_and_makes_nothing(folder: Path) -> None:
    said = " ".join(typed("privacy").stdout.split())
    assert "Nothing leaves this computer" in said
    assert "nothing is kept yet" in said
    assert not folder.exists()
    fill(folder, "anna")
    said = " ".join(typed("privacy").stdout.split())
    assert "1 session of 1 person, from 2026-03-02 to 2026-03-02, 1 pain mark" in said
    assert str(folder) in said
    assert "coach history delete --all" in said


def test_a_report_is_made_again_from_saved_data(folder: Path, tmp_path: Path) -> None:
    result, timeline = session()
    (tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")
    (written,) = write_report(result, timeline, tmp_path / "first.html")
    without = typed("report", str(tmp_path / "result.json"))
    assert "no curves" in without.stderr
    write_timeline(timeline, tmp_path / "track.npz")
    again = typed("report", str(tmp_path / "result.json"))
    assert again.stdout.strip() == str(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == written.read_text(encoding="utf-8")


def test_a_report_of_the_history(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna")
    assert typed("report", "1", "--out", str(tmp_path / "r.html")).exit_code == 0
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    for said in ("anna", "Monday, 02 March 2026", "4 of 10 in set 1 at 0:13.", "Pelvic drop [°]", "Trunk lean"):
        assert said in text


def test_an_exercise_of_ones_own_is_reported_in_full_once_its_file_is_given(folder: Path, tmp_path: Path) -> None:
    with History.open(folder, Clock()) as history, history.begin("anna", exercise="my-hiker") as writer:
        writer.result({**session()[0], "exercise": "my-hiker"})
    file, report_file = renamed_hiker(tmp_path), tmp_path / "r.html"
    for options, said, unsaid in (
        ((), "coach report 1 --exercise FILE.toml", "Hip hiker of mine"),
        (("--exercise", str(file)), "Hip hiker of mine", "--exercise FILE.toml"),
        (("--exercise", "strap-stretch"), "coach report 1 --exercise FILE.toml", "Hip hiker of mine"),
    ):
        done = typed("report", "1", "--out", str(report_file), *options)
        text = report_file.read_text(encoding="utf-8")
        assert (done.exit_code, "my-hiker is not known here" in done.stderr) == (0, "mine.toml" not in str(options))
        assert "4 of 10" in text
        assert said in text
        assert unsaid not in text
    result = {**session()[0], "exercise": "my-hiker"}
    (tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")
    assert "no thresholds" in typed("report", tmp_path / "result.json").stderr
    assert "no thresholds" not in typed("report", tmp_path / "result.json", "--exercise", file).stderr
    absent = typed("report", "1", "--exercise", "absent.toml")
    assert absent.exit_code == 2
    assert absent.stderr.count("\n") == 1
    with History.open(folder) as history:
        assert "Hip hiker of mine" in keep_report(history, 1, [load_exercise(file)]).read_text(encoding="utf-8")


def test_a_report_is_in_the_language_of_its_session_or_in_the_one_asked_for(folder: Path, tmp_path: Path) -> None:
    with History.open(folder, Clock()) as history:
        number = whole_session(history)
        with history.begin("anna", exercise="hip-hiker") as writer:
            writer.record({"language": "de"})
            writer.result(session()[0])
            writer.pain(None, 3.0)
        assert history.session(number).language == "en"
        assert history.session(writer.number).language == "de"
        assert '<html lang="de">' in keep_report(history, writer.number).read_text(encoding="utf-8")
    german = tmp_path / "g.html"
    for options, language in (((), "de"), (("--lang", "en"), "en"), (("--lang", "de"), "de")):
        assert typed("report", str(writer.number), "--out", str(german), *options).exit_code == 0
        assert f'<html lang="{language}">' in german.read_text(encoding="utf-8")
    assert "Montag, 2. März 2026, 18:00 Uhr" in german.read_text(encoding="utf-8")
    assert "Ohne Zahl in Satz 1 bei 0:03." in german.read_text(encoding="utf-8")
    (tmp_path / "result.json").write_text(json.dumps(session()[0]), encoding="utf-8")
    assert typed("report", str(tmp_path / "result.json"), "--lang", "de").exit_code == 0
    assert "Beckenabsenken an der Stufe" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_progress_and_exercises_speak_german(folder: Path, tmp_path: Path) -> None:
    fill(folder, "anna")
    done = typed("progress", "--lang", "de", "--html", str(tmp_path / "p.html"), "--png", str(tmp_path / "p.png"))
    assert "Was du gemacht hast, anna" in done.stdout
    assert "Fortschritt von anna" in (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "Beckenabsenken an der Stufe" in typed("exercises", "--lang", "de").stdout
    shown = typed("exercises", "hip-hiker", "--lang", "de").stdout
    about = load_exercise("hip-hiker").in_language("de")
    for said in (*about.how, about.camera_where, "10 Wiederholungen pro Seite", "Rumpf geneigt: Mach dich groß"):
        assert said in shown


def test_a_depth_to_reach_for_has_its_own_unit(folder: Path, tmp_path: Path) -> None:
    file = renamed_hiker(tmp_path)
    assert "Aim: pelvic drop 8 to 14°." in typed("exercises", str(file)).stdout
    text = file.read_text(encoding="utf-8").replace('depth_name = "pelvic_drop_deg"', 'depth_name = "foot_way_pct"')
    text = text.replace(chr(10) + 'depth = "pelvic_drop_deg"', chr(10) + 'depth = "moving_foot_down_pct"')
    file.write_text(text, encoding="utf-8")
    assert "Aim: foot way 8 to 14 % of leg." in typed("exercises", str(file)).stdout


@pytest.mark.parametrize("words", [("report", "1"), ("progress",), ("exercises",), ("exercises", "hip-hiker")])
def test_a_language_that_is_not_spoken_is_one_line(folder: Path, words: tuple[str, ...]) -> None:
    done = typed(*words, "--lang", "xx")
    assert done.exit_code == 2
    assert done.stderr == "coach: --lang is 'xx'. Choose one of de, en, fr\n"


def test_a_kept_report_goes_with_its_session(folder: Path) -> None:
    fill(folder, "anna")
    with History.open(folder) as history:
        path = keep_report(history, 1)
        assert path.is_file()
        assert history.session(1).report_path == str(path)
        assert history.holdings().reports == 1
        history.delete(1)
        assert not path.exists()


@pytest.mark.parametrize("content", ["", "[]", '{"schema": 2}', "not json"])
def test_no_result_no_report(folder: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "result.json").write_text(content, encoding="utf-8")
    done = typed("report", str(tmp_path / "result.json"))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert typed("report", str(tmp_path / "absent.json")).exit_code == 2


def test_a_damaged_history_is_one_line_and_repair_helps(folder: Path) -> None:
    fill(folder, "anna", "ben", "carl")
    content = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(content[: len(content) // 2])
    for words in (("history",), ("progress",), ("privacy",), ("report", "1")):
        done = typed(*words)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert "coach history repair" in done.stderr
    assert "is now the history" in typed("history", "repair").stdout
    assert typed("history").exit_code == 0
    assert "whole" in typed("history", "repair").stdout


@pytest.mark.parametrize("words", [(), ("show", "1")])
def test_a_language_that_there_is_not_is_said(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setenv("COACH_LANG", "xx")
    done = typed("history", *words)
    assert done.exit_code == 2 or isinstance(done.exception, OptionError)


def test_a_session_is_shown_in_one_language(folder: Path) -> None:
    """The names of what was wrong, and the numbers, were English in German."""
    fill(folder, "anna")
    said = typed("history", "show", "1", "--lang", "de").stdout
    assert "Rumpf zum Standbein geneigt" in said
    assert "trunk" not in said
    assert "10,0°" in said
    assert "deg" not in said


@pytest.mark.parametrize(("language", "right"), [("en", "right"), ("de", "rechts"), ("fr", "droite")])
def test_in_eighty_columns_no_week_is_cut_off(
    language: str, right: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """'Abspreizung' ended in dots."""
    monkeypatch.setenv("COLUMNS", "80")
    held = SideWeek(2, 32.9, 0.5, 6.0, 41.0)
    week = Week(date(2026, 3, 2), 2, 2, 3.0, 4, 6, 3, {"strap-stretch": {"left": held, "right": held}})
    show_weeks([week], "anna", language)
    said = capsys.readouterr().out
    assert "…" not in said
    assert said.count(right) == 3, said
