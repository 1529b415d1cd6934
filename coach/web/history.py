"""The page's routes to the history: list, reports, progress and deletion. All are behind the guard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from coach.errors import CoachError
from coach.web.history_service import UnknownSessionError
from coach.web.protocol import MessageError
from coach.web.security import DOCUMENT_POLICY
from coach.web.session_manager import SessionManager
from coach.web.sessions import checked_person

T = TypeVar("T")
MOST_DIGITS = 19


class HistoryRoutes:
    """Answers from the HistoryService; the work is done in threads, so that a session is not held up."""

    def __init__(self, manager: SessionManager) -> None:
        self._manager = manager

    def routes(self) -> list[Route]:
        """The routes. Numbers are digits only: no other path reaches a file."""
        return [
            Route("/history", self.sessions, methods=["GET"]),
            Route("/history/progress", self.progress, methods=["GET"]),
            Route("/history/share", self.share, methods=["GET"]),
            Route("/history/{number}", self.delete, methods=["DELETE"]),
            Route("/history/{number}/report", self.report, methods=["GET"]),
        ]

    async def sessions(self, request: Request) -> Response:
        """Names, and the sessions of the requested person."""
        try:
            person, running = self._person(request), await self._manager.running()
            per_week = self._manager.settings.programme.sessions_per_week
            return JSONResponse(await _aside(lambda: self._manager.history.shown(person, running, per_week)))
        except (MessageError, CoachError) as error:
            return _refused(error)

    async def progress(self, request: Request) -> Response:
        """A person's weeks, as a separate page."""
        try:
            person = self._person(request)
            return _document(await _aside(lambda: self._manager.history.progress(person)))
        except (MessageError, CoachError) as error:
            return _refused(error, document=True)

    async def share(self, request: Request) -> Response:
        """The last weeks of a person as one file for a physiotherapist, to be saved."""
        try:
            person = self._person(request)
            name, content = await _aside(lambda: self._manager.history.share(person))
        except (MessageError, CoachError) as error:
            return _refused(error, document=True)
        saved = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(content, media_type="text/html; charset=utf-8", headers=saved)

    async def report(self, request: Request) -> Response:
        """A session's report, as a separate page."""
        try:
            number = _number(request)
            if number == await self._manager.running():
                return PlainTextResponse("This session is still running.", 409)
            return _document(await _aside(lambda: self._manager.history.report(number)))
        except (UnknownSessionError, OSError, CoachError) as error:
            return _refused(error, document=True)

    async def delete(self, request: Request) -> Response:
        """Delete one session."""
        try:
            number = _number(request)
            if number == await self._manager.running():
                return JSONResponse({"error": "busy"}, 409)
            await _aside(lambda: self._manager.history.delete(number))
        except (UnknownSessionError, CoachError) as error:
            return _refused(error)
        return JSONResponse({"deleted": number})

    def _person(self, request: Request) -> str:
        wanted = request.query_params.get("person")
        return self._manager.settings.person if wanted is None else checked_person(wanted)


def _number(request: Request) -> int:
    """The session number in the path. Digits only, and no more than any number has."""
    text: str = request.path_params["number"]
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS:
        raise UnknownSessionError(text[:MOST_DIGITS])
    return int(text)


async def _aside(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def _document(text: str) -> Response:
    return HTMLResponse(text, headers={"content-security-policy": DOCUMENT_POLICY})


def _refused(error: Exception, document: bool = False) -> Response:
    """404 for what does not exist, 400 for an invalid name, 503 for a history that cannot be read or written."""
    if isinstance(error, UnknownSessionError):
        status, name, problem = 404, "unknown_session", "There is no such session."
    elif isinstance(error, MessageError):
        status, name, problem = 400, error.reason, "That is no name."
    elif isinstance(error, CoachError):
        status, name, problem = 503, "history", f"{error.problem}. {error.remedy}".strip()
    else:
        status, name, problem = 503, "history", "The report cannot be read."
    return PlainTextResponse(problem, status) if document else JSONResponse({"error": name, "problem": problem}, status)
