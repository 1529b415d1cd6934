"""A guided session in the window: what is shown at each stage, what the keys do, and what is kept."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.app import guided_engine
from coach.app.guided import GuidedSession, GuidedSettings
from coach.app.guided_engine import GuidedEngine, run_guided
from coach.definitions.exercise import load_exercise
from coach.definitions.programme import load_programme
from coach.definitions.programme_messages import NOTICE_PAGES
from coach.errors import CameraError
from coach.guide.types import BreathView, Check, CountView, GuideMoment, Speech
from coach.history import History
from coach.overlay.free_scene import Key, Scale, Scene, Spot
from coach.overlay.guided_scene import guided_scene, notice_scene
from coach.overlay.renderer import Overlay
from coach.types import Frame, Joint, Observation
from tests.conftest import standing_pose
from tests.guide.theatre import programme
from tests.moments import DROP, moment
from tests.window.test_window import FakeScreen, FakeSpeaker

SIZE = (640, 480)
PROGRAMME = programme(("hip-hiker", "left", {"reps": 3}))
WORDS = PROGRAMME.speak("en")


def frame(t_s: float) -> Frame:
    return Frame(t_s, np.zeros((48, 64, 3), np.uint8))


class Watching:
    """Sees somebody stand in every picture. ``times``: of the pictures it was shown."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.closed = False

    def __enter__(self) -> Watching:
        return self

    def __exit__(self, *problem: object) -> None:
        self.closed = True

    def observe(self, frame: Frame) -> Observation:
        self.times.append(frame.t_s)
        return Observation(frame.t_s, SIZE, standing_pose(SIZE), 1, brightness=120.0)


class Led:
    """Somebody who is led through a session that is not kept, and what was said."""

    def __init__(self, confirmed: bool = False, language: str = "en") -> None:
        self.said: list[Speech] = []
        self.watcher = Watching()
        settings = GuidedSettings(PROGRAMME, language, kept=False, make_watcher=lambda: self.watcher)
        self.run = GuidedSession(settings)
        self.guide = self.run.guide
        self.session = GuidedEngine(self.run, self.said.append)
        self.t_s = 0.0
        if confirmed:
            for _ in NOTICE_PAGES:
                self.session.press("enter")

    @property
    def watched(self) -> list[float]:
        return self.watcher.times

    def play(self, seconds: float) -> Scene:
        scene = Scene()
        for _ in range(round(seconds * 10)):
            self.t_s += 0.1
            scene = self.session.step(frame(self.t_s))
        return scene

    @property
    def stage(self) -> str:
        return self.run.shown.stage


def test_before_the_notice_is_confirmed_nobody_is_watched() -> None:
    desk = Led()
    scene = desk.play(2.0)
    assert scene.page is not None
    read = list(scene.page.lines)
    while "Enter: " + WORDS("action_confirm_safety") not in scene.hints:
        assert "Enter: Read on" in scene.hints
        assert not desk.guide.safety_confirmed
        desk.session.press("enter")
        scene = desk.play(0.1)
        assert scene.page is not None
        read += [line for line in scene.page.lines if line not in read]
    assert [line.removeprefix("•  ") for line in read] == list(desk.run.shown.notice)
    assert "•  " + WORDS("notice_injury") in read
    assert desk.watched == []
    desk.session.press("enter")
    assert desk.guide.safety_confirmed
    assert desk.stage == "setup"
    desk.play(0.3)
    assert len(desk.watched) == 3


def test_the_set_up_shows_ticks_and_a_body_to_stand_into() -> None:
    scene = Led(confirmed=True).play(0.5)
    assert scene.title == "Hip hiker"
    assert scene.subtitle == "Left side"
    assert WORDS("check_person") in [tick.label for tick in scene.ticks]
    # Who stands straight on sees how to stand; everybody else sees how it goes.
    assert scene.silhouette == scene.place == Spot("upright", "left", "Stand turned about 40 degrees")
    assert scene.figure is None
    assert scene.pose is not None
    assert "N: " + WORDS("action_next") in scene.hints
    assert scene.keys == (Key("Space", "Pause"), Key("P", WORDS("action_hurts")), Key("Q", WORDS("action_end")))


def test_the_set_up_shows_how_it_goes() -> None:
    picture = load_exercise("hip-hiker").picture
    assert picture is not None
    for stage in ("setup", "rest"):
        scene = guided_scene(guide_moment(stage=stage), seen(), WORDS, pictures={"hip-hiker": picture})
        assert scene.figure is not None
        assert (scene.figure.exercise, scene.figure.side) == ("hip-hiker", "left")
        assert scene.place is None
    assert guided_scene(guide_moment(), seen(), WORDS, pictures={"hip-hiker": picture}).figure is None


