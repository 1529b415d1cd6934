"""Draws the time chart as inline SVG in the page's colours, so that it follows dark and light mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from coach.i18n.report_messages import Messages, clock, headed, report_words
from coach.report.chart import Chart
from coach.report.chart_panel import Curves, draw_panel, limits
from coach.report.svg import FIRST, GONE, INK, MUTED, WARN, paint, width_in
from coach.report.svg_axes import CENTRED, COLOURS, Axes, grid, shaded, straight, symbols, ticks, words_at

IN = 72.0  # lengths are in points; texts are as large as on paper
WIDE, NARROW = 7.6 * IN, 3.5 * IN
TALLEST = 5.8 * IN
USUAL_LEFT = 1.12 * IN
PX_PER_POINT = 93 / 72  # on a narrow screen
# On a narrow screen a long session is drawn wider than the screen, and scrolls.
NARROW_PER_S, LONGEST_NARROW = 0.045 * IN, 14 * IN
TOP, GAP, BOTTOM = 0.3 * IN, 0.32 * IN, 0.42 * IN
LONG_S = 120.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are, for wide screens and paper, or for a phone. size: of the words."""

    narrow: bool
    size: float
    width: float
    row: float
    left: float
    right: float

    @classmethod
    def of(cls, chart: Chart, rows: Sequence[str], narrow: bool) -> Layout:
        """The layout of a chart."""
        if narrow:
            width = min(max(NARROW, NARROW_PER_S * (chart.end_s - chart.start_s)), LONGEST_NARROW)
            return cls(narrow, 8.6, width, 0.3 * IN, 0.42 * IN, 0.08 * IN)
        return cls(narrow, 7.6, WIDE, 0.17 * IN, _room_for(rows, 7.6), 0.62 * IN)

    def axes(self, chart: Chart, top: float, height: float, values: tuple[float, float]) -> Axes:
        """Axes over the chart's time."""
        width = self.width - self.left - self.right
        return Axes(self.left, top, width, height, (chart.start_s, chart.end_s), values)


def draw_chart(chart: Chart, name: str = "chart") -> tuple[str, str]:
    """The chart as two ``<svg>`` elements: for wide screens and paper, and for a phone.

    The second shows the curves of the first, and so needs it in the same page. name: begins their identifiers.
    """
    curves = Curves(name)
    return _drawn(chart, curves, narrow=False), _drawn(chart, curves, narrow=True)


def _drawn(chart: Chart, curves: Curves, narrow: bool) -> str:
    rows = _rows(chart)
    layout = Layout.of(chart, rows, narrow)
    strip = layout.axes(chart, TOP, layout.row * max(len(rows), 1), (max(len(rows), 1) - 0.5, -0.5))
    heights = _panel_heights(len(chart.panels), TOP + strip.height + BOTTOM, narrow)
    times, labels = _times(chart, layout)
    drawn = [_hatch(chart, f"{curves.name}-{'narrow' if narrow else 'wide'}"), grid(strip, times, ())]
    drawn += [_strip(strip, chart, rows, layout), _unseen(strip, chart, narrow, curves.name)]
    last = strip
    for panel, height in zip(chart.panels, heights, strict=True):
        main = panel is chart.panels[0]
        last = layout.axes(chart, last.bottom + GAP, height, limits(panel, chart, main))
        values = ticks(*last.values, 4, whole=True)
        drawn += [grid(last, times, values), _value_labels(last, values, chart, layout.size - 0.6)]
        drawn.append(draw_panel(last, panel, chart, layout.size, main=main, narrow=narrow, curves=curves))
        drawn.append(_unseen(last, chart, narrow, curves.name))
    drawn.append(_time_axis(last, times, labels, chart, layout.size))
    box = f'viewBox="0 0 {layout.width:.1f} {last.bottom + BOTTOM:.1f}"'
    scrolls = f' style="min-width: {PX_PER_POINT * layout.width:.0f}px"' if narrow and layout.width > NARROW else ""
    return f'<svg role="img" aria-label="{escape(_spoken(chart))}" {box}{scrolls}>{"".join(drawn)}</svg>'


def _room_for(rows: Sequence[str], size: float) -> float:
    """The width at the left for the row names: usually fixed, more for languages with long words."""
    return max([USUAL_LEFT, *((width_in(name, size) + 0.1) * IN for name in rows)])


def _panel_heights(count: int, taken: float, narrow: bool) -> list[float]:
    """The main panel is the tallest; on paper, all must leave room for the figures above."""
    usual = [(1.3 if i == 0 else 0.8) * IN for i in range(count)]
    room = TALLEST - taken - count * GAP
    shrink = 1.0 if narrow else min(1.0, room / max(sum(usual), 1e-9))
    return [max(0.35 * IN, tall * shrink) for tall in usual]


# rows of the strip on top


def _rows(chart: Chart) -> list[str]:
    rows = []
    if chart.marks:
        rows.append(chart.noun)
    if chart.breaths_s:
        rows.append(report_words(chart.language)("chart_breaths"))
    return rows + [headed(name) for name, _ in chart.faults]


