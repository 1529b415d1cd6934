"""The body of a request, read with a limit."""

from __future__ import annotations

from starlette.requests import Request

from coach.web.protocol import MessageError


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The whole body. Raises MessageError ``too_large`` as soon as it is longer."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most_bytes:
            raise MessageError("too_large")
        parts.append(part)
    return b"".join(parts)
