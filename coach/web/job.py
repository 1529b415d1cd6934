"""Work in a thread that reports its progress to the page as lines of JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

Tell = Callable[[dict[str, Any]], None]
log = logging.getLogger(__name__)


class Job(StreamingResponse):
    """Responds with what ``work`` reports. after: called once the thread has ended, however that happened.

    work(tell, stopped): should end soon once ``stopped()``; its exceptions are logged and reported as ``failed``.
    """

    def __init__(self, work: Callable[[Tell, Callable[[], bool]], None], after: Callable[[], None]) -> None:
        super().__init__(self._lines(), media_type="application/x-ndjson")
        self._work, self._after = work, after
        self._news = asyncio.Queue[dict[str, Any] | None]()
        self._stop = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work while lines are sent. Clean-up is here rather than in the line generator.

        If the browser has gone before asking for a line, the generator would never reach its end.
        """
        thread = asyncio.ensure_future(asyncio.to_thread(self._run, asyncio.get_running_loop()))
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stop.set()
            try:
                await asyncio.wait([thread])
            finally:
                self._after()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        def tell(line: dict[str, Any] | None) -> None:
            loop.call_soon_threadsafe(self._news.put_nowait, line)

        try:
            self._work(tell, self._stop.is_set)
        except Exception:
            log.exception("a file could not be analysed")
            tell({"error": "failed"})
        finally:
            tell(None)

    async def _lines(self) -> AsyncIterator[bytes]:
        while (line := await self._news.get()) is not None:
            yield json.dumps(line, allow_nan=False).encode() + b"\n"
