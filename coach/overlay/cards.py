"""Cards to read or choose from at leisure: the check list, a page of text, the pain scale. Each is one sprite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.overlay.arrangement import Layout
from coach.overlay.canvas import ACCENT, DARK, SOFT, WHITE, Canvas, Point, Sprite
from coach.overlay.free_scene import Page, Scale, Table, Tick
from coach.overlay.text_layout import Text, fit, text_width

PAGE_EDGE = 28  # in units
LARGEST, SMALLEST = 44, 6  # text size of a page, in units and in pixels
LEGIBLE = 22  # in units: below this a single long cell is shrunk rather than the whole page
FIRST_COLUMN = 0.4  # of a table's width
NOT_RIGHT = 1.5  # size of a line of the check list that is not right, to be read from afar
ROW = 1.6  # row height of a table, in text sizes
CELL_GAP = 0.7  # between two cells, in text sizes


def ticks_tile(layout: Layout, ticks: Sequence[Tick], width: int, height: int) -> Sprite:
    """A check list. Each state has its own shape: a tick, a circle, a dot. What is not right is larger."""
    shares = [NOT_RIGHT if tick.state is False else 1.0 for tick in ticks]
    unit = min(layout.px(44), height / max(1.0, sum(shares)))
    size = min((fit(tick.label, round(unit * 0.66), max(1, width - unit * 1.4)).size_px for tick in ticks), default=6)
    sheet, top = Canvas(width, height), 0.0
    for tick, share in zip(ticks, shares, strict=True):
        row = unit * share
        middle = (unit * 0.6, top + row / 2)
        text = fit(tick.label, round(size * share), max(1, width - unit * 1.4), bold=tick.state is False)
        if tick.state:
            sheet.polygon(_check_mark(middle, unit * 0.3), ACCENT)
        elif tick.state is None:
            sheet.disc(middle, unit * 0.1, SOFT)
        else:
            sheet.arc(middle, unit * 0.34, unit * 0.12, 1.0, WHITE)
        sheet.text(text, unit * 1.4, middle[1] - text.height / 2, WHITE if tick.state is False else SOFT)
        top += row
    return sheet.sprite()


def scale_tile(layout: Layout, scale: Scale, width: int, height: int) -> Sprite:
    """The numbers from 0 to 10 in a row; the chosen one is larger, on the accent colour."""
    px, edge = layout.px, layout.px(PAGE_EDGE)
    step = (width - 2 * edge) / 11
    gap = more = min(px(8), step / 8)
    box = step - gap
    high = min(max(box, px(110)), height / 2)
    top = max(more, (height - high - px(70)) / 2)
    sheet = Canvas(width, height)
    for number in range(11):
        left, chosen = edge + number * step + gap / 2, number == scale.chosen
        grown = more if chosen else 0
        frame = (left - grown, top - grown, left + box + grown, top + high + grown)
        sheet.box(frame, min(px(14), box / 3), ACCENT if chosen else WHITE, 1.0 if chosen else 0.12)
        size = max(6, round(box * (0.62 if chosen else 0.5)))
        sheet.digits(str(number), size, (left + box / 2, top + high / 2), DARK if chosen else WHITE)
    least, most = (fit(words, px(34), (width - 3 * edge) * share) for words, share in _shares(scale))
    sheet.text(least, edge + gap / 2, top + high + px(20), SOFT)
    return sheet.text(most, width - edge - gap / 2, top + high + px(20), SOFT, "right").sprite()


def _shares(scale: Scale) -> tuple[tuple[str, float], tuple[str, float]]:
    """The words of both ends, with the share of the width that each needs."""
    least = min(0.7, max(0.3, len(scale.least) / max(1, len(scale.least) + len(scale.most))))
    return (scale.least, least), (scale.most, 1 - least)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines of text, and the mark before the first, if any; the lines begin ``indent`` pixels from the edge."""

    text: Text
    mark: Text | None = None
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Setting:
    """A page's text at one size. tables: with their cells; beside: whether they stand side by side."""

    size: int
    head: Text
    texts: tuple[_Paragraph, ...]
    tables: tuple[tuple[tuple[Text, ...], ...], ...]
    beside: bool
    tables_height: float
    height: float

    @property
    def is_even(self) -> bool:
        """Whether every cell below the header has its full size."""
        return all(cell.size_px == self.size for table in self.tables for row in table[1:] for cell in row)


