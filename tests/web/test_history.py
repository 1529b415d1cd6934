"""The history on the page: who may see it, what it shows, and what is gone when it was deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient

from coach.errors import OutputError
from coach.history import History
from coach.history.database import FILE
from coach.report.write import keep_report, try_report
from coach.web.app import make_app
from coach.web.history_service import HistoryService
from coach.web.security import DOCUMENT_POLICY, HEADERS, AccessTokens
from tests.guide.theatre import programme
from tests.history.test_store import Clock, whole_session
from tests.report.scripted import renamed_hiker
from tests.sharing.people import hikers, keep
from tests.web.people import FakeWatcher, settings
from tests.web.test_socket import begin, tab

HOME = "http://127.0.0.1:8123"
ORIGIN = {"origin": HOME}
READ = [
    "/history",
    "/history?person=anna",
    "/history/progress?person=anna",
    "/history/1/report",
    "/history/share?person=anna",
]


@pytest.fixture(scope="module")
def of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history with a session of anna and one of ben."""
    folder = tmp_path_factory.mktemp("history")
    with History.open(folder, Clock()) as history:
        whole_session(history, "anna")
        whole_session(history, "ben")
    return folder


@pytest.fixture
def stranger(
    of_two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TestClient, AccessTokens, FakeWatcher]]:
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)
    shutil.copytree(of_two, tmp_path, dirs_exist_ok=True)
    keys, watcher = AccessTokens(8123), FakeWatcher()
    with TestClient(make_app(settings(tmp_path, watcher=watcher), keys), base_url=HOME) as client:
        yield client, keys, watcher


@pytest.fixture
def client(stranger: tuple[TestClient, AccessTokens, FakeWatcher]) -> TestClient:
    client, keys, _ = stranger
    client.get(keys.link)
    return client


