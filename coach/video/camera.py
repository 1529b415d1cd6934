"""A live source: a webcam, a stream, or a file played as if it were a camera. Always the newest picture.

A live source never queues: pictures that arrive while the coach is busy are dropped, so that what it says is about
what the person is doing now.
"""

from __future__ import annotations

import math
import platform
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from coach.closing import Closing
from coach.errors import CameraError
from coach.types import Frame, Picture
from coach.video.file import VideoFile
from coach.video.orientation import fitted_into, fitted_size, on_black
from coach.video.stderr import quiet_stderr

SILENT_S = 3.0  # a camera silent for this long is gone
MOST_CAMERAS = 8


class LiveSource(AbstractContextManager[Any], Protocol):
    """A context manager that yields the newest frame each time it is asked, in order of time."""

    def __iter__(self) -> Iterator[Frame]: ...


def open_live(source: int | str | Path) -> LiveSource:
    """A camera by number, a stream by URL, or a file played at its own pace."""
    if isinstance(source, int) or "://" in str(source):
        return Camera(source if isinstance(source, int) else str(source))
    return PlayedFile(source)


class Camera(Closing):
    """A webcam by number, or a stream by URL, through OpenCV. A context manager; times are seconds since opening.

    Pictures are scaled to the size of the first; anything that is not a picture is skipped. Raises CameraError if it
    cannot be opened, and when it stops delivering.
    """

    def __init__(self, camera: int | str = 0) -> None:
        self.name = f"camera {camera}" if isinstance(camera, int) else str(camera)
        self._capture = _capture(camera)
        if self._capture is None:
            remedy = "Plug it in, close other programs that use it, or choose another: --list-cameras shows them"
            if isinstance(camera, str):
                remedy = "Check the address, and that the device behind it is switched on"
            raise CameraError(f"{self.name}: cannot be opened, it is absent or busy", remedy)
        self._start_s = time.monotonic()
        self._news = threading.Condition()
        self._newest: tuple[float, Any] | None = None
        self._size: tuple[int, int] | None = None
        self._stopped = False
        self._reader = threading.Thread(target=self._read, name=self.name, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Release the camera."""
        self._stopped = True
        self._reader.join(timeout=SILENT_S)
        # Releasing a driver that hangs in a read would crash: it is left until the program ends.
        if self._capture is not None and not self._reader.is_alive():
            self._capture.release()
            self._capture = None

    def __iter__(self) -> Iterator[Frame]:
        while not self._stopped:
            with self._news:
                if not self._news.wait_for(lambda: self._newest is not None, timeout=SILENT_S):
                    break
                assert self._newest is not None
                (t_s, bgr), self._newest = self._newest, None
            rgb = _rgb(bgr, self._size)
            self._size = (rgb.shape[1], rgb.shape[0])
            yield Frame(t_s, rgb)
        if not self._stopped:
            raise CameraError(f"{self.name}: no longer sends pictures", "Check its cable, then start again")

    def _read(self) -> None:
        assert self._capture is not None
        while not self._stopped:
            found, bgr = False, None
            with suppress(Exception):  # one that OpenCV makes nothing of
                found, bgr = self._capture.read()
            if not found or not _is_picture(bgr):
                time.sleep(0.03)
                continue
            with self._news:
                self._newest = (time.monotonic() - self._start_s, bgr)
                self._news.notify()


class PlayedFile(Closing):
    """A video file as if it were a camera: each frame at its time, late ones dropped.

    Raises what VideoFile raises. ``speed`` 2.0 plays twice as fast; frame times stay those of the file.
    """

    def __init__(self, path: str | Path, fps: float = 60.0, speed: float = 1.0) -> None:
        self._video = VideoFile(path, fps)
        self._speed = speed

    def close(self) -> None:
        """Release the file."""
        self._video.close()

    def __iter__(self) -> Iterator[Frame]:
        start_s = time.monotonic()

        def early_s(frame: Frame) -> float:
            return frame.t_s / self._speed - (time.monotonic() - start_s)

        due: Frame | None = None
        for frame in self._video:
            if due is not None and early_s(frame) > 0:
                yield due
            time.sleep(max(0.0, early_s(frame)))
            due = frame
        if due is not None:
            yield due


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that opens and sends pictures. fps is NaN if the driver does not say."""

    number: int
    size_px: tuple[int, int]
    fps: float


def list_cameras() -> list[CameraInfo]:
    """Cameras that can be used now. Opens each for a moment; one in use by another program is not listed."""
    found = []
    for number in _candidates():
        capture = _capture(number)
        if capture is None:
            continue
        with suppress(Exception), quiet_stderr():
            sends, bgr = capture.read()
            if sends:
                fps = float(capture.get(_property("CAP_PROP_FPS")))
                found.append(CameraInfo(number, (bgr.shape[1], bgr.shape[0]), fps if fps > 0 else math.nan))
        capture.release()
    return found


def _candidates() -> list[int]:
    if platform.system() == "Linux":
        names = (path.name.removeprefix("video") for path in Path("/dev").glob("video*"))
        return sorted(int(name) for name in names if name.isdigit())
    return list(range(MOST_CAMERAS))


def _capture(camera: int | str) -> Any | None:
    """An open cv2.VideoCapture, or None."""
    import cv2

    with quiet_stderr():
        capture = cv2.VideoCapture(camera)
        if capture.isOpened():
            return capture
        capture.release()
    return None


def _property(name: str) -> int:
    import cv2

    return int(getattr(cv2, name))


def _is_picture(bgr: Any) -> bool:
    """Whether a driver's array can become a picture: not empty, grey or in colour, of 8 or 16 bits."""
    if not isinstance(bgr, np.ndarray) or bgr.dtype not in (np.uint8, np.uint16) or bgr.ndim not in (2, 3):
        return False
    return min(bgr.shape[:2]) > 1 and (bgr.ndim == 2 or 1 <= bgr.shape[2] <= 4)


def _rgb(bgr: Any, size_px: tuple[int, int] | None = None) -> Picture:
    """As RGB of a given size, by default at most 1280 px long; padded with black if the shape differs."""
    import cv2

    if bgr.dtype == np.uint16:
        bgr = (bgr >> 8).astype(np.uint8)
    if bgr.ndim == 3 and bgr.shape[2] <= 2:  # grey, or brightness with subsampled colour
        bgr = bgr[:, :, 0]
    height, width = bgr.shape[:2]
    place = size_px or fitted_size(width, height)
    shown = fitted_into(width, height, place)
    if shown != (width, height):
        bgr = cv2.resize(bgr, shown, interpolation=cv2.INTER_AREA)
    if bgr.ndim == 2:
        rgb: Picture = cv2.cvtColor(bgr, cv2.COLOR_GRAY2RGB)
    else:
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB if bgr.shape[2] == 3 else cv2.COLOR_BGRA2RGB)
    if shown != place:
        rgb = on_black(rgb, place)
    rgb.flags.writeable = False
    return rgb
