"""Limits unauthenticated connections in number and time, so that nobody on this machine can block the page.

Anyone without the cookie can still connect. Such a connection must send its request soon, and if there are too many,
the oldest is closed for the newest: the page itself is always answered, whatever others hold open. What it sends is
looked at in pieces, and what no browser sends is not looked at further: a body in chunks, of which 40,000 fit into one
reading, or a second request before the first is answered.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_STRANGERS = 32
MOST_HEAD_BYTES = 16_384  # of a request
PIECE_BYTES = 1024
# How uvicorn and asyncio tell of what somebody sent, or that they have gone. It is answered; in the terminal anybody on
# this machine could write with it.
OF_PEERS = (
    "Invalid HTTP request",
    "Unsupported upgrade request",
    "Invalid UTF-8 sequence",
    "opening handshake failed",
    "socket.send() raised exception",
)

Address = tuple[str, int]


class Connections:
    """Connections that have not shown the cookie yet, oldest first."""

    def __init__(self, most: int = MOST_STRANGERS) -> None:
        self._most = most
        self._strangers: dict[Address, asyncio.Transport] = {}

    def came(self, transport: asyncio.Transport) -> None:
        """A connection was made; beyond the limit the oldest stranger is dropped."""
        address = address_of(transport.get_extra_info("peername"))
        if address is None:
            return
        self._strangers[address] = transport
        while len(self._strangers) > self._most:
            oldest = next(iter(self._strangers))
            self._strangers.pop(oldest).abort()

    def known(self, client: Any) -> None:
        """The connection from this address has shown the cookie."""
        address = address_of(client)
        if address is not None:
            self._strangers.pop(address, None)

    def went(self, transport: asyncio.Transport) -> None:
        """A connection has ended."""
        address = address_of(transport.get_extra_info("peername"))
        if address is not None and self._strangers.get(address) is transport:
            del self._strangers[address]


def address_of(peer: Any) -> Address | None:
    """Host and port of the peer, as given by sockets and ASGI."""
    return (str(peer[0]), int(peer[1])) if isinstance(peer, (tuple, list)) and len(peer) >= 2 else None


class _Ours(logging.Filter):
    """Lets pass what concerns this program, not its peers."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(OF_PEERS)


_ours = _Ours()


def keep_peers_out_of_the_log() -> None:
    """From now on nothing that a peer sends makes a line in the terminal."""
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_ours)


def make_protocol(connections: Connections, header_s: float) -> type[asyncio.Protocol]:
    """uvicorn's HTTP with these limits. header_s: for the head of the first request."""

    class Limited(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connections.came(transport)
            self._deadline = self.loop.call_later(header_s, self._give_up)

        def connection_lost(self, problem: Exception | None) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
            connections.went(self.transport)
            super().connection_lost(problem)

        def data_received(self, data: bytes) -> None:
            # The body of a request that is being answered is taken as it comes.
            size = len(data) if self._is_answering() else PIECE_BYTES
            for start in range(0, len(data), size):
                super().data_received(data[start : start + size])
                if self.transport.is_closing() or self.transport.get_protocol() is not self:
                    return
                if self._sends_too_much():
                    self._break_off()
                    return

        def send_400_response(self, msg: str) -> None:
            # After a good head the answer is on its way already: there cannot be two.
            self._break_off() if self._is_answering() else super().send_400_response(msg)

        def _has_asked(self) -> bool:
            cycle: object = self.cycle  # uvicorn declares it as always there
            return cycle is not None

        def _is_answering(self) -> bool:
            return self._has_asked() and not self.cycle.response_complete

        def _sends_too_much(self) -> bool:
            if not self._is_answering():
                return False
            more, _ = self.conn.trailing_data
            ended = self.conn.their_state in (h11.DONE, h11.MUST_CLOSE)
            return bool(more and ended) or any(name == b"transfer-encoding" for name, _ in self.headers)

        def _break_off(self) -> None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.abort()

        def _give_up(self) -> None:
            # A WebSocket has another protocol by now; a complete request has a cycle.
            if not self._has_asked() and self.transport.get_protocol() is self:
                self.transport.abort()

    return Limited
