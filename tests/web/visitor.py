"""A page's side of a running ``coach web``: the link's cookie, requests and the socket, over the network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

from tests.running import PATIENCE_S, Running
from tests.web.people import frame

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=\S+")


class Visitor:
    """Somebody who opened the link that a program printed."""

    def __init__(self, program: Running, enter: bool = True) -> None:
        program.wait_for(lambda: LINK.search("\n".join(program.lines)), "a link")
        found = LINK.search("\n".join(program.lines))
        assert found is not None
        self.port = int(found[1])
        self.host = f"127.0.0.1:{self.port}"
        self.link = found[0]
        self.cookie = ""
        if enter:
            answer = self.ask("GET", self.link.partition(self.host)[2])
            self.cookie = answer.headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, body: bytes = b"", timeout_s: float = PATIENCE_S) -> HTTPResponse:
        """One request, and its answer read whole as ``answer.text``."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            connection.request(method, path, body or None, self.headers())
            answer = connection.getresponse()
            answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
            return answer
        finally:
            connection.close()

    def headers(self) -> dict[str, str]:
        """What a browser says of itself."""
        return {"Host": self.host, "Origin": f"http://{self.host}", "Cookie": self.cookie}

    @contextmanager
    def tab(self) -> Iterator[Tab]:
        """The page, open in a tab."""
        from websockets.sync.client import connect

        with connect(
            f"ws://{self.host}/socket",
            origin=f"http://{self.host}",  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            compression=None,
            max_size=2**24,
            ping_interval=None,
            open_timeout=PATIENCE_S,
        ) as socket:
            yield Tab(socket)


class Tab:
    """One tab."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.number = 0
        self.at_ms = 5000.0

    def hear(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout_s))
        return message

    def tell(self, **message: Any) -> dict[str, Any]:
        """Say something; the answer."""
        self.socket.send(json.dumps(message))
        return self.hear()

    def show(self, picture: bytes | None = None, step_ms: float = 100.0) -> dict[str, Any]:
        """Send a picture; its answer."""
        self.number += 1
        self.at_ms += step_ms
        self.socket.send(frame(self.number, self.at_ms, picture))
        while True:
            answer = self.hear()
            if answer.get("number") == self.number:
                return answer

    def begin(self, **wishes: Any) -> dict[str, Any]:
        """From the first message to the live checks."""
        hello = self.hear()
        assert hello["type"] == "hello", hello
        answer = self.tell(type="start", **wishes)
        if answer.get("stage") == "welcome":
            answer = self.tell(type="action", name="confirm_safety")
        return answer
