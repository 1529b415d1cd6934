"""The page's server: a few routes behind a guard, bound to this machine alone."""

from __future__ import annotations

import contextlib
import socket as network
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from coach.ending import ended_by
from coach.errors import OutputError
from coach.report.picture_svg import moving_svg, still_svg
from coach.types import SIDES
from coach.web.history import HistoryRoutes
from coach.web.security import AccessTokens, Guard
from coach.web.session_manager import SessionManager
from coach.web.sessions import Settings
from coach.web.socket import Tabs
from coach.web.uploads import MOST_UPLOAD_BYTES, Uploads

STATIC = Path(__file__).parent / "static"
HARD_LIMIT_BYTES = 4_000_000  # larger messages end the connection before they are read


def make_app(
    settings: Settings,
    keys: AccessTokens,
    most_upload_bytes: int = MOST_UPLOAD_BYTES,
    on_known: Callable[[object], None] = lambda client: None,
) -> Guard:
    """The whole application. Its shutdown stores the session. on_known: called with whoever has shown the cookie."""
    manager = SessionManager(settings)
    tabs, uploads = Tabs(manager), Uploads(manager, most_upload_bytes)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await tabs.close()
            await manager.close()

    async def page(request: Request) -> Response:
        return FileResponse(STATIC / "index.html")

    async def picture(request: Request) -> Response:
        found, side = settings.picture(request.path_params["name"]), request.path_params["side"]
        if found is None or side not in SIDES:
            return Response(status_code=404)
        draw = still_svg if "still" in request.query_params else moving_svg
        return Response(draw(found, side, ""), media_type="image/svg+xml")

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/picture/{name:path}/{side}", picture, methods=["GET"]),
        Route("/analyse", uploads.analyse, methods=["POST"]),
        *HistoryRoutes(manager).routes(),
        WebSocketRoute("/socket", tabs.serve),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=STATIC))
    return Guard(app, keys, on_known)


def bind(port: int = 0) -> network.socket:
    """A listening socket for this machine only; port 0 picks a free one. Raises OutputError."""
    listening = network.socket(network.AF_INET, network.SOCK_STREAM)
    if sys.platform == "win32":  # there, reusing an address would let another program take over the port
        listening.setsockopt(network.SOL_SOCKET, network.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(network.SOL_SOCKET, network.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(16)
    except OSError as error:
        listening.close()
        raise OutputError(f"port {port} cannot be used ({error.strerror})", "Choose another, or --port 0") from error
    return listening


def serve(settings: Settings, port: int = 0, on_link: Callable[[str], None] = lambda link: None) -> None:
    """Serve until Ctrl-C. ``on_link`` is called with the first link, and with each new one after the last was used.

    Raises OutputError if the port cannot be used.
    """
    import uvicorn

    from coach.web.connections import Connections, make_protocol

    with bind(port) as listening:
        keys = AccessTokens(listening.getsockname()[1], on_link)
        connections = Connections()
        config = uvicorn.Config(
            make_app(settings, keys, on_known=connections.known),
            http=make_protocol(connections),
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws_max_size=HARD_LIMIT_BYTES,
            ws_max_queue=4,
            timeout_graceful_shutdown=3,
        )
        on_link(keys.link)
        server = uvicorn.Server(config)

        def leave() -> None:
            server.should_exit = True

        with ended_by(leave):  # uvicorn handles Ctrl-C and similar itself
            server.run(sockets=[listening])
