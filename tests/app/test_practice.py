"""A live session with a file as its camera, a pose model that needs no time, and a screen that needs no display."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coach.app import practice as practice_module
from coach.app.practice import NoticeFirst, Practice, run_live
from coach.definitions.exercise import load_exercise
from coach.definitions.programme import load_programme
from coach.definitions.programme_messages import NOTICE_PAGES
from coach.errors import SourceNotFoundError
from coach.overlay.free_scene import ScenePresenter, labels
from coach.perception.observer import Observer
from coach.types import Frame, Moment, Observation, Side
from tests.conftest import FakeEstimator, standing_pose
from tests.moments import DROP, cue, moment
from tests.window.test_window import FakeScreen, FakeSpeaker

HIKER = load_exercise("hip-hiker")


class FakeSession:
    """Gives the moments of a script, whatever it is shown."""

    def __init__(self, *moments: Moment) -> None:
        self._moments = list(moments)
        self.sides: list[Side | None] = []
        self.times: list[float] = []

    def step(self, observation: Observation) -> Moment:
        self.times.append(observation.t_s)
        return self._moments.pop(0) if len(self._moments) > 1 else self._moments[0]

    def select_side(self, side: Side | None) -> None:
        self.sides.append(side)


def practice(session: Any, said: list[str] | None = None, kept: list[Moment] | None = None) -> Practice:
    return Practice(
        session,
        ScenePresenter([HIKER]),
        lambda frame: Observation(frame.t_s, (64, 48), None),
        (said if said is not None else []).append,
        kept.append if kept is not None else None,
    )


def frame(t_s: float = 0.0) -> Frame:
    return Frame(t_s, np.zeros((48, 64, 3), np.uint8))


def test_cues_are_shown_and_spoken_once_and_moments_are_kept() -> None:
    said: list[str] = []
    kept: list[Moment] = []
    going = practice(FakeSession(moment(0.0, cue(0.0)), moment(0.1)), said, kept)
    assert going.step(frame(0.0)).sentence == "Keep the standing knee straight."
    assert going.step(frame(0.1)).sentence == "Keep the standing knee straight."
    assert said == ["Keep the standing knee straight."]
    assert [each.t_s for each in kept] == [0.0, 0.1]


def test_while_paused_nothing_is_judged_and_the_count_stays() -> None:
    session = FakeSession(moment())
    going = practice(session)
    going.step(frame(0.0))
    going.press("space")
    scene = going.step(frame(0.1))
    assert scene.sentence == labels("en")["paused"]
    assert scene.count is not None
    assert scene.count.value == 6
    assert scene.pose is None
    going.press("space")
    going.step(frame(0.2))
    assert session.times == [0.0, 0.2]


def test_s_changes_to_the_other_side_and_back() -> None:
    session = FakeSession(moment(side="left"))
    going = practice(session)
    going.step(frame())
    going.press("s")
    going.press("s")
    assert session.sides == ["right", "left"]


def test_a_lost_camera_is_said_and_the_count_stays() -> None:
    going = practice(FakeSession(moment()))
    going.step(frame())
    scene = going.without_picture(1.0)
    assert scene.sentence == labels("en")["no_camera"]
    assert scene.count is not None
    assert scene.count.value == 6


def test_other_keys_do_nothing() -> None:
    going = practice(FakeSession(moment()))
    going.press("x")
    assert not going.paused
    assert not going.done
    going.press("q")
    assert going.done


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody stands in every picture, and finding them takes no time."""
    estimator: Any = FakeEstimator(standing_pose((64, 48)))
    monkeypatch.setattr(practice_module, "Observer", lambda **_: Observer(estimator))


@pytest.mark.usefixtures("quick")
def test_a_file_plays_as_a_camera_and_ends_with_the_result(video: Callable[..., Path]) -> None:
    screen, kept = FakeScreen(), list[Moment]()
    source = video(frames=8)
    done = run_live([HIKER], source, screen, FakeSpeaker(), on_moment=kept.append)
    assert done.problem is None
    assert done.result["source"] == str(source)
    assert done.result["seen_ratio"] == 1.0
    assert done.exercise is HIKER
    assert 1 <= len(kept) == len(screen.shown) <= 8
    assert [each.t_s for each in kept] == sorted(each.t_s for each in kept)


@pytest.mark.usefixtures("quick")
def test_ctrl_c_loses_nothing(video: Callable[..., Path]) -> None:
    class Interrupted(FakeScreen):
        def key(self) -> str:
            if len(self.shown) == 3:
                raise KeyboardInterrupt
            return ""

    kept: list[Moment] = []
    done = run_live([HIKER], video(frames=60), Interrupted(), FakeSpeaker(), on_moment=kept.append)
    assert len(kept) == 3
    assert done.result["seen_ratio"] == 1.0


def test_a_source_that_is_not_there_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        run_live([HIKER], tmp_path / "none.mp4", FakeScreen(), FakeSpeaker())


def test_one_gauge_is_shown_and_the_keys_with_what_they_do_now() -> None:
    going = practice(FakeSession(moment()))
    scene = going.step(frame(0.0))
    assert scene.gauges == (DROP,)
    assert [(key.name, key.does) for key in scene.keys] == [("Space", "Pause"), ("S", "Other side"), ("Q", "End")]
    going.press("space")
    paused = going.step(frame(0.1))
    assert paused.keys[0].does == "Go on"
    assert paused.gauges == ()


def test_in_a_hold_the_circle_stands_alone() -> None:
    scene = practice(FakeSession(moment(phase="holding", breath_phase=0.2))).step(frame(0.0))
    assert scene.circle is not None
    assert scene.gauges == ()


def test_the_notice_comes_first_and_nobody_is_watched_before_it_is_agreed_to() -> None:
    kept: list[Moment] = []
    agreed: list[bool] = []
    words = load_programme().speak("en")
    first = NoticeFirst(practice(FakeSession(moment()), kept=kept), words, lambda: agreed.append(True))
    read: list[str] = []
    for _ in NOTICE_PAGES:
        scene = first.step(frame(0.0))
        assert scene.page is not None
        read += scene.page.lines
        assert not agreed and not kept
        first.press("p")
        first.press("enter")
    assert agreed == [True]
    assert any("numbness between the legs" in line for line in read)
    assert first.step(frame(0.1)).page is None
    assert kept
    assert not first.done


def test_who_does_not_agree_may_leave() -> None:
    first = NoticeFirst(practice(FakeSession(moment())), load_programme().speak("en"), lambda: None)
    first.step(frame(0.0))
    first.press("q")
    assert first.done
