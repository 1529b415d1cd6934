"""How far two who judged the same clips agree: two people, or a person and the coach. Pure."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coach.evaluate.agreement import Icc, cohen_kappa
from coach.evaluate.quantities import Agreement, Point, agreement
from coach.evaluate.score import of_exercise
from coach.evaluate.truth import Truth
from coach.session.result import Result

# Deepest points or inhalations further apart are not the same one: half of a quick repetition, or of a quick breath.
SAME_MOVEMENT_S, SAME_BREATH_S = 2.0, 1.5
NO_ICC = Icc(math.nan, math.nan, math.nan, math.nan)
ABSENT = "not there"
# Landis & Koch 1977: kappa up to each bound.
WORDS = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.0, "almost perfect"),
)


@dataclass(frozen=True, slots=True)
class RatedMovement:
    """A movement at its deepest point. reason: why it does not count, None if it does."""

    t_s: float
    reason: str | None
    faults: frozenset[str]


@dataclass(frozen=True, slots=True)
class RatedHold:
    """A hold. breaths: None where they were not counted."""

    start_s: float
    end_s: float
    breaths: int | None
    breath_start_s: tuple[float, ...]
    faults: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rating:
    """What one rater says of one clip."""

    clip: str
    exercise: str | None
    side: str | None
    movements: tuple[RatedMovement, ...]
    hold: RatedHold | None


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two raters about one thing, over n of it; agreed: the share on which they say the same."""

    name: str
    n: int
    agreed: float
    kappa: float

    @property
    def words(self) -> str:
        """Landis and Koch's word for it; empty where there is nothing to tell apart."""
        return "" if math.isnan(self.kappa) else next(word for bound, word in WORDS if self.kappa <= bound + 1e-9)


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """Two raters: the clips that both rated, what they measured, and what they named."""

    a: str
    b: str
    clips: tuple[str, ...]
    measured: tuple[Agreement, ...]
    named: tuple[Kappa, ...]


def rating_of_truth(truth: Truth) -> Rating:
    """What a truth file says. Movements that are something else are left out."""
    hold = truth.hold
    return Rating(
        truth.clip,
        truth.exercise,
        truth.side,
        tuple(RatedMovement(each.bottom_s, each.reason, each.faults) for each in truth.movements if each.listed),
        None if hold is None else RatedHold(hold.start_s, hold.end_s, hold.breaths, hold.breath_start_s, hold.faults),
    )


def rating_of_result(clip: str, result: Result, exercise: str | None) -> Rating:
    """What the coach says of a clip; of one exercise where it found several."""
    found = of_exercise(result, exercise)
    holds: list[Any] = sorted(found["holds"], key=lambda each: (each["counted"], each["held_s"]))
    sides = [each["side"] for each in (*found["movements"], *holds) if each["counted"]]
    movements: Iterable[Mapping[str, Any]] = found["movements"]
    return Rating(
        clip,
        found["exercise"],
        max(set(sides), key=sides.count) if sides else None,
        tuple(
            RatedMovement(
                each["peak_s"], each["uncounted_reason"], frozenset(each["faults"] if each["counted"] else ())
            )
            for each in movements
        ),
        _hold_of(holds[-1]) if holds else None,
    )


def _hold_of(item: Mapping[str, Any]) -> RatedHold:
    return RatedHold(
        item["start_s"],
        item["end_s"],
        item["breaths"],
        tuple(t for t in item["breath_start_s"] or () if t is not None),
        frozenset(item["faults"]),
    )


def compare(a: str, of_a: Sequence[Rating], b: str, of_b: Sequence[Rating]) -> RaterAgreement:
    """Compare two raters, named a and b, over the clips that both rated."""
    by_clip = {rating.clip: rating for rating in of_b}
    pairs = [(rating, by_clip[rating.clip]) for rating in of_a if rating.clip in by_clip]
    matched = [
        (x, y, match_times([m.t_s for m in x.movements], [m.t_s for m in y.movements], SAME_MOVEMENT_S))
        for x, y in pairs
    ]
    return RaterAgreement(
        a,
        b,
        tuple(x.clip for x, _ in pairs),
        tuple(_measured(pairs, matched)),
        tuple(_named(pairs, matched)),
    )


Pairs = Sequence[tuple[Rating, Rating]]
Matched = Sequence[tuple[Rating, Rating, list[tuple[int | None, int | None]]]]


