"""Who holds connections open without the cookie cannot keep the page from its user."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

import uvicorn

from coach.web.app import bind, make_app
from coach.web.connections import Connections, make_protocol
from coach.web.security import AccessTokens
from tests.running import running
from tests.web.people import settings
from tests.web.visitor import Visitor

HEADER_S = 1.5
NO_TEXT = b"\x81\x82\0\0\0\0\xff\xfe"  # a text message that is not UTF-8


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[AccessTokens]:
    """A page that is served."""
    with bind() as listening:
        keys = AccessTokens(listening.getsockname()[1])
        connections = Connections(most=8)
        config = uvicorn.Config(
            make_app(settings(tmp_path), keys, on_known=connections.known),
            http=make_protocol(connections, HEADER_S),
            log_level="error",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield keys
        server.should_exit = True
        thread.join()


def ask(keys: AccessTokens, path: str, cookie: str = "", connection: socket.socket | None = None) -> bytes:
    """The beginning of the answer."""
    host = keys.hosts[0]
    with ExitStack() as stack:
        own = connection or stack.enter_context(socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20))
        own.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        return own.recv(4000)


def port_of(keys: AccessTokens) -> int:
    return int(keys.hosts[0].rpartition(":")[2])


def let_in(keys: AccessTokens) -> str:
    """The cookie, for the link."""
    answer = ask(keys, keys.link.partition(keys.hosts[0])[2])
    return answer.partition(b"set-cookie: ")[2].partition(b";")[0].decode()


def test_the_page_answers_whatever_others_hold_open(keys: AccessTokens) -> None:
    cookie = let_in(keys)
    with ExitStack() as stack:
        own = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20))
        assert b" 200 " in ask(keys, "/", cookie, own)[:20]
        for i in range(100):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20))
            if i % 2:
                idle.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert b" 200 " in ask(keys, "/", cookie)[:20]


def test_a_connection_that_asks_nothing_is_let_go(keys: AccessTokens) -> None:
    with socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nX: ")
        try:
            assert idle.recv(10) == b""
        except ConnectionResetError:
            return


def test_a_socket_stays_although_it_asks_nothing_more(keys: AccessTokens) -> None:
    cookie = let_in(keys)
    host = keys.hosts[0]
    with socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20) as page:
        page.sendall(
            f"GET /socket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b" 101 " in page.recv(200)[:20]
        with ExitStack() as stack:
            for _ in range(30):
                stack.enter_context(socket.create_connection(("127.0.0.1", port_of(keys)), timeout=20))
            time.sleep(HEADER_S + 0.5)
            page.sendall(b"\x89\x80\x00\x00\x00\x00")  # an empty ping
            page.settimeout(20)
            heard = b""
            while b"\x8a\x00" not in heard:  # until its pong
                piece = page.recv(65536)
                assert piece, "it was closed"
                heard += piece


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
            (f"GET /socket HTTP/1.1\r\n{head}{upgrade.format('websocket')}{socket_key}\r\n", NO_TEXT),
        ):
            with socket.create_connection(("127.0.0.1", visitor.port), timeout=20) as peer:
                peer.sendall(request.encode())
                assert peer.recv(100).startswith(b"HTTP/1.1 ")
                peer.sendall(then)
                while then and peer.recv(4096):
                    pass
        assert visitor.ask("GET", "/history").status == 200
        assert program.end("SIGTERM") == 0
        assert program.complaints == []
