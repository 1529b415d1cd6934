"""Judges one finished hold from all its samples: its edges, depth, breaths and faults."""

from __future__ import annotations

import math

import numpy as np

from coach.definitions.exercise import Exercise
from coach.definitions.rules import Fault, HoldRule
from coach.judging.breath_cycles import Breathing
from coach.judging.camera_view import CameraView
from coach.judging.faults import broken_in, judged_faults
from coach.judging.hold_segmenter import HoldSpan
from coach.judging.respiration import BreathTracker
from coach.judging.samples import Array, Samples, phase_course
from coach.kinematics.filters import smooth
from coach.kinematics.geometry import median, quantile
from coach.types import Hold

SIGMA_S = 0.15
CALM_S = 0.5  # faults in a hold last, so half a second of smoothing removes only stray landmarks
STEADY_S = 0.6  # faster movement is unsteadiness, slower movement is drift
BEGUN = 0.2  # of the plateau: from here on a way is timed
UNSEEN_S = 0.4  # on a way: with a longer gap in it, nobody knows how fast it was
THERE = 0.97  # of the plateau: lost before it and seen again so far out, it was out by then, not later
SEEN_WELL = 0.8  # of a hold: with more gaps it is the network, not the leg, that is unsteady
LEAST_SEEN = 0.2  # of a hold: seen less than this, it is not judged
LEAST_SEEN_S = 2.0  # nor one seen for less than this: a leg that is raised and lowered is out of the way for a second
# Shorter and not counted, it is just the leg passing through, not an attempt; and so it is where breaths are asked for,
# of which nobody takes two in that time. Of leg raises the network now and then makes an open leg for three seconds.
LEAST_ATTEMPT_S = 5.0
# A breath at rest takes 3 to 20 s. Of a hold whose breaths cannot be seen: with less time for each it is not told
# whether it was too short, and with less than the other it was.
BREATH_S, QUICK_BREATH_S, SLOW_BREATH_S = 3.0, 2.4, 20.0
# Of the seconds that are asked for: live they are counted from the first moment out, and here between the edges of the
# plateau, which differ by up to 1.5 s of a hold of 30 s.
EDGES_SHARE = 0.95
# A leg that is lowered to the feet passes through the places of one that falls to its side towards the camera, where
# that stands obliquely: the picture cannot tell them apart. But nobody stops on the way for so long.
LEG_RAISE_S = 10.0


def assess_hold(
    exercise: Exercise,
    view: CameraView | None,
    samples: Samples,
    span: HoldSpan,
    breath: BreathTracker,
    start_value: float = float("nan"),
    from_s: float = float("-inf"),
) -> Hold | None:
    """Judge the hold in a span; None if it was not a hold at all. Its number is not known yet. Pure.

    start_value: of the rule's ``start_signal`` in the start posture; NaN (unknown) passes. The hold itself has to reach
    the same, since falling out to its side does not lower a leg towards the feet. from_s: when the exercise
    began; nothing before it counts.
    """
    rule = exercise.hold
    assert rule is not None
    near = (samples.t_s >= span.start_s - 2.0) & (samples.t_s <= span.end_s + 3.0)
    known = near & np.isfinite(samples.values[rule.signal])
    t_s = samples.t_s[known]
    if len(t_s) < 10:
        return None
    course = smooth(t_s, samples.values[rule.signal][known], SIGMA_S)
    inside = (t_s >= span.start_s) & (t_s <= span.end_s)
    out = quantile(np.sort(course[inside]).tolist(), 0.9)
    plateau = median(course[inside & (course >= 0.6 * out)].tolist())
    start_s, end_s, opening_s, closing_s = _edges(t_s, course, plateau, span)
    if start_s < from_s:
        start_s, opening_s = from_s, float("inf")
    if end_s - start_s < rule.least_s:
        return None
    within = (samples.t_s >= start_s) & (samples.t_s <= end_s)
    followed = within & np.isfinite(samples.values[rule.signal])
    depth = _held(rule.depth, samples, followed, float("nan"))
    breathing = breath.between(start_s, end_s)
    measured = view is None or rule.depth_shown_from(view.name, view.angle_deg)
    error = rule.error if measured else rule.error_elsewhere
    seen = float(np.isfinite(samples.values[rule.signal][within]).mean()) if within.any() else 0.0
    seen_s, hidden_s = seen * (end_s - start_s), (1 - seen) * (end_s - start_s)

    def broken(rule: Fault) -> bool | None:
        return _broken(rule, samples.t_s[within], samples.values[rule.signal][within])

    found = judged_faults(exercise.faults, view.name if view else None, broken)
    faults, not_judged = list(found[0]), list(found[1])
    unsteady = _unsteady(t_s, samples.values[rule.signal][known], start_s, end_s)
    if seen < SEEN_WELL:
        not_judged.append("unsteady")
    elif unsteady > rule.unsteady_above:
        faults.append("unsteady")
    breathed = _breath_faults(exercise, breathing, start_s, end_s, span.seen)
    for broken_rules, undecided in (_pace_faults(rule, opening_s, closing_s), breathed):
        faults += broken_rules
        not_judged += undecided
    reason = None
    if seen < LEAST_SEEN or hidden_s > LEAST_SEEN_S > seen_s or span.broken_off:
        reason = "not_seen"
    elif start_value < rule.start_at_least or (
        _held(rule.start_signal, samples, followed, float("inf")) < rule.start_at_least
        and not (measured and end_s - start_s >= LEG_RAISE_S)
    ):
        reason = rule.start_reason
    elif depth < rule.counts_from:
        if measured:
            reason = rule.counts_reason
        else:
            depth = float("nan")
    if (reason is not None or rule.hold_s is None) and end_s - start_s < LEAST_ATTEMPT_S:
        return None
    good = breathing.good
    return Hold(
        number=0,
        side=samples.side,
        start_s=start_s,
        end_s=end_s,
        breaths=breathing.count if good else None,
        breath_start_s=breathing.start_s if good else (),
        breath_rate_per_min=breathing.rate_per_min if good else float("nan"),
        breath_quality=breathing.quality,
        depth=depth,
        counted=reason is None,
        uncounted_reason=reason,
        faults=tuple(faults),
        not_judged=tuple(not_judged),
        depth_interval=(depth - error, depth + error),
    )


