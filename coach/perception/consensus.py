"""How far each part moved, by the consensus of the points on it; and the camera, by those on the background."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.parts import MOVING, TURNS
from coach.perception.camera_fit import camera_fit
from coach.perception.image_noise import DIM, Tuning
from coach.perception.regions import BACKGROUND, REGIONS
from coach.perception.tracks import Tracks
from coach.types import Part

Array = NDArray[np.float32]

WALKS = 0.08  # of the leg: farther within the remembered path is no movement on the spot
FORGOTTEN = 0.9  # share of the remembered path that is kept from one picture to the next
TOLD_PX = 1.5  # of path: enough to tell a part from what lies behind it
ALIKE_PX = 0.08  # between the slower and faster half: less is noise, and all points are on the part
STAYED_BEHIND = 0.5  # of the part's path: a point that lags by this much is on something else
# A point on the edge of a part sees some of what lies behind, and goes only a share of the way. So a part is where the
# points are that went farthest: at this rank among them, and within a share of the way.
FARTHEST = 0.7
IN_STEP, IN_STEP_PX = 0.1, 0.2  # that share, and more of a short way
LEAST_IN_STEP = 0.4  # of a part's points: where fewer agree on how far it went, all are asked
FEWEST_IN_STEP = 5
TELLS = 8.0  # agreeing points that make a motion certain
LEAST_FOR_TURN = 8  # points needed to measure a part's rotation
# Of ``reached``, for each region and the background: the rows of its part, and of how that turns. No point reaches the
# camera's row: it stands for what is no part and does not turn.
_PARTS = [Part.CAMERA if each.part is None else each.part for each in REGIONS] + [Part.CAMERA]
_ROWS = np.array([(MOVING.get(part, part), part) for part in _PARTS])
_TURN_ROWS = np.array([TURNS.get(part, Part.CAMERA) for part in _PARTS])


def summarise(
    motion: Array, tracks: Tracks, start: Array, shape: tuple[int, ...], reached: Array, leg_px: float, tuning: Tuning
) -> None:
    """Fill in the consensus of each part's points, and remember how far each point and its part have moved.

    reached: (len(Part), 2) how far each part has moved since the first picture; brought up to date. It is where its
    points are now, not the sum of how they moved from picture to picture: those that stand for a part change, and
    what a median of some and then of others is off by would add up, by 1.5 pixels in five seconds of a swaying camera.
    """
    way = tracks.xy - start
    middle = np.array([shape[1], shape[0]], np.float32) / 2
    around = tracks.region == BACKGROUND
    by_camera = _camera(motion, start[around] - middle, tracks.xy[around] - middle, tuning)
    own = way if by_camera is None else way - ((start - middle) @ by_camera[:, :2].T + by_camera[:, 2])
    tracks.own, tracks.part = tracks.own * FORGOTTEN + own, tracks.part * FORGOTTEN
    speed, went = np.hypot(own[:, 0], own[:, 1]), np.hypot(tracks.own[:, 0], tracks.own[:, 1])
    for index, each in enumerate(REGIONS):
        here = np.flatnonzero(tracks.region == index)
        if each.part is None or not len(here):
            continue
        if np.sort(went[here])[len(here) // 4] > WALKS * leg_px:
            tracks.offset[here] = start[here, None] - moved_until_now(tracks.region[here], tracks.place[here], reached)
        moved = tracks.xy[here, None] - tracks.offset[here]
        if each.part in TURNS:
            place, rows = tracks.place[here], [each.part, TURNS[each.part]]
            now = _turning(place, moved[:, 0], tuning.agrees_px)
            turn = np.nan_to_num(now[1] - reached[rows[1]])
            sure = _sure(way[here] - turn * place[:, ::-1], tuning.agrees_px)
            for row, value in zip(rows, now, strict=True):
                _move(motion, reached, row, value, sure)
            continue
        fast, apart = _going_along(tracks, here, own, speed, tuning)
        moving = MOVING.get(each.part, each.part)
        _move(motion, reached, moving, _median(moved[fast, 0]), _sure(way[here[fast]], tuning.agrees_px))
        if apart:
            others = np.delete(here, fast)
            tracks.offset[others, 0] = tracks.xy[others] - reached[moving]
        if each.part in MOVING:
            slow = np.argsort(speed[here], kind="stable")[: (len(here) + 1) // 2]
            _move(motion, reached, each.part, _median(moved[slow, 1]), _sure(way[here[slow]], tuning.agrees_px))
    far = np.linalg.norm(tracks.part, axis=1)
    lacks = np.linalg.norm(tracks.own - tracks.part, axis=1)
    tracks.behind = np.where(far > TOLD_PX, lacks > STAYED_BEHIND * far, tracks.behind)


def moved_until_now(region: NDArray[np.int8], place: Array, reached: Array) -> Array:
    """How far the part of each point (n) has moved at its place (n, 2), and had it been planted: (n, 2, 2)."""
    moved: Array = reached[_ROWS[region]]
    moved[:, 0] += place[:, ::-1] * reached[_TURN_ROWS[region]]
    return moved


def _move(motion: Array, reached: Array, part: Part, now: Array, sure: float) -> None:
    if np.isfinite(now).all():
        motion[part] = *(now - reached[part]), sure
        reached[part] = now


def _going_along(
    tracks: Tracks, here: NDArray[np.intp], own: Array, speed: Array, tuning: Tuning
) -> tuple[NDArray[np.intp], bool]:
    """Which of a part's points (here) stand for it, as their places in that list, and whether the others are known not
    to; remembers how far the part has moved by them.

    The background of a part stands still, or moves less. Until it is known which points those are, the faster half
    stands for the part; afterwards those that went along with it do. In the dark there are too few to choose from.
    """
    along = np.flatnonzero(~tracks.behind[here])
    along = along if len(along) else np.arange(len(here))
    own, speed = own[here], speed[here]
    order = along[np.argsort(speed[along], kind="stable")]
    slow, fast = order[: (len(order) + 1) // 2], order[len(order) // 2 :]
    if np.hypot(*(_median(own[fast]) - _median(own[slow]))) < ALIKE_PX:
        fast = along
    tracks.part[here] += _median(own[fast])
    part = tracks.part[here[along]]
    far = np.hypot(part[:, 0], part[:, 1]) > TOLD_PX
    if not far.sum() > len(along) / 2:
        return fast, False
    known = along[far]
    return (along if tuning is DIM else known[_in_step(tracks.own[here[known]], part[far])]), True


def _in_step(own: Array, part: Array) -> NDArray[np.bool_]:
    """Which points (n) went as far as their part: own and part are their recent ways (n, 2)."""
    squared = (part * part).sum(1)
    reached = (own * part).sum(1) / squared
    ranked, usual_px = np.sort(reached), np.sqrt(np.sort(squared)[len(squared) // 2])
    top = ranked[int(FARTHEST * (len(ranked) - 1))]
    near: NDArray[np.bool_] = np.abs(reached - top) < IN_STEP + IN_STEP_PX / usual_px
    return near if near.sum() >= max(FEWEST_IN_STEP, LEAST_IN_STEP * len(near)) else np.ones_like(near)


def _turning(place: Array, moved: Array, agrees_px: float) -> Array:
    """How far a broad part has moved at its axis, and how it has turned, (2, 2): change of dx with y, of dy with x.

    place, moved: (n, 2), where its points are from the axis and how far they have moved.
    A leaning trunk goes down on one side and up on the other: the median of points that happen to lie on one side
    would look like sinking. Least squares, three rounds with Huber weights.
    """
    if len(moved) < LEAST_FOR_TURN:
        return np.array([_median(moved), (np.nan, np.nan)], np.float32)
    along = place[:, ::-1].astype(float)  # dx varies with y, dy with x
    weight = np.ones(len(moved))
    for _ in range(3):
        total = weight.sum()
        centre, mean = weight @ along / total, weight @ moved / total
        spread = np.maximum(weight @ (along - centre) ** 2, 1e-6)
        slope = weight @ ((along - centre) * (moved - mean)) / spread
        at_axis = mean - slope * centre
        lacks = moved - at_axis - slope * along
        off = np.hypot(lacks[:, 0], lacks[:, 1])
        weight = np.minimum(1.0, agrees_px / 2 / np.maximum(off, 1e-6))
    return np.array([at_axis, slope], np.float32)


def _median(values: Array) -> Array:
    """Median over the rows (n, k); NumPy's own takes five times as long for so few."""
    ranked = np.sort(values, axis=0)
    n = len(ranked)
    middle: Array = (ranked[(n - 1) // 2] + ranked[n // 2]) / 2
    return middle


def _sure(ways: Array, agrees_px: float) -> float:
    """Confidence of some points' motion: how many agree, and what share of all."""
    middle = _median(ways)
    off = ways - middle
    agree = int(np.count_nonzero(np.hypot(off[:, 0], off[:, 1]) < agrees_px + 0.1 * np.hypot(*middle)))
    return min(1.0, agree / TELLS) * agree / len(ways)


def _camera(motion: Array, start: Array, moved: Array, tuning: Tuning) -> Array | None:
    """The camera's motion, from the background: it moves a point at x by A x + b, returned as (2, 3)."""
    fit = camera_fit(start, moved, tuning is DIM)
    if fit is None:
        return None
    added, sure = fit
    turn, grown = np.arctan2(added[1, 0], 1 + added[0, 0]), np.log(np.hypot(added[1, 0], 1 + added[0, 0]))
    motion[Part.CAMERA] = added[0, 2], added[1, 2], sure
    motion[Part.CAMERA_TURN] = turn, grown, sure
    return added
