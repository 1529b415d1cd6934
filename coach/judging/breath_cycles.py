"""Breaths in a curve that rises with inhalation: when each began, was full and ended, and how certain that is.

People do not breathe like a metronome: at rest the period varies by 16 to 28 % and the depth by a third, with sighs,
pauses and double peaks, and slow breaths carry ripples. So no rhythm is assumed. A breath is a swing that survives when
smaller ones are removed (topological persistence: the smallest swing between neighbouring turning points goes first),
and the count is trusted if it hardly depends on the threshold for 'small'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coach.judging.breath_filters import gaussian
from coach.kinematics.geometry import clip, median, quantile

Array = NDArray[np.float64]

RATE_HZ = 12.0  # common clock; well above any breath
SHARE = 0.30  # of the median swing: smaller ones are ripples, pauses and double peaks within a breath
SHARES = (0.18, 0.24, 0.36, 0.45)  # with any of these instead, the count should be the same
SCALES = (
    1.0,
    0.7,
    0.5,
    0.35,
    0.25,
)  # of the mean swing, to start with: a sigh or a drift makes the mean too large
ROUNDS = 4  # of alternately finding swings and the period that smoothing and trend depend on
LEAST_OF_FIRST = 0.35  # the median swing may fall to this share of the initial one, but not into the noise
TREND_PERIODS = 1.0  # slower changes than this many breaths (sigma of a Gaussian) are trend
SMOOTH_PERIODS, SMOOTH_S = 0.05, (0.15, 0.6)  # faster changes are noise or heartbeat
PERIOD_S = (1.8, 25.0)  # 33 to 2.4 breaths a minute: outside it is something else
EDGE_S = 0.5  # a breath belongs to a stretch if its start and the next start are at most this far outside
EDGE_PERIODS = 0.03  # ... plus this share of a breath, because the end of a flat trough is uncertain by as much
EDGE_LEVEL = 0.7  # weight of the neighbouring trough's level relative to the curve's cut-off end
INHALING, INHALED = 0.25, 0.9  # of the way up an inhalation begins and ends; before and after, the curve may slide
LEAST_SWINGS = 2  # fewer do not show breathing
TWO_BREATHS = 4  # turning points: readings that differ by less than two breaths do not contradict each other
DOUBTFUL = 2  # breaths of disagreement: too many to be counted
NOISE = 4  # breaths of disagreement: of what disagrees by more nothing follows, not even doubt
DOUBT = 0.7  # quality lost per breath of disagreement
GOOD = 0.45  # quality needed to count: readings differ by at most one breath
# Of a hold that is over: no new breath for this long, and for this many of one's own breaths. While it lasts nobody is
# told to breathe before ``gap_s`` have passed.
OWN_RHYTHM_S, OWN_RHYTHM = 12.0, 2.5
SLOW_RHYTHM = 1.5  # a person who pauses like this between all breaths is breathing slowly, not holding


@dataclass(frozen=True, slots=True)
class Breathing:
    """The whole breaths of a stretch of time: when each began, was full, and the next one began. All (n,), seconds.

    quality: 0..1, how little the count depends on the threshold; NaN: nothing measured. phase: of the last breath,
    0..1 from empty to full, NaN if unknown. inhaled_s: start and end of every inhalation seen, including those of
    breaths that were cut off. most: as many there are if a gap that is as long as two breaths was two.
    """

    start_s: tuple[float, ...]
    peak_s: tuple[float, ...]
    end_s: tuple[float, ...]
    quality: float
    phase: float
    inhaled_s: tuple[tuple[float, float], ...] = ()
    most: int = 0

    @property
    def good(self) -> bool:
        """Whether the breaths are clear enough to be counted."""
        return bool(self.quality >= GOOD)

    @property
    def sure_to_one(self) -> bool:
        """Whether the readings differ by less than a breath."""
        return bool(self.quality > 1.0 / (1.0 + DOUBT))

    @property
    def count(self) -> int:
        """Whole breaths: one inhalation and its exhalation each."""
        return len(self.start_s)

    @property
    def rate_per_min(self) -> float:
        """Breaths a minute over the whole breaths; NaN for none."""
        if not self.start_s:
            return float("nan")
        return 60.0 * self.count / (self.end_s[-1] - self.start_s[0])

    def is_held(self, start_s: float, end_s: float, gap_s: float, now: bool = False) -> bool:
        """Whether there was no inhalation for ``gap_s`` between two times, or for far longer than the person's rhythm.

        now: consider only a pause that lasts until the end. Slow breathing does not count: if every pause is like
        that, nothing is held.
        """
        begun = np.array([start_s, *(a for a, _ in self.inhaled_s), end_s])
        full = np.array([start_s, *(b for _, b in self.inhaled_s)])
        pause_s, usual_pause_s = _against_others(begun[1:] - full, now)
        cycle_s, usual_cycle_s = _against_others(np.diff(begun), now)
        if pause_s >= gap_s and not pause_s < SLOW_RHYTHM * usual_pause_s:
            return True
        return cycle_s >= (gap_s if now else OWN_RHYTHM_S) and cycle_s >= OWN_RHYTHM * usual_cycle_s


NOTHING = Breathing((), (), (), float("nan"), float("nan"))


def _against_others(spans: Array, last: bool) -> tuple[float, float]:
    """The longest span, or the last, and the median of the others: NaN if too few to know a rhythm."""
    at = len(spans) - 1 if last else int(np.argmax(spans))
    others = np.delete(spans, at)
    return float(spans[at]), median(others.tolist()) if len(others) >= 3 else float("nan")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A curve (n,) without trend and noise, its persistent turning points, and the size of a swing and a period."""

    scale: float
    course: Array
    turns: NDArray[np.intp]
    swing: float
    period_s: float
    spread: int  # of the count over SHARES


