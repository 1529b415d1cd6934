"""Who is let in: the link works once, strangers are refused, and every answer carries the policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coach.web.app import STATIC, bind, make_app
from coach.web.security import AccessTokens
from tests.web.people import settings

PORT = 8123
HOME = f"http://127.0.0.1:{PORT}"
ORIGIN = {"origin": HOME}


@pytest.fixture
def keys() -> AccessTokens:
    return AccessTokens(PORT)


@pytest.fixture
def stranger(keys: AccessTokens, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(make_app(settings(tmp_path), keys), base_url=HOME) as client:
        yield client


@pytest.fixture
def friend(stranger: TestClient, keys: AccessTokens) -> TestClient:
    assert stranger.get(keys.link.removeprefix(HOME)).status_code == 200
    return stranger


@pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/static/app.js", "/analyse", "/nothing"])
def test_without_the_link_nothing_is_given(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "<" not in answer.text


def test_the_link_works_once_and_becomes_a_cookie_that_scripts_cannot_read(
    stranger: TestClient, keys: AccessTokens
) -> None:
    link = keys.link
    first = stranger.get(link)
    assert first.status_code == 200
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert link.partition("token=")[2] not in cookie
    assert stranger.get("/").status_code == 200
    assert stranger.get(link).status_code == 200  # the same browser may open it again
    stranger.cookies.clear()
    assert stranger.get(link).status_code == 403


def test_a_fresh_link_is_printed_where_the_program_runs_and_not_too_often(tmp_path: Path) -> None:
    told: list[str] = []
    now = [0.0]
    keys = AccessTokens(PORT, told.append, lambda: now[0])
    with TestClient(make_app(settings(tmp_path), keys), base_url=HOME) as client:
        client.get("/?token=wrong")
        assert told == []  # the first link still works
        client.get(keys.link)
        client.cookies.clear()
        for _ in range(5):
            assert "token=" not in client.get("/").text
        assert len(told) == 1
        assert client.get(told[0]).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "localhost.evil:8123", ""])
def test_another_host_name_is_refused_although_it_points_here(friend: TestClient, host: str) -> None:
    assert friend.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", f"https://127.0.0.1:{PORT}"]
)
def test_another_origin_is_refused(friend: TestClient, origin: str) -> None:
    assert friend.post("/analyse", content=b"x", headers={"origin": origin}).status_code == 403
    assert friend.get("/", headers={"origin": origin}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        friend.websocket_connect("ws://127.0.0.1:8123/socket", headers={"origin": origin}),
    ):
        pass


def test_what_changes_something_needs_an_origin(friend: TestClient) -> None:
    assert friend.post("/analyse", content=b"x").status_code == 403
    with pytest.raises(WebSocketDisconnect), friend.websocket_connect("ws://127.0.0.1:8123/socket"):
        pass


def test_a_socket_without_the_cookie_is_refused(stranger: TestClient, keys: AccessTokens) -> None:
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect("ws://127.0.0.1:8123/socket", headers=ORIGIN):
        pass
    with (
        pytest.raises(WebSocketDisconnect),
        stranger.websocket_connect(f"ws://127.0.0.1:8123/socket?{keys.link.partition('?')[2]}", headers=ORIGIN),
    ):
        pass
    stranger.cookies.set(keys.cookie_name, "guessed")
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect("ws://127.0.0.1:8123/socket", headers=ORIGIN):
        pass


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/static/../app.py", "/nothing"])
def test_every_answer_carries_a_policy_that_lets_nothing_in_from_elsewhere(friend: TestClient, path: str) -> None:
    answer = friend.get(path)
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    for kind in ("script-src", "style-src", "img-src", "media-src", "connect-src"):
        assert policy[kind] == "'self'"
    for kind in ("base-uri", "form-action", "frame-ancestors"):
        assert policy[kind] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere() -> None:
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text, path.name
        assert "http://" not in text, path.name
        for bad in (" style=", " onclick=", "<style", "innerHTML", "eval(", "javascript:", "@import", "outerHTML"):
            assert bad not in text, f"{path.name}: {bad}"


def test_only_this_machine_can_reach_the_port() -> None:
    with bind(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_page_itself_is_let_in(friend: TestClient) -> None:
    with friend.websocket_connect(f"ws://127.0.0.1:{PORT}/socket", headers=ORIGIN) as socket:
        assert socket.receive_json()["type"] == "hello"


@pytest.mark.parametrize(
    "path",
    [
        "/history/" + "9" * 4300,
        "/history/" + "9" * 25 + "/report",
        "/history/²/report",
        "/" + "a" * 5000,
        "/static/" + "a" * 300,
        "/static/%00",
        "/history/%0a",
        "/static/../../etc/passwd",
    ],
)
def test_a_strange_path_is_no_page_of_ours(friend: TestClient, path: str) -> None:
    assert friend.get(path).status_code in (404, 405)
    assert friend.delete(path, headers=ORIGIN).status_code in (404, 405)