def test_nobody_who_stands_right_is_drawn_over() -> None:
    scene = guided_scene(guide_moment(stage="setup", progress=0.5), seen(), WORDS)
    assert scene.silhouette is None
    assert scene.count is not None


def test_space_pauses_and_goes_on() -> None:
    desk = Led(confirmed=True)
    desk.play(0.5)
    desk.session.press("space")
    assert desk.play(0.2).sentence == WORDS("paused_asked")
    desk.session.press("space")
    desk.play(0.2)
    assert desk.stage != "paused"


def test_pain_is_asked_typed_and_advised() -> None:
    desk = Led(confirmed=True)
    desk.play(0.5)
    desk.session.press("p")
    assert desk.play(0.1).scale == Scale(None, "no pain", "worst imaginable pain")
    desk.session.press("enter")
    assert desk.play(0.1).scale is not None, "nothing was typed yet"
    for key, chosen in (("1", 1), ("0", 10), ("7", 7), ("backspace", None)):
        desk.session.press(key)
        scale = desk.play(0.1).scale
        assert scale is not None
        assert scale.chosen == chosen
    desk.session.press("7")
    desk.session.press("enter")
    scene = desk.play(0.1)
    assert scene.page is not None
    assert scene.page.heading == WORDS("pain_stop")
    assert scene.page.lines[:2] == (WORDS("pain_advice"), "Where does it hurt?")
    assert scene.page.lines[2] == "1   outer hip or buttock"
    assert scene.sentence == "", "it is not said twice"
    assert [mark.score for mark in desk.guide.record.pains] == [7]
    desk.session.press("4")
    desk.play(0.1)
    assert desk.guide.record.pains[0].place == "knee"


def test_q_ends_by_way_of_the_summary() -> None:
    desk = Led(confirmed=True)
    desk.play(0.5)
    desk.session.press("q")
    page = desk.play(0.1).page
    assert page is not None
    assert page.heading == WORDS("summary_nothing")
    assert not desk.session.done
    desk.session.press("q")
    assert desk.session.done


def test_keys_that_do_nothing_now_do_nothing() -> None:
    desk = Led()
    for key in ("space", "n", "s", "p", "7", "x", "backspace"):
        desk.session.press(key)
    assert desk.stage == "welcome"


def test_a_silent_camera_pauses_and_says_so() -> None:
    desk = Led(confirmed=True)
    desk.play(0.5)
    scene = Scene()
    for i in range(30):
        scene = desk.session.without_picture(0.5 + i / 10)
    assert scene.sentence == WORDS("paused_camera")


def test_sentences_are_spoken_once() -> None:
    desk = Led()
    desk.play(1.0)
    assert [speech.key for speech in desk.said] == ["welcome"]


def guide_moment(**options: Any) -> GuideMoment:
    desk = Led(confirmed=True)
    desk.play(0.2)
    base = desk.run.shown
    return replace(base, **{"stage": "exercise", "checks": (), "progress": 0.0, **options})


def seen(t_s: float = 1.0) -> Observation:
    return Observation(t_s, SIZE, standing_pose(SIZE), 1)


def test_while_exercising_there_is_the_count_the_gauge_and_no_keys() -> None:
    shown = guide_moment(
        count=CountView(2, 3, 3, "reps"), moment=moment(), sentence="Keep it straight.", joints=("stance knee",)
    )
    scene = guided_scene(shown, seen(), WORDS)
    assert scene.count is not None
    assert (scene.count.value, scene.count.below, scene.count.enough) == (2, "of 3", 1.0)
    assert scene.gauges == (DROP,), "one is enough to look at"
    assert scene.hints == ""
    assert [key.name for key in scene.keys] == ["Space", "P", "Q"]
    assert scene.marks == (Joint.RIGHT_KNEE,)
    assert scene.silhouette is scene.place is None


def test_a_breath_that_cannot_be_seen_has_a_dash_and_a_pace() -> None:
    shown = guide_moment(
        count=CountView(None, 6, 8, "breaths"), breath=BreathView("in", "In", 0.4, True), moment=moment()
    )
    scene = guided_scene(shown, seen(), WORDS)
    assert scene.count is not None
    assert (scene.count.value, scene.count.fill, scene.count.below) == (None, 0.0, "of 6–8")
    assert scene.circle is not None
    assert scene.circle.paced
    assert scene.gauges == (), "the circle takes the gauge's place"


