"""Verdicts as entries of the JSON contract: movements, holds, sets and their summaries. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from coach.definitions.exercise import Exercise
from coach.judging.samples import fitted
from coach.session.result import HoldItem, Item, MovementItem, SetHold, SetItem, Summary, ViewItem
from coach.session.sets import Set
from coach.to_json import number
from coach.types import Cue, Hold, Kind, Movement, Side
from coach.units import interval_name


def summed(
    movements: Sequence[MovementItem], holds: Sequence[HoldItem], target_reps: int | None, cues: Iterable[Cue] = ()
) -> Summary:
    """Sums over what counted."""
    done: list[Item] = [*movements, *holds]
    counted = [m for m in movements if m["counted"]]
    held = [h for h in holds if h["counted"]]
    faults = Counter(fault for item in done if item["counted"] for fault in item["faults"])
    breaths = [h["breaths"] for h in held if h["breaths"] is not None]
    return {
        "reps": len(counted),
        "clean_reps": sum(not m["faults"] for m in counted),
        "target_reps": target_reps,
        "breaths": sum(breaths) if breaths else (None if held else 0),
        "held_s": round(float(sum(h["held_s"] for h in held)), 1),
        "faults": dict(sorted(faults.items())),
        "cues": [{"t_s": round(float(cue.t_s), 2), "text": cue.text} for cue in cues],
    }


def set_item(
    number: int,
    exercise: str,
    side: Side,
    span_s: tuple[float, float],
    kind: Kind,
    holds: Sequence[HoldItem],
    view: ViewItem,
    summary: Summary,
) -> SetItem:
    """One set of the contract. span_s: its beginning and end; holds: those of it."""
    counted = next((each for each in holds if each["counted"]), None)
    hold: SetHold | None = None
    if counted is not None:
        start_s, end_s, held_s = counted["start_s"], counted["end_s"], counted["held_s"]
        hold = {"start_s": start_s, "end_s": end_s, "held_s": held_s, "breaths": counted["breaths"]}
    return {
        "number": number,
        "exercise": exercise,
        "side": side,
        "start_s": span_s[0],
        "end_s": span_s[1],
        "reps": summary["reps"] if kind == "repetitions" else None,
        "hold": hold,
        "view": view,
        "summary": summary,
    }


def listed(sets: Sequence[Set], exercises: Mapping[str, Exercise]) -> tuple[list[MovementItem], list[HoldItem]]:
    """Movements and holds of all sets, in order of time."""
    movements: list[MovementItem] = []
    holds: list[HoldItem] = []
    for i, one in enumerate(sets, start=1):
        name = exercises[one.exercise].depth_name
        for each in one.attempts:
            if isinstance(each.item, Movement):
                movements.append(_movement(each.item, i, name))
            else:
                holds.append(_hold(each.item, i, name))
    return sorted(movements, key=lambda item: item["number"]), sorted(holds, key=lambda item: item["number"])


def _movement(m: Movement, set_number: int, depth_name: str) -> MovementItem:
    lowering_s, raising_s = fitted(m.lowering_s, m.raising_s, m.end_s - m.start_s)  # neighbours may have cut it short
    data = {
        "number": m.number,
        "set": set_number,
        "side": m.side,
        "start_s": number(m.start_s, 2),
        "peak_s": number(m.peak_s, 2),
        "end_s": number(m.end_s, 2),
        "counted": m.counted,
        "uncounted_reason": m.uncounted_reason,
        "faults": list(m.faults),
        "fault_ways": dict(m.fault_ways),
        depth_name: number(m.depth, 1),
        interval_name(depth_name): [number(bound, 1) for bound in m.depth_interval],
        "lowering_s": number(lowering_s, 2),
        "raising_s": number(raising_s, 2),
        "not_judged": list(m.not_judged),
    }
    return cast(MovementItem, data)  # its depth is under a name that no type can know


def _hold(h: Hold, set_number: int, depth_name: str) -> HoldItem:
    data = {
        "number": h.number,
        "set": set_number,
        "side": h.side,
        "start_s": number(h.start_s, 2),
        "end_s": number(h.end_s, 2),
        "held_s": number(h.held_s, 2),
        "breaths": h.breaths,
        "breath_start_s": [number(t, 2) for t in h.breath_start_s],
        "breath_rate_per_min": number(h.breath_rate_per_min, 1),
        "breath_quality": number(h.breath_quality, 2),
        depth_name: number(h.depth, 1),
        interval_name(depth_name): _interval(h.depth_interval),
        "counted": h.counted,
        "uncounted_reason": h.uncounted_reason,
        "faults": list(h.faults),
        "not_judged": list(h.not_judged),
    }
    return cast(HoldItem, data)


def _interval(bounds: tuple[float, float]) -> list[float | None] | None:
    """Low and high; None if nothing was measured."""
    return None if any(math.isnan(bound) for bound in bounds) else [number(bound, 1) for bound in bounds]
