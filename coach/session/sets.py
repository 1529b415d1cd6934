"""What several judges found in one recording, as sets: one exercise, one side, without leaving or a long pause. Pure.

A judge of hip hikers and one of strap stretches watch the same person. Their findings are first grouped into runs; runs
that are not exercise are dropped; time claimed by two exercises goes to the one with more evidence; and the rest is cut
into sets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coach.types import Hold, Kind, Movement, Side

# Between two repetitions of a set people rest for some seconds, between two sets for half a minute and more: 30 and
# 60 s in the standard programme, about a minute for sets of 10 to 15 repetitions in strength training (American
# College of Sports Medicine 2009, Med. Sci. Sports Exerc. 41(3), 687-708).
PAUSE_S = 20.0
# Walking out of the picture and back takes longer (twice 2 m at 1.1 m/s); anything that hides a person who stays, such
# as a passer-by or a few frames without a pose, is over sooner.
AWAY_S = 5.0
LEAST_S = 1.0  # of an absence that must lie between two movements to separate them: their edges are not exact
LEAST_ATTEMPTS = 2
LONG_HELD_S = 10.0  # of a stretch that did not open far enough: nobody keeps a leg up this long by chance
HOLD_WEIGHT = 10.0  # a counted hold is as much evidence as this many repetitions
ATTEMPT_WEIGHT = 0.01


@dataclass(frozen=True, slots=True)
class Attempt:
    """One movement or hold, and its exercise. telling: its reason is a fault of this exercise alone, or
    that it did not go far enough from this exercise's start posture."""

    exercise: str
    item: Movement | Hold
    telling: bool = False

    @property
    def kind(self) -> Kind:
        """Of its exercise."""
        return "hold" if isinstance(self.item, Hold) else "repetitions"

    @property
    def weight(self) -> float:
        """How strong its evidence for the exercise is."""
        if not self.item.counted:
            return ATTEMPT_WEIGHT
        return HOLD_WEIGHT if self.kind == "hold" else 1.0

    def overlaps(self, other: Attempt) -> bool:
        """Whether the two overlap in time."""
        return self.item.start_s < other.item.end_s and other.item.start_s < self.item.end_s


@dataclass(frozen=True, slots=True)
class Set:
    """One set: repetitions, or a hold, of one exercise on one side, including attempts that did not count."""

    exercise: str
    side: Side
    attempts: tuple[Attempt, ...]

    @property
    def start_s(self) -> float:
        """Beginning of the first."""
        return self._span_s()[0]

    @property
    def end_s(self) -> float:
        """End of the last."""
        return self._span_s()[1]

    def _span_s(self) -> tuple[float, float]:
        """The span of what counted, and of attempts shortly before and after."""
        core = [each for each in self.attempts if each.item.counted] or list(self.attempts)
        start_s, end_s = min(each.item.start_s for each in core), max(each.item.end_s for each in core)
        for each in self.attempts:
            if 0 <= each.item.start_s - end_s <= PAUSE_S:
                end_s = each.item.end_s
        for each in reversed(self.attempts):
            if 0 <= start_s - each.item.end_s <= PAUSE_S:
                start_s = each.item.start_s
        return start_s, max(end_s, *(each.item.end_s for each in core))


Away = Mapping[str, Sequence[tuple[float, float]]]


def recognised(attempts: Iterable[Attempt]) -> bool:
    """Whether there is evidence for an exercise: something counted, or attempts spoilt by its own faults.

    A shallow or unfinished dip alone can be ordinary fidgeting. A leg that was straight up and then held for long, even
    if not far enough out, can only be the stretch.
    """
    telling = 0
    for each in attempts:
        item = each.item
        if item.counted:
            return True
        if isinstance(item, Hold):
            if each.telling and item.held_s >= LONG_HELD_S:
                return True
        else:
            telling += each.telling
    return telling >= LEAST_ATTEMPTS


def evidence(attempts: Iterable[Attempt]) -> float:
    """Evidence that an exercise is the one being done: counted items first, then attempts."""
    return sum(each.weight for each in attempts)


