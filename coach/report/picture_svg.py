"""The animated picture as SVG: looping on a page, and with both end positions in one drawing on paper."""

from __future__ import annotations

from html import escape

from coach.definitions.picture import SIZE, Line, Picture, Point, Role
from coach.types import Side

FRAMES_A_SECOND = 8  # the browser interpolates between them
HEAD_RADIUS = 6.0
# Colour, thickness and dashes on a dark background, and on paper.
Look = dict[Role, tuple[str, float, str]]
DARK: Look = {
    "thing": ("#9fb0ba", 1.6, ""),
    "body": ("#eef3f5", 3.4, ""),
    "moving": ("#5eead4", 4.6, ""),
    "tie": ("#ffd166", 1.8, "3 2"),
}
# In a report, whose colours follow the reader's light or dark mode.
PAPER: Look = {
    "thing": ("var(--muted)", 1.4, ""),
    "body": ("var(--ink)", 3.2, ""),
    "moving": ("var(--first)", 4.4, ""),
    "tie": ("var(--warn)", 1.7, "3 2"),
}


def moving_svg(picture: Picture, side: Side, label: str) -> str:
    """The movement in an endless loop. label: for screen readers."""
    shares = [n / _frames(picture) for n in range(_frames(picture) + 1)]
    frames = [picture.lines(share, side) for share in shares]
    parts = [_moving_line([lines[n] for lines in frames], DARK, picture.seconds) for n in range(len(frames[0]))]
    heads = [picture.head(share, side) for share in shares]
    parts.append(_moving_head([head for head in heads if head is not None], DARK, picture.seconds))
    return _svg(parts, label)


def still_svg(picture: Picture, side: Side, label: str, paper: bool = False) -> str:
    """The start, faintly, with the farthest point over it: for reduced motion, and for paper."""
    look = PAPER if paper else DARK
    parts = []
    for share, opacity in ((0.0, 0.35), (picture.farthest, 1.0)):
        lines = [line for line in picture.lines(share, side) if line.role != "thing" or opacity == 1.0]
        head = picture.head(share, side)
        drawn = [_line(line, look) for line in lines] + ([_head(head, look)] if head is not None else [])
        parts.append(f'<g opacity="{opacity}">{"".join(drawn)}</g>')
    return _svg(parts, label)


def _frames(picture: Picture) -> int:
    return max(2, round(picture.seconds * FRAMES_A_SECOND))


def _svg(parts: list[str], label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}" role="img"'
        f' aria-label="{escape(label, quote=True)}" fill="none" stroke-linecap="round" stroke-linejoin="round">'
        f"{''.join(parts)}</svg>"
    )


def _strokes(role: Role, look: Look) -> str:
    colour, width, dashes = look[role]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'stroke="{colour}" stroke-width="{width:g}"{dashed}'


def _path(line: Line) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.points) + ("Z" if line.closed else "")


def _line(line: Line, look: Look) -> str:
    return f'<path d="{_path(line)}" {_strokes(line.role, look)}/>'


def _moving_line(frames: list[Line], look: Look, seconds: float) -> str:
    paths = [_path(line) for line in frames]
    if len(set(paths)) == 1:
        return _line(frames[0], look)
    values = ";".join(paths)
    moves = f'<animate attributeName="d" values="{values}" dur="{seconds:g}s" repeatCount="indefinite"/>'
    return f'<path d="{paths[0]}" {_strokes(frames[0].role, look)}>{moves}</path>'


def _head(at: Point, look: Look) -> str:
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{HEAD_RADIUS:g}" fill="{look["body"][0]}"/>'


def _moving_head(heads: list[Point], look: Look, seconds: float) -> str:
    if not heads:
        return ""
    moves = "".join(
        f'<animate attributeName="{name}" values="{";".join(f"{head[axis]:.1f}" for head in heads)}"'
        f' dur="{seconds:g}s" repeatCount="indefinite"/>'
        for axis, name in enumerate(("cx", "cy"))
    )
    return _head(heads[0], look).removesuffix("/>") + f">{moves}</circle>"
