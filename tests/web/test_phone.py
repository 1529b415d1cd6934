"""The phone as the camera, by script: how it is paired, who is refused, and that its pictures arrive as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")
pytest.importorskip("segno")

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from coach.web.phone import MOST_REFUSED, REFUSED, REPLACED, SERVED, STATIC, Pairing, make_phone_app
from coach.web.security import AccessTokens
from tests.web.people import frame

ADDRESS, PORT = "192.168.1.5", 8443
HOME = f"https://{ADDRESS}:{PORT}"
SOCKET = f"wss://{ADDRESS}:{PORT}/camera"
ORIGIN = {"origin": HOME}
NEIGHBOUR = ("192.168.1.20", 50_000)


@pytest.fixture
def pairing() -> Pairing:
    return Pairing(AccessTokens(PORT, address=ADDRESS), "de")


@pytest.fixture
def stranger(pairing: Pairing) -> Iterator[TestClient]:
    with TestClient(make_phone_app(pairing), base_url=HOME, client=NEIGHBOUR) as client:
        # Both sides run in one event loop, as they do in the program.
        pages = TestClient(Starlette(routes=[WebSocketRoute("/phone", pairing.serve_page)]))
        pages.portal = client.portal
        client.pages = pages  # type: ignore[attr-defined]
        yield client


@pytest.fixture
def phone(stranger: TestClient, pairing: Pairing) -> TestClient:
    assert stranger.get(pairing.keys.link).status_code == 200
    return stranger


@contextmanager
def camera(client: TestClient) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect(SOCKET, headers=ORIGIN) as socket:
        yield socket


@contextmanager
def page(client: TestClient) -> Iterator[WebSocketTestSession]:
    pages: Any = client.pages  # type: ignore[attr-defined]
    with pages.websocket_connect("/phone") as socket:
        yield socket


def test_a_phone_is_paired_by_its_number_and_its_pictures_arrive_unchanged(phone: TestClient) -> None:
    with page(phone) as desk:
        assert desk.receive_json()["state"] == "none"
        with camera(phone) as device:
            hello = device.receive_json()
            assert hello["language"] == "de"
            assert hello["words"]["phone_is_camera"] == "Dieses Handy ist die Kamera"
            asked = desk.receive_json()
            assert asked == {"type": "phone", "state": "asks", "number": hello["number"]}
            assert len(hello["number"]) == 4
            desk.send_json({"type": "accept", "number": hello["number"]})
            assert device.receive_json() == {"type": "accepted"}
            assert desk.receive_json()["state"] == "accepted"
            desk.send_json({"type": "next"})
            assert device.receive_json() == {"type": "next"}
            device.send_bytes(frame(7, 1234.5))
            assert desk.receive_bytes() == frame(7, 1234.5)
        assert desk.receive_json()["state"] == "none"


def test_before_it_is_accepted_nothing_is_asked_of_it_and_no_picture_passes(phone: TestClient) -> None:
    with page(phone) as desk, camera(phone) as device:
        number = device.receive_json()["number"]
        while desk.receive_json()["state"] != "asks":
            pass
        device.send_bytes(frame(1, 0.0))
        desk.send_json({"type": "next"})
        desk.send_json({"type": "accept", "number": "no number"})
        desk.send_json({"type": "accept", "number": number})
        assert device.receive_json() == {"type": "accepted"}
        assert desk.receive_json()["state"] == "accepted"


def test_an_accepted_phone_comes_back_by_itself_until_another_is_wanted(phone: TestClient, pairing: Pairing) -> None:
    with page(phone) as desk:
        with camera(phone) as device:
            desk.receive_json()
            desk.receive_json()
            desk.send_json({"type": "accept", "number": device.receive_json()["number"]})
            device.receive_json()
        with camera(phone) as device:
            assert device.receive_json()["type"] == "hello"
            assert device.receive_json() == {"type": "accepted"}
            assert pairing.code_svg() is None
            assert phone.portal is not None
            phone.portal.call(pairing.new_link)
            with pytest.raises(WebSocketDisconnect) as closed:
                device.receive_json()
            assert closed.value.code == REPLACED
        assert phone.get("/").status_code == 403  # its cookie is void


def test_a_phone_that_is_refused_is_a_stranger(phone: TestClient) -> None:
    with page(phone) as desk, camera(phone) as device:
        device.receive_json()
        while desk.receive_json()["state"] != "asks":
            pass
        desk.send_json({"type": "refuse"})
        with pytest.raises(WebSocketDisconnect) as closed:
            device.receive_json()
        assert closed.value.code == REFUSED
    assert phone.get("/").status_code == 403


def test_a_phone_that_sends_rubbish_is_closed_in_the_end(phone: TestClient) -> None:
    with camera(phone) as device:
        device.receive_json()
        for _ in range(MOST_REFUSED):
            device.send_bytes(b"rubbish")
        with pytest.raises(WebSocketDisconnect) as closed:
            device.receive_json()
        assert closed.value.code == REFUSED


@pytest.mark.parametrize("path", ["/", "/?token=wrong", "/static/phone.js", "/history", "/socket"])
def test_without_the_code_nothing_is_given(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/history", "/analyse", "/static/app.js", "/static/..%2fapp.py"])
def test_a_phone_sees_nothing_of_the_session(phone: TestClient, path: str) -> None:
    assert phone.get(path).status_code == 404


def test_a_phone_is_given_its_own_files(phone: TestClient) -> None:
    for name in SERVED:
        assert (STATIC / name).is_file()
        assert phone.get(f"/static/{name}").status_code == 200
    assert "default-src 'none'" in phone.get("/").headers["content-security-policy"]


def test_the_link_works_once_and_its_cookie_only_over_tls(stranger: TestClient, pairing: Pairing) -> None:
    link = pairing.keys.link
    assert link.startswith(f"{HOME}/?token=")
    cookie = stranger.get(link).headers["set-cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    stranger.cookies.clear()
    assert stranger.get(link).status_code == 403


@pytest.mark.parametrize("headers", [{"host": "evil.example"}, {"origin": "https://evil.example"}])
def test_other_names_and_origins_are_refused(phone: TestClient, headers: dict[str, str]) -> None:
    assert phone.get("/", headers=headers).status_code == 403
    with pytest.raises(WebSocketDisconnect), phone.websocket_connect(SOCKET, headers=ORIGIN | headers) as socket:
        socket.receive_json()


def test_nobody_from_outside_is_served_whatever_they_know(pairing: Pairing) -> None:
    with TestClient(make_phone_app(pairing), base_url=HOME, client=("8.8.8.8", 4000)) as outside:
        assert outside.get(pairing.keys.link).status_code == 403
        with pytest.raises(WebSocketDisconnect), outside.websocket_connect(SOCKET, headers=ORIGIN) as socket:
            socket.receive_json()


def test_the_code_is_a_drawing_that_a_phone_can_read(pairing: Pairing) -> None:
    code = pairing.code_svg()
    assert code is not None
    assert code.startswith("<svg")
    assert "<script" not in code
