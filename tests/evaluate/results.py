"""Truths, and results that are right about them, to be spoilt by the tests."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from coach.evaluate.truth import Truth, parse_truth

SAMPLES = Path(__file__).parents[2] / "samples"

Json = dict[str, Any]


def rep(start: float, drop: float = 11.0, **angles: float) -> Json:
    return {"start": start, "bottom": start + 1.6, "end": start + 3.5, "drop": drop, **angles}


def hiker(count: int = 4, /, **expect: Any) -> Json:
    """A truth of hip hikers on the left, a movement every four seconds."""
    return {
        "exercise": "hip-hiker",
        "hanging": "left",
        "reps": [rep(2.5 + 4 * i, 9.0 + i) for i in range(count)],
        "camera": {"az": 38, "height": 1.1, "dist": 2.5},
        "expect": {"reps": count, "side": "left"} | expect,
    }


def stretch(breaths: int | None = 6, faults: tuple[str, ...] = ()) -> Json:
    """A truth of a strap stretch held from 12 to 40 seconds."""
    expect: Json = {"side": "right", "faults": list(faults)}
    if breaths is not None:
        expect["breaths"] = breaths
    return {
        "exercise": "strap-stretch",
        "hold": [12.0, 40.0],
        "camera": {"az": 45, "height": 1.2, "dist": 2.2},
        "expect": expect,
    }


def nothing() -> Json:
    return {"exercise": None, "reps": [], "expect": {}}


def truth_of(data: Json, clip: str = "clip") -> Truth:
    return parse_truth(data, clip)


def sample_truth(name: str) -> Truth:
    return parse_truth(json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8")), name)


def right(truth: Truth) -> Json:
    """A result that says exactly what is true."""
    movements = [
        {
            "number": number,
            "side": truth.side,
            "start_s": movement.start_s,
            "peak_s": movement.bottom_s,
            "end_s": movement.end_s,
            "counted": movement.counts,
            "uncounted_reason": movement.reason,
            "faults": sorted(movement.faults),
            "pelvic_drop_deg": movement.drop_deg,
            "pelvic_drop_interval_deg": [movement.drop_deg - 1, movement.drop_deg + 1],
            "lowering_s": 1.6,
            "raising_s": 1.6,
        }
        for number, movement in enumerate([m for m in truth.movements if m.listed], start=1)
    ]
    holds = []
    if truth.hold is not None:
        holds = [
            {
                "number": 1,
                "side": truth.side,
                "start_s": truth.hold.start_s,
                "end_s": truth.hold.end_s,
                "held_s": truth.hold.end_s - truth.hold.start_s,
                "breaths": truth.hold.breaths if truth.hold.breaths is not None else 5,
                "leg_open_deg": 40.0,
                "counted": True,
                "uncounted_reason": None,
                "faults": sorted(truth.hold.faults),
            }
        ]
    return {"exercise": truth.exercise if movements or holds else None, "movements": movements, "holds": holds}


def spoilt(result: Json, index: int, **values: Any) -> Json:
    """The result with values of one movement, or of the hold, changed."""
    changed = copy.deepcopy(result)
    (changed["movements"] or changed["holds"])[index].update(values)
    return changed


def without(result: Json, index: int) -> Json:
    """The result without one movement; those behind it move up in number, as the coach's would."""
    changed = copy.deepcopy(result)
    del changed["movements"][index]
    for number, movement in enumerate(changed["movements"], start=1):
        movement["number"] = number
    return changed
