"""The sound of a video on its way into a copy of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import OutputContainer


class Sound:
    """The sound of a source on its way into another file: AAC as it is, anything else made AAC.

    Read on its own and only as far as the pictures are, so that damaged sound never costs a picture.
    """

    def __init__(self, source: str, out: OutputContainer) -> None:
        import av

        self._out = out
        self._container: Any = None
        self._packets: Iterator[Any] = iter(())
        self._waiting: Any = None
        self._start_s = 0.0
        self._last_pts = -math.inf
        with suppress(av.error.FFmpegError, OSError, ValueError):
            container = av.open(
                str(Path(source).absolute()), options={"protocol_whitelist": "file"}, metadata_errors="ignore"
            )
            self._container = container
            if not container.streams.audio:
                return
            stream = container.streams.audio[0]
            self._copied = stream.codec_context.name == "aac" and bool(stream.codec_context.extradata)
            if self._copied:
                self._stream: Any = out.add_stream_from_template(stream)
            else:
                self._stream = out.add_stream("aac", rate=48_000)
                self._stream.layout = "mono" if stream.codec_context.channels == 1 else "stereo"
            self._packets = self._packets_of(container, stream)

    def copy_until(self, t_s: float, start_s: float) -> None:
        """Write what is heard before a time; start_s: the time of the first picture in the source."""
        self._start_s = start_s
        while (packet := self._next()) is not None:
            if packet.pts is not None and float(packet.pts * packet.time_base) - start_s > t_s:
                self._waiting = packet
                return
            self._write(packet)

    def finish(self, end_s: float) -> None:
        """Write what is heard until the end of the last picture, and what the encoder holds back."""
        self.copy_until(end_s, self._start_s)
        if self._last_pts > -math.inf and not self._copied:
            self._out.mux(self._stream.encode(None))

    def close(self) -> None:
        """Release the source."""
        if self._container is not None:
            self._container.close()

    def _packets_of(self, container: Any, stream: Any) -> Iterator[Any]:
        yield from container.demux(stream)

    def _next(self) -> Any:
        import av

        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            return waiting
        try:
            return next(self._packets, None)
        except (av.error.FFmpegError, OSError):
            return None

    def _write(self, packet: Any) -> None:
        import av

        if self._copied:
            if packet.pts is None or packet.time_base is None:
                return
            shift = round(self._start_s / packet.time_base)
            pts = packet.pts - shift
            if pts < 0 or pts <= self._last_pts:
                return
            packet.pts = packet.dts = pts
            packet.stream = self._stream
            self._last_pts = pts
            self._out.mux(packet)
            return
        try:
            frames = list(packet.decode())
        except (av.error.FFmpegError, OSError):  # a damaged stretch is silence
            return
        for frame in frames:
            if frame.pts is None or frame.time_base is None:
                continue
            pts = frame.pts - round(self._start_s / frame.time_base)
            if pts < 0 or pts <= self._last_pts:
                continue
            self._last_pts = frame.pts = pts
            try:
                coded = self._stream.encode(frame)
            except (av.error.FFmpegError, OSError, ValueError):  # sound that changes its kind on the way
                continue
            self._out.mux(coded)
