"""Filters of evenly sampled motion. Pure, and without SciPy: its import alone takes longer than to judge a session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BLOCK = 24  # samples that are filtered at once: more cost products, fewer the loop over blocks
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


def band_pass(values: Array, low_hz: float, high_hz: float, rate_hz: float, padded: int) -> Array:
    """The second-order Butterworth band of columns (n, m), forwards and backwards, so that nothing is shifted (n, m).

    padded: samples by which both ends are continued, turned by 180 degrees; at most n - 1 are. The numbers of
    ``scipy.signal.sosfiltfilt`` to 1e-9 of the largest.
    """
    padded = min(padded, len(values) - 1)
    before = 2 * values[0] - values[padded:0:-1]
    after = 2 * values[-1] - values[-2 : -padded - 2 : -1]
    course = np.concatenate([before, values, after])
    band = _blocks(low_hz, high_hz, rate_hz)
    for _ in range(2):
        course = band.filtered(course)[::-1]
    return course[padded : padded + len(values)]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """A recursive filter of four states, applied to BLOCK samples at a time: what they give does not depend on the
    block before but through its state, so that one product does the work of a loop over the samples."""

    of_values: Array  # (BLOCK, BLOCK): what comes out, from what goes in
    of_state: Array  # (BLOCK, 4): ... from the state before
    to_state: Array  # (4, BLOCK): the state after, from what goes in
    kept: Array  # (4, 4): ... from the state before
    settled: Array  # (4,): the state after a long time of ones

    def filtered(self, values: Array) -> Array:
        """Columns (n, m), each as if its first value had always been there (n, m)."""
        count = -(-len(values) // BLOCK)
        whole = np.zeros((count * BLOCK, values.shape[1]))
        whole[: len(values)] = values
        blocks = whole.reshape(count, BLOCK, -1)
        states = np.empty((count, len(self.kept), values.shape[1]))
        states[0] = np.outer(self.settled, values[0])
        added = self.to_state @ blocks
        for i in range(1, count):
            states[i] = self.kept @ states[i - 1] + added[i - 1]
        out: Array = self.of_values @ blocks + self.of_state @ states
        return out.reshape(whole.shape)[: len(values)]


@lru_cache(maxsize=2)
def _blocks(low_hz: float, high_hz: float, rate_hz: float) -> _Blocks:
    step, enters, leaves, through = _states(low_hz, high_hz, rate_hz)
    powers = [np.eye(len(step))]
    for _ in range(BLOCK):
        powers.append(powers[-1] @ step)
    answer = np.array([through, *(leaves @ power @ enters for power in powers[: BLOCK - 1])])
    ago = np.subtract.outer(np.arange(BLOCK), np.arange(BLOCK))
    return _Blocks(
        np.where(ago >= 0, answer[ago], 0.0),
        np.array([leaves @ power for power in powers[:BLOCK]]),
        np.stack([power @ enters for power in powers[BLOCK - 1 :: -1]], axis=1),
        powers[BLOCK],
        np.asarray(np.linalg.solve(np.eye(len(step)) - step, enters), np.float64),
    )


def _states(low_hz: float, high_hz: float, rate_hz: float) -> tuple[Array, Array, Array, float]:
    """A second-order Butterworth band as two sections, one after the other: next = step @ state + enters * value, and
    out = leaves @ state + through * value.

    Poles by the bilinear transform of the analogue band (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.1).
    """
    low, high = (2 * rate_hz * np.tan(np.pi * hz / rate_hz) for hz in (low_hz, high_hz))
    pole = (high - low) / 2 * np.exp(0.75j * np.pi)
    root = np.sqrt(pole**2 - low * high)
    step, enters, leaves, through = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for analogue in (pole + root, pole - root):
        gain = (high - low) * 2 * rate_hz / abs(2 * rate_hz - analogue) ** 2
        digital = (2 * rate_hz + analogue) / (2 * rate_hz - analogue)
        once, twice = -2 * digital.real, abs(digital) ** 2
        # One section, gain * (1 - z^-2) / (1 + once z^-1 + twice z^-2), in the transposed second direct form.
        own = np.array([[-once, 1.0], [-twice, 0.0]])
        takes = gain * np.array([-once, -1.0 - twice])
        step = np.block([[step, np.zeros((len(step), 2))], [np.outer(takes, leaves), own]])
        enters, leaves = np.concatenate([enters, takes * through]), np.concatenate([gain * leaves, [1.0, 0.0]])
        through *= gain
    return step, enters, leaves, through