def find_breaths(t_s: Array, depth: Array) -> Breathing:
    """Whole breaths in depth (n,), any unit, rising when inhaling, at t_s (n,), sampled at RATE_HZ. Pure."""
    if len(t_s) < 3 or not np.ptp(depth) > 0:
        return NOTHING
    curve = _Curve(depth)
    best: _Reading | None = None
    for scale in SCALES:
        reading = _read(curve, scale)
        best = reading if best is None or reading.spread < best.spread else best
        if best.spread <= 1:
            break
    assert best is not None
    # Sighs among shallow breaths, or ripples on deep ones: two readings may each be clear. It is the same question as
    # within one reading, whether a swing is small against the others. A finer reading that is not clear itself cannot
    # be counted, but swings that are not small say that the coarse one leaves breaths out; unless it is open by so
    # much that it is of noise.
    finest = reading if reading.scale == SCALES[-1] else _read(curve, SCALES[-1])
    if best.spread <= 1 and finest.spread <= NOISE and len(finest.turns) - len(best.turns) >= TWO_BREATHS:
        share, clear = finest.swing / best.swing, finest.spread <= 1
        best = finest if clear and share >= SHARE else best
        if SHARES[0] < share < SHARES[-1] if clear else share >= SHARE:
            best = replace(best, spread=DOUBTFUL)
    return _breathing(t_s, best)


class _Curve:
    """A curve (n,) of which noise and trend of any size are taken; what has been asked for once is kept."""

    def __init__(self, depth: Array) -> None:
        self._depth = depth
        self._known: dict[tuple[float, float | None], tuple[Array, NDArray[np.intp], Array]] = {}
        clock = np.linspace(-1.0, 1.0, len(depth))
        self._line = depth.mean() + clock * float(clock @ depth / (clock @ clock))
        self.length_s = len(depth) / RATE_HZ

    def without(self, smooth_s: float, trend_s: float | None) -> tuple[Array, NDArray[np.intp], Array]:
        """What is left (n,) and its ``turning_points``. Sigmas of the noise and of the trend; None: a straight line."""
        asked = (smooth_s, trend_s)
        if asked not in self._known:
            trend = self._line if trend_s is None else gaussian(self._depth, trend_s * RATE_HZ)
            course = gaussian(self._depth, smooth_s * RATE_HZ) - trend
            self._known[asked] = (course, *turning_points(course))
        return self._known[asked]


