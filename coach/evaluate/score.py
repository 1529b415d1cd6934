"""Scores one clip: the coach's findings against the truth. Pure: truth and result in, a score out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from coach.evaluate.cues import CueScore
from coach.evaluate.set_errors import SetError, hold_errors, repetition_errors
from coach.evaluate.truth import TrueHold, TrueMovement, TrueSet, Truth
from coach.session.result import Result, depth

Item = Mapping[str, Any]  # a movement or a hold of the JSON contract
T = TypeVar("T", TrueMovement, TrueHold, TrueSet)


@dataclass(frozen=True, slots=True)
class Depth:
    """Pelvic drop of one clean, counted repetition, degrees. interval: the stated 90 % one."""

    number: int
    true_deg: float
    found_deg: float
    interval_deg: tuple[float, float]

    @property
    def error_deg(self) -> float:
        """Found minus true."""
        return self.found_deg - self.true_deg

    @property
    def covered(self) -> bool:
        """Whether the stated interval contains the truth."""
        return self.interval_deg[0] <= self.true_deg <= self.interval_deg[1]


@dataclass(frozen=True, slots=True)
class FaultCase:
    """One fault of one movement or hold: expected, found, or both. told: whether the coach could judge it."""

    name: str
    number: int
    expected: bool
    found: bool
    told: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a movement did not count: the true reason, and the coach's ('counted' or 'not listed' if it gave none)."""

    number: int
    true: str
    found: str


@dataclass(frozen=True, slots=True)
class HoldScore:
    """The true hold against the one found. Errors are found minus true, None if no hold was found."""

    counted: bool
    uncounted_reason: str | None
    start_error_s: float | None
    end_error_s: float | None
    breaths_true: int | None
    breaths_found: int | None
    breath_held_true: bool
    breath_held_found: bool
    open_error_deg: float | None = None
    open_covered: bool | None = None
    open_true_deg: float | None = None
    open_found_deg: float | None = None
    open_interval_deg: tuple[float, float] | None = None
    held_true_s: float | None = None
    held_found_s: float | None = None


@dataclass(frozen=True, slots=True)
class SetCase:
    """One true set, and the one found: None if no set of its exercise was found at that time.

    reps: repetitions counted in it; None for a hold.
    """

    number: int
    exercise: str
    side_true: str | None
    side_found: str | None
    reps_true: int | None
    reps_found: int | None

    @property
    def right(self) -> bool:
        """Whether exercise, side and count are right."""
        return self.side_found == self.side_true and self.reps_found == self.reps_true


@dataclass(frozen=True, slots=True)
class ClipScore:
    """Everything scored for one clip.

    clean and clean_faulted: movements and holds without a fault, and those of them for which one was named.
    missed: numbers of true repetitions that were not counted. invented: what was counted or listed but did not
    happen. reps_found: of the true exercise only. sets: if the truth lists them. sets_invented: those found that match
    none.
    """

    clip: str
    exercise_true: str | None
    exercise_found: str | None
    side_true: str | None
    sides_found: tuple[str, ...]
    reps_true: int | None
    reps_found: int
    holds_found: int
    depths: tuple[Depth, ...]
    faults: tuple[FaultCase, ...]
    clean: int
    clean_faulted: int
    reasons: tuple[Reason, ...]
    missed: tuple[int, ...]
    invented: tuple[Item, ...]
    hold: HoldScore | None
    sides_true: tuple[str | None, ...] = ()
    sets: tuple[SetCase, ...] = ()
    sets_invented: int = 0
    cues: CueScore | None = None
    set_errors: tuple[SetError, ...] = ()

    @property
    def nothing_true(self) -> bool:
        """Whether nothing should be counted in it."""
        return self.hold is None and not self.reps_true

    @property
    def counted(self) -> int:
        """Repetitions and holds that were counted, of any exercise."""
        return self.reps_found + self.holds_found

    @property
    def exercise_right(self) -> bool:
        """Whether the exercise is the true one; if nothing of it counts, none is right too."""
        return self.exercise_found == self.exercise_true or (self.nothing_true and self.exercise_found is None)

    @property
    def side_right(self) -> bool:
        """Whether everything counted is on the true side."""
        return self.sides_found == (self.sides_true or (self.side_true,))

    @property
    def reps_error(self) -> int:
        """Repetitions found minus true repetitions."""
        return self.reps_found - (self.reps_true or 0)


