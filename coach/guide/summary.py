"""The session in a few lines, left beside right: plain text that any front end can show."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, median
from types import MappingProxyType

from coach.definitions.exercise import Exercise
from coach.definitions.pain import HIGHEST, care_after, pain_level
from coach.definitions.programme_messages import Messages
from coach.guide.past import Past, rising, worst_of
from coach.guide.session_log import SessionRecord, SetRecord
from coach.guide.types import ExerciseSummary, Summary, SummaryRow
from coach.types import SIDES, Hold, Movement, Side

# Measured by hand, smaller differences of the pelvic angle cannot be told from chance: the minimal detectable change of
# the pelvic-on-femoral angle in one-leg stance, healthy adults (Youdas and others 2007, J Sport Rehabil 16, 326-335).
SIDES_DIFFER_DEG = 4.0
SAME_VIEW_DEG = 15.0  # the camera's angle is measured to about 10 degrees


def summarise(
    record: SessionRecord,
    exercises: Sequence[Exercise],
    words: Messages,
    past: Past | None = None,
    by_side: Mapping[tuple[str, Side], Exercise] = MappingProxyType({}),
) -> Summary:
    """What was done, from the log. Exercises in the order of the programme, without those not done.

    by_side: exercises as they were asked for on a side, by name and side, where that differs.
    """
    done = []
    for exercise in exercises:
        sets = [each for each in record.sets if each.exercise == exercise.name and not each.is_empty]
        if sets:
            pains = [pain.score for pain in record.pains if pain.exercise == exercise.name]
            pains += [report.score for report in record.pain_reports if report.when != "morning"]
            care = care_after(pains, record.pain_rule)  # where something hurt, the person is not told to go further
            next_time = words(f"next_time_{care}") if care else _next_time(exercise, sets, words, by_side)
            done.append(_exercise(exercise, sets, words, next_time))
    stopped = any(pain_level(each.score, record.pain_rule) == "stop" for each in record.pains if each.score is not None)
    # Where nothing was done no exercise has a line for it.
    ask = [words("next_time_ask")] if stopped and not done else []
    return Summary(
        headline=words(_headline(record, bool(done), stopped)),
        exercises=tuple(done),
        notes=(*ask, *(note for note in _notes(record, exercises, words, past or Past()) if note)),
        left_label=words("label_left"),
        right_label=words("label_right"),
    )


def _headline(record: SessionRecord, anything: bool, stopped: bool) -> str:
    ended_by = [each.ended_by for each in record.sets]
    if ended_by[-1:] == ["pain"] or ("pain" in ended_by and not record.complete):
        return "summary_pain"
    if not anything:
        refused = stopped or any(pain_level(each.score, record.pain_rule) == "stop" for each in record.pain_reports)
        return "pain_not_today" if refused or record.seen_to is False else "summary_nothing"
    return "summary_done" if record.complete else "summary_ended"


def _exercise(exercise: Exercise, sets: Sequence[SetRecord], words: Messages, next_time: str) -> ExerciseSummary:
    by_side = {side: [each for each in sets if each.side == side] for side in SIDES}
    rows = _repetition_rows if exercise.kind == "repetitions" else _hold_rows
    cells = {side: rows(by_side[side], words) if by_side[side] else {} for side in SIDES}
    names = list(dict.fromkeys([*cells["left"], *cells["right"]]))
    return ExerciseSummary(
        exercise=exercise.name,
        title=exercise.in_language(words.language).title,
        rows=tuple(
            SummaryRow(name, words(f"row_{name}"), cells["left"].get(name, ""), cells["right"].get(name, ""))
            for name in names
        ),
        next_time=next_time,
    )


def _counted(sets: Iterable[SetRecord]) -> list[Movement]:
    return [movement for each in sets for movement in each.movements if movement.counted]


def _held(sets: Iterable[SetRecord]) -> list[Hold]:
    return [hold for each in sets for hold in each.holds if hold.counted]


def _repetition_rows(sets: Sequence[SetRecord], words: Messages) -> dict[str, str]:
    counted = _counted(sets)
    rows = {
        "reps": words("value_of", value=len(counted), of=_target(sets)),
        "clean": str(sum(not movement.faults for movement in counted)) if counted else "",
        "depth": _middle(words, "value_degrees", [m.depth for m in counted]),
    }
    down, up = _finite([m.lowering_s for m in counted]), _finite([m.raising_s for m in counted])
    if down and up:
        rows["tempo"] = words("value_tempo", down=words.number(median(down), 1), up=words.number(median(up), 1))
    return rows | _effort(sets, words)


def _hold_rows(sets: Sequence[SetRecord], words: Messages) -> dict[str, str]:
    holds = _held(sets)
    timed = [each for each in sets if each.unit == "seconds"]
    seen = [each for each in sets if each.count is not None and each.unit != "seconds"]
    rows = {
        "breaths": words("value_of", value=sum(each.count or 0 for each in seen), of=_target(seen))
        if seen
        else words("value_unseen"),
        "held": words("value_seconds", value=words.number(sum(each.held_s for each in sets))),
        "depth": _middle(words, "value_degrees", [hold.depth for hold in holds]),
    }
    if timed:
        del rows["breaths"]
        held = words.number(sum(each.held_s for each in timed))
        rows["held"] = words("value_of", value=held, of=words("value_seconds", value=_target(timed)))
    return rows | _effort(sets, words)


def _effort(sets: Sequence[SetRecord], words: Messages) -> dict[str, str]:
    """The effort of the hardest set, if any was rated."""
    rated = [each.effort for each in sets if each.effort is not None]
    return {"effort": words("value_of", value=max(rated), of=HIGHEST)} if rated else {}


def _target(sets: Iterable[SetRecord]) -> str:
    """'10', or '6-8' if the person may choose."""
    least, most = (sum(values) for values in zip(*((each.target_from, each.target) for each in sets), strict=True))
    return str(most) if least == most else f"{least}–{most}"


def _middle(words: Messages, key: str, values: Iterable[float]) -> str:
    finite = _finite(values)
    return words(key, value=words.number(median(finite))) if finite else ""


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _next_time(
    exercise: Exercise, sets: Sequence[SetRecord], words: Messages, by_side: Mapping[tuple[str, Side], Exercise]
) -> str:
    """One thing: the most frequent fault, counted or not, else depth, else the sides, else praise."""
    items: list[Movement | Hold] = [movement for each in sets for movement in each.movements]
    items += [hold for each in sets for hold in each.holds]
    found = Counter(fault for item in items if item.counted for fault in item.faults)
    found.update(item.uncounted_reason for item in items if item.uncounted_reason not in (None, "not_seen"))
    known = [name for name in found if name in exercise.words["en"]]
    if known:
        worst = min(known, key=lambda name: (-found[name], _priority(exercise, name), name))
        ways = {
            item.fault_ways.get(worst, worst) for item in items if isinstance(item, Movement) and worst in item.faults
        }
        said = ways.pop() if len(ways) == 1 else worst  # one direction, if it was always the same
        return words("next_time_fault", fault=exercise.say(said, words.language))
    depths = {side: _depths(sets, side) for side in SIDES}
    beyond = [
        depth - by_side.get((exercise.name, side), exercise).target.depth[0] for side in SIDES for depth in depths[side]
    ]
    if not beyond:
        return words("next_time_again")
    if fmean(beyond) < 0:
        return words("next_time_deeper")
    if _sides_differ(exercise, sets, depths):
        return words("next_time_sides")
    return words("next_time_keep")


def _sides_differ(exercise: Exercise, sets: Sequence[SetRecord], depths: Mapping[Side, Sequence[float]]) -> bool:
    """Whether left and right differ by more than chance. Not for holds: their depth is too uncertain.

    Only if the camera saw both sides from the same angle: a different angle alone makes such a difference.
    """
    if exercise.kind != "repetitions" or not all(depths.values()):
        return False
    angles = {
        side: [abs(angle) for each in sets if each.side == side and (angle := _angle(each)) is not None]
        for side in SIDES
    }
    if not all(angles.values()) or abs(median(angles["left"]) - median(angles["right"])) > SAME_VIEW_DEG:
        return False
    return abs(fmean(depths["left"]) - fmean(depths["right"])) > SIDES_DIFFER_DEG


def _angle(each: SetRecord) -> float | None:
    return None if each.result is None else each.result["view"]["angle_deg"]


def _priority(exercise: Exercise, name: str) -> int:
    fault = exercise.fault(name)
    return fault.priority if fault else 9


def _depths(sets: Sequence[SetRecord], side: Side) -> list[float]:
    ours = [each for each in sets if each.side == side]
    return _finite([*(m.depth for m in _counted(ours)), *(hold.depth for hold in _held(ours))])


def _camera_advice(each: SetRecord, exercises: Sequence[Exercise], words: Messages) -> str:
    """What the camera's position could not show, in the person's language; empty if it showed everything."""
    advice = each.result["view"]["advice"] if each.result else None
    exercise = next(exercise for exercise in exercises if exercise.name == each.exercise)
    return exercise.translated(advice, words.language) if advice else ""


def _notes(record: SessionRecord, exercises: Sequence[Exercise], words: Messages, past: Past) -> Iterable[str]:
    titles = {exercise.name: exercise.in_language(words.language).title for exercise in exercises}
    for pain in record.pains:
        if pain.score is not None:
            side = words.side(pain.side)
            if pain.standing is not None:
                side = words(f"side_standing_{pain.standing}", side=side)
            where = {"where": words(f"place_{pain.place}")} if pain.place else {}
            note = "pain_note_where" if where else "pain_note"
            yield words(note, exercise=titles[pain.exercise], side=side, score=pain.score, **where)
    for report in record.pain_reports:
        if report.score > 0:
            yield words(f"pain_note_{report.when}", score=report.score)
    for answer in record.progress:
        if answer.agreed:
            of = answer.proposal
            more = words(f"amount_{of.unit}", count=of.to)
            yield words("note_progress", exercise=titles[of.exercise], more=more)
    if rising([*past.worst, worst_of(record.as_dict())]):
        yield words("note_pain_rising")
    yield from dict.fromkeys(_camera_advice(each, exercises, words) for each in record.sets if each.result)
    yield from dict.fromkeys(note for each in record.sets if each.result for note in each.result.get("notes", ()))
    for each in record.sets:
        place = {"exercise": titles[each.exercise], "side": words.side(each.side)}
        if each.paced:
            yield words("note_paced", **place)
        if each.compromised and not each.is_empty:
            checks = ", ".join(words(f"check_{name}") for name in each.compromised)
            yield words("note_unvouched", checks=checks, **place)
