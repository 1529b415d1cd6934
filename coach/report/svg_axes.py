"""Axes of a time chart as plain SVG: from data to places, and what is drawn there. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from coach.report.svg import BAD, GOOD, GRID, MUTED, PAPER, WARN, paint

Array = NDArray[np.float64]
Place = tuple[float, float]

CENTRED = 0.35  # of the size of words, from their middle down to their baseline
# Steps across and down round a cross, from the notch above its middle clockwise, but for the last, which closes it.
_CROSS = (1, -1, 1, 1, -1, 1, 1, 1, -1, 1, -1, -1, -1, 1, -1, -1, 1, -1, -1, -1, 1, -1)
# Round the origin, as far as their size: a circle, a triangle, a cross.
SHAPES: dict[str, Callable[[float], str]] = {
    "clean": lambda r: f"m{num(-r)} 0a{num(r)} {num(r)} 0 1 0 {num(2 * r)} 0a{num(r)} {num(r)} 0 1 0 {num(-2 * r)} 0z",
    "fault": lambda r: f"m0 {num(-1.1 * r)}l{num(1.1 * r)} {num(2 * r)}h{num(-2.2 * r)}z",
    "uncounted": lambda r: f"m0 {num(-0.5 * r)}l{' '.join(num(0.5 * r * step) for step in _CROSS)}z",
}
COLOURS = {"clean": GOOD, "fault": WARN, "uncounted": BAD}


@dataclass(frozen=True, slots=True)
class Axes:
    """A box of the drawing, and the data that fill it: t_s from left to right, values from bottom to top."""

    left: float
    top: float
    width: float
    height: float
    t_s: tuple[float, float]
    values: tuple[float, float]

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def x(self, t_s: float) -> float:
        """Where a time is."""
        start, end = self.t_s
        return self.left + self.width * (t_s - start) / (end - start)

    def y(self, value: float) -> float:
        """Where a value is."""
        low, high = self.values
        return self.bottom - self.height * (value - low) / (high - low)

    def onto(self, other: Axes) -> str:
        """The transformation that brings what was drawn here to where the other axes have it."""
        across, down = other.width / self.width, other.height / self.height
        moved = (other.left - across * self.left, other.top - down * self.top)
        return f"matrix({across:.5f} 0 0 {down:.5f} {num(moved[0])} {num(moved[1])})"


def num(value: float) -> str:
    """A coordinate, as short as it can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def words_at(
    place: Place, said: str, size: float, colour: str = MUTED, anchor: str = "start", *, bold: bool = False
) -> str:
    """Words whose baseline begins, ends or has its middle there. anchor: start, middle or end."""
    weight = ' font-weight="600"' if bold else ""
    at = f'x="{num(place[0])}" y="{num(place[1])}"'
    style = f'font-size="{num(size)}" text-anchor="{anchor}" fill="{paint(colour)}"{weight}'
    return f"<text {at} {style}>{escape(said)}</text>"


def straight(lines: Sequence[tuple[Place, Place]], colour: str, width: float, more: str = "") -> str:
    """Straight lines, as one path."""
    if not lines:
        return ""
    path = "".join(f"M{num(a[0])} {num(a[1])}L{num(b[0])} {num(b[1])}" for a, b in lines)
    return f'<path d="{path}" fill="none" stroke="{paint(colour)}" stroke-width="{num(width)}" {more}/>'


def shaded(axes: Axes, spans: Sequence[tuple[float, float]], fill: str, opacity: float) -> str:
    """Intervals of time over the whole height, as one path. fill: as SVG has it."""
    boxes = []
    for start_s, end_s in spans:
        left, right = max(axes.x(start_s), axes.left), min(axes.x(end_s), axes.right)
        if right > left:
            boxes.append(f"M{num(left)} {num(axes.top)}H{num(right)}V{num(axes.bottom)}H{num(left)}Z")
    return f'<path d="{"".join(boxes)}" fill="{fill}" opacity="{opacity:g}"/>' if boxes else ""


def symbols(places: Sequence[tuple[str, Place]], size: float) -> str:
    """A symbol of its kind at each place; one path a kind keeps the page small."""
    drawn = []
    for kind, shape in SHAPES.items():
        path = "".join(f"M{num(x)} {num(y)}{shape(size / 2)}" for of, (x, y) in places if of == kind)
        if path:
            style = f'fill="{paint(COLOURS[kind])}" stroke="{paint(PAPER)}" stroke-width="0.6"'
            drawn.append(f'<path d="{path}" {style}/>')
    return "".join(drawn)


def curve(axes: Axes, t_s: Array, values: Array) -> str:
    """The path of a curve, with a gap wherever a value is NaN."""
    start, end = axes.t_s
    low, high = axes.values
    # In hundredths, so that steps from point to point stay whole numbers and no error adds up.
    x = np.round(100 * (axes.left + axes.width * (t_s - start) / (end - start)))
    y = np.round(100 * (axes.bottom - axes.height * (values - low) / (high - low)))
    pieces, pen = [], False
    last_x = last_y = 0.0
    for at_x, at_y in zip(x.tolist(), y.tolist(), strict=True):
        if math.isnan(at_y):
            pen = False
            continue
        if not pen:
            pieces.append(f"M{num(at_x / 100)} {num(at_y / 100)}l")
        else:
            pieces.append(f"{num((at_x - last_x) / 100)} {num((at_y - last_y) / 100)} ")
        pen, last_x, last_y = True, at_x, at_y
    return "".join(pieces)


def grid(axes: Axes, t_s: Sequence[float], values: Sequence[float]) -> str:
    """Lines at these times and values."""
    lines = [((axes.x(t), axes.top), (axes.x(t), axes.bottom)) for t in t_s]
    lines += [((axes.left, axes.y(v)), (axes.right, axes.y(v))) for v in values]
    return straight(lines, GRID, 0.6)


def ticks(
    low: float, high: float, most: int, *, whole: bool = False, steps: Sequence[float] | None = None
) -> list[float]:
    """Round numbers within a range, about as many as asked for. whole: no fractions."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(max(most, 2), integer=whole, steps=steps).tick_values(low, high)
    return [float(each) for each in found if low <= each <= high]
