"""Smoothing of unevenly sampled signals. Times are seconds; nothing counts frames."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Lag:
    """Causal first-order smoothing of one number with a time constant. A gap restarts it."""

    def __init__(self, time_constant_s: float, gap_s: float = 0.5) -> None:
        self._time_constant_s = time_constant_s
        self._gap_s = gap_s
        self._value = float("nan")
        self._last_s = -math.inf

    def step(self, t_s: float, value: float) -> float:
        """The smoothed value after this sample; a NaN sample gives NaN and changes nothing."""
        if not math.isfinite(value):
            return math.nan
        elapsed = t_s - self._last_s
        if not elapsed <= self._gap_s or not math.isfinite(self._value):
            self._value = value
        else:
            self._value += (value - self._value) * (1 - math.exp(-elapsed / self._time_constant_s))
        self._last_s = t_s
        return self._value

    def shift(self, by: float) -> None:
        """The value's zero has changed: from now on it reads higher by this much."""
        self._value += by


BLOCK = 1000  # samples smoothed at once, so that memory does not grow with the square of a session's length
REACH_SIGMA = 6.0  # beyond it a Gaussian adds less than a float can tell


def smooth(t_s: Array, values: Array, sigma_s: float) -> Array:
    """Zero-phase Gaussian smoothing along time of values (n,) or (n, k); NaN is ignored, all-NaN stays NaN.

    t_s: (n,) rising. For finished movements: it looks both ways, so nothing is shifted in time.
    """
    columns = values if values.ndim == 2 else values[:, None]
    out = np.full(columns.shape, np.nan)
    for start in range(0, len(columns), BLOCK):
        part = slice(start, start + BLOCK)
        first, last = t_s[part][0] - REACH_SIGMA * sigma_s, t_s[part][-1] + REACH_SIGMA * sigma_s
        around = slice(*np.searchsorted(t_s, [first, last]))
        kernel = np.exp(-0.5 * ((t_s[part][:, None] - t_s[around][None, :]) / sigma_s) ** 2)
        known = np.isfinite(columns[around])
        weight = kernel @ known
        total = kernel @ np.where(known, columns[around], 0.0)
        np.divide(total, weight, out=out[part], where=weight > 1e-6)
    return out if values.ndim == 2 else out[:, 0]