def score(truth: Truth, result: Result, not_judged: Mapping[int, Sequence[str]] | None = None) -> ClipScore:
    """Compare a result (the JSON contract) with the truth. unjudged: by number, faults the coach could not judge.

    Movements and holds are matched by time, not by number: a missed one does not make the following ones wrong.
    """
    not_judged = not_judged or {}
    right = truth.exercise is not None and truth.exercise in exercises_of(result)
    movements: Sequence[Item] = result["movements"]
    holds: Sequence[Item] = result["holds"]
    pairs, extra = match(truth.movements, movements if right else [])
    cases: list[FaultCase] = []
    depths, reasons, missed = [], [], []
    clean = clean_faulted = 0
    for true, found in pairs:
        if true.counts:
            cases += _fault_cases(true.faults, found, true.number, not_judged)
            clean += true.clean
            clean_faulted += true.clean and bool(found and found["faults"])
            if found is None or not found["counted"]:
                missed.append(true.number)
            elif true.clean and (compared := _depth(true, found)) is not None:
                depths.append(compared)
        elif true.reason is not None:
            given = "not listed" if found is None else found["uncounted_reason"] or "counted"
            reasons.append(Reason(true.number, true.reason, given))
        elif found is not None:
            extra.append(found)
    for item in extra:
        cases += [FaultCase(name, item["number"], False, True) for name in item["faults"] if item["counted"]]
    hold_score = None
    exercise = truth.exercise or ""
    set_errors = list(repetition_errors(exercise, pairs, truth.sets))
    invented = list(extra) if right else [*movements, *holds]
    if truth.hold is not None:
        [(true_hold, found)], others = match([truth.hold], holds if right else [])
        invented += others
        cases += _fault_cases(true_hold.faults, found, 1, not_judged)
        clean += not true_hold.faults
        clean_faulted += not true_hold.faults and bool(found and found["faults"])
        hold_score = _score_hold(true_hold, found)
        set_errors += hold_errors(exercise, true_hold, found)
    elif right:
        invented += holds
    counted = [item for item in (*movements, *holds) if item["counted"]]
    cases_of_sets = _set_cases(truth, result)
    return ClipScore(
        clip=truth.clip,
        exercise_true=truth.exercise,
        exercise_found=truth.exercise if right else result["exercise"],
        side_true=truth.side,
        sides_found=tuple(dict.fromkeys(item["side"] for item in counted)),
        reps_true=truth.reps,
        reps_found=sum(m["counted"] for m in movements) if right or truth.nothing else 0,
        holds_found=sum(h["counted"] for h in holds),
        depths=tuple(depths),
        faults=tuple(cases),
        clean=clean,
        clean_faulted=clean_faulted,
        reasons=tuple(reasons),
        missed=tuple(missed),
        invented=tuple(invented),
        hold=hold_score,
        sides_true=truth.sides,
        sets=cases_of_sets,
        set_errors=tuple(set_errors),
        sets_invented=len(result["sets"]) - sum(case.side_found is not None for case in cases_of_sets)
        if truth.sets
        else 0,
    )


def exercises_of(result: Result) -> tuple[str, ...]:
    """The exercises that were found."""
    found = dict.fromkeys(one["exercise"] for one in result.get("sets", ()))
    return tuple(found) or ((result["exercise"],) if result["exercise"] else ())


