"""The quantities that are measured in a unit: true and found values of all clips, their agreement, and bias by person.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coach.evaluate.agreement import Icc, Limits, icc_2_1, limits_of_agreement
from coach.evaluate.score import ClipScore

Pairs = Iterator[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something measured. pairs: true and found values of a clip."""

    key: str
    name: str
    unit: str
    pairs: Callable[[ClipScore], Pairs]


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value beside the true one, and whose it is."""

    person: str
    true: float
    found: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the coach agrees with the truth about one quantity."""

    key: str
    name: str
    unit: str
    points: tuple[Point, ...]
    limits: Limits
    icc: Icc


@dataclass(frozen=True, slots=True)
class PersonBias:
    """One person's errors of one quantity, found minus true: their mean, standard deviation and mean size."""

    person: str
    key: str
    n: int
    bias: float
    sd: float
    mae: float


def _drops(score: ClipScore) -> Pairs:
    return ((depth.true_deg, depth.found_deg) for depth in score.depths)


def _openings(score: ClipScore) -> Pairs:
    hold = score.hold
    if hold is not None and hold.open_true_deg is not None and hold.open_found_deg is not None:
        yield hold.open_true_deg, hold.open_found_deg


def _lengths(score: ClipScore) -> Pairs:
    hold = score.hold
    if hold is not None and hold.held_true_s is not None and hold.held_found_s is not None:
        yield hold.held_true_s, hold.held_found_s


def _breaths(score: ClipScore) -> Pairs:
    hold = score.hold
    if hold is not None and hold.breaths_true is not None and hold.breaths_found is not None:
        yield float(hold.breaths_true), float(hold.breaths_found)


QUANTITIES = (
    Quantity("drop", "pelvic drop", "°", _drops),
    Quantity("open", "leg opening", "°", _openings),
    Quantity("held", "length of the hold", "s", _lengths),
    Quantity("breaths", "breaths in the hold", "", _breaths),
)


def agreements(scores: Sequence[ClipScore], people: Mapping[str, str]) -> list[Agreement]:
    """Agreement of every quantity of which anything was measured. people: who is in which clip."""
    found = []
    for quantity in QUANTITIES:
        points = tuple(
            Point(people.get(score.clip, "unknown"), true, measured)
            for score in scores
            for true, measured in quantity.pairs(score)
        )
        if points:
            found.append(agreement(quantity.key, quantity.name, quantity.unit, points))
    return found


def agreement(key: str, name: str, unit: str, points: Sequence[Point]) -> Agreement:
    """Agreement of pairs of values."""
    pairs = np.array([(point.true, point.found) for point in points]).reshape(-1, 2)
    return Agreement(key, name, unit, tuple(points), limits_of_agreement(pairs[:, 0], pairs[:, 1]), icc_2_1(pairs))


def biases(found: Sequence[Agreement]) -> list[PersonBias]:
    """Each person's errors of each quantity."""
    rows = []
    for each in found:
        for person in sorted({point.person for point in each.points}):
            errors = np.array([point.found - point.true for point in each.points if point.person == person])
            sd = float(errors.std(ddof=1)) if len(errors) > 1 else float("nan")
            rows.append(
                PersonBias(person, each.key, len(errors), float(errors.mean()), sd, float(np.abs(errors).mean()))
            )
    return rows
