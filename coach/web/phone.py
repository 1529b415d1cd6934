"""The phone as the camera: pairs one phone with the page, and passes its pictures on to it.

The page stays in charge: it asks for each picture and sends it on as its own, so the session knows nothing of phones.
"""

from __future__ import annotations

import asyncio
import io
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from coach.i18n.web_messages import page_words
from coach.reading import parse_json
from coach.web import peer
from coach.web.home_network import NeighboursOnly
from coach.web.protocol import MessageError, parse_frame
from coach.web.security import AccessTokens, App, Guard
from coach.web.token_bucket import TokenBucket

STATIC = Path(__file__).parent / "static"
SERVED = ("phone.js", "phone.css", "camera.js", "dom.js", "frame.js", "icon.svg")  # all that a phone may read
FRAMES_A_SECOND = 40.0
MOST_REFUSED = 200
MOST_TEXT_CHARS = 200
REPLACED, REFUSED = 4003, 4004  # close codes that the phone's page knows


class Pairing:
    """One phone and the page. The phone is accepted on the page, by a number that both show.

    A phone that was accepted may come back by itself, for as long as no new code was asked for.
    """

    def __init__(self, keys: AccessTokens, language: str) -> None:
        self.keys = keys
        self._language = language
        self._phone: WebSocket | None = None
        self._page: WebSocket | None = None
        self._number = ""
        self._accepted = False

    async def new_link(self) -> str:
        """A link that works once. The phone before is forgotten."""
        self._accepted = False
        link = self.keys.renew()
        if self._phone is not None:
            await peer.close(self._phone, REPLACED)
        return link

    def code_svg(self) -> str | None:
        """The link as a QR code, dark on white with the margin that readers need; None once a phone is accepted."""
        import segno

        if self._accepted:
            return None
        drawing = io.BytesIO()
        segno.make(self.keys.link, error="m", micro=False).save(
            drawing, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False
        )
        return drawing.getvalue().decode()

    async def serve_page(self, page: WebSocket) -> None:
        """The page's side: told what the phone does, given its pictures, and asked whether the number is right."""
        await page.accept()
        before, self._page = self._page, page
        if before is not None:
            await peer.close(before, REPLACED)
        try:
            await self._tell_page()
            while True:
                await self._page_says(_read(await page.receive_text()))
        except (WebSocketDisconnect, RuntimeError, KeyError):  # KeyError: bytes where text was due
            pass
        finally:
            if self._page is page:
                self._page = None

    async def _page_says(self, message: dict[str, Any]) -> None:
        kind, phone = message.get("type"), self._phone
        if phone is None:
            return
        if kind == "accept" and message.get("number") == self._number:
            self._accepted = True
            await peer.send(phone, {"type": "accepted"})
            await self._tell_page()
        elif kind == "refuse":
            self.keys.renew()
            self._accepted = False
            await peer.close(phone, REFUSED)
        elif kind == "next" and self._accepted:
            await peer.send(phone, {"type": "next"})

    async def serve_phone(self, phone: WebSocket) -> None:
        """The phone's side: it receives a number, and sends a picture whenever asked for one."""
        await phone.accept()
        before, self._phone = self._phone, phone
        if before is not None:
            await peer.close(before, REPLACED)
        if not self._accepted:
            self._number = f"{secrets.randbelow(10_000):04d}"
        words = {key: text for key, text in page_words(self._language).items() if key.startswith("phone_")}
        await peer.send(phone, {"type": "hello", "number": self._number, "words": words, "language": self._language})
        if self._accepted:
            await peer.send(phone, {"type": "accepted"})
        await self._tell_page()
        try:
            await self._pass_on(phone)
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass
        finally:
            if self._phone is phone:
                self._phone = None
                await self._tell_page()

    async def _pass_on(self, phone: WebSocket) -> None:
        frames, refused = TokenBucket(FRAMES_A_SECOND), 0
        while refused < MOST_REFUSED:
            data = await phone.receive_bytes()
            try:
                parse_frame(data)
                if not self._accepted or not frames.take():
                    raise MessageError("too_fast")
            except MessageError:
                refused += 1
                continue
            if self._page is not None:
                with suppress(WebSocketDisconnect, RuntimeError):
                    await self._page.send_bytes(data)
        await peer.close(phone, REFUSED)

    async def _tell_page(self) -> None:
        if self._page is not None:
            state = "none" if self._phone is None else "accepted" if self._accepted else "asks"
            await peer.send(self._page, {"type": "phone", "state": state, "number": self._number})


def make_phone_app(pairing: Pairing, on_known: Callable[[object], None] = lambda client: None) -> App:
    """What a phone on the home network is served: one page and one socket, nothing of the session or the history.

    on_known: called with whoever has shown the cookie.
    """

    async def page(request: Request) -> Response:
        return FileResponse(STATIC / "phone.html")

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        return FileResponse(STATIC / name) if name in SERVED else Response(status_code=404)

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/static/{name}", file, methods=["GET"]),
        WebSocketRoute("/camera", pairing.serve_phone),
    ]
    return NeighboursOnly(Guard(Starlette(routes=routes), pairing.keys, on_known))


class PhoneServer:
    """Serves the phone over TLS, beside the page's server and in its event loop."""

    def __init__(self, pairing: Pairing, config: Any, listening: Any) -> None:
        self.pairing = pairing
        self._config = config
        self._listening = listening

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve within this context."""
        import uvicorn

        class Beside(uvicorn.Server):
            @contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield  # the page's server handles them, and ends this one

        server = Beside(self._config)
        task = asyncio.create_task(server.serve(sockets=[self._listening]))
        try:
            yield
        finally:
            server.should_exit = True
            await task


def _read(text: str) -> dict[str, Any]:
    """A message of the page; an empty one for anything else."""
    with suppress(ValueError):
        found = parse_json(text[:MOST_TEXT_CHARS])
        if isinstance(found, dict):
            return found
    return {}
