"""What a browser is given as its camera: a sample in which somebody stands still first, or a small grey picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.conftest import SAMPLES

FPS = 30  # Chromium plays .mjpeg at this rate, over and over


def camera_clip(
    name: str,
    target: Path,
    *,
    still_s: float,
    until_s: float,
    width: int,
) -> Path:
    """Write a .mjpeg: a second of the sample's beginning to and fro for ``still_s``, the sample until ``until_s``."""
    import av

    with (
        av.open(str(SAMPLES / name)) as source,
        av.open(str(target), "w", format="mjpeg") as out,
    ):
        pictures = [
            (float(each.pts * each.time_base), each)
            for each in source.decode(video=0)
            if each.pts is not None and float(each.pts * each.time_base) < until_s
        ]
        first = [each for t_s, each in pictures if t_s < 1.0]
        to_and_fro = [*first, *first[::-1]]
        rate = len(first)  # of the sample
        wanted = [to_and_fro[int(n * rate / FPS) % len(to_and_fro)] for n in range(round(still_s * FPS))]
        moving = [each for _, each in pictures]
        wanted += [moving[int(n * rate / FPS)] for n in range(int(len(moving) * FPS / rate))]
        height = round(width * pictures[0][1].height / pictures[0][1].width / 2) * 2
        stream: Any = out.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.codec_context.qmin, stream.codec_context.qmax = 3, 5
        stream.codec_context.time_base = Fraction(1, FPS)
        for number, picture in enumerate(wanted):
            frame = picture.reformat(width=width, height=height, format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return target


def grey_camera(target: Path) -> Path:
    """Write a .y4m of small pictures, twenty a second, for a session in which it does not matter what they show."""
    picture = bytes([120]) * (320 * 180 * 3 // 2)
    target.write_bytes(b"YUV4MPEG2 W320 H180 F20:1 C420\n" + (b"FRAME\n" + picture) * 20)
    return target
