"""The font of everything drawn, and fitting text to a width."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as BitmapFont

LINE = 1.22  # line spacing, in text sizes
SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@cache
def font_path(bold: bool = False) -> Path | None:
    """DejaVu Sans as shipped by Matplotlib, found without importing it; None if it is not installed."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    return path if path.is_file() else None


@cache
def font(size_px: int, bold: bool = False) -> FreeTypeFont | BitmapFont:
    """The typeface of everything drawn; Pillow's own if DejaVu Sans is missing."""
    from PIL import ImageFont

    path = font_path(bold)
    return ImageFont.truetype(str(path), size_px) if path else ImageFont.load_default(size_px)


@lru_cache(maxsize=4096)
def text_width(text: str, size_px: int, bold: bool = False) -> float:
    """Length of one line in pixels."""
    return float(font(size_px, bold).getlength(text))


def wrap(text: str, size_px: int, bold: bool, width_px: float, most_lines: int) -> tuple[str, ...] | None:
    """The text in as few lines as fit the width, evenly filled; None if it does not fit.

    Two sentences that do not fit one line get one line each.
    """
    words = text.split()
    sentences = tuple(SENTENCE_END.split(text))
    whole = text_width(text, size_px, bold) <= width_px
    if not whole and len(sentences) <= most_lines and all(text_width(s, size_px, bold) <= width_px for s in sentences):
        return sentences
    for lines in range(1, most_lines + 1):
        best: tuple[str, ...] | None = None
        aim = text_width(text, size_px, bold) / lines
        for slack in (1.0, 1.1, 1.25, 1.5, 2.0):
            best = _fill(words, size_px, bold, min(width_px, aim * slack + 1))
            if best is not None and len(best) <= lines:
                return best
    return None


def _fill(words: list[str], size_px: int, bold: bool, width_px: float) -> tuple[str, ...] | None:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size_px, bold) <= width_px:
            lines[-1] = longer
        elif text_width(word, size_px, bold) <= width_px:
            lines.append(word)
        else:
            return None
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one text size."""

    lines: tuple[str, ...]
    size_px: int
    bold: bool

    @property
    def width(self) -> int:
        """Width of the longest line in pixels."""
        return int(np.ceil(max((text_width(line, self.size_px, self.bold) for line in self.lines), default=0)))

    @property
    def line_px(self) -> int:
        """Line spacing in pixels."""
        return round(self.size_px * LINE)

    @property
    def height(self) -> int:
        """Total height in pixels."""
        return self.line_px * len(self.lines)


def fit(text: str, size_px: int, width_px: float, *, bold: bool = False, most_lines: int = 1) -> Text:
    """The text at the largest size up to ``size_px`` that fits the width; truncated if none does."""
    size = max(size_px, 6)
    while size >= 6:
        lines = wrap(text, size, bold, width_px, most_lines)
        if lines is not None:
            return Text(lines, size, bold)
        size = min(size - 1, int(size * 0.94))
    shortened = text
    while shortened and text_width(shortened + "…", 6, bold) > width_px:
        shortened = shortened[:-1]
    return Text((shortened + "…",), 6, bold)


def fit_box(text: str, size_px: int, width_px: float, height_px: float, *, bold: bool = False, most_lines: int) -> Text:
    """The text at the largest size up to ``size_px`` whose lines fit a box."""
    size = max(size_px, 6)
    while size >= 6:
        lines_fitting = min(most_lines, int(height_px // round(size * LINE)))
        lines = wrap(text, size, bold, width_px, lines_fitting) if lines_fitting else None
        if lines is not None:
            return Text(lines, size, bold)
        size = min(size - 1, int(size * 0.96))
    return fit(text, 6, width_px, bold=bold)
