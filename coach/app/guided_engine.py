"""A guided session in a window: frames and keys in, scenes and spoken sentences out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from coach.app.engine import Screen, Speaker, run
from coach.app.guided import GuidedSession, GuidedSettings
from coach.definitions.programme_messages import NOTICE_PAGES
from coach.errors import CoachError
from coach.guide.session_log import SessionRecord
from coach.guide.types import GuideMoment, Speech
from coach.overlay.free_scene import Scene
from coach.overlay.guided_scene import KEYS, guided_scene
from coach.types import Frame, Observation
from coach.video.camera import open_live
from coach.video.latest_frame import LatestFrame
from coach.video.rate_limiter import JUDGED_FPS, RateLimiter


class GuidedEngine:
    """Shows a guided session: an Engine of ``coach.app.engine``. say: the voice."""

    def __init__(self, session: GuidedSession, say: Callable[[Speech], None]) -> None:
        self._session = session
        self._say = say
        self._pace = RateLimiter(JUDGED_FPS)
        self._seen: Observation | None = None
        self._typed = ""
        self._notice_page = 0
        exercises = session.guide.programme.exercises()
        self._pictures = {each.name: each.picture for each in exercises if each.picture is not None}
        self._speak(session.now())

    @property
    def done(self) -> bool:
        """Whether the session is over and its summary has been read."""
        return self._session.done

    def step(self, frame: Frame) -> Scene:
        """Take a frame. Frames beyond the judged rate are only shown."""
        if not self._session.awaits_consent and self._pace.due(frame.t_s):
            guided, self._seen = self._session.step(frame)
            self._speak(guided)
        return self._scene(self._seen)

    def without_picture(self, t_s: float) -> Scene:
        """Let time pass: after a while the guide pauses and says that the camera sends nothing."""
        if not self._session.awaits_consent:
            self._speak(self._session.tick(t_s))
        return self._scene(None)

    def press(self, key: str) -> None:
        """Do what the key stands for, if possible now; see ``coach.overlay.guided_scene.KEYS``."""
        actions = self._session.guide.actions
        if "score" in actions and self._type(key):
            return
        if "choose" in actions and self._choose(key):
            return
        if key == "enter" and "confirm_safety" in actions and self._notice_page < len(NOTICE_PAGES) - 1:
            self._notice_page += 1
            return
        for name, action in KEYS:
            if name == key and action in actions:
                self._speak(self._session.act(action))
                return

    def _type(self, key: str) -> bool:
        """Digits of a pain score; returns whether the key belonged to one."""
        if key == "backspace":
            self._typed = self._typed[:-1]
        elif key == "enter" and self._typed:
            self._speak(self._session.act("score", int(self._typed)))
            self._typed = ""
        elif key.isdigit():
            longer = self._typed + key
            self._typed = longer if int(longer) <= 10 else key
        else:
            return False
        return True

    def _choose(self, key: str) -> bool:
        """The number of an option; returns whether the key was one."""
        question = self._session.shown.question
        options = question.options if question is not None else ()
        if not key.isdigit() or not 1 <= int(key) <= len(options):
            return False
        self._speak(self._session.act("choose", options[int(key) - 1][0]))
        return True

    def _speak(self, guided: GuideMoment) -> None:
        for speech in guided.say:
            self._say(speech)

    def _scene(self, observation: Observation | None) -> Scene:
        session = self._session
        words = session.guide.words
        return guided_scene(session.shown, observation, words, self._typed, self._pictures, self._notice_page)


@dataclass(frozen=True, slots=True)
class Guided:
    """The outcome of a guided session.

    number: of the session in the history, 0 if there is none. problem: why it ended early, None if the person ended it.
    unkept: why the history does not have it.
    """

    record: SessionRecord
    number: int
    problem: CoachError | None = None
    unkept: CoachError | None = None


def run_guided(settings: GuidedSettings, source: int | str | Path, screen: Screen, speaker: Speaker) -> Guided:
    """Lead a person in front of a camera through the programme, until it is done or the window is closed.

    Ctrl-C loses nothing. Raises CameraError, SourceNotFoundError, SourceUnreadableError or ModelError if it cannot
    begin; then nothing is stored.
    """

    def say(speech: Speech) -> None:
        speaker.say(speech.text, speech.valid_s, priority=speech.priority, instead=False, urgent=speech.urgent)

    with ExitStack() as stack:
        feed = stack.enter_context(LatestFrame(lambda: open_live(source)))
        session = stack.enter_context(GuidedSession(settings))
        with suppress(KeyboardInterrupt):
            run(GuidedEngine(session, say), feed, screen, speaker)
    return Guided(session.guide.record, session.number, feed.problem, session.problem)
