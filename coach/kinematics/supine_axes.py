"""Geometry of a person lying on their back with one leg raised: the camera's viewpoint, and how far the leg opened.

Head, up and side are at right angles, and up is the picture's vertical. So the images of the trunk and of the leg that
points to the ceiling tell from where the camera looks, given what is usual: how long a leg is against a trunk, and how
high a camera stands. That is fitted by least squares with those as priors, each with its spread (Bishop, Pattern
Recognition and Machine Learning, 3.3). The raised leg's image then shows how far it fell out, and the view says whether
the picture can show it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import Body, mid
from coach.kinematics.geometry import arcsin_deg, clip, cross
from coach.types import FloatArray, Side, joint

Array = NDArray[np.float64]

LEG_TO_TRUNK = 1.6  # leg hip to ankle over trunk mid-hip to mid-shoulder, as the network measures them standing
LEAST_PX = 1.0  # a leg that is shorter, as in a damaged recording, is none
LEG_TO_TRUNK_SD = 0.1  # its standard deviation among people
CAMERA_LEGS = 2.7  # camera's distance in leg lengths: 2.2 m is recommended; 1.5 to 3 m change the angle by 3 degrees
CAMERA_DEG, CAMERA_SD_DEG = 25.0, 8.0  # its elevation where the set-up asks for it; others are farther off
LEAN_DEG, LEAN_SD_DEG = 5.0, 8.0  # to the feet, of a leg that is as straight up as is comfortable
ROLL_SD_DEG = 3.0  # of a camera that was put up level
JOINT_SD = 0.03  # of the leg: where the network puts a joint
STARTS_DEG = (25.0, 60.0)  # elevations from which it is fitted: of two minima the better is wanted
ROUNDS, STEP = 8, 1e-4  # of each fit, at most, and for its slopes, in standard deviations
LEAST_GAIN = 1e-4  # of the squared error: another round would find the same
# From side-on: between these a leg that falls away begins to move clearly across the picture. Of 38 rendered stretches
# below the second the picture was 7 degrees wrong and the network's depth 6, of 23 beyond it 3 and 7.
SIDE_ON_DEG = (10.0, 20.0)
LOWERED_DEG = 50.0  # from straight up towards the floor
CLEARLY = 0.6  # margin by which one arc must be closer, or the previous decision stands
OPEN_DEG = np.arange(-10.0, 80.0, 0.5)
WAY_DEG = np.arange(0.0, 91.0, 3.0)  # from straight up


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The body's axes (3,): x right and y up in the picture, z towards the camera; out is to the moving side.

    lean_deg: of the leg in the start posture, from straight up towards the feet; leg_px: its length in the picture.
    """

    head: Array
    up: Array
    out: Array
    lean_deg: float
    leg_px: float

    @property
    def foot_end_deg(self) -> float:
        """The camera's angle from side-on: positive towards the feet, negative towards the head."""
        return math.degrees(math.atan2(-self.head[2], abs(self.out[2])))

    @property
    def height_deg(self) -> float:
        """The camera's elevation above the body."""
        return arcsin_deg(float(self.up[2]))

    @property
    def near(self) -> bool:
        """Whether the raised leg falls towards the camera."""
        return bool(self.out[2] > 0)

    @property
    def picture_share(self) -> float:
        """How well the picture shows how far the leg fell out, 0 to 1: towards the camera, or not seen side-on."""
        return 1.0 if self.near else clip((abs(self.foot_end_deg) - SIDE_ON_DEG[0]) / np.ptp(SIDE_ON_DEG), 0.0, 1.0)


def usual_leg_px(trunk_px: float) -> float:
    """Length of the leg that usually goes with a trunk, in pixels."""
    return max(LEG_TO_TRUNK * trunk_px, LEAST_PX)


def leg_vector(xy_px: FloatArray, side: Side) -> Array:
    """A leg in the picture, hip to ankle, x right and y up, pixels."""
    return _y_up(xy_px[joint("ankle", side)] - xy_px[joint("hip", side)])


@lru_cache(maxsize=8)
def find_axes(start: Body, side: Side) -> Axes:
    """Axes from the start posture: on the back, the leg of this side straight up."""
    trunk = _y_up(mid(start.xy_px, "shoulder") - mid(start.xy_px, "hip"))
    leg = leg_vector(start.xy_px, side)
    size = max(math.hypot(*leg), usual_leg_px(math.hypot(*trunk)))
    seen = np.concatenate([trunk, leg]) / size
    fits = [_fit(seen, elevation_deg) for elevation_deg in STARTS_DEG]
    _, turn, elevation, _, _, lean, roll = min(fits, key=lambda fit: fit[0]).tolist()
    head, up, left = map(np.array, _directions(turn, elevation, roll))
    # Of the leg's own length its image tells more than its trunk.
    leg_px = max(math.hypot(*leg), LEAST_PX) / math.hypot(*_image(math.cos(lean) * up - math.sin(lean) * head))
    return Axes(head, up, left if side == "left" else -left, math.degrees(lean), leg_px)


