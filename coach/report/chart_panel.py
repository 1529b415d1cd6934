"""Draws one panel of the time chart: curves, thresholds and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from statistics import fmean

import numpy as np

from coach.i18n.report_messages import headed, report_words
from coach.report.chart import Array, Bound, Chart, Line, Mark, Panel
from coach.report.svg import AIM, FIRST, GOOD, INK, MUTED, SECOND, WARN, paint, width_in
from coach.report.svg_axes import CENTRED, COLOURS, Axes, curve, shaded, straight, symbols, words_at

DASHES = 'stroke-dasharray="6 3"'
LEGEND_LINE, LEGEND_GAP = 19.0, 9.0
POINTS_PER_IN = 72


class Curves:
    """The curves of a chart: drawn once, on the wide axes, and shown again by the narrow ones.

    name: begins their identifiers, which are unique in the page.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._numbers = count(1)
        self._drawn: list[tuple[str, Axes]] = []
        self._shown = 0

    def draw(self, axes: Axes, line: Line, style: str) -> str:
        """A curve, for the first time."""
        own = f"{self.name}-curve{len(self._drawn) + 1}"
        self._drawn.append((own, axes))
        return f'<path id="{own}" class="curve" d="{curve(axes, line.t_s, line.values)}" {style}/>'

    def again(self, axes: Axes) -> str:
        """The next curve once more, on other axes."""
        own, drawn_on = self._drawn[self._shown]
        self._shown += 1
        return f'<use href="#{own}" transform="{drawn_on.onto(axes)}"/>'

    def clipped(self, axes: Axes, drawn: str) -> str:
        """What is drawn within the axes."""
        own = f"{self.name}-clip{next(self._numbers)}"
        box = f'x="{axes.left:g}" y="{axes.top:.2f}" width="{axes.width:.2f}" height="{axes.height:.2f}"'
        return f'<clipPath id="{own}"><rect {box}/></clipPath><g clip-path="url(#{own})">{drawn}</g>'


def draw_panel(axes: Axes, panel: Panel, chart: Chart, size: float, *, main: bool, narrow: bool, curves: Curves) -> str:
    """Curves, thresholds, target and judged intervals of one panel; the main one also marks every deepest point."""
    return "".join(
        (
            _aimed_at(axes, panel) if main else "",
            _verdicts(axes, chart),
            _heading(axes, panel, chart, size, main=main, narrow=narrow),
            *(_bound(axes, bound, main) for bound in panel.bounds),
            "" if narrow else _bound_labels(axes, panel.bounds, size - 0.8),
            curves.clipped(axes, "".join(_curve(axes, line, panel.judged, narrow, curves) for line in panel.lines)),
            _deepest(axes, chart) if main else "",
        )
    )


def _aimed_at(axes: Axes, panel: Panel) -> str:
    if panel.aim is None:
        return ""
    low, high = (axes.y(end) for end in panel.aim)
    box = f'x="{axes.left:g}" y="{high:.2f}" width="{axes.width:.2f}" height="{low - high:.2f}"'
    return f'<rect {box} fill="{paint(AIM)}"/>'


def _verdicts(axes: Axes, chart: Chart) -> str:
    spans = {kind: [(m.start_s, m.end_s) for m in chart.marks if m.kind == kind] for kind in COLOURS}
    return "".join(shaded(axes, spans[kind], paint(colour), 0.1) for kind, colour in COLOURS.items())


def _heading(axes: Axes, panel: Panel, chart: Chart, size: float, *, main: bool, narrow: bool) -> str:
    """The title; at the right what it cannot show, what is aimed for, or which curve is which."""
    words = report_words(chart.language)
    above = axes.top - 0.5 * size
    title = panel.title + (f" [{panel.unit}]" if panel.unit else "")
    drawn = [words_at((axes.left, above), title, size, INK, bold=True)]
    right: str | None = None if panel.judged else words("not_judged_here")
    if main and panel.aim is not None:
        if narrow:
            least, most = (words.bare(end) for end in panel.aim)
            said = [words("aim_range", low=least, high=most), *(" ".join(b.label.split()) for b in panel.bounds)]
            wide_in = width_in(title, 1.1 * size) + width_in(", ".join(said), size - 0.8)  # the title is bold
            whole = POINTS_PER_IN * wide_in < axes.width - LEGEND_GAP
            right = right or ", ".join(said if whole else said[:1])
        else:
            drawn.append(_beside(axes, axes.y(sum(panel.aim) / 2), words("aim"), size - 0.8, GOOD))
    if right is not None:
        drawn.append(words_at((axes.right, above), right, size - 0.8, MUTED, "end"))
    elif not main and len(panel.lines) > 1:
        drawn.append(_legend((axes.right, above), panel.lines, size - 0.8))
    return "".join(drawn)


