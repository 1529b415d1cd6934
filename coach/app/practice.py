"""The live use of the coach: a camera, or a file played as one, in a window. Results outlast whatever ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from coach.app.engine import Screen, Speaker, run
from coach.app.warmup import warm_up
from coach.definitions.exercise import Exercise
from coach.errors import CoachError
from coach.overlay.free_scene import Key, Scene, ScenePresenter, labels
from coach.perception.observer import Observer
from coach.session.result import Result
from coach.session.session import Session
from coach.types import Frame, Moment, Observation, Side, other_side
from coach.video.camera import open_live
from coach.video.file import JUDGED_FPS, RateLimiter
from coach.video.latest_frame import LatestFrame


class Practice:
    """One exercise without a programme, for the window: frames in, scenes out.

    Keys: space pauses, s changes sides, q ends.

    observe: what sees. say: what speaks. on_moment: sees each moment, to keep it.
    """

    def __init__(
        self,
        session: Session,
        narrator: ScenePresenter,
        observe: Callable[[Frame], Observation],
        say: Callable[[str], None],
        on_moment: Callable[[Moment], None] | None = None,
        language: str = "en",
    ) -> None:
        self._session = session
        self._narrator = narrator
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
        """Judge a frame; while paused nothing is judged and counts stay."""
        if self.paused:
            return self._instead(self._labels["paused"])
        if not self._pace.due(frame.t_s):
            return self._scene
        moment = self._session.step(self._observe(frame))
        self._side = moment.status.side
        scene = self._narrator.scene(moment)
        gauges = () if scene.circle is not None else scene.gauges[:1]  # one is enough to look at while moving
        self._scene = replace(scene, gauges=gauges, keys=self._keys)
        if moment.cue is not None:
            self._say(moment.cue.text)
        if self._on_moment is not None:
            self._on_moment(moment)
        return self._scene

    def without_picture(self, t_s: float) -> Scene:
        """The count stays; the sentence says that the camera is gone."""
        return self._instead(self._labels["no_camera"])

    def press(self, key: str) -> None:
        """Space pauses and goes on, s judges the other side, q ends."""
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


@dataclass(frozen=True, slots=True)
class Practised:
    """What is left of a live session. problem: why it ended early, None where the person ended it."""

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
    on_moment: Callable[[Moment], None] | None = None,
) -> Practised:
    """Practise in front of a camera by number, a stream by URL, or a file, until the person ends it.

    Keys: space pauses, s changes sides, m turns the sound off and on, f fills the screen, q, Esc or closing the
    window ends. Ctrl-C ends as well: what was done is returned, never lost. Raises CameraError, SourceNotFoundError,
    SourceUnreadableError or ModelError where it cannot begin.
    """
    session = Session(exercises, side, language)
    with ExitStack() as stack:
        warm_up()
        feed = stack.enter_context(LatestFrame(lambda: open_live(source)))
        observer = stack.enter_context(Observer())
        practice = Practice(
            session, ScenePresenter(exercises, language), observer.observe, speaker.say, on_moment, language
        )
        with suppress(KeyboardInterrupt):
            run(practice, feed, screen, speaker)
    done = session.finish()
    return Practised(done.result(str(source)), done.exercise, feed.problem)
