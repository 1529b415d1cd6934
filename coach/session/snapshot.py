"""A small picture of one body, cut out of a frame: kept only if the user asks for pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.types import FloatArray, Picture

LONGEST_PX = 280
MARGIN = 0.12  # of the body's longer side


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A JPEG of the part of a frame inside ``box_px``: left, top, right, bottom in the frame's pixels."""

    jpeg: bytes
    box_px: tuple[float, float, float, float]


def snapshot(rgb: Picture, xy_px: FloatArray) -> Snapshot:
    """The body at ``xy_px`` (33, 2) with a margin, at most 280 px wide or high."""
    from io import BytesIO

    from PIL import Image

    height, width = rgb.shape[:2]
    low, high = np.nanmin(xy_px, 0), np.nanmax(xy_px, 0)
    room = MARGIN * float(max(high - low))
    left, top = np.clip(np.floor(low - room), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(high + room), (left + 1, top + 1), (width, height)).astype(int)
    picture = Image.fromarray(np.ascontiguousarray(rgb[top:bottom, left:right]))
    picture.thumbnail((LONGEST_PX, LONGEST_PX))
    file = BytesIO()
    picture.save(file, "JPEG", quality=72)
    return Snapshot(file.getvalue(), (float(left), float(top), float(right), float(bottom)))
