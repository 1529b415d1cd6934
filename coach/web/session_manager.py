"""Ensures that only one thing runs at a time: a guided session, or the analysis of a file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from coach.definitions.programme import Programme
from coach.web.history_service import HistoryService
from coach.web.protocol import MessageError
from coach.web.sessions import Offer, PageSession, Settings

T = TypeVar("T")
log = logging.getLogger(__name__)


class SessionManager:
    """Runs at most one session or one file analysis: never two pose models at once.

    Sessions begin, continue and end in one thread, one request after the other, so that two tabs cannot interfere, and
    a session is known even if the tab that started it has gone.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.offer = Offer(settings)
        self.history = HistoryService(settings.data_dir, settings.language, self.offer.exercises)
        self._run: PageSession | None = None
        self._analysing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="coach-session")
        self._reports = ThreadPoolExecutor(max_workers=1, thread_name_prefix="coach-report")

    @property
    def in_session(self) -> bool:
        """Whether there is a session that a page can resume."""
        return self._run is not None and not self._run.done

    async def start(self, exercise: str | None, side: str | None, person: str | None = None) -> dict[str, Any]:
        """The current session, or a new one. Raises MessageError, and whatever PageSession raises."""

        def begin() -> dict[str, Any]:
            if self._run is None or self._run.done:
                if self._analysing:
                    raise MessageError("busy")
                settings = self.settings.of(person).narrowed(exercise, side)
                self._put_away(self._run)
                self._run = PageSession(settings)
            return self._answer(self._run, PageSession.show)

        return await self._do(begin)

    async def use(self, programme: Programme) -> None:
        """Lead through this programme from now on. Raises MessageError where a session is going on."""

        def change() -> None:
            if self._run is not None and not self._run.over:
                raise MessageError("busy")
            settings = replace(self.settings, programme=programme)
            self.offer = Offer(settings)
            self.settings = settings
            self.history = HistoryService(settings.data_dir, settings.language, self.offer.exercises)

        await self._do(change)

    async def ask(self, work: Callable[[PageSession], T]) -> T:
        """Run something on the session. Raises MessageError if there is none."""

        def in_turn() -> T:
            if self._run is None or self._run.done:
                raise MessageError("no_session")
            return self._answer(self._run, work)

        return await self._do(in_turn)

    async def running(self) -> int | None:
        """The number of the unfinished session."""

        def number() -> int | None:
            return self._run.number if self._run is not None and not self._run.concluded else None

        return await self._do(number)

    async def check_free(self) -> None:
        """Raise MessageError if a session is running: no file is accepted then."""

        def check() -> None:
            if self._run is not None and not self._run.over:
                raise MessageError("busy")

        await self._do(check)

    async def begin_analysis(self, patience_s: float = 0.0) -> None:
        """Block sessions until ``end_analysis``. Raises MessageError if something is running.

        patience_s: how long to wait for an analysis that may be about to end.
        """
        until = asyncio.get_running_loop().time() + patience_s
        while self._analysing and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)

        def begin() -> None:
            if self._analysing or (self._run is not None and not self._run.over):
                raise MessageError("busy")
            self._put_away(self._run)  # a summary gives way to a file dropped on it
            self._run, self._analysing = None, True

        await self._do(begin)

    def end_analysis(self) -> None:
        """Sessions may begin again."""
        self._analysing = False

    async def close(self) -> None:
        """Store everything, write the reports, and stop the threads."""
        await self._do(lambda: self._put_away(self._run))
        self._thread.shutdown(wait=True)
        await asyncio.to_thread(self._reports.shutdown)

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _answer(self, run: PageSession, work: Callable[[PageSession], T]) -> T:
        answer = work(run)
        if run.over:  # next in this thread, so that the page's summary need not wait for storage
            self._thread.submit(self._put_away if run.done else self._conclude, run)
        return answer

    def _put_away(self, run: PageSession | None) -> None:
        """Store a session and free its model."""
        if run is None:
            return
        self._conclude(run)
        try:
            run.close()
        except Exception:
            log.exception("session %d could not be closed", run.number)
        if self._run is run:
            self._run = None

    def _conclude(self, run: PageSession) -> None:
        """End a session in the history and have its report written, once."""
        if run.concluded:
            return
        try:
            run.conclude()
        except Exception:
            log.exception("session %d could not be concluded", run.number)
        if run.number:  # 0 if the history could not be opened: there is nothing to report
            run.settings.on_kept(run.number)
            self._reports.submit(self._report, run.number)

    def _report(self, number: int) -> None:
        """A report that fails now is made when it is requested."""
        problem = self.history.keep_report(number)
        if problem is not None:
            log.warning("%s. %s", problem.problem, problem.remedy)
