"""Events to the result: the JSON contract that reports, tables, history and other programs read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict, cast

from coach.definitions.exercise import Exercise
from coach.session.sets import AWAY_S, Attempt, Set, evidence, numbered, one_set, recognised, sets_of
from coach.session.walking import WalkingDetector
from coach.to_json import number, whole
from coach.types import Cue, Event, Hold, Kind, Moment, Movement, Side
from coach.units import UNITS, interval_name, unit_of

SCHEMA = 2
NOT_IT = "Nothing in it looks like the exercise."
ABSENT = ("nobody", "partial")  # phases in which the person cannot be judged


class Item(TypedDict):
    """What a movement and a hold have in common. Either has its depth as well, and perhaps the depth's interval, under
    the name that its exercise gives it: see ``depth``.
    """

    number: int
    set: int
    side: Side
    start_s: float
    end_s: float
    counted: bool
    uncounted_reason: str | None
    faults: list[str]


class MovementItem(Item):
    """One repetition, counted or not. set: the number of its set."""

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


class SetHold(TypedDict):
    """The hold of a set that counts."""

    start_s: float
    end_s: float
    held_s: float
    breaths: int | None


class SetItem(TypedDict):
    """One set: one exercise on one side. reps: how many counted, None in a hold; hold: None in repetitions, and where
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
    """The contract. exercise: the one with most evidence; sets: of every exercise, in order of time.

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


def deepest(items: Iterable[Item]) -> float | None:
    """The largest depth of these; None where none was measured."""
    return max((found.value for found in map(depth, items) if found and found.value is not None), default=None)


def items_of(result: Result) -> list[Item]:
    """Movements, then holds."""
    return [*result["movements"], *result["holds"]]


def of_set(result: Result, number: int) -> Result:
    """What a result says of one of its sets alone, as a result of its own. Times stay those of the recording."""
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
    """The result of each set; the result itself where it has one at most."""
    return [of_set(result, each["number"]) for each in result["sets"]] if len(result["sets"]) > 1 else [result]


class ResultBuilder:
    """Collects what one exercise's judge says. Memory grows with repetitions and cues, not with frames.

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
        self.away: list[tuple[float, float]] = []  # from when to when the person was away for long, or walked
        self.phase_s: dict[str, float] = {}  # how long each phase lasted, in all
        self._views: list[tuple[float, ViewItem]] = []
        self._absent_s = math.nan
        self._walking = WalkingDetector()

    def add(self, moment: Moment) -> None:
        """Take one moment."""
        t_s, status = moment.t_s, moment.status
        self.frames += 1
        self.seen += moment.observation.pose is not None
        self.first_s = t_s if math.isnan(self.first_s) else self.first_s
        lasted_s = 0.0 if math.isnan(self.last_s) else t_s - self.last_s
        self.phase_s[status.phase] = self.phase_s.get(status.phase, 0.0) + lasted_s
        self.last_s = t_s
        if status.phase not in ABSENT:
            if t_s - self._absent_s >= AWAY_S:
                self.away.append((self._absent_s, t_s))
            self._absent_s = math.nan
        elif math.isnan(self._absent_s):
            self._absent_s = t_s
        walk = self._walking.step(t_s, moment.observation.pose)
        if walk is not None:
            self.away.append(walk)
        if moment.cue is not None:
            self.cues.append(moment.cue)
        if math.isfinite(status.view_angle_deg):
            view: ViewItem = {"angle_deg": whole(status.view_angle_deg), "advice": status.view_advice}
            if not self._views or self._views[-1][1] != view:
                self._views.append((t_s, view))
        self.close(moment.events)

    def close(self, events: Iterable[Event]) -> None:
        """Take the last events, for which there is no frame."""
        for event in events:
            if event.movement is not None:
                self.movements.append(event.movement)
            if event.hold is not None:
                self.holds.append(event.hold)

    def attempts(self) -> list[Attempt]:
        """Every movement and hold."""
        telling = {fault.name for fault in self.exercise.faults}
        done: list[Movement | Hold] = [*self.movements, *self.holds]
        return [Attempt(self.exercise.name, item, item.uncounted_reason in telling) for item in done]

    def view(self, at_s: float = math.inf) -> ViewItem:
        """From where the person was seen at this time: as it was last measured until then."""
        known = [view for t_s, view in self._views if t_s <= at_s] or [view for _, view in self._views[:1]]
        return known[-1] if known else {"angle_deg": None, "advice": None}

    def recognised(self) -> bool:
        """Whether the exercise shows."""
        return recognised(self.attempts())

    def evidence(self) -> float:
        """How much speaks for this exercise being the one that is done."""
        return evidence(self.attempts())

    def result(
        self, source: str, duration_s: float | None = None, single: bool = False, notes: Sequence[str] = ()
    ) -> Result:
        """The result where this exercise alone was judged; see ``Outcome.result``."""
        return Outcome.of([self], self.cues).result(source, duration_s, single, notes)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was done in the end, from one builder for each exercise that was looked for.

    builders: all have seen the same frames. cues: what was said. sets: in order of time, movements and holds numbered.
    """

    builders: tuple[ResultBuilder, ...]
    cues: tuple[Cue, ...]
    sets: tuple[Set, ...]

    @classmethod
    def of(cls, builders: Sequence[ResultBuilder], cues: Iterable[Cue]) -> Outcome:
        """Sort out what the judges found."""
        attempts = [each for builder in builders for each in builder.attempts()]
        named = frozenset(builder.exercise.name for builder in builders if builder.named)
        away = {builder.exercise.name: builder.away for builder in builders}
        return cls(tuple(builders), tuple(cues), tuple(numbered(sets_of(attempts, away, named))))

    def widened(self, by: float) -> Outcome:
        """The same, where every depth is less certain by so much either way, because of the video it comes from."""

        def wider(attempt: Attempt) -> Attempt:
            low, high = attempt.item.depth_interval
            return replace(attempt, item=replace(attempt.item, depth_interval=(low - by, high + by)))

        sets = (replace(one, attempts=tuple(wider(each) for each in one.attempts)) for one in self.sets)
        return replace(self, sets=tuple(sets))

    def as_one_set(self) -> Outcome:
        """The same as a single set, where somebody else has said where it begins and ends."""
        return replace(self, sets=tuple(one_set([each for one in self.sets for each in one.attempts])))

    @property
    def exercise(self) -> Exercise:
        """The exercise with most evidence; where none was found, the one with most attempts."""
        return max(self.builders, key=lambda each: (self._evidence(each), each.evidence())).exercise

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those of which there is a set, the one with most evidence first; where there is none, that one alone."""
        done = [each for each in self.builders if any(one.exercise == each.exercise.name for one in self.sets)]
        return tuple(each.exercise for each in sorted(done, key=lambda each: -self._evidence(each))) or (self.exercise,)

    @property
    def movements(self) -> list[Movement]:
        """Every repetition of every set, in order of time."""
        done = [each.item for one in self.sets for each in one.attempts if isinstance(each.item, Movement)]
        return sorted(done, key=lambda item: item.number)

    @property
    def holds(self) -> list[Hold]:
        """Every hold of every set, in order of time."""
        done = [each.item for one in self.sets for each in one.attempts if isinstance(each.item, Hold)]
        return sorted(done, key=lambda item: item.number)

    def result(
        self, source: str, duration_s: float | None = None, single: bool = False, notes: Sequence[str] = ()
    ) -> Result:
        """The JSON contract as a dictionary of plain values; NaN becomes None.

        single: it is one set, whatever the pauses in it. notes: sentences about the video.
        """
        if single:
            return self.as_one_set().result(source, duration_s, notes=notes)
        first = self.builders[0]
        main = next(each for each in self.builders if each.exercise is self.exercise)
        done = bool(self.sets) or main.named
        span = first.last_s - first.first_s
        movements, holds = _listed(self.sets, {each.exercise.name: each.exercise for each in self.builders})
        return {
            "schema": SCHEMA,
            "source": as_text(source),
            "exercise": main.exercise.name if done else None,
            "duration_s": number(first.last_s if duration_s is None else duration_s, 2),
            "analysed_fps": number((first.frames - 1) / span if span > 0 else math.nan, 1),
            "seen_ratio": number(first.seen / first.frames if first.frames else math.nan, 3),
            "notes": list(notes),
            "view": main.view() if self._counted else self._what_was_missing(main.view()),
            "sets": self._sets(movements, holds),
            "movements": movements,
            "holds": holds,
            "summary": summed(movements, holds, self._target(), self.cues if done else ()),
        }

    @property
    def _counted(self) -> bool:
        done: list[Movement | Hold] = [*self.movements, *self.holds]
        return any(item.counted for item in done)

    def _evidence(self, builder: ResultBuilder) -> float:
        return evidence(each for one in self.sets if one.exercise == builder.exercise.name for each in one.attempts)

    def _target(self) -> int | None:
        """Repetitions of a set, of the exercise done; None where none has repetitions."""
        of = next((each for each in self.exercises if each.kind == "repetitions"), None)
        return of.target.count if of is not None else None

    def _sets(self, movements: Sequence[MovementItem], holds: Sequence[HoldItem]) -> list[SetItem]:
        builders = {each.exercise.name: each for each in self.builders}
        begins = [one.start_s for one in self.sets]
        data: list[SetItem] = []
        for i, one in enumerate(self.sets):
            builder = builders[one.exercise]
            ours = [each for each in movements if each["set"] == i + 1]
            held = [each for each in holds if each["set"] == i + 1]
            # What was said before the first set belongs to it, what was said after one to that one.
            since_s = begins[i] if i else -math.inf
            until_s = begins[i + 1] if i + 1 < len(begins) else math.inf
            cues = [cue for cue in self.cues if since_s <= cue.t_s < until_s]
            of = builder.exercise
            target = of.target.count if of.kind == "repetitions" else None
            span = (round(float(one.start_s), 2), round(float(one.end_s), 2))
            view, summary = builder.view(one.end_s), summed(ours, held, target, cues)
            data.append(set_item(i + 1, one.exercise, one.side, span, of.kind, held, view, summary))
        return data

    def _what_was_missing(self, view: ViewItem) -> ViewItem:
        """Where nothing counted although somebody was seen: why, as the advice of the view."""

        def here_s(builder: ResultBuilder) -> float:
            return sum(s for phase, s in builder.phase_s.items() if phase not in ABSENT)

        near = max(self.builders, key=here_s)
        reasons = Counter(each.item.uncounted_reason for each in near.attempts())
        words = near.exercise.words["en"]
        if not near.seen:
            return view
        if here_s(near) <= near.phase_s.get("partial", 0.0):
            missing = words["partial"]
        elif reasons:
            missing = words.get(str(reasons.most_common(1)[0][0]), NOT_IT)
        else:
            missing = words["calibrating"] if near.phase_s.get("calibrating", 0.0) > here_s(near) / 2 else NOT_IT
        advice = missing if view["advice"] is None else f"{missing} {view['advice']}"
        return {"angle_deg": view["angle_deg"], "advice": advice}


def summed(
    movements: Sequence[MovementItem], holds: Sequence[HoldItem], target_reps: int | None, cues: Iterable[Cue] = ()
) -> Summary:
    """What counts of these, added up."""
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


def _listed(sets: Sequence[Set], exercises: Mapping[str, Exercise]) -> tuple[list[MovementItem], list[HoldItem]]:
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
        depth_name: number(m.depth, 1),
        interval_name(depth_name): [number(bound, 1) for bound in m.depth_interval],
        "lowering_s": number(m.lowering_s, 2),
        "raising_s": number(m.raising_s, 2),
    }
    return cast(MovementItem, data)  # its depth is under a name that no type can know


def as_text(name: str) -> str:
    """A file's name that can be written anywhere: what is no text in it becomes a sign for that."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _interval(bounds: tuple[float, float]) -> list[float | None] | None:
    """Low and high; None where nothing was measured."""
    return None if any(math.isnan(bound) for bound in bounds) else [number(bound, 1) for bound in bounds]


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
    }
    return cast(HoldItem, data)
