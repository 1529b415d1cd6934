"""One frame of the animated picture, as a panel of the window."""

from __future__ import annotations

from coach.definitions.picture import SIZE, Picture, Role
from coach.overlay.canvas import ACCENT, SOFT, WHITE, Canvas, Colour, Point, Sprite
from coach.overlay.hud import Layout
from coach.types import Side

FRAMES_A_ROUND = 48  # cached as sprites: more would be redrawn each time
LOOKS: dict[Role, tuple[Colour, float]] = {
    "thing": (SOFT, 1.6),
    "body": (WHITE, 3.4),
    "moving": (ACCENT, 4.6),
    "tie": ((255, 209, 102), 1.8),
}
HEAD_RADIUS = 6.0


def frame_number(picture: Picture, t_s: float) -> int:
    """The frame for this time."""
    return int(t_s / picture.seconds * FRAMES_A_ROUND) % FRAMES_A_ROUND


def picture_panel(layout: Layout, picture: Picture, side: Side, number: int, mirrored: bool) -> Sprite:
    """The figure on a dark panel, as wide as the count's ring. mirrored: as in a mirror."""
    width = layout.ring
    scale, edge = (width - 2 * layout.px(10)) / SIZE, layout.px(10)
    share = number / FRAMES_A_ROUND

    def at(point: Point) -> Point:
        return edge + (SIZE - point[0] if mirrored else point[0]) * scale, edge + point[1] * scale

    sheet = Canvas(width, width).panel(layout.px(18))
    for role in ("thing", "body", "moving", "tie"):
        colour, thick = LOOKS[role]
        limbs = []
        for line in picture.lines(share, side):
            if line.role == role:
                corners = [at(point) for point in (*line.points, *(line.points[:1] if line.closed else ()))]
                limbs += [(a, b, thick * scale) for a, b in zip(corners, corners[1:], strict=False)]
        head = picture.head(share, side) if role == "body" else None
        if head is not None:
            sheet.limbs(at(head), HEAD_RADIUS * scale, limbs, colour, 1.0)
        elif limbs:
            sheet.limbs(limbs[0][0], thick * scale / 2, limbs, colour, 1.0)
    return sheet.sprite()
