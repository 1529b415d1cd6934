"""How the parts of the body, and the camera, moved from one picture to the next, in fractions of a pixel.

Landmarks say where a part is, but not how far it moved: the pose network reports 0.5 to 1.1 times a foot's true path.
Image corners on the part do better. They are tracked by pyramidal Lucas-Kanade (Bouguet 2001) forwards and backwards
(Kalal et al. 2010, "Forward-Backward Error"), and only their consensus is kept: three numbers per part, no picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.perception.consensus import moved_until_now, summarise
from coach.perception.corners import BACKGROUND_POINTS, WANTED, corners_around, corners_on_body
from coach.perception.image_noise import CLEAR, Grey, Light, softened
from coach.perception.regions import BACKGROUND, REGIONS, away_from, places_of
from coach.perception.tracks import Tracks
from coach.types import FloatArray, Frame, Part, Pose

Array = NDArray[np.float32]

LONG_PX = 960  # the picture is scaled down to this: a finer one costs time and gains nothing
LEVELS = 3
WINDOW = 0.075  # of the leg: a window that is larger than a foot sees the floor, which stays behind
BACK_PX = 0.5  # how far from its start a point may end after tracking there and back
LONGEST_GAP_S = 0.5  # between two pictures: after a longer gap nothing is known
STRAYED = 1.35  # times a part's reach: a point farther out has left it
SEEK_S, SOON_S = 0.5, 0.12  # between two searches for points: normally, and for a part with only a few
FEWEST = 5  # points on a part: with fewer, the next search is soon
FOUND_AGAIN = 0.6  # of the points wanted on a part: below this, new ones are sought
LOST_S = 0.5  # how long points on the body are followed without a pose: the network misses single pictures


class MotionMeter:
    """Measures the motion of the parts from picture to picture. Holds the last picture in grey, in noise a few."""

    def __init__(self) -> None:
        import cv2

        # The caller spreads pictures over threads. OpenCV's own threads wait for each other busily, for tasks of a
        # millisecond: on two cores a picture costs 19 ms of processor time with them and 12 without, and is no faster.
        cv2.setNumThreads(1)
        self._number = 0  # of the last picture
        self._keys: dict[int, Grey] = {}  # the pictures in which the points were found, by number
        self._grey: Any = None  # the last picture ...
        self._scale = 1.0  # ... and by how much it was scaled
        self._tuning = CLEAR
        self._light = Light()
        self._last_s = -np.inf
        self._sought_s = -np.inf
        self._posed_s = -np.inf
        self._tracks = Tracks()
        self._axes = np.zeros((len(REGIONS) + 1, 2), np.float32)
        self._leg_px = 0.0
        self._reached = np.zeros((len(Part), 2), np.float32)

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
        tuning = self._light.tuning(frame.t_s, lambda: grey)
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
                summarise(motion, self._tracks, start, grey.shape, self._reached, self._leg_px, tuning)
            motion[: Part.CAMERA + 1, :2] /= scale
            motion.flags.writeable = False
        else:
            self._tracks = Tracks()
            self._reached[:] = 0.0
        self._grey, self._scale = grey, scale
        return motion

    def seek(self, pose: Pose | None) -> None:
        """Choose what is followed from this picture on, by the pose that is in it. After each ``follow``."""
        self._number += 1
        self._seek(pose)
        self._keep_keys()

    def _follow_points(self, grey: Grey) -> Array:
        """Follow the points into this picture, and drop those that cannot be trusted; returns where the others were."""
        tracks = self._tracks
        window = self._tuning.window(WINDOW * self._leg_px)
        start, moved = tracks.xy, tracks.xy.copy()
        good = np.zeros(len(start), bool)
        for number, picture in self._keys.items():
            mine = tracks.key == number
            if mine.any():
                moved[mine], good[mine] = _follow(picture, grey, tracks.origin[mine], start[mine], window)
        good &= _inside(moved, grey.shape)
        tracks.xy = moved
        tracks.keep(good)
        return start[good]

    def _keep_keys(self) -> None:
        """Keep the pictures from which points are followed: those with the most points, and this one for all others."""
        tracks = self._tracks
        numbers, points = np.unique(tracks.key, return_counts=True)
        most = numbers[np.argsort(-points, kind="stable")][: self._tuning.key_pictures - 1]
        tracks.found_anew(~np.isin(tracks.key, most), self._number)
        pictures = self._keys | {self._number: self._grey}
        self._keys = {number: pictures[number] for number in np.unique(tracks.key)}

    def _seek(self, pose: Pose | None) -> None:
        """Drop points that have left their part, and seek new ones where there are too few."""
        t_s, grey = self._last_s, self._grey
        places = None if pose is None else places_of(pose, self._scale)
        if places is None:
            if t_s - self._posed_s > LOST_S:
                self._tracks.keep(self._tracks.region == BACKGROUND)
            return
        self._posed_s = t_s
        self._leg_px = float(places.reach[0] / REGIONS[0].reach)
        self._axes[:-1] = (places.starts + places.ends) / 2
        tracks = self._tracks
        away = away_from(tracks.xy, places)
        rows = np.arange(len(tracks.xy))
        outside = (away > 1.0).all(1)
        stays = np.where(
            tracks.region == BACKGROUND, outside, away[rows, np.minimum(tracks.region, len(REGIONS) - 1)] < STRAYED
        )
        tracks.keep(stays.astype(bool))
        counts = np.bincount(tracks.region, minlength=BACKGROUND + 1)
        few = counts[:-1] < FOUND_AGAIN * WANTED
        if (few & ((counts[:-1] < FEWEST) | (t_s - self._sought_s >= SEEK_S))).any() and t_s - self._sought_s >= SOON_S:
            self._sought_s = t_s
            self._add(*corners_on_body(grey, places, tracks.xy, counts, self._tuning))
        if counts[BACKGROUND] < FOUND_AGAIN * BACKGROUND_POINTS:
            found = corners_around(grey, places, tracks.xy, self._tuning)
            self._add(found, np.full(len(found), BACKGROUND, np.int8))

    def _add(self, xy: Array, region: NDArray[np.int8]) -> None:
        place = xy - self._axes[region]
        self._tracks.add(xy, region, self._number, moved_until_now(region, place, self._reached), place)


def _follow(before: Any, now: Any, points: Array, near: Array, window_px: int) -> tuple[Array, NDArray[np.bool_]]:
    """Where points (n, 2) went, sought near (n, 2), and which to believe: those that return when tracked back."""
    import cv2

    how: dict[str, Any] = {
        "winSize": (window_px, window_px),
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


def _inside(points: Array, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return (points >= 1).all(1) & (points[:, 0] < shape[1] - 1) & (points[:, 1] < shape[0] - 1)
