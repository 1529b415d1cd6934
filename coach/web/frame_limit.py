"""Limits how many WebSocket frames a second one connection may send, before anything else looks at them.

Each frame costs the server some 20 µs, whatever it holds: an empty fragment or a ping of six bytes as well. Hundreds of
thousands of them fit into what is limited in size, and would keep everybody else waiting for seconds.
"""

from __future__ import annotations

import asyncio

import websockets  # noqa: F401 - without it uvicorn has no protocol, and does not say why
from uvicorn.protocols.websockets.auto import AutoWebSocketsProtocol

from coach.web.token_bucket import TokenBucket

# A page sends at most 70 messages a second; browsers send large ones in fragments of 64 kB and more.
FRAMES_A_SECOND = 1000.0
POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1
LEAVE_S = 5.0  # to read why
_LENGTH_BYTES = {126: 2, 127: 8}


class FrameCounter:
    """Counts frames by their heads alone (RFC 6455, 5.2), in bytes that are cut anywhere. Pure."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._payload = 0  # bytes of the current frame still to come

    def count(self, data: bytes, most: int) -> int:
        """How many heads end in ``data``. Stops when there are more than ``most``, and is of no use after that."""
        found = at = 0
        while at < len(data) and found <= most:
            if self._payload:
                step = min(self._payload, len(data) - at)
                self._payload -= step
                at += step
                continue
            self._head.append(data[at])
            at += 1
            if self._head_is_whole():
                found += 1
        return found

    def _head_is_whole(self) -> bool:
        head = self._head
        if len(head) < 2:
            return False
        short = head[1] & 0x7F
        more = _LENGTH_BYTES.get(short, 0)
        if len(head) < 2 + more + (4 if head[1] & 0x80 else 0):
            return False
        self._payload = int.from_bytes(head[2 : 2 + more], "big") if more else short
        head.clear()
        return True


def make_socket_protocol(frames_a_second: float = FRAMES_A_SECOND) -> type[asyncio.Protocol]:
    """uvicorn's WebSocket with this limit."""

    class Limited(AutoWebSocketsProtocol):  # type: ignore[misc, valid-type]
        _frames: FrameCounter | None = None

        def data_received(self, data: bytes) -> None:
            if self._frames is None:  # the first is the request, which uvicorn hands over
                self._frames, self._bucket = FrameCounter(), TokenBucket(frames_a_second)
            elif not self._bucket.take(self._frames.count(data, int(frames_a_second))):
                self.transport.write(b"\x88\x02" + POLICY_VIOLATION.to_bytes(2, "big"))
                self.transport.close()
                self.loop.call_later(LEAVE_S, self.transport.abort)
                return
            super().data_received(data)

    return Limited
