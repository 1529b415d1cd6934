"""Recorded files dropped on the page: copied to a bounded temporary file, analysed, and deleted."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from coach.broken_packages import cannot_be_loaded
from coach.definitions.exercise import Exercise
from coach.definitions.programme import Programme
from coach.errors import CoachError
from coach.guide.session_log import SessionRecord, SetRecord
from coach.guide.summary import summarise
from coach.i18n.error_messages import translated
from coach.leftovers import temporary_folder
from coach.session.result import Result, of_set
from coach.session.result_builder import Outcome
from coach.session.sets import Set
from coach.to_json import plain
from coach.types import SIDES, Hold, Moment, Movement, Side
from coach.web.job import Job, Tell
from coach.web.protocol import DIGITS, MessageError
from coach.web.session_manager import SessionManager

MOST_UPLOAD_BYTES = 4 * 2**30
MOST_COPYING = 3  # concurrent uploads; they are analysed one after the other
STALL_S, STALL_BYTES = 20.0, 100_000  # an upload slower than this has stalled
PATIENCE_S = 5.0  # to wait for the previous file, which may be about to end
PROGRESS_S = 0.5  # of video time between two reports of progress


class TooLargeError(Exception):
    """Larger than a temporary file may be."""


FAILURES: dict[type[Exception], tuple[str, int]] = {
    asyncio.TimeoutError: ("stalled", 408),
    MessageError: ("busy", 409),
    TooLargeError: ("too_large", 413),
    ClientDisconnect: ("gone", 400),
    OSError: ("disk_full", 507),
}


class Uploads:
    """Takes one file at a time."""

    def __init__(self, manager: SessionManager, most_bytes: int = MOST_UPLOAD_BYTES) -> None:
        self._manager = manager
        self._most_bytes = most_bytes
        self._copying = 0

    async def analyse(self, request: Request) -> Response:
        """Take a file as the body and respond with lines of JSON: progress, then the result or the error."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        with ExitStack() as stack:
            try:
                await self._manager.check_free()
                if self._copying >= MOST_COPYING:
                    raise MessageError("busy")
                self._copying += 1
                stack.callback(self._copied)
                folder = temporary_folder("web")
                path = Path(stack.enter_context(folder)) / "video"
                # The manager is claimed only once the file has arrived: a stalled upload blocks nobody.
                await self._copy(request, path)
                await self._manager.begin_analysis(PATIENCE_S)
                stack.callback(self._manager.end_analysis)
            except tuple(FAILURES) as error:
                reason, status = next(said for kind, said in FAILURES.items() if isinstance(error, kind))
                return JSONResponse({"error": reason}, status)
            options = dict(request.query_params)
            return Job(lambda tell, stopped: self._work(path, options, tell, stopped), stack.pop_all().close)

    def _copied(self) -> None:
        self._copying -= 1

    def _refusal(self, request: Request) -> Response | None:
        """Why this file can never be accepted."""
        length = request.headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or len(length) > 15 or int(length) > self._most_bytes:
            return JSONResponse({"error": "too_large"}, 413)
        options = request.query_params
        known = {choice["name"] for choice in self._manager.offer.choices}
        if options.get("side") not in (None, *SIDES) or options.get("exercise") not in (None, *known):
            return JSONResponse({"error": "unknown_choice"}, 400)
        return None

    async def _copy(self, request: Request, path: Path) -> None:
        taken = 0
        stream = request.stream()
        with path.open("wb") as file:
            while True:
                begun_s, begun = time.monotonic(), taken
                while time.monotonic() - begun_s < STALL_S:
                    chunk = await asyncio.wait_for(anext(stream, None), STALL_S)
                    if chunk is None:
                        return
                    taken += len(chunk)
                    if taken > self._most_bytes:
                        raise TooLargeError
                    await asyncio.to_thread(file.write, chunk)
                if taken - begun < STALL_BYTES:
                    raise asyncio.TimeoutError

    def _work(self, path: Path, options: Mapping[str, str], tell: Tell, stopped: Callable[[], bool]) -> None:
        name = _shown(options.get("name", ""))
        try:
            self._watch(path, name, options, tell, stopped)
        except Exception as problem:
            error = problem if isinstance(problem, CoachError) else cannot_be_loaded(problem)
            if error is None:
                raise
            language = self._manager.settings.language
            says = translated(error.problem.replace(str(path), name), language)
            tell({"error": "unreadable", "problem": says, "remedy": translated(error.remedy, language)})

    def _watch(
        self, path: Path, name: str, options: Mapping[str, str], tell: Tell, stopped: Callable[[], bool]
    ) -> None:
        from coach.app.analyse import choose_exercises
        from coach.perception.watched_video import WatchedVideo
        from coach.session.judge import judge, result_of

        settings = self._manager.settings
        told_s = -math.inf

        def progress(moment: Moment) -> None:
            nonlocal told_s
            if moment.t_s - told_s >= PROGRESS_S:
                told_s = moment.t_s
                tell({"progress": _share(moment.t_s, video.duration_s), "at_s": round(told_s, 1)})

        exercises = choose_exercises(options.get("exercise", "auto"))
        with WatchedVideo(path) as video:
            watched = takewhile(lambda _: not stopped(), video)
            outcome = judge(watched, exercises, _side(options), settings.language, on_moment=progress)
            if stopped():
                return
        result = result_of(outcome, video, settings.language, name)
        shown = compared(outcome, result, settings.programme, settings.language)
        tell({**shown, "result": result, "remarks": result["notes"]})


