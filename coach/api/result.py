"""What an analysis gives to a Python program: frozen values with units in their names, arrays and tables."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from coach.definitions.exercise import Exercise
from coach.errors import MissingPackageError
from coach.export import tables
from coach.extras import install_extra
from coach.session.result import HoldItem, MovementItem, Result, SetItem, depth
from coach.session.timeline import Timeline
from coach.to_json import known
from coach.types import Side

if TYPE_CHECKING:
    import pandas

TableName = Literal["frames", "repetitions", "holds", "sets"]


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition, counted or not. Times are seconds from the start of the video; what is not known is NaN.

    number: from 1, over the whole recording. set: number of its set. depth: the deepest point in the unit that
    ``depth_name`` ends in (``pelvic_drop_deg``); depth_interval: its 90 % interval. uncounted_reason: None where it
    counts. faults: names of what was wrong with it; fault_ways: of those with two directions, the name of the one.
    not_judged: names of faults that the camera did not show.
    """

    number: int
    set: int
    side: Side
    start_s: float
    peak_s: float
    end_s: float
    counted: bool
    uncounted_reason: str | None
    faults: tuple[str, ...]
    depth: float
    depth_name: str
    depth_interval: tuple[float, float]
    lowering_s: float
    raising_s: float
    fault_ways: Mapping[str, str] = field(default_factory=dict)
    not_judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold, counted or not; as ``Repetition``. breaths: None where they could not be seen, which is not 0.

    breath_start_s: the beginning of each inhalation. breath_quality: 0 to 1, how clear the rhythm was.
    """

    number: int
    set: int
    side: Side
    start_s: float
    end_s: float
    held_s: float
    counted: bool
    uncounted_reason: str | None
    faults: tuple[str, ...]
    depth: float
    depth_name: str
    depth_interval: tuple[float, float]
    breaths: int | None
    breath_start_s: tuple[float, ...]
    breath_rate_per_min: float
    breath_quality: float
    not_judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """One set: one exercise on one side. repetitions and holds hold also those that did not count.

    reps: how many count, None in a hold; breaths: of the hold that counts, None in repetitions and where they could not
    be seen. held_s: NaN in repetitions.
    """

    number: int
    exercise: str
    side: Side
    start_s: float
    end_s: float
    reps: int | None
    clean_reps: int | None
    held_s: float
    breaths: int | None
    view_angle_deg: float
    view_advice: str | None
    repetitions: tuple[Repetition, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AnalysisResult:
    """What was found in one video or recording. Times are seconds from its start; what is not known is NaN.

    exercise: the one with most evidence, None where none was found. repetitions, holds and sets are in order of time;
    those that did not count are there, with the reason. seen_ratio: the share of frames in which somebody was found.
    timeline: what every analysed frame showed. notes: what was odd about the video, as sentences.
    """

    source: str
    exercise: str | None
    duration_s: float
    analysed_fps: float
    seen_ratio: float
    view_angle_deg: float
    view_advice: str | None
    notes: tuple[str, ...]
    sets: tuple[ExerciseSet, ...]
    repetitions: tuple[Repetition, ...]
    holds: tuple[Hold, ...]
    timeline: Timeline
    _data: Result = field(repr=False)
    _exercises: tuple[Exercise, ...] = field(repr=False)
    _language: str = field(repr=False)

    def __repr__(self) -> str:
        sets = ", ".join(
            f"{one.exercise} {one.side}: {f'{one.reps} repetitions' if one.reps is not None else f'{one.held_s:.0f} s'}"
            for one in self.sets
        )
        return f"<AnalysisResult of {self.source}, {self.duration_s:.1f} s: {sets or 'no exercise found'}>"

    def to_dict(self) -> dict[str, Any]:
        """The JSON contract, as ``coach analyse --json`` prints it: plain values, None for what is not known."""
        return copy.deepcopy(dict(self._data))

    def dataframe(self, table: TableName = "repetitions") -> pandas.DataFrame:
        """A table with the columns that docs/data.md explains. Missing numbers are NaN.

        table: frames (a row an analysed frame), repetitions, holds or sets. Raises MissingPackageError without pandas,
        ValueError for another name.
        """
        made = {
            "frames": lambda: tables.frames(self.timeline),
            "repetitions": lambda: tables.movements(self._data),
            "holds": lambda: tables.holds(self._data),
            "sets": lambda: tables.sets(self._data),
        }
        if table not in made:
            raise ValueError(f"there is no table '{table}': choose from {', '.join(made)}")
        try:
            import pandas
        except ImportError as error:
            raise MissingPackageError("a DataFrame needs the package pandas", install_extra("pandas")) from error
        return pandas.DataFrame(dict(made[table]().columns))

    def save_json(self, path: str | Path) -> Path:
        """Write the JSON contract, whole or not at all. Raises OutputError."""
        from coach.export import result_json

        result_json.write(self._data, Path(path))
        return Path(path)

    def save_report(self, path: str | Path, *, pdf: bool = False, language: str | None = None) -> list[Path]:
        """Write the report as one HTML file, and beside it as PDF where asked. Returns the files.

        path: that of the page; with ``pdf`` it may be that of the print alone. Raises OutputError, MissingPackageError.
        """
        from coach.report.write import write_report

        return write_report(
            self._data,
            self.timeline,
            path,
            exercise=self._exercises[0],
            language=language or self._language,
            pdf=pdf,
        )

    def export(
        self, folder: str | Path, kinds: Iterable[str], stem: str | None = None, *, height_m: float | None = None
    ) -> list[Path]:
        """Write the data in every kind named (``csv``, ``trc``, ...: docs/data.md). Returns the files.

        stem: what the names of the files begin with; None takes the video's. height_m: the person's height, by which
        metres are scaled. Raises OutputError, OptionError.
        """
        from coach.export import export

        return export(self._data, self.timeline, folder, kinds, stem or Path(self.source).stem or "session", height_m)


def result_of(data: Result, timeline: Timeline, exercises: Sequence[Exercise], language: str) -> AnalysisResult:
    """The typed values of a result of the JSON contract."""
    repetitions = tuple(_repetition(item) for item in data["movements"])
    holds = tuple(_hold(item) for item in data["holds"])
    return AnalysisResult(
        source=data["source"],
        exercise=data["exercise"],
        duration_s=known(data["duration_s"]),
        analysed_fps=known(data["analysed_fps"]),
        seen_ratio=known(data["seen_ratio"]),
        view_angle_deg=known(data["view"]["angle_deg"]),
        view_advice=data["view"]["advice"],
        notes=tuple(data["notes"]),
        sets=tuple(_set(item, repetitions, holds) for item in data["sets"]),
        repetitions=repetitions,
        holds=holds,
        timeline=timeline,
        _data=data,
        _exercises=tuple(exercises),
        _language=language,
    )


def _repetition(item: MovementItem) -> Repetition:
    return Repetition(
        **_judged(item),
        peak_s=item["peak_s"],
        lowering_s=known(item["lowering_s"]),
        raising_s=known(item["raising_s"]),
        fault_ways=dict(item["fault_ways"]),
    )


def _hold(item: HoldItem) -> Hold:
    return Hold(
        **_judged(item),
        held_s=item["held_s"],
        breaths=item["breaths"],
        breath_start_s=tuple(item["breath_start_s"]),
        breath_rate_per_min=known(item["breath_rate_per_min"]),
        breath_quality=known(item["breath_quality"]),
    )


def _judged(item: MovementItem | HoldItem) -> dict[str, Any]:
    """What a repetition and a hold have in common."""
    value, name, interval = _depth(item)
    return {
        "number": item["number"],
        "set": item["set"],
        "side": item["side"],
        "start_s": item["start_s"],
        "end_s": item["end_s"],
        "counted": item["counted"],
        "uncounted_reason": item["uncounted_reason"],
        "faults": tuple(item["faults"]),
        "not_judged": tuple(item["not_judged"]),
        "depth": value,
        "depth_name": name,
        "depth_interval": interval,
    }


def _set(item: SetItem, repetitions: Sequence[Repetition], holds: Sequence[Hold]) -> ExerciseSet:
    held, number = item["hold"], item["number"]
    return ExerciseSet(
        number=number,
        exercise=item["exercise"],
        side=item["side"],
        start_s=item["start_s"],
        end_s=item["end_s"],
        reps=item["reps"],
        clean_reps=None if item["reps"] is None else item["summary"]["clean_reps"],
        held_s=known(held["held_s"] if held else None),
        breaths=held["breaths"] if held else None,
        view_angle_deg=known(item["view"]["angle_deg"]),
        view_advice=item["view"]["advice"],
        repetitions=tuple(each for each in repetitions if each.set == number),
        holds=tuple(each for each in holds if each.set == number),
    )


def _depth(item: MovementItem | HoldItem) -> tuple[float, str, tuple[float, float]]:
    found = depth(item)
    if found is None:
        return math.nan, "", (math.nan, math.nan)
    return known(found.value), found.name, found.interval or (math.nan, math.nan)
