"""Who may talk to the page's server: this machine, this page, and the holder of the printed link."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "Cache-Control": "no-store",
}
# For a self-contained document drawn by the coach: its own style and pictures, no script, no framing, and no access to
# this page's data, because a sandbox has its own origin.
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
_POLICY = b"content-security-policy"
USED = (
    b"This link has been used already. Go back to the page that is open, or take the fresh link that was just printed"
    b" where 'coach web' runs."
)
LONGEST_PATH = 200  # our longest has 40 characters
FRESH_LINK_S = 3.0  # least time between two printed links


class AccessTokens:
    """The link's one-time token, and the cookie it is exchanged for.

    on_fresh_link: called with each new link after the old one was used. clock: monotonic seconds.
    address: of this machine on the home network, served over TLS; None serves this machine alone, over plain HTTP.
    """

    def __init__(
        self,
        port: int,
        on_fresh_link: Callable[[str], None] = lambda link: None,
        clock: Callable[[], float] = time.monotonic,
        address: str | None = None,
    ) -> None:
        self.cookie_name = f"coach_{port}"  # cookies do not distinguish ports
        self._scheme = "http" if address is None else "https"
        self.hosts = (f"127.0.0.1:{port}", f"localhost:{port}") if address is None else (f"{address}:{port}",)
        self._cookie = secrets.token_urlsafe(32)
        self._token: str | None = secrets.token_urlsafe(32)
        self._on_fresh_link = on_fresh_link
        self._clock = clock
        self._told_s = float("-inf")

    @property
    def link(self) -> str:
        """The address to open, with a token that works once; a new one if the last was used."""
        if self._token is None:
            self._token = secrets.token_urlsafe(32)
        return f"{self._scheme}://{self.hosts[0]}/?token={self._token}"

    def renew(self) -> str:
        """A new link. Whoever holds the old one, or its cookie, is a stranger from now on."""
        self._cookie, self._token = secrets.token_urlsafe(32), None
        return self.link

    def exchange(self, token: str) -> str | None:
        """The cookie for an unused token, which is then used up."""
        if self._token is None or not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = None
        secure = "; Secure" if self._scheme == "https" else ""
        return f"{self.cookie_name}={self._cookie}; Path=/; HttpOnly; SameSite=Strict{secure}"

    def holds(self, cookies: Mapping[str, str]) -> bool:
        """Whether the request carries the cookie."""
        return secrets.compare_digest(cookies.get(self.cookie_name, "").encode(), self._cookie.encode())

    def refuse(self) -> None:
        """Someone came with a used link, or none. A new link is printed in the terminal, never on the page."""
        if self._token is None and self._clock() - self._told_s >= FRESH_LINK_S:
            self._told_s = self._clock()
            self._on_fresh_link(self.link)

    def allows(self, headers: Mapping[str, str], *, needs_origin: bool) -> bool:
        """Whether Host and Origin are ours: pages from elsewhere, and other names that resolve here, are refused."""
        host, origin = headers.get("host", "").lower(), headers.get("origin")
        if host not in self.hosts:
            return False
        if origin is None:
            return not needs_origin and headers.get("sec-fetch-site", "none") != "same-site"
        return origin.lower() == f"{self._scheme}://{host}"


class Guard:
    """Wraps the whole application: refuses strangers, and adds the security headers to every response."""

    def __init__(self, app: App, keys: AccessTokens, on_known: Callable[[object], None] = lambda client: None) -> None:
        self._app = app
        self._keys = keys
        self._on_known = on_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        socket = scope["type"] == "websocket"
        reads = not socket and scope["method"] in ("GET", "HEAD")
        if not self._keys.allows(headers, needs_origin=not reads):
            await refuse(socket, send, 403, b"Refused: this page only talks to itself, on this computer.")
        elif len(scope["path"]) > LONGEST_PATH or not scope["path"].isprintable():
            await refuse(socket, send, 404, b"There is no such page.")
        elif self._keys.holds(_cookies(headers)):
            self._on_known(scope.get("client"))
            await self._app(scope, receive, _guarded(send))
        elif (cookie := self._exchange(scope, reads)) is not None:
            self._on_known(scope.get("client"))
            await self._app(scope, receive, _guarded(send, cookie))
        else:
            if scope["path"] == "/":  # a browser also requests icons
                self._keys.refuse()
            await refuse(socket, send, 403, USED)

    def _exchange(self, scope: Scope, reads: bool) -> str | None:
        """The cookie, if this is the first use of the link."""
        query: bytes = scope.get("query_string", b"")
        if not reads or scope["path"] != "/" or not query.startswith(b"token="):
            return None
        return self._keys.exchange(query.removeprefix(b"token=").decode("latin-1"))


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    pairs = (part.partition("=") for part in headers.get("cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _guarded(send: Send, cookie: str | None = None) -> Send:
    async def with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            own = [pair for pair in message.get("headers", []) if pair == (_POLICY, DOCUMENT_POLICY.encode())]
            extra = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            extra = [pair for pair in extra if not own or pair[0] != _POLICY]
            if cookie is not None:
                extra.append((b"set-cookie", cookie.encode()))
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return with_headers


async def refuse(socket: bool, send: Send, status: int, text: bytes = b"") -> None:
    """Answer a stranger: with the status and one line of text, or by closing the WebSocket that was asked for."""
    if socket:
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        return
    guarded = _guarded(send)
    content_type = (b"content-type", b"text/plain; charset=utf-8")
    await guarded({"type": "http.response.start", "status": status, "headers": [content_type]})
    await guarded({"type": "http.response.body", "body": text})
