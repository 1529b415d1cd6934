"""A guided session in the window: camera, guide, voice and history, joined."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from coach.app.guided_keeper import GuidedKeeper
from coach.app.warmup import warm_up
from coach.errors import CoachError
from coach.guide.guide import Guide
from coach.guide.log import SessionRecord
from coach.guide.types import GuideMoment, Speech
from coach.history import SessionWriter
from coach.overlay.free_scene import Scene
from coach.overlay.guided_scene import KEYS, guided_scene
from coach.perception.observer import Observer
from coach.types import Frame, Observation
from coach.video.camera import open_live
from coach.video.file import JUDGED_FPS, RateLimiter
from coach.video.latest_frame import LatestFrame
from coach.window.voice import Voice
from coach.window.window import Screen, Window, run


class GuidedSession:
    """A guide for the window: frames and keys in, scenes out.

    observe: what sees. say: what speaks. keep: sees each moment of the guide, to keep it.
    """

    def __init__(
        self,
        guide: Guide,
        observe: Callable[[Frame], Observation],
        say: Callable[[Speech], None],
        keep: Callable[[GuideMoment], None],
    ) -> None:
        self._guide = guide
        self._observe = observe
        self._say = say
        self._keep = keep
        self._pace = RateLimiter(JUDGED_FPS)
        self._seen: Observation | None = None
        self._typed = ""
        self._shown = self._take(guide.tick(0.0))

    @property
    def done(self) -> bool:
        """Whether the session is over and its summary was read."""
        return self._shown.stage == "done"

    def step(self, frame: Frame) -> Scene:
        """Take a frame. Before the notice is confirmed nobody is watched, and no time passes."""
        if self._shown.stage == "welcome":
            return self._scene(None)
        if self._pace.due(frame.t_s):
            self._seen = self._observe(frame)
            self._take(self._guide.step(self._seen))
        return self._scene(self._seen)

    def without_picture(self, t_s: float) -> Scene:
        """Let time pass: after a while the guide pauses and says that the camera is silent."""
        if self._shown.stage != "welcome":
            self._take(self._guide.tick(t_s))
        return self._scene(None)

    def press(self, key: str) -> None:
        """Do what the key stands for, where it can be done now; see ``coach.overlay.guided_scene.KEYS``."""
        guide, actions = self._guide, self._guide.actions
        if "pain_score" in actions and self._type(key):
            return
        for name, action in KEYS:
            if name == key and action in actions:
                act: Callable[[], None] = getattr(guide, action)
                act()
                self._take(guide.tick(-math.inf))
                return

    def _type(self, key: str) -> bool:
        """Digits of a pain score; whether the key was one of it."""
        if key == "backspace":
            self._typed = self._typed[:-1]
        elif key == "enter" and self._typed:
            self._guide.pain_score(int(self._typed))
            self._typed = ""
            self._take(self._guide.tick(-math.inf))
        elif key.isdigit():
            longer = self._typed + key
            self._typed = longer if int(longer) <= 10 else key
        else:
            return False
        return True

    def _take(self, guided: GuideMoment) -> GuideMoment:
        for speech in guided.say:
            self._say(speech)
        self._keep(guided)
        self._shown = replace(guided, say=())
        return self._shown

    def _scene(self, observation: Observation | None) -> Scene:
        return guided_scene(self._shown, observation, self._guide.words, self._typed)


@dataclass(frozen=True, slots=True)
class Guided:
    """What is left of a guided session. problem: why it ended early, None where the person ended it."""

    record: SessionRecord
    problem: CoachError | None = None


def run_guided(
    guide: Guide,
    source: int | str | Path,
    *,
    begin: Callable[[], SessionWriter],
    confirm: Callable[[], None] = lambda: None,
    mute: bool = False,
    full_screen: bool = False,
    tell: Callable[[CoachError], None] = lambda problem: None,
    screen: Screen | None = None,
) -> Guided:
    """Lead somebody in front of a camera through the guide's programme, until it is done or the window is closed.

    begin: gives what keeps the session, once camera and screen are there. confirm: called when the notice was
    confirmed. tell: hears of a voice that does not work. Ctrl-C loses nothing. Raises CameraError,
    SourceNotFoundError, SourceUnreadableError, ModelError or ScreenError where it cannot begin.
    """
    with ExitStack() as stack:
        # The screen first: it is the quickest to fail.
        window = screen or Window(full_screen)
        stack.callback(window.close)
        warm_up()
        feed = stack.enter_context(LatestFrame(lambda: open_live(source)))
        observer = stack.enter_context(Observer())
        voice = stack.enter_context(Voice(guide.words.language, muted=mute, tell=tell))

        def say(speech: Speech) -> None:
            voice.say(speech.text, speech.valid_s, priority=speech.priority, instead=False, urgent=speech.urgent)

        keeper = GuidedKeeper(guide, begin(), confirm)
        stack.callback(keeper.close)
        with suppress(KeyboardInterrupt):
            run(GuidedSession(guide, observer.observe, say, keeper.take), feed, window, voice)
    return Guided(guide.record, feed.problem)
