"""The animated picture, painted into a part of the canvas: one of its frames, or both ends of the movement at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coach.definitions.picture import SIZE, Role
from coach.definitions.picture import Picture as Figure
from coach.overlay.canvas import ACCENT, DARK, FIXED_POINT_BITS, SOFT, WHITE, Colour, Point, fixed
from coach.types import Picture, Side

FRAMES_A_ROUND = 48
Looks = Mapping[Role, tuple[Colour, float]]
# In the order in which they are painted.
LOOKS: Looks = {
    "thing": (SOFT, 1.6),
    "body": (WHITE, 3.4),
    "moving": (ACCENT, 4.6),
    "tie": ((255, 209, 102), 1.8),
}
HEAD_RADIUS = 6.0
FAINT = 0.35  # share of its colour that the start keeps under the farthest point


def frame_number(figure: Figure, t_s: float) -> int:
    """The frame for this time."""
    return int(t_s / figure.seconds * FRAMES_A_ROUND) % FRAMES_A_ROUND


def paint_figure(part: Picture, figure: Figure, side: Side, number: int | None, mirrored: bool) -> None:
    """The figure, as large as the part allows. mirrored: as in a mirror.

    number: the frame; None for the start, faintly, with the farthest point over it, where nothing may move.
    """
    if number is not None:
        _paint(part, figure, side, number / FRAMES_A_ROUND, mirrored, LOOKS)
        return
    faint: Looks = {role: (_faint(colour), thick) for role, (colour, thick) in LOOKS.items() if role != "thing"}
    _paint(part, figure, side, 0.0, mirrored, faint)
    _paint(part, figure, side, figure.farthest, mirrored, LOOKS)


def _faint(colour: Colour) -> Colour:
    red, green, blue = (round(FAINT * ink + (1 - FAINT) * ground) for ink, ground in zip(colour, DARK, strict=True))
    return red, green, blue


def _paint(part: Picture, figure: Figure, side: Side, share: float, mirrored: bool, looks: Looks) -> None:
    """The figure at this share of its cycle, each role in its look; roles without one are left out."""
    import cv2

    height, width = part.shape[:2]
    scale = min(width, height) / SIZE
    left, top = (width - SIZE * scale) / 2, (height - SIZE * scale) / 2

    def at(point: Point) -> Point:
        return left + (SIZE - point[0] if mirrored else point[0]) * scale, top + point[1] * scale

    lines = figure.lines(share, side)
    head = figure.head(share, side)
    for role, (colour, thick) in looks.items():
        for line in lines:
            if line.role == role:
                corners = np.array([fixed(at(point)) for point in line.points], np.int32)
                thickness = max(1, round(thick * scale))
                cv2.polylines(part, [corners], line.closed, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
        if role == "body" and head is not None:
            radius = round(HEAD_RADIUS * scale * (1 << FIXED_POINT_BITS))
            cv2.circle(part, fixed(at(head)), radius, colour, cv2.FILLED, cv2.LINE_AA, FIXED_POINT_BITS)
