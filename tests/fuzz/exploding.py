"""Small videos that claim to be enormous, or change in the middle what nobody expects to change."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import write_video
from tests.fuzz.videos import (
    Clip,
    add_pictures,
    add_stream,
    box,
    element,
    find_box,
    matroska,
    number,
    restamped,
    with_sound_of,
)

YEAR_S = 365 * 24 * 3600
Make = Callable[[Path], Path]


# -- sizes -----


def _head_of_mp4(codec: str, suffix: str = "mp4") -> Make:
    """Its boxes claim 65535 x 65535; the coded pictures are small."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"head-{codec}.{suffix}", codec=codec)
        content = bytearray(path.read_bytes())
        at, _ = find_box(content, b"moov", b"trak", b"tkhd")
        content[at + 84 : at + 92] = struct.pack(">HHHH", 65535, 0, 65535, 0)
        at = content.index(b"stsd") + 12 + 4 + 28
        content[at : at + 4] = struct.pack(">HH", 65535, 65535)
        path.write_bytes(content)
        return path

    return make


def _head_of_matroska(folder: Path) -> Path:
    clip = Clip()
    path = matroska(folder / "head.webm", clip, [(i * 66, packet) for i, packet in enumerate(clip.packets())])
    width = number("B0", clip.size[0])
    path.write_bytes(path.read_bytes().replace(width, number("B0", 2**40)))
    return path


def _vp8_pictures(width: int, height: int, count: int) -> Make:
    """Every coded picture of a small video claims to be so large."""

    def make(folder: Path) -> Path:
        clip = Clip(frames=count)
        path = restamped(folder / f"vp8-{width}.webm", clip, lambda i: i)
        content = path.read_bytes()
        start = b"\x9d\x01\x2a"
        path.write_bytes(
            content.replace(start + struct.pack("<HH", *clip.size), start + struct.pack("<HH", width, height))
        )
        return path

    return make


def _jpeg_pictures(folder: Path) -> Path:
    """Every JPEG claims 65500 x 65500."""
    path = restamped(folder / "jpeg.mkv", Clip(codec="mjpeg"), lambda i: i)
    content = bytearray(path.read_bytes())
    at = content.find(b"\xff\xc0")
    while at >= 0:
        content[at + 5 : at + 9] = struct.pack(">HH", 65500, 65500)
        at = content.find(b"\xff\xc0", at + 1)
    path.write_bytes(content)
    return path


