"""Events to the result: the JSON contract that reports, tables, history and other programs read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from coach.definitions.exercise import Exercise
from coach.to_json import number, whole
from coach.types import Cue, Event, Hold, Moment, Movement, Side
from coach.units import UNITS, interval_name, unit_of

SCHEMA = 1
LEAST_ATTEMPTS = 2
LONG_HELD_S = 10.0  # of a stretch that did not open far enough: nobody keeps one leg up by chance for so long


class Item(TypedDict):
    """What a movement and a hold have in common. Either has its depth as well, and perhaps the depth's interval, under
    the name that its exercise gives it: see ``depth``.
    """

    number: int
    side: Side
    start_s: float
    end_s: float
    counted: bool
    uncounted_reason: str | None
    faults: list[str]


class MovementItem(Item):
    """One repetition, counted or not."""

    peak_s: float
    lowering_s: float | None
    raising_s: float | None


class HoldItem(Item):
    """One hold, counted or not. breaths is None where they could not be seen, which is not the same as none."""

    held_s: float
    breaths: int | None
    breath_start_s: list[float]
    breath_rate_per_min: float | None
    breath_quality: float | None


class ViewItem(TypedDict):
    """From where it was seen, and what that camera position cannot vouch for."""

    angle_deg: int | None
    advice: str | None


class CueItem(TypedDict):
    """What was said."""

    t_s: float
    text: str


class Summary(TypedDict):
    """What counted, added up."""

    reps: int
    clean_reps: int
    target_reps: int | None
    breaths: int | None
    held_s: float
    faults: dict[str, int]
    cues: list[CueItem]


class Result(TypedDict):
    """The contract. Times are seconds from the start; a list may be empty and a value None, but no key is missing."""

    schema: int
    source: str
    exercise: str | None
    duration_s: float | None
    analysed_fps: float | None
    seen_ratio: float | None
    notes: list[str]
    view: ViewItem
    movements: list[MovementItem]
    holds: list[HoldItem]
    summary: Summary


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep a movement or hold was. name: what the exercise calls it, with its unit; interval: its 90 % one."""

    name: str
    value: float | None
    interval: tuple[float, float] | None = None


# What every movement or hold has, whatever its exercise calls the depth.
PLAIN = frozenset(MovementItem.__annotations__) | frozenset(HoldItem.__annotations__)


def depth(item: Mapping[str, object]) -> Depth | None:
    """The depth of a movement or hold of a result; None where it has none."""
    name = next((key for key in item if _is_depth(key)), None)
    if name is None:
        return None
    value = item[name]
    bounds = item.get(interval_name(name))
    interval = None
    if isinstance(bounds, (list, tuple)) and len(bounds) == 2 and None not in bounds:
        interval = (float(bounds[0]), float(bounds[1]))
    return Depth(name, float(value) if isinstance(value, (int, float)) else None, interval)


def _is_depth(key: str) -> bool:
    return key not in PLAIN and "_interval_" not in key and unit_of(key).ending in UNITS


def items_of(result: Result) -> list[Item]:
    """Movements, then holds."""
    return [*result["movements"], *result["holds"]]


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
            "duration_s": number(self.last_s if duration_s is None else duration_s, 2),
            "analysed_fps": number((self.frames - 1) / span if span > 0 else math.nan, 1),
            "seen_ratio": number(self.seen / self.frames if self.frames else math.nan, 3),
            "notes": list(notes),
            "view": {"angle_deg": whole(self.view_angle_deg), "advice": self.view_advice},
            "movements": [_movement(m, self.exercise.depth_name) for m in movements],
            "holds": [_hold(h, self.exercise.depth_name) for h in holds],
            "summary": {
                "reps": len(counted),
                "clean_reps": sum(not m.faults for m in counted),
                "target_reps": self.exercise.target.count if self.exercise.kind == "repetitions" else None,
                "breaths": sum(breaths) if breaths else (None if held else 0),
                "held_s": round(float(sum(h.held_s for h in held)), 1),
                "faults": dict(sorted(faults.items())),
                "cues": [{"t_s": round(float(cue.t_s), 2), "text": cue.text} for cue in self.cues] if done else [],
            },
        }


def _movement(m: Movement, depth_name: str) -> MovementItem:
    data = {
        "number": m.number,
        "side": m.side,
        "start_s": number(m.start_s, 2),
        "peak_s": number(m.peak_s, 2),
        "end_s": number(m.end_s, 2),
        "counted": m.counted,
        "uncounted_reason": m.uncounted_reason,
        "faults": list(m.faults),
        depth_name: number(m.depth, 1),
        interval_name(depth_name): [number(bound, 1) for bound in m.depth_interval],
        "lowering_s": number(m.lowering_s, 2),
        "raising_s": number(m.raising_s, 2),
    }
    return cast(MovementItem, data)  # its depth is under a name that no type can know


def _hold(h: Hold, depth_name: str) -> HoldItem:
    data = {
        "number": h.number,
        "side": h.side,
        "start_s": number(h.start_s, 2),
        "end_s": number(h.end_s, 2),
        "held_s": number(h.held_s, 2),
        "breaths": h.breaths,
        "breath_start_s": [number(t, 2) for t in h.breath_start_s],
        "breath_rate_per_min": number(h.breath_rate_per_min, 1),
        "breath_quality": number(h.breath_quality, 2),
        depth_name: number(h.depth, 1),
        "counted": h.counted,
        "uncounted_reason": h.uncounted_reason,
        "faults": list(h.faults),
    }
    return cast(HoldItem, data)
