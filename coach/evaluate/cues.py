"""What the coach says aloud while an exercise is done, against the truth: corrections said wrongly, and how late. Pure.

Only sentences that find fault are scored: that a fault is there, or why something did not count. What asks somebody to
step back, praises or says that the set is done blames nobody.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from coach.definitions.exercise import Exercise
from coach.evaluate.truth import Truth
from coach.types import Moment

# A movement is only known to be over when the next one could begin, and corrections are 5 s apart (session/cues.py).
LATE_S = 5.0
BEFORE_HOLD_S = 6.0  # the leg is already watched while it opens


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as it was said. name: of the fault, or of the reason for not counting."""

    t_s: float
    name: str


@dataclass(frozen=True, slots=True)
class CueScore:
    """The corrections of one live session against the truth.

    wrong: said although nothing was there to correct. delays_s: of the others, how long after the deepest point of the
    repetition, or the moment that the truth names, they came. expected, heard: different faults and reasons in the
    truth, and those of them that were said at least once.
    """

    minutes: float
    said: int
    wrong: tuple[Correction, ...]
    delays_s: tuple[float, ...]
    expected: int
    heard: int


def corrections(moments: Iterable[Moment], exercises: Sequence[Exercise]) -> Iterator[Correction]:
    """The corrections among what a session says."""
    for moment in moments:
        cue = moment.cue
        if cue is None:
            continue
        judged = [item for event in moment.events for item in (event.movement, event.hold) if item is not None]
        fault = any(cue.key in exercise.correctable for exercise in exercises)
        if fault or any(item.uncounted_reason == cue.key for item in judged):
            yield Correction(cue.t_s, cue.key)


def score_cues(truth: Truth, said: Sequence[Correction], duration_s: float) -> CueScore:
    """Compare corrections with the truth. What was not seen is nobody's fault, and is left out."""
    said = [each for each in said if each.name != "not_seen"]
    wrong, delays, heard = [], [], set()
    for each in said:
        since_s = _since(truth, each)
        if since_s is None:
            wrong.append(each)
            continue
        heard.add(each.name)
        if math.isfinite(since_s):
            delays.append(each.t_s - since_s)
    expected = {name for movement in truth.movements for name in movement.faults}
    expected |= {movement.reason for movement in truth.movements if movement.reason is not None}
    if truth.hold is not None:
        expected |= truth.hold.faults
    return CueScore(
        minutes=duration_s / 60,
        said=len(said),
        wrong=tuple(wrong),
        delays_s=tuple(delays),
        expected=len(expected),
        heard=len(heard & expected),
    )


def _since(truth: Truth, said: Correction) -> float | None:
    """Since when there was something to say, in seconds; NaN if the truth names no time, None if there was nothing."""
    marked = [t_s for t_s, name in truth.fault_times if name == said.name and t_s <= said.t_s]
    for movement in truth.movements:
        there = said.name in movement.faults or said.name == movement.reason
        if there and movement.start_s <= said.t_s <= movement.end_s + LATE_S:
            return max((t_s for t_s in marked if t_s >= movement.start_s), default=movement.bottom_s)
    hold = truth.hold
    there = hold is not None and said.name in hold.faults
    if there and hold is not None and hold.start_s - BEFORE_HOLD_S <= said.t_s <= hold.end_s + LATE_S:
        return max(marked, default=math.nan)
    return None
