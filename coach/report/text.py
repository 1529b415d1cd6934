"""The report's figures and sentences, from results alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from coach.definitions.exercise import Exercise
from coach.i18n.report_messages import Messages, clock, headed, report_words
from coach.report.chart import not_judged, unseen
from coach.session.result import HoldItem, Item, MovementItem, Result, called, depth, items_of
from coach.session.timeline import Timeline
from coach.types import SIDES

MOST_SPANS = 6  # listed one by one


@dataclass(frozen=True, slots=True)
class Row:
    """One headline figure: its name, and its values on the left and right; None where there was nothing."""

    name: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences below the chart."""

    next_time: tuple[str, ...]
    uncounted: tuple[str, ...]
    camera: tuple[str, ...]


def headline(results: Sequence[Result], exercise: Exercise | None, language: str = "en") -> tuple[Row, ...]:
    """Left and right side by side, over all results of one exercise; None if its file is unknown."""
    words = report_words(language)
    by_side = {side: _figures(results, exercise, side, words) for side in SIDES}
    names = list(dict.fromkeys(name for side in SIDES for name in by_side[side]))
    return tuple(Row(name, by_side["left"].get(name), by_side["right"].get(name)) for name in names)


def _figures(results: Sequence[Result], exercise: Exercise | None, side: str, words: Messages) -> dict[str, str]:
    movements = [m for result in results for m in result["movements"] if m["side"] == side]
    holds = [h for result in results for h in result["holds"] if h["side"] == side]
    if movements:
        return _repetitions(movements, results, words)
    return _holds(holds, exercise, words) if holds else {}


def _repetitions(movements: Sequence[MovementItem], results: Sequence[Result], words: Messages) -> dict[str, str]:
    counted = [m for m in movements if m["counted"]]
    sides = [(r["summary"]["target_reps"], {m["side"] for m in r["movements"]}) for r in results]
    target = sum(reps for reps, done in sides if reps and movements[0]["side"] in done)
    reached = words("of", count=len(counted), target=target) if target else str(len(counted))
    figures = {words("row_counted"): reached}
    if len(counted) < len(movements):
        figures[words("row_not_counted")] = str(len(movements) - len(counted))
    figures[words("row_clean")] = str(sum(not m["faults"] for m in counted))
    figures |= _depth(counted, words)
    figures |= _spread(words("row_lowering"), [m["lowering_s"] for m in counted], " s", words)
    figures |= _spread(words("row_raising"), [m["raising_s"] for m in counted], " s", words)
    return figures


def _holds(holds: Sequence[HoldItem], exercise: Exercise | None, words: Messages) -> dict[str, str]:
    counted = [h for h in holds if h["counted"]]
    shown = counted or holds
    figures = {words("row_held"): words.seconds(sum(h["held_s"] or 0.0 for h in shown))}
    seen = [h["breaths"] for h in shown if h["breaths"] is not None]
    figures[words("row_breaths")] = _breaths(sum(seen), exercise, words) if seen else words("breaths_unseen")
    figures |= _spread(words("row_breath_rate"), [h["breath_rate_per_min"] for h in shown], "", words)
    figures |= _depth(shown, words, margin(shown, words))
    if len(counted) < len(holds):
        figures[words("row_not_counted")] = str(len(holds) - len(counted))
    return figures


def _spread(name: str, values: Sequence[float | None], unit: str, words: Messages) -> dict[str, str]:
    known = sorted(value for value in values if value is not None)
    if not known:
        return {}
    middle, low, high = (words.number(value, 1) for value in (median(known), known[0], known[-1]))
    middle = f"{middle}{unit}"
    return {name: middle if low == high else words("spread", middle=middle, low=low, high=high)}


def _breaths(count: int, exercise: Exercise | None, words: Messages) -> str:
    """A count with its target, if known."""
    if exercise is None or exercise.hold is None or exercise.hold.hold_s is not None:
        return str(count)
    return words("breaths_aim", breaths=count, least=exercise.hold.least_breaths, most=exercise.hold.most_breaths)


def _depth(items: Sequence[Item], words: Messages, plus_minus: str = "") -> dict[str, str]:
    """The name of what is measured: ``Pelvic drop``."""
    found = [known for item in items if (known := depth(item))]
    if not found:
        return {}
    name = found[0].name
    return _spread(headed(words.quantity(name)), [each.value for each in found], plus_minus + words.unit(name), words)


def margin(items: Sequence[Item], words: Messages) -> str:
    """What stands between a depth and its unit, `` ± 14``, of the widest interval; empty if none of them has one."""
    halves = _halves(items)
    return f" ± {words.bare(round(max(halves), 1))}" if halves else ""


