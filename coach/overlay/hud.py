"""What stands beside the picture during exercise: title, keys, count, sentence, gauges, breathing circle.

Each is painted into its part of a dark canvas. What changes with every picture is drawn by OpenCV; words and everything
else that stays are tiles, drawn once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.overlay.arrangement import Layout
from coach.overlay.canvas import (
    ACCENT,
    DARK,
    FIXED_POINT_BITS,
    SOFT,
    TRACK,
    WHITE,
    Canvas,
    Colour,
    Point,
    Sprite,
    SpriteCache,
    blend,
    fixed,
)
from coach.overlay.free_scene import Circle, Count, Key
from coach.overlay.text_layout import fit, fit_box, text_width
from coach.types import Gauge, Picture
from coach.units import UNITS

SENTENCE, LARGE_SENTENCE = 48, 64  # in units
VALUE_WIDTH = 1.9  # of '12°', in text sizes
ARC_POINTS = 96  # of a full ring


def title_tile(layout: Layout, title: str, subtitle: str, width: int, height: int) -> Sprite:
    """Exercise above, side and set below it."""
    px = layout.px
    foot = fit(subtitle, px(28), width)
    above = height - (foot.height + px(4) if subtitle else 0)
    head = fit_box(title, px(38), width, above, bold=True, most_lines=2)
    sheet = Canvas(width, height).text(head, 0, 0)
    return (sheet.text(foot, 0, head.height + px(4), SOFT) if subtitle else sheet).sprite()


def keys_tile(layout: Layout, keys: Sequence[Key], width: int, height: int) -> Sprite:
    """Keys and what they do: a row, or two in a portrait canvas."""
    px, edge = layout.px, layout.gap
    rows = 2 if layout.upright and len(keys) > 2 else 1
    across = math.ceil(len(keys) / rows)
    high = height // rows
    column = (width - 2 * edge) / across
    sheet = Canvas(width, height)
    size = px(23)
    while size > 6 and any(_key_width(layout, key, size) > column for key in keys):
        size -= 1
    wide = [_key_width(layout, key, size) for key in keys]
    for row in range(rows):
        line = range(row * across, min(len(keys), (row + 1) * across))
        x = float(edge)
        for number in line:
            key, top = keys[number], row * high
            cap, words = fit(key.name, size, width, bold=True), fit(key.does, size, width)
            cap_width = max(cap.width + px(16), px(36))
            middle, half = top + (high - px(4)) / 2, min(px(19), high / 2 - 1)
            sheet.box((x, middle - half, x + cap_width, middle + half), px(7), WHITE, 0.18)
            sheet.text(cap, x + cap_width / 2, middle - cap.height / 2, WHITE, "middle")
            sheet.text(words, x + cap_width + px(10), middle - words.height / 2, SOFT)
            x += column if rows > 1 else wide[number] + px(4)
    return sheet.sprite()


def _key_width(layout: Layout, key: Key, size: int) -> float:
    cap = max(text_width(key.name, size, True) + layout.px(16), layout.px(36))
    return cap + text_width(key.does, size) + layout.px(36)


def sentence_tile(layout: Layout, sentence: str, marked: bool, hints: str, width: int, height: int) -> Sprite:
    """One sentence as large as the band allows, and further keys below it.

    It begins with a diamond if joints are marked by diamonds.
    """
    px, edge = layout.px, layout.gap
    lead, room = (px(54) if marked else 0), width - 2 * edge
    keys = fit_box(hints, px(26), room, height // 2, most_lines=2)
    below = keys.height + px(6) if hints else 0
    largest = px(LARGE_SENTENCE if height > px(180) else SENTENCE)
    text = fit_box(sentence, largest, room - lead, height - below - px(8), bold=True, most_lines=5)
    sheet = Canvas(width, height)
    above = (text.height if sentence else 0) + below
    top = max(0.0, (height - above) / 2)
    if hints:
        sheet.text(keys, width / 2, top + above - keys.height, SOFT, "middle")
    if marked:
        middle = ((width - text.width - lead) / 2 + px(20), top + text.height / 2)
        sheet.polygon(diamond(middle, px(20)), ACCENT).polygon(diamond(middle, px(9)), DARK)
    return sheet.text(text, (width + lead) / 2, top, WHITE, "middle").sprite()


def notes_tile(layout: Layout, lines: Sequence[str], width: int, height: int) -> Sprite:
    """What is asked of the set, as large as fits."""
    text = fit_box(" ".join(lines), layout.px(28), width, height, most_lines=12)
    return Canvas(width, height).text(text, 0, 0, SOFT).sprite()


class Hud:
    """Paints what stands beside the picture. Holds only a cache of tiles."""

    def __init__(self, sprites: SpriteCache) -> None:
        self._sprites = sprites

    def ring(self, part: Picture, layout: Layout, count: Count) -> None:
        """The count in a ring that fills."""
        height, width = part.shape[:2]
        size = min(width, height)
        middle, radius, thick = (width / 2, height / 2), size * 0.44, max(1, round(size * 0.046))
        arc(part, middle, radius, thick, 1.0, TRACK)
        arc(part, middle, radius, thick, count.fill, ACCENT)
        if 0 < count.enough < 1:
            angle = 2 * math.pi * count.enough
            towards = (math.sin(angle), -math.cos(angle))
            fill(part, _bar(middle, towards, radius - thick, radius + thick, max(2.0, size * 0.02)), WHITE)
        text = "–" if count.value is None else f"{count.value}" or " "
        key = ("ring", layout, size, text, count.below)
        sprite = self._sprites.get(key, lambda: _ring_words(size, text, count.below))
        blend(part, sprite, round(middle[0] - size / 2), round(middle[1] - size / 2))

    def big(self, part: Picture, layout: Layout, text: str) -> None:
        """One large number, for a countdown, where the count will stand."""
        height, width = part.shape[:2]
        size = min(width, height)
        sprite = self._sprites.get(("big", layout, size, text), lambda: _digits(text, size, round(size * 0.86)))
        blend(part, sprite, (width - size) // 2, (height - size) // 2)

    def gauge(self, part: Picture, layout: Layout, gauge: Gauge) -> None:
        """The large gauge, low values at the top, since the body goes down as they grow; a needle at the value."""
        px, (height, width) = layout.px, part.shape[:2]
        bar = large_bar(layout, width, height)
        key = ("gauge", layout, width, height, gauge.label, gauge.low, gauge.high, gauge.target)
        blend(part, self._sprites.get(key, lambda: _gauge_tile(layout, gauge, bar, width, height)), 0, 0)
        edge, known = bar.edge + bar.thickness, math.isfinite(gauge.value)
        at = bar.at(gauge, gauge.value if known else (gauge.low + gauge.high) / 2)
        if known:
            fill(part, rectangle(bar.edge - px(7), at - px(4), edge + px(8), at + px(4)), DARK)
            fill(part, rectangle(bar.edge - px(7), at - px(2), edge + px(8), at + px(2)), WHITE)
            fill(part, [(edge + px(5), at), (edge + px(30), at - px(15)), (edge + px(30), at + px(15))], WHITE)
        size = max(6, min(px(56), round(height * 0.3), round((width - edge - px(38)) / VALUE_WIDTH)))
        self._value(part, gauge, size, (edge + px(38), at), "left")

    def small_gauge(self, part: Picture, layout: Layout, gauge: Gauge) -> None:
        """A line with a label and the value, and a bar with its target zone below."""
        px, (height, width) = layout.px, part.shape[:2]
        bar = small_bar(layout, width, height)
        key = ("small", layout, width, height, gauge.label, gauge.low, gauge.high, gauge.target)
        blend(part, self._sprites.get(key, lambda: _small_gauge_tile(layout, gauge, bar, width, height)), 0, 0)
        self._value(part, gauge, round(height * 0.42), (bar.end, height * 0.32), "right")
        if math.isfinite(gauge.value):
            at = bar.at(gauge, gauge.value)
            upper, lower = bar.edge - px(6), bar.edge + bar.thickness + px(6)
            fill(part, rectangle(at - px(5), upper, at + px(5), lower), DARK)
            fill(part, rectangle(at - px(3), upper, at + px(3), lower), WHITE)

    def _value(self, part: Picture, gauge: Gauge, size_px: int, edge: Point, align: str) -> None:
        """The gauge's value as a number, a dash if unknown; edge: middle of its left or right end."""
        known = math.isfinite(gauge.value)
        # Noise may put a straight knee at -3 degrees, which would only confuse.
        text = f"{round(max(gauge.low, gauge.value))}{_symbol(gauge.unit)}" if known else "–"
        sprite = self._sprites.get(("value", size_px, text), lambda: _line(text, size_px))
        left = edge[0] - (sprite.width if align == "right" else 0)
        blend(part, sprite, round(left), round(edge[1] - sprite.height / 2))

    def circle(self, part: Picture, layout: Layout, circle: Circle) -> None:
        """Grows when breathing in, shrinks when breathing out; hollow when it leads."""
        height, width = part.shape[:2]
        word = min(layout.px(52), height // 5)
        most = max(2.0, min(width, height - word * 1.3) / 2 - layout.px(4))
        middle = (width / 2, most + layout.px(4))
        arc(part, middle, most, layout.px(3), 1.0, TRACK)
        radius = most * (0.34 + 0.62 * min(1.0, max(0.0, circle.fill)))
        disc(part, middle, radius, layout.px(8) if circle.paced else 0)
        key = ("breath", width, word, circle.label)
        blend(part, self._sprites.get(key, lambda: _word(circle.label, word, width)), 0, height - round(word * 1.25))


def _ring_words(size: int, text: str, below: str) -> Sprite:
    middle = size / 2
    digits = math.ceil(size * 0.5)
    while digits > 6 and text_width(text, digits, True) > size * 0.74:
        digits -= 1
    sheet = Canvas(size, size).digits(text, digits, (middle, middle - (size * 0.06 if below else 0)))
    if below:
        words = fit(below, round(size * 0.13), size * 0.6)
        sheet.text(words, middle, middle + size * 0.19, SOFT, "middle")
    return sheet.sprite()


def _digits(text: str, size: int, digits: int) -> Sprite:
    while digits > 6 and text_width(text, digits, True) > size * 0.9:
        digits -= 1
    return Canvas(size, size).digits(text, digits, (size / 2, size / 2)).sprite()


def _line(text: str, size_px: int) -> Sprite:
    one = fit(text, size_px, 10_000, bold=True)
    return Canvas(one.width + 2, one.height).text(one, 1, 0).sprite()


def _word(text: str, size_px: int, width: int) -> Sprite:
    one = fit(text, size_px, width, bold=True)
    return Canvas(width, round(size_px * 1.25)).text(one, width / 2, 0, WHITE, "middle").sprite()


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a gauge's bar is in its part; values run along it from start to end."""

    start: float
    end: float
    edge: float
    thickness: float

    def at(self, gauge: Gauge, value: float) -> float:
        """Position of a value, clamped to the ends."""
        span = gauge.high - gauge.low
        share = min(1.0, max(0.0, (value - gauge.low) / span)) if span else 0.0
        return self.start + share * (self.end - self.start)


def large_bar(layout: Layout, width: int, height: int) -> Bar:
    """The vertical bar of the large gauge."""
    px = layout.px
    return Bar(px(32), max(px(32) + 1, height - px(62)), max(px(9), width / 2 - px(76)), px(30))


def _gauge_tile(layout: Layout, gauge: Gauge, bar: Bar, width: int, height: int) -> Sprite:
    """The target zone is wider than the bar, not only of another colour."""
    px = layout.px
    sheet = Canvas(width, height)
    sheet.box((bar.edge, bar.start, bar.edge + bar.thickness, bar.end), px(8), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((bar.edge - px(5), low, bar.edge + bar.thickness + px(5), high), px(6), ACCENT)
    label = fit(gauge.label, px(30), width)
    return sheet.text(label, width / 2, bar.end + px(14), SOFT, "middle").sprite()


def small_bar(layout: Layout, width: int, height: int) -> Bar:
    """The bar of a small gauge, from left to right."""
    return Bar(0.0, float(width), height * 0.74, layout.px(6))


def _small_gauge_tile(layout: Layout, gauge: Gauge, bar: Bar, width: int, height: int) -> Sprite:
    px = layout.px
    sheet = Canvas(width, height)
    sheet.box((bar.start, bar.edge, bar.end, bar.edge + bar.thickness), px(3), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((low, bar.edge - px(2), high, bar.edge + bar.thickness + px(2)), px(4), ACCENT)
    label = fit(gauge.label, round(height * 0.36), width * 0.68)
    return sheet.text(label, 0, height * 0.32 - label.height / 2, SOFT).sprite()


def diamond(centre: Point, radius: float) -> list[Point]:
    """Corners of a square standing on one corner."""
    x, y = centre
    return [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]


def _bar(centre: Point, towards: Point, inner: float, outer: float, thickness: float) -> list[Point]:
    """A short bar pointing away from a centre."""
    (x, y), across = towards, thickness / 2
    corners = [(inner, -across), (outer, -across), (outer, across), (inner, across)]
    return [(centre[0] + x * away - y * side, centre[1] + y * away + x * side) for away, side in corners]


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Its corners."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def fill(part: Picture, points: Sequence[Point], colour: Colour) -> None:
    """A filled convex shape with soft edges."""
    import cv2

    corners = np.array([fixed(point) for point in points], np.int32)
    cv2.fillConvexPoly(part, corners, colour, cv2.LINE_AA, FIXED_POINT_BITS)


def disc(part: Picture, centre: Point, radius: float, thickness: int) -> None:
    """A disc of the accent colour, or a circle of the given thickness if that is not 0."""
    import cv2

    size = round(radius * (1 << FIXED_POINT_BITS))
    cv2.circle(part, fixed(centre), size, ACCENT, thickness or cv2.FILLED, cv2.LINE_AA, FIXED_POINT_BITS)


def arc(part: Picture, centre: Point, radius: float, thickness: int, share: float, colour: Colour) -> None:
    """An arc, clockwise from the top, with round ends; share 1 is a full ring. radius: to mid-stroke."""
    import cv2

    share = min(1.0, share)
    if share <= 0:
        return
    angles = np.linspace(0, 2 * np.pi * share, max(2, math.ceil(ARC_POINTS * share)))
    points = np.stack([centre[0] + radius * np.sin(angles), centre[1] - radius * np.cos(angles)], axis=1)
    scaled = np.rint(points * (1 << FIXED_POINT_BITS)).astype(np.int32)
    cv2.polylines(part, [scaled], False, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)


def _symbol(unit: str) -> str:
    """The unit after a needle's number: exercise files may give a name's ending, ``deg``, or the symbol itself."""
    if unit in UNITS:
        return UNITS[unit].symbol
    return unit if unit in ("", "°") else f" {unit}"
