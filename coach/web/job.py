"""Work in a thread that tells the page how it goes, line by line of JSON."""

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
    """Answers with what ``work`` tells. after: called however it ends, once the thread has ended.

    work(tell, stopped): is to end soon once ``stopped()``; what it raises is logged and told as ``failed``.
    """

    def __init__(self, work: Callable[[Tell, Callable[[], bool]], None], after: Callable[[], None]) -> None:
        super().__init__(self._lines(), media_type="application/x-ndjson")
        self._work, self._after = work, after
        self._news = asyncio.Queue[dict[str, Any] | None]()
        self._stop = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work while lines are sent. All is put in order here and not where the lines are made.

        Lines that nobody ever asked for, since the browser had gone by then, would not come to their end.
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