def match_times(a: Sequence[float], b: Sequence[float], most_s: float) -> list[tuple[int | None, int | None]]:
    """Indices of times that are the same, the nearest first; None on the side where there is none within most_s."""
    near = sorted((abs(x - y), i, j) for i, x in enumerate(a) for j, y in enumerate(b) if abs(x - y) <= most_s)
    of_a: dict[int, int] = {}
    of_b: dict[int, int] = {}
    for _, i, j in near:
        if i not in of_a and j not in of_b:
            of_a[i], of_b[j] = j, i
    pairs: list[tuple[int | None, int | None]] = [(i, of_a.get(i)) for i in range(len(a))]
    return [*pairs, *((None, j) for j in range(len(b)) if j not in of_b)]


def _measured(pairs: Pairs, matched: Matched) -> Iterable[Agreement]:
    holds = [(x.clip, x.hold, y.hold) for x, y in pairs if x.hold is not None and y.hold is not None]
    counts = [
        Point(x.clip, float(_counted(x)), float(_counted(y)))
        for x, y in pairs
        if x.hold is None and y.hold is None and (x.movements or y.movements)
    ]
    deepest = [
        Point(x.clip, x.movements[i].t_s, y.movements[j].t_s)
        for x, y, found in matched
        for i, j in found
        if i is not None and j is not None
    ]
    breaths = [
        Point(clip, float(x.breaths), float(y.breaths))
        for clip, x, y in holds
        if x.breaths is not None and y.breaths is not None
    ]
    inhalations = [
        Point(clip, x.breath_start_s[i], y.breath_start_s[j])
        for clip, x, y in holds
        for i, j in match_times(x.breath_start_s, y.breath_start_s, SAME_BREATH_S)
        if i is not None and j is not None
    ]
    lengths = [Point(clip, x.end_s - x.start_s, y.end_s - y.start_s) for clip, x, y in holds]
    rows = (
        ("reps", "repetitions of a clip", "", counts, True),
        ("deepest", "time of the deepest point", "s", deepest, False),
        ("hold_start", "start of the hold", "s", [Point(clip, x.start_s, y.start_s) for clip, x, y in holds], False),
        ("hold_end", "end of the hold", "s", [Point(clip, x.end_s, y.end_s) for clip, x, y in holds], False),
        ("held", "length of the hold", "s", lengths, True),
        ("breaths", "breaths in the hold", "", breaths, True),
        ("inhalation", "time of an inhalation", "s", inhalations, False),
    )
    for key, name, unit, points, spread in rows:
        if points:
            found = agreement(key, name, unit, points)
            # Times differ by where in the clip they are: an ICC of them would be near 1 whatever the raters do.
            yield found if spread else replace(found, icc=NO_ICC)


def _counted(rating: Rating) -> int:
    return sum(movement.reason is None for movement in rating.movements)


def _named(pairs: Pairs, matched: Matched) -> Iterable[Kappa]:
    yield _kappa("exercise", [(x.exercise or "none", y.exercise or "none") for x, y in pairs])
    yield _kappa("side", [(x.side or "none", y.side or "none") for x, y in pairs if x.exercise and y.exercise])
    kinds: list[tuple[Hashable, Hashable]] = []
    judged: list[tuple[frozenset[str], frozenset[str]]] = []
    for x, y, found in matched:
        for i, j in found:
            one = x.movements[i] if i is not None else None
            other = y.movements[j] if j is not None else None
            kinds.append((_kind(one), _kind(other)))
            if one is not None and other is not None and one.reason is None and other.reason is None:
                judged.append((one.faults, other.faults))
    judged += [(x.hold.faults, y.hold.faults) for x, y in pairs if x.hold is not None and y.hold is not None]
    yield _kappa("movement: counts, why not, or not there", kinds)
    names = sorted({name for one, other in judged for name in one | other})
    for name in names:
        yield _kappa(f"fault: {name.replace('_', ' ')}", [(name in one, name in other) for one, other in judged])
    if len(names) > 1:
        yield _kappa("all faults", [(name in one, name in other) for one, other in judged for name in names])


def _kind(movement: RatedMovement | None) -> str:
    return ABSENT if movement is None else movement.reason or "counts"


def _kappa(name: str, pairs: Sequence[tuple[Hashable, Hashable]]) -> Kappa:
    agreed = sum(one == other for one, other in pairs) / len(pairs) if pairs else math.nan
    return Kappa(name, len(pairs), agreed, cohen_kappa([one for one, _ in pairs], [other for _, other in pairs]))
