"""What every face must do with any moment: show it, whatever is in it, and change nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from coach.app.annotated_video import AnnotatedVideo
from coach.app.engine import run
from coach.definitions.exercise import Exercise, builtin_names, load_exercise
from coach.overlay.free_scene import Scene, ScenePresenter
from coach.overlay.renderer import Overlay
from coach.types import Cue, Frame, Gauge, Moment, Observation, Pose, Status
from coach.video.file import VideoInfo
from coach.window.voice import Voice
from tests.conftest import standing_pose
from tests.window.test_window import FakeFeed, FakeScreen

SIZE = (320, 240)
PHASES = {
    "repetitions": ("nobody", "partial", "calibrating", "ready", "moving"),
    "hold": ("nobody", "partial", "calibrating", "ready", "raised", "opening", "holding", "returning"),
}

Shows = Callable[[Moment], None]


@contextmanager
def window_face(exercise: Exercise, tmp_path: Path) -> Iterator[Shows]:
    presenter = ScenePresenter([exercise])

    class Engine:
        done = False
        moment: Moment

        def step(self, frame: Frame) -> Scene:
            return presenter.scene(self.moment)

        def without_picture(self, t_s: float) -> Scene:
            return Scene()

        def press(self, key: str) -> None:
            pass

    def show(moment: Moment) -> None:
        engine, screen = Engine(), FakeScreen()
        engine.moment = moment
        feed: object = FakeFeed(Frame(moment.t_s, np.zeros((SIZE[1], SIZE[0], 3), np.uint8)))
        run(engine, feed, screen)  # type: ignore[arg-type]
        assert len(screen.shown) == 1

    yield show


@contextmanager
def video_face(exercise: Exercise, tmp_path: Path) -> Iterator[Shows]:
    with AnnotatedVideo(tmp_path / "out.mp4", VideoInfo("none.mp4", 1.0, 15.0, SIZE), [exercise]) as video:
        yield video.show


@contextmanager
def picture_face(exercise: Exercise, tmp_path: Path) -> Iterator[Shows]:
    presenter, overlay = ScenePresenter([exercise], "de"), Overlay()

    def show(moment: Moment) -> None:
        overlay.draw(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), presenter.scene(moment), mirrored=True)

    yield show


@contextmanager
def voice_face(exercise: Exercise, tmp_path: Path) -> Iterator[Shows]:
    with Voice("en", muted=True) as voice:
        yield lambda moment: voice.say(moment.cue.text if moment.cue else "")


FACE_MAKERS = [window_face, video_face, picture_face, voice_face]


def strange_moments(exercise: Exercise) -> Iterator[Moment]:
    """Every phase, with everything, with nothing, and with nonsense in it."""
    pose = standing_pose(SIZE)
    lost = Pose(np.full_like(pose.xy_px, np.nan), np.full_like(pose.world_m, np.nan), np.zeros_like(pose.visibility))
    gauges = tuple(
        Gauge(spec.signal, spec.label, value, "°", spec.low, spec.high, spec.target)
        for spec in exercise.gauges
        for value in (spec.low, spec.high * 9, math.nan, math.inf, -math.inf)
    )
    cues = [None, *(Cue(0.0, fault.name, exercise.say(fault.name), 1, fault.joints) for fault in exercise.faults)]
    t_s = 0.0
    for phase in PHASES[exercise.kind]:
        for seen in (pose, lost, None):
            for side in ("left", "right", None):
                t_s += 0.4
                yield Moment(
                    t_s,
                    Observation(t_s, SIZE, seen),
                    Status(
                        exercise.name,
                        exercise.kind,
                        phase,
                        waiting_for=phase,
                        side=side,  # type: ignore[arg-type]
                        count=round(t_s * 7) % 130,
                        target=exercise.target.count if seen is not None else 0,
                        breath_phase=t_s % 1 if seen is pose else math.nan,
                        gauges=gauges if side else (),
                    ),
                    cue=cues[round(t_s * 10) % len(cues)],
                )


@pytest.mark.parametrize("name", builtin_names())
@pytest.mark.parametrize("make_face", FACE_MAKERS)
def test_every_face_shows_every_moment(
    make_face: Callable[[Exercise, Path], object], name: str, tmp_path: Path
) -> None:
    exercise = load_exercise(name)
    with make_face(exercise, tmp_path) as show:  # type: ignore[attr-defined]
        for moment in strange_moments(exercise):
            before = None if moment.observation.pose is None else moment.observation.pose.xy_px.copy()
            show(moment)
            if before is not None and moment.observation.pose is not None:
                assert np.array_equal(before, moment.observation.pose.xy_px, equal_nan=True)
