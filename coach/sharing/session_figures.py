"""What a session says of each side of each exercise, as figures that can be compared. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from coach.guide.past import worst_of
from coach.history.records import SessionRecord
from coach.session.result import HoldItem, Item, MovementItem, Result, by_set, depth
from coach.types import SIDES, Side
from coach.units import unit_of

Key = tuple[str, Side]  # an exercise, and a side of it


@dataclass(frozen=True, slots=True)
class SideFigures:
    """One side of one exercise in one session; None where there is nothing to tell.

    counted: repetitions, or holds. target: repetitions asked for in all sets. clean_share: of what counted, 0..1.
    depth_deg, lowering_s, raising_s: medians of what counted. held_s, breaths, breath_rate_per_min: means of the holds
    that count. view_angle_deg: from where it was seen, mean of its sets.
    """

    exercise: str
    side: Side
    hold: bool
    counted: int
    target: int | None
    clean_share: float | None
    depth_deg: float | None
    lowering_s: float | None
    raising_s: float | None
    held_s: float | None
    breaths: float | None
    breath_rate_per_min: float | None
    view_angle_deg: float | None


def session_figures(session: SessionRecord) -> dict[Key, SideFigures]:
    """The figures of a session by exercise and side, in the order in which they were done."""
    found: dict[Key, list[Result]] = {}
    for result in (one for whole in session.results for one in by_set(whole)):
        for side in SIDES:
            if any(item["side"] == side for item in (*result["movements"], *result["holds"])):
                found.setdefault((str(result["exercise"]), side), []).append(result)
    return {key: _figures(key, results) for key, results in found.items()}


def _figures(key: Key, results: Sequence[Result]) -> SideFigures:
    exercise, side = key
    moved = [m for result in results for m in result["movements"] if m["side"] == side and m["counted"]]
    held = [h for result in results for h in result["holds"] if h["side"] == side and h["counted"]]
    hold = any(h["side"] == side for result in results for h in result["holds"])
    counted: Sequence[Item] = held if hold else moved
    targets = [result["summary"]["target_reps"] for result in results]
    return SideFigures(
        exercise=exercise,
        side=side,
        hold=hold,
        counted=len(counted),
        target=None if hold or None in targets else sum(t for t in targets if t is not None),
        clean_share=mean(not item["faults"] for item in counted) if counted else None,
        depth_deg=_median(_depths(counted)),
        lowering_s=_median(_known(moved, "lowering_s")),
        raising_s=_median(_known(moved, "raising_s")),
        held_s=_mean(_known(held, "held_s")),
        breaths=_mean(_known(held, "breaths")),
        breath_rate_per_min=_mean(_known(held, "breath_rate_per_min")),
        view_angle_deg=_mean([a for result in results if (a := result["view"]["angle_deg"]) is not None]),
    )


def worst_pain(session: SessionRecord) -> int | None:
    """The strongest pain of a session, also of that asked about before and after it; None where none was rated."""
    marks = [pain.score for pain in session.pains if pain.score is not None]
    record = session.record or {}
    asked = [each["score"] for each in record.get("pain_reports", ()) if each["when"] != "morning"]
    if record.get("pains") or asked:
        return max([worst_of(record), *marks])
    return max(marks, default=None)


def worst_effort(session: SessionRecord) -> int | None:
    """The hardest set of a session on the scale from 0 to 10 (CR10, Borg 1982); None where it was not asked."""
    told = [each.get("effort") for each in (session.record or {}).get("sets", ())]
    return max((each for each in told if isinstance(each, int)), default=None)


def _depths(items: Iterable[Item]) -> list[float]:
    found = (depth(item) for item in items)
    return [d.value for d in found if d is not None and d.value is not None and unit_of(d.name).ending == "deg"]


def _known(items: Sequence[MovementItem] | Sequence[HoldItem], name: str) -> list[float]:
    values: list[Any] = [_get(item, name) for item in items]
    return [float(value) for value in values if value is not None]


def _get(item: Mapping[str, object], name: str) -> object:
    return item.get(name)


def _median(values: Sequence[float]) -> float | None:
    return float(median(values)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return float(mean(values)) if values else None
