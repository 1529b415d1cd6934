"""A guided session: guide, observer and history joined, in one place for both window and page."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from coach.app.guided_keeper import GuidedKeeper
from coach.definitions.programme import Programme
from coach.errors import CoachError, HistoryError
from coach.guide.guide import Guide
from coach.guide.past import Past, past_of
from coach.guide.set_judge import MakeJudging, make_session
from coach.guide.types import GuideMoment
from coach.history import DEFAULT_PERSON, History, Pain, SessionWriter, keep_session
from coach.types import Frame, Observation


class Watcher(Protocol):
    """What observes: a context manager; ``coach.perception.observer.Observer``."""

    def __enter__(self) -> Watcher: ...

    def __exit__(self, *problem: Any) -> None: ...

    def observe(self, frame: Frame) -> Observation:
        """The observation of this frame."""
        ...


def make_observer() -> Watcher:
    """The real observer, loaded only when needed."""
    from coach.perception.observer import Observer

    return Observer(at_once=True)


@dataclass(frozen=True, slots=True)
class GuidedSettings:
    """The options of a guided session.

    source: where the pictures come from, as stored in the history. kept: whether to store it in the history.
    """

    programme: Programme
    language: str = "en"
    person: str = DEFAULT_PERSON
    data_dir: Path | None = None
    source: str = "web page"
    kept: bool = True
    make_watcher: Callable[[], Watcher] = make_observer
    make_judging: MakeJudging = make_session


class GuidedSession:
    """One guided session. Used from one thread; a context manager that loses nothing.

    number: of the session in the history, 0 if it is not stored. Raises ModelError if the pose model cannot be loaded,
    and ProgrammeFileError.
    """

    def __init__(self, settings: GuidedSettings) -> None:
        self.settings = settings
        self.concluded = False
        self._stack = ExitStack()
        self._pains = 0
        agreed = settings.kept and confirmed(settings)
        past = _past(settings) if settings.kept else Past()
        self.guide = Guide(settings.programme, settings.language, agreed, settings.make_judging, past=past)
        try:
            self._watcher = self._stack.enter_context(settings.make_watcher())
            self._writer = self._begin()
            self._keeper = GuidedKeeper(self.guide, self._writer, lambda: confirm(settings))
        except BaseException:
            self._stack.close()
            raise
        self.number = self._writer.number
        self.shown = self.guide.tick(0.0)

    def _begin(self) -> SessionWriter:
        settings, programme = self.settings, self.settings.programme
        if not settings.kept:
            return SessionWriter.nowhere()
        kept = keep_session(
            settings.data_dir,
            settings.person,
            source=settings.source,
            programme=programme.name,
            sessions_per_week=programme.sessions_per_week,
            sets_planned=sum(block.sets for block in programme.blocks),
        )
        return self._stack.enter_context(kept)

    def __enter__(self) -> GuidedSession:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    @property
    def awaits_consent(self) -> bool:
        """Whether the notice must still be confirmed: until then nobody is watched, and no time passes."""
        return self.shown.stage == "welcome"

    @property
    def over(self) -> bool:
        """Whether the exercises are over: at most the summary is still to be read."""
        return self.shown.stage in ("summary", "done")

    @property
    def done(self) -> bool:
        """Whether it is completely over."""
        return self.shown.stage == "done"

    @property
    def problem(self) -> CoachError | None:
        """Why the history does not store it, None if it does."""
        return self._writer.problem

    def step(self, frame: Frame) -> tuple[GuideMoment, Observation | None]:
        """Process one frame, in order of time: returns the guide's moment and the observation."""
        if self.awaits_consent:
            return self.shown, None
        observation = self._watcher.observe(frame)
        return self._take(self.guide.step(observation)), observation

    def now(self) -> GuideMoment:
        """The current moment, with what is still to be said."""
        return self._take(self.shown)

    def tick(self, t_s: float) -> GuideMoment:
        """Let time pass without a picture; ``-inf`` just asks for the current moment."""
        return self._take(self.guide.tick(t_s))

    def act(self, name: str, value: object = None) -> GuideMoment:
        """Do what the person asked for: an action of ``Guide``, by name.

        value: a pain score or an option, if the action needs one. Raises ValueError for an invalid one.
        """
        act: Callable[..., None] = getattr(self.guide, name)
        if name in ("score", "choose"):
            act(value)  # it checks by itself
        else:
            act()
        return self.tick(-math.inf)

    def _take(self, guided: GuideMoment) -> GuideMoment:
        self.shown = replace(guided, say=())  # a sentence is spoken once
        self._keeper.take(guided)
        if self.concluded and guided.stage != "question":
            self._amend()
        return guided

    def conclude(self) -> None:
        """Store everything and end the session in the history: only its summary is still to be read.

        A session closed at the notice does not count as one, and leaves nothing behind.
        """
        if self.concluded:
            return
        self._keeper.close()
        self._writer.end()
        self._pains = len(self.guide.record.pains)
        self.concluded = True
        if self.number and not self.guide.safety_confirmed:
            with suppress(HistoryError), History.open(self.settings.data_dir) as history:
                history.delete(self.number)
                self.number = 0

    def close(self) -> None:
        """Store everything so far and free the model."""
        with self._stack:
            self.conclude()
            self._amend()

    def _amend(self) -> None:
        """Store pain reported only at the summary, when the session has already ended in the history."""
        record = self.guide.record
        later = [Pain(mark.part, mark.t_s, mark.score) for mark in record.pains[self._pains :]]
        if later and self.number:
            with suppress(HistoryError), History.open(self.settings.data_dir) as history:
                history.amend(self.number, record.as_dict(), later)
        self._pains = len(record.pains)


def _past(settings: GuidedSettings) -> Past:
    try:
        with History.open(settings.data_dir) as history:
            return past_of([each.record for each in history.sessions(settings.person) if each.record])
    except HistoryError:
        return Past()


def confirmed(settings: GuidedSettings) -> bool:
    """Whether the person has confirmed the notice before the first session."""
    try:
        with History.open(settings.data_dir) as history:
            return history.safety_confirmed(settings.person, settings.programme.notice_version)
    except HistoryError:
        return False


def confirm(settings: GuidedSettings) -> None:
    """Store that the person has confirmed it. If that fails, it is asked again next time."""
    try:
        with History.open(settings.data_dir) as history:
            history.confirm_safety(settings.person, settings.programme.notice_version)
    except HistoryError:
        return
