"""The panels shown during exercise, each as one sprite: title, keys, count, sentence, gauges.

Everything is measured in units of 1/720 of the picture's shorter side, so that it looks the same from 320 x 240 to
4K, portrait or landscape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coach.overlay.canvas import ACCENT, DARK, PANEL_ALPHA, SOFT, WHITE, Canvas, Point, Sprite
from coach.overlay.free_scene import Count, Key
from coach.overlay.text_layout import fit, text_width
from coach.types import Gauge

NOTE_LINE = 1.3  # from one line of the notes to the next, in sizes of its words


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
        """Margin at the edges."""
        return self.px(28)

    @property
    def band(self) -> int:
        """Height of the band below a picture that holds the sentence: room for two lines, or three."""
        return self.px(193 if self.upright else 146)

    @property
    def ring(self) -> int:
        """Diameter of the disc that holds the count."""
        return self.px(284)

    @property
    def upright(self) -> bool:
        """Whether the picture is portrait: panels otherwise side by side are then stacked."""
        return self.height > self.width

    @property
    def gap(self) -> int:
        """Space between two panels."""
        return self.px(14)

    @property
    def column_top(self) -> int:
        """Where the left column starts, below the title."""
        return self.margin + self.px(118)

    @property
    def columns(self) -> tuple[int, int]:
        """Across the check list on the left, and the figure or the ring on the right, with the space beside them."""
        return self.px(460), self.ring + 2 * self.margin

    @property
    def column_width(self) -> int:
        """Width of the gauges and the breathing circle."""
        return self.px(220)


def notes_panel(layout: Layout, lines: Sequence[str], room: int) -> Sprite:
    """Sentences below the count or the figure, as wide as the ring, and as large as fits the height of ``room``."""
    px, edge = layout.px, layout.px(16)
    width, high = layout.ring - 2 * edge, max(1, room - 2 * edge)
    said = " ".join(lines)
    for size in range(px(24), px(13) - 1, -1):
        text = fit(said, size, width, most_lines=max(1, int(high / (size * NOTE_LINE))))
        if text.size_px == size:
            break
    return Canvas(layout.ring, text.height + 2 * edge).panel(px(18)).text(text, edge, edge).sprite()


def title_panel(layout: Layout, title: str, subtitle: str, width: int) -> Sprite:
    """Exercise above, side and set below; the height is constant, so that nothing jumps when they appear."""
    px = layout.px
    room, height = width - px(44), px(104)
    head = fit(title, px(38), room, bold=True)
    foot = fit(subtitle, px(28), room)
    sheet = Canvas(max(head.width, foot.width, layout.column_width - px(44)) + px(44), height).panel(px(18))
    if not subtitle:
        return sheet.text(head, px(22), (height - head.height) / 2).sprite()
    sheet.text(head, px(22), px(32) - head.height / 2 + px(3))
    return sheet.text(foot, px(22), px(76) - foot.height / 2, SOFT).sprite()


def keys_panel(layout: Layout, keys: Sequence[Key]) -> Sprite:
    """Keys and what they do, in two columns, or one in a portrait picture: a row would cover a face."""
    px, gap, edge, height = layout.px, layout.px(10), layout.px(12), layout.px(50)
    caps = [fit(key.name, px(22), px(150), bold=True) for key in keys]
    does = [fit(key.does, px(24), px(220)) for key in keys]
    cap_widths = [max(cap.width + px(16), px(34)) for cap in caps]
    widths = [cap + words.width + px(10) + 2 * edge for cap, words in zip(cap_widths, does, strict=True)]
    across = 1 if layout.upright else min(2, len(keys))
    columns = [max(widths[column::across]) for column in range(across)]
    sheet = Canvas(sum(columns) + gap * (across - 1), math.ceil(len(keys) / across) * (height + gap) - gap)
    for number, (cap, words, cap_width) in enumerate(zip(caps, does, cap_widths, strict=True)):
        row, column = divmod(number, across)
        left, top = (columns[0] + gap) * column, (height + gap) * row
        sheet.box((left, top, left + columns[column], top + height), px(14), DARK, PANEL_ALPHA)
        sheet.box((left + edge, top + px(8), left + edge + cap_width, top + height - px(8)), px(7), WHITE, 0.2)
        sheet.text(cap, left + edge + cap_width / 2, top + (height - cap.height) / 2, WHITE, "middle")
        sheet.text(words, left + edge + cap_width + px(10), top + (height - words.height) / 2, SOFT)
    return sheet.sprite()


def ring_panel(layout: Layout, count: Count) -> Sprite:
    """The count in a ring that fills; digits are 100 pixels high when the shorter side has 720."""
    px, size = layout.px, layout.ring
    middle = (size / 2, size / 2)
    sheet = Canvas(size, size).disc(middle, size / 2, DARK, PANEL_ALPHA)
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


def sentence_panel(layout: Layout, sentence: str, marked: bool, hints: str, banded: bool = False) -> Sprite:
    """One sentence in at most two lines (three in a portrait picture), and further keys below.

    It begins with a diamond if joints are marked by diamonds. banded: it must fit the band below the picture.
    """
    px = layout.px
    lead, edge = (px(54) if marked else 0), px(28)
    room = layout.width - 2 * layout.margin - 2 * edge - lead
    lines = 3 if layout.upright else 2
    text = fit(sentence, px(48), room, bold=True, most_lines=lines)
    if banded and (hints or len(text.lines) > 1):
        text = fit(sentence, px(40), room, bold=True, most_lines=lines - 1 if hints else lines)
    keys = fit(hints, px(26), room + lead)
    width = max(text.width + lead, keys.width) + 2 * edge
    above = text.height if sentence else 0
    sheet = Canvas(width, above + px(26) + (keys.height if hints else 0)).panel(px(22))
    if hints:
        sheet.text(keys, width / 2, above + px(13), SOFT, "middle")
    if marked:
        middle = (edge + px(19), px(13) + text.height / 2)
        sheet.polygon(diamond(middle, px(20)), ACCENT).polygon(diamond(middle, px(9)), DARK)
    return sheet.text(text, (width + lead) / 2, px(13), WHITE, "middle").sprite()


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a gauge's bar is in its panel; values run along it from start to end."""

    start: float
    end: float
    edge: float
    thickness: float

    def at(self, gauge: Gauge, value: float) -> float:
        """Position of a value, clamped to the ends."""
        span = gauge.high - gauge.low
        share = min(1.0, max(0.0, (value - gauge.low) / span)) if span else 0.0
        return self.start + share * (self.end - self.start)


