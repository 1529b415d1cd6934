"""Breaths from image motion of the trunk. Pure: motion grids, joints and times in, breaths out.

Breathing lifts the front of a lying trunk: belly and chest rise in the picture, while floor, back and whatever else is
in the box do not. So the depth of breath is the slope of how far the grid's cells rose against how far a breath would
lift each. A camera, a picture or a body that moves as a whole raises every cell alike and leaves the slope as it is.
The raised leg lies before the trunk and moves for reasons of its own: what it covers does not count. Nor does what
follows the camera: where it sways, what has no pattern seems to stand still, and what is near to move farther.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coach.judging.breath_cycles import GOOD, NOTHING, RATE_HZ, Breathing, find_breaths
from coach.kinematics.geometry import from_lines, medians
from coach.kinematics.trunk_box import BOX_LONG_PX, TRUNK, Box, settled_box
from coach.types import FloatArray, Joint, Observation, Part

Array = NDArray[np.float64]
Floats = NDArray[np.floating]

BLOCK = 2  # cells averaged in each direction: a quarter of the numbers, the same breaths
# Where a breath lifts the trunk and how far around, in lengths of the trunk: between belly and chest, above the line
# from hips to shoulders, since joints lie inside the body. Round numbers in the middle of a broad optimum: with 0.35 to
# 0.5, 0.15 to 0.25, 0.2 to 0.4 and 0.15 to 0.25 as many of 60 rendered holds are exact, give or take three.
ALONG, ABOVE = 0.45, 0.2  # along: from the hips to the shoulders
LONG, HIGH = 0.3, 0.2
LEG = 0.12  # half the breadth of a leg
# Of the cells' rising and falling, how much is as a breath lifts: 0.12 and more in 57 of 60 rendered holds, while noise
# that adds up has 0.08 at most in 99 of 100.
LEAST_SHARE = 0.1
# Pixels of the box: added to the camera's motion, squared, so that what a still camera seems to do explains nothing.
# With 0.01 to 0.3 as many of the holds before a camera that sways are exact.
CAMERA_STILL_PX = 0.03
FRESH_S = 0.5  # between two measurements: after longer, what the camera did meanwhile says nothing about the trunk
LEAST_SPAN_S = 4.0  # shorter stretches hold no whole breath
KEPT_S = 200.0  # of motion: longer than any hold
JOINTS = np.array((*TRUNK, Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE))
CAMERA = np.array((Part.CAMERA, Part.CAMERA_TURN))
LEGS = np.array(((2, 3, 4, 5), (4, 5, 6, 7)))  # rows of JOINTS: from hips to knees, and on to the ankles


@dataclass(frozen=True, slots=True, eq=False)
class TrunkMotion:
    """How far the cells of the trunk's box rose since the picture before (rows, columns), in pixels of a box 160 px
    long, and how far the camera moved, to the right, down, clockwise and nearer (4,), in the same pixels: at the box's
    ends, for the latter two. joints_px: JOINTS (8, 2), NaN where not seen, and box_px, both in the picture."""

    t_s: float
    rise_px: Array
    camera_px: Array
    joints_px: FloatArray
    box_px: Box


class BreathTracker:
    """Keeps the trunk's motion over the last minutes, and reads breaths from any stretch of it."""

    def __init__(self) -> None:
        self._box: Box | None = None
        self._motion: deque[TrunkMotion] = deque()
        self._camera = np.zeros(4)  # how it moved since the trunk was measured: in pixels, radians, and a logarithm
        self._measured_s = float("-inf")

    def add(self, observation: Observation) -> None:
        """Take what was seen of the trunk in one frame."""
        pose, grid = observation.pose, observation.chest_px
        if observation.motion is not None:
            self._camera += np.nan_to_num(observation.motion[CAMERA, :2]).ravel()
        self._box = settled_box(self._box, pose, observation.size_px)
        if pose is None or grid is None or self._box is None:
            return
        rows, columns = (size // BLOCK for size in grid.shape[:2])
        rise_px = -grid[..., 1].reshape(rows, BLOCK, columns, BLOCK).mean((1, 3))
        left, top, right, bottom = self._box
        long_px = max(right - left, bottom - top)
        fresh = observation.t_s - self._measured_s < FRESH_S
        camera_px = fresh * self._camera * BOX_LONG_PX / np.array([long_px, long_px, 2, 2])
        self._camera, self._measured_s = np.zeros(4), observation.t_s
        self._motion.append(TrunkMotion(observation.t_s, rise_px, camera_px, pose.xy_px[JOINTS], self._box))
        while observation.t_s - self._motion[0].t_s > KEPT_S:
            self._motion.popleft()

    def between(self, start_s: float, end_s: float) -> Breathing:
        """The breaths in a stretch; NOTHING if too little was measured."""
        return read_breaths([each for each in self._motion if start_s <= each.t_s <= end_s])


def read_breaths(motion: list[TrunkMotion]) -> Breathing:
    """The breaths in a stretch of motion; NOTHING if it is too short."""
    if len(motion) < 20 or motion[-1].t_s - motion[0].t_s < LEAST_SPAN_S:
        return NOTHING
    t_s = np.array([each.t_s for each in motion])
    rise_px = np.array([each.rise_px for each in motion], float)
    height = np.cumsum(_without_camera(rise_px, np.array([each.camera_px for each in motion])), axis=0)
    height -= _line(t_s, height)
    joints_px = medians([each.joints_px for each in motion])
    box_px = medians(np.array([each.box_px for each in motion], float))
    depth, share = _depth(height, *_places(joints_px, box_px, height.shape[1:]))
    clock = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
    found = find_breaths(clock, np.interp(clock, t_s, depth))
    return found if share >= LEAST_SHARE else replace(found, quality=min(found.quality, GOOD / 2))


def _without_camera(rise_px: Array, camera_px: Array) -> Array:
    """How far cells rose (k, rows, columns), without what follows the camera's motion (k, 4): each cell's regression on
    it, from picture to picture, where breaths are slow and a camera that sways is not."""
    centred = camera_px - camera_px.mean(axis=0)
    squares = centred.T @ centred + len(centred) * CAMERA_STILL_PX**2 * np.eye(centred.shape[1])
    follows = np.linalg.solve(squares, np.tensordot(centred.T, rise_px, 1).reshape(len(squares), -1))
    return rise_px - (camera_px @ follows).reshape(rise_px.shape)


def _line(t_s: Array, height: Array) -> Array:
    """The straight line through each cell's course (k, rows, columns) at (k,): flow that is summed slides slowly."""
    at = (t_s - t_s.mean()) / np.ptp(t_s)
    slope = np.tensordot(at, height, 1) / float(at @ at)
    return np.asarray(height.mean(axis=0) + at[:, None, None] * slope)


def _places(joints_px: Floats, box_px: Floats, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """How far a breath lifts each cell, 0 to 1, and how free of the legs it is, 0 to 1 (rows, columns)."""
    shoulders, hips = joints_px[:2].mean(axis=0), joints_px[2:4].mean(axis=0)
    length_px = float(np.ptp(joints_px[:4], axis=0).max())
    left, top, right, bottom = box_px
    y, x = ((np.arange(count) + 0.5) / count for count in shape)
    cells = np.stack(np.meshgrid(left + x * (right - left), top + y * (bottom - top)), axis=-1) / length_px
    middle = (hips + ALONG * (shoulders - hips)) / length_px - (0.0, ABOVE)
    lift = np.exp(-0.5 * (((cells - middle) / (LONG, HIGH)) ** 2).sum(axis=-1))
    starts, ends = joints_px[LEGS] / length_px
    apart = from_lines(cells.reshape(-1, 2), starts, ends).reshape(*shape, -1)
    free = np.where(np.isfinite(apart), 1 - np.exp(-0.5 * (apart / LEG) ** 2), 1.0).prod(axis=-1)
    return lift, free


def _depth(height: Array, lift: Array, free: Array) -> tuple[Array, float]:
    """Depth of breath (k,), full positive, from heights (k, rows, columns); and its share of what rises and falls.

    Weighted least squares: height = depth * lift + what all cells share. A cell that never moves lies beside the
    person and says little, so a cell's weight grows with how much it moves.
    """
    moved = np.sqrt((height**2).mean(axis=0))
    weight = free**2 * moved
    if not weight.sum() > 0:
        return np.zeros(len(height)), 0.0
    lift = lift - np.average(lift, weights=weight)
    height = height - np.average(height, axis=(1, 2), weights=np.broadcast_to(weight, height.shape))[:, None, None]
    lifted = float((weight * lift**2).sum())
    depth = (weight * lift * height).sum(axis=(1, 2)) / lifted
    return depth, float((depth**2).sum() * lifted / (weight * height**2).sum())
