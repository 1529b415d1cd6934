"""The picture as a camera that does not look down would show it.

A camera that looks down on somebody foreshortens what is low: a foot's way by a fifth from 1.6 m, and the trunk's not.
What is upright in the room then leans outwards, as if it came from one point far below the picture, where a plumb line
vanishes. With v the distance below the middle of the picture, and c one over that of the vanishing point, the map
p -> p / (1 - c v) sends that point to infinity, and lengths and ways along the body are in proportion again, whatever
the lens (Hartley, Zisserman 2004, Multiple View Geometry, ch. 8). In 73 sets of 64 bodies, filmed -10 to 22 degrees
from above, the middle of the hips then goes 0.49 to 0.51 times as far as the foot in a drop, and 0.43 to 0.64 before.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from coach.kinematics.geometry import clip, medians
from coach.types import FloatArray, Observation

# How steeply a camera looks down is given here as the leg's length over how far below the hips what is upright meets.
USUAL_LEGS = 0.0232  # of a camera that stands as it should
MOST_LEGS = 0.15  # more is no camera that somebody who stands is filmed with
KEPT_S = 30.0  # of what the room told; the median of that is taken
LEAST_ROOM_ERROR_LEGS = 0.0015  # however well lines agree
# What it is where nothing upright is seen in the room, by the body: how much longer the trunk looks than such legs, and
# how far the network says that the shoulders are before the ankles, which is more for somebody who faces the camera.
# Fitted to those 73 sets.
BY_BODY_LEGS, BY_TRUNK_LEGS, BY_LEANING_LEGS_PER_DEG, BEHIND_LEGS = 0.169, 0.373, 0.00254, 0.017
BY_BODY_ERROR_LEGS = 0.022
# Most cameras stand as they should, and those that do not are this far from what is usual (standard deviation).
AS_ASKED_SHARE, NOT_AS_ASKED_LEGS = 0.7, 0.051
BELIEVED_ERROR_LEGS = 0.012  # standard error of what is then believed


@dataclass(frozen=True, slots=True)
class LevelView:
    """How to see a picture level. middle_px: of the picture; converges_per_px: one over how many pixels below it what
    is upright meets, 0 for a camera that does not look down."""

    middle_px: tuple[float, float] = (0.0, 0.0)
    converges_per_px: float = 0.0

    def points(self, xy_px: FloatArray) -> FloatArray:
        """Points (..., 2) where such a camera would show them."""
        if self.converges_per_px == 0.0:
            return xy_px
        middle = np.array(self.middle_px, np.float32)
        away = xy_px - middle
        level: FloatArray = middle + away / (1 - np.clip(self.converges_per_px * away[..., 1:], -0.5, 0.5))
        return level

    def derivative(self, level_px: FloatArray) -> FloatArray:
        """What ways in the picture become at these points (n, 2) of the level picture: matrices (n, 2, 2) to multiply
        them by, the derivative of ``points``. None of it where a point is NaN: the way stays as it is."""
        across, below = (level_px - np.array(self.middle_px, np.float32)).T
        scale = 1 + np.clip(self.converges_per_px * below, -0.5, 1.0)
        rows = np.array([[scale, self.converges_per_px * across * scale], [np.zeros_like(scale), scale**2]])
        matrices = np.moveaxis(rows, -1, 0)
        known: FloatArray = matrices.astype(np.float32)
        known[~np.isfinite(level_px).all(axis=1)] = np.eye(2)
        return known


class Verticals:
    """What the room has told of the camera. It stays while people come and go."""

    def __init__(self) -> None:
        self._size_px = (0, 0)
        self._kept: deque[tuple[float, float, float]] = deque()

    def step(self, observation: Observation) -> None:
        """Take one observation, in order of time. One without a room and a person says nothing of the camera."""
        if observation.verticals is None and observation.pose is None:
            return
        if observation.size_px != self._size_px:
            self._size_px = observation.size_px
            self._kept.clear()
        if observation.verticals is not None:
            growth, error = (observation.verticals / observation.size_px[0]).tolist()
            self._kept.append((observation.t_s, growth, error))
        while self._kept and observation.t_s - self._kept[0][0] > KEPT_S:
            self._kept.popleft()

    def view(self, by_body_legs: float, leg_px: float, hips_y_px: float) -> LevelView:
        """The view, also by what the body tells (``told_by_body``), for a person with such legs and hips that high."""
        if not (self._size_px[0] > 0 and leg_px > 0):
            return LevelView()
        middle = (self._size_px[0] / 2, self._size_px[1] / 2)
        below_legs = (hips_y_px - middle[1]) / leg_px
        told, weight = by_body_legs / max(1 + by_body_legs * below_legs, 0.5), 1 / BELIEVED_ERROR_LEGS**2
        if self._kept:
            _, growth, error = medians(np.array(self._kept)).tolist()
            room_weight = 1 / (error**2 * leg_px**2 + LEAST_ROOM_ERROR_LEGS**2)
            told = (told * weight + growth * leg_px * room_weight) / (weight + room_weight)
        return LevelView(middle, clip(told, -MOST_LEGS, MOST_LEGS) / leg_px)


def told_by_body(leg_px: float, trunk_px: float, leaning_deg: float, behind: bool) -> float:
    """The leg's length over how far below the hips what is upright meets, by the body: its lengths in the picture, and
    how far its shoulders are before its ankles.

    The mean of what is likely, given that most cameras stand as they should: a long trunk alone changes little.
    """
    if not (leg_px > 0 and trunk_px > 0 and math.isfinite(leaning_deg)):
        return USUAL_LEGS
    told = BY_BODY_LEGS + BY_TRUNK_LEGS * math.log(trunk_px / leg_px) + BY_LEANING_LEGS_PER_DEG * leaning_deg
    off = clip(told + (BEHIND_LEGS if behind else 0.0), -MOST_LEGS, MOST_LEGS) - USUAL_LEGS
    spread = math.hypot(BY_BODY_ERROR_LEGS, NOT_AS_ASKED_LEGS)
    as_asked = AS_ASKED_SHARE * _density(off, BY_BODY_ERROR_LEGS)
    elsewhere = (1 - AS_ASKED_SHARE) * _density(off, spread)
    return USUAL_LEGS + off * (NOT_AS_ASKED_LEGS / spread) ** 2 * elsewhere / (as_asked + elsewhere)


def _density(value: float, deviation: float) -> float:
    """Of a normal distribution about zero, up to a constant."""
    return math.exp(-((value / deviation) ** 2) / 2) / deviation
