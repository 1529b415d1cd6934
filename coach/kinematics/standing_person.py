"""The standing person: their own measures and rest position, from everything seen so far.

Nobody has to stand still first. Limb lengths, turn and tilt are medians over the last seconds, so they improve as more
is seen; the rest position is inferred from the levels that movements return to.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import Body, breadth, facing_deg, leaning_deg, placed
from coach.kinematics.geometry import lengths, median, medians
from coach.kinematics.level_view import Verticals, told_by_body
from coach.kinematics.parts import MOVING, TURNS
from coach.kinematics.paths import Ways, planted_way
from coach.kinematics.pelvic_model import HIPS_SHARE
from coach.types import SIDES, FloatArray, Observation, Part, Pose, Side, joint, other_side

KEPT_S = 12.0  # of stored measures
EVERY_S = 0.1  # between two measures: more often adds nothing
LEAST_S = 0.25  # of measures needed before anything is judged
SETTLED_S = 0.5  # how long a foot must stand before the body rests on it
PLANTED_PX = 0.012  # of the leg: a foot that moves less than this in that time is planted
REST_QUANTILE = 0.4  # of the levels returned to: not every return is complete, and some overshoot
# Samples at rest this long before or after a movement count for a third: the path of a foot followed by pixels
# drifts by 0.2 to 0.4 % of the leg in 10 s, which would be half a degree to a degree.
REST_FADE_S = 2.5
LEAST_REST = 2.0  # pictures at rest: fewer are not enough
LEAST_WEIGHT = 0.05  # a picture with less weight is left out
STILL_PCT = 0.3  # of the leg: a body that moved up or down by this much counts as half at rest
ABOUT_S = 0.35  # before and after
STANDS_S = 0.25  # in which nothing moved by more than this share of the leg: the person stands still
STANDS = 0.004
BACK_UP = 0.005  # of the leg: a trunk this near to its height at rest is back
LOST_WAY = 0.01  # of the leg: a foot farther from where such a trunk leaves it was not followed all the way
WENT_DOWN = 0.012  # of the leg: a trunk that had not gone down by this much, half of what counts, has not come back
RAISED, MOSTLY = 0.06, 0.5  # of the leg: a foot that is higher than any hike takes it; of the pictures
CLOSED_S = 0.6  # before and after a movement, in which the trunk is highest
# Of the leg: a foot that comes back higher than the trunk tells by so much lost it on its way; by more, it was raised.
LEAST_SLIPPED, MOST_SLIPPED = 0.01, 0.03
LOST_GOING_DOWN = 0.5  # of what was lost in the end: so much was missing at the deepest point, too
SURE_TRUNK = 0.8  # of its motion: in the dark it does not tell so exactly
FEET = np.array([Part.LEFT_FOOT, Part.RIGHT_FOOT])
LOWERED = np.array([Part.LEFT_FOOT_MOVING, Part.RIGHT_FOOT_MOVING, Part.TRUNK])
_FOOT: dict[Side, Part] = {"left": Part.LEFT_FOOT, "right": Part.RIGHT_FOOT}
_BOTH_HALVES = {side: (foot, MOVING[foot]) for side, foot in _FOOT.items()}  # rows of a foot: slower and faster half
# What tells whether a foot's way is whole: its own and the trunk's; and what both are measured from.
_COMPARED = {
    side: np.array([MOVING[foot], Part.TRUNK, _FOOT[other_side(side)], Part.CAMERA]) for side, foot in _FOOT.items()
}
_PAIRS = [[joint(name, side) for side in SIDES] for name in ("shoulder", "hip", "knee", "ankle")]
_BOTH_ROWS = np.array([row for rows in _BOTH_HALVES.values() for row in rows])


class Measures:
    """Running medians of a person's measures, and what the room tells of the camera."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, Pose]] = deque()
        self._verticals = Verticals()

    def reset(self) -> None:
        """Reset: a person has taken up position again. The camera stays."""
        self._kept.clear()

    def look(self, observation: Observation) -> None:
        """See the room, also while nobody is in it."""
        self._verticals.step(observation)

    def step(self, t_s: float, pose: Pose) -> None:
        """Take one pose, in order of time."""
        if self._kept and t_s - self._kept[-1][0] < EVERY_S - 1e-3:
            return
        self._kept.append((t_s, pose))
        while t_s - self._kept[0][0] > KEPT_S:
            self._kept.popleft()

    def body(self, xy_px: FloatArray, ways: Ways) -> Body | None:
        """The person with these joints and paths as their rest; None until enough was seen."""
        if len(self._kept) < 3 or self._kept[-1][0] - self._kept[0][0] < LEAST_S - 1e-3:
            return None
        poses = [pose for _, pose in self._kept]
        world = medians([pose.world_m for pose in poses]).astype(np.float32)
        turn = facing_deg(world)
        seen = np.array([pose.xy_px for pose in poses])
        raw = _measured(seen)
        by_body = told_by_body(raw.leg_px, raw.trunk_px, leaning_deg(world), abs(turn) > 90)
        view = self._verticals.view(by_body, raw.leg_px, raw.hips_y_px)
        level = _measured(view.points(seen))
        broad = breadth(level.shoulders_px, level.leg_px, turn)
        body = Body(xy_px, world, level.leg_px, level.trunk_px, turn, level.roll_deg, broad, view=view)
        body = placed(body, body.level(xy_px))
        return replace(body, paths=body.level_ways(ways.xy_px))


