"""A first scan of a video file: its streams and the times of their packets, without decoding."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from coach.video.picture_times import Stamps, plausible_fps

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

MOST_PACKETS = 4_000_000  # in one file: more than the longest analysed stretch has at any usual rate
MOVING = 0.25  # of the packets of the largest stream: one with fewer is a preview, or slides
PREVIEW = 0.5  # of the largest picture: a smaller one is a preview, whatever its flags say


@dataclass(slots=True)
class Packets:
    """The packets of one video stream. times_s: seconds on its clock in decoding order, NaN for none."""

    index: int
    size_px: tuple[int, int]
    default: bool
    rates: tuple[float, ...]
    times_s: array[float] = field(default_factory=lambda: array("d"))
    coded_bytes: int = 0
    ends_corrupt: bool = False

    @property
    def count(self) -> int:
        """Number of packets."""
        return len(self.times_s)

    @property
    def stamps(self) -> Stamps:
        """Their times, for PictureTimes."""
        return Stamps(np.array(self.times_s, np.float64), plausible_fps(self.rates, math.nan))


def look_through(container: InputContainer) -> list[Packets]:
    """The packets of every video stream in a file. Stops quietly where the file is damaged."""
    import av

    streams = moving_streams(container)
    found = {stream.index: _about(stream) for stream in streams}
    if not streams:
        return []
    decoding = container.format.name == "avi"  # AVI stores decoding times only
    packets = container.demux(streams)
    total = 0
    while total < MOST_PACKETS:
        try:
            packet = next(packets, None)
        except (av.error.FFmpegError, OSError, ValueError):
            break
        if packet is None:
            break
        if not packet.size:  # the end of each stream
            continue
        total += 1
        entry = found[packet.stream_index]
        ticks = packet.dts if decoding else packet.pts
        entry.times_s.append(math.nan if ticks is None else float(ticks * packet.time_base))
        entry.coded_bytes += packet.size
        entry.ends_corrupt = packet.is_corrupt
    return list(found.values())


def moving_streams(container: InputContainer) -> list[VideoStream]:
    """Video streams that can be decoded, leaving out cover art."""
    from av.stream import Disposition

    return [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not stream.disposition & Disposition.attached_pic
    ]


def best_of(streams: list[Packets]) -> Packets:
    """The stream to analyse: one that moves and is not a preview; of several, the default, else the largest."""
    most = max(stream.count for stream in streams)
    moving = [stream for stream in streams if stream.count >= MOVING * most]
    largest = max(_area(stream) for stream in moving)
    full = [stream for stream in moving if _area(stream) >= PREVIEW * largest]
    return max(full, key=lambda stream: (stream.default, _area(stream), -stream.index))


def _about(stream: VideoStream) -> Packets:
    from av.stream import Disposition

    # Needed only if the times are unusable, and with them the average derived from them.
    rates = (stream.codec_context.framerate, stream.average_rate, stream.base_rate)
    return Packets(
        stream.index,
        (stream.codec_context.width, stream.codec_context.height),
        bool(stream.disposition & Disposition.default),
        tuple(float(rate) if rate else math.nan for rate in rates),
    )


def _area(stream: Packets) -> int:
    return stream.size_px[0] * stream.size_px[1]