def page_tile(layout: Layout, page: Page, width: int, height: int) -> Sprite:
    """Heading, tables and paragraphs across the canvas, as large as the height allows."""
    px, edge = layout.px, layout.px(PAGE_EDGE)
    room = width - 2 * edge
    setting = _set(layout, page, room, px(LARGEST))
    while setting.size > SMALLEST and (setting.height > height or (setting.size > px(LEGIBLE) and not setting.is_even)):
        setting = _set(layout, page, room, setting.size - 1)
    size = setting.size
    sheet = Canvas(width, min(height, round(setting.height)))
    y: float = px(10)
    if page.heading:
        sheet.text(setting.head, edge, y)
        y += setting.head.height + size * 0.5
    bottom, x = y + setting.tables_height, float(edge)
    for table in setting.tables:
        wide = _table_width(layout, page, room)
        _draw_table(sheet, table, size, (x, y), wide)
        if setting.beside:
            x += wide + edge
        else:
            y += (len(table) + 0.6) * size * ROW
    for each in setting.texts:
        if each.mark is not None:
            sheet.text(each.mark, edge, bottom, SOFT)
        sheet.text(each.text, edge + each.indent, bottom, SOFT)
        bottom += each.text.height + size * 0.3
    return sheet.sprite()


def _paragraph(line: str, size: int, room: int) -> _Paragraph:
    """A line of a page. What follows a mark of one or two letters and two spaces hangs beside it."""
    mark, _, rest = line.partition("  ")
    if not rest or len(mark) > 2:
        return _Paragraph(fit(line, size, room, most_lines=6))
    indent = text_width(mark, size) + size * 0.6
    text = fit(rest.strip(), size, room - indent, most_lines=6)
    return _Paragraph(text, fit(mark, text.size_px, indent), indent)


def _table_width(layout: Layout, page: Page, room: int) -> float:
    """Two tables side by side, or one below the other in a portrait picture."""
    columns = 1 if layout.upright else max(1, len(page.tables))
    return (room - (columns - 1) * layout.px(36)) / columns


def _set(layout: Layout, page: Page, room: int, size: int) -> _Setting:
    head = fit(page.heading, round(size * 1.2), room, bold=True, most_lines=3)
    texts = tuple(_paragraph(line, size, room) for line in page.lines)
    width = _table_width(layout, page, room)
    tables = tuple(
        tuple(_cells(row, size, width, number == 0) for number, row in enumerate(table))
        for table in _titled(page.tables, size, width)
    )
    heights = [(len(table) + 0.6) * size * ROW for table in tables]
    tables_height = sum(heights) if layout.upright else max(heights, default=0.0)
    height = layout.px(38) + tables_height + sum(each.text.height + size * 0.3 for each in texts)
    if page.heading:
        height += head.height + size * 0.5
    return _Setting(size, head, texts, tables, not layout.upright, tables_height, height)


def _titled(tables: Sequence[Table], size: int, width: float) -> Sequence[Table]:
    """The tables; where a title is too long for its column, all titles have a row of their own above the others."""
    column = width * FIRST_COLUMN - size * CELL_GAP
    if all(text_width(title, size, True) <= column for ((title, *_), *_) in tables):
        return tables
    return [((title,), ("", *heads), *rows) for ((title, *heads), *rows) in tables]


def _cells(row: tuple[str, ...], size: int, width: float, bold: bool) -> tuple[Text, ...]:
    """Widths: the first column takes its share, the others divide the rest; a cell alone has all of it."""
    first, *others = row
    share, other = (FIRST_COLUMN, width * (1 - FIRST_COLUMN) / len(others)) if others else (1.0, 0.0)
    return (
        fit(first, size, width * share - size * CELL_GAP, bold=bold),
        *(fit(cell, size, other - size * CELL_GAP) for cell in others),
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
