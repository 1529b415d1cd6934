"""Lines that a thread tells: whatever happens to the browser or to the work, it all comes to its end."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("starlette")

from coach.web.job import Job, Tell

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}  # as uvicorn says
Work = Callable[[Tell, Callable[[], bool]], None]


def answer(work: Work, *, gone: bool) -> tuple[list[dict[str, Any]], list[str]]:
    """The lines that a browser gets, and what was done after. gone: it went away before the answer began."""
    sent: list[bytes] = []
    after: list[str] = []

    async def receive() -> dict[str, Any]:
        if not gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def whole() -> None:
        await asyncio.wait_for(Job(work, lambda: after.append("in order"))(SCOPE, receive, send), 10)

    asyncio.run(whole())
    return [json.loads(line) for line in b"".join(sent).splitlines()], after


def test_lines_come_in_order() -> None:
    lines, after = answer(lambda tell, stopped: [tell({"n": n}) for n in range(3)] and None, gone=False)
    assert [line["n"] for line in lines] == [0, 1, 2]
    assert after == ["in order"]


def test_a_browser_that_goes_before_the_first_line_stops_the_work() -> None:
    ended = []

    def work(tell: Tell, stopped: Callable[[], bool]) -> None:
        while not stopped():
            time.sleep(0.01)
        ended.append(True)

    assert answer(work, gone=True) == ([], ["in order"])
    assert ended == [True]


def test_a_fault_of_ours_is_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    def work(tell: Tell, stopped: Callable[[], bool]) -> None:
        raise ZeroDivisionError("a fault of ours")

    assert answer(work, gone=False) == ([{"error": "failed"}], ["in order"])
    assert "a fault of ours" in caplog.text