def _raw(width: int, height: int, rate: str = "F15:1") -> Make:
    """A YUV4MPEG that claims a size, or a rate, with next to nothing in it."""

    def make(folder: Path) -> Path:
        path = folder / f"raw-{width}-{rate.replace(':', '-')}.y4m"
        picture = b"FRAME\n" + bytes(min(width * height * 3 // 2, 6144))
        path.write_bytes(f"YUV4MPEG2 W{width} H{height} {rate} C420\n".encode() + picture * 8)
        return path

    return make


def _avi_head(folder: Path) -> Path:
    path = write_video(folder / "head.avi", codec="mpeg4")
    content = bytearray(path.read_bytes())
    at = content.index(b"strf") + 8
    content[at + 4 : at + 12] = struct.pack("<ii", 2**31 - 1, -(2**31))
    path.write_bytes(content)
    return path


# -- what changes midway -----


def _sizes(codec: str, sizes: Sequence[tuple[int, int]], suffix: str) -> Make:
    """A few pictures of each size, one after the other."""

    def make(folder: Path) -> Path:
        path = folder / f"sizes-{codec}-{len(sizes)}.{suffix}"
        packets, at = [], 0
        for size in sizes:
            for packet in Clip(size, 3, codec).packets():
                packets.append((at, packet))
                at += 66
        return matroska(path, Clip(sizes[0], codec=codec), packets)

    return make


def _sizes_in_a_stream(folder: Path) -> Path:
    """As a broadcaster switches: small, 4K, smaller, in MPEG-TS."""
    parts = []
    for i, size in enumerate(((320, 240), (3840, 2160), (64, 48), (240, 320))):
        part = folder / f"part{i}.ts"
        with _writing(part) as out:
            clip = Clip(size, 5, "libx264")
            add_pictures(out, add_stream(out, clip), clip, 400 * i)
        parts.append(part.read_bytes())
        part.unlink()
    path = folder / "switched.ts"
    path.write_bytes(b"".join(parts))
    return path


def _turns(folder: Path) -> Path:
    """Each stretch asks to be turned another way (H.264's own message)."""
    import av

    path = folder / "turned.ts"
    parts = []
    for i, turn in enumerate((0, 90, 180, 270, 45)):
        plain = with_sound_of(folder / "plain.ts", Clip(frames=5), 0)
        part = folder / "part.ts"
        with av.open(str(plain)) as source, _writing(part) as out:
            stream = out.add_stream_from_template(source.streams.video[0])
            turning = av.BitStreamFilterContext(f"h264_metadata=rotate={turn}", source.streams.video[0], stream)
            for packet in source.demux(source.streams.video[0]):
                for changed in turning.filter(packet if packet.size else None):
                    changed.stream = stream
                    changed.pts = changed.dts = changed.pts + i * 30_000
                    out.mux(changed)
        parts.append(part.read_bytes())
        part.unlink()
        plain.unlink()
    path.write_bytes(b"".join(parts))
    return path


def _matrix(name: str, values: Sequence[int]) -> Make:
    """A display matrix that turns by nothing usual, or flattens the picture."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"matrix-{name}.mp4")
        content = bytearray(path.read_bytes())
        at, _ = find_box(content, b"moov", b"trak", b"tkhd")
        content[at + 48 : at + 84] = struct.pack(">9i", *values)
        path.write_bytes(content)
        return path

    return make


# -- times -----


def _stamped(name: str, stamp: Callable[[int], int], tick_ns: int = 1_000_000) -> Make:
    """A Matroska file whose n-th picture has the time stamp(n), in ticks of so many nanoseconds."""

    def make(folder: Path) -> Path:
        clip = Clip(frames=30)
        packets = [(stamp(i), packet) for i, packet in enumerate(clip.packets())]
        return matroska(folder / f"times-{name}.mkv", clip, packets, tick_ns=tick_ns)

    return make


def _steps(name: str, steps: Sequence[tuple[int, int]], scale: int | None = None) -> Make:
    """An MP4 file whose pictures follow each other by such steps (count and ticks), on such a clock."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"steps-{name}.mp4", frames=30)
        content = bytearray(path.read_bytes())
        entries = b"".join(struct.pack(">II", *step) for step in steps)
        content = bytearray(_with_box(bytes(content), b"stts", struct.pack(">II", 0, len(steps)) + entries))
        if scale is not None:
            at = content.index(b"mdhd") + 16
            content[at : at + 4] = struct.pack(">I", scale)
        path.write_bytes(content)
        return path

    return make


def _with_box(content: bytes, name: bytes, inside: bytes) -> bytes:
    """The same MP4 file, with its index at the end, and another box of the first track's table of samples."""
    parents = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    made = box(name, inside)
    try:
        start, end = find_box(content, *parents, name)
    except ValueError:
        _, start = find_box(content, *parents)
        end = start
    changed = bytearray(content[:start] + made + content[end:])
    for depth in range(1, len(parents) + 1):
        at, _ = find_box(content, *parents[:depth])
        size = struct.unpack(">I", content[at : at + 4])[0] + len(made) - (end - start)
        changed[at : at + 4] = struct.pack(">I", size)
    return bytes(changed)


# -- counts -----


def _samples(count: int, size: int) -> Make:
    """An MP4 file that says it has so many pictures of so many bytes each."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"samples-{count}-{size}.mp4")
        content = _with_box(path.read_bytes(), b"stsz", struct.pack(">III", 0, size, count))
        content = _with_box(content, b"stts", struct.pack(">IIII", 0, 1, count, 512))
        path.write_bytes(_with_box(content, b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)))
        return path

    return make


def _fragment(folder: Path) -> Path:
    """A fragment that says it has 2**28 pictures, without a byte on any."""
    path = write_video(folder / "fragment.mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"})
    content = path.read_bytes()
    head = box(b"mfhd", struct.pack(">II", 0, 99))
    about = box(b"tfhd", struct.pack(">IIII", 0x020018, 1, 512, 1))
    runs = box(b"trun", struct.pack(">II", 0, 2**28))
    path.write_bytes(content + box(b"moof", head + box(b"traf", about + runs)) + box(b"mdat", bytes(64)))
    return path


def packed_index(folder: Path) -> Path:
    """An MP4 file whose index is packed: a gigabyte of zeros in a megabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    inside = box(b"dcom", b"zlib") + box(b"cmvd", struct.pack(">I", 2**30) + packed)
    path = folder / "packed.mov"
    path.write_bytes(box(b"ftyp", b"qt  \0\0\2\0qt  ") + box(b"moov", box(b"cmov", inside)) + box(b"mdat", bytes(64)))
    return path


def _tracks(count: int) -> Make:
    """A Matroska file of so many videos, of which the first has pictures."""

    def make(folder: Path) -> Path:
        clip = Clip()
        path = matroska(
            folder / f"tracks-{count}.mkv", clip, [(i * 66, packet) for i, packet in enumerate(clip.packets())]
        )
        content = path.read_bytes()
        video = element("E0", number("B0", 64) + number("BA", 48))
        more = b"".join(
            element("AE", number("D7", i) + number("73C5", i) + number("83", 1) + element("86", b"V_VP8") + video)
            for i in range(2, count + 1)
        )
        return _grown_matroska(path, content, "1654AE6B", more)

    return make


def _grown_matroska(path: Path, content: bytes, name: str, more: bytes) -> Path:
    """With more at the end of one element of the segment."""
    segment = content.index(bytes.fromhex("18538067"))
    at = content.index(bytes.fromhex(name))

    def length(place: int) -> int:
        return int.from_bytes(content[place + 4 : place + 12], "big") & ~(1 << 56)

    end = at + 12 + length(at)
    grown = bytearray(content[:end] + more + content[end:])
    for place in (segment, at):
        grown[place + 4 : place + 12] = (length(place) + len(more) | 1 << 56).to_bytes(8, "big")
    path.write_bytes(grown)
    return path


def mp4_tracks(count: int) -> Make:
    """An MP4 file with its track so many times."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"tracks-{count}.mp4", frames=4)
        content = path.read_bytes()
        start, end = find_box(content, b"moov", b"trak")
        at, _ = find_box(content, b"moov")
        grown = bytearray(content[:end] + content[start:end] * (count - 1) + content[end:])
        size = struct.unpack(">I", content[at : at + 4])[0] + (count - 1) * (end - start)
        grown[at : at + 4] = struct.pack(">I", size)
        path.write_bytes(grown)
        return path

    return make


def _programmes(folder: Path) -> Path:
    """A transport stream that announces thousands of streams."""
    path = write_video(folder / "announced.ts")
    packets = []
    for first in range(0, 4000, 30):
        streams = b"".join(b"\x1b" + struct.pack(">HH", 0xE000 | 0x200 + first + i, 0xF000) for i in range(30))
        body = struct.pack(">HBBBHH", 1, 0xC1 | first // 30 % 32 << 1, 0, 0, 0xE100, 0xF000) + streams
        table = b"\x02" + struct.pack(">H", 0xB000 | len(body) + 4) + body
        table += struct.pack(">I", _crc(table))
        packet = b"\x47\x50\x00" + bytes([0x10 | first // 30 % 16]) + b"\0" + table
        packets.append(packet.ljust(188, b"\xff"))
    path.write_bytes(path.read_bytes() + b"".join(packets) + path.read_bytes())
    return path


def _crc(table: bytes) -> int:
    """CRC-32 as in MPEG-2 (ISO 13818-1, annex A)."""
    crc = 0xFFFFFFFF
    for byte in table:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


def _edits(name: str, entries: Sequence[tuple[int, int]], claimed: int | None = None) -> Make:
    """An MP4 file with such edits (length and start), perhaps claiming more of them than there are."""

    def make(folder: Path) -> Path:
        path = write_video(folder / f"edits-{name}.mp4", frames=30)
        content = path.read_bytes()
        start, end = find_box(content, b"moov", b"trak", b"edts")
        made = b"".join(struct.pack(">IiHH", *entry, 1, 0) for entry in entries)
        count = len(entries) if claimed is None else claimed
        edits = box(b"edts", box(b"elst", struct.pack(">II", 0, count) + made))
        changed = bytearray(content[:start] + edits + content[end:])
        for names in ((b"moov",), (b"moov", b"trak")):
            at, _ = find_box(content, *names)
            size = struct.unpack(">I", content[at : at + 4])[0] + len(edits) - (end - start)
            changed[at : at + 4] = struct.pack(">I", size)
        path.write_bytes(changed)
        return path

    return make


# -- what is heavy to decode -----


def _coded(name: str, size: tuple[int, int], frames: int, codec: str, options: dict[str, str], pixels: str) -> Make:
    """Large pictures of one colour: little to store, and much to keep while others are predicted from them."""

    def make(folder: Path) -> Path:
        import av

        path = folder / f"coded-{name}.mkv"
        with _writing(path) as out:
            stream: Any = out.add_stream(codec, rate=15)
            stream.width, stream.height, stream.pix_fmt, stream.options = *size, pixels, options
            frame: Any = av.VideoFrame(*size, pixels)
            for plane in frame.planes:
                np.frombuffer(plane, np.uint8)[:] = 16  # type: ignore[call-overload]
            for i in range(frames):
                frame.pts, frame.time_base = i, Fraction(1, 15)
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return path

    return make


def _writing(path: Path) -> Any:
    import av

    return av.open(str(path), "w")


LARGE, SMALL = (3840, 2160), (64, 48)

# Quick to make and to look at: these are tried always.
QUICK: dict[str, Make] = {
    "a Matroska head of 2**40 pixels": _head_of_matroska,
    "VP8 pictures of 16383 pixels": _vp8_pictures(16383, 16383, 15),
    "turns midway": _turns,
    "years ahead and back": _stamped("years", lambda i: i * 66 + (i % 7 == 3) * 20 * YEAR_S * 1000),
    "steps of 2**31": _steps("long", [(10, 512), (1, 2**31 - 1), (10, 512), (9, 2**32 - 1)]),
    "edits of years": _edits("years", [(2**32 - 1, -1), (2**32 - 1, 2**31 - 1), (1000, 0), (2**31, -1)]),
    "2**28 pictures of a byte": _samples(2**28, 1),
    "90 tracks": mp4_tracks(90),
}
THOROUGH: dict[str, Make] = QUICK | {
    "an MP4 head of 65535 pixels": _head_of_mp4("libx264"),
    "a MOV head of 65535 pixels": _head_of_mp4("mpeg4", "mov"),
    "a HEVC head of 65535 pixels": _head_of_mp4("libx265"),
    "an AVI head of 2**31 pixels": _avi_head,
    "JPEGs of 65500 pixels": _jpeg_pictures,
    "VP8 pictures of 8K": _vp8_pictures(8192, 4320, 60),
    "a Y4M of 100000 pixels": _raw(100_000, 100_000),
    "a Y4M of 2 pixels": _raw(2, 2),
    "a Y4M of a billion a second": _raw(64, 48, "F1000000000:1"),
    "a Y4M of none a second": _raw(64, 48, "F0:0"),
    "JPEGs of many sizes": _sizes("mjpeg", [(32 + 8 * (i * 7 % 40), 24 + 8 * (i * 5 % 60)) for i in range(40)], "mkv"),
    "VP8 from small to 4K and back": _sizes("libvpx", [SMALL, LARGE, SMALL, (48, 64), LARGE], "webm"),
    "JPEGs from 4K to 16 pixels": _sizes("mjpeg", [LARGE, (16, 16), LARGE, (1920, 16), (16, 1920)], "mkv"),
    "a broadcast that switches": _sizes_in_a_stream,
    "a flat display matrix": _matrix("flat", [0] * 9),
    "an endless display matrix": _matrix("endless", [2**31 - 1, -(2**31)] * 4 + [1]),
    "a slanting display matrix": _matrix("slanting", [46341, 46341, 0, -46341, 46341, 0, 0, 0, 2**30]),
    "backwards by years": _stamped("backwards", lambda i: (30 - i) * YEAR_S * 1000),
    "there and back": _stamped("zigzag", lambda i: (i % 2) * 10**12 + i),
    "the largest times": _stamped("largest", lambda i: 2**63 - 3000 + 66 * i),
    "a tick of ages": _stamped("ages", lambda i: i, 2**62),
    "times of no ticks": _stamped("none", lambda i: i, 0),
    "a clock of 2**32": _steps("fast", [(30, 1)], 2**32 - 1),
    "a clock of none": _steps("stopped", [(30, 512)], 0),
    "steps for 2**32 pictures": _steps("many", [(2**32 - 1, 1), (2**32 - 1, 1)]),
    "four billion edits": _edits("claimed", [(1000, 0)], 2**32 - 1),
    "half a million edits": _edits("many", [(10, 0)] * 500_000),
    "2**32 pictures of none": _samples(2**32 - 1, 0),
    "2**32 pictures of a gigabyte": _samples(2**32 - 1, 2**30),
    "a fragment of 2**28 pictures": _fragment,
    "a packed index of a gigabyte": packed_index,
    "990 tracks": mp4_tracks(990),
    "2,000 tracks": mp4_tracks(2000),
    "3,000 Matroska tracks": _tracks(3000),
    "4,000 announced streams": _programmes,
    "8K": _coded("8k-h264", (8192, 4320), 12, "libx264", {"refs": "4", "preset": "ultrafast"}, "yuv420p"),
    "8K in VP9": _coded("8k-vp9", (8192, 4320), 12, "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}, "yuv420p"),
    "8K in FFV1": _coded("8k-ffv1", (8192, 4320), 6, "ffv1", {}, "yuv420p"),
    "8K in 16 bits": _coded("8k-16", (8192, 4320), 12, "ffv1", {}, "yuv444p16le"),
    "8K with pictures of two ways": _coded("8k-b", (8192, 4320), 12, "libx264", {"preset": "medium"}, "yuv420p"),
}
