"""How the parts of the body, and the camera, moved from one picture to the next, in fractions of a pixel.

Landmarks say where a part is, but not how far it moved: the pose network reports 0.5 to 1.1 times a foot's true path.
Image corners on the part do better. They are tracked by pyramidal Lucas-Kanade (Bouguet 2001) forwards and backwards
(Kalal et al. 2010, "Forward-Backward Error"), and only their consensus is kept: three numbers per part, no picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.parts import LINES, MOVING, TURNS, Line
from coach.perception.camera_fit import camera_fit
from coach.perception.image_noise import CLEAR, DIM, Grey, Tuning, softened, tuned_for
from coach.types import JOINTS, FloatArray, Frame, Joint, Part, Pose

Array = NDArray[np.float32]

LONG_PX = 960  # the picture is scaled down to this: a finer one costs time and gains nothing
SHORTEST_LEG_PX = 24.0  # in the scaled picture: a smaller person has no corners to track
LEVELS = 3
BACK_PX = 0.5  # how far from its start a point may end after tracking there and back
LONGEST_GAP_S = 0.5  # between two pictures: after a longer gap nothing is known
STRAYED = 1.35  # times a part's reach: a point farther out has left it
APART_PX = 4.0  # least distance between two points
FORGOTTEN = 0.9  # share of the remembered path that is kept from one picture to the next
TOLD_PX = 1.5  # of path: enough to tell a part from what lies behind it
ALIKE_PX = 0.08  # between the slower and faster half: less is noise, and all points are on the part
STAYED_BEHIND = 0.5  # of the part's path: a point that lags by this much is on something else
# A point on the edge of a part sees some of what lies behind, and goes only a share of the way. So a part is where the
# points are that went farthest: at this rank among them, and within a share of the way.
FARTHEST = 0.7
IN_STEP, IN_STEP_PX = 0.1, 0.2  # that share, and more of a short way
LEAST_IN_STEP = 0.4  # of a part's points: where fewer agree on how far it went, all are asked
SEEK_S, SOON_S = 0.5, 0.12  # between two searches for points: normally, and for a part with only a few
FEWEST = 5
FOUND_AGAIN = 0.6  # of the points wanted on a part: below this, new ones are sought
TELLS = 8.0  # agreeing points that make a motion certain
LEAST_FOR_TURN = 8  # points needed to measure a part's rotation
TUNED_S = 0.5  # for so long the light is taken to stay as it is
LOST_S = 0.5  # for so long points on the body are followed without a pose: the network misses single pictures


@dataclass(frozen=True, slots=True)
class Region:
    """Where a part is: within ``reach`` leg lengths of its line; and how many points it should have."""

    part: Part | None
    line: Line
    reach: float
    points: int


def _arm(start: str, end: str, reach: float) -> tuple[Region, Region]:
    left, right = (((Joint[f"{s}_{start}"],), (Joint[f"{s}_{end}"],)) for s in ("LEFT", "RIGHT"))
    return Region(None, left, reach, 0), Region(None, right, reach, 0)


_SIZES = {
    Part.LEFT_FOOT: (0.11, 36),
    Part.RIGHT_FOOT: (0.11, 36),
    Part.LEFT_SHANK: (0.07, 16),
    Part.RIGHT_SHANK: (0.07, 16),
    Part.LEFT_KNEE: (0.08, 20),
    Part.RIGHT_KNEE: (0.08, 20),
    Part.LEFT_THIGH: (0.09, 16),
    Part.RIGHT_THIGH: (0.09, 16),
    Part.PELVIS: (0.13, 30),
    Part.TRUNK: (0.17, 40),
    Part.HEAD: (0.17, 20),
}
# Arms are not measured, but points on them belong to no other part.
REGIONS = (
    *(Region(part, LINES[part], *size) for part, size in _SIZES.items()),
    *_arm("SHOULDER", "ELBOW", 0.08),
    *_arm("ELBOW", "WRIST", 0.10),
)
BACKGROUND = len(REGIONS)
_REACH = np.array([region.reach for region in REGIONS])
_PREFERENCE = np.array([0.5 if region.part in (Part.LEFT_KNEE, Part.RIGHT_KNEE) else 1.0 for region in REGIONS])


def _mixes(end: int) -> Array:
    """Weights (len(REGIONS), JOINTS) that give one end of every line from the joints."""
    weights = np.zeros((len(REGIONS), JOINTS), np.float32)
    for row, region in enumerate(REGIONS):
        weights[row, list(region.line[end])] = 1 / len(region.line[end])
    return weights


_STARTS, _ENDS = _mixes(0), _mixes(1)
BACKGROUND_POINTS = 90
BACKGROUND_FROM = 2.2  # times every part's reach: anything farther out is background


@dataclass(slots=True)
class _Tracks:
    """Points being tracked.

    xy: (n, 2) positions in the scaled picture. region: the index of the region of each. own, part: how far the point,
    and the part it was assigned to, have recently moved relative to the camera. behind: whether the point stayed
    behind while its part moved: floor near a foot, wall between the legs.
    """

    xy: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    region: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    own: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    part: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))
    behind: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    key: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    origin: Array = field(default_factory=lambda: np.empty((0, 2), np.float32))

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Keep only these."""
        self.xy, self.region = self.xy[which], self.region[which]
        self.own, self.part, self.behind = self.own[which], self.part[which], self.behind[which]
        self.key, self.origin = self.key[which], self.origin[which]

    def add(self, xy: Array, region: NDArray[np.int8], key: int) -> None:
        """Add these, found in the picture of this number."""
        self.xy, self.region = np.concatenate([self.xy, xy]), np.concatenate([self.region, region])
        self.own, self.part = (np.concatenate([each, np.zeros_like(xy)]) for each in (self.own, self.part))
        self.behind = np.concatenate([self.behind, np.zeros(len(xy), bool)])
        self.key, self.origin = np.concatenate([self.key, np.full(len(xy), key)]), np.concatenate([self.origin, xy])

    def found_anew(self, which: NDArray[np.bool_], key: int) -> None:
        """From now on these count as found where they are, in the picture of this number."""
        self.key[which] = key
        self.origin[which] = self.xy[which]


