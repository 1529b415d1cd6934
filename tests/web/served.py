"""The page, served in this process by the server that the program uses."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import uvicorn

from coach.web.app import bind, make_app, server_config
from coach.web.connections import Connections
from coach.web.security import AccessTokens
from tests.web.people import settings

HEADER_S = 1.5


@contextmanager
def served(folder: Path) -> Iterator[AccessTokens]:
    """The page's keys, while it is served."""
    with bind() as listening:
        keys = AccessTokens(listening.getsockname()[1])
        connections = Connections(most=8)
        app = make_app(settings(folder), keys, on_known=connections.known)
        server = uvicorn.Server(server_config(app, connections, HEADER_S))
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield keys
        server.should_exit = True
        thread.join()


def ask(keys: AccessTokens, path: str, cookie: str = "", connection: socket.socket | None = None) -> bytes:
    """The beginning of the answer."""
    with ExitStack() as stack:
        own = connection or stack.enter_context(connected(keys))
        own.sendall(f"GET {path} HTTP/1.1\r\nHost: {keys.hosts[0]}\r\nCookie: {cookie}\r\n\r\n".encode())
        return own.recv(4000)


def connected(keys: AccessTokens) -> socket.socket:
    """A connection that has said nothing yet."""
    return socket.create_connection(("127.0.0.1", int(keys.hosts[0].rpartition(":")[2])), timeout=120)


def let_in(keys: AccessTokens) -> str:
    """The cookie, for the link."""
    answer = ask(keys, keys.link.partition(keys.hosts[0])[2])
    return answer.partition(b"set-cookie: ")[2].partition(b";")[0].decode()


@contextmanager
def upgraded(keys: AccessTokens, cookie: str) -> Iterator[socket.socket]:
    """The page's WebSocket, to send and receive its bytes."""
    host = keys.hosts[0]
    with connected(keys) as page:
        page.sendall(
            f"GET /socket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            head += page.recv(1)
        assert re.match(rb"HTTP/1.1 101 ", head), head
        yield page


def wait_for(page: socket.socket, answer: bytes) -> None:
    """Read until this comes."""
    heard = b""
    while answer not in heard:
        piece = page.recv(65536)
        assert piece, "it was closed"
        heard += piece


def rest_of(connection: socket.socket) -> bytes:
    """What comes until the end of the connection, however it ends."""
    heard = b""
    try:
        while piece := connection.recv(65536):
            heard += piece
    except ConnectionResetError:
        pass
    return heard
