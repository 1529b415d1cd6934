"""The panels of the screen, each as one sprite: title, count, sentence, gauges, check list, page.

Everything is measured in units of 1/720 of the picture's shorter side, so that it looks the same from 320 x 240 to
4K, upright or across.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coach.drawing import ACCENT, DARK, PANEL_ALPHA, SOFT, WHITE, Limb, Point, Sheet, Sprite, fit, text_width
from coach.scene import Count, Page, Tick
from coach.types import Gauge


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand on a picture of this size; every length in pixels."""

    width: int
    height: int

    @property
    def unit(self) -> float:
        """1/720 of the shorter side."""
        return min(self.width, self.height) / 720

    def px(self, units: float) -> int:
        """Units as whole pixels, at least one."""
        return max(1, round(units * self.unit))

    @property
    def margin(self) -> int:
        """Free space at the edges."""
        return self.px(28)

    @property
    def ring(self) -> int:
        """Across the disc that holds the count."""
        return self.px(284)

    @property
    def title_width(self) -> int:
        """The title stays left of the ring."""
        return self.width - self.ring - 3 * self.margin

    @property
    def column_top(self) -> int:
        """Where the left column starts, below the title."""
        return self.margin + self.px(118)

    @property
    def column_width(self) -> int:
        """Across the gauges and the breathing circle."""
        return self.px(250)


def title_panel(layout: Layout, title: str, subtitle: str) -> Sprite:
    """Exercise above, side and set below; as high without them, so that nothing jumps when they come."""
    px = layout.px
    room, height = layout.title_width - px(44), px(104)
    head = fit(title, px(38), room, bold=True)
    foot = fit(subtitle, px(28), room)
    sheet = Sheet(max(head.width, foot.width, layout.column_width - px(44)) + px(44), height).panel(px(18))
    if not subtitle:
        return sheet.text(head, px(22), (height - head.height) / 2).sprite()
    sheet.text(head, px(22), px(32) - head.height / 2 + px(3))
    return sheet.text(foot, px(22), px(76) - foot.height / 2, SOFT).sprite()


def ring_panel(layout: Layout, count: Count) -> Sprite:
    """The count in a ring that fills; digits of a hundred pixels where the shorter side has 720."""
    px, size = layout.px, layout.ring
    middle = (size / 2, size / 2)
    sheet = Sheet(size, size).disc(middle, size / 2, DARK, PANEL_ALPHA)
    sheet.arc(middle, px(125), px(13), 1.0, WHITE, 0.16)
    sheet.arc(middle, px(125), px(13), count.fill, ACCENT)
    if 0 < count.enough < 1:
        angle = 2 * math.pi * count.enough
        towards = (math.sin(angle), -math.cos(angle))
        sheet.polygon(_bar(middle, towards, px(114), px(139), px(6)), WHITE)
    text = "–" if count.value is None else f"{count.value}" or " "
    digits = math.ceil(layout.unit * 142)
    while digits > 6 and text_width(text, digits, True) > px(214):
        digits -= 1
    sheet.digits(text, digits, (middle[0], middle[1] - (px(16) if count.below else 0)))
    if count.below:
        below = fit(count.below, px(32), px(150))
        sheet.text(below, middle[0], middle[1] + px(50), SOFT, "middle")
    return sheet.sprite()


def sentence_panel(layout: Layout, sentence: str, marked: bool, hints: str) -> Sprite:
    """One sentence in at most two lines, and the keys below; a diamond leads it where joints are marked by diamonds."""
    px = layout.px
    lead, edge = (px(54) if marked else 0), px(28)
    room = layout.width - 2 * layout.margin - 2 * edge - lead
    text = fit(sentence, px(48), room, bold=True, most_lines=2)
    keys = fit(hints, px(26), room + lead)
    width = max(text.width + lead, keys.width) + 2 * edge
    sheet = Sheet(width, text.height + px(26) + (keys.height + px(4) if hints else 0)).panel(px(22))
    if hints:
        sheet.text(keys, width / 2, text.height + px(13), SOFT, "middle")
    if marked:
        middle = (edge + px(19), px(13) + text.height / 2)
        sheet.polygon(diamond(middle, px(20)), ACCENT).polygon(diamond(middle, px(9)), DARK)
    return sheet.text(text, (width + lead) / 2, px(13), WHITE, "middle").sprite()


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a gauge's bar stands in its panel; values run along it from start to end."""

    start: float
    end: float
    edge: float
    thickness: float

    def at(self, gauge: Gauge, value: float) -> float:
        """Place of a value, kept between the ends."""
        span = gauge.high - gauge.low
        share = min(1.0, max(0.0, (value - gauge.low) / span)) if span else 0.0
        return self.start + share * (self.end - self.start)


