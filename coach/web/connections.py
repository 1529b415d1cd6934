"""Limits unauthenticated connections in number and time, so that nobody on this machine can block the page.

Anyone without the cookie can still connect. Such a connection must send its request soon, and if there are too many,
the oldest is closed for the newest: the page itself is always answered, whatever others hold open.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEADER_S = 10.0  # for the head of the first request
MOST_STRANGERS = 32
# How uvicorn tells of what somebody sent. It is answered; in the terminal anybody on this machine could write with it.
OF_PEERS = ("Invalid HTTP request", "Unsupported upgrade request", "Invalid UTF-8 sequence", "opening handshake failed")

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
    logging.getLogger("uvicorn.error").addFilter(_ours)


def make_protocol(connections: Connections, header_s: float = HEADER_S) -> type[asyncio.Protocol]:
    """uvicorn's HTTP with these limits."""

    class Limited(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            connections.came(transport)
            self._deadline = self.loop.call_later(header_s, self._give_up)

        def connection_lost(self, problem: Exception | None) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
            connections.went(self.transport)
            super().connection_lost(problem)

        def _give_up(self) -> None:
            # A WebSocket has another protocol by now; a complete request has a cycle.
            if self.cycle is None and self.transport.get_protocol() is self:
                self.transport.abort()

    return Limited
