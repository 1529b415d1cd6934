"""How strongly a video is compressed: what the encoder discarded, no measurement brings back."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import numpy as np

from coach.video.side_data import side_data

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

# Quantisers from which the picture falls into blocks, for codecs whose decoders report them: H.264 has 0..51,
# VP9 0..255, MPEG-4 and H.263 2..62 (twice the scale).
STRONG = {"h264": 38.0, "vp9": 200.0, "mpeg4": 40.0, "h263": 40.0, "flv": 40.0, "msmpeg4v3": 40.0}
VERY_STRONG = 1.13  # times that quantiser
# For these only the size can be used: H.264 needs 0.0007 bits per pixel at quantiser 40 for a person exercising in a
# quiet room, and 0.004 at 30.
SILENT = {"hevc", "vvc", "vp8", "libvpx", "av1", "libdav1d"}
# Of a smaller picture every pixel needs more, as outlines are a larger share of it: HEVC at quality 44 has 0.0011 at
# 720 lines, 0.0014 at 540 and 0.0019 to 0.0020 at 360 (three clips), where one drop in four left its interval.
STRONG_BITS_PER_PIXEL, OF_PIXELS = 0.0012, 1280 * 720
# The error of depths to expect then, in degrees: the drops of one set read 2 degrees too small at quantiser 40, 4 at
# MPEG-4's 50, and 6 at H.264's 46.
WIDER_DEG, MUCH_WIDER_DEG = 3.0, 6.0
EVERY = 25  # every 25th picture is examined
HEADER = struct.Struct("<IxxxxQQii")  # AVVideoEncParams: blocks, where they start, how large one is, kind, quantiser


class Compression:
    """Collects the quantisers of some pictures of one video."""

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._pictures = 0
        self._quantisers: list[float] = []

    def see(self, picture: VideoFrame) -> None:
        """Take a decoded picture; the decoder must export its parameters (``export_side_data``)."""
        self._pictures += 1
        if self._codec in STRONG and self._pictures % EVERY == 1:
            self._quantisers += [q for q in [_quantiser(picture)] if math.isfinite(q)]

    def wider_deg(self, coded_bits: float, pixels: int) -> float:
        """How much to widen the interval of a depth on either side, in degrees: 0 if little was lost.

        coded_bits: of a picture, on average, NaN if unknown; pixels: that it has.
        """
        if self._quantisers:
            strength = float(np.median(self._quantisers)) / STRONG[self._codec]
            return MUCH_WIDER_DEG if strength >= VERY_STRONG else WIDER_DEG if strength >= 1 else 0.0
        least_bits = STRONG_BITS_PER_PIXEL * math.sqrt(OF_PIXELS * pixels)
        return WIDER_DEG if self._codec in SILENT and 0 < coded_bits < least_bits else 0.0


def _quantiser(picture: VideoFrame) -> float:
    """Mean quantiser of a picture's blocks; NaN if not reported."""
    for content in side_data(picture, "VIDEO_ENC_PARAMS"):
        blocks, start, size, _, quantiser = HEADER.unpack_from(content)
        if not blocks or size < 20 or start + blocks * size > len(content):
            return float(quantiser)
        rows = np.frombuffer(content, np.uint8, blocks * size, start).reshape(blocks, size)
        return float(quantiser) + float(rows[:, 16:20].copy().view(np.int32).mean())
    return math.nan