def compared(outcome: Outcome, result: Result, programme: Programme, language: str) -> dict[str, Any]:
    """A recorded file as the page shows a session: left beside right, one exercise at a time."""
    words = programme.speak(language)
    exercises = {exercise.name: exercise for exercise in outcome.exercises}
    sets = [_record(i, one, exercises[one.exercise], result) for i, one in enumerate(outcome.sets)]
    record = SessionRecord(programme.name, language, True, result["duration_s"] or 0.0, True, tuple(sets))
    return {
        "summary": plain(summarise(record, list(exercises.values()), words), DIGITS),
        "found": bool(sets),
        "names": _names(outcome, language),
    }


def _record(part: int, one: Set, exercise: Exercise, result: Result) -> SetRecord:
    """A set of a file in the form of a guided session's set."""
    most = exercise.hold.most_breaths if exercise.hold else exercise.target.count
    items = [each.item for each in one.attempts]
    holds = tuple(item for item in items if isinstance(item, Hold))
    movements = tuple(item for item in items if isinstance(item, Movement))
    counted = [hold for hold in holds if hold.counted]
    breaths = [hold.breaths for hold in counted if hold.breaths is not None]
    count: int | None = sum(movement.counted for movement in movements)
    if exercise.hold is not None:
        count = sum(breaths) if breaths or not counted else None
    return SetRecord(
        part=part,
        block=part + 1,
        set_number=1,
        exercise=exercise.name,
        side=one.side,
        start_s=one.start_s,
        end_s=one.end_s,
        ended_by="finished",
        target_from=exercise.hold.least_breaths if exercise.hold else most,
        target=most,
        count=count,
        held_s=sum(hold.held_s for hold in counted),
        paced=False,
        compromised=(),
        movements=movements,
        holds=holds,
        result=of_set(result, part + 1),
    )


def _names(outcome: Outcome, language: str) -> dict[str, str]:
    """Faults and reasons of a result in plain words."""
    from coach.i18n.report_messages import report_words

    words = report_words(language)
    names: dict[str, str] = {}
    for exercise in outcome.exercises:
        items = [e.item for one in outcome.sets if one.exercise == exercise.name for e in one.attempts]
        found = {name for item in items for name in (*item.faults, item.uncounted_reason) if name is not None}
        found |= {way for item in items if isinstance(item, Movement) for way in item.fault_ways.values()}
        names |= {name: words.fault(name, exercise) for name in sorted(found)}
    return names


def _share(t_s: float, duration_s: float) -> float | None:
    return round(min(1.0, t_s / duration_s), 3) if duration_s > 0 else None


def _side(options: Mapping[str, str]) -> Side | None:
    return {"left": SIDES[0], "right": SIDES[1]}.get(options.get("side", ""))


def _shown(name: str) -> str:
    """A file name fit for display: no folder, nothing unprintable."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:120] or "video"
