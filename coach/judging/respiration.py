"""Breaths from the motion of the trunk in the picture. Pure: motion grids and times in, breaths out.

The grids (``coach.perception.trunk_flow``) are summed to positions, band-passed to breathing rates and decomposed; the
component that breathes is found by its rhythm. On rendered people it follows the true breath with r = 0.7 to 0.95,
while the plain mean motion has 0.3 to 0.8. What leans on this: chest and belly move outwards together, and the strap
arm and the raised leg, which also cover the box, move at other rhythms.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.types import FloatArray

Array = NDArray[np.float64]

RATE_HZ = 12.0  # common clock for filtering; well above any breath
BAND_HZ = (0.06, 0.7)  # 4 to 40 breaths a minute
BLOCK = 2  # cells averaged each way before the decomposition: four times fewer numbers, the same breaths
COMPONENTS = 3  # breathing was among the first three in every clip
LEAST_SHARE = 0.05  # of the variance: what explains less is noise, however regular
AROUND_HZ = 0.05  # a rhythm is this wide about its peak
PROMINENCE = 0.35  # of the median peak: shallower wiggles inside one breath do not count
LEAST_PROMINENCE = 0.5  # of the standard deviation, where all peaks are small
SHORTEST_S = 1.5  # 40 breaths a minute
LEAST_SPAN_S = 4.0  # shorter stretches hold no rhythm
KEPT_S = 200.0  # of motion: longer than any hold
COHERENT = -0.25  # of the component that breathes: it has -0.1 to 0.4, noise of its own in every cell -0.35 to -0.5
UNSURE = 0.15  # of the signs for inhalation: under this they do not tell
GOOD = 0.45  # of a rhythm's power in one peak: noise of the same band has 0.3 to 0.4


@dataclass(frozen=True, slots=True)
class Breathing:
    """Breaths of a stretch of time: when each inhalation began and peaked, and how clear the rhythm is (0..1).

    phase: where the last breath stands, 0..1 from empty to full, NaN if not known. quality NaN: nothing measured.
    """

    start_s: tuple[float, ...]
    peak_s: tuple[float, ...]
    quality: float
    phase: float

    @property
    def good(self) -> bool:
        """Whether the rhythm is clear enough to count by."""
        return bool(self.quality >= GOOD)

    @property
    def rate_per_min(self) -> float:
        """Breaths a minute from the spacing of the peaks; NaN for fewer than two."""
        if len(self.peak_s) < 2:
            return float("nan")
        return 60.0 * (len(self.peak_s) - 1) / (self.peak_s[-1] - self.peak_s[0])


NOTHING = Breathing((), (), float("nan"), float("nan"))


class BreathTracker:
    """Keeps the trunk's motion of the last minutes, and reads breaths from any stretch of it."""

    def __init__(self) -> None:
        self._motion: deque[tuple[float, FloatArray]] = deque()

    def add(self, t_s: float, chest_px: FloatArray | None) -> None:
        """Take the motion of one frame; None is a gap."""
        if chest_px is None:
            return
        rows, columns = (size // BLOCK for size in chest_px.shape[:2])
        coarse = chest_px.reshape(rows, BLOCK, columns, BLOCK, 2).mean((1, 3))
        self._motion.append((t_s, coarse))
        while t_s - self._motion[0][0] > KEPT_S:
            self._motion.popleft()

    def between(self, start_s: float, end_s: float) -> Breathing:
        """The breaths of a stretch; NOTHING where too little was measured in it."""
        chosen = [(t, grid) for t, grid in self._motion if start_s <= t <= end_s]
        if len(chosen) < 20 or chosen[-1][0] - chosen[0][0] < LEAST_SPAN_S:
            return NOTHING
        t_s = np.array([t for t, _ in chosen])
        course = breathing_course(t_s, np.array([grid for _, grid in chosen], float))
        return find_breaths(*course) if course is not None else NOTHING


def breathing_course(t_s: Array, motion: Array) -> tuple[Array, Array, float] | None:
    """Times (n,), depth of breath (n,) with full positive, and quality, of motion (k, rows, columns, 2) at (k,)."""
    from scipy.signal import butter, sosfiltfilt

    clock = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
    place = np.cumsum(motion.reshape(len(motion), -1), axis=0)
    place = np.stack([np.interp(clock, t_s, column) for column in place.T], axis=1)
    # A straight line through each cell takes away slow sliding, which would ring in the filter's ends.
    share = np.linspace(0, 1, len(clock))
    centred = share - share.mean()
    slope = centred @ place / float(centred @ centred)
    place = place - place.mean(axis=0) - centred[:, None] * slope
    band = butter(2, BAND_HZ, "band", fs=RATE_HZ, output="sos")
    place = sosfiltfilt(band, place, axis=0, padlen=min(len(place) - 1, int(10 * RATE_HZ)))
    left, size, right = strongest_components(place, COMPONENTS)
    if not size[0] > 0:
        return None
    shares = size**2 / float(np.sum(place**2))
    scores = [
        rhythm(left[:, i]) * float(shares[i]) ** 0.1 if shares[i] >= LEAST_SHARE else -1.0
        for i in range(min(COMPONENTS, len(size)))
    ]
    best = int(np.argmax(scores))
    course = left[:, best] / float(np.std(left[:, best]))
    loading = right[best].reshape(motion.shape[1:])
    inhaling = _inhaling(course, loading)
    if abs(inhaling) < UNSURE:
        # In doubt the reading with more breaths: one that is cut off at an end is hidden, never invented.
        inhaling = float(len(_peaks(course)) - len(_peaks(-course))) or inhaling
    course = course * float(np.sign(inhaling) or 1.0)
    # Noise summed up looks like a slow rhythm, but its neighbouring cells do not move together.
    return clock, course, rhythm(course) if coherence(loading) > COHERENT else 0.0


def strongest_components(values: Array, count: int) -> tuple[Array, Array, Array]:
    """The first ``count`` of the singular value decomposition (n, c), (c,), (c, m) of values (n, m).

    By the eigenvectors of the smaller product with itself: a tenth of the time of decomposing all of it.
    """
    from scipy.linalg import eigh

    wide = values.shape[0] <= values.shape[1]
    product = values @ values.T if wide else values.T @ values
    last = len(product) - 1
    power, vectors = eigh(product, subset_by_index=(max(0, last - count + 1), last))
    size = np.sqrt(np.maximum(power[::-1], 0.0))
    vectors = vectors[:, ::-1]
    other = (values.T @ vectors if wide else values @ vectors) / np.maximum(size, 1e-12)
    return (vectors, size, other.T) if wide else (other, size, vectors.T)


def _inhaling(course: Array, loading: Array) -> float:
    """How much speaks for the course rising (positive) or falling with inhalation.

    Breathing in lifts chest and belly (upwards in the picture of somebody who lies), is quicker than breathing out,
    and the pause comes when the breath is out: three signs that are added up, since none always shows.
    """
    size = np.linalg.norm(loading, axis=-1)
    lift = -float((loading[..., 1] * size).sum() / (size**2).sum())
    speed = np.diff(course)
    quicker = float(np.mean(speed**3) / np.std(speed) ** 3)
    pause = float(np.mean((course - course.mean()) ** 3))
    return lift + quicker + 0.5 * pause


def coherence(loading: Array) -> float:
    """How alike neighbouring cells move, of a component's loading (rows, columns, 2): 1 as one, -0.4 at random."""
    steps = np.abs(np.diff(loading, axis=0)).mean() + np.abs(np.diff(loading, axis=1)).mean()
    return float(1 - steps / (2 * np.abs(loading).mean()))


def rhythm(course: Array) -> float:
    """Share of a course's power that lies about its strongest frequency: 1 for a steady rhythm."""
    power = np.abs(np.fft.rfft(course * np.hanning(len(course)), 4096)) ** 2
    frequency = np.fft.rfftfreq(4096, 1 / RATE_HZ)
    near = np.abs(frequency - frequency[int(np.argmax(power))]) < AROUND_HZ
    return float(power[near].sum() / power.sum())


def _peaks(course: Array) -> NDArray[np.intp]:
    from scipy.signal import find_peaks

    peaks, found = find_peaks(course, prominence=LEAST_PROMINENCE, distance=SHORTEST_S * RATE_HZ)
    if not len(peaks):
        nothing: NDArray[np.intp] = peaks
        return nothing
    chosen: NDArray[np.intp] = peaks[found["prominences"] >= PROMINENCE * np.median(found["prominences"])]
    return chosen


def find_breaths(t_s: Array, course: Array, quality: float) -> Breathing:
    """Breaths of a course of unit spread: a breath is a peak that stands out; it starts at the low point before."""
    peaks = _peaks(course)
    starts = []
    before = 0
    for peak in peaks:
        starts.append(before + int(np.argmin(course[before : peak + 1])))
        before = int(peak)
    low, high = np.percentile(course, [5, 95])
    phase = float(np.clip((course[-1] - low) / (high - low), 0, 1)) if high > low else float("nan")
    return Breathing(tuple(float(t_s[i]) for i in starts), tuple(float(t_s[i]) for i in peaks), quality, phase)
