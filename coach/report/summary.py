"""The report's figures and sentences, from results alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from coach.exercise import Exercise
from coach.report import words
from coach.report.curves import unjudged, unseen
from coach.result import Result
from coach.track import TrackData
from coach.types import SIDES


@dataclass(frozen=True, slots=True)
class Row:
    """One headline figure: its name, and what it is on the left and on the right; None where there was nothing."""

    name: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences below the chart."""

    next_time: tuple[str, ...]
    uncounted: tuple[str, ...]
    camera: tuple[str, ...]


def headline(results: Sequence[Result], exercise: Exercise) -> tuple[Row, ...]:
    """Left and right side by side, over all results of one exercise."""
    by_side = {side: _figures(results, exercise, side) for side in SIDES}
    names = list(dict.fromkeys(name for side in SIDES for name in by_side[side]))
    return tuple(Row(name, by_side["left"].get(name), by_side["right"].get(name)) for name in names)


def _figures(results: Sequence[Result], exercise: Exercise, side: str) -> dict[str, str]:
    movements = [m for result in results for m in result["movements"] if m["side"] == side]
    holds = [h for result in results for h in result["holds"] if h["side"] == side]
    if not movements and not holds:
        return {}
    return _repetitions(movements, results, exercise) if exercise.kind == "repetitions" else _holds(holds, exercise)


def _repetitions(movements: Sequence[dict[str, Any]], results: Sequence[Result], exercise: Exercise) -> dict[str, str]:
    counted = [m for m in movements if m["counted"]]
    target = next((r["summary"]["target_reps"] for r in results if r["summary"].get("target_reps")), None)
    figures = {"Counted": f"{len(counted)} of {target}" if target else str(len(counted))}
    if len(counted) < len(movements):
        figures["Not counted"] = str(len(movements) - len(counted))
    figures["Without a fault"] = str(sum(not m["faults"] for m in counted))
    figures |= _spread(depth_title(exercise), [m.get(exercise.depth_name) for m in counted], "°")
    for name, key in (("Lowering", "lowering_s"), ("Raising", "raising_s")):
        figures |= _spread(name, [m.get(key) for m in counted], " s")
    return figures


def _holds(holds: Sequence[dict[str, Any]], exercise: Exercise) -> dict[str, str]:
    counted = [h for h in holds if h["counted"]]
    shown = counted or holds
    rule = exercise.hold
    figures = {"Held": words.seconds(sum(h["held_s"] or 0.0 for h in shown))}
    breaths = [h["breaths"] for h in shown if h["breaths"] is not None]
    aim = f" (aim {rule.least_breaths} to {rule.most_breaths})" if rule else ""
    figures["Breaths"] = f"{sum(breaths)}{aim}" if breaths else "not seen well enough"
    figures |= _spread("Breaths a minute", [h["breath_rate_per_min"] for h in shown], "")
    figures |= _spread(depth_title(exercise), [h.get(exercise.depth_name) for h in shown], "°")
    if len(counted) < len(holds):
        figures["Not counted"] = str(len(holds) - len(counted))
    return figures


def _spread(name: str, values: Sequence[float | None], unit: str) -> dict[str, str]:
    known = sorted(value for value in values if value is not None)
    if not known:
        return {}
    middle, low, high = (f"{value:.1f}" for value in (median(known), known[0], known[-1]))
    return {name: f"{middle}{unit}" + (f" ({low} to {high})" if low != high else "")}


def depth_title(exercise: Exercise) -> str:
    """The name of what is measured: ``Pelvic drop``."""
    return words.plain(exercise.depth_name.rsplit("_", 1)[0]).capitalize()


def notes(result: Result, track: TrackData | None, exercise: Exercise) -> Notes:
    """What to say of one result."""
    return Notes(_next_time(result, exercise), _uncounted(result), _camera(result, track))


def _next_time(result: Result, exercise: Exercise) -> tuple[str, ...]:
    faults: Counter[str] = Counter()
    for item in (*result["movements"], *result["holds"]):
        faults.update(item["faults"])
        if not item["counted"] and item["uncounted_reason"] in ("too_shallow", "leg_not_open", "not_returned"):
            faults[item["uncounted_reason"]] += 1
    if not faults:
        counted = sum(item["counted"] for item in (*result["movements"], *result["holds"]))
        return ("All of it was clean. Keep it so.",) if counted else ()
    said = exercise.words["en"]
    noun = "repetition" if exercise.kind == "repetitions" else "hold"
    lines = []
    for name, count in faults.most_common(3):
        sentence = said.get(name, words.plain(name).capitalize() + ".")
        lines.append(f"{sentence} ({words.plain(name)}: {words.several(count, noun)})")
    return tuple(lines)


def _uncounted(result: Result) -> tuple[str, ...]:
    lines = []
    for noun, items in (("Movement", result["movements"]), ("Hold", result["holds"])):
        for item in items:
            if not item["counted"]:
                at = words.clock(item["start_s"])
                lines.append(
                    f"{noun} {item['number']}, {item['side']}, at {at}: {words.reason(item['uncounted_reason'])}."
                )
    return tuple(lines)


def _camera(result: Result, track: TrackData | None) -> tuple[str, ...]:
    lines = []
    view = result["view"]
    if view["advice"]:
        lines.append(view["advice"])
    if track is not None:
        times, of = unjudged(track)
        for count in sorted(set(times.values()), reverse=True):
            names = ", ".join(words.plain(name) for name in sorted(times) if times[name] == count)
            lines.append(f"Not judged{'' if count == of else f' in {count} of {of}'}: {names}.")
        spans = [span for span in unseen(track) if span[1] - span[0] >= 1.0]
        gone = [f"{words.clock(a)} to {words.clock(b)}" for a, b in spans]
        if gone:
            more = f" and {len(gone) - 6} times more" if len(gone) > 6 else ""
            lines.append(f"Not whole in the picture: {', '.join(gone[:6])}{more}. What happened then is not judged.")
    for hold in result["holds"]:
        if hold["breaths"] is None:
            lines.append(f"The breath was not clear enough to count in hold {hold['number']}.")
    if not lines:
        lines.append("Nothing: everything asked for could be judged from where the camera stood.")
    return tuple(lines)


def accuracy(result: Result, exercise: Exercise) -> tuple[str, ...]:
    """How far the figures of one result can be trusted."""
    quantity, unit = exercise.depth_name.rsplit("_", 1)
    spans = [m.get(f"{quantity}_interval_{unit}") for m in result["movements"] if m["counted"]]
    halves = [(high - low) / 2 for low, high in (span for span in spans if span) if None not in (low, high)]
    lines = []
    if halves:
        lines.append(words.ACCURACY_DEPTH.format(low=round(min(halves), 1), high=round(max(halves), 1)))
    else:
        lines.append(words.ACCURACY_DEPTH_PLAIN)
    if result["holds"]:
        lines.append(words.ACCURACY_BREATH)
        quality = [h["breath_quality"] for h in result["holds"] if h["breath_quality"] is not None]
        if quality:
            lines[-1] += f" Here it was {', '.join(f'{q:.1f}' for q in quality)}."
    lines.append(words.ACCURACY_BASIS if exercise.movement else words.ACCURACY_BASIS_HOLD)
    return tuple(lines)
