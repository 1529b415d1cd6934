"""Scores of clips to accuracy figures, each with its target. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from coach.evaluate.score import ClipScore, Depth, HoldScore

VARIED_DEG = 6.0  # spread of true depths in a clip from which always guessing the mean would fail
EDGE_S = 0.7


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure. value: NaN if no clip tells; of: how many items it was measured on.

    text: the value for people; target: what it should reach, in words; met: None if nothing was measured.
    """

    key: str
    name: str
    value: float
    text: str
    of: int
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class FaultFigure:
    """How well one fault is found. missed_not_judged: misses where the coach said that it cannot tell."""

    name: str
    expected: int
    right: int
    missed: int
    missed_not_judged: int
    false: int

    @property
    def missed_judged(self) -> int:
        """Missed although the coach claimed to be able to tell."""
        return self.missed - self.missed_not_judged

    @property
    def precision(self) -> float:
        """Share of named faults that were present."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float:
        """Share of expected faults that were named."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.missed + self.false)


def figures(scores: Sequence[ClipScore]) -> list[Figure]:
    """All figures over some clips, in the order of the table."""
    holds = [score.hold for score in scores if score.hold is not None]
    return [
        *_repetitions(scores),
        *_depths(scores),
        *_faults(scores),
        _reasons(scores),
        *_holds(holds),
        *_openings(holds),
        *_breaths(holds),
        *_cues(scores),
        *_exercises(scores),
        _sets(scores),
        _nothing(scores),
    ]


def fault_figures(scores: Sequence[ClipScore]) -> list[FaultFigure]:
    """Each fault separately, by name."""
    names = sorted({case.name for score in scores for case in score.faults})
    return [_fault_figure(name, scores, {name}) for name in names]


def all_faults(scores: Sequence[ClipScore]) -> FaultFigure:
    """All faults together."""
    return _fault_figure("all", scores, None)


def depths_of(scores: Iterable[ClipScore]) -> list[Depth]:
    """Every clean repetition that was counted."""
    return [depth for score in scores for depth in score.depths]


def _repetitions(scores: Sequence[ClipScore]) -> list[Figure]:
    told = [score for score in scores if score.reps_true is not None and score.exercise_true is not None]
    errors = [abs(score.reps_error) for score in told]
    relative = [abs(score.reps_error) / score.reps_true for score in told if score.reps_true]
    exact, near, n = sum(e == 0 for e in errors), sum(e <= 1 for e in errors), len(told)
    return [
        _count("reps_exact", "repetitions exact", exact, n, "≥ 95 %", exact >= 0.95 * n),
        _figure("reps_mae", "repetitions, mean absolute error", _mean(errors), n, "0", lambda v: v == 0),
        _figure("reps_nmae", "repetitions, normalised error", _mean(relative), len(relative), "0", lambda v: v == 0, 3),
        _figure("reps_off_by_one", "repetitions, off-by-one share", _share(near, n), n, "1.0", lambda v: v == 1),
    ]


def _depths(scores: Sequence[ClipScore]) -> list[Figure]:
    every = depths_of(scores)
    varied = [score for score in scores if _spread(score.depths) >= VARIED_DEG]
    of_varied = depths_of(varied)
    r = min((_correlation(score.depths) for score in varied), default=math.nan)
    covered = _share(sum(depth.covered for depth in every), len(every))
    return [
        _figure("drop_mae", "pelvic drop, mean absolute error, °", _mae(every), len(every), "≤ 0.6", _at_most(0.6)),
        _figure("drop_bias", "pelvic drop, mean error, °", _mean([d.error_deg for d in every]), len(every), "", None),
        _figure(
            "drop_varied_mae", "... where the depth varies", _mae(of_varied), len(of_varied), "≤ 0.6", _at_most(0.6)
        ),
        _figure("drop_varied_r", "... correlation, lowest of the clips", r, len(varied), "≥ 0.9", _at_least(0.9)),
        _figure(
            "drop_coverage",
            "truth inside the stated 90 % interval",
            covered,
            len(every),
            "about 0.9",
            _at_least(0.85),
        ),
        _figure(
            "drop_half_width",
            "... half its width, median, °",
            _median([(d.interval_deg[1] - d.interval_deg[0]) / 2 for d in every]),
            len(every),
            "≤ 1.5",
            _at_most(1.5),
        ),
    ]


