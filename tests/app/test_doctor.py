"""The doctor says what is not right and what to do, and only what is essential is an error."""

from __future__ import annotations

import math
import os
import sys
from importlib import metadata
from pathlib import Path

import pytest

from coach.app import doctor
from coach.app.screen_check import check_screen
from coach.errors import ModelError, ScreenError
from coach.video.camera import CameraInfo


@pytest.mark.parametrize(
    ("version", "fine"), [((3, 9), False), ((3, 10), True), ((3, 14), True), ((3, 15), False), ((2, 7), False)]
)
def test_python(version: tuple[int, int], fine: bool) -> None:
    check = doctor.check_python(version)
    assert check.fine is fine
    assert bool(check.remedy) is not fine


def test_a_package_that_is_there() -> None:
    check = doctor.check_package("numpy", "numpy")
    assert check.fine
    assert check.says == metadata.version("numpy")


def test_a_package_that_is_missing() -> None:
    check = doctor.check_package("nothing", "no-such-package")
    assert (check.fine, check.says) == (False, "is missing")
    assert "pip install" in check.remedy


def test_a_package_without_its_system_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> object:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr("coach.app.doctor.platform.system", lambda: "Linux")
    check = doctor.check_package("cv2", "numpy", load)
    assert "libGL.so.1" in check.says
    assert "apt install" in check.remedy


def test_a_second_opencv_is_noticed() -> None:
    def version(name: str) -> str:
        if name == "opencv-python":
            return "4.0"
        raise metadata.PackageNotFoundError

    check = doctor.check_rivals(version)
    assert check is not None
    assert not check.fine
    assert "pip uninstall" in check.remedy


def test_a_damaged_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ModelError("the pose model is damaged", "Install the coach again")

    monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", broken)
    check = doctor.check_pose_model()
    assert (check.fine, check.essential, check.remedy) == (False, True, "Install the coach again")


def test_cameras() -> None:
    none = doctor.check_cameras(list)
    assert (none.fine, none.essential) == (False, False)
    one = doctor.check_cameras(lambda: [CameraInfo(2, (1280, 720), math.nan)])
    assert one.says == "2 (1280 x 720)"


def test_an_extra_that_is_missing_is_no_fault_but_says_what_it_would_bring() -> None:
    there = doctor.check_extra("web", lambda module: object())
    assert (there.fine, there.remedy) == (True, "")
    partly = doctor.check_extra("web", lambda module: None if module == "uvicorn" else object())
    assert (partly.fine, partly.essential) == (False, False)
    assert "coach web" in partly.says and "uvicorn" in partly.says and "starlette" not in partly.says
    assert "pip install -e" in partly.remedy and "[web]'" in partly.remedy


def test_a_missing_program_is_named_with_the_command_that_installs_it() -> None:
    check = doctor.check_program("espeak-ng", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    assert (check.fine, check.essential) == (False, False)
    assert check.remedy.endswith("Run: sudo apt install espeak-ng")
    assert doctor.check_program("chromium", lambda name: f"/usr/bin/{name}" if name == "msedge" else None).fine


@pytest.mark.skipif("sys.platform != 'linux'", reason="only on Linux can the display be missing")
@pytest.mark.parametrize("environment", [{}, {"WAYLAND_DISPLAY": "wayland-0"}, {"DISPLAY": ":4711"}])
def test_the_doctor_finds_no_screen_where_the_window_finds_none(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ScreenError) as refused:
        check_screen()
    found = doctor.check_window()
    assert (found.fine, found.essential, found.says) == (False, False, refused.value.problem)


def test_where_windows_always_have_a_screen_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert doctor.check_window().fine


def test_writing(tmp_path: Path) -> None:
    assert doctor.check_writing(tmp_path).fine
    assert not doctor.check_writing(tmp_path / "none").fine


def test_exercises() -> None:
    assert "hip-hiker" in doctor.check_exercises().says


@pytest.mark.model
def test_here_videos_can_be_analysed() -> None:
    checks = list(doctor.examine())
    assert all(check.fine for check in checks if check.essential), checks
    assert all(check.remedy for check in checks if not check.fine)


@pytest.mark.skipif(os.name != "posix", reason="ends itself by a signal")
def test_what_ends_the_whole_of_python_does_not_end_the_doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deadly.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n")
    (tmp_path / "noisy.py").write_text("print('noise', end='')\nraise SystemExit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert doctor.find_deadly(("json", "noisy")) is None
    found = doctor.find_deadly(("noisy", "deadly", "json"))
    assert found == ("deadly", "SIGILL")

    def never(name: str) -> object:
        raise AssertionError(name)

    monkeypatch.setattr(doctor, "find_deadly", lambda: ("av", "SIGILL"))
    monkeypatch.setattr(doctor, "check_pose_model", lambda: never("pose model"))
    monkeypatch.setattr(doctor, "check_cameras", lambda: never("cameras"))
    checks = {check.name: check for check in doctor.examine()}
    assert checks["numpy"].fine
    assert not checks["av"].fine and "SIGILL" in checks["av"].says and "pip install" in checks["av"].remedy
    for after in ("mediapipe", "opencv-contrib-python"):
        assert not checks[after].fine and "not checked" in checks[after].says
