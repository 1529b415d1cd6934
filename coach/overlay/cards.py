"""Cards to read or choose from at leisure: the check list, a page of text, the pain scale. Each is one sprite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.overlay.canvas import ACCENT, DARK, SOFT, WHITE, Canvas, Point, Sprite
from coach.overlay.free_scene import Page, Scale, Tick
from coach.overlay.hud import Layout
from coach.overlay.text_layout import Text, fit

LARGEST, SMALLEST = 40, 6  # text size of a page, in units and in pixels
LEGIBLE = 22  # in units: below this a single long cell is shrunk rather than the whole page
FIRST_COLUMN = 0.4  # of a table's width
ROW = 1.6  # row height of a table, in text sizes


def ticks_panel(layout: Layout, ticks: Sequence[Tick], room: int) -> Sprite:
    """A check list, no higher than ``room``. Each state has its own shape: a tick, a circle, a dot."""
    px = layout.px
    room -= px(20)
    row = max(8, min(px(46), room // max(1, len(ticks))))
    texts = [fit(tick.label, round(row * 0.58), layout.width * 0.36) for tick in ticks]
    sheet = Canvas(max(text.width for text in texts) + round(row * 1.8), row * len(ticks) + px(20)).panel(px(18))
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


def scale_panel(layout: Layout, scale: Scale) -> Sprite:
    """The numbers from 0 to 10 in a row; the chosen one is larger, on the accent colour."""
    px, edge = layout.px, layout.px(28)
    width = min(layout.width - 2 * layout.margin, px(1080))
    step = (width - 2 * edge) / 11
    box = step - px(6)
    high = max(box, px(72))
    sheet = Canvas(width, round(high + px(92))).panel(px(22), 0.9)
    top = px(32)
    for number in range(11):
        left, chosen = edge + number * step + px(3), number == scale.chosen
        more = px(6) if chosen else 0
        frame = (left - more, top - more, left + box + more, top + high + more)
        sheet.box(frame, px(12), ACCENT if chosen else WHITE, 1.0 if chosen else 0.12)
        size = round(box * (0.62 if chosen else 0.5))
        sheet.digits(str(number), size, (left + box / 2, top + high / 2), DARK if chosen else WHITE)
    least, most = (fit(words, px(26), width / 2 - 2 * edge) for words in (scale.least, scale.most))
    sheet.text(least, edge + px(3), top + high + px(18), SOFT)
    return sheet.text(most, width - edge - px(3), top + high + px(18), SOFT, "right").sprite()


@dataclass(frozen=True, slots=True)
class _Setting:
    """A page's text at one size. tables: with their cells; beside: whether they stand side by side."""

    size: int
    head: Text
    texts: tuple[Text, ...]
    tables: tuple[tuple[tuple[Text, ...], ...], ...]
    beside: bool
    tables_height: float
    height: float

    @property
    def is_even(self) -> bool:
        """Whether every cell below the header has its full size."""
        return all(cell.size_px == self.size for table in self.tables for row in table[1:] for cell in row)


def page_panel(layout: Layout, page: Page, height: int) -> Sprite:
    """Heading, tables and paragraphs, as large as the height allows, but no larger than needed."""
    px, edge = layout.px, layout.px(36)
    room = layout.width - 2 * layout.margin - 2 * edge
    setting = _set(layout, page, room, px(LARGEST))
    while setting.size > SMALLEST and (setting.height > height or (setting.size > px(LEGIBLE) and not setting.is_even)):
        setting = _set(layout, page, room, setting.size - 1)
    size = setting.size
    if not page.tables:
        room = max([setting.head.width, *(text.width for text in setting.texts)])
    sheet = Canvas(room + 2 * edge, min(height, round(setting.height))).panel(px(22), 0.9)
    y: float = px(22)
    if page.heading:
        sheet.text(setting.head, edge, y)
        y += setting.head.height + size * 0.5
    bottom, x = y + setting.tables_height, float(edge)
    for table in setting.tables:
        width = _table_width(layout, page, room)
        _draw_table(sheet, table, size, (x, y), width)
        if setting.beside:
            x += width + edge
        else:
            y += (len(table) + 0.6) * size * ROW
    for text in setting.texts:
        sheet.text(text, edge, bottom, SOFT)
        bottom += text.height + size * 0.3
    return sheet.sprite()


def _table_width(layout: Layout, page: Page, room: int) -> float:
    """Two tables side by side, or one below the other in a portrait picture."""
    columns = 1 if layout.upright else max(1, len(page.tables))
    return (room - (columns - 1) * layout.px(36)) / columns


def _set(layout: Layout, page: Page, room: int, size: int) -> _Setting:
    head = fit(page.heading, round(size * 1.2), room, bold=True, most_lines=3)
    texts = tuple(fit(line, size, room, most_lines=6) for line in page.lines)
    width = _table_width(layout, page, room)
    tables = tuple(tuple(_cells(row, size, width, number == 0) for number, row in enumerate(t)) for t in page.tables)
    heights = [(len(table) + 0.6) * size * ROW for table in tables]
    tables_height = sum(heights) if layout.upright else max(heights, default=0.0)
    height = layout.px(38) + tables_height + sum(text.height + size * 0.3 for text in texts)
    if page.heading:
        height += head.height + size * 0.5
    return _Setting(size, head, texts, tables, not layout.upright, tables_height, height)


def _cells(row: tuple[str, ...], size: int, width: float, bold: bool) -> tuple[Text, ...]:
    """Widths: the first column takes its share, the others divide the rest."""
    other = width * (1 - FIRST_COLUMN) / max(1, len(row) - 1)
    first, *others = row
    return (
        fit(first, size, width * FIRST_COLUMN - size * 0.3, bold=bold),
        *(fit(cell, size, other - size * 0.3) for cell in others),
    )


def _draw_table(sheet: Canvas, table: tuple[tuple[Text, ...], ...], size: int, at: Point, width: float) -> None:
    for number, row in enumerate(table):
        other = width * (1 - FIRST_COLUMN) / max(1, len(row) - 1)
        for column, cell in enumerate(row):
            left = at[0] + (width * FIRST_COLUMN + (column - 1) * other if column else 0)
            top = at[1] + (number + 0.5) * size * ROW - cell.height / 2
            sheet.text(cell, left, top, WHITE if column or number == 0 else SOFT)


def _check_mark(centre: Point, radius: float) -> list[Point]:
    outline = [(-1.0, 0.1), (-0.65, -0.25), (-0.25, 0.15), (0.65, -0.75), (1.0, -0.4), (-0.25, 0.85)]
    return [(centre[0] + x * radius, centre[1] + y * radius) for x, y in outline]
