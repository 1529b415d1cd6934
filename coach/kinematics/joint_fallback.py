"""Where parts are that the pixels do not show: from the joints, as far as these can be trusted.

A Kalman filter for each part [Bar-Shalom, Li, Kirubarajan 2001, Estimation with Applications to Tracking and
Navigation, ch. 5] with two states: the way that the part went, and the offset of its joints from there. While pixels
tell the way, it is right; while they do not, it may be wrong by as far as people move meanwhile. How much of what a
pose then says is taken depends on how restless poses are: in the dark, single ones are wrong by a sixth of the leg.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.geometry import or_zero
from coach.types import FloatArray

# In heights of the person in the picture.
LOST_SPEED = 0.1  # a second: how fast a part may move while nothing tells; a foot of a hip hiker does 0.05
OFFSET_DRIFT = 0.015  # in a second: how far joints wander on the part
LEAST_NOISE, FIRST_NOISE = 0.002, 0.006  # of a joint from picture to picture: at least, and before it is known
NOISE_TIME_S, FIRST_NOISE_TIME_S = 2.0, 0.3  # over which it is averaged, and how long the first value counts
OUTLIER = 3.0  # standard errors: the farther off beyond them, the less a pose pulls


class JointFallback:
    """Follows the joints of n parts. Places and ways in pixels of the picture, variances in their square."""

    def __init__(self, places: FloatArray) -> None:
        """places: (n, 2), where the parts are in the first pose; NaN for what has no joints."""
        n = len(places)
        self._offset = places.astype(np.float64)
        self._height_px = _height_px(places)
        self._noise_var = np.full(n, (FIRST_NOISE * self._height_px) ** 2)
        self._way_var, self._shared_var, self._offset_var = np.zeros(n), np.zeros(n), self._noise_var.copy()
        self._lost_s = np.zeros(n)
        self._last: list[FloatArray] = []  # places of the last poses in a row
        self._seen_s = 0.0  # how long there have been poses

    def step(self, told: NDArray[np.bool_], places: FloatArray | None, way: FloatArray, elapsed_s: float) -> FloatArray:
        """The way (n, 2) after one more picture, set right by where the joints are (n, 2), if there is a pose.

        told: (n,), which parts' motion the pixels told. way: with what they told added.
        """
        lost_s = np.where(told, 0.0, self._lost_s + elapsed_s)
        self._way_var += np.where(told, 0.0, (lost_s**2 - self._lost_s**2) * (LOST_SPEED * self._height_px) ** 2)
        self._lost_s = lost_s
        self._offset_var += (OFFSET_DRIFT * self._height_px) ** 2 * elapsed_s
        if places is None:
            self._last.clear()
            return way
        self._height_px = _height_px(places)
        corrected = self._correct(places, way)
        self._see_noise(places, elapsed_s)
        return corrected

    def _correct(self, places: FloatArray, way: FloatArray) -> FloatArray:
        off = places - way - self._offset
        of_way, of_offset = self._way_var + self._shared_var, self._shared_var + self._offset_var
        expected = of_way + of_offset + self._noise_var
        far = np.hypot(off[:, 0], off[:, 1]) / np.sqrt(2 * expected)
        pulled = or_zero(off / (expected * np.maximum(far / OUTLIER, 1.0) ** 2)[:, None])
        self._offset += of_offset[:, None] * pulled
        self._way_var -= of_way**2 / expected
        self._shared_var -= of_way * of_offset / expected
        self._offset_var -= of_offset**2 / expected
        corrected: FloatArray = (way + of_way[:, None] * pulled).astype(np.float32)
        return corrected

    def _see_noise(self, places: FloatArray, elapsed_s: float) -> None:
        """How restless joints are, by three poses in a row: what moves on evenly is not."""
        self._seen_s += elapsed_s
        self._last = [*self._last[-2:], places]
        if len(self._last) < 3:
            return
        first, middle, last = self._last
        # Of each of two coordinates, 6 is the variance of x - 2y + z, each of variance 1.
        seen = np.square(first - 2 * middle + last).sum(1) / 12
        share = max(1 - math.exp(-elapsed_s / NOISE_TIME_S), elapsed_s / max(self._seen_s, FIRST_NOISE_TIME_S))
        noise = self._noise_var + share * (np.where(np.isnan(seen), self._noise_var, seen) - self._noise_var)
        self._noise_var = np.maximum(noise, (LEAST_NOISE * self._height_px) ** 2)

    def shift(self, parts: list[int], by_px: FloatArray) -> None:
        """Move these parts by this much (2,): they are not where they were believed to be."""
        self._offset[parts] -= by_px


def _height_px(places: FloatArray) -> float:
    return float(np.hypot(*np.fmax.reduce(places) - np.fmin.reduce(places)))
