"""Breaths from image motion of the trunk. Pure: motion grids and times in, breaths out.

The grids (``coach.perception.trunk_flow``) are summed to positions and decomposed; each strong component is read as a
breathing curve (``coach.judging.breath_cycles``), and the one that reads most clearly is the breath. On rendered people
it follows the true breath with r = 0.7 to 0.95, while the plain mean motion has 0.3 to 0.8. The assumption: chest and
belly move outwards together, while the strap arm and the raised leg, which also cover the box, move at other times.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.judging.breath_cycles import NOTHING, RATE_HZ, Breathing, find_breaths
from coach.types import FloatArray

Array = NDArray[np.float64]

BAND_HZ = (0.04, 0.7)  # of the decomposed motion: 2.4 to 40 breaths a minute
BLOCK = 2  # cells averaged in each direction before the decomposition: a quarter of the numbers, the same breaths
COMPONENTS = 3  # breathing was among the first three in every clip
LEAST_SHARE = 0.05  # of the variance: a component that explains less is noise, however regular
AROUND = 0.3  # of its frequency: breaths vary by this much
PERIODS = 3.0  # needed for a rhythm
DIRECTIONS = 40  # tried between the components: 3 axes and 40 more leave gaps of 15 degrees
SHARE_POWER = 0.25  # exponent of the share of motion: breathing is often not the strongest
LEAST_SPAN_S = 4.0  # shorter stretches hold no whole breath
KEPT_S = 200.0  # of motion: longer than any hold
COHERENT = -0.25  # of a breathing component: it has -0.1 to 0.4, independent noise in every cell -0.35 to -0.5


class BreathTracker:
    """Keeps the trunk's motion over the last minutes, and reads breaths from any stretch of it."""

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
        """The breaths in a stretch; NOTHING if too little was measured."""
        chosen = [(t, grid) for t, grid in self._motion if start_s <= t <= end_s]
        if len(chosen) < 20 or chosen[-1][0] - chosen[0][0] < LEAST_SPAN_S:
            return NOTHING
        t_s = np.array([t for t, _ in chosen])
        return read_breaths(t_s, np.array([grid for _, grid in chosen], float))


def read_breaths(t_s: Array, motion: Array) -> Breathing:
    """The breaths in motion (k, rows, columns, 2) at (k,): from the likeliest curve that reads clearly."""
    first = NOTHING
    for clock, course in breathing_courses(t_s, motion):
        found = find_breaths(clock, course)
        if found.good:
            return found
        first = found if first is NOTHING else first
    return first


def breathing_courses(t_s: Array, motion: Array) -> Iterator[tuple[Array, Array]]:
    """Times (n,) and depth of breath (n,), full positive, of motion (k, rows, columns, 2) at (k,), likeliest first.

    Arm, leg and pelvis mix into the components, so breathing is sought in all directions between the strongest. A held
    breath has no rhythm to find it by, so the components themselves are tried afterwards.
    """
    from scipy.signal import butter, sosfiltfilt

    clock = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
    place = np.cumsum(motion.reshape(len(motion), -1), axis=0)
    place = np.stack([np.interp(clock, t_s, column) for column in place.T], axis=1)
    # Subtracting a straight line from each cell removes slow sliding, which would ring at the filter's ends.
    share = np.linspace(0, 1, len(clock))
    centred = share - share.mean()
    slope = centred @ place / float(centred @ centred)
    place = place - place.mean(axis=0) - centred[:, None] * slope
    band = butter(2, BAND_HZ, "band", fs=RATE_HZ, output="sos")
    passed = sosfiltfilt(band, place, axis=0, padlen=min(len(place) - 1, int(10 * RATE_HZ)))
    left, size, right = strongest_components(passed, COMPONENTS)
    if not size[0] > 0:
        return
    weights = directions(COMPONENTS, DIRECTIONS)[:, : len(size)]
    courses = weights @ (left * size).T
    shares = (courses**2).sum(axis=1) / float(np.sum(passed**2))
    scores = np.array([rhythm(course) for course in courses]) * shares**SHARE_POWER
    best = int(np.argmax(np.where(shares < LEAST_SHARE, 0.0, scores)))
    for i in dict.fromkeys([best, *range(len(size))]):
        loading = (weights[i] @ right).reshape(motion.shape[1:])
        # Integrated noise looks like a slow rhythm, but neighbouring cells do not move together.
        if shares[i] < LEAST_SHARE or coherence(loading) <= COHERENT:
            continue
        course = courses[i] / float(np.std(courses[i]))
        sign = float(np.sign(_inhaling(course, loading)) or 1.0)
        # From the unfiltered motion: the band's lower edge would turn a slow breath into ripples.
        yield clock, sign * (place @ loading.ravel())


@lru_cache(maxsize=2)
def directions(dimensions: int, count: int) -> Array:
    """Unit vectors (dimensions + count, dimensions): the axes, and evenly spread others, always the same."""
    spread = np.random.default_rng(0).normal(size=(count, dimensions))
    return np.concatenate([np.eye(dimensions), spread / np.linalg.norm(spread, axis=1, keepdims=True)])


def strongest_components(values: Array, count: int) -> tuple[Array, Array, Array]:
    """The first ``count`` of the singular value decomposition (n, c), (c,), (c, m) of values (n, m).

    From the eigenvectors of the smaller Gram matrix: a tenth of the time of a full decomposition.
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
    """Evidence for the curve rising (positive) or falling with inhalation.

    Inhaling lifts chest and belly (upwards in the picture of a lying person), is quicker than exhaling, and the pause
    follows exhalation: three signs that are added, because none always shows.
    """
    size = np.linalg.norm(loading, axis=-1)
    lift = -float((loading[..., 1] * size).sum() / (size**2).sum())
    speed = np.diff(course)
    quicker = float(np.mean(speed**3) / np.std(speed) ** 3)
    pause = float(np.mean((course - course.mean()) ** 3))
    return lift + quicker + 0.5 * pause


def coherence(loading: Array) -> float:
    """How alike neighbouring cells move in a component's loading (rows, columns, 2): 1 as one, -0.4 at random."""
    steps = np.abs(np.diff(loading, axis=0)).mean() + np.abs(np.diff(loading, axis=1)).mean()
    return float(1 - steps / (2 * np.abs(loading).mean()))


def rhythm(course: Array) -> float:
    """Share of a curve's power around its strongest frequency: 1 for a steady rhythm, less with too few periods to
    call it one."""
    power = np.abs(np.fft.rfft(course * np.hanning(len(course)), 2048)) ** 2
    frequency = np.fft.rfftfreq(2048, 1 / RATE_HZ)
    strongest = float(frequency[int(np.argmax(power))])
    length_s = len(course) / RATE_HZ
    near = np.abs(frequency - strongest) < max(1 / length_s, AROUND * strongest)
    return float(power[near].sum() / power.sum()) * min(1.0, strongest * length_s / PERIODS)
