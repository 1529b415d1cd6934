"""The truth about a clip, from its NAME.truth.json."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from coach.errors import CoachError
from coach.evaluate.people import Measures, measures_of
from coach.reading import read_json

MOST_TRUTH_BYTES = 64 * 2**20
SUFFIX = ".truth.json"
# Angles that make an animated movement faulty, whatever its verdict says.
DISTURBANCES = ("stance_knee", "hang_knee", "lean", "swing", "flex", "raise_arms")


class TruthError(CoachError, ValueError):
    """A truth file cannot be read or is incomplete."""


@dataclass(frozen=True, slots=True)
class TrueMovement:
    """One animated movement. reason: why it must not count, None if it must; listed: whether it should be listed.

    A movement that is something else entirely (raised arms, a lean) is neither counted nor listed. lowering_s,
    raising_s: how long it went down and up, NaN if the truth does not say.
    """

    number: int
    start_s: float
    bottom_s: float
    end_s: float
    drop_deg: float
    counts: bool
    reason: str | None
    faults: frozenset[str]
    lowering_s: float = math.nan
    raising_s: float = math.nan

    @property
    def clean(self) -> bool:
        """Whether it counts and nothing is wrong with it."""
        return self.counts and not self.faults

    @property
    def listed(self) -> bool:
        """Whether the coach should list it at all."""
        return self.counts or self.reason is not None


@dataclass(frozen=True, slots=True)
class TrueHold:
    """The animated hold. breaths, open_deg (how far the leg was open): None if the truth does not say."""

    start_s: float
    end_s: float
    breaths: int | None
    faults: frozenset[str]
    open_deg: float | None = None
    breath_start_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TrueSet:
    """One set. start_s, end_s: of its movements, or of its hold. reps: how many must count, None for a hold."""

    number: int
    exercise: str
    side: str | None
    start_s: float
    end_s: float
    reps: int | None


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth about a clip. exercise None: nothing may be counted. reps: how many must be.

    sides: those of the sets in order, each once. sets: if the truth lists them. part_of: the clip's name, if this is
    the truth about one of several exercises in it. fault_times: when faults began, in seconds, with their names.
    """

    clip: str
    exercise: str | None
    side: str | None
    reps: int | None
    movements: tuple[TrueMovement, ...]
    hold: TrueHold | None
    view: str
    person: str | None
    measures: Measures | None
    note: str = ""
    sides: tuple[str | None, ...] = ()
    sets: tuple[TrueSet, ...] = ()
    part_of: str | None = None
    fault_times: tuple[tuple[float, str], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing may be counted in this clip."""
        return self.hold is None and not self.reps


def read_truths(path: Path) -> tuple[Truth, ...]:
    """Read a truth file: one entry per exercise in the clip. Raises TruthError."""
    data = read_json(path, TruthError, "docs/measuring.md says what it holds", MOST_TRUTH_BYTES)
    if not isinstance(data, dict):
        raise TruthError(f"{path}: is not a JSON object", "docs/measuring.md says what it holds")
    return truths_of(data, path.name.removesuffix(SUFFIX), str(path))


def parse_truth(data: Mapping[str, Any], clip: str, source: str = "truth") -> Truth:
    """The truth of a clip from its data. Raises TruthError."""
    try:
        return _parse(data, clip)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise TruthError(
            f"{source}: does not say what it must ({type(error).__name__}: {error})",
            "docs/measuring.md says what it holds",
        ) from error


def _parse(data: Mapping[str, Any], clip: str) -> Truth:
    expect = data.get("expect") or {}
    exercise = data.get("exercise")
    person = data.get("person")
    hold = _hold(data, expect) if data.get("hold") and exercise is not None else None
    movements = _movements(data.get("reps") or (), expect)
    sets = _sets([each for each in data.get("sets") or () if each["exercise"] == exercise], movements)
    side = expect.get("side")
    return Truth(
        clip=clip,
        exercise=exercise,
        side=side,
        reps=None if hold is not None else int(expect.get("reps", 0)),
        movements=movements,
        hold=hold,
        view=_view(data),
        person=None if person is None else str(person),
        measures=measures_of(data),
        note=str(data.get("note", "")),
        sides=tuple(dict.fromkeys(each.side for each in sets)) or (side,),
        sets=sets,
        fault_times=tuple((float(each["t"]), str(each["fault"])) for each in data.get("fault_times") or ()),
    )


def _movements(reps: Any, expect: Mapping[str, Any]) -> tuple[TrueMovement, ...]:
    faults, uncounted = expect.get("faults", {}), expect.get("uncounted", {})
    found = []
    for number, rep in enumerate(reps, start=1):
        reason = uncounted.get(str(number))
        wrong = frozenset(faults.get(str(number), ()))
        drop = float(rep["drop"]) if rep.get("drop") is not None else math.nan
        other = drop < 1 or any(float(rep.get(name, 0)) and not wrong for name in DISTURBANCES)
        found.append(
            TrueMovement(
                number=number,
                start_s=float(rep["start"]),
                bottom_s=float(rep["bottom"]),
                end_s=float(rep["end"]),
                drop_deg=drop,
                counts=reason is None and not other and bool(expect.get("reps")),
                reason=reason,
                faults=wrong,
                lowering_s=float(rep["down"]) if rep.get("down") is not None else math.nan,
                raising_s=float(rep["up"]) if rep.get("up") is not None else math.nan,
            )
        )
    counted = sum(movement.counts for movement in found)
    if found and counted != int(expect.get("reps", 0)):
        raise ValueError(f"expect says {expect.get('reps', 0)} reps, its movements give {counted}")
    return tuple(found)


def _sets(told: Sequence[Mapping[str, Any]], movements: Sequence[TrueMovement]) -> tuple[TrueSet, ...]:
    """The sets of one exercise. Their movements are those of the whole take, in order."""
    sets, first = [], 0
    for number, one in enumerate(told, start=1):
        if one.get("hold"):
            start_s, end_s = (float(edge) for edge in one["hold"])
            reps = None
        else:
            ours = movements[first : first + len(one["reps"])]
            first += len(one["reps"])
            start_s, end_s = (ours[0].start_s, ours[-1].end_s) if ours else (float(one["start_s"]), float(one["end_s"]))
            reps = sum(movement.counts for movement in ours)
        sets.append(TrueSet(number, str(one["exercise"]), one.get("side"), start_s, end_s, reps))
    return tuple(sets)


def truths_of(data: Mapping[str, Any], clip: str, source: str = "truth") -> tuple[Truth, ...]:
    """The truth for each exercise in a clip: its own keys describe the first, ``sets`` the others."""
    found = [parse_truth(data, clip, source)]
    names = dict.fromkeys(each["exercise"] for each in data.get("sets") or () if isinstance(each, dict))
    for name in names:
        if name != data.get("exercise"):
            found.append(replace(parse_truth(_other(data, name), f"{clip} ({name})", source), part_of=clip))
    return tuple(found)


def _other(data: Mapping[str, Any], exercise: str) -> dict[str, Any]:
    """The truth as if the clip's other exercise were the only one."""
    sets = [each for each in data["sets"] if each["exercise"] == exercise]
    reps = [rep for each in sets for rep in each.get("reps") or ()]
    expect: dict[str, Any] = {"side": sets[0].get("side"), "reps": len(reps), "faults": {} if reps else []}
    holds = [each for each in sets if each.get("hold")]
    if holds:
        expect |= {"breaths": holds[0].get("breaths"), "faults": holds[0].get("faults", [])}
    kept = {key: data[key] for key in ("camera", "person", "note", "fault_times") if key in data}
    return {
        **kept,
        "exercise": exercise,
        "expect": expect,
        "reps": reps,
        "hold": holds[0]["hold"] if holds else None,
        "breath_starts": holds[0].get("breath_starts") if holds else None,
        "leg_open_deg": holds[0].get("leg_open_deg") if holds else None,
        "sets": sets,
    }


def _hold(data: Mapping[str, Any], expect: Mapping[str, Any]) -> TrueHold:
    start_s, end_s = (float(edge) for edge in data["hold"])
    breaths = expect.get("breaths")
    frames = data.get("frames") or ()
    opened = [float(f["leg_open"]) for f in frames if "leg_open" in f and start_s <= float(f["t"]) <= end_s]
    if not opened and data.get("leg_open_deg") is not None:
        opened = [float(data["leg_open_deg"])]
    return TrueHold(
        start_s,
        end_s,
        None if breaths is None else int(breaths),
        frozenset(expect.get("faults", ())),
        fmean(opened) if opened else None,
        tuple(float(t) for t in data.get("breath_starts") or ()),
    )


def _view(data: Mapping[str, Any]) -> str:
    """The camera's view, from its angle alone: ``az`` is from frontal, or from side-on for a lying person."""
    camera = data.get("camera") or {}
    if "az" not in camera:
        return "unknown"
    angle = abs(float(camera["az"]))
    if float(camera.get("height", 1.0)) >= 2.0:
        return "above"
    if data.get("exercise") == "strap-stretch" or data.get("hold"):
        return "side" if angle < 25 else "diagonal"
    return "frontal" if angle < 15 else "oblique" if angle < 65 else "side" if angle < 115 else "back"
