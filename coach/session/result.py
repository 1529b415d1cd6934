"""The result: the JSON contract that reports, tables, history and other programs read. Types, and how they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

from coach.types import Side
from coach.units import UNITS, interval_name, unit_of

SCHEMA = 2


class Item(TypedDict):
    """What a movement and a hold have in common. Each also has a depth, and perhaps its interval, under the name given
    by its exercise: see ``depth``. not_judged: faults that the camera did not show, so nobody knows of them.
    """

    number: int
    set: int
    side: Side
    start_s: float
    end_s: float
    counted: bool
    uncounted_reason: str | None
    faults: list[str]
    not_judged: list[str]


class MovementItem(Item):
    """One repetition, counted or not. set: the number of its set. fault_ways: of faults with two directions, which."""

    peak_s: float
    lowering_s: float | None
    raising_s: float | None
    fault_ways: dict[str, str]


def called(item: Item, fault: str) -> str:
    """The name of a fault's direction if it has one, else the fault's own."""
    ways = cast("MovementItem", item).get("fault_ways", {})  # only repetitions have them
    return ways.get(fault, fault)


class HoldItem(Item):
    """One hold, counted or not. breaths is None if they could not be seen, which is not the same as zero."""

    held_s: float
    breaths: int | None
    breath_start_s: list[float]
    breath_rate_per_min: float | None
    breath_quality: float | None


class ViewItem(TypedDict):
    """The camera's view, and what it cannot show."""

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


class SetHold(TypedDict):
    """The hold of a set that counts."""

    start_s: float
    end_s: float
    held_s: float
    breaths: int | None


class SetItem(TypedDict):
    """One set: one exercise on one side. reps: how many counted, None for a hold; hold: None for repetitions, and if
    none counted.
    """

    number: int
    exercise: str
    side: Side
    start_s: float
    end_s: float
    reps: int | None
    hold: SetHold | None
    view: ViewItem
    summary: Summary


class Result(TypedDict):
    """The JSON contract. exercise: the one with the most evidence; sets: of every exercise, in order of time.

    Times are seconds from the start; a list may be empty and a value None, but no key is missing.
    """

    schema: int
    source: str
    exercise: str | None
    duration_s: float | None
    analysed_fps: float | None
    seen_ratio: float | None
    notes: list[str]
    view: ViewItem
    sets: list[SetItem]
    movements: list[MovementItem]
    holds: list[HoldItem]
    summary: Summary


@dataclass(frozen=True, slots=True)
class Depth:
    """How deep a movement or hold was. name: the exercise's name for it, with unit; interval: the 90 % interval."""

    name: str
    value: float | None
    interval: tuple[float, float] | None = None


# Keys that every movement or hold has, whatever its exercise calls the depth.
PLAIN = frozenset(MovementItem.__annotations__) | frozenset(HoldItem.__annotations__)


def depth(item: Mapping[str, object]) -> Depth | None:
    """The depth of a movement or hold; None if it has none."""
    name = depth_name(item)
    if name is None:
        return None
    value = item[name]
    bounds = item.get(interval_name(name))
    interval = None
    if isinstance(bounds, (list, tuple)) and len(bounds) == 2 and None not in bounds:
        interval = (float(bounds[0]), float(bounds[1]))
    return Depth(name, float(value) if isinstance(value, (int, float)) else None, interval)


def depth_name(item: Mapping[str, object]) -> str | None:
    """What a movement or hold calls its depth; None if it has none."""
    return next((key for key in item if _is_depth(key)), None)


def _is_depth(key: str) -> bool:
    return key not in PLAIN and "_interval_" not in key and unit_of(key).ending in UNITS


def deepest(items: Iterable[Item]) -> float | None:
    """The largest depth of these; None if none was measured."""
    return max((found.value for found in map(depth, items) if found and found.value is not None), default=None)


def items_of(result: Result) -> list[Item]:
    """Movements, then holds."""
    return [*result["movements"], *result["holds"]]


def of_set(result: Result, number: int) -> Result:
    """The part of a result about one set, as a separate result. Times remain those of the recording."""
    one = next(each for each in result["sets"] if each["number"] == number)
    return {
        **result,
        "exercise": one["exercise"],
        "view": one["view"],
        "sets": [one],
        "movements": [each for each in result["movements"] if each["set"] == number],
        "holds": [each for each in result["holds"] if each["set"] == number],
        "summary": one["summary"],
    }


def by_set(result: Result) -> list[Result]:
    """A result per set; the result itself if it has at most one."""
    return [of_set(result, each["number"]) for each in result["sets"]] if len(result["sets"]) > 1 else [result]