def _faults(scores: Sequence[ClipScore]) -> list[Figure]:
    found = all_faults(scores)
    clean, faulted = sum(score.clean for score in scores), sum(score.clean_faulted for score in scores)
    named = found.right + found.false
    judged = found.right + found.missed_judged
    return [
        _figure("fault_precision", "faults, precision", found.precision, named, "≥ 0.95", _at_least(0.95)),
        _figure("fault_recall", "faults, recall", found.recall, found.expected, "≥ 0.90", _at_least(0.9)),
        _figure("fault_recall_told", "... of those the view can show", _share(found.right, judged), judged, "", None),
        _figure("fault_f1", "faults, F1", found.f1, found.expected + found.false, "≥ 0.92", _at_least(0.92)),
        _figure("clean_faulted", "false faults on what is clean", float(faulted), clean, "0", lambda v: v == 0, 0),
    ]


def _reasons(scores: Sequence[ClipScore]) -> Figure:
    reasons = [reason for score in scores for reason in score.reasons]
    invented = sum(not item["counted"] for score in scores for item in score.invented)
    right = sum(reason.found == reason.true for reason in reasons)
    return _count(
        "reasons",
        "reasons for what is not counted",
        right,
        len(reasons) + invented,
        "≥ 95 %",
        right >= 0.95 * (len(reasons) + invented),
    )


def _holds(holds: Sequence[HoldScore]) -> list[Figure]:
    errors = [abs(error) for hold in holds for error in (hold.start_error_s, hold.end_error_s) if error is not None]
    counted, whole = sum(hold.counted for hold in holds), 2 * len(holds)
    all_found = len(errors) == whole
    return [
        _count("holds_counted", "holds found and counted", counted, len(holds), "all", counted == len(holds)),
        _figure("hold_edge_mean_s", "hold edges, mean error, s", _mean(errors), len(errors), "≤ 0.3", _at_most(0.3)),
        _figure(
            "hold_edge_worst_s",
            "hold edges, worst error, s",
            max(errors, default=math.nan),
            len(errors),
            f"≤ {EDGE_S}",
            lambda v: all_found and v <= EDGE_S,
        ),
    ]


def _openings(holds: Sequence[HoldScore]) -> list[Figure]:
    errors = [hold.open_error_deg for hold in holds if hold.open_error_deg is not None]
    covered = [hold.open_covered for hold in holds if hold.open_covered is not None]
    spans = [hold.open_interval_deg for hold in holds if hold.open_interval_deg is not None]
    widths = [(high - low) / 2 for low, high in spans]
    error, bias = _mean([abs(e) for e in errors]), _mean(errors)
    inside = _share(sum(covered), len(covered))
    return [
        _figure("open_mae", "leg opening, mean absolute error, °", error, len(errors), "≤ 3", _at_most(3.0)),
        _figure("open_bias", "leg opening, mean error, °", bias, len(errors), "", None),
        _figure("open_coverage", "... inside the stated 90 % interval", inside, len(covered), "0.9", _at_least(0.85)),
        _figure("open_half_width", "... half its width, median, °", _median(widths), len(widths), "", None),
    ]


def _breaths(holds: Sequence[HoldScore]) -> list[Figure]:
    told = [hold for hold in holds if hold.breaths_true is not None]
    errors = [
        abs(hold.breaths_found - hold.breaths_true) if hold.breaths_found is not None else 99
        for hold in told
        if hold.breaths_true is not None
    ]
    exact, near, n = sum(e == 0 for e in errors), sum(e <= 1 for e in errors), len(told)
    held = [hold for hold in holds if hold.breath_held_true]
    normal = [hold for hold in holds if not hold.breath_held_true]
    found, false = sum(hold.breath_held_found for hold in held), sum(hold.breath_held_found for hold in normal)
    return [
        _count("breaths_exact", "breaths exact", exact, n, "≥ 90 %", exact >= 0.9 * n),
        _count("breaths_within_one", "breaths within one", near, n, "all", near == n),
        _count("breath_held", "held breath found", found, len(held), "all", found == len(held)),
        _figure(
            "breath_held_false",
            "held breath named on normal breathing",
            float(false),
            len(normal),
            "0",
            lambda v: v == 0,
            0,
        ),
    ]


