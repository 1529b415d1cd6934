"""The page's routes to programmes: a list, a form, a sheet to print. All stand behind the guard."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from coach.app import own_programmes
from coach.definitions.exercise import builtin_names, load_exercise
from coach.definitions.programme import STANDARD, Programme, load_programme
from coach.definitions.programme_file import data_of
from coach.errors import CoachError, ProgrammeFileError
from coach.i18n.error_messages import translated, translated_error
from coach.reading import parse_json
from coach.report.programme_sheet import sheet
from coach.web.body import read_body
from coach.web.protocol import MessageError
from coach.web.security import DOCUMENT_POLICY
from coach.web.session_manager import SessionManager

MOST_BODY_BYTES = 2**16
# What the form says; sentences and talk-through of a file stay as they are.
FORM_KEYS = frozenset(("name", "sessions_per_week", "warm_up_s", "blocks"))


class ProgrammeRoutes:
    """Lists, gives, keeps and prints the programmes that were made here."""

    def __init__(self, manager: SessionManager) -> None:
        self._manager = manager

    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route("/programmes", self.listed, methods=["GET"]),
            Route("/programmes", self.save, methods=["POST"]),
            Route("/programmes/{slug}", self.one, methods=["GET"]),
            Route("/programmes/{slug}", self.delete, methods=["DELETE"]),
            Route("/programmes/{slug}/use", self.use, methods=["POST"]),
            Route("/programmes/{slug}/sheet", self.sheet, methods=["GET"]),
        ]

    async def listed(self, request: Request) -> Response:
        """All of them, and the exercises that one can be made of."""
        data_dir, language = self._manager.settings.data_dir, self._manager.settings.language
        found = await asyncio.to_thread(own_programmes.own_programmes, data_dir)
        return JSONResponse(
            {
                "programmes": [{"slug": each.slug, "name": each.name, "problem": each.problem} for each in found],
                "current": self._manager.settings.programme.name,
                "exercises": [_exercise(name, language) for name in self._offered()],
            }
        )

    async def one(self, request: Request) -> Response:
        """One as the form shows it; ``standard`` is what a new one begins with."""
        slug = request.path_params["slug"]
        try:
            if slug == STANDARD:
                return JSONResponse({"slug": None, "data": {**data_of(load_programme(STANDARD)), "name": ""}})
            path = own_programmes.path_of(slug, self._manager.settings.data_dir)
            return JSONResponse({"slug": slug, "data": data_of(load_programme(path), path.parent)})
        except CoachError as error:
            return self._refused(error, 404)

    async def save(self, request: Request) -> Response:
        """Keep what the form says. 422: what is wrong in it."""
        try:
            message = parse_json((await read_body(request, MOST_BODY_BYTES)).decode())
            slug, data = _form(message, self._offered())
            return JSONResponse(
                {
                    "slug": await asyncio.to_thread(
                        own_programmes.save_programme, data, self._manager.settings.data_dir, slug
                    )
                }
            )
        except MessageError as error:
            return JSONResponse({"error": error.reason}, 413 if error.reason == "too_large" else 400)
        except ProgrammeFileError as error:
            return self._refused(error, 422)
        except CoachError as error:
            return self._refused(error, 507)
        except (ValueError, ClientDisconnect):
            return JSONResponse({"error": "malformed"}, 400)

    async def delete(self, request: Request) -> Response:
        """Forget one."""
        try:
            own_programmes.path_of(request.path_params["slug"], self._manager.settings.data_dir).unlink()
        except ProgrammeFileError as error:
            return self._refused(error, 404)
        except OSError as error:
            return JSONResponse({"error": "disk", "problem": error.strerror or ""}, 507)
        return JSONResponse({"deleted": request.path_params["slug"]})

    async def use(self, request: Request) -> Response:
        """From now on the page leads through this one; not while a session goes on."""
        slug = request.path_params["slug"]
        try:
            programme = self._load(slug)
            programme.speak(self._manager.settings.language)
            await self._manager.use(programme)
        except MessageError as error:
            return JSONResponse({"error": error.reason}, 409)
        except CoachError as error:
            return self._refused(error, 404)
        return JSONResponse({"current": programme.name})

    async def sheet(self, request: Request) -> Response:
        """One on paper, as a page of its own."""
        slug, settings = request.path_params["slug"], self._manager.settings
        try:
            text = await asyncio.to_thread(lambda: sheet(self._load(slug), settings.language))
        except CoachError as error:
            return PlainTextResponse(translated_error(error, settings.language), 404)
        return HTMLResponse(text, headers={"content-security-policy": DOCUMENT_POLICY})

    def _refused(self, error: CoachError, status: int) -> Response:
        # Where the file is says nothing to somebody who looks at a form.
        problem, language = error.problem.rpartition(".toml: ")[2], self._manager.settings.language
        said = {"problem": translated(problem, language), "remedy": translated(error.remedy, language)}
        return JSONResponse({"error": "programme", **said}, status)

    def _load(self, slug: str) -> Programme:
        """The standard programme, or one that was made here. Raises ProgrammeFileError."""
        name = slug if slug == STANDARD else own_programmes.path_of(slug, self._manager.settings.data_dir)
        return load_programme(name)

    def _offered(self) -> tuple[str, ...]:
        """Exercises by the names that a file has for them: no other path is read."""
        names = [block.exercise for block in self._manager.settings.programme.blocks]
        return tuple(dict.fromkeys((*builtin_names(), *names)))


def _exercise(name: str, language: str) -> dict[str, Any]:
    """What the form has to know of an exercise."""
    exercise = load_exercise(name)
    rule = exercise.movement or exercise.hold
    return {
        "name": name,
        "title": exercise.in_language(language).title,
        "kind": exercise.kind,
        "on_a_step": exercise.on_a_step,
        "pictured": exercise.picture is not None,
        "count": exercise.hold.most_breaths if exercise.hold is not None else exercise.target.count,
        "depth": list(exercise.target.depth),
        "least_depth": rule.counts_from if rule is not None else 0,
    }


def _form(message: Any, offered: tuple[str, ...]) -> tuple[str | None, Mapping[str, Any]]:
    """Which one, and what the form says. Raises MessageError for what no form of ours sends."""
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise MessageError("malformed")
    slug, data = message.get("slug"), message["data"]
    if not (slug is None or isinstance(slug, str)) or set(data) - FORM_KEYS or not isinstance(data.get("blocks"), list):
        raise MessageError("malformed")
    if not all(isinstance(block, dict) and block.get("exercise") in offered for block in data["blocks"]):
        raise MessageError("unknown_choice")
    return slug, data
