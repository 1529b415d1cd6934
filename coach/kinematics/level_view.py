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

KEPT = 9  # measured verticals: the median of them is taken
LEAST_ERROR = 0.0015  # of c, times the leg's length in pixels: however well lines agree
MOST = 0.15  # the same: more is no camera that somebody who stands is filmed with
# What it is where nothing upright is seen in the room, by the body: how much longer the trunk looks than such legs, and
# how far the network says that the shoulders are before the ankles, which is more for somebody who faces the camera.
# Fitted to those 73 sets.
BY_BODY, BY_TRUNK, BY_LEANING_DEG, BEHIND = 0.169, 0.373, 0.00254, 0.017
BY_BODY_ERROR = 0.022
# Most cameras stand as they should, and of those that do not it is this far from what is usual (standard deviation).
USUAL, AS_ASKED, ELSEWHERE = 0.0232, 0.7, 0.051
LEFT_ERROR = 0.012  # standard error of what is then believed


@dataclass(frozen=True, slots=True)
class LevelView:
    """How to see a picture level. middle_px: of the picture; converges: one over how many pixels below it what is
    upright meets, 0 for a camera that does not look down."""

    middle_px: tuple[float, float] = (0.0, 0.0)
    converges: float = 0.0

    def points(self, xy_px: FloatArray) -> FloatArray:
        """Points (..., 2) where such a camera would show them."""
        if self.converges == 0.0:
            return xy_px
        middle = np.array(self.middle_px, np.float32)
        away = xy_px - middle
        level: FloatArray = middle + away * self._scale(away)
        return level

    def gains(self, xy_px: FloatArray) -> FloatArray:
        """By what ways at these points (..., 2) become longer, to the side and down (..., 2); 1 where one is NaN."""
        scale = self._scale(xy_px - np.array(self.middle_px, np.float32))
        gains = np.concatenate([scale, scale**2], axis=-1)
        known: FloatArray = np.where(np.isfinite(gains), gains, np.float32(1.0))
        return known

    def _scale(self, away: FloatArray) -> FloatArray:
        scale: FloatArray = (1 / (1 - np.clip(self.converges * away[..., 1:], -0.5, 0.5))).astype(np.float32)
        return scale


class Verticals:
    """What the room has told of the camera. It stays while people come and go."""

    def __init__(self) -> None:
        self._size_px = (0, 0)
        self._kept: deque[tuple[float, float]] = deque(maxlen=KEPT)

    def step(self, observation: Observation) -> None:
        """Take one observation, in order of time."""
        if observation.size_px != self._size_px:
            self._size_px = observation.size_px
            self._kept.clear()
        if observation.verticals is not None:
            _, growth, error = observation.verticals.tolist()
            self._kept.append((growth / observation.size_px[0], error / observation.size_px[0]))

    def view(self, by_body: float, leg_px: float, hips_y_px: float) -> LevelView:
        """The view, also by what the body tells: ``by_body``, for a person with these legs and hips at that height."""
        middle = (self._size_px[0] / 2, self._size_px[1] / 2)
        if not (self._size_px[0] > 0 and leg_px > 0):
            return LevelView()
        below = (hips_y_px - middle[1]) / leg_px
        told, weight = by_body / (1 + by_body * below), 1 / LEFT_ERROR**2
        if self._kept:
            growth, error = medians(np.array(self._kept)).tolist()
            room_weight = 1 / (error**2 * leg_px**2 + LEAST_ERROR**2)
            told = (told * weight + growth * leg_px * room_weight) / (weight + room_weight)
        return LevelView(middle, clip(told, -MOST, MOST) / leg_px)


def told_by_body(leg: float, trunk: float, leaning_deg: float, behind: bool) -> float:
    """The leg's length over how far below the hips what is upright meets, by the body: its lengths in the picture, and
    how far its shoulders are before its ankles.

    The mean of what is likely, given that most cameras stand as they should: a long trunk alone changes little.
    """
    if not (leg > 0 and trunk > 0 and math.isfinite(leaning_deg)):
        return USUAL
    told = BY_BODY + BY_TRUNK * math.log(trunk / leg) + BY_LEANING_DEG * leaning_deg + (BEHIND if behind else 0.0)
    off = clip(told, -MOST, MOST) - USUAL
    spread = math.hypot(BY_BODY_ERROR, ELSEWHERE)
    as_asked, elsewhere = AS_ASKED * _density(off, BY_BODY_ERROR), (1 - AS_ASKED) * _density(off, spread)
    return USUAL + off * (ELSEWHERE / spread) ** 2 * elsewhere / (as_asked + elsewhere)


def _density(value: float, deviation: float) -> float:
    """Of a normal distribution about zero, up to a constant."""
    return math.exp(-((value / deviation) ** 2) / 2) / deviation
