"""A video file as a stream of frames with true times. The only module that opens video files for reading."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from coach.closing import Closing
from coach.errors import SourceNotFoundError, SourceUnreadableError
from coach.i18n.result_notes import Note
from coach.types import Frame, Picture
from coach.video.compression import Compression
from coach.video.container_checks import count_appended, count_edits, is_bomb, missing_bytes, stated_size_px
from coach.video.opening import MOST_EDITS, MOST_PIXELS, check_picture_bytes, check_size, opened
from coach.video.orientation import LONGEST_SIDE_PX, Orientation
from coach.video.packets import PREVIEW, best_of, look_through
from coach.video.picture_times import PictureTimes
from coach.video.rate_limiter import JUDGED_FPS, RateLimiter

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

# Limits, checked before a picture is decoded.
LONGEST_S = 4 * 3600.0  # of a video; the rest is ignored
PIXELS_4K = 4096 * 2304
PIXELS_HD = 1920 * 1088
MOST_FAILURES = 1000  # undecodable pictures in a row: nothing better will follow
LEFT_OUT_SHARE = 0.02  # of the pictures: fewer with times going backwards are not worth mentioning

# Gets each decoded picture with its time from the start, and whether it becomes a frame.
OnPicture = Callable[[float, "VideoFrame", bool], None]


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """A file before decoding: length and rate from the times of its pictures, NaN if unknown; size_px as displayed."""

    path: str
    duration_s: float
    fps: float
    size_px: tuple[int, int]
    pixel_aspect: float = 1.0


def check_readable(name: str | Path) -> None:
    """Raise an error that says what is wrong with a file, before any decoder sees it.

    name: as it was typed; a path of an address, or of no name, is called otherwise.
    """
    if not str(name):
        raise SourceNotFoundError("a name is empty", "Choose a video file")
    if "://" in str(name) or str(name).startswith(("http:", "https:", "rtsp:")):
        raise SourceNotFoundError(f"{name}: is an address, not a file", "Download the video first, then name the file")
    path = Path(name)
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


class VideoFile(Closing):
    """A recorded video. A context manager; iterating yields frames at most ``fps`` times a second of video time.

    The file is scanned once before any picture is decoded (``packets``): its times are made to rise, and the right one
    of several streams is chosen. Rotation and flips of the display matrix are applied, non-square pixels squared, grey
    becomes RGB, and all pictures get one size, at most 1280 px long. Whatever can be read is always yielded; at the
    end, ``notes`` says what was wrong. Raises SourceNotFoundError or SourceUnreadableError on opening, for files
    without a video or beyond the limits.

    on_picture: gets every picture that is decoded for an iteration, before its frame is given.
    """

    def __init__(self, path: str | Path, fps: float = JUDGED_FPS) -> None:
        check_readable(path)
        self.path = Path(path)
        self._pace = RateLimiter(fps)
        self.on_picture: OnPicture | None = None
        self._damaged = 0
        self._edits = _checked_edits(self.path)
        with _opened(self.path) as container:
            self._streams = look_through(container)
        if not self._streams:
            raise SourceUnreadableError(f"{path}: has no moving picture, only sound or data", "Choose a video file")
        if not any(stream.count for stream in self._streams):
            raise SourceUnreadableError(f"{path}: has no frames", "Copy or record it again")
        self._packets = best_of(self._streams)
        check_size(self.path, self._packets.size_px)
        stamps = self._packets.stamps
        self._times, self._expected_s = PictureTimes(stamps), stamps.duration_s
        self._missing_bytes, self._appended = _by_structure(self.path)
        self._too_long = False
        self._container = _opened(self.path)
        try:
            self._stream = self._container.streams.video[self._place()]
            check_picture_bytes(self.path, self._stream)
            _prepare(self._stream)
            self._raw = self._decode_raw()
            first = next(self._raw, None)
            if first is None:
                raise SourceUnreadableError(f"{path}: has no picture that can be decoded", "Copy or record it again")
        except BaseException:
            self._container.close()
            raise
        self._first = [first]  # until it is handed on: one of 8K has 53 MB
        self._compression = Compression(self._stream.codec_context.name)
        self.upright = Orientation(first, _pixel_aspect(self._stream), self._packets.size_px)

    def close(self) -> None:
        """Release the file."""
        self._raw.close()
        self._container.close()

    @property
    def info(self) -> VideoInfo:
        """Duration and rate according to the pictures' times, and size."""
        return VideoInfo(
            str(self.path), self._expected_s, self._times.fps, self.upright.size_px, self.upright.pixel_aspect
        )

    @property
    def duration_s(self) -> float:
        """Duration of the pictures, to the end of the last one so far."""
        return max(0.0, self._times.last_s) + self._times.interval_s

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was missing, corrected or left out so far; complete after the last picture."""
        times, upright, packets = self._times, self.upright, self._packets
        size = {"width": packets.size_px[0], "height": packets.size_px[1]}
        area = size["width"] * size["height"]
        coded_bits = 8 * packets.coded_bytes / packets.count if packets.count else math.nan
        wider_deg = self._compression.wider_deg(coded_bits, area)
        others = [each for each in self._streams if each.size_px[0] * each.size_px[1] >= PREVIEW * area]
        joined = {"at_s": round(times.first_gap_s, 1), "gap_s": round(times.gaps_s, 1)}
        said = (
            (area > PIXELS_4K, Note("large", size)),
            (self._edits > MOST_EDITS, Note("edits", {"count": self._edits, "most": MOST_EDITS})),
            (sum(each.count > 1 for each in others) > 1, Note("several", {"count": len(others), **size})),
            (bool(self._missing_bytes or packets.ends_corrupt), Note("cut_off", {"at_s": round(self.duration_s, 1)})),
            (bool(self._appended), Note("appended", {"count": self._appended})),
            (self._too_long, Note("too_long", {"hours": LONGEST_S / 3600})),
            (bool(self._damaged), Note("damaged", {"count": self._damaged})),
            (times.counted, Note("counted", {"fps": round(times.fps, 1)})),
            (bool(times.joined), Note("joined", {"count": times.joined})),
            (times.left_out > LEFT_OUT_SHARE * packets.count, Note("left_out", {"count": times.left_out})),
            (bool(times.gaps), Note("gaps", {"count": times.gaps, **joined})),
            (wider_deg > 0, Note("compressed", {"wider_deg": wider_deg})),
            (upright.sizes > 1, Note("sizes", dict(zip(("width", "height"), upright.size_px, strict=True)))),
        )
        return tuple(note for applies, note in said if applies)

    def decode(self) -> Generator[tuple[float, VideoFrame], None, None]:
        """Every frame with its time from the start in seconds, strictly rising. Can be called only once.

        None is kept while the next is decoded; of large ones it is worth the caller's while to keep none either.
        """
        stamp = "dts" if self._container.format.name == "avi" else "pts"
        for picture in self._pictures():
            ticks = getattr(picture, stamp)
            t_s = self._times.of(math.nan if ticks is None else float(ticks * picture.time_base))
            self._compression.see(picture)
            if t_s is not None and t_s > LONGEST_S:
                self._too_long = True
                return
            if t_s is not None:
                yield t_s, picture
            del picture

    def __iter__(self) -> Iterator[Frame]:
        for t_s, picture in self.decode():
            rgb = self.rgb(picture) if self._pace.due(t_s) else None
            if self.on_picture is not None:
                self.on_picture(t_s, picture, rgb is not None)
            del picture
            if rgb is not None:
                yield Frame(t_s, rgb)

    def rgb(self, picture: VideoFrame, longest: int = LONGEST_SIDE_PX) -> Picture | None:
        """A picture from ``Orientation.rgb``; None, and counted as damaged, if it cannot be converted."""
        import av

        try:
            return self.upright.rgb(picture, longest)
        except (av.error.FFmpegError, ValueError, MemoryError):
            self._damaged += 1
            return None

    def _pictures(self) -> Iterator[VideoFrame]:
        if self._first:
            yield self._first.pop()
        yield from self._raw

    def _place(self) -> int:
        """The chosen video stream."""
        indices = [stream.index for stream in self._container.streams.video]
        if self._packets.index not in indices:
            raise SourceUnreadableError(f"{self.path}: has no moving picture", "Copy or record it again")
        return indices.index(self._packets.index)

    def _decode_raw(self) -> Generator[VideoFrame, None, None]:
        import av

        codec = self._stream.codec_context.name
        packets = self._container.demux(self._stream)
        failed = 0
        while failed < MOST_FAILURES:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, OSError, ValueError):
                self._damaged += 1
                return
            if packet is None:
                return
            if is_bomb(codec, packet):
                self._damaged += 1
                continue
            # A damaged stretch costs its own pictures, not the rest of the video.
            try:
                pictures = packet.decode()
            except av.error.EOFError:
                return
            except (av.error.FFmpegError, OSError, ValueError, MemoryError):
                self._damaged += 1
                failed += 1
                continue
            while pictures:
                failed = 0
                self._damaged += bool(pictures[0].is_corrupt)
                yield pictures.pop(0)


def _opened(path: Path) -> InputContainer:
    import av

    try:
        return opened(path)
    except PermissionError as error:
        raise SourceUnreadableError(f"{path}: may not be read", "Give yourself permission to read it") from error
    except (av.error.FFmpegError, OSError, ValueError, MemoryError) as error:
        raise SourceUnreadableError(
            f"{path}: is not a whole video of a kind that can be read",
            "Copy it again if it should be one; other kinds convert to MP4, MOV, MKV, AVI or WebM first",
        ) from error


def _checked_edits(path: Path) -> int:
    """Number of edits in the file. Raises SourceUnreadableError if it cannot be read or is too large."""
    try:
        check_size(path, stated_size_px(path) or (0, 0))
        return count_edits(path)
    except OSError as error:
        raise SourceUnreadableError(f"{path}: cannot be read ({error.strerror or error})", "Copy it again") from error


def _by_structure(path: Path) -> tuple[int, int]:
    """How many bytes are missing, and how many videos lie behind the first one."""
    try:
        return missing_bytes(path), count_appended(path)
    except OSError:
        return 0, 0


def _prepare(stream: VideoStream) -> None:
    """Decode with four threads; two above full HD; one above 4K, at half size if the codec can.

    Each thread holds several pictures: at 8K a few gigabytes in all.
    """
    context = stream.codec_context
    context.options = {"max_pixels": str(MOST_PIXELS), "export_side_data": "venc_params"}
    if context.width * context.height > PIXELS_4K:
        context.thread_count = 1
        context.options = {**context.options, "lowres": "1"}
    else:
        context.thread_type = "AUTO"
        large = context.width * context.height > PIXELS_HD
        context.thread_count = min(2 if large else 4, os.cpu_count() or 1)


def _pixel_aspect(stream: VideoStream) -> float:
    aspect = stream.sample_aspect_ratio or Fraction(1)
    return float(aspect) if 0.2 < aspect < 5 else 1.0
