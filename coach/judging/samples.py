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
# Of the fastest speed in the steep part: a minimum-jerk course is never slower than three quarters of it there. What is
# slower than this is a pause, the more the slower, and tells nothing of how long the rest of the way took.
DAWDLING = 0.3


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

    From the times at 20, 50 and 80 % of the way to ``top``, of samples that end (rising) or begin there. A pause
    between them belongs to the duration, but does not stretch what is before and after it.
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
    outside_s, inside_s = _paused(times, way, cross)
    steep = abs(cross[2] - cross[0]) - outside_s - inside_s
    # The smoothing itself spreads a step over 1.68 sigma between its 20 and 80 %.
    steep = max(float(np.sqrt(max(steep**2 - (1.68 * SIGMA_S) ** 2, 0.0))), steep / 2)
    duration = steep / STEEP_SHARE
    out = -1.0 if rising else 1.0
    outer = cross[1] + out * (duration / 2 + outside_s)
    # The inner edge from the inner half alone: seen obliquely, the two halves of a movement differ.
    inner = cross[1] + (cross[2] - cross[1] + out * inside_s) * 0.5 / (STEEP_SHARE / 2) - out * inside_s
    return duration + outside_s + inside_s, outer, inner


def fitted(out_s: float, back_s: float, lasted_s: float) -> tuple[float, float]:
    """How long the ways out and back took, together no longer than the whole: each is timed alone, and where its two
    halves differ, or the whole was cut short by its neighbours, they would overlap."""
    both_s = out_s + back_s
    if not both_s > lasted_s:
        return out_s, back_s
    share = max(lasted_s, 0.0) / both_s
    return out_s * share, back_s * share


def _paused(times: Array, way: Array, cross: list[float]) -> tuple[float, float]:
    """How long the movement paused in the outer and in the inner half of the steep part, in seconds.

    cross: times at 20, 50 and 80 % of the way. All in the order of the way in, so times may fall.
    """
    edges = np.abs(np.array([*times, *cross]) - times[0])
    clock, (low, middle, high) = edges[: len(times)], edges[len(times) :]
    steep = (clock[1:] > low) & (clock[:-1] < high)
    if not steep.any():
        return 0.0, 0.0
    speed = np.diff(way)[steep] / np.diff(clock)[steep]
    still = np.clip(1 - speed / (DAWDLING * np.nanmax(speed)), 0.0, 1.0)
    begun, ended = clock[:-1][steep], clock[1:][steep]

    def within(start: float, end: float) -> float:
        return float(np.nansum(still * (np.clip(ended, start, end) - np.clip(begun, start, end))))

    return within(low, middle), within(middle, high)