def _read(curve: _Curve, scale: float) -> _Reading:
    smooth_s, trend_s, first, swing = SMOOTH_S[0], None, 0.0, 0.0
    for _ in range(ROUNDS):
        before = smooth_s, trend_s, swing
        course, turns, lasts = curve.without(smooth_s, trend_s)
        if not first:
            inner = np.minimum(lasts, np.ptp(course))
            first = swing = scale * float((inner**3).sum() / (inner**2).sum()) if inner.any() else 1.0
        kept = turns[lasts >= SHARE * swing]
        swing = max(LEAST_OF_FIRST * first, median(np.abs(np.diff(course[kept])).tolist())) if len(kept) > 1 else first
        inside = kept[1:-1]
        apart = (inside[2:] - inside[:-2]) / RATE_HZ
        period_s = median(apart.tolist()) if len(apart) else curve.length_s
        if len(inside) > 4:
            trend_s = TREND_PERIODS * period_s
        smooth_s = min(max(SMOOTH_PERIODS * period_s, SMOOTH_S[0]), SMOOTH_S[1])
        if (smooth_s, trend_s, swing) == before:
            break  # another round would find the same
    counts = [_troughs(course, turns[lasts >= share * swing]) for share in (SHARE, *SHARES)]
    spread = max(counts) - min(counts)
    if not PERIOD_S[0] <= period_s <= PERIOD_S[1]:
        spread += 5
    return _Reading(scale, course, turns[lasts >= SHARE * swing], swing, period_s, spread)


def turning_points(course: Array) -> tuple[NDArray[np.intp], Array]:
    """Where a curve (n,) turns, including both ends (k,), and up to which size of swing each turn persists (k,).

    The smallest swing between neighbours is removed first, with both its turns, or at an end with the end only.
    """
    slope = np.sign(np.diff(course))
    moving = np.flatnonzero(slope)
    turns = np.array([0, *moving[1:][slope[moving][1:] != slope[moving][:-1]], len(course) - 1], dtype=np.intp)
    lasts = [np.inf] * len(turns)
    left = list(range(len(turns)))
    swings = np.abs(np.diff(course[turns])).tolist()
    size = 0.0
    while len(swings) > 1:
        smallest = min(swings)
        at = swings.index(smallest)
        size = max(size, smallest)
        if at == 0 or at == len(swings) - 1:
            gone = 0 if at == 0 else len(left) - 1
            lasts[left.pop(gone)] = size
            swings.pop(at)
        else:
            lasts[left[at]] = lasts[left[at + 1]] = size
            del left[at : at + 2]
            swings[at - 1 : at + 2] = [swings[at - 1] - swings[at] + swings[at + 1]]
    return turns, np.array(lasts)


def _troughs(course: Array, turns: NDArray[np.intp]) -> int:
    level = course[turns]
    return int((level[1:-1] < level[:-2]).sum())


def _breathing(t_s: Array, reading: _Reading) -> Breathing:
    course, turns = reading.course, reading.turns
    rises = [(int(a), int(b)) for a, b in zip(turns[:-1], turns[1:], strict=True) if course[b] > course[a]]
    starts = _starts(reading, rises)
    whole = list(zip(starts[:-1], starts[1:], strict=True))
    tops = [a + int(np.argmax(course[int(a) : int(b) + 1])) for a, b in whole]
    ordered = np.sort(course).tolist()
    low, high = quantile(ordered, 0.05), quantile(ordered, 0.95)
    quality = 1.0 / (1.0 + DOUBT * reading.spread)
    if len(turns) - 1 < LEAST_SWINGS:
        quality = min(quality, GOOD / 2)

    def at(sample: float) -> float:
        return float(t_s[0] + sample / RATE_HZ)

    return Breathing(
        tuple(at(a) for a, _ in whole),
        tuple(at(top) for top in tops),
        tuple(at(b) for _, b in whole),
        quality,
        clip(float(course[-1] - low) / (high - low), 0.0, 1.0) if high > low else float("nan"),
        tuple((at(_crossing(course, a, b, INHALING)), at(_crossing(course, a, b, INHALED))) for a, b in rises),
        _most(starts, len(course) - 1),
    )


