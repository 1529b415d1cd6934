"""The page's server: a few routes behind a guard, bound to this machine alone."""

from __future__ import annotations

import contextlib
import socket as network
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from coach.ending import ended_by
from coach.errors import OutputError
from coach.leftovers import temporary_folder
from coach.report.picture_svg import moving_svg, still_svg
from coach.types import SIDES
from coach.web.history import HistoryRoutes
from coach.web.home_network import Certificate, make_certificate
from coach.web.phone import Pairing, PhoneServer, make_phone_app
from coach.web.programmes import ProgrammeRoutes
from coach.web.security import AccessTokens, App, Guard
from coach.web.session_manager import SessionManager
from coach.web.sessions import Settings
from coach.web.socket import Tabs
from coach.web.uploads import MOST_UPLOAD_BYTES, Uploads

if TYPE_CHECKING:
    import uvicorn

    from coach.web.connections import Connections

STATIC = Path(__file__).parent / "static"
HEADER_S = 10.0  # for the head of the first request
BACKLOG = 16  # connections taken at once, between which the session is answered
HARD_LIMIT_BYTES = 4_000_000  # larger messages end the connection before they are read


def make_app(
    settings: Settings,
    keys: AccessTokens,
    most_upload_bytes: int = MOST_UPLOAD_BYTES,
    on_known: Callable[[object], None] = lambda client: None,
    phone: PhoneServer | None = None,
) -> Guard:
    """The whole application. Its shutdown stores the session. on_known: called with whoever has shown the cookie.

    phone: runs beside it, if a phone may be the camera.
    """
    manager = SessionManager(settings)
    tabs, uploads = Tabs(manager), Uploads(manager, most_upload_bytes)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with phone.running() if phone is not None else contextlib.nullcontext():
                yield
        finally:
            await tabs.close()
            await manager.close()

    async def page(request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def picture(request: Request) -> Response:
        found, side = manager.offer.picture(request.path_params["name"]), request.path_params["side"]
        if found is None or side not in SIDES:
            return Response(status_code=404)
        draw = still_svg if "still" in request.query_params else moving_svg
        return Response(draw(found, side, ""), media_type="image/svg+xml")

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/picture/{name:path}/{side}", picture, methods=["GET"]),
        Route("/analyse", uploads.analyse, methods=["POST"]),
        *HistoryRoutes(manager).routes(),
        *ProgrammeRoutes(manager).routes(),
        WebSocketRoute("/socket", tabs.serve),
    ]
    if phone is not None:
        routes += _phone_routes(phone.pairing)
    app = Starlette(routes=routes, lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=STATIC))
    return Guard(app, keys, on_known)


def _phone_routes(pairing: Pairing) -> list[BaseRoute]:
    async def link(request: Request) -> Response:
        return JSONResponse({"link": await pairing.new_link()})

    async def code(request: Request) -> Response:
        drawing = pairing.code_svg()
        return Response(drawing, media_type="image/svg+xml") if drawing is not None else Response(status_code=404)

    return [
        Route("/phone/link", link, methods=["POST"]),
        Route("/phone/code.svg", code, methods=["GET"]),
        WebSocketRoute("/phone", pairing.serve_page),
    ]


def bind(port: int = 0, address: str = "127.0.0.1") -> network.socket:
    """A listening socket at this address of this machine only; port 0 picks a free one. Raises OutputError."""
    listening = network.socket(network.AF_INET, network.SOCK_STREAM)
    if sys.platform == "win32":  # there, reusing an address would let another program take over the port
        listening.setsockopt(network.SOL_SOCKET, network.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(network.SOL_SOCKET, network.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise OutputError(f"port {port} cannot be used ({error.strerror})", "Choose another, or --port 0") from error
    return listening


def server_config(app: App, connections: Connections, header_s: float = HEADER_S, **more: Any) -> uvicorn.Config:
    """How the server runs: its limits, and nothing in the terminal of what peers send."""
    import uvicorn

    from coach.web.connections import MOST_HEAD_BYTES, keep_peers_out_of_the_log, make_protocol
    from coach.web.frame_limit import make_socket_protocol

    config = uvicorn.Config(
        app,
        http=make_protocol(connections, header_s),
        ws=make_socket_protocol(),
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws_max_size=HARD_LIMIT_BYTES,
        ws_max_queue=4,
        backlog=BACKLOG,
        ws_per_message_deflate=False,  # pictures are compressed, and what unfolds costs more than it weighs
        h11_max_incomplete_event_size=MOST_HEAD_BYTES,
        timeout_graceful_shutdown=3,
        **more,
    )
    keep_peers_out_of_the_log()  # after the configuration has set up logging
    return config


@contextlib.contextmanager
def phone_server(language: str, address: str, on_certificate: Callable[[Certificate], None]) -> Iterator[PhoneServer]:
    """A server for the phone at this address of the home network, with a certificate of its own.

    Raises OutputError, and ModuleNotFoundError without the extra ``phone``.
    """
    from coach.web.connections import Connections

    with temporary_folder("phone") as folder, bind(0, address) as listening:
        certificate = make_certificate(Path(folder), address)
        pairing = Pairing(AccessTokens(listening.getsockname()[1], address=address), language)
        connections = Connections()
        app = make_phone_app(pairing, connections.known)
        keys: dict[str, Any] = {
            "ssl_certfile": certificate.certificate,
            "ssl_keyfile": certificate.key,
            "lifespan": "off",
        }
        on_certificate(certificate)
        yield PhoneServer(pairing, server_config(app, connections, **keys), listening)


def serve(
    settings: Settings,
    port: int = 0,
    on_link: Callable[[str], None] = lambda link: None,
    phone: PhoneServer | None = None,
) -> None:
    """Serve the page for practising, as ``serve_app`` does."""
    serve_app(lambda keys, known: make_app(settings, keys, on_known=known, phone=phone), port, on_link)


def serve_app(
    make: Callable[[AccessTokens, Callable[[object], None]], App],
    port: int = 0,
    on_link: Callable[[str], None] = lambda link: None,
) -> None:
    """Serve an application until Ctrl-C, on this machine alone.

    make: the guarded application of these keys; it calls the function with whoever has shown the cookie. ``on_link`` is
    called with the first link, and with each new one after the last was used. Raises OutputError if the port cannot be
    used.
    """
    import uvicorn

    from coach.web.connections import Connections

    with bind(port) as listening:
        keys = AccessTokens(listening.getsockname()[1], on_link)
        connections = Connections()
        config = server_config(make(keys, connections.known), connections)
        on_link(keys.link)
        server = uvicorn.Server(config)

        def leave() -> None:
            server.should_exit = True

        with ended_by(leave):  # uvicorn handles Ctrl-C and similar itself
            server.run(sockets=[listening])
