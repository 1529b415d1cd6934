"""One guided session behind the page: what was asked for, what watches, and what keeps it."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from coach.app.guided_keeper import GuidedKeeper
from coach.definitions.exercise import builtin_names
from coach.definitions.programme import Programme
from coach.errors import HistoryError
from coach.guide.guide import Guide
from coach.guide.set_run import MakeJudging, make_session
from coach.guide.types import GuideMoment
from coach.history import DEFAULT_PERSON, History, SessionWriter, keep_session
from coach.types import Frame, Observation, Picture, Side
from coach.web.messages import MessageError, moment_message
from coach.web.session_clock import FrameTimes

LONGEST_NAME = 60
MOST_FRAMES = 500_000  # more than four hours of thirty pictures a second


class Watcher(Protocol):
    """What sees: a context manager; ``coach.perception.observer.Observer``."""

    def __enter__(self) -> Watcher: ...

    def __exit__(self, *problem: Any) -> None: ...

    def observe(self, frame: Frame) -> Observation:
        """What this frame shows."""
        ...


def make_observer() -> Watcher:
    """The real thing, loaded only when it is needed."""
    from coach.app.warmup import warm_up
    from coach.perception.observer import Observer

    warm_up()
    return Observer()


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``coach web`` was asked for."""

    programme: Programme
    language: str = "en"
    person: str = DEFAULT_PERSON
    data_dir: Path | None = None
    make_watcher: Callable[[], Watcher] = make_observer
    make_judging: MakeJudging = make_session

    def of(self, person: str | None) -> Settings:
        """The same for somebody else. Raises MessageError for what is no name."""
        return self if person is None else replace(self, person=checked_person(person))

    def choices(self) -> list[dict[str, str]]:
        """Exercises that the page offers by themselves: those of the programme, by title."""
        names = dict.fromkeys(block.exercise for block in self.programme.blocks)
        titles = (each.in_language(self.language).title for each in self.programme.exercises())
        return [{"name": name, "title": title} for name, title in zip(names, titles, strict=True)]

    def narrowed(self, exercise: str | None, side: str | None) -> Settings:
        """Only one exercise or side of it. Raises MessageError for what is not offered."""
        known = {*builtin_names(), *(block.exercise for block in self.programme.blocks)}
        if (exercise is not None and exercise not in known) or side not in (None, "left", "right"):
            raise MessageError("unknown_choice")
        chosen: Side | None = "left" if side == "left" else "right" if side == "right" else None
        if exercise is None and chosen is None:
            return self
        return replace(self, programme=self.programme.narrowed(exercise=exercise, side=chosen))


class GuidedRun:
    """A guided session with what watches and what keeps it. Everything is called from one thread.

    Raises ModelError where the pose model cannot be loaded, and ProgrammeFileError.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.times = FrameTimes()
        self.number = 0
        self.concluded = False
        self._frames = 0
        self._stack = ExitStack()
        programme = settings.programme
        self.guide = Guide(programme, settings.language, _confirmed(settings), settings.make_judging)
        try:
            self._watcher = self._stack.enter_context(settings.make_watcher())
            self._writer = self._begin(programme)
            self._keeper = GuidedKeeper(self.guide, self._writer, lambda: _confirm(settings))
        except BaseException:
            self._stack.close()
            raise
        self._shown = self.guide.tick(0.0)

    def _begin(self, programme: Programme) -> SessionWriter:
        planned = sum(block.sets for block in programme.blocks)
        kept = keep_session(
            self.settings.data_dir,
            self.settings.person,
            source="web page",
            programme=programme.name,
            sessions_per_week=programme.sessions_per_week,
            sets_planned=planned,
        )
        writer = self._stack.enter_context(kept)
        self.number = writer.number
        return writer

    def frame(self, picture: Picture, captured_ms: float, number: int) -> dict[str, Any]:
        """Judge one picture. Raises MessageError where there were too many."""
        self._frames += 1
        if self._frames > MOST_FRAMES:
            raise MessageError("too_many")
        if self._shown.stage == "welcome":  # nobody has agreed to be watched yet, and no time passes
            return self._answer(self._shown, None, number)
        observation = self._watcher.observe(Frame(self.times.at(captured_ms), picture))
        return self._answer(self.guide.step(observation), observation, number)

    def tick(self, page_ms: float) -> dict[str, Any]:
        """Let time pass without a picture."""
        return self.show() if self._shown.stage == "welcome" else self._answer(self.guide.tick(self.times.at(page_ms)))

    def act(self, name: str, score: object = None) -> dict[str, Any]:
        """Do what the person asked for. Raises MessageError for a pain score that is none."""
        if name == "pain_score":
            try:
                self.guide.pain_score(score)  # type: ignore[arg-type] # it checks by itself
            except ValueError as error:
                raise MessageError("malformed") from error
        else:
            {
                "confirm_safety": self.guide.confirm_safety,
                "pause": self.guide.pause,
                "resume": self.guide.resume,
                "next": self.guide.next,
                "other_side": self.guide.other_side,
                "hurts": self.guide.hurts,
                "end": self.guide.end,
            }[name]()
        return self._answer(self.guide.tick(-math.inf))

    def show(self) -> dict[str, Any]:
        """The session as it is, for a page that was opened anew."""
        return self._answer(self._shown)

    @property
    def over(self) -> bool:
        """Whether nothing more is done: at most its summary is still to be read."""
        return self._shown.stage in ("summary", "done")

    @property
    def done(self) -> bool:
        """Whether nothing more is to come."""
        return self._shown.stage == "done"

    def conclude(self) -> None:
        """Keep everything and end the session in the history: only its summary is still to be read."""
        if not self.concluded:
            self._keeper.close()
            self._writer.end()
            self.concluded = True
            if self.number and not self.guide.safety_confirmed:  # the notice was read, and nothing else: no session
                with suppress(HistoryError), History.open(self.settings.data_dir) as history:
                    history.delete(self.number)

    def close(self) -> None:
        """Keep everything up to now and let go of the model."""
        with self._stack:
            self.conclude()

    def _answer(
        self, guided: GuideMoment, observation: Observation | None = None, number: int | None = None
    ) -> dict[str, Any]:
        self._shown = replace(guided, say=())
        self._keeper.take(guided)
        problem = self._writer.problem
        message = moment_message(guided, observation, number, problem.problem if problem is not None else "")
        message["session"] = self.number
        return message


def checked_person(name: str) -> str:
    """A name as it is kept. Raises MessageError."""
    clean = name.strip()
    if not 1 <= len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise MessageError("unknown_person")
    return clean


def _confirmed(settings: Settings) -> bool:
    try:
        with History.open(settings.data_dir) as history:
            return history.safety_confirmed(settings.person, settings.programme.notice_version)
    except HistoryError:
        return False


def _confirm(settings: Settings) -> None:
    try:
        with History.open(settings.data_dir) as history:
            history.confirm_safety(settings.person, settings.programme.notice_version)
    except HistoryError:
        return  # it is asked again next time