@pytest.mark.parametrize("path", READ)
def test_strangers_see_nothing(stranger: tuple[TestClient, AccessTokens, FakeWatcher], path: str) -> None:
    answer = stranger[0].get(path)
    assert answer.status_code == 403
    assert "anna" not in answer.text
    assert stranger[0].delete("/history/1", headers=ORIGIN).status_code == 403


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_another_origin_or_host_sees_nothing(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert client.get(path, headers=headers).status_code == 403
    assert client.delete("/history/1", headers={**ORIGIN, **headers}).status_code == 403
    assert len(client.get("/history?person=anna").json()["sessions"]) == 1


def test_deleting_needs_an_origin(client: TestClient) -> None:
    assert client.delete("/history/1").status_code == 403
    assert client.get("/history/1", headers=ORIGIN).status_code == 405


def test_sessions_of_one_person_are_listed_with_counts_and_pain(client: TestClient) -> None:
    answer = client.get("/history?person=anna").json()
    assert answer["people"] == ["anna", "ben"]
    (session,) = answer["sessions"]
    assert session["started_at"].startswith("2026-03-02T18:00")
    assert (session["number"], session["pain"], session["pains"], session["finished"]) == (1, 4, 1, True)
    (done,) = session["sets"]
    assert (done["title"], done["sides"], done["count"], done["target"]) == ("Hip hiker", ["left"], 3, 10)
    assert client.get("/history").json()["sessions"] == []  # nobody was named with --person
    assert client.get("/history", params={"person": "<b>"}).json()["person"] == "<b>"


@pytest.mark.parametrize("name", ["", "  ", "x" * 251, "a\nb"])
def test_what_is_no_name_is_refused(client: TestClient, name: str) -> None:
    assert client.get("/history", params={"person": name}).status_code == 400
    assert client.get("/history/progress", params={"person": name}).status_code == 400


def test_the_page_is_told_which_session_is_a_persons_last(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as history:
        first = whole_session(history)
        assert [each["last"] for each in HistoryService(tmp_path).shown("anna")["sessions"]] == [True]
        with history.begin("anna") as running:
            # The one that runs is not shown, but keeps the name.
            (shown,) = HistoryService(tmp_path).shown("anna", running.number)["sessions"]
            assert (shown["number"], shown["last"]) == (first, False)


def test_a_report_comes_as_a_document_of_its_own(client: TestClient, tmp_path: Path) -> None:
    answer = client.get("/history/1/report")
    assert answer.status_code == 200
    assert "<svg" in answer.text
    assert answer.headers.get_list("content-security-policy") == [DOCUMENT_POLICY]
    assert "script" not in DOCUMENT_POLICY
    assert answer.headers["x-frame-options"] == "DENY"
    assert (tmp_path / "reports" / "session-1.html").read_text(encoding="utf-8") == answer.text
    assert client.get("/").headers.get_list("content-security-policy") == [HEADERS["Content-Security-Policy"]]


def test_progress_is_a_document_of_its_own(client: TestClient) -> None:
    answer = client.get("/history/progress?person=anna")
    assert "Progress of anna" in answer.text
    assert "1 session<" in answer.text  # although it was long ago
    assert answer.headers.get_list("content-security-policy") == [DOCUMENT_POLICY]
    hostile = client.get("/history/progress", params={"person": "<script>"})
    assert "<script>" not in hostile.text


def test_a_file_for_the_physiotherapist_is_saved_and_can_be_taken_in(client: TestClient, tmp_path: Path) -> None:
    from coach.sharing.share import take_in

    answer = client.get("/history/share?person=anna")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''anna.coach.html"
    assert answer.headers.get_list("content-security-policy") == [HEADERS["Content-Security-Policy"]]
    path = tmp_path / "saved.html"
    path.write_bytes(answer.content)
    with History.open(tmp_path / "clinic") as history:
        assert take_in(history, path).added == 1
    unknown = client.get("/history/share", params={"person": "<script>nobody"})
    assert (unknown.status_code, unknown.headers["content-type"]) == (503, "text/plain; charset=utf-8")


def test_what_is_next_and_the_last_four_weeks(tmp_path: Path) -> None:
    today = date.today()
    for days in (0, 7, 8):
        keep(tmp_path, "anna", today - timedelta(days=days), [hikers("left", 10.0)])
    plan = HistoryService(tmp_path).shown("anna", per_week=3)["plan"]
    assert plan["next"] == (today + timedelta(days=2)).isoformat()
    assert len(plan["weeks"]) == 4
    assert sum(week["sessions"] for week in plan["weeks"]) == 3
    assert plan["weeks"][-1]["sessions"] >= 1
    empty = HistoryService(tmp_path).shown("bert", per_week=3)["plan"]
    assert (empty["next"], [week["sessions"] for week in empty["weeks"]]) == (today.isoformat(), [0, 0, 0, 0])


def test_progress_is_in_the_language_of_the_page_and_a_report_in_that_of_its_session(tmp_path: Path) -> None:
    with History.open(tmp_path, Clock()) as history:
        english = whole_session(history, "anna")
        with history.begin("anna", exercise="hip-hiker") as german:
            german.record({"language": "de"})
            german.result(history.session(english).results[0])
    for language in ("en", "de"):
        service = HistoryService(tmp_path, language)
        assert f'<html lang="{language}">' in service.progress("anna")
        titles = {each["title"] for session in service.shown("anna")["sessions"] for each in session["sets"]}
        assert titles == {{"en": "Hip hiker", "de": "Beckenabsenken an der Stufe"}[language]}
        assert '<html lang="en">' in service.report(english)
        assert '<html lang="de">' in service.report(german.number)


@pytest.mark.parametrize("number", ["0", "99", "9" * 30])
def test_a_number_that_is_not_there(client: TestClient, number: str) -> None:
    assert client.get(f"/history/{number}/report").status_code == 404
    assert client.delete(f"/history/{number}", headers=ORIGIN).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["..%2f..%2fetc/report", "1%2f..%2f2/report", "-1/report", "1.html/report", "1/report/../../x", "%00/report"],
)
def test_no_other_file_is_reached(client: TestClient, path: str) -> None:
    assert client.get(f"/history/{path}").status_code in (404, 405)


def test_a_report_that_points_elsewhere_is_not_given(client: TestClient, tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("secret", encoding="utf-8")
    with History.open(tmp_path) as history:
        history.set_report(1, secret)
    assert "secret" not in client.get("/history/1/report").text


def test_what_is_deleted_is_gone_with_its_report(client: TestClient, tmp_path: Path) -> None:
    client.get("/history/1/report")
    assert client.delete("/history/1", headers=ORIGIN).json() == {"deleted": 1}
    assert client.get("/history?person=anna").json()["sessions"] == []
    assert not list((tmp_path / "reports").iterdir())
    assert client.get("/history/1/report").status_code == 404
    assert client.get("/history/2/report").status_code == 200


def test_a_history_that_cannot_be_read_is_said(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    for path in READ:
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("language", "unknown", "unnamed", "running"),
    [
        ("en", "There is no such session. Load the page", "That is no name. Choose", "still running. End it first."),
        ("de", "Diese Einheit gibt es nicht. Lade die Seite", "Das ist kein Name. Wähl", "läuft noch. Beende sie"),
        ("fr", "Cette séance n’existe pas. Rechargez", "Ce n’est pas un nom. Choisissez", "en cours. Terminez-la"),
    ],
)
def test_what_goes_wrong_is_said_in_the_persons_language_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, unknown: str, unnamed: str, running: str
) -> None:
    monkeypatch.setattr("coach.history.writer.RETRY_S", 0.05)  # of the session that ends after the history was damaged
    monkeypatch.setattr("coach.history.writer.PATIENCE_S", 0.3)
    keys = AccessTokens(8123)
    own = replace(settings(tmp_path, watcher=FakeWatcher()), language=language)
    with TestClient(make_app(own, keys), base_url=HOME) as client:
        client.get(keys.link)
        assert client.get("/history/77/report").text.startswith(unknown)
        assert client.delete("/history/77", headers=ORIGIN).json()["problem"].startswith(unknown)
        assert client.get("/history", params={"person": "a\nb"}).json()["problem"].startswith(unnamed)
        with tab(client) as page:
            page.hear()
            number = page.tell(type="start", person="Clara")["session"]
            assert running in client.get(f"/history/{number}/report").text
            assert running in client.delete(f"/history/{number}", headers=ORIGIN).json()["problem"]
        (tmp_path / FILE).write_bytes(b"no database" * 1000)
        broken = client.get("/history").json()["problem"]
        assert broken == client.get("/history/77/report").text
        assert ("coach history repair" in broken) and (("the history is damaged" in broken) == (language == "en"))


def test_a_session_is_somebodys_and_has_its_report_when_its_summary_is_shown(
    stranger: tuple[TestClient, AccessTokens, FakeWatcher], client: TestClient, tmp_path: Path
) -> None:
    watcher = stranger[2]
    with tab(client) as page:
        assert page.hear()["person"] == "me"
        assert page.tell(type="start", person="a\nb")["reason"] == "unknown_person"
        assert page.tell(type="start", person=5)["reason"] == "malformed"
        number = page.tell(type="start", person=" Clara ")["session"]
        assert client.get(f"/history/{number}/report").status_code == 409
        assert client.delete(f"/history/{number}", headers=ORIGIN).status_code == 409
        assert client.get("/history?person=Clara").json()["sessions"] == []
        assert page.act("confirm_safety")["stage"] == "setup"
        answer = page.show()
        while answer["stage"] != "exercise":
            answer = page.show()
        watcher.dip()
        while answer["stage"] != "summary":
            answer = page.show()
        report = client.get(f"/history/{number}/report")
        assert report.status_code == 200
        assert "Clara" in report.text
        (session,) = client.get("/history?person=Clara").json()["sessions"]
        assert (session["finished"], session["sets"][0]["count"]) == (True, 3)
        progress = client.get("/history/progress?person=Clara").text
        assert ">1 of 3<" in progress  # sessions of those that the programme asks for
        assert "line: planned" in progress
        assert client.delete(f"/history/{number}", headers=ORIGIN).status_code == 200
        assert page.act("end")["stage"] == "done"


def test_an_exercise_of_the_programmes_own_file_has_a_complete_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)
    keys, watcher = AccessTokens(8123), FakeWatcher()
    own = programme((str(renamed_hiker(tmp_path)), "left", {"reps": 3}))
    with TestClient(make_app(settings(tmp_path, own, watcher), keys), base_url=HOME) as client:
        client.get(keys.link)
        with tab(client) as page:
            begin(page)
            watcher.dip()
            page.show(9.0)
    with History.open(tmp_path) as history:
        (session,) = history.sessions()
    assert session.results[0]["exercise"] == "my-hiker"
    assert "Hip hiker of mine" in Path(str(session.report_path)).read_text(encoding="utf-8")