def _strip(axes: Axes, chart: Chart, rows: Sequence[str], layout: Layout) -> str:
    size, narrow = layout.size, layout.narrow
    drawn = []
    for row, name in enumerate(rows):
        if not narrow:
            place = (axes.left - 6, axes.y(row) + CENTRED * size)
            drawn.append(words_at(place, name, size, INK, "end"))
        elif row:  # above its row, as there is no room at the left
            drawn.append(words_at((axes.left, axes.y(row - 0.32) + CENTRED * size), name, size - 0.8, INK))
    for kind, colour in COLOURS.items():
        lines = [((axes.x(m.start_s), axes.y(0)), (axes.x(m.end_s), axes.y(0))) for m in chart.marks if m.kind == kind]
        drawn.append(straight(lines, colour, 1.2, 'opacity="0.6"'))
    drawn.append(symbols([(mark.kind, (axes.x(mark.peak_s), axes.y(0))) for mark in chart.marks], 5.0))
    step = -(-max(1, len(chart.marks)) // int(3.5 * layout.width / IN))
    for mark in chart.marks:
        if mark.number % step == 0 or step == 1:
            place = (axes.x(mark.peak_s), axes.y(-0.75))
            drawn.append(words_at(place, str(mark.number), size - 0.6, INK, "middle"))
    if chart.breaths_s:
        xs, y = [axes.x(t_s) for t_s in chart.breaths_s], axes.y(1)
        drawn.append(straight([((x, y - 4), (x, y + 4)) for x in xs], FIRST, 1.6))
        small = size - 1.2
        for number, x in enumerate(xs, 1):
            drawn.append(words_at((x + 2.5, y + CENTRED * small), str(number), small))
    first = len(rows) - len(chart.faults)
    for row, (_, spans) in enumerate(chart.faults, first):
        y = axes.y(row + (0.14 if narrow else 0.0))
        drawn.append(straight([((axes.x(start), y), (axes.x(end), y)) for start, end in spans], WARN, 5))
    return "".join(drawn)


# when nobody was seen


def _hatch(chart: Chart, name: str) -> str:
    if not chart.unseen:
        return ""
    size = 'width="4.5" height="4.5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    lines = f'<path d="M0 0V4.5" stroke="{paint(MUTED)}" stroke-width="2"/>'
    return f'<pattern id="{name}-hatch" {size}><path d="M0 0H4.5V4.5H0Z" fill="{paint(GONE)}"/>{lines}</pattern>'


def _unseen(axes: Axes, chart: Chart, narrow: bool, name: str) -> str:
    return shaded(axes, chart.unseen, f"url(#{name}-{'narrow' if narrow else 'wide'}-hatch)", 0.45)


# axes


def _times(chart: Chart, layout: Layout) -> tuple[list[float], list[str]]:
    """Where the time is written, and what."""
    if chart.end_s > LONG_S:
        times = ticks(chart.start_s, chart.end_s, 10, steps=[1, 1.5, 2, 3, 6, 10])
        return times, [clock(t_s) for t_s in times]
    times = ticks(chart.start_s, chart.end_s, min(9, int(1.6 * layout.width / IN)), steps=[1, 2, 2.5, 5, 10])
    return times, _numbers(times, report_words(chart.language))


def _numbers(values: Sequence[float], words: Messages) -> list[str]:
    digits = 0 if all(abs(value - round(value)) < 1e-6 for value in values) else 1
    return [words.number(value, digits) for value in values]


def _value_labels(axes: Axes, values: Sequence[float], chart: Chart, size: float) -> str:
    labels = _numbers(values, report_words(chart.language))
    places = [(axes.left - 3, axes.y(value) + CENTRED * size) for value in values]
    return "".join(words_at(at, label, size, MUTED, "end") for at, label in zip(places, labels, strict=True))


def _time_axis(axes: Axes, times: Sequence[float], labels: Sequence[str], chart: Chart, size: float) -> str:
    words = report_words(chart.language)
    drawn = [straight([((axes.left, axes.bottom), (axes.right, axes.bottom))], MUTED, 0.8)]
    for t_s, label in zip(times, labels, strict=True):
        drawn.append(words_at((axes.x(t_s), axes.bottom + size + 2), label, size - 0.6, MUTED, "middle"))
    unit = words("chart_minutes" if chart.end_s > LONG_S else "chart_seconds")
    middle = (axes.left + axes.right) / 2
    drawn.append(words_at((middle, axes.bottom + 2.3 * size + 3), unit, size - 0.4, MUTED, "middle"))
    return "".join(drawn)


def _spoken(chart: Chart) -> str:
    counted = sum(mark.kind != "uncounted" for mark in chart.marks)
    words = report_words(chart.language)
    return words(
        "chart_spoken",
        seconds=words.number(chart.end_s),
        counted=counted,
        uncounted=len(chart.marks) - counted,
        curves=", ".join(panel.name for panel in chart.panels) or words("chart_no_curves"),
    )