def _cues(scores: Sequence[ClipScore]) -> list[Figure]:
    heard = [score.cues for score in scores if score.cues is not None]
    minutes, said = sum(each.minutes for each in heard), sum(each.said for each in heard)
    wrong, expected = sum(len(each.wrong) for each in heard), sum(each.expected for each in heard)
    delays = [delay for each in heard for delay in each.delays_s]
    a_minute = wrong / minutes if minutes > 0 else math.nan
    at_least_once = sum(each.heard for each in heard)
    return [
        _count("cues_right", "spoken corrections that are right", said - wrong, said, "all", wrong == 0),
        _figure(
            "cues_wrong_per_min",
            "... said wrongly, a minute",
            a_minute,
            math.ceil(minutes),
            "0",
            lambda v: v == 0,
        ),
        _count(
            "cues_heard",
            "... faults and reasons of a clip said at least once",
            at_least_once,
            expected,
            "all",
            at_least_once == expected,
        ),
        _figure("cue_delay_s", "... delay, median, s", _median(delays), len(delays), "", None),
        _figure("cue_delay_worst_s", "... delay, longest, s", max(delays, default=math.nan), len(delays), "", None),
    ]


def _exercises(scores: Sequence[ClipScore]) -> list[Figure]:
    told = [score for score in scores if not score.nothing_true]
    exercise, side = sum(score.exercise_right for score in told), sum(score.side_right for score in told)
    return [
        _count("exercise", "exercise right", exercise, len(told), "all", exercise == len(told)),
        _count("side", "side right", side, len(told), "all", side == len(told)),
    ]


def _sets(scores: Sequence[ClipScore]) -> Figure:
    cases = [case for score in scores for case in score.sets]
    right, n = sum(case.right for case in cases), len(cases) + sum(score.sets_invented for score in scores)
    return _count("sets", "sets right: exercise, side and count", right, n, "all", right == n)


def _nothing(scores: Sequence[ClipScore]) -> Figure:
    told = [score for score in scores if score.nothing_true]
    right = sum(score.counted == 0 and score.exercise_right for score in told)
    return _count("nothing", "nothing counted where nothing is done", right, len(told), "all", right == len(told))


def _fault_figure(name: str, scores: Sequence[ClipScore], names: set[str] | None) -> FaultFigure:
    cases = [case for score in scores for case in score.faults if names is None or case.name in names]
    missed = [case for case in cases if case.expected and not case.found]
    return FaultFigure(
        name=name,
        expected=sum(case.expected for case in cases),
        right=sum(case.expected and case.found for case in cases),
        missed=len(missed),
        missed_not_judged=sum(not case.told for case in missed),
        false=sum(case.found and not case.expected for case in cases),
    )


def _figure(
    key: str, name: str, value: float, of: int, target: str, good: Callable[[float], bool] | None, digits: int = 2
) -> Figure:
    known = of > 0 and math.isfinite(value)
    met = good(round(value, 6)) if known and good is not None else None
    return Figure(key, name, value, f"{value:.{digits}f}" if known else "-", of, target, met)


def _count(key: str, name: str, right: int, of: int, target: str, met: bool) -> Figure:
    return Figure(key, name, _share(right, of), f"{right} of {of}" if of else "-", of, target, met if of else None)


def _at_most(bound: float) -> Callable[[float], bool]:
    return lambda value: value <= bound


def _at_least(bound: float) -> Callable[[float], bool]:
    return lambda value: value >= bound


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else math.nan


def _mae(depths: Sequence[Depth]) -> float:
    return _mean([abs(depth.error_deg) for depth in depths])


def _spread(depths: Sequence[Depth]) -> float:
    true = [depth.true_deg for depth in depths]
    return max(true) - min(true) if true else 0.0


def _correlation(depths: Sequence[Depth]) -> float:
    if len(depths) < 3:
        return math.nan
    true, found = [depth.true_deg for depth in depths], [depth.found_deg for depth in depths]
    return float(np.corrcoef(true, found)[0, 1]) if np.std(found) > 0 else 0.0