def test_what_hurts_at_the_summary_is_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)
    keys, watcher = AccessTokens(8123), FakeWatcher()
    of = programme(("hip-hiker", "left", {"reps": 1}))
    with TestClient(make_app(settings(tmp_path, of, watcher), keys), base_url=HOME) as client:
        client.get(keys.link)
        with tab(client) as page:
            begin(page)
            watcher.dip()
            answer = page.show(9.0)
            assert answer["stage"] == "summary"
            assert "hurts" in answer["actions"]
            assert page.act("hurts")["question"]["score"] is None
            page.act("score", score=4)
            page.act("choose", choice="knee")
            assert "pain 4 of 10, knee" in page.act("next")["summary"]["notes"][0]
    with History.open(tmp_path) as history:
        (session,) = history.sessions()
    assert session.ended_at is not None
    assert [pain.score for pain in session.pains] == [4]
    assert session.record is not None
    assert session.record["pains"][0]["place"] == "knee"


def test_leaving_in_the_middle_writes_the_report_too_and_none_of_an_empty_session(
    stranger: tuple[TestClient, AccessTokens, FakeWatcher], client: TestClient, tmp_path: Path
) -> None:
    with tab(client) as page:
        begin(page)
        stranger[2].dip()
        page.show(9.0)
    client.__exit__(None, None, None)
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["session-3.html"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ZeroDivisionError("in a drawing")])
def test_a_report_that_cannot_be_written_never_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    with History.open(tmp_path, Clock()) as history:
        number = whole_session(history)

    def fail(*_: object) -> str:
        raise fault

    monkeypatch.setattr("coach.report.write.page", fail)
    assert isinstance(try_report(tmp_path, number), OutputError)
    monkeypatch.undo()
    assert isinstance(try_report(tmp_path, number), Path)
    assert isinstance(try_report(tmp_path, 99), Exception)
    with History.open(tmp_path) as history:
        assert keep_report(history, number) == try_report(tmp_path, number)