def _halves(items: Sequence[Item]) -> list[float]:
    """Half the width of each depth's interval."""
    found = [depth(item) for item in items]
    return [(each.interval[1] - each.interval[0]) / 2 for each in found if each is not None and each.interval]


def notes(
    result: Result, timeline: Timeline | None, exercise: Exercise, language: str = "en", alone: bool = True
) -> Notes:
    """What to say about one result. alone: no other is told with it, so what concerns the whole video is said here."""
    words = report_words(language)
    return Notes(
        next_time=_next_time(result, exercise, words),
        uncounted=_uncounted(result, exercise, words),
        camera=_camera(result, timeline, exercise, words, result.get("notes", ()) if alone else ()),
    )


def _next_time(result: Result, exercise: Exercise, words: Messages) -> tuple[str, ...]:
    faults: Counter[str] = Counter()
    for item in items_of(result):
        faults.update(called(item, fault) for fault in item["faults"])
        if not item["counted"] and item["uncounted_reason"] in exercise.not_enough:
            faults[item["uncounted_reason"]] += 1
    if not faults:
        counted = sum(item["counted"] for item in items_of(result))
        return (words("all_clean"),) if counted else ()
    noun = "repetition" if exercise.kind == "repetitions" else "hold"
    lines = []
    for name, count in faults.most_common(3):
        fault = words.fault(name, exercise)
        sentence = exercise.say(name, words.language) if name in exercise.words["en"] else f"{headed(fault)}."
        times = words.several(noun, count)
        lines.append(words("next_time_line", sentence=sentence, fault=fault, times=times))
    return tuple(lines)


def _uncounted(result: Result, exercise: Exercise, words: Messages) -> tuple[str, ...]:
    lines = []
    for noun in ("movement", "hold"):
        items: Sequence[Item] = result["movements"] if noun == "movement" else result["holds"]
        for item in items:
            if not item["counted"]:
                place = {"number": item["number"], "side": words(item["side"]), "time": clock(item["start_s"])}
                reason = words.reason(item["uncounted_reason"], exercise)
                lines.append(words(f"not_counted_{noun}", **place, reason=reason))
    return tuple(lines)


def _camera(
    result: Result, timeline: Timeline | None, exercise: Exercise, words: Messages, of_video: Sequence[str]
) -> tuple[str, ...]:
    lines = list(of_video)
    view = result["view"]
    if view["advice"]:
        lines.append(exercise.translated(view["advice"], words.language))
    elif _only_rough(result["holds"], exercise):
        plus_minus = margin(result["holds"], words).strip() + words.unit(exercise.depth_name)
        lines.append(words("depth_rough", quantity=headed(words.quantity(exercise.depth_name)), margin=plus_minus))
    if timeline is not None:
        lines += words.not_judged(*not_judged(timeline), lambda name: words.fault(name, exercise))
        gone = [words("from_to", start=clock(a), end=clock(b)) for a, b in unseen(timeline) if b - a >= 1.0]
        spans, more = ", ".join(gone[:MOST_SPANS]), len(gone) - MOST_SPANS
        if more > 0:
            lines.append(words("away_more", spans=spans, times=words.several("time", more)))
        elif gone:
            lines.append(words("away", spans=spans))
    for hold in result["holds"]:
        if hold["breaths"] is None:
            lines.append(words("breath_unclear", number=hold["number"]))
    return tuple(lines) or (words("all_judged"),)


def _only_rough(holds: Sequence[HoldItem], exercise: Exercise) -> bool:
    """Whether a depth was taken from where the camera does not show it: of a view without advice nobody said so yet."""
    rule = exercise.hold
    return rule is not None and max(_halves(holds), default=0.0) >= rule.error_elsewhere > rule.error


def accuracy(result: Result, exercise: Exercise, language: str = "en") -> tuple[str, ...]:
    """How far one result's figures can be trusted."""
    words = report_words(language)
    halves = _halves([item for item in items_of(result) if item["counted"]])
    lines = []
    if halves:
        low, high = (words.bare(round(half, 1)) for half in (min(halves), max(halves)))
        span = low if low == high else words("span", start=low, end=high)
        lines.append(words("accuracy_depth", span=f"{span}{words.unit(exercise.depth_name)}"))
    else:
        lines.append(words("accuracy_depth_plain"))
    if result["holds"]:
        lines.append(words("accuracy_breath"))
        quality = [h["breath_quality"] for h in result["holds"] if h["breath_quality"] is not None]
        if quality:
            known = words("between_numbers").join(words.number(q, 1) for q in quality)
            lines[-1] += " " + words("accuracy_breath_here", qualities=known)
    lines.append(words("accuracy_basis" if exercise.movement else "accuracy_basis_hold"))
    return tuple(lines)
