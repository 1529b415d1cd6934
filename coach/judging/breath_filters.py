"""Smoothing of evenly sampled motion. Pure, and without SciPy: its import takes longer than to judge a session."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACH_SIGMA = 4.0  # at which a Gaussian is cut off


def gaussian(values: Array, sigma: float) -> Array:
    """values (n,) smoothed by a Gaussian of so many samples (n,), mirrored at both ends.

    The numbers of ``scipy.ndimage.gaussian_filter1d`` with its defaults.
    """
    reach = int(REACH_SIGMA * sigma + 0.5)
    kernel = np.exp(-0.5 / (sigma * sigma) * np.arange(-reach, reach + 1) ** 2)
    at = np.arange(-reach, len(values) + reach) % (2 * len(values))
    mirrored = values[np.minimum(at, 2 * len(values) - 1 - at)]
    return np.convolve(mirrored, kernel / kernel.sum(), "valid")
