"""Draws the time chart as inline SVG in the page's colours, so that it follows dark and light mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from coach.i18n.report_messages import headed, report_words
from coach.report.chart import Chart
from coach.report.chart_panel import COLOURS, draw_panel, draw_segments, draw_spans, draw_symbols
from coach.report.svg import FIRST, GONE, GRID, INK, MUTED, WARN, decimal_ticks, new_figure, svg, width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE_IN, NARROW_IN = 7.6, 3.5
TALLEST_IN = 6.6
USUAL_LEFT_IN = 1.12
PX_PER_IN = 93.0  # on a narrow screen
# On a narrow screen a long session is drawn wider than the screen, and scrolls.
NARROW_IN_PER_S, LONGEST_NARROW_IN = 0.045, 14.0


def draw_chart(chart: Chart, narrow: bool = False) -> str:
    """The chart as an ``<svg>`` element, for wide screens and paper, or for a phone."""
    size = 8.6 if narrow else 7.6
    width = WIDE_IN
    if narrow:
        width = min(max(NARROW_IN, NARROW_IN_PER_S * (chart.end_s - chart.start_s)), LONGEST_NARROW_IN)
    rows = _rows(chart)
    row_in, top_in = (0.3 if narrow else 0.17), 0.3
    strip_in = row_in * max(len(rows), 1)
    gap_in, bottom_in = 0.32, 0.42
    panel_in = _panel_heights(len(chart.panels), top_in + strip_in + bottom_in, gap_in, narrow)
    height = top_in + strip_in + sum(p + gap_in for p in panel_in) + bottom_in
    left_in, right_in = (0.42, 0.08) if narrow else (_room_for(rows, size), 0.62)
    figure = new_figure(width, height)

    def axes(above_in: float, tall_in: float) -> Axes:
        box = (left_in / width, 1 - (above_in + tall_in) / height, 1 - (left_in + right_in) / width, tall_in / height)
        return figure.add_axes(box)

    strip = axes(top_in, strip_in)
    _draw_strip(strip, chart, rows, size, narrow, most_numbers=int(3.5 * width))
    at = top_in + strip_in
    every = [strip]
    for panel, tall in zip(chart.panels, panel_in, strict=True):
        at += gap_in
        one = axes(at, tall)
        draw_panel(one, panel, chart, size, main=panel is chart.panels[0], narrow=narrow)
        at += tall
        every.append(one)
    for one in every:
        one.set_xlim(chart.start_s, chart.end_s)
        _shade(one, chart)
        _frame(one, size, chart, last=one is every[-1])
    return svg(figure, _spoken(chart), least_px=PX_PER_IN * width if width > NARROW_IN and narrow else None)


def _room_for(rows: Sequence[str], size: float) -> float:
    """Inches at the left for the row names: usually fixed, more for languages with long words."""
    return max([USUAL_LEFT_IN, *(width_in(name, size) + 0.1 for name in rows)])


def _panel_heights(count: int, taken_in: float, gap_in: float, narrow: bool) -> list[float]:
    """The main panel is the tallest; on paper, all must leave room for the figures above."""
    usual = [1.3 if i == 0 else 0.8 for i in range(count)]
    room = TALLEST_IN - taken_in - count * gap_in
    shrink = 1.0 if narrow else min(1.0, room / max(sum(usual), 1e-9))
    return [max(0.35, tall * shrink) for tall in usual]


# rows of the strip on top


def _rows(chart: Chart) -> list[str]:
    rows = []
    if chart.marks:
        rows.append(chart.noun)
    if chart.breaths_s:
        rows.append(report_words(chart.language)("chart_breaths"))
    return rows + [headed(name) for name, _ in chart.faults]


def _draw_strip(axes: Axes, chart: Chart, rows: Sequence[str], size: float, narrow: bool, most_numbers: int) -> None:
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_yticks([])
    for y, name in enumerate(rows):
        where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}
        if narrow:
            if y:  # above its row, as there is no room at the left
                axes.text(0, y - 0.32, name, ha="left", color=INK, fontsize=size - 0.8, **where)
            continue
        axes.text(-0.012, y, name, ha="right", color=INK, fontsize=size, **where)
    step = -(-max(1, len(chart.marks)) // most_numbers)
    for kind, colour in COLOURS.items():
        lines = [(mark.start_s, mark.end_s, 0.0, 0.0) for mark in chart.marks if mark.kind == kind]
        draw_segments(axes, lines, color=colour, lw=1.2, alpha=0.6)
    draw_symbols(axes, chart.marks, [0.0] * len(chart.marks), 5.0)
    for mark in chart.marks:
        if mark.number % step == 0 or step == 1:
            axes.text(mark.peak_s, -0.75, str(mark.number), ha="center", va="bottom", color=INK, fontsize=size - 0.6)
    if chart.breaths_s:
        axes.plot(chart.breaths_s, [1] * len(chart.breaths_s), "|", color=FIRST, ms=8, mew=1.6)
        for number, t_s in enumerate(chart.breaths_s, 1):
            style: dict[str, Any] = {"va": "center", "color": MUTED, "fontsize": size - 1.2}
            axes.annotate(str(number), (t_s, 1), (2.5, 0), textcoords="offset points", **style)
    first = len(rows) - len(chart.faults)
    for y, (_, spans) in enumerate(chart.faults, first):
        place = y + (0.14 if narrow else 0.0)
        draw_segments(axes, [(start, end, place, place) for start, end in spans], color=WARN, lw=5)


def _shade(axes: Axes, chart: Chart) -> None:
    draw_spans(axes, chart.unseen, facecolor=GONE, edgecolor=MUTED, hatch="////", alpha=0.45, lw=0, zorder=6)


def _frame(axes: Axes, size: float, chart: Chart, last: bool) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for name in ("top", "right", "left", "bottom"):
        axes.spines[name].set_visible(name == "bottom" and last)
        axes.spines[name].set_color(MUTED)
    axes.grid(axis="x", color=GRID, lw=0.6)
    axes.set_axisbelow(True)
    words = report_words(chart.language)
    if axes.get_yticks().size:
        decimal_ticks(axes.yaxis, words("decimal_point"))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.grid(axis="y", color=GRID, lw=0.6)
    axes.tick_params(length=0, labelsize=size - 0.6, labelcolor=MUTED, labelbottom=last, pad=3)
    long = chart.end_s > 120
    decimal_ticks(axes.xaxis, words("decimal_point"))
    if long:
        axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 1.5, 2, 3, 6, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{int(t // 60)}:{int(t % 60):02d}"))
    if last:
        axes.set_xlabel(words("chart_minutes" if long else "chart_seconds"), color=MUTED, fontsize=size - 0.4)


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
