"""Draws one panel of the time chart: curves, thresholds and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from coach.i18n.report_messages import headed, report_words
from coach.report.chart import Array as FloatArray
from coach.report.chart import Bound, Chart, Line, Mark, Panel
from coach.report.svg import AIM, BAD, FIRST, GOOD, INK, MUTED, PAPER, SECOND, WARN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"clean": GOOD, "fault": WARN, "uncounted": BAD}
SHAPES = {"clean": "o", "fault": "^", "uncounted": "X"}


def draw_panel(axes: Axes, panel: Panel, chart: Chart, size: float, main: bool, narrow: bool) -> None:
    """Curves, thresholds, target and judged intervals of one panel; the main one also marks every deepest point."""
    words = report_words(chart.language)
    low, high = _limits(panel, chart, main)
    axes.set_ylim(low, high)
    title = panel.title + (f" [{panel.unit}]" if panel.unit else "")
    where: dict[str, Any] = {"transform": axes.transAxes, "fontsize": size, "clip_on": False}
    axes.text(0, 1.04, title, color=INK, weight="bold", **where)
    if not panel.judged:
        axes.text(1, 1.04, words("not_judged_here"), color=MUTED, ha="right", **{**where, "fontsize": size - 0.8})
    if main and panel.aim is not None:
        axes.axhspan(*panel.aim, color=AIM, lw=0, zorder=0)
        if narrow:
            least, most = (words.bare(end) for end in panel.aim)
            said = [words("aim_range", low=least, high=most), *(" ".join(b.label.split()) for b in panel.bounds)]
            axes.text(1, 1.04, ", ".join(said), color=MUTED, ha="right", **{**where, "fontsize": size - 0.8})
        else:
            _right(axes, sum(panel.aim) / 2, words("aim"), GOOD, size)
    for kind, colour in COLOURS.items():
        spans = [(mark.start_s, mark.end_s) for mark in chart.marks if mark.kind == kind]
        draw_spans(axes, spans, color=colour, alpha=0.10, lw=0, zorder=0)
    for bound in panel.bounds:
        _draw_bound(axes, bound, size, narrow, main)
    for line in panel.lines:
        _draw_line(axes, line, panel.judged)
    if main:
        measured = [mark for mark in chart.marks if np.isfinite(mark.depth)]
        bars = [(mark.peak_s, mark.peak_s, *mark.depth_interval) for mark in measured]
        draw_segments(axes, bars, color=INK, lw=0.8, alpha=0.7, zorder=4)
        draw_symbols(axes, measured, [mark.depth for mark in measured], 4.5)
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
    axes.text(1.008, y, label, ha="left", color=colour, fontsize=size - 0.8, **where)


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
        [headed(line.label) for line in lines],
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


def _limits(panel: Panel, chart: Chart, main: bool) -> tuple[float, float]:
    """Limits from the curves near the marks (without the most extreme 1 %), the bounds and the marks."""
    values = np.concatenate([_around(line, chart.marks) for line in panel.lines])
    points = [*np.percentile(values, [0.5, 99.5]), 0.0, *(bound.value for bound in panel.bounds)]
    if main:
        points += [v for mark in chart.marks for v in (mark.depth, *mark.depth_interval) if np.isfinite(v)]
        points += list(panel.aim or ())
    low, high = min(points), max(points)
    room = 0.08 * max(high - low, 1.0)
    return low - room, high + room


def _around(line: Line, marks: Sequence[Mark], margin_s: float = 1.0) -> FloatArray:
    """The known values near a mark, or all if there is none: getting up is not part of an exercise."""
    known = np.isfinite(line.values)
    near = np.zeros(len(line.t_s), np.bool_)
    for mark in marks:
        near |= (line.t_s >= mark.start_s - margin_s) & (line.t_s <= mark.end_s + margin_s)
    chosen = known & near
    values: FloatArray = line.values[chosen if chosen.any() else known]
    return values if len(values) else np.zeros(1)


def draw_symbols(axes: Axes, marks: Sequence[Mark], ys: Sequence[float], size: float) -> None:
    """A symbol at each mark's deepest point; one drawing per kind keeps the file small."""
    for kind, shape in SHAPES.items():
        xy = [(mark.peak_s, y) for mark, y in zip(marks, ys, strict=True) if mark.kind == kind]
        if xy:
            xs, heights = zip(*xy, strict=True)
            style: dict[str, Any] = {"ms": size, "mec": PAPER, "mew": 0.6, "clip_on": False, "zorder": 5}
            axes.plot(xs, heights, shape, color=COLOURS[kind], **style)


def draw_segments(axes: Axes, segments: Sequence[tuple[float, float, float, float]], **style: Any) -> None:
    """Separate straight lines (x0, x1, y0, y1) as one broken line."""
    points = np.array([((x0, y0), (x1, y1), (np.nan, np.nan)) for x0, x1, y0, y1 in segments]).reshape(-1, 2)
    axes.plot(points[:, 0], points[:, 1], solid_capstyle="butt", **style)


def draw_spans(axes: Axes, spans: Sequence[tuple[float, float]], **style: Any) -> None:
    """Intervals of time shaded over the whole height, as one path."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    boxes = [[(a, 0), (b, 0), (b, 1), (a, 1), (a, 0)] for a, b in spans]
    if boxes:
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(boxes)
        path = Path(np.array(boxes, np.float64).reshape(-1, 2), codes)
        axes.add_patch(PathPatch(path, transform=axes.get_xaxis_transform(), **style))
