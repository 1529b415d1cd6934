"""A camera or a file as one stream of frames with true times. The only module that opens video for reading."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import numpy as np

from coach.errors import CameraError, SourceNotFoundError, SourceUnreadableError
from coach.types import Frame, Picture

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

# The pose network looks at 256 x 256 pixels of the person: more than this only costs time.
LONGEST_SIDE_PX = 1280


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a file says of itself. duration_s is NaN where it does not say; size_px is as displayed."""

    path: str
    duration_s: float
    fps: float
    size_px: tuple[int, int]


class Source(Protocol):
    """Anything that yields frames in the order of their times."""

    def __iter__(self) -> Iterator[Frame]: ...


def _fit(width: int, height: int, longest: int = LONGEST_SIDE_PX) -> tuple[int, int]:
    scale = min(1.0, longest / max(width, height))
    return max(2, round(width * scale)), max(2, round(height * scale))


def check_readable(path: Path) -> None:
    """Raise the error that says what is wrong with a path before any decoder sees it."""
    if not path.exists():
        raise SourceNotFoundError(f"{path}: no such file", "Check the name and the folder")
    if path.is_dir():
        raise SourceUnreadableError(f"{path}: is a folder, not a video", "Name the videos in it, for example with *.mp4")
    if not os.access(path, os.R_OK):
        raise SourceUnreadableError(f"{path}: may not be read", "Give yourself permission to read it")
    if path.stat().st_size == 0:
        raise SourceUnreadableError(f"{path}: is empty (0 bytes)", "Copy or record it again")


class VideoFile:
    """A recorded video. A context manager; iterating yields frames at most ``fps`` times a second of video time.

    Rotation in the file's display matrix is applied; grey becomes RGB; pictures over 1280 px are scaled down.
    Raises SourceNotFoundError or SourceUnreadableError on opening.
    """

    def __init__(self, path: str | Path, fps: float = 15.0) -> None:
        import av

        self.path = Path(path)
        check_readable(self.path)
        self.fps = fps
        self.damaged = False
        try:
            self._container: InputContainer = av.open(str(self.path))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceUnreadableError(
                f"{path}: is not a video that can be read", "Use MP4, MOV, MKV, AVI or WebM; convert others first"
            ) from error
        if not self._container.streams.video:
            self._container.close()
            raise SourceUnreadableError(f"{path}: has no picture, only sound or data", "Choose a video file")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self._container.close()

    @property
    def info(self) -> VideoInfo:
        """Duration, rate and size as the file states them."""
        stream = self._stream
        duration = float("nan")
        if stream.duration is not None and stream.time_base is not None:
            duration = float(stream.duration * stream.time_base)
        elif self._container.duration is not None:
            duration = self._container.duration / 1e6
        rate = float(stream.average_rate) if stream.average_rate else float("nan")
        return VideoInfo(str(self.path), duration, rate, (stream.codec_context.width, stream.codec_context.height))

    def decode(self) -> Iterator[tuple[float, VideoFrame]]:
        """Every frame of the file with its time from the start in seconds, in strictly rising order."""
        import av

        first: float | None = None
        last = -1.0
        try:
            for picture in self._container.decode(self._stream):
                time = picture.time
                if time is None:
                    continue
                first = time if first is None else first
                t_s = time - first
                if t_s <= last:
                    continue
                last = t_s
                yield t_s, picture
        except av.error.FFmpegError as error:
            if first is None:
                raise SourceUnreadableError(
                    f"{self.path}: the picture cannot be decoded", "Copy or record it again"
                ) from error
            self.damaged = True
        if first is None:
            raise SourceUnreadableError(f"{self.path}: has no frames", "Copy or record it again")

    def __iter__(self) -> Iterator[Frame]:
        pace = Pace(self.fps)
        for t_s, picture in self.decode():
            if pace.due(t_s):
                yield Frame(t_s, upright_rgb(picture))


class Pace:
    """Thins a stream to at most ``fps`` a second by the frames' own times."""

    def __init__(self, fps: float) -> None:
        self._interval_s = 1.0 / fps
        self._due_s = 0.0

    def due(self, t_s: float) -> bool:
        """Whether the frame at this time is to be taken. A millisecond of slack absorbs rounded time stamps."""
        if t_s < self._due_s - 1e-3:
            return False
        self._due_s = max(self._due_s + self._interval_s, t_s + self._interval_s / 2)
        return True


def upright_rgb(picture: VideoFrame, longest: int = LONGEST_SIDE_PX) -> Picture:
    """A decoded frame as read-only RGB (height, width, 3), scaled to fit and turned as its display matrix says."""
    width, height = _fit(picture.width, picture.height, longest)
    rgb = picture.to_ndarray(format="rgb24", width=width, height=height)
    turns = round(getattr(picture, "rotation", 0) / 90) % 4
    if turns:
        rgb = np.rot90(rgb, turns)
    rgb = np.ascontiguousarray(rgb)
    rgb.flags.writeable = False
    return rgb


class Camera:
    """A webcam by number, or a stream by URL, through OpenCV. Times are seconds since the first frame arrived.

    Raises CameraError when it cannot be opened or stops delivering.
    """

    def __init__(self, camera: int | str = 0) -> None:
        import cv2

        self.name = f"camera {camera}" if isinstance(camera, int) else str(camera)
        self._capture = cv2.VideoCapture(camera)
        if not self._capture.isOpened():
            self._capture.release()
            raise CameraError(
                f"{self.name}: cannot be opened",
                "Plug it in, close other programs that use it, or choose another with --camera; 'coach doctor' lists them",
            )

    def __enter__(self) -> Camera:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._capture.release()

    def __iter__(self) -> Iterator[Frame]:
        import time

        import cv2

        start = time.monotonic()
        misses = 0
        while misses < 30:
            found, bgr = self._capture.read()
            if not found:
                misses += 1
                time.sleep(0.03)
                continue
            misses = 0
            t_s = time.monotonic() - start
            width, height = _fit(bgr.shape[1], bgr.shape[0])
            if (width, height) != (bgr.shape[1], bgr.shape[0]):
                bgr = cv2.resize(bgr, (width, height), interpolation=cv2.INTER_AREA)
            rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
            rgb.flags.writeable = False
            yield Frame(t_s, rgb)
        raise CameraError(f"{self.name}: no longer sends pictures", "Check its cable, then start again")