def of_exercise(result: Result, exercise: str | None) -> Result:
    """The part of a result about one exercise; all of it if it does not name that one."""
    if exercise is None or exercise not in exercises_of(result) or len(exercises_of(result)) == 1:
        return result
    ours = {one["number"] for one in result["sets"] if one["exercise"] == exercise}
    return {
        **result,
        "exercise": exercise,
        "sets": [one for one in result["sets"] if one["number"] in ours],
        "movements": [each for each in result["movements"] if each["set"] in ours],
        "holds": [each for each in result["holds"] if each["set"] in ours],
    }


def _set_cases(truth: Truth, result: Result) -> tuple[SetCase, ...]:
    """Each true set with the found set of its exercise that overlaps it most."""
    if not truth.sets:
        return ()
    found = [one for one in result["sets"] if one["exercise"] == truth.exercise]
    pairs, _ = match(truth.sets, found)
    return tuple(
        SetCase(
            number=true.number,
            exercise=true.exercise,
            side_true=true.side,
            side_found=one["side"] if one is not None else None,
            reps_true=true.reps,
            reps_found=one["reps"] if one is not None else None,
        )
        for true, one in pairs
    )


def match(true: Sequence[T], found: Sequence[Item]) -> tuple[list[tuple[T, Item | None]], list[Item]]:
    """Each true span with the found span that overlaps it most, and the found spans left over.

    Pairs with the largest overlap are matched first; a found span matches at most one true span.
    """
    shares = sorted(
        (
            (_shared(t.start_s, t.end_s, f["start_s"], f["end_s"]), i, j)
            for i, t in enumerate(true)
            for j, f in enumerate(found)
        ),
        reverse=True,
    )
    by_true: dict[int, int] = {}
    taken: set[int] = set()
    for share, i, j in shares:
        if share > 0 and i not in by_true and j not in taken:
            by_true[i] = j
            taken.add(j)
    pairs: list[tuple[T, Item | None]] = [(t, found[by_true[i]] if i in by_true else None) for i, t in enumerate(true)]
    return pairs, [f for j, f in enumerate(found) if j not in taken]


def _shared(a: float, b: float, c: float, d: float) -> float:
    """Intersection over union of two spans of time."""
    return max(0.0, min(b, d) - max(a, c)) / max(max(b, d) - min(a, c), 1e-9)


def _depth(true: TrueMovement, found: Item) -> Depth | None:
    """The measured drop beside the true one; None where either is not known."""
    measured = depth(found)
    if math.isnan(true.drop_deg) or measured is None or measured.value is None or measured.interval is None:
        return None
    return Depth(true.number, true.drop_deg, measured.value, measured.interval)


def _fault_cases(
    expected: frozenset[str], found: Item | None, number: int, not_judged: Mapping[int, Sequence[str]]
) -> list[FaultCase]:
    named = set(found["faults"]) if found is not None else set()
    silent = set(not_judged.get(found["number"], ())) if found is not None else set()
    return [
        FaultCase(name, number, name in expected, name in named, name not in silent)
        for name in sorted(expected | named)
    ]


def _score_hold(true: TrueHold, found: Item | None) -> HoldScore:
    named = set(found["faults"]) if found is not None else set()
    opened = found.get("leg_open_deg") if found is not None else None
    span = found.get("leg_open_interval_deg") if found is not None else None
    return HoldScore(
        counted=bool(found and found["counted"]),
        uncounted_reason=found["uncounted_reason"] if found is not None else None,
        start_error_s=found["start_s"] - true.start_s if found is not None else None,
        end_error_s=found["end_s"] - true.end_s if found is not None else None,
        breaths_true=true.breaths,
        breaths_found=found["breaths"] if found is not None else None,
        breath_held_true="breath_held" in true.faults,
        breath_held_found="breath_held" in named,
        open_error_deg=None if opened is None or true.open_deg is None else opened - true.open_deg,
        open_covered=None if span is None or true.open_deg is None else span[0] <= true.open_deg <= span[1],
        open_true_deg=true.open_deg,
        open_found_deg=opened,
        open_interval_deg=None if span is None else (span[0], span[1]),
        held_true_s=true.end_s - true.start_s,
        held_found_s=found["held_s"] if found is not None else None,
    )
