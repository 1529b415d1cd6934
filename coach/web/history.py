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
from coach.i18n.error_messages import translated
from coach.i18n.report_messages import headed
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
            return self._refused(error)

    async def progress(self, request: Request) -> Response:
        """A person's weeks, as a separate page."""
        try:
            person = self._person(request)
            return _document(await _aside(lambda: self._manager.history.progress(person)))
        except (MessageError, CoachError) as error:
            return self._refused(error, document=True)

    async def share(self, request: Request) -> Response:
        """The last weeks of a person as one file for a physiotherapist, to be saved."""
        try:
            person = self._person(request)
            name, content = await _aside(lambda: self._manager.history.share(person))
        except (MessageError, CoachError) as error:
            return self._refused(error, document=True)
        saved = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(content, media_type="text/html; charset=utf-8", headers=saved)

    async def report(self, request: Request) -> Response:
        """A session's report, as a separate page."""
        try:
            number = _number(request)
            if number == await self._manager.running():
                return self._refused(_Running(), document=True)
            return _document(await _aside(lambda: self._manager.history.report(number)))
        except (UnknownSessionError, OSError, CoachError) as error:
            return self._refused(error, document=True)

    async def delete(self, request: Request) -> Response:
        """Delete one session."""
        try:
            number = _number(request)
            if number == await self._manager.running():
                return self._refused(_Running())
            await _aside(lambda: self._manager.history.delete(number))
        except (UnknownSessionError, CoachError) as error:
            return self._refused(error)
        return JSONResponse({"deleted": number})

    def _refused(self, error: Exception, document: bool = False) -> Response:
        """What is wrong and what to do, in the language of the page: as a line of text, or for its script."""
        status, name, problem, remedy = _answer(error)
        language = self._manager.settings.language
        said = " ".join(f"{headed(translated(each, language))}." for each in (problem, remedy) if each)
        return PlainTextResponse(said, status) if document else JSONResponse({"error": name, "problem": said}, status)

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


class _Running(Exception):
    """The session that is asked for is not over."""


def _answer(error: Exception) -> tuple[int, str, str, str]:
    """Status, short name, problem and remedy.

    404 for what does not exist, 400 for an invalid name, 409 for a session that goes on, 503 for a history that cannot
    be read or written.
    """
    if isinstance(error, UnknownSessionError):
        return 404, "unknown_session", "there is no such session", "Load the page again: it may have been deleted"
    if isinstance(error, _Running):
        return 409, "busy", "this session is still running", "End it first"
    if isinstance(error, MessageError):
        return 400, error.reason, "that is no name", "Choose one of the list"
    if isinstance(error, CoachError):
        return 503, "history", error.problem, error.remedy
    return 503, "history", "the report cannot be read", "Try again, or write it anew with 'coach report'"
