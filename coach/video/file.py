"""A video file as a stream of frames with true times. The only module that opens video files for reading."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from coach.errors import SourceNotFoundError, SourceUnreadableError
from coach.types import Frame
from coach.video.orientation import Orientation

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Pictures a second that are judged, live and recorded alike: the same pictures then give the same result.
JUDGED_FPS = 15.0
# Missing at the end of a video before it counts as cut off: containers round, and sound may outlast the picture.
CUT_OFF_S = 1.0
CUT_OFF_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a file says of itself. duration_s is NaN where it does not say; size_px is as displayed."""

    path: str
    duration_s: float
    fps: float
    size_px: tuple[int, int]


def check_readable(path: Path) -> None:
    """Raise the error that says what is wrong with a path before any decoder sees it."""
    if "://" in str(path) or str(path).startswith(("http:", "https:", "rtsp:")):
        raise SourceNotFoundError(f"{path}: is an address, not a file", "Download the video first, then name the file")
    if not path.exists():
        raise SourceNotFoundError(f"{path}: no such file", "Check the name and the folder")
    if path.is_dir():
        raise SourceUnreadableError(f"{path}: is a folder, not a video", "Name the videos in it, for example by *.mp4")
    if not path.is_file():
        raise SourceUnreadableError(f"{path}: is not a file", "Choose a video file")
    if not os.access(path, os.R_OK):
        raise SourceUnreadableError(f"{path}: may not be read", "Give yourself permission to read it")
    if path.stat().st_size == 0:
        raise SourceUnreadableError(f"{path}: is empty (0 bytes)", "Copy or record it again")


class VideoFile:
    """A recorded video. A context manager; iterating yields frames at most ``fps`` times a second of video time.

    Turns and flips of the file's display matrix are applied, oblong pixels squared, grey becomes RGB, pictures over
    1280 px are scaled down. Raises SourceNotFoundError or SourceUnreadableError on opening, and SourceUnreadableError
    at the end of a video that is cut off, unless ``partial``.

    damaged: pictures that could not be decoded so far. cut_off_s: where a cut-off video ends, else None.
    """

    def __init__(self, path: str | Path, fps: float = JUDGED_FPS, *, partial: bool = False) -> None:
        self.path = Path(path)
        check_readable(self.path)
        self._pace = RateLimiter(fps)
        self.partial = partial
        self.damaged = 0
        self.cut_off_s: float | None = None
        self._last_s = -math.inf
        self._container = _open(self.path)
        try:
            self._stream = _picture_stream(self.path, self._container)
            self._stream.thread_type = "AUTO"
            self._raw = self._decode_raw()
            first = next(self._raw, None)
            if first is None:
                problem = "has no frames" if not self.damaged else "has no picture that can be decoded"
                raise SourceUnreadableError(f"{self.path}: {problem}", "Copy or record it again")
        except BaseException:
            self._container.close()
            raise
        self._first = first
        self.upright = Orientation(first, _pixel_aspect(self._stream))
        self._missing_bytes = _missing_bytes(self.path, self._stream)

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self._raw.close()
        self._container.close()

    @property
    def info(self) -> VideoInfo:
        """Duration, rate and size as the file states them."""
        stream = self._stream
        rate = float(stream.average_rate) if stream.average_rate else math.nan
        return VideoInfo(str(self.path), self._stated_s(), rate, self.upright.size_px)

    def decode(self) -> Iterator[tuple[float, VideoFrame]]:
        """Every frame of the file with its time from the start in seconds, in strictly rising order. Only once."""
        if self._missing_bytes and not self.partial:
            raise self._cut_off_error()
        # A stream of bare pictures carries no times: its rate has to do. AVI knows only the times of decoding, which
        # rise as evenly; what is made of them for showing jumps back and forth where pictures are predicted.
        interval_s = 1 / float(self._stream.average_rate or 25)
        stamp = "dts" if self._container.format.name == "avi" else "pts"
        first = getattr(self._first, stamp)
        for picture in chain([self._first], self._raw):
            ticks = getattr(picture, stamp)
            if first is not None and ticks is not None:
                t_s = float(ticks * picture.time_base) - float(first * picture.time_base)
            else:
                t_s = max(0.0, self._last_s + interval_s)
            if t_s > self._last_s:
                self._last_s = t_s
                yield t_s, picture
        stated_s = self._stated_s()
        missing_s = stated_s - self._last_s - interval_s
        if self._missing_bytes or missing_s > max(CUT_OFF_S, CUT_OFF_SHARE * stated_s):
            self.cut_off_s = self._last_s
            if not self.partial:
                raise self._cut_off_error()

    def __iter__(self) -> Iterator[Frame]:
        for t_s, picture in self.decode():
            if self._pace.due(t_s):
                yield Frame(t_s, self.upright.rgb(picture))

    def _decode_raw(self) -> Generator[VideoFrame, None, None]:
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                # A damaged stretch costs its own pictures, not the rest of the video.
                for picture in packet.decode():
                    self.damaged += picture.is_corrupt
                    yield picture
            except av.error.EOFError:
                return
            except (av.error.InvalidDataError, av.error.PatchWelcomeError):
                self.damaged += 1
            except (av.error.FFmpegError, OSError):
                self.damaged += 1
                return

    def _stated_s(self) -> float:
        stream = self._stream
        if stream.duration is not None and stream.time_base is not None:
            stated_s = float(stream.duration * stream.time_base)
        elif self._container.duration is not None:
            stated_s = self._container.duration / 1e6
        else:
            return math.nan
        # Matroska states where it ends, others how long they are.
        ends = self._container.format.name.startswith("matroska") and self._first.pts is not None
        return stated_s - (max(0.0, self._first.time) if ends else 0.0)

    def _cut_off_error(self) -> SourceUnreadableError:
        ends = f": its pictures end after {self.cut_off_s:.0f} of {self._stated_s():.0f} s" if self.cut_off_s else ""
        return SourceUnreadableError(
            f"{self.path}: is cut off{ends}", "Copy it again; to analyse the part that is there, add --partial"
        )


