"""Times of a video's pictures that rise, whatever the file's own stamps do. Pure: numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SLOWEST_FPS, FASTEST_FPS = 1.0, 240.0  # rates that a camera has; beyond them a stated rate is a unit of time, no rate
# Of a file that says nothing at all. Most cameras send 15 or 30 a second: taken for half as quick as it was, a movement
# is still counted, taken for twice as quick it is not.
USUAL_FPS = 15.0
LEAST_RISING = 0.4  # of the steps: where fewer rise the stamps are no times
STRAY_S = 0.5  # back by less is a stray stamp, by more a clock that was set back or another file joined on
REORDERED = 8  # packets later at the latest one comes that is shown after all before, where they are out of order
MOST_STRAYS = 3  # in a row: then it is the clock
MOST_GAP_S = 600.0  # a longer hole in a video of an exercise is a clock that was set forward
LEAST_GAP_S = 1.0  # without a picture that is worth a word


@dataclass(frozen=True, slots=True)
class Stamps:
    """What a file's packets say of the times of one stream, in the order of decoding.

    times_s: (n,) seconds by the file's own clock, NaN where a picture has none. stated_fps: NaN where unknown.
    """

    times_s: NDArray[np.float64]
    stated_fps: float = math.nan

    @property
    def usable(self) -> bool:
        """Whether the stamps tell times: most of them rise."""
        steps = self._steps()
        return bool(len(steps)) and float((steps > 0).mean()) >= LEAST_RISING

    @property
    def fps(self) -> float:
        """Pictures a second: as the stamps say, else as the file states, else 15."""
        known = self.times_s[np.isfinite(self.times_s)]
        if self.usable:  # in the order of showing, and joined files do not matter for most of them
            steps = np.diff(np.unique(known))
            # Not the median alone: in whole milliseconds 30 a second are 33, 33 and 34 apart.
            step_s = float(steps[steps < 1.5 * np.median(steps)].mean())
        else:
            step_s = float(np.ptp(known)) / (len(known) - 1) if len(known) > 1 else 0.0
        if step_s > 0 and SLOWEST_FPS <= 1 / step_s <= FASTEST_FPS:
            return 1 / step_s
        return plausible_fps([self.stated_fps])

    @property
    def duration_s(self) -> float:
        """About how long the pictures last, known before they are decoded; NaN where there are none."""
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
    """The first of several stated rates that a camera may have; ``usual`` where none is."""
    return next((rate for rate in rates if SLOWEST_FPS <= rate <= FASTEST_FPS), usual)


class PictureTimes:
    """Gives each picture, in the order of showing, its time from the first one; the times strictly rise.

    Stamps are taken as they are while they rise. Where they fall back, or leap by more than ten minutes, two videos
    were joined or a clock was set: times go on from there (``joined`` counts it). A stray stamp costs its picture
    (``left_out``). Stamps that do not rise at all are replaced by the rate (``counted``).
    """

    def __init__(self, stamps: Stamps) -> None:
        self.fps = stamps.fps
        # A single picture needs no clock.
        self.counted = len(stamps.times_s) > 2 and not stamps.usable
        self.joined = self.left_out = self.gaps = 0
        self.gaps_s = self.first_gap_s = 0.0
        self.last_s = -math.inf
        self._offset_s = math.nan
        self._strays = 0

    @property
    def interval_s(self) -> float:
        """Usual time from one picture to the next."""
        return 1 / self.fps

    def of(self, stamp_s: float) -> float | None:
        """The time of the next picture by its stamp (NaN where it has none); None where it is to be left out."""
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
        self._offset_s = next_s - stamp_s
        return next_s
