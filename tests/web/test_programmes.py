"""Programmes on the page: listed, made by a form, printed and used; nothing else gets in, and no other file is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient

from coach.definitions.programme import load_programme
from coach.web.app import make_app
from coach.web.security import DOCUMENT_POLICY, AccessTokens
from tests.web.people import settings
from tests.web.test_socket import begin, tab

HOME = "http://127.0.0.1:8123"
ORIGIN = {"origin": HOME}
BLOCK = {"exercise": "hip-hiker", "side": "left", "sets": 2, "reps": 8, "depth": [8, 12], "tempo_s": [3, 3]}
DATA = {"name": "Anna, hip", "sessions_per_week": 3, "warm_up_s": 120, "blocks": [BLOCK]}


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[TestClient, AccessTokens]]:
    keys = AccessTokens(8123)
    with TestClient(make_app(settings(tmp_path), keys), base_url=HOME) as client:
        yield client, keys


@pytest.fixture
def client(stranger: tuple[TestClient, AccessTokens]) -> TestClient:
    client, keys = stranger
    client.get(keys.link)
    return client


def save(client: TestClient, data: Any = DATA, slug: Any = None, **headers: str) -> Any:
    return client.post("/programmes", content=json.dumps({"slug": slug, "data": data}), headers={**ORIGIN, **headers})


def test_strangers_and_other_pages_are_kept_out(stranger: tuple[TestClient, AccessTokens], tmp_path: Path) -> None:
    client, keys = stranger
    assert client.get("/programmes").status_code == 403
    assert save(client).status_code == 403
    client.get(keys.link)
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        assert save(client, **headers).status_code == 403
    assert client.post("/programmes", content="{}").status_code == 403  # no origin
    assert client.delete("/programmes/anna-hip", headers={"origin": "http://evil.example"}).status_code == 403
    assert not (tmp_path / "programmes").exists()


def test_what_is_saved_is_a_file_that_anybody_can_use(client: TestClient, tmp_path: Path) -> None:
    assert save(client).json() == {"slug": "anna-hip"}
    path = tmp_path / "programmes" / "anna-hip.toml"
    (block,) = load_programme(path).blocks
    assert (block.sets, block.reps, block.depth, block.tempo_s) == (2, 8, (8.0, 12.0), (3.0, 3.0))
    assert client.get("/programmes").json()["programmes"] == [{"slug": "anna-hip", "name": "Anna, hip", "problem": ""}]
    data = client.get("/programmes/anna-hip").json()["data"]
    assert data["blocks"][0]["reps"] == 8


def test_a_second_one_of_that_name_is_a_second_file_and_a_change_is_none(client: TestClient) -> None:
    assert save(client).json()["slug"] == "anna-hip"
    assert save(client).json()["slug"] == "anna-hip-2"
    changed = {**DATA, "blocks": [{**BLOCK, "reps": 9}]}
    assert save(client, changed, "anna-hip").json()["slug"] == "anna-hip"
    assert client.get("/programmes/anna-hip").json()["data"]["blocks"][0]["reps"] == 9


def test_a_files_own_sentences_stay(client: TestClient, tmp_path: Path) -> None:
    save(client)
    path = tmp_path / "programmes" / "anna-hip.toml"
    path.write_text(path.read_text() + '\n[words.en]\nrest_ends = "Soon."\n[words.de]\nrest_ends = "Bald."\n')
    save(client, {**DATA, "warm_up_s": 60}, "anna-hip")
    kept = load_programme(path)
    assert (kept.warm_up_s, kept.speak("de")("rest_ends")) == (60, "Bald.")


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"reps": 0}, "blocks.1.reps"),
        ({"depth": [3, 2]}, "blocks.1"),
        ({"hold_s": 20}, "blocks.1"),
        ({"tempo_s": [9, 9]}, "blocks.1.tempo_s"),
        ({"nonsense": 1}, "blocks.1.nonsense"),
        ({"reps": "many"}, "blocks.1.reps"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    client: TestClient, tmp_path: Path, block: dict[str, Any], says: str
) -> None:
    answer = save(client, {**DATA, "blocks": [{**BLOCK, **block}]})
    assert answer.status_code == 422
    assert says in answer.json()["problem"]
    assert str(tmp_path) not in answer.text
    assert list((tmp_path / "programmes").glob("*.toml")) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data": 3}',
        b'{"slug": 3, "data": {"blocks": []}}',
        b'{"data": {"blocks": {}}}',
        b'{"data": {"words": {}, "blocks": []}}',
        b'{"data": {"blocks": [{"exercise": "/etc/passwd.toml", "side": "left"}]}}',
        b'{"data": {"blocks": [{"exercise": "../x.toml", "side": "left"}]}}',
        b"\xff\xfe",
        b'{"data": ' + b"[" * 5000,
    ],
)
def test_what_no_form_of_ours_sends_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/programmes", content=body, headers=ORIGIN).status_code == 400


def test_a_body_is_bounded(client: TestClient) -> None:
    assert client.post("/programmes", content=b" " * 2**17, headers=ORIGIN).status_code == 413


@pytest.mark.parametrize("slug", ["nobody", "..%2Fcoach", "%2e%2e", "ANNA", "a" * 90])
def test_only_files_of_its_folder_are_reached(client: TestClient, slug: str) -> None:
    assert client.get(f"/programmes/{slug}").status_code == 404
    assert client.delete(f"/programmes/{slug}", headers=ORIGIN).status_code in (404, 405)
    assert client.get(f"/programmes/{slug}/sheet").status_code == 404


def test_a_sheet_is_a_document_of_its_own(client: TestClient) -> None:
    save(client)
    answer = client.get("/programmes/anna-hip/sheet")
    assert "Anna, hip" in answer.text and "<svg" in answer.text
    assert answer.headers["content-security-policy"] == DOCUMENT_POLICY
    assert client.get("/programmes/standard/sheet").status_code == 200


def test_one_is_used_from_now_on(client: TestClient) -> None:
    save(client)
    assert client.post("/programmes/anna-hip/use", headers=ORIGIN).json() == {"current": "Anna, hip"}
    assert client.get("/programmes").json()["current"] == "Anna, hip"


def test_none_is_changed_in_the_middle_of_a_session(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)  # a script sends faster than a camera
    monkeypatch.setattr("coach.web.socket.TEXTS_A_SECOND", 1e6)
    with tab(client) as page:
        begin(page)
        assert client.post("/programmes/standard/use", headers=ORIGIN).status_code == 409


def test_one_is_deleted(client: TestClient, tmp_path: Path) -> None:
    save(client)
    assert client.delete("/programmes/anna-hip", headers=ORIGIN).json() == {"deleted": "anna-hip"}
    assert not (tmp_path / "programmes" / "anna-hip.toml").exists()


def test_a_file_that_cannot_be_used_is_listed_with_what_is_wrong(client: TestClient, tmp_path: Path) -> None:
    save(client)
    (tmp_path / "programmes" / "broken.toml").write_text("schema = 1\n")
    listed = {each["slug"]: each["problem"] for each in client.get("/programmes").json()["programmes"]}
    assert listed["anna-hip"] == ""
    assert "blocks" in listed["broken"]