def test_numbers_are_shown_large_and_not_as_a_sentence() -> None:
    scene = guided_scene(guide_moment(stage="countdown", countdown=3, sentence="3"), seen(), WORDS)
    assert (scene.big, scene.sentence) == ("3", "")


def test_a_rest_counts_down_in_the_ring() -> None:
    scene = guided_scene(guide_moment(stage="rest", rest_left_s=7.2, rest_s=30.0), seen(), WORDS)
    assert scene.count is not None
    assert (scene.count.value, scene.count.below) == (8, "s")
    assert scene.count.fill == pytest.approx(1 - 7.2 / 30)


def test_every_stage_can_be_drawn(video: Callable[..., Path]) -> None:
    check = Check("light", "Light", "not_ok", "Switch on a light.")
    overlay = Overlay()
    for options in (
        {"stage": "welcome", "notice": ("One.", "Two.")},
        {"stage": "setup", "checks": (check, replace(check, state="unknown"))},
        {"stage": "calibrate", "progress": 0.5},
        {"stage": "countdown", "countdown": 2},
        {"stage": "rest", "rest_left_s": 3.0, "rest_s": 0.0},
        {"stage": "paused", "pause": "left", "count": CountView(None, 0, 0, "reps")},
        {"stage": "question"},
        {"stage": "done", "block": None},
    ):
        for observation in (seen(), None):
            scene = guided_scene(guide_moment(**options), observation, WORDS)
            assert overlay.draw(np.zeros((480, 640, 3), np.uint8), scene).any()


def test_german_speaks_german_everywhere() -> None:
    desk = Led(confirmed=True, language="de")
    scene = desk.play(0.5)
    assert scene.subtitle == "Linke Seite"
    assert Key("Leertaste", "Pause") in scene.keys
    assert scene.place is not None
    assert scene.place.words == "Etwa 40 Grad schräg zur Kamera stehen"


def kept_in(folder: Path, watcher: Watching) -> GuidedSettings:
    return GuidedSettings(PROGRAMME, data_dir=folder, source="camera 0", make_watcher=lambda: watcher)


def test_the_session_is_kept_while_it_runs(tmp_path: Path) -> None:
    watcher = Watching()
    with GuidedSession(kept_in(tmp_path, watcher)) as session:
        engine = GuidedEngine(session, lambda speech: None)
        for _ in NOTICE_PAGES:
            engine.press("enter")
        for i in range(1, 60):
            engine.step(frame(i / 10))
        for key in ("p", "4", "enter"):
            engine.press(key)
    assert watcher.closed
    with History.open(tmp_path) as history:
        assert history.safety_confirmed("me", PROGRAMME.notice_version)
        kept = history.session(1)
    assert [pain.score for pain in kept.pains] == [4]
    assert kept.source == "camera 0"
    assert kept.record is not None
    assert kept.record["programme"] == PROGRAMME.name


def test_one_that_is_closed_at_the_notice_leaves_nothing(tmp_path: Path) -> None:
    with GuidedSession(kept_in(tmp_path, Watching())) as session:
        GuidedEngine(session, lambda speech: None).step(frame(0.1))
    assert session.number == 0
    with History.open(tmp_path) as history:
        assert history.sessions() == []


def test_closing_the_window_keeps_what_was_done(video: Callable[..., Path], tmp_path: Path) -> None:
    screen = FakeScreen(["", *["enter"] * len(NOTICE_PAGES), "", "", "closed"])
    done = run_guided(kept_in(tmp_path, Watching()), video(frames=300), screen, FakeSpeaker())
    assert done.record.safety_confirmed
    assert done.problem is done.unkept is None
    assert math.isfinite(done.record.duration_s)
    with History.open(tmp_path) as history:
        assert history.has(done.number)


def test_where_it_cannot_begin_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(source: object) -> Any:
        raise CameraError("camera 0: cannot be opened")

    monkeypatch.setattr(guided_engine, "open_live", absent)
    with pytest.raises(CameraError):
        run_guided(kept_in(tmp_path, Watching()), 0, FakeScreen(), FakeSpeaker())
    with History.open(tmp_path) as history:
        assert history.sessions() == []


@pytest.mark.parametrize(("language", "said"), [("en", "Enter: "), ("de", "Eingabe: "), ("fr", "Entrée\u00a0: ")])
def test_keys_are_explained_as_the_language_writes_it(language: str, said: str) -> None:
    assert notice_scene(load_programme().speak(language), 0).hints.startswith(said)
