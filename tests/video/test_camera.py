"""Live sources: the newest picture, and what is said when there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.errors import CameraError, SourceNotFoundError
from coach.video import camera
from coach.video.camera import Camera, PlayedFile, list_cameras, open_live


class FakeCapture:
    """A device that gives a picture each time it is let to, then nothing."""

    def __init__(self, pictures: int, size: tuple[int, int] = (64, 48)) -> None:
        self.left = pictures
        self.size = size
        self.taken = 0
        self.asked = 0
        self.allowed = threading.Semaphore(0)
        self.released = False

    def read(self) -> tuple[bool, np.ndarray | None]:
        self.asked += 1
        if self.left == 0 or not self.allowed.acquire(timeout=0.02):
            return False, None
        self.left -= 1
        self.taken += 1
        return True, np.full((self.size[1], self.size[0], 3), (self.taken, 0, 200), np.uint8)

    def get(self, _: int) -> float:
        return 0.0

    def release(self) -> None:
        self.released = True

    def let(self, pictures: int) -> None:
        """Allow so many more pictures, and wait until they are taken, and the last of them is put where it is seen."""
        goal = self.taken + pictures
        for _ in range(pictures):
            self.allowed.release()
        while self.taken < goal:
            time.sleep(0.001)
        asked = self.asked
        while self.asked == asked:  # only then the next one is asked for
            time.sleep(0.001)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeCapture:
    fake = FakeCapture(20)
    monkeypatch.setattr(camera, "_capture", lambda _: fake)
    monkeypatch.setattr(camera, "SILENT_S", 120.0)
    return fake


def test_pictures_come_as_rgb_with_rising_times(device: FakeCapture) -> None:
    with Camera(0) as source:
        frames = iter(source)
        device.let(1)
        first = next(frames)
        device.let(1)
        second = next(frames)
    assert first.rgb[0, 0].tolist() == [200, 0, 1]
    assert second.t_s > first.t_s
    assert not first.rgb.flags.writeable


def test_pictures_that_nobody_took_are_dropped(device: FakeCapture) -> None:
    with Camera(0) as source:
        device.let(7)
        assert next(iter(source)).rgb[0, 0, 2] == 7


def test_large_pictures_are_scaled_down(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeCapture(1, (2560, 1440))
    monkeypatch.setattr(camera, "_capture", lambda _: fake)
    with Camera(0) as source:
        fake.let(1)
        assert next(iter(source)).rgb.shape == (720, 1280, 3)


def test_a_camera_that_goes_silent_is_an_error(device: FakeCapture, monkeypatch: pytest.MonkeyPatch) -> None:
    with Camera(3) as source:
        device.let(1)
        frames = iter(source)
        next(frames)
        monkeypatch.setattr(camera, "SILENT_S", 0.3)
        with pytest.raises(CameraError, match="camera 3: no longer sends pictures"):
            next(frames)


def test_leaving_releases_the_device(device: FakeCapture) -> None:
    with Camera(0):
        pass
    assert device.released


def test_an_absent_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "_capture", lambda _: None)
    with pytest.raises(CameraError, match="camera 7: cannot be opened, it is absent or busy") as caught:
        Camera(7)
    assert "--list-cameras" in caught.value.remedy
    with pytest.raises(CameraError, match="rtsp://nowhere"):
        Camera("rtsp://nowhere")


def test_a_camera_that_is_really_not_there_says_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CameraError):
        Camera(97)
    assert capfd.readouterr().err == ""


def test_cameras_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    working, dead = FakeCapture(1, (640, 480)), FakeCapture(0)
    working.allowed.release()
    devices = {0: working, 2: dead}
    monkeypatch.setattr(camera, "_candidates", lambda: [0, 1, 2])
    monkeypatch.setattr(camera, "_capture", devices.get)
    assert [(found.number, found.size_px) for found in list_cameras()] == [(0, (640, 480))]
    assert working.released
    assert dead.released


def test_a_file_plays_as_if_it_were_a_camera(video: Callable[..., Path]) -> None:
    with PlayedFile(video(frames=30), speed=1e6) as source:
        times = [frame.t_s for frame in source]
    assert times == sorted(times)
    assert times[-1] == pytest.approx(29 / 15, abs=0.01)


def test_a_file_waits_for_its_time(video: Callable[..., Path]) -> None:
    start_s = time.monotonic()
    with PlayedFile(video(frames=6)) as source:
        waited = [time.monotonic() - start_s - frame.t_s for frame in source]
    assert min(waited) >= 0


def test_late_frames_are_dropped(video: Callable[..., Path]) -> None:
    with PlayedFile(video(frames=15)) as source:
        frames = iter(source)
        next(frames)
        time.sleep(0.5)
        late = next(frames)
    assert late.t_s > 0.3


def test_what_is_opened_depends_on_the_name(device: FakeCapture, video: Callable[..., Path], tmp_path: Path) -> None:
    for source, kind in ((0, Camera), ("rtsp://camera.local/1", Camera), (str(video()), PlayedFile)):
        with open_live(source) as opened:
            assert isinstance(opened, kind)
    with pytest.raises(SourceNotFoundError):
        open_live(tmp_path / "none.mp4")


def test_odd_pictures_of_a_camera_are_converted_or_passed_over(
    device: FakeCapture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grey, two channels, 16 bits, another size and shape: one feed of one size. No picture at all: skipped."""
    blue = np.full((48, 64, 3), (200, 0, 0), np.uint8)
    odd = [
        blue,
        np.zeros((0, 0, 3), np.uint8),
        np.full((48, 64), 90, np.uint8),
        np.full((48, 64, 2), 90, np.uint8),
        None,
        np.full((48, 64, 3), 90 << 8, np.uint16),
        np.full((48, 64, 4), 90, np.uint8),
        np.zeros((48, 64, 7), np.uint8),
        np.full((96, 128, 3), 90, np.uint8),
        np.full((64, 48, 3), 90, np.uint8),
        np.zeros((48, 64, 3), np.float32),
        np.array("no picture"),
    ]
    waiting = iter([(True, picture) for picture in odd])
    device.read = lambda: next(waiting, (False, None))  # type: ignore[method-assign,assignment,return-value]
    with Camera(0) as source:
        frames = [next(iter(source))]
        monkeypatch.setattr(camera, "SILENT_S", 0.3)
        with pytest.raises(CameraError, match="no longer sends"):
            for frame in source:
                frames.append(frame)
    assert {frame.rgb.shape for frame in frames} == {(48, 64, 3)}
    assert all(frame.rgb.dtype == np.uint8 for frame in frames)