class MotionMeter:
    """Measures the motion of the parts from picture to picture. Holds the last picture in grey, in noise a few."""

    def __init__(self) -> None:
        import cv2

        # Pictures are shared out to threads by the caller. OpenCV's own threads wait for each other busily, for tasks
        # of a millisecond: on two cores a picture costs 19 ms of processor with them and 12 without, in the same time.
        cv2.setNumThreads(1)
        self._number = 0  # of the last picture
        self._keys: dict[int, Grey] = {}  # the pictures in which the points were found, by number
        self._grey: Any = None  # this picture, scaled by
        self._scale = 1.0
        self._tuning = CLEAR
        self._tuned_s = -np.inf
        self._last_s = -np.inf
        self._sought_s = -np.inf
        self._posed_s = -np.inf
        self._tracks = _Tracks()
        self._axes = np.zeros((len(REGIONS), 2), np.float32)

    def measure(self, frame: Frame, pose: Pose | None) -> FloatArray | None:
        """Follow the parts into this picture, and seek what is to be followed into the next one."""
        motion = self.follow(frame)
        self.seek(pose)
        return motion

    def follow(self, frame: Frame) -> FloatArray | None:
        """Motion (len(Part), 3) since the last picture: dx, dy in pixels of this one, and confidence, 0..1.

        For Part.CAMERA it is the motion of the picture's centre due to the camera alone; for Part.CAMERA_TURN, the
        rotation in radians, clockwise, and the logarithm of the magnification. Where nothing could be measured it is
        NaN with confidence 0; None without a previous picture, after a gap, and where it gets dark or light. The pose
        is not asked for: nearly all of the time can pass while it is being found.
        """
        import cv2

        height, width = frame.rgb.shape[:2]
        scale = min(1.0, LONG_PX / max(width, height))
        grey: Any = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY)
        if scale < 1.0:
            grey = cv2.resize(grey, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_LINEAR)
        tuning = self._tuning
        if not 0 <= frame.t_s - self._tuned_s < TUNED_S:
            tuning, self._tuned_s = tuned_for(grey, tuning), frame.t_s
        grey = softened(grey, tuning)
        follows = (
            0 < frame.t_s - self._last_s <= LONGEST_GAP_S
            and tuning is self._tuning
            and all(each.shape == grey.shape for each in self._keys.values())
        )
        self._last_s, self._tuning = frame.t_s, tuning
        motion = None
        if follows:
            motion = np.full((len(Part), 3), np.nan, np.float32)
            motion[:, 2] = 0.0
            start = self._follow_points(grey)
            if len(start):
                _summarise(motion, self._tracks, start, grey.shape, self._axes, tuning)
            motion[: Part.CAMERA + 1, :2] /= scale
            motion.flags.writeable = False
        else:
            self._tracks = _Tracks()
        self._grey, self._scale = grey, scale
        return motion

    def seek(self, pose: Pose | None) -> None:
        """Choose what is followed from this picture on, by the pose that is in it. After each ``follow``."""
        self._number += 1
        self._seek(self._last_s, self._grey, pose, self._scale)
        self._keep_keys(self._grey)

    def _follow_points(self, grey: Grey) -> Array:
        """Follow the points into this picture, and drop those that are not to be believed; where the others were."""
        tracks = self._tracks
        start, moved = tracks.xy, tracks.xy.copy()
        good = np.zeros(len(start), bool)
        for number, picture in self._keys.items():
            mine = tracks.key == number
            if mine.any():
                moved[mine], good[mine] = _follow(picture, grey, tracks.origin[mine], start[mine], self._tuning)
        good &= _inside(moved, grey.shape)
        tracks.xy = moved
        tracks.keep(good)
        return start[good]

    def _keep_keys(self, grey: Grey) -> None:
        """Keep the pictures in which the points will be sought: those with most points, and this one for all others."""
        tracks = self._tracks
        numbers, points = np.unique(tracks.key, return_counts=True)
        most = numbers[np.argsort(-points, kind="stable")][: self._tuning.key_pictures - 1]
        tracks.found_anew(~np.isin(tracks.key, most), self._number)
        pictures = self._keys | {self._number: grey}
        self._keys = {number: pictures[number] for number in np.unique(tracks.key)}

    def _seek(self, t_s: float, grey: Grey, pose: Pose | None, scale: float) -> None:
        """Drop points that have left their part, and seek new ones where there are too few."""
        lines = None if pose is None else _lines(pose, scale)
        if lines is None:
            if t_s - self._posed_s > LOST_S:
                self._tracks.keep(self._tracks.region == BACKGROUND)
            return
        self._posed_s = t_s
        self._axes = ((lines[0] + lines[1]) / 2).astype(np.float32)
        tracks = self._tracks
        away = _away(tracks.xy, *lines)
        rows = np.arange(len(tracks.xy))
        outside = (away > 1.0).all(1)
        stays = np.where(
            tracks.region == BACKGROUND, outside, away[rows, np.minimum(tracks.region, len(REGIONS) - 1)] < STRAYED
        )
        tracks.keep(stays.astype(bool))
        counts = np.bincount(tracks.region, minlength=BACKGROUND + 1)
        wanted = np.array([region.points for region in REGIONS])
        few = counts[:-1] < FOUND_AGAIN * wanted
        if (few & ((counts[:-1] < FEWEST) | (t_s - self._sought_s >= SEEK_S))).any() and t_s - self._sought_s >= SOON_S:
            self._sought_s = t_s
            self._seek_on_body(grey, lines, counts, wanted)
        if counts[BACKGROUND] < FOUND_AGAIN * BACKGROUND_POINTS:
            self._seek_around(grey, lines)

    def _seek_on_body(
        self, grey: Grey, lines: tuple[Array, Array, Array], counts: NDArray[Any], wanted: NDArray[Any]
    ) -> None:
        import cv2

        starts, ends, reach = lines
        low = np.maximum(np.minimum(starts, ends).min(0) - reach.max(), 0).astype(int)
        high = (np.maximum(starts, ends).max(0) + reach.max()).astype(int) + 1
        patch = grey[low[1] : high[1], low[0] : high[0]]
        if min(patch.shape) < 3 * self._tuning.block_px:
            return
        mask = np.zeros_like(patch)
        shift = low.astype(np.float32)
        for start, end, r, n in zip(starts, ends, reach, wanted, strict=True):
            if n:
                _draw(mask, start - shift, end - shift, r)
        for x, y in self._tracks.xy - shift:
            cv2.circle(mask, (round(float(x)), round(float(y))), round(APART_PX), 0, -1)
        strength: Any = cv2.cornerMinEigenVal(patch, self._tuning.block_px)
        found = _corners(strength, mask, self._tuning.least_corner, 4 * int(wanted.sum()))
        if not len(found):
            return
        found = found + shift
        away = _away(found, *lines)
        # A knee also lies on the lines of shank and thigh: points near it belong to the knee.
        nearest = (away * _PREFERENCE).argmin(1).astype(np.int8)
        near = away.min(1) <= 1.0
        chosen = np.zeros(len(found), bool)
        for index, n in enumerate(wanted):
            mine = np.flatnonzero((nearest == index) & near)  # strongest first
            chosen[mine[: max(0, int(n) - int(counts[index]))]] = True
        self._tracks.add(found[chosen], nearest[chosen], self._number)

    def _seek_around(self, grey: Grey, lines: tuple[Array, Array, Array]) -> None:
        import cv2

        mask = np.full_like(grey, 255)
        for start, end, r in zip(*lines, strict=True):
            _draw(mask, start, end, BACKGROUND_FROM * r, 0)
        for x, y in self._tracks.xy:
            cv2.circle(mask, (round(float(x)), round(float(y))), 12, 0, -1)
        # The best corners of each cell of a coarse grid: camera rotation needs points that lie apart.
        strength: Any = cv2.cornerMinEigenVal(grey, self._tuning.block_px)
        found = []
        for rows in np.array_split(np.arange(grey.shape[0]), 4):
            for columns in np.array_split(np.arange(grey.shape[1]), 6):
                cut = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                corners = _corners(strength[cut], mask[cut], self._tuning.least_corner, BACKGROUND_POINTS // 18, 12)
                found.append(corners + np.array([columns[0], rows[0]], np.float32))
        points = np.concatenate(found)
        self._tracks.add(points, np.full(len(points), BACKGROUND, np.int8), self._number)


def _follow(before: Any, now: Any, points: Array, near: Array, tuning: Tuning) -> tuple[Array, NDArray[np.bool_]]:
    """Where points (n, 2) went, sought near (n, 2), and which to believe: those that return when tracked back."""
    import cv2

    how: dict[str, Any] = {
        "winSize": (tuning.window_px, tuning.window_px),
        "maxLevel": LEVELS,
        "criteria": (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01),
        "flags": cv2.OPTFLOW_USE_INITIAL_FLOW,
    }
    start = points.reshape(-1, 1, 2)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(before, now, start, near.reshape(-1, 1, 2).copy(), **how)
    back, also, _ = cv2.calcOpticalFlowPyrLK(now, before, there, there - (near - points).reshape(-1, 1, 2), **how)
    returned = np.linalg.norm((back - start)[:, 0], axis=1) < BACK_PX
    moved = np.asarray(there[:, 0], np.float32)
    return moved, (ok[:, 0] == 1) & (also[:, 0] == 1) & returned & np.isfinite(moved).all(1)


def _summarise(
    motion: Array, tracks: _Tracks, start: Array, shape: tuple[int, ...], axes: Array, tuning: Tuning
) -> None:
    """Fill in the consensus of each part's points, and remember how far each point and its part have moved."""
    way = tracks.xy - start
    middle = np.array([shape[1], shape[0]], np.float32) / 2
    around = tracks.region == BACKGROUND
    by_camera = _camera(motion, start[around] - middle, tracks.xy[around] - middle, tuning)
    own = way if by_camera is None else way - ((start - middle) @ by_camera[:, :2].T + by_camera[:, 2])
    tracks.own, tracks.part = tracks.own * FORGOTTEN + own, tracks.part * FORGOTTEN
    speed = np.hypot(own[:, 0], own[:, 1])
    for index, each in enumerate(REGIONS):
        here = np.flatnonzero(tracks.region == index)
        if each.part is None or not len(here):
            continue
        if each.part in TURNS:
            motion[each.part], motion[TURNS[each.part]] = _turning(
                start[here] - axes[index], way[here], tuning.agrees_px
            )
            continue
        # The background of a part stands still, or moves less. Until it is known which points those are, the faster
        # half stands for the part; afterwards those do that went along with it. In the dark there are too few of them
        # to choose from.
        along = here[~tracks.behind[here]]
        along = along if len(along) else here
        order = along[np.argsort(speed[along], kind="stable")]
        slow, fast = order[: (len(order) + 1) // 2], order[len(order) // 2 :]
        if np.hypot(*(_median(own[fast]) - _median(own[slow]))) < ALIKE_PX:
            fast = along
        tracks.part[here] += _median(own[fast])
        known = along[np.hypot(tracks.part[along, 0], tracks.part[along, 1]) > TOLD_PX]
        if len(known) > len(along) / 2:
            fast = along if tuning is DIM else known[_in_step(tracks.own[known], tracks.part[known])]
        moving = _together(way[fast], tuning.agrees_px)
        if each.part in MOVING:
            slow = here[np.argsort(speed[here], kind="stable")[: (len(here) + 1) // 2]]
            motion[each.part], motion[MOVING[each.part]] = _together(way[slow], tuning.agrees_px), moving
        else:
            motion[each.part] = moving
    far = np.linalg.norm(tracks.part, axis=1)
    lacks = np.linalg.norm(tracks.own - tracks.part, axis=1)
    tracks.behind = np.where(far > TOLD_PX, lacks > STAYED_BEHIND * far, tracks.behind)


def _in_step(own: Array, part: Array) -> NDArray[np.bool_]:
    """Which points (n) went as far as their part: own and part are their recent ways (n, 2)."""
    squared = (part * part).sum(1)
    reached = (own * part).sum(1) / squared
    ranked, usual_px = np.sort(reached), np.sqrt(np.sort(squared)[len(squared) // 2])
    top = ranked[int(FARTHEST * (len(ranked) - 1))]
    near: NDArray[np.bool_] = np.abs(reached - top) < IN_STEP + IN_STEP_PX / usual_px
    return near if near.sum() >= max(FEWEST, LEAST_IN_STEP * len(near)) else np.ones_like(near)


def _turning(
    place: Array, way: Array, agrees_px: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Motion of a broad part at its centre, and its rotation: change of dx with y, and of dy with x.

    A leaning trunk goes down on one side and up on the other: the median of points that happen to lie on one side
    would look like sinking. Least squares, three rounds with Huber weights.
    """
    if len(way) < LEAST_FOR_TURN:
        return _together(way, agrees_px), (np.nan, np.nan, 0.0)
    along = place[:, ::-1].astype(float)  # dx varies with y, dy with x
    weight = np.ones(len(way))
    for _ in range(3):
        total = weight.sum()
        centre, mean = weight @ along / total, weight @ way / total
        spread = np.maximum(weight @ (along - centre) ** 2, 1e-6)
        slope = weight @ ((along - centre) * (way - mean)) / spread
        at_axis = mean - slope * centre
        lacks = way - at_axis - slope * along
        off = np.hypot(lacks[:, 0], lacks[:, 1])
        weight = np.minimum(1.0, agrees_px / 2 / np.maximum(off, 1e-6))
    agree = int(np.count_nonzero(off < agrees_px + 0.1 * np.hypot(*at_axis)))
    sure = min(1.0, agree / TELLS) * agree / len(way)
    return (float(at_axis[0]), float(at_axis[1]), sure), (float(slope[0]), float(slope[1]), sure)


def _median(values: Array) -> Array:
    """Median over the rows (n, k); NumPy's own takes five times as long for so few."""
    ranked = np.sort(values, axis=0)
    n = len(ranked)
    middle: Array = (ranked[(n - 1) // 2] + ranked[n // 2]) / 2
    return middle


def _together(ways: Array, agrees_px: float) -> tuple[float, float, float]:
    """Median motion of some points, and its confidence: how many agree, and what share of all."""
    middle = _median(ways)
    off = ways - middle
    agree = int(np.count_nonzero(np.hypot(off[:, 0], off[:, 1]) < agrees_px + 0.1 * np.hypot(*middle)))
    sure = min(1.0, agree / TELLS) * agree / len(ways)
    return float(middle[0]), float(middle[1]), sure


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


def _lines(pose: Pose, scale: float) -> tuple[Array, Array, Array] | None:
    """Start, end and reach of every region in the scaled picture; None if the body is too small or lost."""
    xy = pose.xy_px * scale
    legs = [
        np.linalg.norm(xy[Joint[f"{s}_HIP"]] - xy[Joint[f"{s}_KNEE"]])
        + np.linalg.norm(xy[Joint[f"{s}_KNEE"]] - xy[Joint[f"{s}_ANKLE"]])
        for s in ("LEFT", "RIGHT")
    ]
    leg = float(max(legs))
    if not leg >= SHORTEST_LEG_PX:
        return None
    starts, ends = (_STARTS @ xy).astype(np.float32), (_ENDS @ xy).astype(np.float32)
    reach = (leg * _REACH).astype(np.float32)
    return (starts, ends, reach) if np.isfinite(starts).all() and np.isfinite(ends).all() else None


def _away(points: Array, starts: Array, ends: Array, reach: Array) -> Array:
    """Distance of points (n, 2) from lines (m), as a share of their reach: (n, m)."""
    along = ends - starts
    squared = np.maximum((along**2).sum(1), 1e-6)
    at = np.clip(((points[:, None] - starts) * along).sum(2) / squared, 0, 1)
    nearest = starts + at[..., None] * along
    distance: Array = np.linalg.norm(points[:, None] - nearest, axis=2) / reach
    return distance


def _inside(points: Array, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return (points >= 1).all(1) & (points[:, 0] < shape[1] - 1) & (points[:, 1] < shape[0] - 1)


def _draw(mask: Any, start: Array, end: Array, reach: float, value: int = 255) -> None:
    import cv2

    a, b = ((round(float(p[0])), round(float(p[1]))) for p in (start, end))
    cv2.line(mask, a, b, value, max(1, round(2 * float(reach))))
    cv2.circle(mask, a, max(1, round(float(reach))), value, -1)


def _corners(strength: Array, mask: NDArray[np.uint8], least: float, most: int, apart: float = APART_PX) -> Array:
    """Corners of the picture, strongest first, within the mask and apart from each other."""
    import cv2

    if min(strength.shape) < 3:
        return np.empty((0, 2), np.float32)
    peak = (strength >= cv2.dilate(strength, np.ones((3, 3), np.uint8))) & (mask > 0) & (strength > least)
    ys, xs = np.nonzero(peak)
    order = np.argsort(-strength[ys, xs], kind="stable")[: 4 * most]
    taken = np.zeros(strength.shape, bool)
    kept: list[tuple[int, int]] = []
    r = int(apart)
    for i in order:
        y, x = int(ys[i]), int(xs[i])
        if taken[y, x]:
            continue
        taken[max(0, y - r) : y + r + 1, max(0, x - r) : x + r + 1] = True
        kept.append((x, y))
        if len(kept) == most:
            break
    return np.array(kept, np.float32).reshape(-1, 2)