def gauge_bar(layout: Layout) -> Bar:
    """The vertical bar of the large gauge: low values at the top, since the body goes down as they grow."""
    px = layout.px
    return Bar(px(32), px(194), px(46), px(30))


def gauge_panel(layout: Layout, gauge: Gauge) -> Sprite:
    """The large gauge without its needle. The target zone is wider than the bar, not only of another colour."""
    px, bar = layout.px, gauge_bar(layout)
    sheet = Sheet(layout.column_width, px(254)).panel(px(18))
    sheet.box((bar.edge, bar.start, bar.edge + bar.thickness, bar.end), px(8), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((bar.edge - px(5), low, bar.edge + bar.thickness + px(5), high), px(6), ACCENT)
    label = fit(gauge.label, px(28), layout.column_width - px(32))
    return sheet.text(label, layout.column_width / 2, px(213), SOFT, "middle").sprite()


def small_gauge_bar(layout: Layout) -> Bar:
    """The bar of a small gauge, from left to right."""
    px = layout.px
    return Bar(px(18), layout.column_width - px(18), px(46), px(6))


def small_gauge_panel(layout: Layout, gauge: Gauge) -> Sprite:
    """One line with a label, and a bar with its target zone."""
    px, bar = layout.px, small_gauge_bar(layout)
    sheet = Sheet(layout.column_width, px(64)).panel(px(14))
    sheet.box((bar.start, bar.edge, bar.end, bar.edge + bar.thickness), px(3), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((low, bar.edge - px(2), high, bar.edge + bar.thickness + px(2)), px(4), ACCENT)
    label = fit(gauge.label, px(22), layout.column_width - px(84))
    return sheet.text(label, px(18), px(23) - label.height / 2, SOFT).sprite()


def circle_panel(layout: Layout, label: str) -> Sprite:
    """What stands round the breathing circle: a thin ring for a full breath, and the word."""
    px = layout.px
    width, middle = layout.column_width, (layout.column_width / 2, px(126))
    sheet = Sheet(width, px(292)).panel(px(18)).arc(middle, px(104), px(3), 1.0, WHITE, 0.35)
    text = fit(label, px(36), px(226), bold=True)
    return sheet.text(text, width / 2, px(238), WHITE, "middle").sprite()


def ticks_panel(layout: Layout, ticks: Sequence[Tick]) -> Sprite:
    """A check list. Each state has a shape of its own: a tick, a circle, a dot."""
    px = layout.px
    room = layout.height - layout.column_top - px(190)
    row = max(8, min(px(46), room // max(1, len(ticks))))
    texts = [fit(tick.label, round(row * 0.58), layout.width * 0.36) for tick in ticks]
    sheet = Sheet(max(text.width for text in texts) + round(row * 1.8), row * len(ticks) + px(20)).panel(px(18))
    for number, (tick, text) in enumerate(zip(ticks, texts, strict=True)):
        middle = (row * 0.76, px(10) + row * (number + 0.5))
        if tick.state:
            sheet.polygon(_check_mark(middle, row * 0.28), ACCENT)
        elif tick.state is None:
            sheet.disc(middle, row * 0.09, SOFT)
        else:
            sheet.arc(middle, row * 0.24, row * 0.09, 1.0, WHITE)
        sheet.text(text, row * 1.35, middle[1] - text.height / 2, WHITE if tick.state is False else SOFT)
    return sheet.sprite()


def big_panel(layout: Layout, text: str) -> Sprite:
    """One number or word in the middle of the picture, for a countdown or a pause."""
    size = layout.px(300)
    digits = layout.px(200)
    while digits > 6 and text_width(text, digits, True) > size * 0.78:
        digits -= 1
    middle = (size / 2, size / 2)
    return Sheet(size, size).disc(middle, size / 2, DARK, PANEL_ALPHA).digits(text, digits, middle).sprite()


def page_panel(layout: Layout, page: Page, height: int) -> Sprite:
    """Heading, paragraphs and a small table, as large as they fit into the height, and no higher than they need."""
    px = layout.px
    width = layout.width - 2 * layout.margin
    room = width - px(64)
    for size in range(px(34), 5, -1):
        head = fit(page.heading, round(size * 1.3), room, bold=True, most_lines=2)
        texts = [fit(line, size, room, most_lines=6) for line in page.lines]
        top = px(22) + (head.height + size * 0.4 if page.heading else 0)
        used = top + sum(text.height + size * 0.35 for text in texts) + size * 1.7 * len(page.rows) + px(14)
        if used <= height and all(text.size_px == size for text in texts):
            break
    sheet = Sheet(width, min(height, round(used + px(8)))).panel(px(22), 0.9).text(head, px(32), px(22))
    y = top
    for text in texts:
        sheet.text(text, px(32), y, SOFT)
        y += text.height + size * 0.35
    for row in page.rows:
        column = room / max(1, len(row))
        for number, cell in enumerate(row):
            sheet.text(fit(cell, size, column - px(12)), px(32) + number * column, y, SOFT if number == 0 else WHITE)
        y += size * 1.7
    return sheet.sprite()


def mark(layout: Layout) -> Sprite:
    """A hollow diamond to lay round a joint: accent between two dark edges, so that it stands out on any clothes."""
    px, size = layout.px, layout.px(72)
    middle = (size / 2, size / 2)
    sheet = Sheet(size, size)
    for radius, colour in ((px(36), DARK), (px(32), ACCENT), (px(21), DARK)):
        sheet.polygon(diamond(middle, radius), colour)
    return sheet.cut(diamond(middle, px(17))).sprite()


# Round limbs from joint to joint, in shares of the figure's length, head first; thickness last.
UPRIGHT_FIGURE = (
    ((0.0, 0.20), (0.0, 0.46), 0.10),
    ((-0.05, 0.19), (-0.11, 0.46), 0.04),
    ((0.05, 0.19), (0.11, 0.46), 0.04),
    ((-0.03, 0.48), (-0.045, 0.93), 0.055),
    ((0.03, 0.48), (0.06, 0.98), 0.055),
)
LYING_FIGURE = (
    ((0.20, 0.0), (0.46, 0.0), 0.10),
    ((0.46, 0.0), (0.62, -0.20), 0.055),
    ((0.62, -0.20), (0.74, 0.02), 0.055),
    ((0.46, -0.01), (0.47, -0.46), 0.055),
    ((0.22, -0.02), (0.40, -0.14), 0.04),
)


def silhouette_panel(layout: Layout, posture: str) -> Sprite:
    """A pale body to stand or lie into, as large as the picture lets it be."""
    upright = posture == "upright"
    length = 0.8 * layout.height if upright else min(0.62 * layout.width, 1.3 * layout.height)
    width, height = (0.4 * length, 1.02 * length) if upright else (1.0 * length, 0.64 * length)
    x, y = (width / 2, 0.0) if upright else (0.05 * length, 0.54 * length)
    sheet = Sheet(round(width), round(height))
    head = (0.0, 0.075) if upright else (0.08, 0.0)
    shapes: list[Limb] = [
        ((x + a[0] * length, y + a[1] * length), (x + b[0] * length, y + b[1] * length), thick * length)
        for a, b, thick in (UPRIGHT_FIGURE if upright else LYING_FIGURE)
    ]
    return sheet.limbs((x + head[0] * length, y + head[1] * length), 0.065 * length, shapes, WHITE, 0.32).sprite()


def diamond(centre: Point, radius: float) -> list[Point]:
    """Corners of a square that stands on one of them."""
    x, y = centre
    return [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]


def _check_mark(centre: Point, radius: float) -> list[Point]:
    outline = [(-1.0, 0.1), (-0.65, -0.25), (-0.25, 0.15), (0.65, -0.75), (1.0, -0.4), (-0.25, 0.85)]
    return [(centre[0] + x * radius, centre[1] + y * radius) for x, y in outline]


def _bar(centre: Point, towards: Point, inner: float, outer: float, thickness: float) -> list[Point]:
    """A short bar that points away from a centre."""
    (x, y), across = towards, thickness / 2
    corners = [(inner, -across), (outer, -across), (outer, across), (inner, across)]
    return [(centre[0] + x * away - y * side, centre[1] + y * away + x * side) for away, side in corners]