def gauge_bar(layout: Layout, alone: bool) -> Bar:
    """The vertical bar of the large gauge: low values at the top, since the body goes down as they grow."""
    px = layout.px
    return Bar(px(32), px(300) if alone else px(194), px(46), px(30))


def gauge_panel(layout: Layout, gauge: Gauge, alone: bool) -> Sprite:
    """The large gauge without its needle. The target zone is wider than the bar, not only of another colour."""
    px, bar = layout.px, gauge_bar(layout, alone)
    sheet = Canvas(layout.column_width, round(bar.end) + px(60)).panel(px(18))
    sheet.box((bar.edge, bar.start, bar.edge + bar.thickness, bar.end), px(8), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((bar.edge - px(5), low, bar.edge + bar.thickness + px(5), high), px(6), ACCENT)
    label = fit(gauge.label, px(28), layout.column_width - px(32))
    return sheet.text(label, layout.column_width / 2, bar.end + px(19), SOFT, "middle").sprite()


def small_gauge_bar(layout: Layout) -> Bar:
    """The bar of a small gauge, from left to right."""
    px = layout.px
    return Bar(px(18), layout.column_width - px(18), px(46), px(6))


def small_gauge_panel(layout: Layout, gauge: Gauge) -> Sprite:
    """One line with a label, and a bar with its target zone."""
    px, bar = layout.px, small_gauge_bar(layout)
    sheet = Canvas(layout.column_width, px(64)).panel(px(14))
    sheet.box((bar.start, bar.edge, bar.end, bar.edge + bar.thickness), px(3), WHITE, 0.18)
    low, high = (bar.at(gauge, bound) for bound in gauge.target)
    sheet.box((low, bar.edge - px(2), high, bar.edge + bar.thickness + px(2)), px(4), ACCENT)
    label = fit(gauge.label, px(19), layout.column_width - px(98))  # the same size for all, clear of the value
    return sheet.text(label, px(18), px(23) - label.height / 2, SOFT).sprite()


def breathing_disc(layout: Layout) -> tuple[Point, float, float]:
    """Centre in its panel, and smallest and largest radius of the breathing circle."""
    return (layout.column_width / 2, layout.px(112)), layout.px(32), layout.px(90)


def circle_panel(layout: Layout, label: str) -> Sprite:
    """The surround of the breathing circle: a thin ring for a full breath, and the word."""
    px, width = layout.px, layout.column_width
    middle, _, most = breathing_disc(layout)
    sheet = Canvas(width, px(270)).panel(px(18)).arc(middle, most + px(4), px(3), 1.0, WHITE, 0.35)
    text = fit(label, px(36), width - px(24), bold=True)
    return sheet.text(text, width / 2, px(214), WHITE, "middle").sprite()


def big_panel(layout: Layout, text: str) -> Sprite:
    """One number or word in the middle of the picture, for a countdown."""
    size = layout.px(300)
    digits = layout.px(200)
    while digits > 6 and text_width(text, digits, True) > size * 0.78:
        digits -= 1
    middle = (size / 2, size / 2)
    return Canvas(size, size).disc(middle, size / 2, DARK, PANEL_ALPHA).digits(text, digits, middle).sprite()


def diamond(centre: Point, radius: float) -> list[Point]:
    """Corners of a square standing on one corner."""
    x, y = centre
    return [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]


def _bar(centre: Point, towards: Point, inner: float, outer: float, thickness: float) -> list[Point]:
    """A short bar pointing away from a centre."""
    (x, y), across = towards, thickness / 2
    corners = [(inner, -across), (outer, -across), (outer, across), (inner, across)]
    return [(centre[0] + x * away - y * side, centre[1] + y * away + x * side) for away, side in corners]