def _pace_faults(rule: HoldRule, opening_s: float, closing_s: float) -> tuple[list[str], list[str]]:
    """Too fast a way; and what is not judged: the same, where one of them was not seen whole."""
    fast = rule.too_fast(opening_s, closing_s)
    return ["too_fast"] * fast, ["too_fast"] * (not fast and math.inf in (opening_s, closing_s))


def _breath_faults(
    exercise: Exercise, breathing: Breathing, start_s: float, end_s: float, ended: bool
) -> tuple[list[str], list[str]]:
    """Held breath and too few breaths; and what is not judged: too few breaths, where others may have been missed, and
    of a hold that may have gone on out of sight (not ended) any too few.

    If breathing cannot be seen, only the length of the hold is judged; if readings of it differ by a breath, a hold is
    surely too short only by its length.
    """
    rule = exercise.hold
    assert rule is not None
    lasted_s = end_s - start_s
    held = breathing.good and breathing.is_held(start_s, end_s, rule.breath_gap_s)
    enough = breathing.good and breathing.count >= rule.least_breaths
    if rule.hold_s is not None:
        short, sure = lasted_s < EDGES_SHARE * rule.hold_s, True
    elif enough and not held:
        short, sure = False, True
    elif breathing.sure_to_one and not held:
        short = True
        sure = breathing.most < rule.least_breaths and lasted_s <= SLOW_BREATH_S * max(1, breathing.count)
    else:  # if the breath was held, what is missing is breathing, not time
        short = lasted_s < BREATH_S * rule.least_breaths or (breathing.good and not held)
        sure = not short or lasted_s < QUICK_BREATH_S * rule.least_breaths
    sure = sure and (ended or not short)
    return ["breath_held"] * held + ["hold_too_short"] * (short and sure), ["hold_too_short"] * (not sure)


def _held(signal: str | None, samples: Samples, within: np.ndarray, otherwise: float) -> float:
    """The signal's median while held; ``otherwise`` if there is no such signal, or if it was measured in less than half
    of what ``within`` chooses."""
    values = samples.values[signal][within] if signal is not None else np.array([])
    known = np.isfinite(values)
    return median(values[known].tolist()) if known.size and known.mean() >= 0.5 else otherwise


def _edges(t_s: Array, course: Array, plateau: float, span: HoldSpan) -> tuple[float, float, float, float]:
    """When the way out ended and the way back began, and how long each took (infinite if not seen whole).

    A leg that was under way at first was not seen to open. One that is not quite back when it is judged is slow.
    """
    share = course / plateau
    high = np.flatnonzero(share > 0.8)
    first, last = int(high[0]), int(high[-1])
    opening_s, _outer, start_s = phase_course(t_s[: first + 1], np.minimum(share[: first + 1], 1.0), True, 1.0)
    if not (share[:first] < BEGUN).any() or not _seen_throughout(t_s[: first + 1], share[: first + 1]):
        opening_s = float("inf")
    if first and t_s[first] - t_s[first - 1] > UNSEEN_S:
        start_s = min(start_s, float(t_s[first + int(np.argmax(share[first:] > THERE))]))
    if not span.seen or last + 1 >= len(t_s):
        return start_s, float(t_s[last]), opening_s, float("inf")
    closing_s, _outer, end_s = phase_course(t_s[last:], np.minimum(share[last:], 1.0), False, 1.0)
    if not _seen_throughout(-t_s[last:][::-1], share[last:][::-1]):
        closing_s = float("inf")
    if t_s[last + 1] - t_s[last] > UNSEEN_S:
        end_s = max(end_s, float(t_s[last - int(np.argmax(share[last::-1] > THERE))]))
    return start_s, end_s, opening_s, closing_s


def _seen_throughout(t_s: Array, share: Array) -> bool:
    """Whether a way out, given to its end, was seen from its first fifth on; already out at first, it was not."""
    began = int(np.flatnonzero(share < BEGUN)[-1]) if (share < BEGUN).any() else 0
    return len(t_s) > 1 and bool(np.diff(t_s[began:]).max() < UNSEEN_S)


def _broken(rule: Fault, t_s: Array, values: Array) -> bool | None:
    if np.isfinite(values).sum() < 5:
        return None
    calm = smooth(t_s, values, CALM_S)
    if rule.share > 0:
        known = np.sort(calm[np.isfinite(calm)]).tolist()
        middle = quantile(known, 1 - rule.share if rule.above is not None else rule.share)
        return bool(broken_in(rule, np.array([0.0, 120.0]), np.array([middle, middle])))
    return broken_in(rule, t_s, calm)


def _unsteady(t_s: Array, values: Array, start_s: float, end_s: float) -> float:
    inside = (t_s >= start_s + 0.5) & (t_s <= end_s - 0.5)
    if inside.sum() < 10:
        return float("nan")
    t_s, values = t_s[inside], values[inside]
    fast = smooth(t_s, values, 0.08) - smooth(t_s, values, STEADY_S)
    return 1.48 * median(np.abs(fast).tolist())
