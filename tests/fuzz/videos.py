"""Videos as they come out of recorders, browsers, joiners and broken disks: odd, cut, joined, damaged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import four_corners

Stamp = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Clip:
    """Pictures of four coloured corners."""

    size: tuple[int, int] = (64, 48)
    frames: int = 15
    codec: str = "libvpx"
    fps: int = 15

    @property
    def pixels(self) -> str:
        return "yuvj420p" if self.codec == "mjpeg" else "yuv420p"

    def packets(self) -> Iterator[Any]:
        """Coded on their own, with a key frame first; no picture is predicted from a later one."""
        import av

        context: Any = av.CodecContext.create(self.codec, "w")
        context.width, context.height, context.pix_fmt = *self.size, self.pixels
        context.time_base, context.framerate = Fraction(1, self.fps), Fraction(self.fps)
        context.options = {"lag-in-frames": "0", "deadline": "realtime"} if self.codec == "libvpx" else {"bf": "0"}
        picture = four_corners(*self.size)
        for i in range(self.frames):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, i % 2, axis=1), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, self.fps)
            yield from context.encode(frame)
        yield from context.encode(None)


# -- Matroska and WebM, written here because no muxer writes times that fall back -----

CODECS = {"libvpx": b"V_VP8", "mjpeg": b"V_MJPEG"}


def element(name: str, content: bytes) -> bytes:
    """An EBML element: its identifier in hexadecimal, the length of its content, its content."""
    return bytes.fromhex(name) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def number(name: str, value: int) -> bytes:
    return element(name, value.to_bytes(8, "big"))


def matroska(path: Path, clip: Clip, packets: Sequence[tuple[int, Any]], *, tick_ns: int = 1_000_000) -> Path:
    """Packets with their times in ticks, as they are, one a cluster."""
    kind = b"webm" if path.suffix == ".webm" else b"matroska"
    head = element("1A45DFA3", number("4286", 1) + number("42F7", 1) + element("4282", kind))
    info = element("1549A966", number("2AD7B1", tick_ns))
    video = element("E0", number("B0", clip.size[0]) + number("BA", clip.size[1]))
    track = number("D7", 1) + number("73C5", 1) + number("83", 1) + element("86", CODECS[clip.codec]) + video
    clusters = b"".join(
        element(
            "1F43B675",
            number("E7", ticks)
            + element("A3", b"\x81\0\0" + (b"\x80" if packet.is_keyframe else b"\0") + bytes(packet)),
        )
        for ticks, packet in packets
    )
    path.write_bytes(head + element("18538067", info + element("1654AE6B", element("AE", track)) + clusters))
    return path


def restamped(path: Path, clip: Clip, stamp: Stamp, *, fps: float | None = None) -> Path:
    """A clip whose n-th picture has the time stamp(n), in units of its rate (Matroska, WebM)."""
    tick_ns = round(1e9 / (fps or clip.fps))
    return matroska(path, clip, [(stamp(i), packet) for i, packet in enumerate(clip.packets())], tick_ns=tick_ns)


def joined(path: Path, clips: Sequence[Clip], *, rising: bool = False) -> Path:
    """Clips one after the other: files as ``cat`` joins them (MPEG-TS), else one file whose clock is set back.

    rising: the times go on, as when a browser's recorder changes the size of the picture.
    """
    step = 1000 // clips[0].fps
    if path.suffix in {".mkv", ".webm"}:
        packets, at = [], 0
        for clip in clips:
            packets += [(at + round(1000 * i / clip.fps), packet) for i, packet in enumerate(clip.packets())]
            at += round(1000 * clip.frames / clip.fps) if rising else 0
        return matroska(path, clips[0], packets)
    if path.suffix == ".flv":
        assert not rising
        one = with_sound_of(path.with_name("one.flv"), clips[0], 0)
        content = one.read_bytes()
        path.write_bytes(content + content[13:])
        return path
    parts = []
    for i, clip in enumerate(clips):
        start = i * step * clip.frames if rising else 0
        parts.append(with_sound_of(path.with_name(f"{i}-{path.name}"), clip, 0, start_ms=start).read_bytes())
    path.write_bytes(b"".join(parts))
    return path


# -- what muxers do write -----


def add_stream(out: Any, clip: Clip) -> Any:
    stream = out.add_stream(clip.codec, rate=clip.fps)
    stream.width, stream.height, stream.pix_fmt = *clip.size, clip.pixels
    if clip.codec == "libx264":
        stream.options = {"bf": "0"}
    return stream


def add_pictures(out: Any, stream: Any, clip: Clip, start_ms: int = 0) -> None:
    import av

    picture = four_corners(*clip.size)
    for i in range(clip.frames):
        frame = av.VideoFrame.from_ndarray(np.roll(picture, i % 2, axis=1), format="rgb24")
        frame.pts, frame.time_base = start_ms + round(1000 * i / clip.fps), Fraction(1, 1000)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def add_sound(out: Any, stream: Any, sound_s: float) -> None:
    import av

    for i in range(round(sound_s * 48_000 / 1024)):
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.rate, silence.pts, silence.time_base = 48_000, i * 1024, Fraction(1, 48_000)
        out.mux(stream.encode(silence))
    out.mux(stream.encode(None))


def with_sound_of(path: Path, clip: Clip, sound_s: float, *, start_ms: int = 0) -> Path:
    """A clip with so many seconds of sound, however long its pictures are."""
    import av

    codec = {".webm": "libvpx", ".flv": "flv", ".avi": "mpeg4"}.get(path.suffix, "libx264")
    clip = Clip(clip.size, clip.frames, codec, clip.fps)
    with av.open(str(path), "w") as out:
        stream = add_stream(out, clip)
        sound = out.add_stream("aac", rate=48_000, layout="mono") if sound_s else None
        add_pictures(out, stream, clip, start_ms)
        if sound is not None:
            add_sound(out, sound, sound_s)
    return path


def two_streams(path: Path, first: Clip, second: Clip, default: int | None) -> Path:
    """A file of two videos, of which one, or none, is called the default one."""
    import av
    from av.stream import Disposition

    clips = [Clip(c.size, c.frames, "mjpeg" if c.codec == "mjpeg" else "libx264", c.fps) for c in (first, second)]
    with av.open(str(path), "w") as out:
        streams = [add_stream(out, clip) for clip in clips]
        for i, stream in enumerate(streams):
            stream.disposition = Disposition.default if i == default else Disposition(0)
        for stream, clip in zip(streams, clips, strict=True):
            add_pictures(out, stream, clip)
    return path


# -- boxes of MP4 -----


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def find_box(content: bytes, *names: bytes) -> tuple[int, int]:
    """Start and end of a box inside others."""
    start, end = 0, len(content)
    for name in names:
        at = start
        while content[at + 4 : at + 8] != name:
            at += struct.unpack(">I", content[at : at + 4])[0]
            if at >= end:
                raise ValueError(f"no {name!r}")
        start, end = at + 8, at + struct.unpack(">I", content[at : at + 4])[0]
    return start - 8, end


def with_edits(path: Path, count: int) -> Path:
    """The same MP4 file with an edit list that plays its first tenth of a second again and again.

    The file's index stands at its end, so that nothing in it has to be moved.
    """
    content = path.read_bytes()
    start, end = find_box(content, b"moov", b"trak", b"edts")
    entry = struct.pack(">IiHH", 100, 0, 1, 0)
    edits = box(b"edts", box(b"elst", struct.pack(">II", 0, count) + entry * count))
    grown = len(edits) - (end - start)
    content = content[:start] + edits + content[end:]
    for names in ((b"moov",), (b"moov", b"trak")):
        at, _ = find_box(content, *names)
        size = struct.unpack(">I", content[at : at + 4])[0] + grown
        content = content[:at] + struct.pack(">I", size) + content[at + 4 :]
    path.write_bytes(content)
    return path


def with_same_times(path: Path) -> Path:
    """The same MP4 file with all its pictures at one time."""
    content = bytearray(path.read_bytes())
    at = content.index(b"stts")
    count = struct.unpack(">I", content[at + 8 : at + 12])[0]
    for i in range(count):
        content[at + 16 + 8 * i : at + 20 + 8 * i] = bytes(4)
    path.write_bytes(content)
    return path


def with_media_length(path: Path, seconds: float) -> Path:
    """The same MP4 file whose track says that it lasts so long."""
    content = bytearray(path.read_bytes())
    at = content.index(b"mdhd")
    rate = struct.unpack(">I", content[at + 16 : at + 20])[0]
    content[at + 20 : at + 24] = struct.pack(">I", round(seconds * rate))
    path.write_bytes(content)
    return path


# -- pictures that are too large -----


def gif_bomb(width: int = 16_000, height: int = 16_000) -> bytes:
    """A GIF of one colour that takes a gigabyte to decode."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    picture = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\0"
    return head + picture * 3 + b";"


def png_bomb(width: int = 16_000, height: int = 16_000) -> bytes:
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*part) for part in parts)


def with_packed_text(png: bytes, mb: int) -> bytes:
    """The same picture with a text of so many megabytes of one letter, packed."""
    packer = zlib.compressobj(9)
    text = b"".join([*(packer.compress(b"a" * 2**20) for _ in range(mb)), packer.flush()])
    after_head = 8 + 25
    return png[:after_head] + _png_chunk(b"zTXt", b"Comment\0\0" + text) + png[after_head:]


def _png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def many_scans(jpeg: bytes, count: int) -> bytes:
    """The same JPEG with its first scan so many times."""
    start, end = jpeg.index(b"\xff\xda"), jpeg.index(b"\xff\xd9")
    return jpeg[:start] + jpeg[start:end] * count + jpeg[end:]
