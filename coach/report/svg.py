"""Figures for a page: inline SVG in the page's own colours, drawn without global state."""

from __future__ import annotations

import re
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Drawn in these colours, which are then replaced by the page's variables.
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


def paint(colour: str) -> str:
    """One of these colours as the page's variable, for drawings that are written as SVG."""
    return f"var({_VARIABLES[colour]})"


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure without global state or a window."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in))
    FigureCanvasSVG(figure)
    return figure


@lru_cache(maxsize=4096)
def width_in(text: str, size: float, bold: bool = False) -> float:
    """Width of a text of this size, in inches. Cached: it costs milliseconds, and charts have the same words."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(weight="bold" if bold else "normal")
    return float(TextPath((0, 0), text, size=size, prop=font).get_extents().width) / 72


def svg(figure: Figure, spoken: str) -> str:
    """A figure as an ``<svg>`` element with real text, the page's colours, and a sentence for screen readers.

    It fills the available width.
    """
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
    text = re.sub(r'(<svg[^>]*?) width="[\d.]+pt"', r"\1", text, count=1)
    text = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", text)
    text = re.sub(r"(\d+\.\d\d)\d+", r"\1", text)
    text = re.sub(r"\n\s*", "\n", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{spoken}"', 1)
