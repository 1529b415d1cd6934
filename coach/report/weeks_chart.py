"""Draws progress from week to week, in the page's colours or those of a stand-alone picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from coach.definitions.exercise import title_of
from coach.history.weeks import Week
from coach.i18n.report_messages import Messages, report_words
from coach.report.svg import AIM, FIRST, GRID, INK, MUTED, PAPER, SECOND, WARN, new_figure, svg, width_in
from coach.types import SIDES, Side

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours of a stand-alone picture, which has no page to take them from.
LIGHT = {
    INK: "#14202b",
    MUTED: "#52606d",
    GRID: "#e3e8ec",
    FIRST: "#00705f",
    SECOND: "#3a56c5",
    WARN: "#b04a00",
    AIM: "#d9f2e6",
    PAPER: "#ffffff",
}
LEGEND_IN = 1.0  # of its lines and spacing
LINES = {"left": ("o", "-"), "right": ("s", (0, (4, 1.6)))}


def weeks_svg(weeks: Sequence[Week], narrow: bool = False, language: str = "en") -> str:
    """The chart as an ``<svg>`` element."""
    words = report_words(language)
    figure = _figure(weeks, {colour: colour for colour in LIGHT}, narrow, words)
    count = sum(week.sessions for week in weeks)
    return svg(
        figure, words("weeks_spoken", weeks=words.several("week", len(weeks)), sessions=words.several("session", count))
    )


def weeks_png(weeks: Sequence[Week], language: str = "en") -> bytes:
    """The chart as a PNG picture on white."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = _figure(weeks, LIGHT, narrow=False, words=report_words(language))
    FigureCanvasAgg(figure)
    file = BytesIO()
    figure.savefig(file, format="png", dpi=160, facecolor=LIGHT[PAPER])
    return file.getvalue()


def _figure(weeks: Sequence[Week], colours: dict[str, str], narrow: bool, words: Messages) -> Figure:
    names = list(dict.fromkeys(name for week in weeks for name in week.exercises))
    shown: list[tuple[str, str, str]] = [("sessions", words("weeks_sessions"), "")]
    for name in names:
        title = title_of(name, words.language)
        sides = [one for week in weeks for one in week.exercises.get(name, {}).values()]
        hold = any(one.breaths is not None or one.held_s is not None for one in sides)
        shown.append((name, words("weeks_open" if hold else "weeks_depth", exercise=title), "depth_deg"))
        if any(one.breaths is not None for one in sides):
            shown.append((name, words("weeks_breaths", exercise=title), "breaths"))
        else:
            shown.append((name, words("weeks_clean", exercise=title), "clean_share"))
    width, panel, gap, top, bottom = (3.5 if narrow else 7.6), 1.1, 0.4, 0.35, 0.45
    size = 8.6 if narrow else 7.6
    height = top + len(shown) * (panel + gap) - gap + bottom
    figure = new_figure(width, height)
    left, right = (0.4 if narrow else 0.5), 0.12
    room = width - left - right
    for i, (name, title, field) in enumerate(shown):
        above = top + i * (panel + gap)
        axes = figure.add_axes((left / width, 1 - (above + panel) / height, room / width, panel / height))
        if field:
            _sides(axes, weeks, name, field, colours)
        else:
            _sessions(axes, weeks, colours, size, words, room / len(weeks))
        fitting = size * min(1.0, room / max(width_in(title, size, bold=True), 0.01))
        axes.text(0, 1.06, title, transform=axes.transAxes, color=colours[INK], fontsize=fitting, weight="bold")
        if i == min(1, len(shown) - 1) and field:
            _legend(axes, colours, size, words, room - width_in(title, size, bold=True))
        last = i == len(shown) - 1
        _frame(axes, weeks, colours, size, words, last=last, narrow=narrow, percent=field == "clean_share")
    return figure


