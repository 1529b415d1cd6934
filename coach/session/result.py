"""Events to the result: the JSON contract that reports, tables, history and other programs read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from coach.definitions.exercise import Exercise
from coach.types import Cue, Event, Hold, Moment, Movement

SCHEMA = 1
LEAST_ATTEMPTS = 2
LONG_HELD_S = 10.0  # of a stretch that did not open far enough: nobody keeps one leg up by chance for so long
Result = dict[str, Any]
# What every movement or hold has, whatever its exercise calls the depth.
PLAIN = {"number", "side", "start_s", "end_s", "held_s", "peak_s", "counted", "uncounted_reason", "faults"}
PLAIN |= {"lowering_s", "raising_s", "breaths", "breath_start_s", "breath_rate_per_min", "breath_quality"}


class ResultBuilder:
    """Collects what happened for one exercise. Memory grows with repetitions and cues, not with frames.

    named: whether the user said that this exercise is done. If not, it has to show in what happened, or the result
    names no exercise and lists nothing.
    """

    def __init__(self, exercise: Exercise, named: bool = False) -> None:
        self.exercise = exercise
        self.named = named
        self.movements: list[Movement] = []
        self.holds: list[Hold] = []
        self.cues: list[Cue] = []
        self.frames = 0
        self.seen = 0
        self.first_s = math.nan
        self.last_s = math.nan
        self.view_angle_deg = math.nan
        self.view_advice: str | None = None

    def add(self, moment: Moment) -> None:
        """Take one moment."""
        self.frames += 1
        self.seen += moment.observation.pose is not None
        self.first_s = moment.t_s if math.isnan(self.first_s) else self.first_s
        self.last_s = moment.t_s
        if moment.cue is not None:
            self.cues.append(moment.cue)
        if math.isfinite(moment.status.view_angle_deg):
            self.view_angle_deg = moment.status.view_angle_deg
            self.view_advice = moment.status.view_advice
        self.close(moment.events)

    def close(self, events: Iterable[Event]) -> None:
        """Take the last events, for which there is no frame."""
        for event in events:
            if event.movement is not None:
                self.movements.append(event.movement)
            if event.hold is not None:
                self.holds.append(event.hold)

    def recognised(self) -> bool:
        """Whether the exercise shows: something counted, or attempts at it that were spoilt by its own faults.

        A shallow or unfinished dip alone is what anybody's standing about looks like. A leg that stood straight up and
        was then held for long, if not far enough out, is the stretch and nothing else.
        """
        telling = {fault.name for fault in self.exercise.faults}
        if any(m.counted for m in self.movements) or any(h.counted for h in self.holds):
            return True
        if any(hold.uncounted_reason == "leg_not_open" and hold.held_s >= LONG_HELD_S for hold in self.holds):
            return True
        return sum(item.uncounted_reason in telling for item in self.movements) >= LEAST_ATTEMPTS

    def evidence(self) -> float:
        """How much speaks for this exercise being the one that is done: counted things first, attempts after."""
        counted = sum(m.counted for m in self.movements) + 10 * sum(h.counted for h in self.holds)
        return counted + 0.01 * (len(self.movements) + len(self.holds))

    def result(self, source: str, duration_s: float | None = None, notes: Sequence[str] = ()) -> Result:
        """The JSON contract as a dictionary of plain values; NaN becomes None. notes: sentences about the video."""
        done = self.named or self.recognised()
        movements, holds = (self.movements, self.holds) if done else ([], [])
        judged: list[Movement | Hold] = [*movements, *holds]
        faults = Counter(fault for item in judged if item.counted for fault in item.faults)
        counted = [m for m in movements if m.counted]
        held = [h for h in holds if h.counted]
        span = self.last_s - self.first_s
        breaths = [h.breaths for h in held if h.breaths is not None]
        return {
            "schema": SCHEMA,
            "source": source,
            "exercise": self.exercise.name if done else None,
            "duration_s": _number(self.last_s if duration_s is None else duration_s, 2),
            "analysed_fps": _number((self.frames - 1) / span if span > 0 else math.nan, 1),
            "seen_ratio": _number(self.seen / self.frames if self.frames else math.nan, 3),
            "notes": list(notes),
            "view": {"angle_deg": _number(self.view_angle_deg, 0), "advice": self.view_advice},
            "movements": [_movement(m, self.exercise.depth_name) for m in movements],
            "holds": [_hold(h, self.exercise.depth_name) for h in holds],
            "summary": {
                "reps": len(counted),
                "clean_reps": sum(not m.faults for m in counted),
                "target_reps": self.exercise.target.count if self.exercise.kind == "repetitions" else None,
                "breaths": sum(breaths) if breaths else (None if held else 0),
                "held_s": _number(sum(h.held_s for h in held), 1),
                "faults": dict(sorted(faults.items())),
                "cues": [{"t_s": _number(cue.t_s, 2), "text": cue.text} for cue in self.cues] if done else [],
            },
        }


def _movement(m: Movement, depth_name: str) -> Result:
    return {
        "number": m.number,
        "side": m.side,
        "start_s": _number(m.start_s, 2),
        "peak_s": _number(m.peak_s, 2),
        "end_s": _number(m.end_s, 2),
        "counted": m.counted,
        "uncounted_reason": m.uncounted_reason,
        "faults": list(m.faults),
        depth_name: _number(m.depth, 1),
        _interval_name(depth_name): [_number(bound, 1) for bound in m.depth_interval],
        "lowering_s": _number(m.lowering_s, 2),
        "raising_s": _number(m.raising_s, 2),
    }


def _hold(h: Hold, depth_name: str) -> Result:
    return {
        "number": h.number,
        "side": h.side,
        "start_s": _number(h.start_s, 2),
        "end_s": _number(h.end_s, 2),
        "held_s": _number(h.held_s, 2),
        "breaths": h.breaths,
        "breath_start_s": [_number(t, 2) for t in h.breath_start_s],
        "breath_rate_per_min": _number(h.breath_rate_per_min, 1),
        "breath_quality": _number(h.breath_quality, 2),
        depth_name: _number(h.depth, 1),
        "counted": h.counted,
        "uncounted_reason": h.uncounted_reason,
        "faults": list(h.faults),
    }


def depth_name(item: Result) -> str | None:
    """What a movement or hold of a result calls its depth: ``pelvic_drop_deg``."""
    return next((key for key in item if key not in PLAIN and "_interval_" not in key), None)


def _interval_name(depth_name: str) -> str:
    """``pelvic_drop_deg`` -> ``pelvic_drop_interval_deg``: the unit stays last."""
    quantity, unit = depth_name.rsplit("_", 1)
    return f"{quantity}_interval_{unit}"


def _number(value: float, digits: int) -> float | int | None:
    if not math.isfinite(value):
        return None
    return round(value) if digits == 0 else round(float(value), digits)
