"""Draws the time chart as inline SVG whose colours are the page's, so that it follows dark and light."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from coach.report.curves import Array as FloatArray
from coach.report.curves import Bound, Chart, Line, Mark, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Drawn with these colours, which are then replaced by the page's variables.
INK, MUTED, GRID, FIRST, SECOND, GOOD, WARN, BAD, AIM, GONE, PAPER = (f"#0102{i:02x}" for i in range(0x10, 0x1B))
_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    FIRST: "--first",
    SECOND: "--second",
    GOOD: "--good",
    WARN: "--warn",
    BAD: "--bad",
    AIM: "--aim",
    GONE: "--gone",
    PAPER: "--paper",
}
COLOURS = {"clean": GOOD, "fault": WARN, "uncounted": BAD}
SHAPES = {"clean": "o", "fault": "^", "uncounted": "X"}

WIDE_IN, NARROW_IN = 7.6, 3.5
TALLEST_IN = 6.6
# On a narrow screen a long session is drawn longer than the screen, and scrolled.
NARROW_IN_PER_S, LONGEST_NARROW_IN = 0.045, 14.0


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure that belongs to nobody: no global state, no window."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasSVG(figure)
    return figure


def draw_chart(chart: Chart, narrow: bool = False) -> str:
    """The chart as an ``<svg>`` element, for wide screens and paper, or for a telephone."""
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
    left_in, right_in = (0.42, 0.08) if narrow else (1.12, 0.62)
    figure = new_figure(width, height)

    def axes(above_in: float, tall_in: float) -> Axes:
        box = (left_in / width, 1 - (above_in + tall_in) / height, 1 - (left_in + right_in) / width, tall_in / height)
        return figure.add_axes(box)

    strip = axes(top_in, strip_in)
    _draw_strip(strip, chart, rows, size, narrow)
    at = top_in + strip_in
    every = [strip]
    for panel, tall in zip(chart.panels, panel_in, strict=True):
        at += gap_in
        one = axes(at, tall)
        _draw_panel(one, panel, chart, size, main=panel is chart.panels[0], narrow=narrow)
        at += tall
        every.append(one)
    for one in every:
        one.set_xlim(chart.start_s, chart.end_s)
        _shade(one, chart)
        _frame(one, size, last=one is every[-1], end_s=chart.end_s)
    return svg(figure, _spoken(chart))


def _panel_heights(count: int, taken_in: float, gap_in: float, narrow: bool) -> list[float]:
    """The main panel is the tallest; on paper all must leave room for the figures above them."""
    usual = [1.3 if i == 0 else 0.8 for i in range(count)]
    room = TALLEST_IN - taken_in - count * gap_in
    shrink = 1.0 if narrow else min(1.0, room / max(sum(usual), 1e-9))
    return [max(0.35, tall * shrink) for tall in usual]


def svg(figure: Figure, spoken: str) -> str:
    """A figure as an ``<svg>`` element with text as text, the page's colours, and a sentence for screen readers."""
    import matplotlib as mpl

    file = StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": spoken, "path.simplify": True}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    text = re.sub(r'(<svg[^>]*?) height="[\d.]+pt"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="([\d.]+)pt"', r'\1 data-width="\2"', text, count=1)
    text = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", text)
    text = re.sub(r"(\d+\.\d\d)\d+", r"\1", text)
    text = re.sub(r"\n\s*", "\n", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{spoken}"', 1)


# rows of the strip on top


def _rows(chart: Chart) -> list[str]:
    rows = []
    if chart.marks:
        rows.append(chart.noun)
    if chart.breaths_s:
        rows.append("Breaths")
    return rows + [name.capitalize() for name, _ in chart.faults]


def _draw_strip(axes: Axes, chart: Chart, rows: Sequence[str], size: float, narrow: bool) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    for y, name in enumerate(rows):
        where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}
        if narrow:
            if y:  # above its row, since there is no room at the left
                axes.text(0, y - 0.32, name, ha="left", color=INK, fontsize=size - 0.8, **where)
            continue
        axes.text(-0.012, y, name, ha="right", color=INK, fontsize=size, **where)
    step = max(1, round(len(chart.marks) / (12 if narrow else 40)))
    for mark in chart.marks:
        axes.plot(
            [mark.start_s, mark.end_s], [0, 0], color=COLOURS[mark.kind], lw=1.2, alpha=0.6, solid_capstyle="butt"
        )
        _symbol(axes, mark, mark.peak_s, 0, 5.0)
        if mark.number % step == 0 or step == 1:
            axes.text(mark.peak_s, -0.75, str(mark.number), ha="center", va="bottom", color=INK, fontsize=size - 0.6)
    if chart.breaths_s:
        axes.plot(chart.breaths_s, [1] * len(chart.breaths_s), "|", color=FIRST, ms=8, mew=1.6)
        for number, t_s in enumerate(chart.breaths_s, 1):
            style: dict[str, Any] = {"va": "center", "color": MUTED, "fontsize": size - 1.2}
            axes.annotate(str(number), (t_s, 1), (2.5, 0), textcoords="offset points", **style)
    first = len(rows) - len(chart.faults)
    for y, (_, spans) in enumerate(chart.faults, first):
        for start, end in spans:
            place = y + (0.14 if narrow else 0.0)
            axes.plot([start, end], [place] * 2, color=WARN, lw=5, solid_capstyle="butt")