def _sessions(
    axes: Axes, weeks: Sequence[Week], colours: dict[str, str], size: float, words: Messages, week_in: float
) -> None:
    """week_in: inches per week; if small, pain is shown as a bare number, explained once."""
    axes.bar(range(len(weeks)), [week.sessions for week in weeks], width=0.6, color=colours[FIRST], zorder=3)
    planned = [week.planned if week.planned else float("nan") for week in weeks]
    for x, value in enumerate(planned):
        axes.plot([x - 0.42, x + 0.42], [value, value], color=colours[INK], lw=1.4, zorder=4)
    pains = [words("weeks_pain", score=week.pain) for week in weeks if week.pain is not None]
    spelt = all(width_in(pain, size - 1) < week_in for pain in pains)
    notes = [words("weeks_planned")] if any(week.planned for week in weeks) else []
    notes += [] if spelt else [words("weeks_pain_mark")]
    where: dict[str, Any] = {"transform": axes.transAxes, "ha": "right"}
    axes.text(1, 1.06, ", ".join(notes), color=colours[MUTED], fontsize=size - 0.8, **where)
    highest = max([week.sessions for week in weeks] + [week.planned or 0 for week in weeks] + [1])
    axes.set_ylim(0, highest * 1.55)
    for x, week in enumerate(weeks):
        if week.pain is not None:
            axes.plot([x], [highest * 1.18], "D", color=colours[WARN], ms=4.5, zorder=5)
            said = words("weeks_pain", score=week.pain) if spelt else str(week.pain)
            axes.text(x, highest * 1.28, said, color=colours[WARN], fontsize=size - 1, ha="center")


def _sides(axes: Axes, weeks: Sequence[Week], name: str, field: str, colours: dict[str, str]) -> None:
    known = []
    for side in SIDES:
        values = [_value(week, name, side, field) for week in weeks]
        known += [value for value in values if math.isfinite(value)]
        marker, style = LINES[side]
        # The line continues over weeks without a session; marks show where something was measured.
        xs = [x for x, value in enumerate(values) if math.isfinite(value)]
        axes.plot(
            xs,
            [values[x] for x in xs],
            marker=marker,
            ls=style,
            ms=4,
            lw=1.3,
            color=colours[FIRST if side == "left" else SECOND],
            mec=colours[PAPER],
            mew=0.6,
            zorder=3,
        )
    top = 105.0 if field == "clean_share" else max([*known, 1.0]) * 1.15
    axes.set_ylim(0, top)


def _value(week: Week, name: str, side: Side, field: str) -> float:
    one = week.exercises.get(name, {}).get(side)
    value = getattr(one, field) if one is not None else None
    return float("nan") if value is None else float(value) * (100 if field == "clean_share" else 1)


def _legend(axes: Axes, colours: dict[str, str], size: float, words: Messages, room_in: float) -> None:
    """room_in: inches beside the title; if small, the legend moves to the bottom of the axes."""
    from matplotlib.lines import Line2D

    handles = []
    for side in SIDES:
        marker, style = LINES[side]
        colour = colours[FIRST if side == "left" else SECOND]
        handles.append(Line2D([], [], color=colour, marker=marker, ls=style, ms=4, lw=1.3))
    names = [words(side) for side in SIDES]
    beside = room_in > LEGEND_IN + sum(width_in(name, size) for name in names)
    axes.legend(
        handles,
        names,
        loc="lower right",
        bbox_to_anchor=(1, 0.98 if beside else 0.02),
        ncols=2,
        frameon=False,
        fontsize=size - 0.6,
        labelcolor=colours[INK],
        handlelength=2.4,
        borderaxespad=0.0,
    )


def _frame(
    axes: Axes,
    weeks: Sequence[Week],
    colours: dict[str, str],
    size: float,
    words: Messages,
    *,
    last: bool,
    narrow: bool,
    percent: bool,
) -> None:
    from matplotlib.ticker import MaxNLocator

    for name in ("top", "right", "left"):
        axes.spines[name].set_visible(False)
    axes.spines["bottom"].set_color(colours[MUTED])
    axes.set_xlim(-0.6, len(weeks) - 0.4)
    step = max(1, -(-len(weeks) // (5 if narrow else 10)))
    places = list(range(0, len(weeks), step))
    axes.set_xticks(places, [words.day_in_chart(weeks[x].monday) for x in places] if last else [])
    if percent:
        axes.set_yticks([0, 50, 100])
    else:
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.grid(axis="y", color=colours[GRID], lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=size - 0.6, labelcolor=colours[MUTED], pad=3)
    if last:
        axes.set_xlabel(words("weeks_axis"), color=colours[MUTED], fontsize=size - 0.4)
