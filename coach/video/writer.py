"""A changed copy of a video: H.264 in MP4 that browsers play, at the source's rate and size, with its sound.

It is written while the source is read, one picture after the other, and never needs more memory for a longer video.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from coach.errors import OutputError
from coach.leftovers import part_of
from coach.types import Picture
from coach.video.audio import Sound
from coach.video.file import PIXELS_4K, VideoInfo
from coach.video.orientation import Orientation, fitted_size
from coach.video.picture_times import plausible_fps

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

TIME_BASE = Fraction(1, 90_000)  # divides every usual rate, and keeps the times of an uneven one
KEY_FRAME_S = 1.0  # clips are cut at key frames
# Quality 21 cannot be told from the source by eye; "veryfast" leaves the processor to the pose model.
QUALITY = {"preset": "veryfast", "crf": "21"}
# What would take a quarter of its time, for a file that is smaller by 3 % at most: a finer search for motion, weights
# for pictures that fade, and larger blocks.
LEFT_OUT = {"subq": "1", "weightp": "none", "8x8dct": "0"}
# The encoder would hold tens of pictures, of 4K a gigabyte, to weigh one against the next.
FEW_HELD = {"rc-lookahead": "1", "bf": "0", "refs": "1"}
THREADS = 2
WRITTEN_SIDE_PX = 1920  # of pictures beyond 4K: to write them in 4K would take 0.2 GB more
# How colours are told from brightness: as OpenCV does it, in a fifth of the time that FFmpeg takes for BT.709.
BT_709, SMPTE_170M, LIMITED_RANGE = 1, 6, 1


class VideoCopy:
    """Writes every picture of a video, changed. A context manager.

    The file appears under its name when all is written; after an error or Ctrl-C there is none. size_px: width and
    height of what is written. Raises OutputError when it cannot be written.
    """

    def __init__(self, path: Path, info: VideoInfo) -> None:
        from av.video.reformatter import VideoReformatter

        self.path = path
        self._part = part_of(path)
        self.size_px = _written_size(*info.size_px)
        self._for_encoder = _ForEncoder(*self.size_px)
        self._rate = plausible_fps([info.fps], 25.0)
        self._start_s = 0.0  # time of the first picture in the source
        self._last_s = -math.inf
        self._last_pts = -1
        self._pixel_aspect = info.pixel_aspect
        self._upright: Orientation | None = None
        self._shrinker = VideoReformatter()
        if path.exists() and path.resolve() == Path(info.path).resolve():
            raise OutputError(f"{path}: is the video that is being read", "Choose another folder with --out")
        with writing_video(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._out, self._stream = _open(self._part, self.size_px, self._rate)
        try:
            self._sound = Sound(info.path, self._out)
        except BaseException:
            self._discard()
            raise

    def __enter__(self) -> VideoCopy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._discard()

    def shrunk(self, picture: VideoFrame) -> VideoFrame:
        """A picture to be written later, no larger than it will be: one of 8K that waits takes 53 MB and more.

        May be called from another thread than ``write``, before it.
        """
        import av

        if not _is_beyond_4k(picture.width, picture.height):
            return picture
        self._upright = self._upright or Orientation(picture, self._pixel_aspect)  # which only a decoded one tells
        width, height = _written_size(picture.width, picture.height)
        try:
            return self._shrinker.reformat(picture, width=width, height=height, format="yuv420p", threads=1)
        except (av.error.FFmpegError, ValueError):  # ``write`` leaves it out
            return picture

    def write(
        self,
        t_s: float,
        picture: VideoFrame,
        change: Callable[[Picture], Picture],
        shown_px: tuple[int, int] | None = None,
    ) -> None:
        """Take the next picture of the source, with its time from the start in seconds.

        change: gets the picture as RGB of shown_px, or of ``size_px``, and gives what is written, of ``size_px``; not
        called for one that is left out.
        """
        import av

        pts = round(t_s / TIME_BASE)
        if pts <= self._last_pts:  # nearer to the one before than any player can show
            return
        self._upright = self._upright or Orientation(picture, self._pixel_aspect)
        try:
            rgb = self._upright.rgb_of(picture, shown_px or self.size_px, shrunk_first=True)
        except (av.error.FFmpegError, ValueError):  # of a kind that cannot be converted, in a damaged file
            return
        written = self._for_encoder.of(change(rgb))
        written.pts = self._last_pts = pts
        written.time_base = TIME_BASE
        if self._last_s < 0 and picture.time is not None:
            self._start_s = picture.time - t_s
        self._last_s = t_s
        with writing_video(self.path):
            self._out.mux(self._stream.encode(written))
            self._sound.copy_until(t_s, self._start_s)

    def close(self) -> None:
        """Finish the file and give it its name. Without a single picture there is no file."""
        if self._last_s < 0:
            self._discard()
            return
        try:
            with writing_video(self.path):
                self._out.mux(self._stream.encode(None))
                self._sound.finish(self._last_s + 1 / self._rate)
                self._out.close()
                self._part.replace(self.path)
        except OutputError:
            self._discard()
            raise
        self._sound.close()

    def _discard(self) -> None:
        with suppress(Exception):
            self._out.close()
        with suppress(AttributeError):  # the sound may be what failed
            self._sound.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


class _ForEncoder:
    """A picture as the encoder takes it: YUV 4:2:0.

    Every picture is made in the same memory, as the encoder copies what it is given: of 4K, to hand out new memory for
    each would take a quarter of the time.
    """

    def __init__(self, width: int, height: int) -> None:
        from av.video.frame import VideoFrame

        self._frame = VideoFrame(width, height, "yuv420p")
        self._made = np.empty((height * 3 // 2, width), np.uint8)
        colours = self._made[height:].reshape(2, height // 2, width // 2)
        self._parts = (self._made[:height], *colours)

    def of(self, rgb: Picture) -> VideoFrame:
        """The picture (height, width, 3), until the next one."""
        import cv2

        cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YUV_I420, dst=self._made)
        for plane, part in zip(self._frame.planes, self._parts, strict=True):
            np.ndarray(part.shape, np.uint8, cast(Any, plane), strides=(plane.line_size, 1))[:] = part
        return self._frame


def _written_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture in the file: even, as the encoder wants them."""
    if _is_beyond_4k(width, height):
        width, height = fitted_size(width, height, WRITTEN_SIDE_PX)
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


def _is_beyond_4k(width: int, height: int) -> bool:
    return width * height > PIXELS_4K


def _open(path: Path, size: tuple[int, int], rate: float) -> tuple[OutputContainer, VideoStream]:
    """An MP4 file that can start to play before it is all loaded, and its stream of pictures."""
    import av

    out = av.open(str(path.absolute()), "w", format="mp4", options={"movflags": "faststart"})
    options = {**QUALITY, **LEFT_OUT, **FEW_HELD, "g": str(max(1, round(rate * KEY_FRAME_S)))}
    stream = out.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001), options=options)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    context = stream.codec_context
    context.thread_count = THREADS
    context.time_base = TIME_BASE
    context.color_primaries = context.color_trc = BT_709
    context.colorspace = SMPTE_170M
    context.color_range = LIMITED_RANGE
    return out, stream


@contextmanager
def writing_video(path: Path) -> Iterator[None]:
    """Turn errors of the disk and the encoder into an OutputError."""
    import av

    try:
        yield
    except OutputError:
        raise
    except (av.error.FFmpegError, OSError) as error:
        number = getattr(error, "errno", None)
        why = os.strerror(number) if number else str(error)
        raise OutputError(
            f"{path}: the video cannot be written ({why})", "Free some space, or choose another folder with --out"
        ) from error
