"""Messages to a browser that may have gone in the meantime: whoever reads from it next is told so."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect


async def send(socket: WebSocket, message: dict[str, Any]) -> None:
    """Send one message as JSON."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.send_json(message)


async def close(socket: WebSocket, code: int) -> None:
    """Close a socket."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code)
