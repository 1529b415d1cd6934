"""One file for the physiotherapist: what it shows and carries, and that nothing but such a file is taken in."""

from __future__ import annotations

import base64
import copy
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.errors import HistoryError, SharedFileError
from coach.guide.past import past_of
from coach.guide.progression import Proposal
from coach.guide.session_log import PainMark, PainReport, PauseMark, ProgressAnswer, SessionRecord, SetRecord
from coach.history.database import FILE
from coach.history.repair import repair
from coach.history.take_in import TakenIn
from coach.session.result import Result
from coach.sharing import share
from coach.sharing.attention import standing
from coach.sharing.bundle import bundle_data, parse_bundle
from coach.sharing.embedded_data import CHECKSUM, CLOSING, OPENING, embedded, read_embedded
from coach.sharing.page import share_page
from tests.report.scripted import session
from tests.sharing.people import TODAY, ZONE, Clock, clinic, hikers, keep, opened, stretch

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=ZONE)
HOSTILE = "</script><script>alert(1)</script><!--"


def one_session(folder: Path, person: str = "Anna", **options: Any) -> int:
    return keep(folder, person, TODAY, [hikers("left", 10.0), stretch()], **options)


def shared(folder: Path, target: Path, number: int, **options: Any) -> Path:
    with opened(folder) as history:
        return share.write_share(share.of_session(history, number, NOW), target, TODAY, **options)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    number = one_session(folder / "home", pain=3, tracks=True, record=guided())
    return shared(folder / "home", folder / "Anna.coach.html", number)


