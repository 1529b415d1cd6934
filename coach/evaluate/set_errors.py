"""By how much the figures of a whole set are off: what tells a change between two sessions from chance. Pure.

The figures are those that coach.sharing.session_figures compares: medians of a set's clean repetitions, or what a hold
says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from coach.evaluate.agreement import LEAST, mdc95_of
from coach.evaluate.truth import TrueHold, TrueMovement, TrueSet
from coach.session.result import depth
from coach.sharing.measurement_error import DETECTABLE
from coach.to_json import known

Item = Mapping[str, Any]
Matched = Sequence[tuple[TrueMovement, Item | None]]
LEAST_REPETITIONS = 3  # a median of fewer is no figure of a set


@dataclass(frozen=True, slots=True)
class SetError:
    """One figure of one set, in the unit of its name. set: its number in the clip."""

    exercise: str
    set: int
    figure: str
    true: float
    found: float

    @property
    def error(self) -> float:
        """Found minus true."""
        return self.found - self.true


@dataclass(frozen=True, slots=True)
class SetFigure:
    """A figure over sets. bias: mean error; sem: its standard deviation; in_use: the MDC95 that comparisons use.

    sem is NaN for fewer than three sets, in_use where comparisons have none.
    """

    exercise: str
    figure: str
    sets: int
    bias: float
    sem: float
    in_use: float

    @property
    def mdc95(self) -> float:
        """The smallest change between two sessions that is not chance at 95 %."""
        return mdc95_of(self.sem)


def repetition_errors(exercise: str, matched: Matched, sets: Sequence[TrueSet]) -> Iterator[SetError]:
    """Errors of each set of repetitions. matched: true ones with those found; sets: none means one set."""
    spans = [(one.number, one.start_s, one.end_s) for one in sets] or [(1, -math.inf, math.inf)]
    for number, start_s, end_s in spans:
        clean = [
            (true, found)
            for true, found in matched
            if found is not None and found["counted"] and true.clean and start_s <= true.bottom_s <= end_s
        ]
        for figure, pairs in (
            ("depth_deg", [(true.drop_deg, _depth(found)) for true, found in clean]),
            ("lowering_s", [(true.lowering_s, _number(found, "lowering_s")) for true, found in clean]),
            ("raising_s", [(true.raising_s, _number(found, "raising_s")) for true, found in clean]),
        ):
            told = [pair for pair in pairs if all(map(math.isfinite, pair))]
            if len(told) >= LEAST_REPETITIONS:
                yield SetError(
                    exercise, number, figure, median(true for true, _ in told), median(found for _, found in told)
                )


def hold_errors(exercise: str, true: TrueHold, found: Item | None) -> Iterator[SetError]:
    """Errors of a hold that was found and counted."""
    if found is None or not found["counted"]:
        return
    starts = np.diff(true.breath_start_s)
    rate = 60 / float(starts.mean()) if len(starts) > 1 else math.nan
    for figure, value, measured in (
        ("depth_deg", known(true.open_deg), _depth(found)),
        ("held_s", true.end_s - true.start_s, _number(found, "held_s")),
        ("breaths", known(true.breaths), _number(found, "breaths")),
        ("breath_rate_per_min", rate, _number(found, "breath_rate_per_min")),
    ):
        if math.isfinite(value) and math.isfinite(measured):
            yield SetError(exercise, 1, figure, value, measured)


def set_figures(errors: Sequence[SetError]) -> list[SetFigure]:
    """What they come to, by exercise and figure, in the order in which they were met."""
    found = []
    for exercise, figure in dict.fromkeys((each.exercise, each.figure) for each in errors):
        off = np.array([each.error for each in errors if (each.exercise, each.figure) == (exercise, figure)])
        used = DETECTABLE.get((exercise, figure))
        in_use = math.nan if used is None else used.value
        sem = float(off.std(ddof=1)) if len(off) >= LEAST else math.nan
        found.append(SetFigure(exercise, figure, len(off), float(off.mean()), sem, in_use))
    return found


def _depth(found: Item) -> float:
    measured = depth(found)
    return math.nan if measured is None or measured.value is None else measured.value


def _number(found: Item, name: str) -> float:
    return known(found.get(name))
