"""One frame of the animated picture, painted into a part of the canvas."""

from __future__ import annotations

import numpy as np

from coach.definitions.picture import SIZE, Role
from coach.definitions.picture import Picture as Figure
from coach.overlay.canvas import ACCENT, FIXED_POINT_BITS, SOFT, WHITE, Colour, Point, fixed
from coach.types import Picture, Side

FRAMES_A_ROUND = 48
LOOKS: dict[Role, tuple[Colour, float]] = {
    "thing": (SOFT, 1.6),
    "body": (WHITE, 3.4),
    "moving": (ACCENT, 4.6),
    "tie": ((255, 209, 102), 1.8),
}
HEAD_RADIUS = 6.0


def frame_number(figure: Figure, t_s: float) -> int:
    """The frame for this time."""
    return int(t_s / figure.seconds * FRAMES_A_ROUND) % FRAMES_A_ROUND


def paint_figure(part: Picture, figure: Figure, side: Side, number: int, mirrored: bool) -> None:
    """The figure, as large as the part allows. mirrored: as in a mirror."""
    import cv2

    height, width = part.shape[:2]
    scale = min(width, height) / SIZE
    left, top = (width - SIZE * scale) / 2, (height - SIZE * scale) / 2
    share = number / FRAMES_A_ROUND

    def at(point: Point) -> Point:
        return left + (SIZE - point[0] if mirrored else point[0]) * scale, top + point[1] * scale

    lines = figure.lines(share, side)
    head = figure.head(share, side)
    for role in ("thing", "body", "moving", "tie"):
        colour, thick = LOOKS[role]
        for line in lines:
            if line.role == role:
                corners = np.array([fixed(at(point)) for point in line.points], np.int32)
                thickness = max(1, round(thick * scale))
                cv2.polylines(part, [corners], line.closed, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
        if role == "body" and head is not None:
            radius = round(HEAD_RADIUS * scale * (1 << FIXED_POINT_BITS))
            cv2.circle(part, fixed(at(head)), radius, colour, cv2.FILLED, cv2.LINE_AA, FIXED_POINT_BITS)
