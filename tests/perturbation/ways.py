"""Ways to make observations worse, or different, without changing what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coach.types import JOINTS, Observation, Part, Pose

# Where each joint of a mirrored person is found: in MediaPipe's order left and right alternate from the ears on.
MIRRORED = np.array([0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(row + (1 if row % 2 else -1) for row in range(11, JOINTS))])

MIRRORED_PARTS = [
    int(Part[part.name.replace("LEFT", "?").replace("RIGHT", "LEFT").replace("?", "RIGHT")]) for part in Part
]
PLACES = [int(part) for part in Part if not part.name.endswith("_TURN")]  # rows that are ways, not turns


def noisy(observations: Iterable[Observation], sigma_px: float, seed: int = 0) -> list[Observation]:
    """Every joint jumps about in every frame."""
    generator = np.random.default_rng(seed)
    return [
        _with_xy(o, lambda xy: xy + generator.normal(0, sigma_px, xy.shape).astype(np.float32)) for o in observations
    ]


def dropped(observations: Iterable[Observation], share: float, seed: int = 0) -> list[Observation]:
    """This share of the frames never came; the motion of a lost frame is in the next one."""
    generator = np.random.default_rng(seed)
    kept: list[Observation] = []
    missed: NDArray[np.float32] | None = None
    parts: NDArray[np.float32] | None = None
    for o in observations:
        if o.motion is not None and parts is not None:
            o = replace(o, motion=_one_after_the_other(parts, o.motion))  # noqa: PLW2901
        parts = None
        if kept and generator.uniform() < share:
            parts = o.motion
            if o.chest_px is not None:
                missed = o.chest_px if missed is None else missed + o.chest_px
            continue
        if o.chest_px is not None and missed is not None:
            o, missed = replace(o, chest_px=o.chest_px + missed), None  # noqa: PLW2901
        kept.append(o)
    return kept


def unseen(observations: Iterable[Observation], share: float, seed: int = 0) -> list[Observation]:
    """In this share of the frames nobody was found."""
    generator = np.random.default_rng(seed)
    return [replace(o, pose=None, people=0) if generator.uniform() < share else o for o in observations]


def jittered(observations: Iterable[Observation], most_s: float, seed: int = 0) -> list[Observation]:
    """Time stamps are off by up to so much, but stay in order."""
    generator = np.random.default_rng(seed)
    moved, last_s = [], -1.0
    for o in observations:
        last_s = max(o.t_s + float(generator.uniform(-most_s, most_s)), last_s + 1e-3, 0.0)
        moved.append(replace(o, t_s=last_s))
    return moved


def shifted(observations: Iterable[Observation], by_s: float) -> list[Observation]:
    """The same, later."""
    return [replace(o, t_s=o.t_s + by_s) for o in observations]


def begun_at(observations: Iterable[Observation], from_s: float) -> list[Observation]:
    """What is left of a video that begins later."""
    first, *left = (each for each in observations if each.t_s >= from_s)
    return shifted([replace(first, motion=None, chest_px=None), *left], -first.t_s)


def scaled(observations: Iterable[Observation], factor: float) -> list[Observation]:
    """The same video in another resolution."""
    return [
        replace(
            _with_ways(_with_xy(o, lambda xy: xy * np.float32(factor)), np.eye(2) * factor),
            size_px=(round(o.size_px[0] * factor), round(o.size_px[1] * factor)),
        )
        for o in observations
    ]


def smaller(observations: Iterable[Observation], factor: float) -> list[Observation]:
    """The same person further away, in the middle of the same picture."""
    return [
        _with_ways(_with_xy(o, lambda xy, o=o: (xy - _middle(o)) * np.float32(factor) + _middle(o)), np.eye(2) * factor)
        for o in observations
    ]


def tilted(observations: Iterable[Observation], degrees: float) -> list[Observation]:
    """The same as a camera sees it that is turned about its own axis; nothing leaves the picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, s], [-s, c]], np.float32)
    turned = []
    for o in observations:
        new = _with_ways(_with_xy(o, lambda xy, o=o: (xy - _middle(o)) @ turn + _middle(o)), turn)
        if new.pose is not None:
            world = new.pose.world_m.copy()
            world[:, :2] = world[:, :2] @ turn
            new = replace(new, pose=Pose(new.pose.xy_px, world, new.pose.visibility))
        turned.append(new if o.chest_px is None else replace(new, chest_px=o.chest_px @ turn))
    return smaller(turned, 0.85)


def mirrored(observations: Iterable[Observation]) -> list[Observation]:
    """Somebody who does the same on the other side."""
    other = []
    for o in observations:
        if o.pose is not None:
            xy, world = o.pose.xy_px[MIRRORED].copy(), o.pose.world_m[MIRRORED].copy()
            xy[:, 0] = o.size_px[0] - xy[:, 0]
            world[:, 0] *= -1
            o = replace(o, pose=Pose(xy, world, o.pose.visibility[MIRRORED]))  # noqa: PLW2901
        if o.motion is not None:
            motion = o.motion[MIRRORED_PARTS].copy()
            motion[:, 0] *= -1
            motion[[Part.PELVIS_TURN, Part.TRUNK_TURN], 1] *= -1
            o = replace(o, motion=motion)  # noqa: PLW2901
        if o.chest_px is not None:
            flipped = o.chest_px[:, ::-1] * np.array([-1, 1], np.float32)
            o = replace(o, chest_px=np.ascontiguousarray(flipped))  # noqa: PLW2901
        other.append(o)
    return other


def _middle(o: Observation) -> NDArray[np.float32]:
    return np.array(o.size_px, np.float32) / 2


def _with_xy(o: Observation, change) -> Observation:  # type: ignore[no-untyped-def]
    if o.pose is None:
        return o
    return replace(o, pose=Pose(change(o.pose.xy_px), o.pose.world_m, o.pose.visibility))


def _with_ways(o: Observation, change: NDArray[np.floating]) -> Observation:
    if o.motion is None:
        return o
    motion = o.motion.copy()
    motion[PLACES, :2] = motion[PLACES, :2] @ change.astype(np.float32)
    return replace(o, motion=motion)


def _one_after_the_other(before: NDArray[np.float32], now: NDArray[np.float32]) -> NDArray[np.float32]:
    both = before + now
    both[:, 2] = np.minimum(before[:, 2], now[:, 2])
    return both