def _open(path: Path) -> InputContainer:
    import av

    try:
        # Only this file: a playlist dressed up as a video must not make the decoder fetch anything.
        return av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="ignore")
    except PermissionError as error:
        raise SourceUnreadableError(f"{path}: may not be read", "Give yourself permission to read it") from error
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SourceUnreadableError(
            f"{path}: is not a whole video of a kind that can be read",
            "Copy it again if it should be one; other kinds convert to MP4, MOV, MKV, AVI or WebM first",
        ) from error


def _picture_stream(path: Path, container: InputContainer) -> VideoStream:
    from av.stream import Disposition

    # The cover of a song is a video stream of one picture, too.
    moving = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not moving or moving[0].codec_context is None:
        raise SourceUnreadableError(f"{path}: has no moving picture, only sound or data", "Choose a video file")
    return moving[0]


def _pixel_aspect(stream: VideoStream) -> float:
    aspect = stream.sample_aspect_ratio or Fraction(1)
    return float(aspect) if 0.2 < aspect < 5 else 1.0


def _missing_bytes(path: Path, stream: VideoStream) -> bool:
    """Whether the file's own index points behind its end."""
    entries = stream.index_entries
    if not len(entries):
        return False
    last = entries[len(entries) - 1]
    return bool(last.pos + last.size > path.stat().st_size)


class RateLimiter:
    """Thins a stream to at most ``fps`` a second by the frames' own times. Raises ValueError unless ``fps`` > 0."""

    def __init__(self, fps: float) -> None:
        if not (math.isfinite(fps) and fps > 0):
            raise ValueError(f"frames a second must be above 0, not {fps}")
        self._interval_s = 1.0 / fps
        self._due_s = 0.0

    def due(self, t_s: float) -> bool:
        """Whether the frame at this time is to be taken. A millisecond of slack absorbs rounded time stamps."""
        if t_s < self._due_s - 1e-3:
            return False
        self._due_s = max(self._due_s + self._interval_s, t_s + self._interval_s / 2)
        return True
