"""Copies the sound of a video into another file."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coach.video.opening import opened

if TYPE_CHECKING:
    from av.container import OutputContainer

PLAYED = {"aac", "mp3", "opus", "flac"}  # what MP4 can hold and browsers can play
SAMPLE_RATE_HZ = 48_000
# Of sound that is converted: at 1 Hz, which a damaged head may state, one packet is a quarter of an hour of it.
LOWEST_HZ, HIGHEST_HZ = 4_000, 768_000
CPU_S = 600  # limit of the process that decodes sound: hours of sound take minutes
PACKAGES = Path(__file__).resolve().parents[2]
# Run outside the user's working folder, so that nothing there is imported.
CONVERT = "import sys; sys.path.append(sys.argv[1]); from coach.video.audio import convert; convert(sys.argv[2])"


class Sound:
    """Copies a source's sound into another file: unchanged if browsers play it, otherwise as AAC.

    Packets are copied and never decoded here: an audio decoder that crashes (PyAV's does on invalid channel layouts)
    would take the video with it, so it runs in its own process. Sound is read only as far as the pictures are, so
    that damaged sound never costs a picture.
    """

    def __init__(self, source: str, out: OutputContainer) -> None:
        import av

        self._out = out
        self._container: Any = None
        self._converter: subprocess.Popen[bytes] | None = None
        self._packets: Iterator[Any] = iter(())
        self._waiting: Any = None
        self._start_s = 0.0
        self._last_pts = -math.inf
        with suppress(av.error.FFmpegError, OSError, ValueError):
            container = self._container = opened(Path(source))
            if not container.streams.audio:
                self.close()  # what it knows of an hour of pictures takes 5 MB
                return
            if not _is_played(container.streams.audio[0]):
                container.close()
                self._container = None
                container = self._container = self._converted(source)
            stream = container.streams.audio[0]
            self._stream: Any = out.add_stream_from_template(stream)
            self._packets = self._packets_of(container, stream)

    def copy_until(self, t_s: float, start_s: float) -> None:
        """Write the sound before a time; start_s: the time of the first picture in the source."""
        self._start_s = start_s
        while (packet := self._next()) is not None:
            if packet.pts is not None and float(packet.pts * packet.time_base) - start_s > t_s:
                self._waiting = packet
                return
            self._write(packet)

    def finish(self, end_s: float) -> None:
        """Write the sound up to the end of the last picture."""
        self.copy_until(end_s, self._start_s)

    def close(self) -> None:
        """Release the source."""
        if self._container is not None:
            self._container.close()
        if self._converter is not None:
            self._converter.kill()
            self._converter.communicate()

    def _converted(self, source: str) -> Any:
        """The same sound as AAC, from a process that decodes it on demand."""
        import av

        self._converter = subprocess.Popen(
            [sys.executable, "-I", "-c", CONVERT, str(PACKAGES), str(Path(source).absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return av.open(_Unseekable(self._converter.stdout), format="matroska")

    def _packets_of(self, container: Any, stream: Any) -> Iterator[Any]:
        yield from container.demux(stream)

    def _next(self) -> Any:
        import av

        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            return waiting
        try:
            return next(self._packets, None)
        except (av.error.FFmpegError, OSError, ValueError):
            return None

    def _write(self, packet: Any) -> None:
        if packet.pts is None or packet.time_base is None or not packet.size:
            return
        shift = round(self._start_s / packet.time_base)
        pts = packet.pts - shift
        if pts < 0 or pts <= self._last_pts:
            return
        packet.pts = packet.dts = self._last_pts = pts
        packet.stream = self._stream
        self._out.mux(packet)


class _Unseekable:
    """The reading end of a pipe, which cannot seek."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        assert pipe is not None
        self._pipe = pipe

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end."""
        return os.read(self._pipe.fileno(), size)


def _is_played(stream: Any) -> bool:
    """Whether an audio stream can go into MP4 unchanged."""
    context = stream.codec_context
    if context is None or context.name not in PLAYED:
        return False
    return context.name == "mp3" or bool(context.extradata)


def convert(source: str) -> None:
    """Write a file's first audio stream as AAC in Matroska to standard output. Runs in its own process."""
    import av

    _limit_processor_time()
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    with opened(Path(source)) as container, av.open(pipe, "w", format="matroska", options={"live": "1"}) as out:
        heard = container.streams.audio[0]
        if not LOWEST_HZ <= heard.codec_context.sample_rate <= HIGHEST_HZ:
            return
        made = out.add_stream("aac", rate=SAMPLE_RATE_HZ)
        made.layout = "mono" if heard.codec_context.channels == 1 else "stereo"
        for packet in container.demux(heard):
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, OSError):  # a damaged stretch becomes silence
                continue
            for frame in frames:
                if frame.pts is None or not LOWEST_HZ <= frame.sample_rate <= HIGHEST_HZ:
                    continue
                with suppress(av.error.FFmpegError, ValueError):  # sound whose format changes midway
                    out.mux(made.encode(frame))
        with suppress(av.error.FFmpegError, ValueError):
            out.mux(made.encode(None))


def _limit_processor_time() -> None:
    """Stop a decoder that never finishes."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
