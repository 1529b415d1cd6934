"""``coach live``: what it prints, keeps and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from coach.definitions.exercise import Exercise
from coach.definitions.programme import load_programme
from coach.errors import SourceNotFoundError
from coach.history import History
from coach.history.database import FILE
from coach.perception.observer import Observer
from coach.perception.recording import Recorder
from tests.conftest import FakeEstimator, standing_pose
from tests.report.scripted import renamed_hiker
from tests.typed import typed
from tests.window.test_window import FakeScreen

MakeVideo = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the history inside it, and no display."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    """A window that needs no display, and a person who is found without the model."""
    estimator: Any = FakeEstimator(standing_pose((64, 48)))
    shown = FakeScreen()
    monkeypatch.setattr("coach.app.practice.Observer", lambda **_: Observer(estimator))
    monkeypatch.setattr("coach.perception.observer.Observer", lambda **_: Observer(estimator))
    monkeypatch.setattr("coach.window.window.Window", lambda full_screen: shown)
    return shown


def call(*arguments: str) -> Result:
    return typed("live", *arguments)


def test_one_exercise_prints_keeps_and_saves_its_result(home: Path, screen: FakeScreen, video: MakeVideo) -> None:
    done = call("hip-hiker", "--source", str(video(frames=8)), "--mute", "--lang", "de")
    assert done.exit_code == 0, done.output
    assert screen.shown
    assert "Tasten: Leertaste" in done.stderr
    results = list((home / "out").glob("live*/result.json"))
    assert len(results) == 1
    assert json.loads(results[0].read_text())["seen_ratio"] == 1.0
    assert str(results[0].relative_to(home)) in done.output
    with History.open() as history:
        (session,) = history.sessions()
    assert session.parts[0].exercise == "hip-hiker"
    assert session.ended_at is not None
    assert session.language == "de"
    (report,) = (home / "home" / "reports").glob("*.html")
    assert '<html lang="de">' in report.read_text(encoding="utf-8")


@pytest.mark.usefixtures("screen")
def test_before_one_exercise_the_notice_is_shown_and_asked_for_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By everybody in front of a camera, in their language; whoever agreed to this version of it is not asked again."""
    shown: list[Any] = []

    def run(*_: object, notice: Any, confirm: Callable[[], None], **__: object) -> None:
        shown.append(notice)
        confirm()
        raise SourceNotFoundError("no camera here")

    monkeypatch.setattr("coach.app.practice.run_live", run)
    assert call("hip-hiker", "--lang", "de").exit_code == 2
    assert shown[0] is not None and "Taubheitsgefühl zwischen den Beinen" in shown[0]("notice_emergency")
    call("hip-hiker")
    assert shown[1] is None
    call("strap-stretch", "--person", "anna")
    assert shown[2] is not None
    newer = load_programme().model_copy(update={"notice_version": load_programme().notice_version + 1})
    monkeypatch.setattr("coach.definitions.programme.load_programme", lambda *_: newer)
    call("hip-hiker")
    assert shown[3] is not None


def test_the_report_of_an_exercise_of_ones_own_is_complete(home: Path, screen: FakeScreen, video: MakeVideo) -> None:
    assert call(str(renamed_hiker(home)), "--source", str(video(frames=8)), "--mute").exit_code == 0
    (report,) = (home / "home" / "reports").glob("*.html")
    assert "Hip hiker of mine" in report.read_text(encoding="utf-8")


def test_a_guided_session_tells_its_report_which_exercises_it_knows(
    home: Path, screen: FakeScreen, video: MakeVideo, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Exercise] = []
    monkeypatch.setattr("coach.report.write.try_report", lambda folder, number, exercises: told.extend(exercises))
    screen.keys = ["", "enter", "enter", "enter", "", "q", "q"]
    source = str(video(frames=300))
    assert call("--exercise", str(renamed_hiker(home)), "--source", source, "--mute").exit_code == 0
    assert [exercise.name for exercise in told] == ["my-hiker"]


def test_a_guided_session_is_kept_and_its_notice_is_asked_once(
    home: Path, screen: FakeScreen, video: MakeVideo
) -> None:
    screen.keys = ["", "enter", "enter", "enter", "", "q", "q"]
    source = str(video(frames=300))
    assert call("--source", source, "--mute").exit_code == 0
    with History.open() as history:
        assert history.safety_confirmed("me")
        (session,) = history.sessions()
    assert (session.programme, session.sessions_per_week, session.sets_planned) == ("standard", 3, 4)
    screen.keys = ["", "q", "q"]
    assert call("--source", source, "--mute", "--exercise", "hip-hiker", "--side", "left").exit_code == 0


@pytest.mark.parametrize("arguments", [("hip-hiker",), ()])
def test_a_history_that_cannot_be_used_is_said_once_before_the_exercise(
    arguments: tuple[str, ...], home: Path, screen: FakeScreen, video: MakeVideo
) -> None:
    (home / "home").mkdir()
    (home / "home" / FILE).write_bytes(b"no database" * 500)
    screen.keys = ["", "enter", "enter", "enter", "", "q", "q"] if not arguments else []
    done = call(*arguments, "--source", str(video(frames=30)), "--mute")
    assert done.exit_code == 2
    said = done.stderr.splitlines()
    assert [line for line in said if "damaged" in line] == [said[0]]
    assert "will not be kept" in said[0]
    assert "coach history repair" in said[0]
    assert bool(list((home / "out").glob("live*/result.json"))) is bool(arguments)  # what can be kept is


@pytest.mark.skipif("sys.platform != 'linux'", reason="only on Linux can the display be missing")
@pytest.mark.parametrize("arguments", [(), ("hip-hiker",)])
def test_without_a_screen_there_is_one_line_and_no_session(home: Path, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert "coach web" in done.output
    assert "Traceback" not in done.output
    with History.open() as history:
        assert history.sessions() == []


def test_a_recording_is_nothing_to_play(home: Path, screen: FakeScreen) -> None:
    with Recorder(home / "me.observed") as recorder:
        recorder.describe("me.mp4", 1.0, 15.0)
    for arguments in (("hip-hiker",), ()):
        done = call(*arguments, "--source", "me.observed")
        assert done.exit_code == 2
        assert done.output == (
            "coach: me.observed: is a recording already, not a video. Run: coach analyse me.observed\n"
        )


def test_a_source_that_is_missing_leaves_no_session(home: Path, screen: FakeScreen) -> None:
    done = call("hip-hiker", "--source", "none.mp4")
    assert done.exit_code == 2
    assert "no such file" in done.output
    assert "Keys:" not in done.output  # for what has not begun
    with History.open() as history:
        assert history.sessions() == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("hip-hiker", "--reps", "5"), "guided"),
        (("juggling",), "juggling"),
        (("--side", "up"), "--side"),
        (("--person", " "), "no name for a person"),
        (("--lang", "xx"), "xx"),
    ],
)
def test_options_that_make_no_sense_are_one_line(home: Path, arguments: tuple[str, ...], problem: str) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert problem in done.output


def test_cameras_are_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.video.camera import CameraInfo

    monkeypatch.setattr("coach.video.camera.list_cameras", lambda: [CameraInfo(2, (640, 480), 30.0)])
    assert "2: 640 x 480, 30 pictures a second" in call("--list-cameras").output
