"""One guided session behind the page: its limits, its clock, and its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

from coach.app.guided import GuidedSession, GuidedSettings
from coach.definitions.exercise import builtin_names
from coach.definitions.picture import Picture
from coach.errors import HistoryError
from coach.guide.types import Action, GuideMoment
from coach.history.records import checked_name
from coach.i18n.error_messages import translated
from coach.types import Frame, Observation, Side
from coach.types import Picture as Rgb
from coach.web.protocol import MessageError, moment_message
from coach.web.session_clock import FrameTimes

ACTIONS = frozenset(get_args(Action))
MOST_FRAMES = 500_000  # more than four hours of thirty pictures a second


@dataclass(frozen=True, slots=True)
class Settings(GuidedSettings):
    """The options of ``coach web``, and what a page may choose among them. phone: whether a phone may be the camera.

    on_kept: called with the number of each session that the history has when it ends.
    """

    phone: bool = False
    on_kept: Callable[[int], None] = lambda number: None

    def of(self, person: str | None) -> Settings:
        """The same for another person. Raises MessageError for an invalid name."""
        return self if person is None else replace(self, person=checked_person(person))

    def narrowed(self, exercise: str | None, side: str | None) -> Settings:
        """Only one exercise or side. Raises MessageError for anything not offered."""
        known = {*builtin_names(), *(block.exercise for block in self.programme.blocks)}
        if (exercise is not None and exercise not in known) or side not in (None, "left", "right"):
            raise MessageError("unknown_choice")
        chosen: Side | None = "left" if side == "left" else "right" if side == "right" else None
        if exercise is None and chosen is None:
            return self
        return replace(self, programme=self.programme.narrowed(exercise=exercise, side=chosen))


class Offer:
    """What a page may choose among: the exercises of the programme, loaded once.

    choices: those that the page offers individually, with the contents of their cards. Raises ExerciseFileError.
    """

    def __init__(self, settings: Settings) -> None:
        names = dict.fromkeys(block.exercise for block in settings.programme.blocks)
        self.exercises = settings.programme.exercises()
        self._named = dict(zip(names, self.exercises, strict=True))
        about = {name: exercise.in_language(settings.language) for name, exercise in self._named.items()}
        self.choices: list[dict[str, Any]] = [
            {
                "name": name,
                "title": about[name].title,
                "summary": about[name].summary,
                "pictured": exercise.picture is not None,
            }
            for name, exercise in self._named.items()
        ]

    def picture(self, name: str) -> Picture | None:
        """The animated picture of an exercise, by its name or the programme's name for it."""
        for called, exercise in self._named.items():
            if name in (called, exercise.name):
                return exercise.picture
        return None


class PageSession:
    """A guided session as the page sees it: pictures and actions in, messages out. Called from one thread.

    Raises what ``GuidedSession`` raises.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.times = FrameTimes()
        self._frames = 0
        self._session = GuidedSession(settings)

    @property
    def number(self) -> int:
        """The session's number in the history, 0 if it has none."""
        return self._session.number

    @property
    def over(self) -> bool:
        """Whether the exercises are over: at most the summary is still to be read."""
        return self._session.over

    @property
    def done(self) -> bool:
        """Whether nothing more will happen."""
        return self._session.done

    @property
    def concluded(self) -> bool:
        """Whether everything is stored, and the session ended in the history."""
        return self._session.concluded

    def frame(self, picture: Rgb, captured_ms: float, number: int) -> dict[str, Any]:
        """Judge one picture. Raises MessageError if there have been too many."""
        self._frames += 1
        if self._frames > MOST_FRAMES:
            raise MessageError("too_many")
        if self._session.awaits_consent:
            return self._answer(self._session.shown, None, number)
        return self._answer(*self._session.step(Frame(self.times.at(captured_ms), picture)), number)

    def tick(self, page_ms: float) -> dict[str, Any]:
        """Let time pass without a picture."""
        if self._session.awaits_consent:
            return self.show()
        return self._answer(self._session.tick(self.times.at(page_ms)))

    def act(self, name: str, value: object = None) -> dict[str, Any]:
        """Do what the person asked for. value: a pain score or an option. Raises MessageError for an invalid one."""
        if name not in ACTIONS:
            raise MessageError("malformed")
        try:
            return self._answer(self._session.act(name, value))
        except ValueError as error:
            raise MessageError("malformed") from error

    def show(self) -> dict[str, Any]:
        """The current session, for a page that was reloaded."""
        return self._answer(self._session.now())

    def conclude(self) -> None:
        """Store everything: only the summary is still to be read."""
        self._session.conclude()

    def close(self) -> None:
        """Store everything so far and free the model."""
        self._session.close()

    def _answer(
        self, guided: GuideMoment, observation: Observation | None = None, number: int | None = None
    ) -> dict[str, Any]:
        problem = self._session.problem
        said = translated(problem.problem, self.settings.language) if problem is not None else ""
        message = moment_message(guided, observation, number, said)
        message["session"] = self.number
        return message


def checked_person(name: str) -> str:
    """A name as stored. Raises MessageError."""
    try:
        return checked_name(name)
    except HistoryError as error:
        raise MessageError("unknown_person") from error
