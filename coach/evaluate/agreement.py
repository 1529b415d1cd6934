"""Agreement of two or more raters on the same things, in the figures of the field. Pure.

Sources: Shrout & Fleiss 1979 (ICC), McGraw & Wong 1996 (its confidence interval), Koo & Li 2016 (which ICC to report,
and what to call it), de Vet 2006 and Weir 2005 (SEM and MDC), Bland & Altman 1986 (limits of agreement), Cohen 1960
(kappa).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Z95 = 1.96
LEAST = 3  # pairs: fewer say nothing of a spread
# Koo & Li 2016: reliability below each bound.
WORDS = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"), (math.inf, "excellent"))


def mdc95_of(sem: float) -> float:
    """The minimal detectable change at 95 % of a standard error of measurement: 1.96 sqrt(2) SEM (Weir 2005)."""
    return Z95 * math.sqrt(2) * sem


@dataclass(frozen=True, slots=True)
class Icc:
    """ICC(2,1): two-way random effects, absolute agreement, one rater. low, high: its 95 % confidence interval.

    sem: standard error of measurement (agreement), in the unit of the ratings.
    """

    value: float
    low: float
    high: float
    sem: float

    @property
    def mdc95(self) -> float:
        """The smallest change between two measurements that is not chance at 95 %."""
        return mdc95_of(self.sem)

    @property
    def words(self) -> str:
        """Koo & Li's words for the interval, such as "moderate to good"; empty where there is none."""
        if math.isnan(self.low) or math.isnan(self.high):
            return ""
        low, high = (next(word for bound, word in WORDS if value < bound) for value in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bland and Altman's limits of agreement of n differences, b minus a.

    bias: their mean, with its 95 % confidence interval; sd: their standard deviation; low, high: bias -/+ 1.96 sd.
    """

    n: int
    bias: float
    bias_low: float
    bias_high: float
    sd: float
    low: float
    high: float


def icc_2_1(ratings: ArrayLike) -> Icc:
    """ICC(2,1) of ratings of shape (things, raters). All NaN for fewer than three things or a single rater.

    Raises ValueError where a rating is missing.
    """
    table = np.asarray(ratings, float)
    if table.ndim != 2 or table.shape[0] < LEAST or table.shape[1] < 2:
        return Icc(math.nan, math.nan, math.nan, math.nan)
    if not np.isfinite(table).all():
        raise ValueError("a rating is missing")
    n, k = table.shape
    middle = table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    between = k * ((rows - middle) ** 2).sum() / (n - 1)  # mean squares: things, raters, what is left
    raters = n * ((columns - middle) ** 2).sum() / (k - 1)
    left = ((table - rows[:, None] - columns + middle) ** 2).sum() / ((n - 1) * (k - 1))
    sem = math.sqrt(max(0.0, (raters - left) / n) + left)
    whole = between + (k - 1) * left + k * (raters - left) / n
    if whole <= 0:  # all ratings are the same
        return Icc(math.nan, math.nan, math.nan, sem)
    value = float((between - left) / whole)
    low, high = _interval(value, float(between), float(raters), float(left), n, k)
    return Icc(value, low, high, sem)


def _interval(icc: float, between: float, raters: float, left: float, n: int, k: int) -> tuple[float, float]:
    """95 % confidence interval of ICC(2,1) (Shrout & Fleiss 1979, their page 424; McGraw & Wong 1996, Table 7)."""
    if left <= 0:  # the raters differ by a constant at the most: no scatter to tell from
        return (icc, icc) if raters <= 0 else (math.nan, math.nan)
    from scipy.stats import f

    ratio = raters / left
    whole = n * (1 + (k - 1) * icc) - k * icc
    degrees = (k - 1) * (n - 1) * (k * icc * ratio + whole) ** 2 / ((n - 1) * (k * icc * ratio) ** 2 + whole**2)
    upper, lower = f.ppf(0.975, n - 1, degrees), f.ppf(0.975, degrees, n - 1)
    rest = k * raters + (k * n - k - n) * left
    return (
        float(n * (between - upper * left) / (upper * rest + n * between)),
        float(n * (lower * between - left) / (rest + n * lower * between)),
    )


def limits_of_agreement(a: ArrayLike, b: ArrayLike) -> Limits:
    """Limits of agreement of b with a, each of shape (n,). All but n is NaN for fewer than three pairs."""
    difference = np.asarray(b, float) - np.asarray(a, float)
    n = len(difference)
    if n < LEAST:
        return Limits(n, *[math.nan] * 6)
    from scipy.stats import t

    bias, sd = float(difference.mean()), float(difference.std(ddof=1))
    margin = float(t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    return Limits(n, bias, bias - margin, bias + margin, sd, bias - Z95 * sd, bias + Z95 * sd)


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Cohen's kappa of two raters' categories for the same things. NaN where there is nothing to tell apart.

    Raises ValueError where one rated more things than the other.
    """
    if len(a) != len(b):
        raise ValueError(f"{len(a)} ratings against {len(b)}")
    if not a:
        return math.nan
    n = len(a)
    agreed = sum(x == y for x, y in zip(a, b, strict=True)) / n
    of_a, of_b = Counter(a), Counter(b)
    by_chance = sum(of_a[name] * of_b[name] for name in of_a) / n**2
    return math.nan if by_chance >= 1 else (agreed - by_chance) / (1 - by_chance)
