"""Small drawn skeletons as inline SVG: the person cannot be recognised. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from coach.kinematics.skeleton import FOOT, HEAD, LIMBS, joint_rows
from coach.session.timeline import KeyMoment
from coach.types import SIDES, FloatArray, Side, joint

DRAWN = tuple(range(11, 17)) + tuple(range(23, 33)) + tuple(int(row) for row in HEAD)


def extent(keys: Sequence[KeyMoment]) -> tuple[float, float]:
    """Width and height in pixels that fit any of these bodies with a margin, so that all share one scale."""
    spans = [np.ptp(key.xy_px[list(DRAWN)], axis=0) for key in keys] or [np.ones(2)]
    width, height = np.max(spans, axis=0) * 1.0
    room = 0.12 * max(width, height)
    return float(width + room), float(height + room)


def draw(key: KeyMoment, size: tuple[float, float], spoken: str, marked: Sequence[str] = ()) -> str:
    """One body, centred in a box of ``size`` pixels, with a ring round each named joint (names as in exercise files).

    spoken: a description for screen readers.
    """
    points = key.xy_px[list(DRAWN)]
    middle = (points.min(0) + points.max(0)) / 2
    scale = 100 / max(size)
    xy = (key.xy_px - middle) * scale + np.array(size) * scale / 2
    parts = [f'<svg viewBox="0 0 {size[0] * scale:.1f} {size[1] * scale:.1f}" role="img" aria-label="{spoken}">']
    if key.picture:
        left, top = (np.array(key.picture.box_px[:2]) - middle) * scale + np.array(size) * scale / 2
        wide, tall = (np.array(key.picture.box_px[2:]) - np.array(key.picture.box_px[:2])) * scale
        parts.append(
            f'<image x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}" preserveAspectRatio="none"'
            f' href="data:image/jpeg;base64,{base64.b64encode(key.picture.jpeg).decode()}"/>'
        )
    own: Side | None = key.side
    shoulders, hips = (xy[[joint(name, side) for side in SIDES]].mean(0) for name in ("shoulder", "hip"))
    for side in sorted(SIDES, key=lambda each: each == own):
        name = "own" if side == own else "body"
        for limb in LIMBS:
            parts.append(_line(xy[joint(limb[0], side)], xy[joint(limb[1], side)], name))
        ankle, heel, toe = (xy[joint(part, side)] for part in FOOT)
        parts.append(f'<path class="{name}" d="M{_at(ankle)}L{_at(heel)}L{_at(toe)}Z"/>')
    for pair in ("shoulder", "hip"):
        parts.append(_line(xy[joint(pair, "left")], xy[joint(pair, "right")], "body"))
    parts.append(_line(shoulders, hips, "body"))
    head = xy[list(HEAD)].mean(0)
    radius = max(3.0, 0.13 * float(np.linalg.norm(shoulders - hips)))
    parts.append(_line(shoulders, head, "body"))
    parts.append(f'<circle class="head" cx="{head[0]:.1f}" cy="{head[1]:.1f}" r="{radius:.1f}"/>')
    for row in sorted(joint_rows(marked, own)):
        parts.append(f'<circle class="ring" cx="{xy[row][0]:.1f}" cy="{xy[row][1]:.1f}" r="5.5"/>')
    return "".join(parts) + "</svg>"


def _at(point: FloatArray) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _line(a: FloatArray, b: FloatArray, name: str) -> str:
    return f'<path class="{name}" d="M{_at(a)}L{_at(b)}"/>'
