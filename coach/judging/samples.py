"""Measurements of one side over a stretch of time, and the timing of the way out or back in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.types import Side, Signals

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SIGMA_S = 0.1  # of the zero-phase smoothing before timing
# A voluntary movement follows a minimum-jerk course (Flash & Hogan 1985): going from 20 % to 80 % of the way takes
# this share of the time, whatever the size. So the duration is derived from the steep part, where noise matters least.
STEEP_SHARE = 0.347


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Signals of one side over time: t_s (n,), and by name (n,) values; NaN where not measured.

    resting: (n,) whether no movement was under way; None if unknown. unrest_pct: (n,) how far the body moved around
    that time.
    """

    side: Side
    t_s: Array
    values: Mapping[str, Array]
    resting: Mask | None = None
    unrest_pct: Array | None = None


def samples_of(
    side: Side, measured: Sequence[Signals], resting: Mask | None = None, unrest_pct: Array | None = None
) -> Samples:
    """Samples from signals in order of time, all with the same names."""
    return Samples(side, np.array([each.t_s for each in measured]), _Columns(measured), resting, unrest_pct)


class _Columns(Mapping[str, Array]):
    """What was measured, by name, each put together when it is asked for."""

    def __init__(self, measured: Sequence[Signals]) -> None:
        self._measured = measured
        self._known: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._known:
            self._known[name] = np.array([each.values[name] for each in self._measured])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._measured[0].values if self._measured else ())

    def __len__(self) -> int:
        return len(self._measured[0].values) if self._measured else 0


def mean_near(values: Array) -> float:
    """Mean of the known values; NaN if there are none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def phase_course(t_s: Array, above: Array, rising: bool, top: float) -> tuple[float, float, float]:
    """Duration of going out (rising) or coming back, its outer and its inner edge.

    From the times at 20, 50 and 80 % of the way to ``top``, of samples that end (rising) or begin there.
    """
    way = above if rising else above[::-1]
    times = t_s if rising else t_s[::-1]
    cross = []
    for share in (0.2, 0.5, 0.8):
        under = np.flatnonzero(way < share * top)
        if not under.size or under[-1] + 1 >= len(way):
            cross.append(float(times[0]))
            continue
        i = int(under[-1])
        part = (share * top - way[i]) / (way[i + 1] - way[i])
        cross.append(float(times[i] + part * (times[i + 1] - times[i])))
    steep = abs(cross[2] - cross[0])
    # The smoothing itself spreads a step over 1.68 sigma between its 20 and 80 %.
    steep = max(float(np.sqrt(max(steep**2 - (1.68 * SIGMA_S) ** 2, 0.0))), steep / 2)
    duration = steep / STEEP_SHARE
    out = -1.0 if rising else 1.0
    # The inner edge from the inner half alone: seen obliquely, the two halves of a movement differ.
    inner = cross[1] + (cross[2] - cross[1]) * 0.5 / (STEEP_SHARE / 2)
    return duration, cross[1] + out * duration / 2, inner