@pytest.fixture(scope="module")
def data(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_embedded(file)
    return found


def guided() -> dict[str, Any]:
    """A guided session's own account with something of everything."""
    result: Result = hikers("left", 10.0)[0]
    done = SetRecord(
        *(0, 0, 1, "hip-hiker", "left", 3.0, 43.0, "all", 10, 10, 10, 0.0, False, (), (), ()),
        result=result,
        asked=("Down in 2 s.",),
        prescription={"reps": 10, "tempo_s": [2.0, 2.0], "note": "slowly"},
        effort=4,
    )
    proposal = Proposal("hip-hiker", ("left", "right"), "reps", (10, 10), 10, 12)
    record = SessionRecord(
        programme="standard",
        language="de",
        safety_confirmed=True,
        duration_s=300.0,
        complete=True,
        sets=(done,),
        pains=(PainMark(12.5, 3, 0, "hip-hiker", "left", "right", "hip"),),
        pauses=(PauseMark(20.0, 25.0, "left"),),
        pain_reports=(PainReport("before", 1, "hip"), PainReport("after", 2)),
        progress=(ProgressAnswer(proposal, True),),
    )
    return record.as_dict()


class Scripts(HTMLParser):
    """What a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("type") != "application/json":
            self.running.append(str(given))
        self.running += [name for name in given if name.startswith("on")]
        for name in ("src", "href", "xlink:href", "data", "action"):
            target = given.get(name)
            if target and not target.startswith(("#", "data:")):
                self.loaded.append(target)


class TestPage:
    def test_it_runs_and_loads_nothing(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        found = Scripts()
        found.feed(text)
        assert (found.running, found.loaded) == ([], [])
        assert "default-src 'none'" in text
        assert not re.search(r"url\((?!#)", text)

    def test_it_shows_what_was_done(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        for said in (
            "10 of 10",
            "pain 3 of 10",
            "effort 4 of 10",
            "1. Hip hiker, left",
            "2. Strap stretch, right",
            "<svg",
            "coach import Anna",
        ):
            assert said in text, said

    def test_drawings_of_several_sessions_keep_apart(self, tmp_path: Path) -> None:
        clinic(tmp_path)
        keep(tmp_path, "Eve", TODAY - timedelta(days=2), [hikers("left", 10.0)], tracks=True)
        keep(tmp_path, "Eve", TODAY, [hikers("left", 10.0)], tracks=True)
        with opened(tmp_path) as history:
            text = share_page(share.of_person(history, "Eve", 4, NOW), TODAY)
        ids = re.findall(r'<clipPath id="([^"]+)"', text)
        in_sessions = [name for name in ids if re.match(r"s\d+-", name)]
        assert len(in_sessions) == len(set(in_sessions)) > 2
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_it_speaks(self, language: str, tmp_path: Path) -> None:
        number = keep(tmp_path, "Anna", TODAY, [hikers("left", 10.0)])
        text = shared(tmp_path, tmp_path / "a.html", number, language=language).read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in text
        assert ("Einheiten" if language == "de" else "Sessions") in text

    def test_names_and_texts_stay_text(self, tmp_path: Path) -> None:
        result, track = hikers("left", 10.0)
        bad: Any = copy.deepcopy(result)
        bad["view"]["advice"] = bad["source"] = HOSTILE
        bad["notes"] = [HOSTILE]
        number = keep(tmp_path / "home", HOSTILE, TODAY, [(bad, track)])
        path = shared(tmp_path / "home", tmp_path / "a.html", number)
        found = Scripts()
        found.feed(path.read_text(encoding="utf-8"))
        assert found.running == []
        assert share.read_share(path).person == HOSTILE


class TestCarried:
    def test_another_machine_has_the_same_session(self, file: Path, tmp_path: Path) -> None:
        with opened(tmp_path) as history:
            assert share.take_in(history, file) == TakenIn("Anna", 1, 0, 0)
            (taken,) = history.sessions("Anna")
            assert [part.exercise for part in taken.parts] == ["hip-hiker", "strap-stretch"]
            assert taken.results[0] == hikers("left", 10.0)[0] | {"source": "clip.mp4"}
            assert [pain.score for pain in taken.pains] == [3]
            assert taken.started_at == datetime(2026, 3, 30, 18, 0, tzinfo=ZONE)
            assert (taken.language, taken.finished, taken.damaged) == ("de", True, ())
            track = history.timeline(taken.number, 0)
            own = hikers("left", 10.0)[1]
            np.testing.assert_array_equal(track.t_s, own.t_s)
            np.testing.assert_allclose(track.signal("pelvic_drop_deg"), own.signal("pelvic_drop_deg"), atol=0.02)
            assert track.landmarks is None

    def test_a_second_time_changes_nothing(self, file: Path, tmp_path: Path) -> None:
        with opened(tmp_path) as history:
            share.take_in(history, file)
            before = history.sessions()
            assert share.take_in(history, file) == TakenIn("Anna", 0, 0, 1)
            assert history.sessions() == before

    def test_at_home_nothing_is_new(self, tmp_path: Path) -> None:
        number = one_session(tmp_path / "home")
        path = shared(tmp_path / "home", tmp_path / "a.html", number)
        with opened(tmp_path / "home") as history:
            before = history.sessions()
            assert share.take_in(history, path) == TakenIn("Anna", 0, 0, 1)
            assert history.sessions() == before

    def test_a_newer_file_brings_what_was_added_and_an_older_one_takes_nothing_back(self, tmp_path: Path) -> None:
        number = one_session(tmp_path / "home")
        older = shared(tmp_path / "home", tmp_path / "older.html", number)
        with opened(tmp_path / "home") as home:
            home.amend(number, {"language": "en"}, [replace_pain(7)])
            later = share.of_session(home, number, NOW + timedelta(hours=1))
        newer = share.write_share(later, tmp_path / "newer.html", TODAY)
        with opened(tmp_path / "clinic") as history:
            share.take_in(history, older)
            assert share.take_in(history, newer) == TakenIn("Anna", 0, 1, 0)
            assert share.take_in(history, older) == TakenIn("Anna", 0, 0, 1)
            (taken,) = history.sessions("Anna")
            assert [pain.score for pain in taken.pains] == [7]

    def test_two_people_of_one_name_are_not_mixed(self, tmp_path: Path) -> None:
        first = shared(tmp_path / "a", tmp_path / "a.html", one_session(tmp_path / "a"))
        second = shared(tmp_path / "b", tmp_path / "b.html", one_session(tmp_path / "b"))
        with opened(tmp_path / "clinic") as history:
            share.take_in(history, first)
            with pytest.raises(HistoryError, match="somebody called 'Anna' is known here already"):
                share.take_in(history, second)
            assert history.count() == 1
            assert share.take_in(history, second, "Anna B.").added == 1
            assert share.take_in(history, second) == TakenIn("Anna B.", 0, 0, 1)  # known from now on
            with pytest.raises(HistoryError, match=r"kept here as 'Anna B\.'"):
                share.take_in(history, second, "Anna")
            assert history.people() == ["Anna", "Anna B."]

    def test_a_person_who_was_deleted_can_come_again(self, file: Path, tmp_path: Path) -> None:
        with opened(tmp_path) as history:
            share.take_in(history, file)
            history.delete_all("Anna")
            assert share.take_in(history, file).added == 1

    def test_no_picture_and_no_path_goes_along(self, tmp_path: Path) -> None:
        result, track = session(landmarks=True)
        result = {**result, "source": "/home/anna/private/clip.mp4"}
        number = keep(tmp_path / "home", "Anna", TODAY, [(result, track)], tracks=True)
        path = shared(tmp_path / "home", tmp_path / "a.html", number)
        assert "/home/anna" not in path.read_text(encoding="utf-8")
        (taken,) = share.read_share(path).sessions
        assert all(key.picture is None for key in taken.timelines[0].keys)

    def test_every_part_of_a_guided_account_is_known(self) -> None:
        account = guided()
        own: Any = parse_bundle(bundle_of(account)).sessions[0].record.record
        assert own == strip_results(account)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE session SET uid = 'x' WHERE id = 1",
            "UPDATE session SET uid = NULL WHERE id = 1",
            "UPDATE part SET exercise = '../x', result = NULL WHERE session_id = 1 AND number = 0",
            "UPDATE part SET number = -1 WHERE session_id = 1 AND number = 0",
            "UPDATE pain SET part = -1 WHERE session_id = 1",
            "UPDATE session SET record = json_set(record, '$.sets[0].count', 'ten') WHERE id = 1",
            "UPDATE session SET record = json_set(record, '$.pains[0].score', 11) WHERE id = 1",
            "UPDATE session SET record = json_set(record, '$.pains', 'none') WHERE id = 1",
            "UPDATE session SET record = json_set(record, '$.pain_reports[1].when', 'never') WHERE id = 1",
        ],
    )
    def test_what_is_shared_of_a_damaged_history_can_be_taken_in(self, change: str, tmp_path: Path) -> None:
        folder = tmp_path / "home"
        for days in (1, 0):
            keep(folder, "Anna", TODAY - timedelta(days=days), [hikers("left", 10.0)], pain=3, record=guided())
        with closing(sqlite3.connect(folder / FILE)) as connection, connection:
            connection.execute(change)
        with opened(folder) as history:
            damaged = history.session(1)
            assert damaged.damaged
            past_of([one.record for one in history.sessions() if one.record])
            assert standing("Anna", history.sessions(), TODAY).last == TODAY
            bundle = share.of_person(history, "Anna", 4, NOW)
        path = share.write_share(bundle, tmp_path / "Anna.coach.html", TODAY)
        with opened(tmp_path / "clinic") as clinic:
            assert share.take_in(clinic, path).added == (2 if damaged.uid else 1)
        repair(folder, NOW)
        with opened(folder) as history:
            assert not any(one.damaged for one in history.sessions())
            assert len({one.uid for one in history.sessions()}) == 2

    def test_two_rows_of_one_name_are_told_apart_by_a_repair(self, tmp_path: Path) -> None:
        folder = tmp_path / "home"
        for days in (1, 0):
            keep(folder, "Anna", TODAY - timedelta(days=days), [hikers("left", 10.0)])
        with closing(sqlite3.connect(folder / FILE)) as connection, connection:
            connection.execute("DROP INDEX session_of_uid")
            connection.execute("UPDATE session SET uid = (SELECT uid FROM session WHERE id = 1)")
            connection.execute("UPDATE person SET uid = NULL")
        with opened(folder) as history, pytest.raises(HistoryError, match="cannot be shared"):
            share.of_person(history, "Anna", 4, NOW)
        repair(folder, NOW)
        with opened(folder) as history:
            assert len({one.uid for one in history.sessions()}) == 2
            assert share.of_person(history, "Anna", 4, NOW).sessions

    def test_folders_of_results(self, tmp_path: Path) -> None:
        from coach.export import result_json
        from coach.session.timeline_file import write_timeline

        for name, (result, track) in {"a": hikers("left", 10.0), "b": stretch(), "copy": stretch()}.items():
            (tmp_path / "out" / name).mkdir(parents=True)
            result_json.write(result, tmp_path / "out" / name / "result.json")
            write_timeline(track, tmp_path / "out" / name / "track.npz")
        bundle = share.of_folder(tmp_path / "out", "Anna", NOW)
        path = share.write_share(bundle, tmp_path / "Anna.coach.html", TODAY)
        with opened(tmp_path / "clinic") as history:
            assert share.take_in(history, path) == TakenIn("Anna", 2, 0, 0)
            again = share.write_share(share.of_folder(tmp_path / "out", "Anna", NOW), tmp_path / "2.html", TODAY)
            assert share.take_in(history, again) == TakenIn("Anna", 0, 0, 2)
            assert {one.kind for one in history.sessions()} == {"analysed"}
        with pytest.raises(SharedFileError, match="holds no result"):
            share.of_folder(tmp_path / "clinic", None, NOW)

    def test_only_the_last_weeks(self, tmp_path: Path) -> None:
        for days in (0, 27, 28, 40):
            keep(tmp_path, "Anna", TODAY - timedelta(days=days), [hikers("left", 10.0)])
        with opened(tmp_path) as history:
            assert len(share.of_person(history, None, 4, NOW).sessions) == 2
            assert len(share.of_person(history, "anna", 8, NOW).sessions) == 4
            with pytest.raises(HistoryError, match="nobody called"):
                share.of_person(history, "Bert", 4, NOW)


def replace_pain(score: int) -> Any:
    from coach.history import Pain

    return Pain(0, 1.0, score)


def bundle_of(account: dict[str, Any]) -> dict[str, Any]:
    from coach.history import PartRecord
    from coach.history.records import SessionRecord as Kept
    from coach.sharing.bundle import Bundle, SharedSession

    part = PartRecord(0, "hip-hiker", hikers("left", 10.0)[0])
    at = Clock().at
    kept = Kept(0, "Anna", "live", at, at, at, "", "", None, None, None, account, "1", (part,), (), uid="0" * 32)
    return json.loads(json.dumps(bundle_data(Bundle("Anna", "1" * 32, at, (SharedSession(kept, {}),)))))


def strip_results(account: dict[str, Any]) -> dict[str, Any]:
    """The account as it goes along: the results of its sets stand in the parts."""
    sets = [{key: value for key, value in each.items() if key != "result"} for each in account["sets"]]
    return json.loads(json.dumps({**account, "sets": sets}))


def written(path: Path, data: Any) -> Path:
    path.write_bytes(b"<!doctype html>" + OPENING + embedded(data).encode() + CLOSING)
    return path


def bomb(data: Any) -> None:
    """Curves that unpack to much."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t_s.npy", bytes(80 * 2**20))
    data["sessions"][0]["parts"][0]["timeline"] = base64.b64encode(file.getvalue()).decode()


