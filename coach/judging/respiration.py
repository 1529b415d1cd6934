"""Breaths from image motion of the trunk. Pure: motion grids and times in, breaths out.

The grids (``coach.perception.trunk_flow``) are summed to positions and decomposed; each strong component is read as a
breathing curve (``coach.judging.breath_cycles``), and the one that reads most clearly is the breath. On rendered people
it follows the true breath with r = 0.8 to 1, the plain mean motion with 0.3 to 0.8. The assumption: chest and belly
move outwards together, while the strap arm and the raised leg, which also cover the box, move at other times. When the
legs moved is known from their own motion, so a curve that follows them is not taken for breath.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.judging.breath_cycles import DOUBT, NOTHING, RATE_HZ, Breathing, find_breaths
from coach.judging.breath_filters import band_pass
from coach.kinematics.geometry import median
from coach.types import FloatArray, Part

Array = NDArray[np.float64]

BAND_HZ = (0.04, 0.7)  # of the decomposed motion: 2.4 to 40 breaths a minute
BLOCK = 2  # cells averaged in each direction before the decomposition: a quarter of the numbers, the same breaths
COMPONENTS = 6  # a moving leg takes the first two or three; breathing was among six in every clip
LEAST_SHARE = 0.05  # of the variance: a component that explains less is noise, however regular
CLEAR_SHARE = 0.25  # of the motion: a breath that is less of it is not surely read, since the others leak into it
AROUND = 0.3  # of its frequency: breaths vary by this much
SPECTRUM = 2048  # samples of its transform
PERIODS = 3.0  # needed for a rhythm
DIRECTIONS = 300  # tried between the components
SHARE_POWER = 0.75  # exponent of the share of motion: breathing is often not the strongest
# What moves with the raised leg is leg, and the strap pulls the arm along with it.
LEGS = np.array(
    [
        Part.LEFT_FOOT_MOVING,
        Part.RIGHT_FOOT_MOVING,
        Part.LEFT_SHANK,
        Part.RIGHT_SHANK,
        Part.LEFT_KNEE,
        Part.RIGHT_KNEE,
    ]
)
# Explained by the legs: up to 0.4 by chance. What is nearly all leg is not read, even if nothing better is found.
MOST_LEG = 0.7
LEG_COURSES = 2  # a leg moves in two directions; more would explain away a breath of few periods by chance
NEARLY, ALIKE = 0.8, 0.6  # score and correlation with the likeliest: such sums are the same breath, and are averaged
TRIED = 3  # components that are read if the likeliest sum does not read clearly
RIVAL, RIVALS, SAME = 0.7, 7, 0.97  # least score, number and correlation of sums that are asked for their count
EDGES_S = 0.75  # of a stretch, that the components are not taken from
LEAST_SPAN_S = 4.0  # shorter stretches hold no whole breath
KEPT_S = 200.0  # of motion: longer than any hold
COHERENT = -0.15  # of a breathing sum: it has -0.1 to 0.4; the best of 300 sums of independent noise -0.35 to -0.18


class BreathTracker:
    """Keeps the trunk's motion over the last minutes, and reads breaths from any stretch of it."""

    def __init__(self) -> None:
        self._motion: deque[tuple[float, FloatArray, Array]] = deque()
        self._legs: Array = np.zeros(2 * len(LEGS))

    def add(self, t_s: float, chest_px: FloatArray | None, motion: FloatArray | None = None) -> None:
        """Take the motion of the chest's grid and of the body's parts (17, 3) in one frame; None is a gap."""
        if motion is not None:
            legs = motion[LEGS, :2].ravel()
            self._legs = self._legs + np.where(np.isfinite(legs), legs, 0.0)
        if chest_px is None:
            return
        rows, columns = (size // BLOCK for size in chest_px.shape[:2])
        coarse = chest_px.reshape(rows, BLOCK, columns, BLOCK, 2).sum((1, 3)) / np.float32(BLOCK**2)
        self._motion.append((t_s, coarse, self._legs))
        while t_s - self._motion[0][0] > KEPT_S:
            self._motion.popleft()

    def between(self, start_s: float, end_s: float, doubt: bool = False) -> Breathing:
        """The breaths in a stretch; NOTHING if too little was measured. doubt: see ``read_breaths``."""
        chosen = [each for each in self._motion if start_s <= each[0] <= end_s]
        if len(chosen) < 20 or chosen[-1][0] - chosen[0][0] < LEAST_SPAN_S:
            return NOTHING
        t_s, motion, legs = (np.array(column, float) for column in zip(*chosen, strict=True))
        return read_breaths(t_s, motion, legs, doubt)


def read_breaths(t_s: Array, motion: Array, legs: Array | None = None, doubt: bool = False) -> Breathing:
    """The breaths in motion (k, rows, columns, 2) at (k,): from the likeliest curve that reads clearly.

    legs: where the parts of the legs are, (k, m), any unit; None if not measured. doubt: whether curves that are nearly
    as likely are read, too, for a hold that is over: the count is the middle one of all, the quality is the lower the
    more they differ, and the most is that of any that is sure.
    """
    mixture = _unmix(t_s, motion, legs)
    if mixture is None:
        return NOTHING
    first, found = NOTHING, NOTHING
    clear = 1.0
    for i, weights in enumerate(mixture.likeliest()):
        if i == 0:
            clear = mixture.clarity(weights)
        found = mixture.read(weights, clear)
        if found.good:
            break
        first = found if first is NOTHING else first
    if not found.good:
        return first
    if not doubt:
        return found
    readings = [found, *(mixture.read(weights, clear) for weights in mixture.nearly_as_likely())]
    counts = np.array([reading.count for reading in readings])
    middle = median(counts.tolist())
    if found.count != middle:
        middle = np.sort(counts)[len(counts) // 2]
        found = max((each for each in readings if each.count == middle), key=lambda each: each.quality)
    differ = float(np.mean(np.abs(counts - middle)))
    most = max(each.most for each in readings if each is found or each.sure_to_one)
    return replace(found, quality=found.quality / (1.0 + DOUBT * differ), most=most)


@dataclass(frozen=True, slots=True)
class _Mixture:
    """The trunk's motion as a few courses that breath, arm, leg and pelvis mix into, and which sums may be breath.

    clock (n,); place (n, cells), straightened; courses (m, k) in the band, without the ends;
    loadings (k, cells); weights (c, k) of the sums that were tried, and how likely each is breath (c,), 0 for what
    cannot be. shape: of a loading.
    """

    clock: Array
    place: Array
    courses: Array
    loadings: Array
    weights: Array
    scores: Array
    shape: tuple[int, ...]

    def likeliest(self) -> Iterator[Array]:
        """Weights (k,) of what may be breath: the mean of the likeliest sums first. A held breath has no rhythm to find
        it by, so the components themselves follow."""
        best = int(np.argmax(self.scores))
        if self.scores[best] > 0:
            alike = self._likeness(best)
            near = (self.scores >= NEARLY * self.scores[best]) & (np.abs(alike) > ALIKE)
            yield np.asarray((self.scores * np.sign(alike))[near] @ self.weights[near])
        for i in range(min(TRIED, self.courses.shape[1])):
            if self.scores[i] > 0:
                yield self.weights[i]

    def nearly_as_likely(self) -> Iterator[Array]:
        """Weights (k,) of sums that differ from each other, likeliest first."""
        order = np.argsort(-self.scores)
        taken: list[int] = []
        for i in order[self.scores[order] >= RIVAL * self.scores[order[0]]]:
            if all(abs(self._likeness(int(i))[k]) < SAME for k in taken):
                taken.append(int(i))
                yield self.weights[i]
            if len(taken) == RIVALS:
                return

    def _likeness(self, i: int) -> Array:
        """Correlation (c,) of the i-th sum with every one."""
        product = self.courses.T @ self.courses
        size = np.sqrt(np.einsum("ck,kl,cl->c", self.weights, product, self.weights))
        return np.asarray(self.weights @ product @ self.weights[i] / np.maximum(size * size[i], 1e-12))

    def clarity(self, weights: Array) -> float:
        """How clear of the rest a sum is, 0 to 1: what is a small share of all that moved never is."""
        course = self.courses @ weights
        share = float(course @ course / (weights @ weights) / np.sum(self.courses**2))
        return min(1.0, share / CLEAR_SHARE)

    def read(self, weights: Array, clear: float = 1.0) -> Breathing:
        """The breaths in a sum; clear: of the likeliest one."""
        found = find_breaths(self.clock, self._depth(weights))
        return replace(found, quality=found.quality * clear)

    def _depth(self, weights: Array) -> Array:
        """Depth of breath (n,), full positive. From the unfiltered motion: the band's lower edge would turn a slow
        breath into ripples."""
        loading = weights @ self.loadings
        course = self.courses @ weights
        sign = float(np.sign(_inhaling(course / float(np.std(course)), loading.reshape(self.shape))) or 1.0)
        return np.asarray(sign * (self.place @ loading))


def _unmix(t_s: Array, motion: Array, legs: Array | None) -> _Mixture | None:
    """Arm, leg and pelvis mix into the components, so breathing is sought in all directions between the strongest."""
    clock = np.arange(t_s[0], t_s[-1], 1 / RATE_HZ)
    place = _straightened(clock, t_s, np.cumsum(motion.reshape(len(motion), -1), axis=0))
    passed = _in_band(place)
    # At the ends of a hold the leg is on its way: what it is there says little about what it is in between.
    inner = slice(at := min(int(EDGES_S * RATE_HZ), len(clock) // 16), len(clock) - at)
    passed = passed[inner]
    left, size, loadings = strongest_components(passed, COMPONENTS)
    if not size[0] > 0:
        return None
    weights = directions(COMPONENTS, DIRECTIONS)[:, : len(size)]
    courses = left * size
    sums = weights @ courses.T
    shares = (sums**2).sum(axis=1) / float(np.sum(passed**2))
    scores = rhythms(courses, weights) * shares**SHARE_POWER
    if legs is not None:
        leg = _explained(sums, _in_band(_straightened(clock, t_s, legs))[inner])
        scores *= np.where(leg < MOST_LEG, 1 - leg, 0.0)
    shape = motion.shape[1:]
    scores[shares < LEAST_SHARE] = 0.0
    # Integrated noise looks like a slow rhythm, but neighbouring cells do not move together.
    asked = np.flatnonzero(scores > 0)
    noise = coherence((weights[asked] @ loadings).reshape(-1, *shape)) <= COHERENT
    scores[asked[noise]] = 0.0
    return _Mixture(clock, place, courses, loadings, weights, scores, shape)


def _straightened(clock: Array, t_s: Array, place: Array) -> Array:
    """Positions (k, m) at (k,) on the clock (n,), less each one's straight line: slow sliding would ring at the
    filter's ends."""
    after = np.clip(np.searchsorted(t_s, clock, side="right"), 1, len(t_s) - 1)
    before = after - 1
    part = (clock - t_s[before]) / (t_s[after] - t_s[before])
    place = place[before] + part[:, None] * (place[after] - place[before])
    share = np.linspace(0, 1, len(clock))
    centred = share - share.mean()
    slope = centred @ place / float(centred @ centred)
    return np.asarray(place - place.mean(axis=0) - centred[:, None] * slope)


def _in_band(place: Array) -> Array:
    return band_pass(place, *BAND_HZ, RATE_HZ, padded=int(10 * RATE_HZ))


def _explained(courses: Array, legs: Array) -> Array:
    """Share (c,) of each course's (c, n) variance that the main courses of the legs (n, m) explain."""
    main, size, _ = strongest_components(legs, LEG_COURSES)
    main = main[:, size > 0]
    return np.asarray(((courses @ main) ** 2).sum(axis=1) / np.maximum((courses**2).sum(axis=1), 1e-12))


@lru_cache(maxsize=2)
def directions(dimensions: int, count: int) -> Array:
    """Unit vectors (dimensions + count, dimensions): the axes, and evenly spread others, always the same."""
    spread = np.random.default_rng(0).normal(size=(count, dimensions))
    return np.concatenate([np.eye(dimensions), spread / np.linalg.norm(spread, axis=1, keepdims=True)])


def strongest_components(values: Array, count: int) -> tuple[Array, Array, Array]:
    """The first ``count`` of the singular value decomposition (n, c), (c,), (c, m) of values (n, m).

    From the eigenvectors of the smaller Gram matrix: a quarter of the time of a full decomposition. All of them,
    although SciPy finds the last few in half the time: its import takes longer than all readings of a long hold.
    """
    wide = values.shape[0] <= values.shape[1]
    power, vectors = np.linalg.eigh(values @ values.T if wide else values.T @ values)
    size = np.sqrt(np.maximum(power[: -count - 1 : -1], 0.0))
    vectors = vectors[:, : -count - 1 : -1]
    # Either sign is right, and which one comes depends on the library: the same everywhere, so that counts are.
    vectors = vectors * np.sign(np.take_along_axis(vectors, np.abs(vectors).argmax(0)[None], 0))
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


def coherence(loadings: Array) -> Array:
    """How alike neighbouring cells move in each loading (c, rows, columns, 2): 1 as one, -0.4 at random; (c,)."""
    size = np.abs(loadings)
    down = np.abs(np.diff(loadings, axis=1)).mean((1, 2, 3))
    across = np.abs(np.diff(loadings, axis=2)).mean((1, 2, 3))
    return np.asarray(1 - (down + across) / (2 * size.mean((1, 2, 3))))


def rhythms(courses: Array, weights: Array) -> Array:
    """Share of the power of each sum (c,) of courses (n, k), weighted by (c, k), around its strongest frequency.

    1 for a steady rhythm, less with too few periods to call it one.
    """
    length = len(courses)
    frequency = np.fft.rfftfreq(SPECTRUM, 1 / RATE_HZ)
    heard = frequency <= 2 * BAND_HZ[1]  # above is nothing left
    frequency = frequency[heard]
    spectra = np.fft.rfft(courses * np.hanning(length)[:, None], SPECTRUM, axis=0)[heard]
    power = (weights @ spectra.real.T) ** 2 + (weights @ spectra.imag.T) ** 2
    # Many sums have the same strongest frequency, and what is near it is found once.
    peaks, which = np.unique(np.argmax(power, axis=1), return_inverse=True)
    strongest = frequency[peaks]
    length_s = length / RATE_HZ
    near = np.abs(frequency - strongest[:, None]) < np.maximum(1 / length_s, AROUND * strongest)[:, None]
    steady = (power @ near.T)[np.arange(len(power)), which] / power.sum(axis=1)
    return np.asarray(steady * np.minimum(1.0, strongest[which] * length_s / PERIODS))
