"""A result and its timeline for other programs: csv, parquet, trc and mot (OpenSim), c3d, and Motion-BIDS.

docs/data.md is the dictionary of every file and column.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from coach.errors import OutputError
from coach.export.bids import write_bids
from coach.export.c3d import check_ezc3d, write_c3d
from coach.export.opensim import write_mot, write_trc
from coach.export.scale import check_height
from coach.export.tables import Table, frames, holds, movements, sets, unit
from coach.files import whole
from coach.session.result import Result
from coach.session.timeline import Timeline

KINDS = ("csv", "parquet", "trc", "mot", "c3d", "bids")


def parse_kinds(text: str) -> tuple[str, ...]:
    """``csv,trc`` as a tuple. Raises OutputError for an unknown kind, listing the known ones."""
    kinds = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise OutputError(f"unknown kind of export '{', '.join(unknown) or text}'", f"Choose from {', '.join(KINDS)}")
    return kinds


def check_kinds(kinds: Collection[str]) -> None:
    """Raise OutputError if a kind needs a package that is missing: before the work, not after."""
    if "parquet" in kinds:
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise OutputError(
                "Parquet needs the package pyarrow", "pip install 'exercise-coach[parquet]', or export csv"
            ) from error
    if "c3d" in kinds:
        check_ezc3d()


def export(
    result: Result,
    timeline: Timeline,
    folder: str | Path,
    kinds: Iterable[str],
    stem: str = "session",
    height_m: float | None = None,
) -> list[Path]:
    """Write the data of one session in every kind requested, and return the files written.

    csv, parquet: STEM.frames and, if there are any, STEM.movements, STEM.holds and STEM.sets. trc, mot: STEM.trc and
    STEM.mot, c3d: STEM.c3d, bids: the folder STEM.bids, if somebody was found; the timeline needs landmarks. height_m:
    of the person, by which metres are scaled. Raises OutputError: unknown kind, package missing, no landmarks, folder
    not writable; OptionError: no such height.
    """
    chosen = parse_kinds(",".join(kinds))
    check_kinds(chosen)
    check_height(height_m)
    place = Path(folder)
    tables = [frames(timeline), *(table for table in (movements(result), holds(result), sets(result)) if table.rows)]
    writers: dict[str, Callable[[Path], object]] = {}
    for kind in chosen:
        if kind == "csv":
            writers |= {f"{stem}.{table.name}.csv": partial(write_csv, table) for table in tables}
        elif kind == "parquet":
            writers |= {f"{stem}.{table.name}.parquet": partial(write_parquet, table, result) for table in tables}
        elif timeline.landmarks is None or np.isfinite(timeline.landmarks.xy_px).any():
            # OpenSim hangs on a file of no rows.
            writers[f"{stem}.{kind}"] = _writer(kind, result, timeline, stem, height_m)
    written = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, write_one in writers.items():
            write_one(place / name)
            written.append(place / name)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{place}: cannot be written ({error.strerror or error})", "Free some space, or choose another folder"
        ) from error
    return written


def _writer(
    kind: str, result: Result, timeline: Timeline, stem: str, height_m: float | None
) -> Callable[[Path], object]:
    """What writes one of the kinds that need landmarks."""
    if kind == "trc":
        return partial(write_trc, timeline, height_m=height_m)
    if kind == "mot":
        return partial(write_mot, timeline)
    if kind == "c3d":
        return partial(write_c3d, timeline, result, height_m=height_m)
    return partial(write_bids, timeline, result, subject=stem, height_m=height_m)


def write_csv(table: Table, path: Path) -> None:
    """RFC 4180 with a header line, UTF-8, decimal points; a missing value is an empty field."""
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        for row in zip(*table.columns.values(), strict=True):
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        text = f"{value:.5f}".rstrip("0").rstrip(".") if np.isfinite(value) else ""
        return "0" if text == "-0" else text
    return value


def write_parquet(table: Table, result: Result, path: Path) -> None:
    """One row group, zstd. Column metadata holds the unit; file metadata holds source, exercise and version."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from coach import __version__

    arrays = [pa.array(list(column), from_pandas=True) for column in table.columns.values()]
    fields = [
        pa.field(name, array.type, metadata={"unit": unit(name)} if unit(name) else None)
        for name, array in zip(table.columns, arrays, strict=True)
    ]
    about = {"source": result.get("source") or "", "exercise": result.get("exercise") or "", "coach": __version__}
    content = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about))
    with whole(path) as part:
        pq.write_table(content, part, compression="zstd")