def _fit(seen: Array, elevation_deg: float) -> Array:
    """The error of the best fit to the images of trunk and leg (4,), and what fits: the body's turn from side-on, the
    camera's elevation, the length of a leg, that over the trunk's, the leg's lean to the feet, the camera's roll (7,).

    Levenberg and Marquardt's method, with the parameters in their own spreads.
    """
    elevation = math.radians(elevation_deg)
    turn = math.atan2(-seen[1] / math.sin(elevation), seen[0])
    at = np.array([turn, elevation, 1.0, LEG_TO_TRUNK, math.radians(LEAN_DEG), 0.0])
    spreads = np.array(
        [
            1.0,
            math.radians(CAMERA_SD_DEG),
            1.0,
            LEG_TO_TRUNK_SD,
            math.radians(LEAN_SD_DEG),
            math.radians(ROLL_SD_DEG),
        ]
    )
    error = _misfits(at, seen)
    damping = 1e-2
    for _ in range(ROUNDS):
        slopes = np.stack([(_misfits(at + STEP * each, seen) - error) / STEP for each in np.diag(spreads)], axis=1)
        normal = slopes.T @ slopes
        step = np.linalg.solve(normal + damping * np.diag(normal.diagonal()), -slopes.T @ error) * spreads
        tried = _misfits(at + step, seen)
        gain = float(error @ error - tried @ tried)
        if gain > 0:
            at, error, damping = at + step, tried, damping / 5
        else:
            damping *= 10
        if 0 < gain < LEAST_GAIN:
            break
    return np.concatenate([[error @ error], at])


def _misfits(at: Array, seen: Array) -> Array:
    """By how many standard deviations images (4,) and priors (4,) are off."""
    turn, elevation, scale, leg_to_trunk, lean, roll = at.tolist()
    head, up, _ = _directions(turn, elevation, roll)
    cosine, sine = math.cos(lean), math.sin(lean)
    ends = [x / leg_to_trunk for x in head], [cosine * x - sine * y for x, y in zip(up, head, strict=True)]
    images = [each / (1 - z / CAMERA_LEGS) for x, y, z in ends for each in (x, y)]  # as of _image, in plain numbers
    return np.array(
        [
            *((scale * image - place) / JOINT_SD for image, place in zip(images, seen.tolist(), strict=True)),
            (math.degrees(elevation) - CAMERA_DEG) / CAMERA_SD_DEG,
            (leg_to_trunk - LEG_TO_TRUNK) / LEG_TO_TRUNK_SD,
            (math.degrees(lean) - LEAN_DEG) / LEAN_SD_DEG,
            math.degrees(roll) / ROLL_SD_DEG,
        ]
    )


def _image(point: Array) -> Array:
    """Points (..., 3) in leg lengths from the hips, x right, y up, z to the camera, in the picture (..., 2)."""
    image: Array = point[..., :2] / (1 - point[..., 2:] / CAMERA_LEGS)
    return image


def _directions(turn: float, elevation: float, roll: float) -> list[tuple[float, float, float]]:
    """Head, up and left (3,) of somebody on their back: x right, y up in the picture, z to the camera.

    turn: of the head from the picture's right towards the camera; elevation: of the camera; roll: of the picture,
    anticlockwise. All in radians.
    """
    c, s, ce, se, cr, sr = (f(angle) for angle in (turn, elevation, roll) for f in (math.cos, math.sin))
    head = (c, -s * se, s * ce)
    up = (0.0, ce, se)
    left = (-s, -c * se, c * ce)
    return [(cr * x - sr * y, sr * x + cr * y, z) for x, y, z in (head, up, left)]


def open_deg(axes: Axes, xy_px: FloatArray, side: Side) -> float:
    """How far the leg fell out to its side, 0 straight up, from the picture alone; NaN for a leg that is where none of
    these axes falling out to its side is seen: then they are wrong, as of somebody whose legs are unusually long."""
    found = _nearest(OPEN_DEG, _arcs(axes)[0], leg_vector(xy_px, side) / axes.leg_px)[1]
    return found if found > OPEN_DEG[0] else math.nan


def is_lowered(axes: Axes, xy_px: FloatArray, side: Side) -> bool:
    """Whether the leg went down towards the floor at the foot end, rather than out to its side.

    Both are arcs that start straight up; the leg is assigned to the one its image is closer to.
    """
    seen = leg_vector(xy_px, side) / axes.leg_px
    _, out, down = _arcs(axes)
    out_gap, _ = _nearest(WAY_DEG, out, seen)
    down_gap, down_deg = _nearest(WAY_DEG, down, seen)
    return down_gap < CLEARLY * out_gap and down_deg > LOWERED_DEG


@lru_cache(maxsize=8)
def _arcs(axes: Axes) -> tuple[Array, Array, Array]:
    """Where the leg is seen (n, 2), in leg lengths, at OPEN_DEG out to its side; and at WAY_DEG out, and down."""

    def arc(degrees: Array, towards: Array, lean: float) -> Array:
        angle = np.radians(degrees)[:, None]
        way = math.cos(lean) * (np.cos(angle) * axes.up + np.sin(angle) * towards) - math.sin(lean) * axes.head
        return _image(way)

    lean = math.radians(axes.lean_deg)
    return arc(OPEN_DEG, axes.out, lean), arc(WAY_DEG, axes.out, lean), arc(WAY_DEG, -axes.head, 0.0)


def _nearest(degrees: Array, arc: Array, seen: Array) -> tuple[float, float]:
    """How near an arc (n, 2) comes to a point (2,), and at how many of the degrees (n,)."""
    off = arc - seen
    squared = (off * off).sum(1)
    best = int(np.argmin(squared))
    return math.sqrt(squared[best]), float(degrees[best])


def world_open_deg(world_m: FloatArray, side: Side) -> float:
    """The same from the network's own depth: rough, but all there is if the camera looks along the movement."""
    head = mid(world_m, "shoulder") - mid(world_m, "hip")
    head = head / np.linalg.norm(head)
    out = world_m[joint("hip", side)] - mid(world_m, "hip")
    out = out - (out @ head) * head
    out = out / np.linalg.norm(out)
    up = cross(out, head) if side == "left" else cross(head, out)
    leg = world_m[joint("ankle", side)] - world_m[joint("hip", side)]
    return float(np.degrees(np.arctan2(leg @ out, leg @ up)))


def _y_up(vector: FloatArray) -> Array:
    return np.array([vector[0], -vector[1]], float)