class _Measured(NamedTuple):
    """Medians of what some poses show."""

    leg_px: float
    trunk_px: float
    roll_deg: float
    shoulders_px: float
    hips_y_px: float


def _measured(xy_px: FloatArray) -> _Measured:
    """Of joints (n, 33, 2): all poses at once, which takes a tenth of the time."""
    shoulders, hips, knees, ankles = (xy_px[:, rows] for rows in _PAIRS)
    legs = lengths(hips - knees).mean(1) + lengths(knees - ankles).mean(1)
    high, middle, low = shoulders.mean(1), hips.mean(1), ankles.mean(1)
    roll = np.degrees(np.arctan2(high[:, 0] - low[:, 0], low[:, 1] - high[:, 1]))
    across = lengths(shoulders[:, 0] - shoulders[:, 1])
    rows = np.stack([legs, lengths(middle - high), roll, across, middle[:, 1]], axis=1)
    return _Measured(*medians(rows).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one picture showed of a standing person in full view."""

    t_s: float
    pose: Pose
    ways: Ways

    def shifted(self, parts: Sequence[Part], by_px: FloatArray) -> Seen:
        """The same with these parts' paths elsewhere, by this much (2,)."""
        xy_px = self.ways.xy_px.copy()
        xy_px[list(parts)] += by_px
        return replace(self, ways=Ways(xy_px, self.ways.sure))


def rest_weights(
    t_s: NDArray[np.float64],
    resting_now: NDArray[np.bool_],
    start_s: float,
    end_s: float,
    unrest: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Weight of each sample for the rest position around a movement from start_s to end_s.

    Samples at rest count, more so if closer in time and stiller. unrest: (n,) from ``unrest_pct``.
    """
    away = np.maximum(np.maximum(start_s - t_s, t_s - end_s), 0.0)
    weights = np.where(resting_now, np.exp(-away / REST_FADE_S), 0.0)
    if unrest is None:
        return weights
    still = weights / (1 + (unrest / STILL_PCT) ** 2)
    # In a swaying picture nobody is ever quite still: only relative stillness matters.
    scaled: NDArray[np.float64] = still * (weights.sum() / max(float(still.sum()), 1e-9))
    return scaled


def unrest_pct(seen: Sequence[Seen], leg: float) -> NDArray[np.float64]:
    """How far feet and trunk moved up or down around each picture (n,), in % of leg length."""
    times = np.array([each.t_s for each in seen])
    heights = np.array([each.ways.xy_px[LOWERED, 1] for each in seen]) / leg * 100
    around = np.stack([times - ABOUT_S, times + ABOUT_S])
    first, last = np.searchsorted(times, around[0]), np.searchsorted(times, around[1], side="right")
    # Of pairs of bounds, every other one is what lies within; one more row, since the last bound is beyond all.
    bounds, rows = np.stack([first, last], axis=1).ravel(), np.concatenate([heights, heights[-1:]])
    spread = np.maximum.reduceat(rows, bounds)[::2] - np.minimum.reduceat(rows, bounds)[::2]
    return np.asarray(spread.max(1))


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], *shares: float) -> NDArray[np.float64]:
    """Weighted quantiles (len(shares),) of values (n,). NaN is ignored; NaN where nothing is left."""
    known = np.isfinite(values) & (weights > 0)
    if not known.any():
        return np.full(len(shares), np.nan)
    found: NDArray[np.float64] = weighted_quantiles(values[known][None], weights[known], *shares)[0]
    return found


def weighted_quantiles(rows: NDArray[np.float64], weights: NDArray[np.float64], *shares: float) -> NDArray[np.float64]:
    """The same (k, len(shares)) of each row (k, n), where every value is known and every weight (n,) above zero."""
    order = np.argsort(rows, axis=1)
    values, each = np.take_along_axis(rows, order, 1), weights[order]
    under = np.cumsum(each, axis=1) - each / 2
    wanted = np.multiply.outer(each.sum(1), shares)
    return np.array([np.interp(*row) for row in zip(wanted, under, values, strict=True)])


def foot_shifts(ways: Ways, body: Body) -> dict[Side, float]:
    """How far each foot is from its rest position, in pixels, by both its rows: a planted foot's slower half stays."""
    way = (body.level_ways(ways.xy_px[_BOTH_ROWS], _BOTH_ROWS) - body.paths[_BOTH_ROWS]).tolist()
    left, moving_left, right, moving_right = (math.hypot(x, y) for x, y in way)
    return {"left": left + moving_left, "right": right + moving_right}


@dataclass(frozen=True, slots=True, eq=False)
class LostWay:
    """A foot that pixels did not follow to where it is. by_px: (2,) what is missing, in the picture; since_s: when the
    trunk was back."""

    parts: tuple[Part, ...]
    by_px: FloatArray
    since_s: float


def lost_way(seen: Sequence[Seen], body: Body, side: Side) -> LostWay | None:
    """What is missing of this side's foot's way, if the person stands still and the trunk is back where it rests.

    seen: pictures since the movement began.
    With the trunk up and the standing foot in place both hips are level, and the foot is where it rests, too. A knee
    that bends and stretches turns its foot, and points on it are lost on the way.
    """
    if seen[-1].t_s - seen[0].t_s < STANDS_S or seen[-1].ways.sure[Part.TRUNK] < SURE_TRUNK:
        return None
    times = np.array([each.t_s for each in seen])
    lately = int(np.searchsorted(times, times[-1] - STANDS_S - 1e-6))
    if np.ptp(_moved(seen[lately:], body, side), axis=0).max() > STANDS:
        return None
    moved = _moved(seen, body, side)
    high = np.abs(moved[:, 1, 1]) < BACK_UP
    lost = moved[-1, 0, 1] - moved[-1, 1, 1] / HIPS_SHARE
    if not high[lately:].all() or moved[:, 1, 1].max() < WENT_DOWN or abs(lost) < LOST_WAY:
        return None
    low = np.flatnonzero(~high)
    since_s = float(times[int(low[-1]) + 1])
    lacks = body.in_picture((moved[-1, 0] * -body.leg_px).astype(np.float32), MOVING[_FOOT[side]])
    return LostWay(_BOTH_HALVES[side], lacks, since_s)


def _since_rest(seen: Sequence[Seen], body: Body, side: Side) -> FloatArray:
    """How far this side's foot, the trunk, the planted foot and the camera have gone since rest (n, 4, 2), level."""
    rows = _COMPARED[side]
    ways: FloatArray = body.level_ways(np.array([each.ways.xy_px[rows] for each in seen]), rows) - body.paths[rows]
    return ways


def _moved(seen: Sequence[Seen], body: Body, side: Side) -> FloatArray:
    """How far this side's foot and the trunk have gone since rest (n, 2, 2), as measured from the planted foot."""
    return _from_planted(seen, body, _since_rest(seen, body, side))


def _from_planted(seen: Sequence[Seen], body: Body, ways: FloatArray) -> FloatArray:
    """Of those ways, of the same pictures, that of foot and trunk as measured from the planted foot (n, 2, 2), in
    lengths of the leg."""
    sure = [float(each.ways.sure[Part.CAMERA]) for each in seen]
    planted = [planted_way(*each) for each in zip(ways[:, 2].tolist(), ways[:, 3].tolist(), sure, strict=True)]
    compared: FloatArray = (ways[:, :2] - np.array(planted, np.float32)[:, None]) / np.float32(body.leg_px)
    return compared


def closed(seen: Sequence[Seen], body: Body, side: Side, start_s: float, end_s: float) -> Sequence[Seen]:
    """The pictures, with what this side's foot lost on its way in a movement given back from there on.

    Whether the pelvis is level before and after or not, the trunk goes about half as far as the foot. Points on a foot
    that sinks may stay behind: then it comes back higher than the trunk tells, by as much as was lost.
    """
    times = np.array([each.t_s for each in seen])
    first, last = np.searchsorted(times, [start_s - CLOSED_S, end_s + CLOSED_S])
    if last - first < 5 or median(each.ways.sure[Part.TRUNK] for each in seen[first:last]) < SURE_TRUNK:
        return seen
    near = seen[first:last]
    ways = _since_rest(near, body, side)
    own, _, other, _ = np.ptp(ways[:, :, 1], axis=0)
    if own < other:
        return seen  # it is the foot that stood
    heights = _from_planted(near, body, ways)[:, :, 1]
    bottom = int(heights[:, 1].argmax())
    before, after = int(heights[: bottom + 1, 1].argmin()), bottom + int(heights[bottom:, 1].argmin())
    lacked = heights[:, 0] - heights[:, 1] / HIPS_SHARE
    lacked -= lacked[before]
    lost = float(lacked[after])
    if not -MOST_SLIPPED < lost < -LEAST_SLIPPED or lacked[bottom] / lost < LOST_GOING_DOWN:
        return seen
    given = np.maximum.accumulate((lacked[before : bottom + 1] / lost).clip(0, 1))
    given = np.concatenate([given / given[-1], np.ones(len(seen) - first - bottom - 1)])
    shifts = body.in_picture(np.outer(given, [0.0, -lost * body.leg_px]).astype(np.float32), MOVING[_FOOT[side]])
    since = first + before
    parts = _BOTH_HALVES[side]
    return [*seen[:since], *(each.shifted(parts, by_px) for each, by_px in zip(seen[since:], shifts, strict=True))]


def foot_raised(seen: Sequence[Seen], body: Body) -> NDArray[np.bool_]:
    """In which pictures (n,) one foot is raised from where it rests: nobody who fidgets is at rest.

    None, if it is more than half of them: then it is the rest that is wrong.
    """
    ways = body.level_ways(np.array([each.ways.xy_px[_BOTH_ROWS] for each in seen]), _BOTH_ROWS)
    left, moving_left, right, moving_right = (ways[:, :, 1] - body.paths[_BOTH_ROWS, 1]).T
    raised = np.maximum(right - moving_left, left - moving_right) > RAISED * body.leg_px
    found: NDArray[np.bool_] = raised if raised.mean() < MOSTLY else np.zeros(len(seen), bool)
    return found


def rest_body(
    body: Body,
    measures: Measures,
    seen: Sequence[Seen],
    rests: NDArray[np.bool_],
    start_s: float,
    end_s: float,
) -> Body:
    """The same person, with the rest position for a movement from start_s to end_s.

    seen: (n,) pictures; rests: (n,) whether no movement was under way. The body is unchanged if they are not enough.
    Heights are those that complete returns reach, horizontal positions are medians.
    """
    times = np.array([each.t_s for each in seen])
    weights = rest_weights(times, rests, start_s, end_s, unrest_pct(seen, body.leg_px))
    latest = measures.body(seen[-1].pose.xy_px, seen[-1].ways)
    if weights.sum() < LEAST_REST or latest is None:
        return body
    known = weights > LEAST_WEIGHT
    chosen = [each for each, use in zip(seen, known, strict=True) if use]
    xy = latest.level(np.array([each.pose.xy_px for each in chosen]))
    rest = placed(latest, _rest_of(xy, weights[known]))
    ways = rest.level_ways(np.array([each.ways.xy_px for each in chosen]))
    return replace(rest, paths=_rest_of(ways, weights[known], list(TURNS.values())))


def _rest_of(places: FloatArray, weights: NDArray[np.float64], turns: Sequence[int] = ()) -> FloatArray:
    """Where places (n, m, 2) rest (m, 2): the median to the side, and the height that complete returns reach.

    turns: rows that have no height, but two slopes.
    """
    rows = places.reshape(len(places), -1).T.astype(float)
    found = weighted_quantiles(rows, weights, 0.5, REST_QUANTILE).astype(np.float32).reshape(-1, 2, 2)
    level: FloatArray = np.stack([found[:, 0, 0], found[:, 1, 1]], axis=1)
    level[list(turns)] = found[list(turns), :, 0]
    return level


class Footing:
    """Whether the person stands: at least one foot has been in place for a moment."""

    def __init__(self) -> None:
        self._kept: deque[tuple[float, FloatArray]] = deque()

    def reset(self) -> None:
        """Reset."""
        self._kept.clear()

    def step(self, t_s: float, ways: Ways, leg: float) -> bool:
        """Take one picture's paths, in order of time."""
        kept = self._kept
        kept.append((t_s, ways.xy_px[FEET]))
        while len(kept) > 2 and t_s - kept[1][0] >= SETTLED_S:
            kept.popleft()
        if t_s - kept[0][0] < SETTLED_S - 1e-3:
            return False
        spread = np.ptp(np.array([each[1] for each in kept]), axis=0).max(1)
        return bool(spread.min() < PLANTED_PX * leg)


def standing_since(seen: Sequence[Seen], leg: float) -> list[Seen]:
    """The pictures up to now, without this one, in which one foot was where it is now."""
    now = seen[-1].ways.xy_px[FEET]
    away = np.array([np.linalg.norm(each.ways.xy_px[FEET] - now, axis=1) for each in seen])
    stood = (away < PLANTED_PX * leg).any(axis=1)
    moved = np.flatnonzero(~stood)
    return list(seen)[int(moved[-1]) + 1 if moved.size else 0 : -1]
