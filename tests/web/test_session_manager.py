"""One thing at a time, whoever asks and whoever goes away meanwhile."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("starlette")

from coach.history import History
from coach.web.protocol import MessageError
from coach.web.session_manager import SessionManager
from coach.web.sessions import PageSession, Settings
from tests.guide.theatre import HIKER, programme
from tests.web.people import FakeWatcher, settings

PATIENCE_S = 120.0


class SlowWatchers:
    """Makes watchers that take until ``ready`` to load."""

    def __init__(self) -> None:
        self.made: list[FakeWatcher] = []
        self.ready = threading.Event()

    def __call__(self) -> FakeWatcher:
        self.made.append(FakeWatcher())
        assert self.ready.wait(PATIENCE_S)
        return self.made[-1]


def at_manager(of: Settings, play: Callable[[SessionManager], Awaitable[None]]) -> None:
    """Play a scene at a manager, and close it."""

    async def whole() -> None:
        manager = SessionManager(of)
        try:
            await play(manager)
        finally:
            await manager.close()

    asyncio.run(whole())


async def until(holds: Callable[[], object]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s
        await asyncio.sleep(0.01)


def ended(folder: Path) -> list[bool]:
    with History.open(folder) as history:
        return [session.finished for session in history.sessions("me")]


def confirmed_before(folder: Path) -> None:
    with History.open(folder) as history:
        history.confirm_safety("me", programme((HIKER, "left")).notice_version)


def test_two_tabs_that_start_while_the_model_loads_share_one_session(tmp_path: Path) -> None:
    confirmed_before(tmp_path)
    watchers = SlowWatchers()

    async def play(manager: SessionManager) -> None:
        starts = [asyncio.create_task(manager.start(None, None)) for _ in range(2)]
        await until(lambda: watchers.made)
        watchers.ready.set()
        first, second = await asyncio.gather(*starts)
        assert first["session"] == second["session"]

    at_manager(replace(settings(tmp_path), make_watcher=watchers), play)
    assert [watcher.closed for watcher in watchers.made] == [True]
    assert ended(tmp_path) == [True]


def test_a_session_whose_tab_went_while_the_model_loaded_is_kept_and_closed(tmp_path: Path) -> None:
    confirmed_before(tmp_path)
    watchers = SlowWatchers()

    async def play(manager: SessionManager) -> None:
        start = asyncio.create_task(manager.start(None, None))
        await until(lambda: watchers.made)
        start.cancel()
        watchers.ready.set()
        with pytest.raises(asyncio.CancelledError):
            await start

    at_manager(replace(settings(tmp_path), make_watcher=watchers), play)
    assert [watcher.closed for watcher in watchers.made] == [True]
    assert ended(tmp_path) == [True]


def test_a_notice_that_was_only_looked_at_is_no_session(tmp_path: Path) -> None:
    kept: list[int] = []

    async def play(manager: SessionManager) -> None:
        assert (await manager.start(None, None))["stage"] == "welcome"

    at_manager(settings(tmp_path, on_kept=kept.append), play)
    assert ended(tmp_path) == []
    assert kept == []


def test_a_session_and_an_analysis_keep_each_other_away(tmp_path: Path) -> None:
    async def play(manager: SessionManager) -> None:
        await manager.begin_analysis()
        for refused in (manager.begin_analysis(), manager.start(None, None)):
            with pytest.raises(MessageError, match="busy"):
                await refused
        manager.end_analysis()
        await manager.start(None, None)
        with pytest.raises(MessageError, match="busy"):
            await manager.begin_analysis()

    at_manager(settings(tmp_path), play)


def test_a_summary_gives_way_to_a_file(tmp_path: Path) -> None:
    watcher = FakeWatcher()

    async def play(manager: SessionManager) -> None:
        await manager.start(None, None)
        await manager.ask(lambda run: run.act("confirm_safety"))
        answer = await manager.ask(lambda run: run.act("end"))
        assert answer["stage"] == "summary"
        await manager.begin_analysis()
        assert watcher.closed
        assert not manager.in_session
        assert kept == [answer["session"]]

    kept: list[int] = []
    at_manager(settings(tmp_path, watcher=watcher, on_kept=kept.append), play)
    assert ended(tmp_path) == [True]


def test_what_is_over_is_concluded_although_nobody_hears_of_it(tmp_path: Path) -> None:
    async def play(manager: SessionManager) -> None:
        assert await manager.running() is None
        number = (await manager.start(None, None))["session"]
        await manager.ask(lambda run: run.act("confirm_safety"))
        assert await manager.running() == number
        begun = threading.Event()
        ending = asyncio.create_task(manager.ask(lambda run: (begun.set(), run.act("end"))))
        await until(begun.is_set)
        ending.cancel()
        await manager.running()  # in turn: by then it has ended
        assert await manager.running() is None

    at_manager(settings(tmp_path), play)


def test_a_session_that_cannot_be_kept_lets_go_of_its_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(run: PageSession) -> None:
        raise OSError("no room")

    monkeypatch.setattr(PageSession, "conclude", broken)
    watcher = FakeWatcher()

    async def play(manager: SessionManager) -> None:
        await manager.start(None, None)

    at_manager(settings(tmp_path, watcher=watcher), play)
    assert watcher.closed
    assert "could not be concluded" in caplog.text
