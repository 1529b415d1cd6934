"""What went wrong in a clip, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from coach.evaluate.metrics import EDGE_S
from coach.evaluate.score import ClipScore, HoldScore

FAR_DEG = 4.0  # a physiotherapist's minimal detectable change of the pelvic angle


def complaints(score: ClipScore) -> list[str]:
    """One sentence for each thing that is wrong; empty if all is right."""
    found = [*_of_counts(score), *_of_movements(score), *_of_faults(score), *_of_cues(score)]
    return found if score.hold is None else [*found, *_of_hold(score.hold)]


def _of_counts(score: ClipScore) -> Iterator[str]:
    if not score.exercise_right:
        yield f"the exercise is {score.exercise_true or 'none'}, not {score.exercise_found or 'none'}"
    if score.nothing_true and score.counted:
        yield f"counts {score.counted} where nothing is done"
    if score.nothing_true:
        return
    if score.reps_true is not None and score.reps_error:
        yield f"counts {score.reps_found} of {score.reps_true}"
    if score.sides_found and not score.side_right:
        true = " and ".join(str(side) for side in score.sides_true or (score.side_true,))
        yield f"the side is {true}, not {' and '.join(score.sides_found)}"
    if len(score.sets) > 1 or score.sets_invented > 0:
        yield from _of_sets(score)


def _of_sets(score: ClipScore) -> Iterator[str]:
    for case in score.sets:
        if case.side_found is None:
            yield f"set {case.number} is not found"
        elif case.side_found != case.side_true:
            yield f"set {case.number} is {case.side_true}, not {case.side_found}"
        elif case.reps_found != case.reps_true:
            yield f"set {case.number}: {case.reps_found} of {case.reps_true}"
    if score.sets_invented > 0:
        yield f"{score.sets_invented} sets too many"


def _of_movements(score: ClipScore) -> Iterator[str]:
    if score.exercise_right:
        for number in score.missed:
            yield f"{number} is not counted"
    for item in score.invented:
        what = "counts" if item["counted"] else f"lists ({_readable(item['uncounted_reason'] or 'no reason')})"
        yield f"{what} something else at {item['start_s']:.1f} s"
    for reason in score.reasons:
        if reason.found != reason.true:
            yield f"{reason.number} should not count as {_readable(reason.true)}: {_readable(reason.found)}"
    for depth in score.depths:
        if abs(depth.error_deg) > FAR_DEG:
            yield f"{depth.number}: drop {depth.found_deg:.0f}° instead of {depth.true_deg:.0f}°"


def _of_faults(score: ClipScore) -> Iterator[str]:
    for case in score.faults:
        about = "" if score.hold is not None else f"{case.number}: "
        if case.expected and not case.found:
            yield f"{about}{_readable(case.name)} not found" + ("" if case.told else " (says it cannot tell)")
        elif case.found and not case.expected:
            yield f"{about}{_readable(case.name)} named but not there"


def _of_cues(score: ClipScore) -> Iterator[str]:
    for wrong in score.cues.wrong if score.cues is not None else ():
        yield f"says {_readable(wrong.name)} at {wrong.t_s:.1f} s, wrongly"


def _of_hold(hold: HoldScore) -> Iterator[str]:
    if hold.start_error_s is None or hold.end_error_s is None:
        yield "the hold is not found"
        return
    if not hold.counted:
        yield f"the hold does not count: {_readable(hold.uncounted_reason or 'no reason')}"
    for name, error in (("begins", hold.start_error_s), ("ends", hold.end_error_s)):
        if abs(error) > EDGE_S:
            yield f"the hold {name} {abs(error):.1f} s too {'late' if error > 0 else 'early'}"
    if hold.breaths_true is not None and hold.breaths_found != hold.breaths_true:
        unseen = hold.breaths_found is None
        true = hold.breaths_true
        yield f"breaths not seen ({true})" if unseen else f"{hold.breaths_found} breaths instead of {true}"


def _readable(name: str) -> str:
    return name.replace("_", " ")
