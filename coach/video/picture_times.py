"""Strictly rising times for a video's pictures, whatever the file's own time stamps do. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SLOWEST_FPS, FASTEST_FPS = 1.0, 240.0  # plausible camera rates; a stated rate beyond them is a unit of time, not a rate
# For a file that says nothing at all. Most cameras send 15 or 30 a second: a movement taken for half its speed is
# still counted, one taken for twice its speed is not.
USUAL_FPS = 15.0
LEAST_RISING = 0.4  # of the steps: if fewer rise, the stamps are not times
STRAY_S = 0.5  # a smaller step back is a stray stamp; a larger one a clock set back, or another file joined on
REORDERED = 8  # packets at most by which decoding order differs from display order
MOST_STRAYS = 3  # in a row: beyond this it is the clock
MOST_GAP_S = 600.0  # a longer gap in a video of an exercise means the clock was set forward
LEAST_GAP_S = 1.0  # without a picture: worth mentioning
DENSEST_FPS = 1000.0  # more than any camera takes: stamps that rise by less than this are no times


@dataclass(frozen=True, slots=True)
class Stamps:
    """What a file's packets say about the times of one stream, in decoding order.

    times_s: (n,) seconds on the file's own clock, NaN where a picture has none. stated_fps: NaN if unknown.
    """

    times_s: NDArray[np.float64]
    stated_fps: float = math.nan

    @property
    def usable(self) -> bool:
        """Whether the stamps can be times: most of them rise, and not by next to nothing."""
        steps = self._steps()
        if not len(steps) or float((steps > 0).mean()) < LEAST_RISING:
            return False
        return float(np.median(steps[steps > 0])) > 1 / DENSEST_FPS

    @property
    def fps(self) -> float:
        """Pictures a second: from the stamps, else as the file states, else 15."""
        known = self.times_s[np.isfinite(self.times_s)]
        if self.usable:  # in display order; joined files do not matter for most of them
            steps = np.diff(np.unique(known))
            # Not the median alone: in whole milliseconds, pictures at 30 a second are 33, 33 and 34 ms apart.
            step_s = float(steps[steps < 1.5 * np.median(steps)].mean())
        else:
            step_s = float(np.ptp(known)) / (len(known) - 1) if len(known) > 1 else 0.0
        if step_s > 0 and SLOWEST_FPS <= 1 / step_s <= FASTEST_FPS:
            return 1 / step_s
        return plausible_fps([self.stated_fps])

    @property
    def duration_s(self) -> float:
        """Approximate duration of the pictures before decoding; NaN if there are none."""
        if not len(self.times_s):
            return math.nan
        interval_s = 1 / self.fps
        if len(self.times_s) > 2 and not self.usable:
            return len(self.times_s) * interval_s
        known = self.times_s[np.isfinite(self.times_s)]
        steps = np.diff(known)
        breaks = [
            i + 1
            for i in np.flatnonzero((steps < -STRAY_S) | (steps > MOST_GAP_S))
            if steps[i] > 0 or known[i + 1 : i + 1 + REORDERED].max() < known[i]
        ]
        runs = [run for run in np.split(known, breaks) if len(run)]
        return sum(float(np.ptp(run)) + interval_s for run in runs)

    def _steps(self) -> NDArray[np.float64]:
        steps: NDArray[np.float64] = np.diff(self.times_s)
        return steps[np.isfinite(steps)]


def plausible_fps(rates: Sequence[float], usual: float = USUAL_FPS) -> float:
    """The first of several stated rates that is plausible for a camera; ``usual`` if none is."""
    return next((rate for rate in rates if SLOWEST_FPS <= rate <= FASTEST_FPS), usual)


class PictureTimes:
    """Gives each picture, in display order, its time from the first one; the times strictly rise.

    Stamps are used as they are while they rise. Where they fall back, or leap by more than ten minutes, two videos
    were joined or a clock was set: times continue from there (counted in ``joined``), by the rate for as long as the
    clock stands still or runs backwards. A picture with a stray stamp is dropped (``left_out``). Stamps that do not
    rise at all are replaced using the rate (``counted``).
    """

    def __init__(self, stamps: Stamps) -> None:
        self.fps = stamps.fps
        # A single picture does not need a clock.
        self.counted = len(stamps.times_s) > 2 and not stamps.usable
        self.joined = self.left_out = self.gaps = 0
        self.gaps_s = self.first_gap_s = 0.0
        self.last_s = -math.inf
        self._offset_s = math.nan
        self._strays = 0
        self._stamp_s = math.nan  # the last one
        self._stands = False  # the clock, or it runs backwards, since it was left behind

    @property
    def interval_s(self) -> float:
        """Typical time from one picture to the next."""
        return 1 / self.fps

    def of(self, stamp_s: float) -> float | None:
        """The time of the next picture from its stamp (NaN if it has none); None if it is to be left out."""
        if math.isinf(self.last_s):
            self._offset_s = -stamp_s
            self.last_s = 0.0
            return 0.0
        t_s = self._time(stamp_s)
        if t_s is not None:
            if t_s - self.last_s > max(LEAST_GAP_S, 2 * self.interval_s):
                self.first_gap_s = self.first_gap_s if self.gaps else self.last_s
                self.gaps += 1
                self.gaps_s += t_s - self.last_s
            self.last_s = t_s
        return t_s

    def _time(self, stamp_s: float) -> float | None:
        next_s = self.last_s + self.interval_s
        if self.counted or math.isnan(stamp_s):
            return next_s
        before_s, self._stamp_s = self._stamp_s, stamp_s
        self._stands = self._stands and stamp_s <= before_s
        if self._stands:
            self._offset_s = next_s - stamp_s
            return next_s
        if math.isnan(self._offset_s):
            self._offset_s = next_s - stamp_s
        t_s = stamp_s + self._offset_s
        if self.last_s < t_s <= self.last_s + MOST_GAP_S:
            self._strays = 0
            return t_s
        if self.last_s - STRAY_S < t_s <= self.last_s and self._strays < MOST_STRAYS:
            self._strays += 1
            self.left_out += 1
            return None
        self._strays = 0
        self.joined += 1
        self._stands = True
        self._offset_s = next_s - stamp_s
        return next_s
