"""Drawn bodies and shapes: outlines to stand or lie in, a map of where to be, and the mark round a joint."""

from __future__ import annotations

import math

from coach.overlay.arrangement import Layout
from coach.overlay.canvas import ACCENT, DARK, SOFT, WHITE, Canvas, Limb, Point, Sprite
from coach.overlay.free_scene import Spot
from coach.overlay.hud import diamond
from coach.overlay.text_layout import fit_box


def mark(layout: Layout) -> Sprite:
    """A hollow diamond to go round a joint: accent between two dark edges, so that it stands out on any clothes."""
    px, size = layout.px, layout.px(72)
    middle = (size / 2, size / 2)
    sheet = Canvas(size, size)
    for radius, colour in ((px(36), DARK), (px(32), ACCENT), (px(21), DARK)):
        sheet.polygon(diamond(middle, radius), colour)
    return sheet.cut(diamond(middle, px(17))).sprite()


# Round limbs from joint to joint, as shares of the body's length; thickness last. The head is a disc.
UPRIGHT_HEAD, LYING_HEAD, HEAD_RADIUS = (0.0, 0.07), (0.08, -0.02), 0.066
UPRIGHT_FIGURE = (
    ((0.0, 0.12), (0.0, 0.2), 0.05),
    ((-0.075, 0.205), (0.075, 0.205), 0.07),
    ((0.0, 0.24), (0.0, 0.47), 0.16),
    ((-0.1, 0.21), (-0.135, 0.5), 0.05),
    ((0.1, 0.21), (0.135, 0.5), 0.05),
    ((-0.045, 0.5), (-0.055, 0.96), 0.075),
    ((0.045, 0.5), (0.055, 0.96), 0.075),
)
# Seen from the side of the bent leg, head to the left.
LYING_FIGURE = (
    ((0.13, -0.01), (0.2, 0.0), 0.05),
    ((0.2, 0.0), (0.46, 0.0), 0.12),
    ((0.47, 0.0), (0.62, -0.2), 0.07),
    ((0.62, -0.2), (0.71, 0.02), 0.07),
    ((0.46, -0.02), (0.47, -0.48), 0.07),
    ((0.22, -0.02), (0.34, -0.16), 0.045),
    ((0.34, -0.16), (0.44, -0.26), 0.045),
)


def silhouette_panel(layout: Layout, spot: Spot, mirrored: bool, across: int, high: int) -> Sprite:
    """The outline of a body to stand or lie in, in a picture of this size."""
    upright = spot.posture == "upright"
    # A lying body with straight legs would be as long as this.
    length = min(0.88 * high, 2.4 * across) if upright else min(0.9 * across, 1.3 * high)
    width, height = (0.36, 1.02) if upright else (0.78, 0.62)
    x, y = (width / 2, 0.0) if upright else (0.0, 0.54)
    turned = not upright and _head_right(spot, mirrored)

    def at(point: Point) -> Point:
        across = x + point[0]
        return (width - across if turned else across) * length, (y + point[1]) * length

    figure, head = (UPRIGHT_FIGURE, UPRIGHT_HEAD) if upright else (LYING_FIGURE, LYING_HEAD)
    limbs: list[Limb] = [(at(a), at(b), thick * length) for a, b, thick in figure]
    sheet = Canvas(round(width * length), round(height * length))
    return sheet.limbs(at(head), HEAD_RADIUS * length, limbs, WHITE, 0.85, layout.px(4)).sprite()


def place_tile(spot: Spot, mirrored: bool, width: int, height: int) -> Sprite:
    """A small map, seen from above: the camera below, what it sees, and the person in it."""
    unit = min(width / 284, height / 274)
    words = fit_box(spot.words, round(26 * unit), width, 68 * unit, most_lines=2)
    sheet, middle = Canvas(width, height), width / 2
    wide = (76 if spot.posture == "upright" else 118) * unit
    sheet.polygon([(middle, 176 * unit), (middle - wide, 12 * unit), (middle + wide, 12 * unit)], WHITE, 0.14)
    sheet.box((middle - 17 * unit, 164 * unit, middle + 17 * unit, 188 * unit), 6 * unit, SOFT)
    if spot.posture == "upright":
        _stand(sheet, unit, (middle, 56 * unit))
    else:
        _lie(sheet, unit, (middle, 68 * unit), -1 if _head_right(spot, mirrored) else 1)
    return sheet.text(words, middle, 198 * unit, SOFT, "middle").sprite()


def _head_right(spot: Spot, mirrored: bool) -> bool:
    """With the moving leg away from the camera, the head is at that leg's side of the picture."""
    return (spot.side == "left") is mirrored


def _stand(sheet: Canvas, unit: float, at: Point) -> None:
    """Shoulders and head from above, turned a little from the camera, with an arrow in the viewing direction."""
    angle = math.radians(37)
    cos, sin = math.cos(angle), math.sin(angle)

    def turn(x: float, y: float) -> Point:
        return at[0] + (x * cos + y * sin) * unit, at[1] + (y * cos - x * sin) * unit

    sheet.limbs(at, 15 * unit, [(turn(-27, 0), turn(27, 0), 22 * unit)], ACCENT, 1.0)
    sheet.polygon([turn(-3, 20), turn(3, 20), turn(3, 46), turn(-3, 46)], WHITE)
    sheet.polygon([turn(-11, 42), turn(11, 42), turn(0, 60)], WHITE)


def _lie(sheet: Canvas, unit: float, at: Point, ahead: int) -> None:
    """Head, trunk, one leg along the floor and the moving one away from the camera. ahead: 1 for feet to the right."""

    def to(x: float, y: float) -> Point:
        return at[0] + ahead * x * unit, at[1] + y * unit

    limbs: list[Limb] = [
        (to(-44, 0), to(0, 0), 24 * unit),
        (to(4, 7), to(62, 10), 11 * unit),
        (to(4, -6), to(52, -34), 11 * unit),
        (to(-40, 4), to(-36, 40), 8 * unit),
    ]
    sheet.limbs(to(-72, 0), 13 * unit, limbs, ACCENT, 1.0)