def strange_archive() -> str:
    """An archive whose directory asks for a reader that there is not: Python tells that in another way than damage."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("header.npy", b"")
    content = bytearray(out.getvalue())
    content[content.index(b"PK\x01\x02") + 6] = 255
    return base64.b64encode(content).decode()


def changed(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


ATTACKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "another format": changed("format", to="other"),
    "a later version": changed("version", to=2),
    "no person": changed("person", to=None),
    "a name of control signs": changed("person", "name", to="a\x1b[2Jb"),
    "a long name": changed("person", "name", to="a" * 300),
    "a uid that is a path": changed("sessions", 0, "uid", to="../../etc/passwd"),
    "an exercise that is a path": changed("sessions", 0, "parts", 0, "exercise", to="../../x.toml"),
    "an unknown key": changed("sessions", 0, "extra", to=1),
    "no time": changed("sessions", 0, "started_at", to="yesterday"),
    "a year that is none": changed("sessions", 0, "started_at", to="99999-01-01T00:00:00"),
    "a pain of eleven": changed("sessions", 0, "pains", 0, "score", to=11),
    "a pain of true": changed("sessions", 0, "pains", 0, "score", to=True),
    "a huge number": changed("sessions", 0, "parts", 0, "result", "duration_s", to=1e30),
    "a depth of text": changed("sessions", 0, "parts", 0, "result", "movements", 0, "pelvic_drop_deg", to="x"),
    "no result": changed("sessions", 0, "parts", 0, "result", to={"schema": 2}),
    "curves that are none": changed("sessions", 0, "parts", 0, "timeline", to="AAAA"),
    "curves with pickles": changed("sessions", 0, "parts", 0, "timeline", to=base64.b64encode(b"\x80\x04.").decode()),
    "curves of a version that is none": changed("sessions", 0, "parts", 0, "timeline", to=strange_archive()),
    "curves that unpack to much": bomb,
    "an account of text": changed("sessions", 0, "record", "sets", 0, "count", to="10"),
    "a rule beyond its range": changed("sessions", 0, "record", "pain_rule", "stop_from", to=99),
    "an effort of eleven": changed("sessions", 0, "record", "sets", 0, "effort", to=11),
    "a prescription that is none": changed("sessions", 0, "record", "sets", 0, "prescription", to={"reps": 1000}),
    "a plan of nothing": changed("sessions", 0, "sessions_per_week", to=0),
}


class TestHostile:
    @pytest.mark.parametrize("name", ATTACKS)
    def test_it_is_refused_in_one_line_and_nothing_is_added(
        self, name: str, data: dict[str, Any], tmp_path: Path
    ) -> None:
        bad = copy.deepcopy(data)
        ATTACKS[name](bad)
        path = written(tmp_path / "bad.coach.html", bad)
        with opened(tmp_path / "clinic") as history:
            with pytest.raises(SharedFileError) as refused:
                share.take_in(history, path)
            assert "\n" not in str(refused.value)
            assert len(str(refused.value)) < 600
            assert (history.people(), history.count()) == ([], 0)

    @pytest.mark.parametrize(("was", "now"), [(b'"counted":true', b'"counted":false'), (b'"reps":10', b'"reps":12')])
    def test_a_careless_edit_is_refused(self, was: bytes, now: bytes, file: Path, tmp_path: Path) -> None:
        content = file.read_bytes()
        assert was in content
        (tmp_path / "a.html").write_bytes(content.replace(was, now, 1))
        with pytest.raises(SharedFileError, match="was changed or damaged since it was written"):
            share.read_share(tmp_path / "a.html")

    def test_a_file_of_an_earlier_version_has_no_checksum(self, file: Path, tmp_path: Path) -> None:
        content, count = CHECKSUM.subn(b"", file.read_bytes())
        (tmp_path / "a.html").write_bytes(content)
        assert count == 1
        assert share.read_share(tmp_path / "a.html").person == "Anna"

    def test_one_bad_session_among_good_ones_adds_none(self, data: dict[str, Any], tmp_path: Path) -> None:
        bad = copy.deepcopy(data)
        bad["sessions"].append({**copy.deepcopy(data["sessions"][0]), "uid": "f" * 32, "saved_at": "never"})
        with opened(tmp_path / "clinic") as history:
            with pytest.raises(SharedFileError):
                share.take_in(history, written(tmp_path / "a.html", bad))
            assert history.count() == 0

    def test_a_session_twice_is_refused(self, data: dict[str, Any], tmp_path: Path) -> None:
        bad = {**data, "sessions": data["sessions"] * 2}
        with pytest.raises(SharedFileError, match="twice"):
            share.read_share(written(tmp_path / "a.html", bad))

    def test_a_session_of_somebody_else_is_not_taken_over(self, data: dict[str, Any], tmp_path: Path) -> None:
        theirs = copy.deepcopy(data)
        theirs["person"] = {"name": "Mallory", "uid": "e" * 32}
        theirs["made_at"] = "2030-01-01T00:00:00+00:00"
        theirs["sessions"][0]["pains"] = []
        with opened(tmp_path / "clinic") as history:
            share.take_in(history, written(tmp_path / "a.html", data))
            assert share.take_in(history, written(tmp_path / "b.html", theirs)).known == 1
            (kept,) = history.sessions("Anna")
            assert len(kept.pains) == 1
            assert history.sessions("Mallory") == []

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<html></html>",
            OPENING + b"{",
            OPENING + b'{"a": NaN}' + CLOSING,
            OPENING + b"[" * 5000 + b"]" * 5000 + CLOSING,
            OPENING + b"\xff\xfe{}" + CLOSING,
            OPENING + b"{}" + CLOSING + OPENING + b"{}" + CLOSING,
            OPENING + b'"' + b"9" * 100 + b'"' + CLOSING,
        ],
    )
    def test_what_is_no_such_file(self, content: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.html"
        path.write_bytes(content)
        with pytest.raises(SharedFileError):
            share.read_share(path)

    def test_too_large_and_absent(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("coach.sharing.embedded_data.MOST_FILE_BYTES", 100)
        path = tmp_path / "a.html"
        path.write_bytes(bytes(101))
        with pytest.raises(SharedFileError, match="more than"):
            share.read_share(path)
        with pytest.raises(SharedFileError, match="no such file"):
            share.read_share(tmp_path / "none.html")

    def test_what_fills_up_later_is_as_good_as_refused(self, data: dict[str, Any], tmp_path: Path) -> None:
        """A history that fails midway has nothing of it."""
        path = written(tmp_path / "a.html", data)
        with opened(tmp_path / "clinic") as history:
            history._connection.execute("CREATE TRIGGER full BEFORE INSERT ON pain BEGIN SELECT RAISE(ABORT, 'x'); END")
            with pytest.raises(HistoryError):
                share.take_in(history, path)
            assert (history.people(), history.count()) == ([], 0)


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_any_damage_is_read_or_refused(file: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(file.read_bytes())
    start = content.find(OPENING)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(start, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.html"
    path.write_bytes(content[: data.draw(st.integers(start, len(content)))] if data.draw(st.booleans()) else content)
    with suppress(SharedFileError):  # and nothing else
        assert share.read_share(path).person


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@settings(max_examples=25)
def test_any_data_survives_the_page(value: Any) -> None:
    text = embedded(value)
    assert not set(text) & set("<>&")
    assert json.loads(text) == value


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_a_name_makes_the_name_of_a_file(person: str) -> None:
    name = share.file_name(person)
    assert name.endswith(".coach.html")
    assert not set(name[: -len(".coach.html")]) & set('/\\:*?"<>|. \0\n')
    assert len(name.encode()) <= 120


@pytest.mark.parametrize(
    ("person", "name"),
    [("con", "con_"), ("LPT1", "LPT1_"), ("Nula", "Nula"), ("\U00010400" * 250, "\U00010400" * 25), ("...", "person")],
)
def test_a_name_that_no_system_refuses(person: str, name: str) -> None:
    assert share.file_name(person) == f"{name}.coach.html"