def _curve(axes: Axes, line: Line, judged: bool, narrow: bool, curves: Curves) -> str:
    if narrow:
        return curves.again(axes)
    first = line.style == "first"
    colour = MUTED if not judged else FIRST if first else SECOND
    dashes = "" if first else DASHES
    return curves.draw(axes, line, f'fill="none" stroke="{paint(colour)}" stroke-width="1.3" {dashes}')


def _bound(axes: Axes, bound: Bound, main: bool) -> str:
    y = axes.y(bound.value)
    dashes = "1.1 1.5" if bound.style == "first" else "2.7 1.8"
    line = ((axes.left, y), (axes.right, y))
    return straight([line], MUTED if main else WARN, 0.9, f'stroke-dasharray="{dashes}"')


def _bound_labels(axes: Axes, bounds: Sequence[Bound], size: float) -> str:
    """Each bound's label beside it, or as near to it as the others leave room."""
    places = apart([axes.y(bound.value) for bound in bounds], 1.2 * size)
    return "".join(_beside(axes, y, bound.label, size, MUTED) for bound, y in zip(bounds, places, strict=True))


def apart(places: Sequence[float], least: float) -> list[float]:
    """The same places, moved as little as it takes to be so far from each other (isotonic regression of what is left of
    them without that distance)."""
    order = sorted(range(len(places)), key=places.__getitem__)
    pools: list[list[float]] = []
    for rank, i in enumerate(order):
        pools.append([places[i] - rank * least])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    moved = [fmean(pool) for pool in pools for _ in pool]
    ranks = {i: rank for rank, i in enumerate(order)}
    return [moved[ranks[i]] + ranks[i] * least for i in range(len(places))]


def _beside(axes: Axes, y: float, label: str, size: float, colour: str) -> str:
    """A label of one line or two at the right of the axes, its middle at this height."""
    lines = label.split("\n")
    first = y + CENTRED * size - 0.6 * size * (len(lines) - 1)
    rows = enumerate(lines)
    return "".join(words_at((axes.right + 4, first + 1.2 * size * row), line, size, colour) for row, line in rows)


def _legend(end: tuple[float, float], lines: Sequence[Line], size: float) -> str:
    """Each curve's name with a piece of it, ending there."""
    x, y = end
    drawn = []
    for line in reversed(lines):
        name = headed(line.label)
        drawn.append(words_at((x, y), name, size, INK, "end"))
        x -= width_in(name, size) * POINTS_PER_IN + LEGEND_GAP / 2
        first = line.style == "first"
        piece = ((x - LEGEND_LINE, y - CENTRED * size), (x, y - CENTRED * size))
        drawn.append(straight([piece], FIRST if first else SECOND, 1.3, "" if first else DASHES))
        x -= LEGEND_LINE + LEGEND_GAP
    return "".join(drawn)


def _deepest(axes: Axes, chart: Chart) -> str:
    """Every mark's depth, with its interval."""
    measured = [mark for mark in chart.marks if np.isfinite(mark.depth)]
    bars = [
        ((axes.x(mark.peak_s), axes.y(low)), (axes.x(mark.peak_s), axes.y(high)))
        for mark in measured
        for low, high in [mark.depth_interval]
    ]
    places = [(mark.kind, (axes.x(mark.peak_s), axes.y(mark.depth))) for mark in measured]
    return straight(bars, INK, 0.8, 'opacity="0.7"') + symbols(places, 4.5)


def limits(panel: Panel, chart: Chart, main: bool) -> tuple[float, float]:
    """Limits from the curves near the marks (without the most extreme 1 %), the bounds and the marks."""
    values = np.concatenate([_around(line, chart.marks) for line in panel.lines])
    points = [*np.percentile(values, [0.5, 99.5]), 0.0, *(bound.value for bound in panel.bounds)]
    if main:
        points += [v for mark in chart.marks for v in (mark.depth, *mark.depth_interval) if np.isfinite(v)]
        points += list(panel.aim or ())
    low, high = float(min(points)), float(max(points))
    room = 0.08 * max(high - low, 1.0)
    return low - room, high + room


def _around(line: Line, marks: Sequence[Mark], margin_s: float = 1.0) -> Array:
    """The known values near a mark, or all if there is none: getting up is not part of an exercise."""
    known = np.isfinite(line.values)
    near = np.zeros(len(line.t_s), np.bool_)
    for mark in marks:
        near |= (line.t_s >= mark.start_s - margin_s) & (line.t_s <= mark.end_s + margin_s)
    chosen = known & near
    values: Array = line.values[chosen if chosen.any() else known]
    return values if len(values) else np.zeros(1)