def sets_of(attempts: Sequence[Attempt], away: Away | None = None, named: frozenset[str] = frozenset()) -> list[Set]:
    """The sets of a recording, in order of time.

    attempts: the judges' findings, in any order. away: by exercise, when the person was away for long, or walked.
    named: exercises named by the user, of which nothing is dropped; even two of these may not overlap.
    """
    runs = [run for name in dict.fromkeys(each.exercise for each in attempts) for run in _runs(attempts, name, away)]
    shown = [run for run in runs if run[0].exercise in named or recognised(run)]
    kept: list[list[Attempt]] = []
    for run in sorted(shown, key=lambda run: (-evidence(run), run[0].item.start_s)):
        taken = [each for other in kept if other[0].exercise != run[0].exercise for each in other]
        left = [each for each in run if not any(each.overlaps(other) for other in taken)]
        if left and (run[0].exercise in named or recognised(left)):
            kept.append(left)
    groups = _cut(kept)
    # An isolated attempt that did not count is not a set, but is listed with the nearest one, with its reason.
    for each in (each for run in runs if run not in shown for each in run):
        own = [group for group in groups if group[0].exercise == each.exercise]
        others = (other for group in groups if group[0].exercise != each.exercise for other in group)
        if own and not any(each.overlaps(other) for other in others):
            _nearest(own, each).append(each)
    return sorted((_as_set(group) for group in groups), key=lambda each: each.start_s)


def one_set(attempts: Sequence[Attempt]) -> list[Set]:
    """Everything as a single set, if its start and end were decided elsewhere; empty if nothing was done."""
    return [_as_set(attempts)] if attempts else []


def cue_spans(sets: Sequence[Set]) -> list[tuple[float, float]]:
    """From when until when what is said belongs to each set: what comes before the first set belongs to that one."""
    begins = [-math.inf, *(one.start_s for one in sets[1:])]
    return list(zip(begins, [*begins[1:], math.inf], strict=True))[: len(sets)]


def is_apart(end_s: float, start_s: float, gone: Sequence[tuple[float, float]]) -> bool:
    """Whether something ending at one time and something starting at another belong to different sets.

    gone: when the person was away for long, or walked.
    """
    left = any(min(b, start_s) - max(a, end_s) >= LEAST_S for a, b in gone)
    return left or start_s - end_s > PAUSE_S


def _runs(attempts: Sequence[Attempt], exercise: str, away: Away | None) -> list[list[Attempt]]:
    """The attempts at one exercise, cut where the person was away or nothing happened for long."""
    gone = (away or {}).get(exercise, ())
    runs: list[list[Attempt]] = []
    until_s = 0.0
    for each in sorted((a for a in attempts if a.exercise == exercise), key=lambda a: a.item.start_s):
        if not runs or is_apart(until_s, each.item.start_s, gone):
            runs.append([])
        runs[-1].append(each)
        until_s = max(until_s, each.item.end_s)
    return runs


def _cut(runs: Sequence[Sequence[Attempt]]) -> list[list[Attempt]]:
    """The attempts of each set: a new set when the exercise or side changes, and for every counted hold.

    Only counted items begin a set, because the side of others is often uncertain; those go to the nearest set in their
    run, of the same side if there is one.
    """
    begun: list[tuple[int, list[Attempt]]] = []
    anchors = [(each, i) for i, run in enumerate(runs) for each in run if each.item.counted]
    for each, i in sorted(anchors, key=lambda pair: pair[0].item.start_s):
        last = begun[-1] if begun else None
        same = last is not None and last[0] == i and last[1][-1].item.side == each.item.side
        if last is not None and same and each.kind != "hold":
            last[1].append(each)
        else:
            begun.append((i, [each]))
    for i, run in enumerate(runs):
        own = [attempts for number, attempts in begun if number == i]
        if not own:
            begun.append((i, list(run)))
            continue
        for each in run:
            if not each.item.counted:
                _nearest(own, each).append(each)
    return [attempts for _, attempts in begun]


def _nearest(sets: Sequence[list[Attempt]], attempt: Attempt) -> list[Attempt]:
    def distance(attempts: list[Attempt]) -> tuple[bool, float]:
        counted = [each for each in attempts if each.item.counted] or attempts
        item = attempt.item
        apart_s = min(max(c.item.start_s - item.end_s, item.start_s - c.item.end_s, 0.0) for c in counted)
        return counted[0].item.side != item.side, apart_s

    return min(sets, key=distance)


def _as_set(attempts: Sequence[Attempt]) -> Set:
    ordered = tuple(sorted(attempts, key=lambda each: each.item.start_s))
    sides = [each.item.side for each in ordered if each.item.counted] or [each.item.side for each in ordered]
    return Set(ordered[0].exercise, max(dict.fromkeys(sides), key=sides.count), ordered)


def numbered(sets: Sequence[Set]) -> list[Set]:
    """The same, with movements and holds each numbered from 1 in order of time over all sets."""
    numbers: dict[int, int] = {}
    count: dict[Kind, int] = {"repetitions": 0, "hold": 0}
    every = [each for one in sets for each in one.attempts]
    for each in sorted(every, key=lambda each: each.item.start_s):
        count[each.kind] += 1
        numbers[id(each)] = count[each.kind]
    return [
        replace(one, attempts=tuple(replace(e, item=replace(e.item, number=numbers[id(e)])) for e in one.attempts))
        for one in sets
    ]
