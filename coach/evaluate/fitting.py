"""Tables that fit a narrow terminal: headings wrap between words, columns go on below, no figure is cut. (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

BETWEEN = 3  # characters from one column to the next: two of padding, one line
WRAPS: Final = "fold"  # the overflow of a column whose cells may wrap between words


def fitted(table: Table, console: Console) -> list[Table]:
    """The table, or, where it is too wide for the console, as many as it takes: each begins with the first column."""
    wide = console.options.update(width=10_000)
    if Measurement.get(console, wide, table).maximum <= console.width or len(table.columns) == 1:
        return [table]
    least = [_least(column) for column in table.columns]
    parts: list[list[int]] = [[0]]
    for number in range(1, len(least)):
        if len(parts[-1]) > 1 and _width([least[each] for each in (*parts[-1], number)]) > console.width:
            parts.append([0])
        parts[-1].append(number)
    return [_of_columns(table, part, least, titled=part is parts[0]) for part in parts]


def _width(columns: Sequence[int]) -> int:
    return sum(columns) + BETWEEN * len(columns) - 1


def _least(column: Column) -> int:
    """Characters that the column needs at least: its longest cell and its heading's longest word."""
    words = str(column.header).split()
    for cell in column.cells:
        text = Text.from_markup(str(cell))
        words += text.plain.split() if column.overflow == WRAPS else [text.plain]
    return max((Text(word).cell_len for word in words), default=1)


def _of_columns(table: Table, numbers: Sequence[int], least: Sequence[int], titled: bool) -> Table:
    part = Table(title=table.title if titled else None, title_justify="left", show_edge=table.show_edge)
    for number in numbers:
        column = table.columns[number]
        wraps = column.overflow == WRAPS
        part.add_column(
            column.header,
            justify=column.justify,
            overflow=column.overflow,
            width=None if wraps else least[number],
            min_width=least[number],
        )
    cells = [list(table.columns[number].cells) for number in numbers]
    for index, row in enumerate(table.rows):
        part.add_row(*(column[index] for column in cells), end_section=row.end_section)
    return part