def _symbol(axes: Axes, mark: Mark, x: float, y: float, size: float) -> None:
    axes.plot(
        [x], [y], SHAPES[mark.kind], color=COLOURS[mark.kind], ms=size, mec=PAPER, mew=0.6, clip_on=False, zorder=5
    )


# panels


def _draw_panel(axes: Axes, panel: Panel, chart: Chart, size: float, main: bool, narrow: bool) -> None:
    low, high = _limits(panel, chart, main)
    axes.set_ylim(low, high)
    title = panel.title + (f" [{panel.unit}]" if panel.unit else "")
    where: dict[str, Any] = {"transform": axes.transAxes, "fontsize": size, "clip_on": False}
    axes.text(0, 1.04, title, color=INK, weight="bold", **where)
    if not panel.judged:
        axes.text(1, 1.04, "not judged from here", color=MUTED, ha="right", **{**where, "fontsize": size - 0.8})
    if main and panel.aim is not None:
        axes.axhspan(*panel.aim, color=AIM, lw=0, zorder=0)
        if narrow:
            said = [f"aim {panel.aim[0]:g}-{panel.aim[1]:g}", *(bound.label for bound in panel.bounds)]
            axes.text(1, 1.04, ", ".join(said), color=MUTED, ha="right", **{**where, "fontsize": size - 0.8})
        else:
            _right(axes, sum(panel.aim) / 2, "aim", GOOD, size)
    for mark in chart.marks:
        axes.axvspan(mark.start_s, mark.end_s, color=COLOURS[mark.kind], alpha=0.10, lw=0, zorder=0)
    for bound in panel.bounds:
        _draw_bound(axes, bound, size, narrow, main)
    for line in panel.lines:
        _draw_line(axes, line, panel.judged)
    if main:
        for mark in chart.marks:
            if np.isfinite(mark.depth):
                if np.ptp(mark.depth_interval) > 0:
                    axes.plot([mark.peak_s] * 2, mark.depth_interval, color=INK, lw=0.8, alpha=0.7, zorder=4)
                _symbol(axes, mark, mark.peak_s, mark.depth, 4.5)
    elif len(panel.lines) > 1 and panel.judged:
        _legend(axes, panel.lines, size)


def _draw_line(axes: Axes, line: Line, judged: bool) -> None:
    first = line.style == "first"
    colour = MUTED if not judged else FIRST if first else SECOND
    axes.plot(line.t_s, line.values, color=colour, lw=1.3, ls="-" if first else (0, (4, 1.6)), zorder=3)


