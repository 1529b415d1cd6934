"""The page on which somebody marks what is true of a video: the video, the marks, and on request the coach's curves."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from coach.app.artifacts import timeline_of
from coach.definitions.exercise import Exercise
from coach.errors import CoachError
from coach.evaluate.labels import LabelError, Labels, labels_of_truth, parse_labels, truth_of_labels
from coach.evaluate.observations import Cache, observe
from coach.evaluate.truth import MOST_TRUTH_BYTES, truths_of
from coach.files import saving
from coach.i18n.error_messages import translated, translated_error
from coach.i18n.report_messages import report_words
from coach.i18n.web_messages import label_words
from coach.leftovers import temporary_folder
from coach.reading import parse_json, read_json
from coach.report.chart import panels
from coach.session.timeline import Timeline
from coach.to_json import plain
from coach.video.file import VideoFile
from coach.video.writer import VideoCopy
from coach.web.app import STATIC
from coach.web.body import read_body
from coach.web.protocol import MessageError
from coach.web.security import AccessTokens, Guard

MOST_BODY_BYTES = 1_000_000
STEPS_FPS = 30.0  # where a file does not say how many pictures a second it has
BREATH = "status/breath_phase"  # how full the lungs are as the coach saw it, 0 to 1


@dataclass(frozen=True, slots=True)
class Labelling:
    """One video to mark. target: its truth file; known: the marks that are in it. fps: NaN where the file is silent.

    language: of the page.
    """

    video: Path
    target: Path
    exercises: tuple[Exercise, ...]
    cache: Cache
    duration_s: float
    fps: float
    size_px: tuple[int, int]
    known: Labels | None
    language: str = "en"


def prepare(video: Path, target: Path, exercises: Sequence[Exercise], cache: Cache, language: str = "en") -> Labelling:
    """Open what is to be marked. Raises CoachError: no such video, or a truth file that was not made here."""
    with VideoFile(video) as file:
        info = file.info
    known = None
    if target.exists():
        data = read_json(target, LabelError, "Mend it, or choose another file with --out", MOST_TRUTH_BYTES)
        known = labels_of_truth(data) if isinstance(data, dict) else None
        if known is None:
            raise LabelError(f"{target}: was not made by 'coach label'", "Choose another file with --out")
    return Labelling(video, target, tuple(exercises), cache, info.duration_s, info.fps, info.size_px, known, language)


def make_label_app(
    labelling: Labelling, keys: AccessTokens, on_known: Callable[[object], None] = lambda client: None
) -> Guard:
    """The whole application, behind the same guard as the page for practising."""
    curves = _Curves(labelling)
    folder = contextlib.ExitStack()
    playable = Path(folder.enter_context(temporary_folder("label"))) / "playable.mp4"
    language = labelling.language
    copying = _Background(lambda at: copy_video(labelling.video, playable, at), labelling.duration_s, language)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with folder:
            try:
                yield
            finally:
                curves.watching.stop()
                copying.stop()

    async def page(request: Request) -> Response:
        return FileResponse(STATIC / "label.html")

    async def video(request: Request) -> Response:
        return FileResponse(playable if "copy" in request.query_params and playable.exists() else labelling.video)

    async def copy(request: Request) -> Response:
        return JSONResponse(copying.state())

    async def clip(request: Request) -> Response:
        return JSONResponse(_clip(labelling))

    async def curve(request: Request) -> Response:
        name = request.query_params.get("exercise", "")
        exercise = next((each for each in labelling.exercises if each.name == name), None)
        if exercise is None:
            return Response(status_code=404)
        return JSONResponse(await curves.of(exercise))

    async def save(request: Request) -> Response:
        try:
            body = await read_body(request, MOST_BODY_BYTES)
        except MessageError:
            return _refused(LabelError("there are too many marks", "Remove some"), language, 413)
        try:
            await asyncio.to_thread(write_labels, labelling, parse_labels(_json(body)))
        except CoachError as error:
            return _refused(error, language, 400)
        return JSONResponse({"saved": labelling.target.name})

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/video", video, methods=["GET"]),
        Route("/copy", copy, methods=["POST"]),
        Route("/clip", clip, methods=["GET"]),
        Route("/curve", curve, methods=["GET"]),
        Route("/labels", save, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=STATIC))
    return Guard(app, keys, on_known)


def write_labels(labelling: Labelling, labels: Labels) -> None:
    """Write the truth file, whole or not at all. Raises LabelError, OutputError, and TruthError."""
    name = labelling.video.stem
    duration_s = labelling.duration_s if math.isfinite(labelling.duration_s) else math.inf
    truth = plain(truth_of_labels(labels, labelling.exercises, name, duration_s, labelling.fps))
    truths_of(truth, name)  # what cannot be read again is not written
    with saving(labelling.target, "Choose another file with --out") as aside:
        aside.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _refused(error: CoachError, language: str, status: int) -> Response:
    said = {"problem": translated(error.problem, language), "remedy": translated(error.remedy, language)}
    return JSONResponse(said, status)


def _json(body: bytes) -> Any:
    try:
        return parse_json(body)
    except (ValueError, RecursionError) as error:
        raise LabelError("the marks cannot be read", "Load the page again") from error


def _clip(labelling: Labelling) -> dict[str, Any]:
    language = labelling.language
    words = report_words(language)
    found: dict[str, Any] = plain(
        {
            "language": language,
            "words": label_words(language),
            "name": labelling.video.name,
            "target": labelling.target.name,
            "duration_s": labelling.duration_s,
            "fps": labelling.fps if math.isfinite(labelling.fps) else STEPS_FPS,
            "size_px": labelling.size_px,
            "labels": labelling.known.model_dump(mode="json") if labelling.known is not None else None,
            "exercises": [
                {
                    "name": each.name,
                    "title": each.in_language(language).title,
                    "kind": each.kind,
                    "sides": words("sides_mean", side_is=each.in_language(language).side_is),
                    "faults": [{"name": name, "label": words.fault(name, each)} for name in each.correctable],
                    "reasons": [{"name": name, "label": words.fault(name, each)} for name in each.reasons],
                }
                for each in labelling.exercises
            ],
        }
    )
    return found


class _Stopped(Exception):
    """The page is closed: nobody waits any more."""


class _Background:
    """Work over the whole video in a thread, begun when it is first asked for.

    work: gets a function to be called with the seconds done so far, which raises where the work is to end.
    """

    def __init__(self, work: Callable[[Callable[[float], None]], None], duration_s: float, language: str) -> None:
        self._work = work
        self._language = language
        self._duration_s = duration_s
        self._stopped = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._share = 0.0

    def stop(self) -> None:
        """End it."""
        self._stopped.set()

    def state(self) -> dict[str, Any]:
        """How far it is: ``working`` with the share that is done, ``failed`` with the problem, or ``done``."""
        if self._task is None:
            self._task = asyncio.ensure_future(asyncio.to_thread(self._run))
        if not self._task.done():
            return {"state": "working", "share": round(self._share, 3)}
        if (error := self._task.exception()) is not None:
            self._task = None  # asked again, it is tried again
            said = translated_error(error, self._language) if isinstance(error, CoachError) else str(error)
            return {"state": "failed", "problem": said}
        return {"state": "done"}

    def _run(self) -> None:
        with contextlib.suppress(_Stopped):
            self._work(self._at)

    def _at(self, t_s: float) -> None:
        if self._stopped.is_set():
            raise _Stopped
        self._share = min(1.0, t_s / self._duration_s) if self._duration_s > 0 else 0.0


class _Curves:
    """What the coach sees in the video, watched once and kept for ``coach evaluate`` too."""

    def __init__(self, labelling: Labelling) -> None:
        self._labelling = labelling
        self._kept = labelling.cache.recording(labelling.video)
        self._drawn: dict[str, dict[str, Any]] = {}
        self.watching = _Background(self._watch, labelling.duration_s, labelling.language)

    async def of(self, exercise: Exercise) -> dict[str, Any]:
        """The curves of an exercise, how far they are, or why there are none."""
        if exercise.name not in self._drawn:
            state = self.watching.state()
            if state["state"] != "done":
                return state
            timeline = await asyncio.to_thread(timeline_of, self._kept, [exercise])
            self._drawn[exercise.name] = {**state, "panels": curves_of(timeline, exercise, self._labelling.language)}
        return self._drawn[exercise.name]

    def _watch(self, at: Callable[[float], None]) -> None:
        labelling = self._labelling
        if not labelling.cache.has(labelling.video):
            observe(labelling.video, self._kept, labelling.cache.fps, on_time=at)


def copy_video(video: Path, target: Path, at: Callable[[float], None] = lambda t_s: None) -> None:
    """Write a copy that every browser plays, with the same times. ``at`` is told how far it is. Raises CoachError."""
    with (
        VideoFile(video) as source,
        VideoCopy(target, source.info) as copy,
        contextlib.closing(source.decode()) as pictures,
    ):
        for t_s, picture in pictures:
            at(t_s)
            copy.write(t_s, picture, lambda rgb: rgb)


def curves_of(timeline: Timeline, exercise: Exercise, language: str = "en") -> list[dict[str, Any]]:
    """The breath, if any was seen, and the exercise's signals: panels as plain data, missing values None."""
    shown = [
        {
            "title": panel.title,
            "unit": panel.unit,
            "lines": [_line(line.label, line.t_s, line.values) for line in panel.lines],
        }
        for panel in panels(timeline, exercise, language)
    ]
    breath = timeline.values.get(BREATH)
    if breath is not None and exercise.kind == "hold":
        title = report_words(language)("chart_breaths")
        shown.insert(0, {"title": title, "unit": "", "lines": [_line(title, timeline.t_s, breath)]})
    found: list[dict[str, Any]] = plain(shown, 3)
    return found


def _line(label: str, t_s: NDArray[np.floating[Any]], values: NDArray[np.floating[Any]]) -> dict[str, Any]:
    return {"label": label, "t_s": t_s.tolist(), "values": values.tolist()}
