"""A session as tables: one row per frame, and one per movement, hold or set. Column names carry the unit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from coach.session.result import Result
from coach.session.timeline import Timeline
from coach.to_json import known
from coach.types import SIDES
from coach.units import end_name, unit_of

STATUS = ("count", "held_s", "breath_quality", "breath_phase", "view_angle_deg")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length by name, in order. Missing values are NaN in numbers and '' in text."""

    name: str
    columns: Mapping[str, Sequence[Any] | NDArray[Any]]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ()))


def unit(column: str) -> str:
    """Unit of a column, from the end of its name; '' if it has none."""
    return unit_of(column).written


def frames(timeline: Timeline) -> Table:
    """One row per analysed frame: time, phase, count, and each signal of either side."""
    columns: dict[str, Sequence[Any] | NDArray[Any]] = {
        "frame": range(len(timeline)),
        "t_s": timeline.t_s,
        "phase": timeline.phase.tolist(),
        "side": timeline.side.tolist(),
        "seen": [bool(seen) for seen in timeline.seen],
    }
    for name in STATUS:
        if f"status/{name}" in timeline.values:
            columns[name] = timeline.values[f"status/{name}"]
    for side in SIDES:
        for name in timeline.values:
            if name.startswith(f"{side}/"):
                columns[name.replace("/", "_")] = timeline.values[name]
    return Table("frames", columns)


def movements(result: Result) -> Table:
    """One row per repetition, counted or not."""
    return _judged("movements", result["movements"])


def holds(result: Result) -> Table:
    """One row per hold, counted or not."""
    return _judged("holds", result["holds"])


def sets(result: Result) -> Table:
    """One row per set."""
    rows = result["sets"]
    columns: dict[str, Sequence[Any]] = {
        "set": [one["number"] for one in rows],
        "exercise": [one["exercise"] for one in rows],
        "side": [one["side"] for one in rows],
        "start_s": [known(one["start_s"]) for one in rows],
        "end_s": [known(one["end_s"]) for one in rows],
        "reps": [known(one["reps"]) for one in rows],
        "clean_reps": [known(one["summary"]["clean_reps"] if one["reps"] is not None else None) for one in rows],
        "held_s": [known(one["hold"] and one["hold"]["held_s"]) for one in rows],
        "breaths": [known(one["hold"] and one["hold"]["breaths"]) for one in rows],
        "faults": [";".join(f"{name}:{count}" for name, count in one["summary"]["faults"].items()) for one in rows],
        "view_angle_deg": [known(one["view"]["angle_deg"]) for one in rows],
        "advice": [one["view"]["advice"] or "" for one in rows],
    }
    return Table("sets", columns)


def _judged(name: str, items: Sequence[Mapping[str, Any]]) -> Table:
    columns: dict[str, list[Any]] = {}
    for key in dict.fromkeys(key for item in items for key in item):  # each exercise has its own name for the depth
        values = [item.get(key) for item in items]
        if "_interval_" in key:
            for i, end in enumerate(("low", "high")):
                columns[end_name(key, end)] = [known(value[i] if value else None) for value in values]
        elif key == "fault_ways":
            columns[key] = [";".join((value or {}).values()) for value in values]
        elif any(isinstance(value, list) for value in values):
            columns[key] = [";".join(str(part) for part in value or ()) for value in values]
        elif key in ("side", "uncounted_reason"):
            columns[key] = [value or "" for value in values]
        elif key in ("counted", "number", "set"):
            columns[key] = values
        else:
            columns[key] = [known(value) for value in values]
    return Table(name, dict(columns))
