"""Live practice in a window, with a camera or a file played as one. Results survive however it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from coach.app.engine import Engine, Screen, Speaker, run
from coach.definitions.exercise import Exercise
from coach.definitions.programme_messages import NOTICE_PAGES, Messages
from coach.errors import CoachError
from coach.i18n.result_notes import sentences
from coach.overlay.free_scene import Key, Scene, ScenePresenter, labels
from coach.overlay.guided_scene import notice_scene
from coach.perception.observer import Observer
from coach.session.result import Result
from coach.session.session import Session
from coach.types import Frame, Moment, Observation, Side, other_side
from coach.video.camera import open_live
from coach.video.latest_frame import LatestFrame
from coach.video.rate_limiter import JUDGED_FPS, RateLimiter


class Practice:
    """One exercise without a programme, for the window: frames in, scenes out.

    Keys: space pauses, s changes sides, q ends.

    observe: the observer. say: the voice. on_moment: called with each moment, to store it.
    """

    def __init__(
        self,
        session: Session,
        presenter: ScenePresenter,
        observe: Callable[[Frame], Observation],
        say: Callable[[str], None],
        on_moment: Callable[[Moment], None] | None = None,
        language: str = "en",
    ) -> None:
        self._session = session
        self._presenter = presenter
        self._observe = observe
        self._say = say
        self._on_moment = on_moment
        self._labels = labels(language)
        self._pace = RateLimiter(JUDGED_FPS)
        self._scene = Scene()
        self._side: Side | None = None
        self.paused = False
        self.done = False

    def step(self, frame: Frame) -> Scene:
        """Judge a frame; while paused nothing is judged and counts are kept."""
        if self.paused:
            return self._instead(self._labels["paused"])
        if not self._pace.due(frame.t_s):
            return self._scene
        moment = self._session.step(self._observe(frame))
        self._side = moment.status.side
        scene = self._presenter.scene(moment)
        gauges = () if scene.circle is not None else scene.gauges[:1]  # one is enough while moving
        self._scene = replace(scene, gauges=gauges, keys=self._keys)
        if moment.cue is not None:
            self._say(moment.cue.text)
        if self._on_moment is not None:
            self._on_moment(moment)
        return self._scene

    def without_picture(self, t_s: float) -> Scene:
        """The count is kept; the sentence says that the camera has gone."""
        return self._instead(self._labels["no_camera"])

    def press(self, key: str) -> None:
        """Space pauses and resumes, s judges the other side, q ends."""
        if key == "q":
            self.done = True
        elif key == "space":
            self.paused = not self.paused
        elif key == "s":
            self._side = other_side(self._side) if self._side else "left"
            self._session.select_side(self._side)

    def _instead(self, sentence: str) -> Scene:
        return replace(self._scene, sentence=sentence, pose=None, marks=(), circle=None, gauges=(), keys=self._keys)

    @property
    def _keys(self) -> tuple[Key, ...]:
        names = self._labels
        return (
            Key(names["key_space"], names["resume" if self.paused else "pause"]),
            Key("S", names["other_side"]),
            Key("Q", names["end"]),
        )


class NoticeFirst:
    """Wraps an engine: the notice must be read and confirmed before the first session.

    Until then nobody is watched. confirm: called when the person confirms.
    """

    def __init__(self, engine: Engine, words: Messages, confirm: Callable[[], None]) -> None:
        self._engine = engine
        self._words = words
        self._confirm = confirm
        self._page = 0
        self._ended = False

    def _agreed(self) -> bool:
        return self._page >= len(NOTICE_PAGES)

    @property
    def done(self) -> bool:
        """Whether there is nothing more to come."""
        return self._ended or self._engine.done

    def step(self, frame: Frame) -> Scene:
        """The engine's scene, or the notice's page."""
        return self._engine.step(frame) if self._agreed() else notice_scene(self._words, self._page)

    def without_picture(self, t_s: float) -> Scene:
        """The same without a picture."""
        return self._engine.without_picture(t_s) if self._agreed() else notice_scene(self._words, self._page)

    def press(self, key: str) -> None:
        """Enter turns the page, and on the last one confirms; q ends."""
        if self._agreed():
            self._engine.press(key)
        elif key == "enter":
            self._page += 1
            if self._agreed():
                self._confirm()
        elif key == "q":
            self._ended = True


@dataclass(frozen=True, slots=True)
class Practised:
    """The outcome of a live session. problem: why it ended early, None if the person ended it."""

    result: Result
    exercise: Exercise
    problem: CoachError | None = None


def run_live(
    exercises: Sequence[Exercise],
    source: int | str | Path,
    screen: Screen,
    speaker: Speaker,
    *,
    side: Side | None = None,
    language: str = "en",
    on_start: Callable[[], None] = lambda: None,
    on_moment: Callable[[Moment], None] | None = None,
    notice: Messages | None = None,
    confirm: Callable[[], None] = lambda: None,
) -> Practised:
    """Practise in front of a camera by number, a stream by URL, or a file, until the person ends it.

    Keys: space pauses, s changes sides, m toggles the sound, f full screen; q, Esc or closing the window ends. So does
    Ctrl-C: what was done is returned, never lost. on_start: called once the source is open. notice: the notice to
    confirm first, None if that was done before; confirm: called when the person confirms. Raises CameraError,
    SourceNotFoundError, SourceUnreadableError or ModelError if it cannot begin.
    """
    session = Session(exercises, side, language)
    with ExitStack() as stack:
        feed = stack.enter_context(LatestFrame(lambda: open_live(source)))
        observer = stack.enter_context(Observer(at_once=True))
        practice = Practice(
            session, ScenePresenter(exercises, language), observer.observe, speaker.say, on_moment, language
        )
        with suppress(KeyboardInterrupt):
            on_start()
            run(practice if notice is None else NoticeFirst(practice, notice, confirm), feed, screen, speaker)
    done = session.finish()
    result = done.result(str(source), notes=sentences(done.notes, language))
    return Practised(result, done.exercise, feed.problem)
