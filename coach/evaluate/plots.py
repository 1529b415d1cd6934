"""Bland-Altman plots of an evaluation, one file a quantity. (I/O)"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coach.evaluate.quantities import Agreement, Point
from coach.files import saving

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_IN, HEIGHT_IN = 7.2, 4.4
INK, SOFT, LINE = "#1d1d1f", "#6e6e73", "#8e8e93"
MARKERS = "osD^vP*X<>h8"
# Okabe & Ito 2008: told apart by people who do not see red and green as two colours.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#000000", "#999999")
RAW_LABELS = ("true", "coach")


def write_plots(
    agreements: Sequence[Agreement], folder: Path, prefix: str = "bland-altman", labels: tuple[str, str] = RAW_LABELS
) -> list[Path]:
    """Write PREFIX-KEY.svg for each quantity into the folder. Returns the files. Raises OutputError.

    labels: the names of the two whose values are compared; the differences are second minus first.
    """
    written = []
    for agreement in agreements:
        path = folder / f"{prefix}-{agreement.key}.svg"
        with saving(path) as aside:
            aside.write_text(bland_altman_svg(agreement, labels), encoding="utf-8")
        written.append(path)
    return written


def bland_altman_svg(agreement: Agreement, labels: tuple[str, str] = RAW_LABELS) -> str:
    """Difference against mean of both values, with bias and limits of agreement, as an SVG file's text."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"font.size": 9.5, "svg.fonttype": "none", "svg.hashsalt": agreement.key, "text.color": INK}):
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), layout="constrained")
        axes = figure.add_subplot()
        _draw_points(axes, agreement.points)
        _draw_lines(axes, agreement)
        unit = f", {agreement.unit}" if agreement.unit else ""
        first, second = labels
        axes.set_title(f"{agreement.name[:1].upper()}{agreement.name[1:]}: {second} minus {first}", loc="left")
        axes.set_xlabel(f"mean of {first} and {second}{unit}")
        axes.set_ylabel(f"difference{unit}")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(colors=SOFT, labelcolor=INK)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue()


def _draw_points(axes: Axes, points: Sequence[Point]) -> None:
    people = sorted({point.person for point in points})
    for number, person in enumerate(people):
        ours = [point for point in points if point.person == person]
        axes.scatter(
            [(point.true + point.found) / 2 for point in ours],
            [point.found - point.true for point in ours],
            s=26,
            marker=MARKERS[number // len(COLOURS) % len(MARKERS)],
            color=COLOURS[number % len(COLOURS)],
            alpha=0.85,
            linewidths=0,
            label=person,
        )
    if len(people) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.09, 1.0), frameon=False, fontsize=8.5)


def _draw_lines(axes: Axes, agreement: Agreement) -> None:
    axes.axhline(0, color=LINE, linewidth=0.8)
    limits = agreement.limits
    if limits.n < 3:
        return
    axes.axhspan(limits.bias_low, limits.bias_high, color=LINE, alpha=0.18, linewidth=0)
    for value, style, name in (
        (limits.high, "--", "+1.96 SD"),
        (limits.bias, "-", "bias"),
        (limits.low, "--", "-1.96 SD"),
    ):
        axes.axhline(value, color=INK, linewidth=1.1, linestyle=style)
        axes.annotate(
            f"{name}\n{value:+.2f}",
            (1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=SOFT,
        )
    # Room for all lines, and the same above as below zero: a bias is seen as one.
    most = max(abs(value) for value in (limits.low, limits.high, *(p.found - p.true for p in agreement.points), 0.1))
    axes.set_ylim(-1.15 * most, 1.15 * most)
