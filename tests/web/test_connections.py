"""Who holds connections open without the cookie cannot keep the page from its user."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from coach.web.security import AccessTokens
from tests.running import running
from tests.web.served import HEADER_S, ask, connected, let_in, rest_of, served, upgraded, wait_for
from tests.web.visitor import Visitor

NO_TEXT = b"\x81\x82\0\0\0\0\xff\xfe"  # a text message that is not UTF-8


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[AccessTokens]:
    """A page that is served."""
    with served(tmp_path) as keys:
        yield keys


def test_the_page_answers_whatever_others_hold_open(keys: AccessTokens) -> None:
    cookie = let_in(keys)
    with ExitStack() as stack:
        own = stack.enter_context(connected(keys))
        assert b" 200 " in ask(keys, "/", cookie, own)[:20]
        for i in range(100):
            idle = stack.enter_context(connected(keys))
            if i % 2:
                idle.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert b" 200 " in ask(keys, "/", cookie)[:20]


def test_a_connection_that_asks_nothing_is_let_go(keys: AccessTokens) -> None:
    with connected(keys) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nX: ")
        try:
            assert idle.recv(10) == b""
        except ConnectionResetError:
            return


def test_a_socket_stays_although_it_asks_nothing_more(keys: AccessTokens) -> None:
    with upgraded(keys, let_in(keys)) as page, ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(connected(keys))
        time.sleep(HEADER_S + 0.5)
        page.sendall(b"\x89\x80\x00\x00\x00\x00")  # an empty ping
        wait_for(page, b"\x8a\x00")


@pytest.mark.parametrize("known", [True, False], ids=["with the cookie", "without"])
def test_a_body_in_chunks_is_broken_off(keys: AccessTokens, known: bool) -> None:
    cookie = let_in(keys)
    head = f"POST /analyse?name=a.mp4 HTTP/1.1\r\nHost: {keys.hosts[0]}\r\nOrigin: http://{keys.hosts[0]}\r\n"
    head += f"Cookie: {cookie * known}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connected(keys) as peer:
        peer.sendall(head.encode())
        assert rest_of(peer) == b""
    assert b" 200 " in ask(keys, "/", cookie)[:20]


def test_a_second_request_waits_for_the_answer_to_the_first(keys: AccessTokens) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {keys.hosts[0]}\r\n\r\n".encode()
    with connected(keys) as peer:
        peer.sendall(request * 100)
        assert rest_of(peer).count(b"HTTP/1.1 ") <= 1


@pytest.mark.parametrize("line", ["a:\r\n", "a" * 20_000 + ": b\r\n"], ids=["many", "long"])
def test_a_head_of_more_than_a_browser_sends_is_refused(keys: AccessTokens, line: str) -> None:
    head = f"GET / HTTP/1.1\r\nHost: {keys.hosts[0]}\r\n".encode()
    with connected(keys) as peer:
        peer.sendall(head + line.encode() * (60_000 // len(line)) + b"\r\n")
        assert rest_of(peer)[:13] in (b"HTTP/1.1 400 ", b"")  # a reset may overtake the answer
    assert b" 403 " in ask(keys, "/")[:20]


@pytest.mark.skipif(os.name != "posix", reason="ends a program by a signal")
def test_what_somebody_sends_is_no_line_in_the_terminal(tmp_path: Path) -> None:
    upgrade = "Connection: Upgrade\r\nUpgrade: {}\r\n"
    socket_key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    with running(tmp_path, "web", "--no-browser") as program:
        visitor = Visitor(program)
        head = "".join(f"{name}: {value}\r\n" for name, value in visitor.headers().items())
        for request, then in (
            ("NONSENSE\r\n\r\n", b""),
            (f"POST /analyse HTTP/1.1\r\n{head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", b""),
            (f"GET / HTTP/1.1\r\n{head}{upgrade.format('h2c')}\r\n", b""),
            (f"POST /analyse HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\nNONE\r\n", b""),
            (f"GET /socket HTTP/1.1\r\n{head}{upgrade.format('websocket')}{socket_key}\r\n", NO_TEXT),
        ):
            with socket.create_connection(("127.0.0.1", visitor.port), timeout=120) as peer:
                peer.sendall(request.encode())
                if "chunked" in request:
                    assert rest_of(peer) == b""
                    continue
                assert peer.recv(100).startswith(b"HTTP/1.1 ")
                peer.sendall(then)
                while then and peer.recv(4096):
                    pass
        assert visitor.ask("GET", "/history").status == 200
        assert program.end("SIGTERM") == 0
        assert program.complaints == []