def _draw_bound(axes: Axes, bound: Bound, size: float, narrow: bool, main: bool) -> None:
    colour = MUTED if main else WARN
    axes.axhline(
        bound.value, color=colour, lw=0.9, ls=(0, (1.2, 1.6)) if bound.style == "first" else (0, (3, 2)), zorder=2
    )
    if not narrow:
        _right(axes, bound.value, bound.label, MUTED, size)


def _right(axes: Axes, y: float, label: str, colour: str, size: float) -> None:
    where: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "clip_on": False}
    axes.text(1.008, y, label.replace(" from ", "\nfrom "), ha="left", color=colour, fontsize=size - 0.8, **where)


def _legend(axes: Axes, lines: Sequence[Line], size: float) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=FIRST if line.style == "first" else SECOND,
            ls="-" if line.style == "first" else (0, (4, 1.6)),
            lw=1.3,
        )
        for line in lines
    ]
    axes.legend(
        handles,
        [_short(line.label) for line in lines],
        loc="lower right",
        bbox_to_anchor=(1.0, 0.97),
        ncols=2,
        frameon=False,
        fontsize=size - 0.8,
        labelcolor=INK,
        handlelength=2.2,
        columnspacing=1.2,
        borderaxespad=0.0,
    )


def _short(label: str) -> str:
    """``Stance knee flexion`` -> ``Stance``: the panel's title says the rest."""
    return label.split(" ", 1)[0]


def _limits(panel: Panel, chart: Chart, main: bool) -> tuple[float, float]:
    """From the curves around what was judged, without the rarest hundredth, the bounds and the marks."""
    values = np.concatenate([_around(line, chart.marks) for line in panel.lines])
    points = [*np.percentile(values, [0.5, 99.5]), 0.0, *(bound.value for bound in panel.bounds)]
    if main:
        points += [v for mark in chart.marks for v in (mark.depth, *mark.depth_interval) if np.isfinite(v)]
        points += list(panel.aim or ())
    low, high = min(points), max(points)
    room = 0.08 * max(high - low, 1.0)
    return low - room, high + room


def _around(line: Line, marks: Sequence[Mark], margin_s: float = 1.0) -> FloatArray:
    """The known values near a mark; all of them where there is none. Getting up says nothing of an exercise."""
    known = np.isfinite(line.values)
    near = np.zeros(len(line.t_s), np.bool_)
    for mark in marks:
        near |= (line.t_s >= mark.start_s - margin_s) & (line.t_s <= mark.end_s + margin_s)
    chosen = known & near
    values: FloatArray = line.values[chosen if chosen.any() else known]
    return values if len(values) else np.zeros(1)


def _shade(axes: Axes, chart: Chart) -> None:
    for start, end in chart.unseen:
        axes.axvspan(start, end, facecolor=GONE, edgecolor=MUTED, hatch="////", alpha=0.45, lw=0, zorder=6)


def _frame(axes: Axes, size: float, last: bool, end_s: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for name in ("top", "right", "left", "bottom"):
        axes.spines[name].set_visible(name == "bottom" and last)
        axes.spines[name].set_color(MUTED)
    axes.grid(axis="x", color=GRID, lw=0.6)
    axes.set_axisbelow(True)
    if axes.get_yticks().size:
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.grid(axis="y", color=GRID, lw=0.6)
    axes.tick_params(length=0, labelsize=size - 0.6, labelcolor=MUTED, labelbottom=last, pad=3)
    if end_s > 120:
        axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 1.5, 2, 3, 6, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{int(t // 60)}:{int(t % 60):02d}"))
    if last:
        axes.set_xlabel("Time [min:s]" if end_s > 120 else "Time [s]", color=MUTED, fontsize=size - 0.4)


def _spoken(chart: Chart) -> str:
    counted = sum(mark.kind != "uncounted" for mark in chart.marks)
    return (
        f"Time chart of {chart.end_s:.0f} seconds: {counted} counted and {len(chart.marks) - counted} not counted,"
        f" with curves of {', '.join(panel.title.lower() for panel in chart.panels) or 'nothing'}."
    )