@pytest.mark.parametrize(
    ("picture", "value"),
    [
        (np.full((48, 64), 90, np.uint8), 90),
        (np.full((48, 64, 1), 90, np.uint8), 90),
        (np.full((48, 64, 2), 90, np.uint8), 90),
        (np.full((48, 64, 3), 90 << 8, np.uint16), 90),
        (np.full((48, 64, 4), 90, np.uint8), 90),
        (np.full((24, 32, 3), 90, np.uint8), 90),
    ],
)
def test_each_kind_of_picture_becomes_rgb_of_the_size_of_the_first(picture: np.ndarray, value: int) -> None:
    rgb = camera._rgb(picture, (64, 48))
    assert rgb.shape == (48, 64, 3)
    assert (rgb == value).all()


def test_a_camera_that_is_turned_is_shown_whole() -> None:
    rgb = camera._rgb(np.full((64, 48, 3), 90, np.uint8), (64, 48))
    assert (rgb[:, 28:36] == 90).all()
    assert (rgb[:, :10] == 0).all()


def test_a_picture_that_the_driver_stumbles_over_is_skipped(device: FakeCapture) -> None:
    good, reads = device.read, iter(range(1000))

    def read() -> tuple[bool, np.ndarray | None]:
        if next(reads) < 3:
            raise ValueError("OpenCV(5.0): bad format")
        return good()

    device.read = read  # type: ignore[method-assign]
    with Camera(0) as source:
        device.let(1)
        assert next(iter(source)).rgb.shape == (48, 64, 3)
