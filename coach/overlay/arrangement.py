"""Where the camera's picture, the panel, the sentence and the keys stand on a canvas of any shape.

Nothing stands on the picture: feet are at its bottom, a raised leg may be anywhere in it. So the picture is made as
large as the rest allows, and the rest stands beside and below it, whichever leaves it larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# In units. The panel beside the picture holds a count that is read three metres away, and a check list with a figure
# needs more; the band below holds two lines of a sentence.
PANEL, WIDE_PANEL, SLIM_PANEL, WIDE_SLIM_PANEL = 272, 400, 176, 250
BAND, UPRIGHT_BAND, HINTS = 128, 190, 32
KEYS, UPRIGHT_KEYS = 46, 92
BESIDE, BELOW = 620, 320  # of a panel that holds the sentence, too: its width, or its height without the sentence
HEAD, UPRIGHT_HEAD = 112, 88  # title and side: in the panel, or above everything
MOST_GROWTH = 1.6  # of what stands in a large panel


@dataclass(frozen=True, slots=True)
class Layout:
    """A canvas and its unit, 1/720 of the shorter side: everything looks the same from 320 x 240 to 4K."""

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
    def upright(self) -> bool:
        """Whether the canvas is portrait."""
        return self.height > self.width

    @property
    def gap(self) -> int:
        """Space between two things, and round the edge."""
        return self.px(14)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.top + self.height

    def inside(self, edge: int) -> Box:
        """The same without an edge; never empty."""
        return Box(self.left + edge, self.top + edge, max(1, self.width - 2 * edge), max(1, self.height - 2 * edge))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """picture: exactly as large as the picture shown; head: title; panel: count and gauges; band: the sentence; keys: a
    row, one pixel high where there are none.
    """

    picture: Box
    head: Box
    panel: Box
    band: Box
    keys: Box

    @classmethod
    def of(
        cls,
        layout: Layout,
        picture_px: tuple[int, int],
        *,
        keyed: bool = False,
        hinted: bool = False,
        wide: bool = False,
    ) -> Arrangement:
        """The arrangement that shows the picture largest.

        keyed: with a row of keys; hinted: with a line below the sentence; wide: with a check list or a figure.
        """
        px, width, height, upright = layout.px, layout.width, layout.height, layout.upright
        row = min(px(UPRIGHT_KEYS if upright else KEYS), height // 6) if keyed else 0
        above = px(UPRIGHT_HEAD) if upright else 0
        room = height - row
        band = px((UPRIGHT_BAND if upright else BAND) + (HINTS if hinted else 0))
        panel = px((WIDE_SLIM_PANEL if wide else SLIM_PANEL) if upright else WIDE_PANEL if wide else PANEL)
        ways: list[tuple[Literal["corner", "beside", "below"], int, int]] = [
            ("corner", width - panel, room - above - band),
            ("beside", width - px(BESIDE), room),
            ("below", width, room - above - band - px(BELOW)),
        ]
        scales = [min(wide_px / picture_px[0], high_px / picture_px[1]) for _, wide_px, high_px in ways]
        way, scale = max(zip((way for way, _, _ in ways), scales, strict=True), key=lambda each: each[1])
        # Even, as a video has a colour for two pixels each way: an odd height takes three times as long to scale.
        wide_px, high_px = (max(2, round(side * scale) // 2 * 2) for side in picture_px)
        keys = Box(0, room, width, max(1, row))
        if way == "beside":
            rest, band = max(1, width - wide_px), max(band, room // 3)
            side = Box(wide_px, 0, rest, room - band)
            shown = Box(0, (room - high_px) // 2, wide_px, high_px)
            return cls(shown, *_headed(layout, side), Box(wide_px, room - band, rest, band), keys)
        left = 0 if way == "corner" else (width - wide_px) // 2
        shown = Box(left, above, wide_px, high_px)
        if way == "below":
            said = Box(0, shown.bottom, width, band)
            side = Box(0, said.bottom, width, max(1, room - said.bottom))
        else:
            said = Box(0, shown.bottom, width if upright else wide_px, max(1, room - shown.bottom))
            side = Box(shown.right, above, max(1, width - wide_px), high_px if upright else room)
        head, side = (Box(0, 0, width, above), side) if above else _headed(layout, side)
        return cls(shown, head, side, said, keys)

    @classmethod
    def of_page(cls, layout: Layout, *, keyed: bool, said: bool) -> Arrangement:
        """For a page to read: ``picture`` is where the page goes, below the title and above the sentence."""
        row = layout.px(UPRIGHT_KEYS if layout.upright else KEYS) if keyed else 0
        room = layout.height - row
        head = min(layout.px(HEAD), room // 3)
        band = min(layout.px(UPRIGHT_BAND if layout.upright else BAND), room // 3) if said else 0
        page = Box(0, head, layout.width, max(1, room - head - band))
        above, below = Box(0, 0, layout.width, head), Box(0, room - band, layout.width, max(1, band))
        return cls(page, above, page, below, Box(0, room, layout.width, max(1, row)))


def _headed(layout: Layout, panel: Box) -> tuple[Box, Box]:
    """The title's part of a panel, and what is left below it."""
    head = min(layout.px(HEAD), max(1, panel.height // 3))
    return (
        Box(panel.left, panel.top, panel.width, head),
        Box(panel.left, panel.top + head, panel.width, max(1, panel.height - head)),
    )


def stacked(layout: Layout, room: Box, wished: Sequence[tuple[float, float]]) -> list[Box]:
    """Boxes for things of these sizes in units, one below the other, or side by side where the room is wide.

    All of them shrink or grow by the same factor, so that they fit.
    """
    if not wished:
        return []
    gap, count = layout.gap, len(wished)
    across = room.width > 1.15 * room.height and count > 1
    lengths = [(wide if across else high) * layout.unit for wide, high in wished]
    others = [(high if across else wide) * layout.unit for wide, high in wished]
    along, beside = (room.width, room.height) if across else (room.height, room.width)
    factor = min(MOST_GROWTH, max(1.0, along - gap * (count - 1)) / sum(lengths))
    if count > 1 or across:
        factor = min(factor, max(1.0, beside / max(others)))
    boxes, at = [], 0.0
    spare = (along - gap * (count - 1) - factor * sum(lengths)) / 2 if across else 0.0
    for length in lengths:
        start, size = round(at + spare), max(1, int(length * factor))
        boxes.append(
            Box(room.left + start, room.top, size, room.height)
            if across
            else Box(room.left, room.top + start, room.width, size)
        )
        at += length * factor + gap
    return boxes
