"""Geometry of a person lying on their back with one leg raised: the camera's viewpoint, and how far the leg opened.

Head, up and side are at right angles. The picture shows the trunk (head) and the leg pointing to the ceiling (up); the
unit lengths of the three axes then give the third, side, up to its sign, and the sign follows because the camera is
above the floor. So the raised leg's image shows how far it fell out, and the view says whether the picture can show it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import Body, mid
from coach.kinematics.geometry import arcsin_deg, cross
from coach.types import FloatArray, Side, joint

Array = NDArray[np.float64]

LEG_TO_TRUNK = 1.6  # leg hip to ankle over trunk mid-hip to mid-shoulder, as the network measures them standing
CAMERA_LEGS = 2.7  # camera's distance in leg lengths: 2.2 m is recommended; 1.5 to 3 m change the angle by 3 degrees
FOOT_END_DEG = 20.0  # from side-on: beyond this a leg that falls away moves clearly across the picture
LOWERED_DEG = 50.0  # from straight up towards the floor
CLEARLY = 0.6  # margin by which one arc must be closer, or the previous decision stands
OPEN_DEG = np.arange(-10.0, 80.0, 0.5)
WAY_DEG = np.arange(0.0, 91.0, 3.0)  # from straight up


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The body's axes in the picture (x right, y up, in leg lengths) and the direction towards the camera in the
    body's own terms: (towards the head, up, out to the moving side)."""

    head: Array
    up: Array
    out: Array
    camera: Array
    leg_px: float

    @property
    def foot_end_deg(self) -> float:
        """The camera's angle from side-on: positive towards the feet, negative towards the head."""
        return float(np.degrees(np.arctan2(-self.camera[0], abs(self.camera[2]))))

    @property
    def height_deg(self) -> float:
        """The camera's elevation above the body."""
        return arcsin_deg(float(self.camera[1]))

    @property
    def near(self) -> bool:
        """Whether the raised leg falls towards the camera."""
        return bool(self.camera[2] > 0)

    @property
    def shows_opening(self) -> bool:
        """Whether the picture shows how far the leg fell out: towards the camera, or seen from the foot end."""
        return self.near or self.foot_end_deg > FOOT_END_DEG


def leg_vector(xy_px: FloatArray, side: Side) -> Array:
    """A leg in the picture, hip to ankle, x right and y up, pixels."""
    return _y_up(xy_px[joint("ankle", side)] - xy_px[joint("hip", side)])


@lru_cache(maxsize=8)
def find_axes(start: Body, side: Side) -> Axes:
    """Axes from the start posture: on the back, the leg of this side straight up."""
    trunk = _y_up(mid(start.xy_px, "shoulder") - mid(start.xy_px, "hip")) * LEG_TO_TRUNK
    leg = leg_vector(start.xy_px, side)
    # Closer things look larger; a few iterations find depth and size together. They start with a camera that looks
    # down by 30 degrees: started level, they would stay level for a person seen exactly side-on.
    toward_head, toward_up = 0.0, 0.5
    for _ in range(8):
        head = trunk * (1 - toward_head / LEG_TO_TRUNK / CAMERA_LEGS)
        up = leg * (1 - toward_up / CAMERA_LEGS)
        sides, size, _rows = np.linalg.svd(np.stack([head, up], axis=1))
        head, up = head / size[0], up / size[0]
        out = sides[:, 1] * np.sqrt(max(0.0, 1 - (size[1] / size[0]) ** 2))
        camera = _toward_camera(head, up, out, side)
        if camera[1] < 0:
            out = -out
            camera = _toward_camera(head, up, out, side)
        toward_head, toward_up = float(camera[0]), float(camera[1])
    return Axes(head, up, out, camera, float(size[0]))


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

    def arc(degrees: Array, towards: Array, toward_camera: float) -> Array:
        angle = np.radians(degrees)[:, None]
        depth = np.cos(angle) * axes.camera[1] + np.sin(angle) * toward_camera
        return np.asarray((np.cos(angle) * axes.up + np.sin(angle) * towards) / (1 - depth / CAMERA_LEGS))

    head, _, out = axes.camera.tolist()
    return arc(OPEN_DEG, axes.out, out), arc(WAY_DEG, axes.out, out), arc(WAY_DEG, -axes.head, -head)


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


def _toward_camera(head: Array, up: Array, out: Array, side: Side) -> Array:
    rows = np.stack([head, up, out], axis=1)
    # Head, up, left are right-handed; head, up, right are not.
    across: Array = np.cross(rows[0], rows[1])
    return across if side == "left" else -across


def _y_up(vector: FloatArray) -> Array:
    return np.array([vector[0], -vector[1]], float)
