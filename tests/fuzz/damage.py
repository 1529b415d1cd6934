"""Good videos in many containers, and seeded damage to their bytes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.conftest import SAMPLES

CONTAINERS = {
    "mp4": "libx264",
    "mov": "mpeg4",
    "mkv": "libx264",
    "webm": "libvpx",
    "avi": "mpeg4",
    "ts": "libx264",
    "flv": "flv",
    "gif": "gif",
    "mpg": "mpeg2video",
    "wmv": "msmpeg4v3",
    "nut": "mjpeg",
    "3gp": "h263",
    # As a messenger or a browser compresses them: little is left to guess the rest from.
    "hevc.mp4": "libx265",
    "hevc.ts": "libx265",
    "vp9.webm": "libvpx-vp9",
    "vp9.mp4": "libvpx-vp9",
    "strong.mkv": "libx264",
}
STRONGLY = {
    "hevc": {"crf": "45", "x265-params": "log-level=none"},
    "vp9": {"crf": "62", "b:v": "0", "deadline": "realtime", "cpu-used": "8"},
    "strong": {"crf": "46"},
}
SIZE = (352, 288)  # the only one of several that H.263 knows
PICTURES = 16
MOST_BYTES = 4 * 2**20


def good_videos(folder: Path) -> list[Path]:
    """The first seconds of a sample in every container, some with sound."""
    import av

    with av.open(str(SAMPLES / "hiker_right_30fps.mp4")) as source:
        pictures = []
        for number, picture in enumerate(source.decode(video=0)):
            if number % 3 == 0:
                pictures.append(picture.reformat(*SIZE, "yuv420p").to_ndarray())
            if len(pictures) == PICTURES:
                break
    return [_write(folder / f"good.{kind}", codec, pictures) for kind, codec in CONTAINERS.items()]


def _write(path: Path, codec: str, pictures: Sequence[Any]) -> Path:
    import av

    formats = {"gif": "rgb8", "mjpeg": "yuvj420p"}
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=25 if path.suffix == ".mpg" else 10)
        stream.width, stream.height, stream.pix_fmt = *SIZE, formats.get(codec, "yuv420p")
        stream.options = STRONGLY.get(path.name.split(".")[1], {})
        sound: Any = out.add_stream("aac", rate=48_000, layout="mono") if path.suffix in {".mp4", ".mkv"} else None
        if sound is not None:
            from tests.fuzz.videos import add_sound

            add_sound(out, sound, 2.0)
        for i, picture in enumerate(pictures):
            frame: Any = av.VideoFrame.from_ndarray(picture, format="yuv420p").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = i, Fraction(1, 10)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def damaged(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The bytes of a video with one to three kinds of damage."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(DAMAGE)(content, others, chance)[:MOST_BYTES]
    return content


def _place(content: bytes, chance: random.Random) -> int:
    """Somewhere in it, often near its beginning or end, where headers and indices stand."""
    size = max(1, len(content))
    return chance.choice(
        (chance.randrange(size), chance.randrange(min(size, 2048)), size - 1 - chance.randrange(min(size, 2048)))
    )


def _cut(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return content[: _place(content, chance)]


def _headless(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return content[chance.choice((1, 8, 188, 512, _place(content, chance))) :]


def _flipped(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _i in range(chance.choice((1, 8, 64, 512))):
        if spoilt:
            spoilt[_place(content, chance)] = chance.randrange(256)
    return bytes(spoilt)


def _blanked(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at, length = _place(content, chance), chance.choice((4, 64, 4096))
    return content[:at] + bytes([chance.choice((0, 255))]) * length + content[at + length :]


def _grown(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = _place(content, chance)
    return content[:at] + chance.randbytes(chance.choice((1, 16, 3000))) + content[at:]


def _repeated(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at, length = _place(content, chance), chance.choice((8, 256, 8192))
    return content[: at + length] + content[at : at + length] * chance.choice((1, 20)) + content[at + length :]


def _extreme(content: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    """Lengths, counts and sizes that are nonsense."""
    at = _place(content, chance)
    value = chance.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1, 100_000)).to_bytes(4, chance.choice(("big", "little")))
    return content[:at] + value + content[at + 4 :]


def _joined(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    return content + chance.choice((content, chance.choice(others)))


def _crossed(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(others)
    return content[: _place(content, chance)] + other[_place(other, chance) :]


DAMAGE: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _cut,
    _headless,
    _flipped,
    _blanked,
    _grown,
    _repeated,
    _extreme,
    _joined,
    _crossed,
)