def _most(starts: list[float], last: int) -> int:
    """Breaths between starts (samples) if those that are twice as long as usual, or more, were as many more; with what
    is free for another before and after them."""
    spans = [b - a for a, b in zip(starts[:-1], starts[1:], strict=True)]
    if not spans:
        return 0
    usual = median(spans)
    before, after = (math.floor(free / usual + 0.5) for free in (starts[0], last - starts[-1]))
    return before + sum(max(1, math.floor(span / usual + 0.5)) for span in spans) + after


def _starts(reading: _Reading, rises: list[tuple[int, int]]) -> list[float]:
    """Samples at which inhalations began, including those just outside: one under way as the stretch begins, and one
    due as it ends. Both are inferred from when the curve crosses half its height, which neither a flat trough nor a
    plateau blurs, and from how long this takes in the other breaths."""
    course, turns, last = reading.course, reading.turns, len(reading.course) - 1
    cut = bool(rises) and rises[0][1] == turns[1]  # the stretch begins with a rise
    inner = rises[1:] if cut else rises
    starts = [float(a) for a, _ in inner]
    if course[turns[-1]] < course[turns[-2]] and turns[-1] != last and len(turns) > 2:
        starts.append(float(turns[-1]))  # seen to turn
    falls = [(b, int(turns[list(turns).index(b) + 1])) for _, b in inner if b != turns[-1]]
    falls = [(a, b) for a, b in falls if b != turns[-1]]
    tolerance = EDGE_S * RATE_HZ + EDGE_PERIODS * reading.period_s * RATE_HZ

    def usual(spans: list[float], otherwise: float) -> float:
        return median(spans) if spans else otherwise * reading.period_s * RATE_HZ

    if cut:
        low, high = rises[0]
        level = _level(course, low, int(turns[2]) if len(turns) > 2 else low)
        half = _crossing(course, low, high, 0.5, level)
        rise = usual([_crossing(course, a, b, 0.5) - a for a, b in inner if b != turns[-1]], 0.3)
        begun = max(half - rise, float(low) if turns[0] else -np.inf)
        if begun >= -tolerance:
            starts.insert(0, max(begun, 0.0))
    if course[turns[-1]] < course[turns[-2]] and turns[-1] == last:
        high, low = int(turns[-2]), last
        level = _level(course, low, int(turns[-3]) if len(turns) > 2 else low)
        if course[low] < (level + course[high]) / 2:
            fall = usual([b - _crossing(course, a, b, 0.5) for a, b in falls], 0.4)
            due = _crossing(course, high, low, 0.5, level) + fall
            if due <= last + tolerance:
                starts.append(min(due, float(last)))
    return starts


def _level(course: Array, cut: int, trough: int) -> float:
    """Level of a trough seen from one side only."""
    return float(min(course[cut], EDGE_LEVEL * course[trough] + (1 - EDGE_LEVEL) * course[cut]))


def _crossing(course: Array, start: int, end: int, share: float, low: float | None = None) -> float:
    """First sample at which a share of the way between two turns is done; low: the lower level, if different."""
    part = course[start : end + 1]
    rising = part[-1] > part[0]
    if low is None:
        low = float(min(part[0], part[-1]))
    high = float(max(part[0], part[-1]))
    level = low + (share if rising else 1 - share) * (high - low)
    beyond = np.flatnonzero(part >= level) if rising else np.flatnonzero(part <= level)
    return float(start + (beyond[0] if len(beyond) else len(part) - 1))
