"""Where at most one thing is done at a time: a guided session, or the analysis of a file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from coach.web.history_service import HistoryService
from coach.web.messages import MessageError
from coach.web.sessions import PageSession, Settings

T = TypeVar("T")
log = logging.getLogger(__name__)


class SessionManager:
    """Runs at most one session, or has one file analysed: never two pose models at once.

    Sessions begin, go on and end in one thread, one wish after the other, so that two tabs cannot get in each other's
    way, and what has begun is known even where the tab that asked for it has gone.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.archive = HistoryService(settings.data_dir, settings.language, settings.programme.exercises())
        self._run: PageSession | None = None
        self._analysing = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="coach-session")
        self._reports = ThreadPoolExecutor(max_workers=1, thread_name_prefix="coach-report")

    @property
    def in_session(self) -> bool:
        """Whether there is a session that a page may go on with."""
        return self._run is not None and not self._run.done

    async def start(self, exercise: str | None, side: str | None, person: str | None = None) -> dict[str, Any]:
        """The session in progress, or a new one. Raises MessageError, and what PageSession raises."""

        def begin() -> dict[str, Any]:
            if self._run is None or self._run.done:
                if self._analysing:
                    raise MessageError("busy")
                settings = self.settings.of(person).narrowed(exercise, side)
                self._put_away(self._run)
                self._run = PageSession(settings)
            return self._answer(self._run, PageSession.show)

        return await self._do(begin)

    async def ask(self, work: Callable[[PageSession], T]) -> T:
        """Have something done with the session. Raises MessageError where there is none."""

        def in_turn() -> T:
            if self._run is None or self._run.done:
                raise MessageError("no_session")
            return self._answer(self._run, work)

        return await self._do(in_turn)

    async def running(self) -> int | None:
        """The number of the session that is not concluded yet."""

        def number() -> int | None:
            return self._run.number if self._run is not None and not self._run.concluded else None

        return await self._do(number)

    async def check_free(self) -> None:
        """Raise MessageError where a session is going on: no file is taken then."""

        def check() -> None:
            if self._run is not None and not self._run.over:
                raise MessageError("busy")

        await self._do(check)

    async def begin_analysis(self, patience_s: float = 0.0) -> None:
        """Keep sessions away until ``end_analysis``. Raises MessageError where something is going on.

        patience_s: to wait for an analysis that may be about to end.
        """
        until = asyncio.get_running_loop().time() + patience_s
        while self._analysing and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.05)

        def begin() -> None:
            if self._analysing or (self._run is not None and not self._run.over):
                raise MessageError("busy")
            self._put_away(self._run)  # a summary gives way to the file that is dropped on it
            self._run, self._analysing = None, True

        await self._do(begin)

    def end_analysis(self) -> None:
        """Sessions may begin again."""
        self._analysing = False

    async def close(self) -> None:
        """Keep everything, write the reports, and stop the threads."""
        await self._do(lambda: self._put_away(self._run))
        self._thread.shutdown(wait=True)
        await asyncio.to_thread(self._reports.shutdown)

    async def _do(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _answer(self, run: PageSession, work: Callable[[PageSession], T]) -> T:
        answer = work(run)
        if run.over:  # next in this thread: the page need not wait for its summary until everything is kept
            self._thread.submit(self._put_away if run.done else self._conclude, run)
        return answer

    def _put_away(self, run: PageSession | None) -> None:
        """Keep a session, and let go of its model."""
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
        """End a session in the history, and have its report written, once."""
        if run.concluded:
            return
        try:
            run.conclude()
        except Exception:
            log.exception("session %d could not be concluded", run.number)
        if run.number:  # none where the history could not be opened: there is nothing to tell of
            self._reports.submit(self._report, run.number)

    def _report(self, number: int) -> None:
        """A report that fails is made when it is asked for."""
        problem = self.archive.keep_report(number)
        if problem is not None:
            log.warning("%s. %s", problem.problem, problem.remedy)
