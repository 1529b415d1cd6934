"""Sample clips as a browser's camera: somebody who stands or lies still first, then a stretch of a sample."""

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
    from_s: float = 0.0,
    width: int = 960,
    away_s: float = 0.0,
    and_back: bool = False,
) -> Path:
    """Write a .mjpeg, or a video of another kind by its ending.

    It shows a second of the sample's beginning to and fro for ``still_s``, the sample from ``from_s`` to ``until_s``,
    ``and_back`` to where that began (so a hold lasts twice as long), then nobody for ``away_s``.
    """
    import av
    import numpy as np

    with (
        av.open(str(SAMPLES / name)) as source,
        av.open(str(target), "w", format=None if target.suffix != ".mjpeg" else "mjpeg") as out,
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
        moving = [each for t_s, each in pictures if t_s >= from_s]
        moving += moving[::-1] if and_back else []
        wanted += [moving[int(n * rate / FPS)] for n in range(int(len(moving) * FPS / rate))]
        height = round(width * pictures[0][1].height / pictures[0][1].width / 2) * 2
        stream: Any = out.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        stream.codec_context.qmin, stream.codec_context.qmax = 3, 5
        stream.codec_context.time_base = Fraction(1, FPS)
        empty = av.VideoFrame.from_ndarray(np.full((height, width, 3), 120, np.uint8), format="rgb24")
        wanted += [empty] * round(away_s * FPS)
        for number, picture in enumerate(wanted):
            frame = picture.reformat(width=width, height=height, format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return target
