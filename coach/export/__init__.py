"""A result and its timeline for other programs: csv, parquet, trc and mot (OpenSim), c3d, and Motion-BIDS.

docs/data.md is the dictionary of every file and column.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from coach.errors import OutputError
from coach.export.bids import write_bids
from coach.export.c3d import write_c3d
from coach.export.metres import check_height
from coach.export.opensim import write_mot, write_trc
from coach.export.tables import Table, frames, holds, movements, sets, unit
from coach.extras import EXTRAS, install_extra, missing_modules
from coach.files import whole
from coach.session.result import Result
from coach.session.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Session:
    """What there is to write. stem: how the files' names begin. height_m: of the person, by which metres are scaled."""

    result: Result
    timeline: Timeline
    stem: str
    height_m: float | None = None


Files = Mapping[str, Callable[[Path], object]]  # the name of each file or folder, and what writes it


def parse_kinds(text: str) -> tuple[str, ...]:
    """``csv,trc`` as a tuple. Raises OutputError for an unknown kind, listing the known ones."""
    kinds = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise OutputError(f"unknown kind of export '{', '.join(unknown) or text}'", f"Choose from {', '.join(KINDS)}")
    return kinds


def check_kinds(kinds: Collection[str]) -> None:
    """Raise OutputError if kinds need packages that are missing, naming all: before the work, not after."""
    missing = {kind: modules for kind in kinds if kind in EXTRAS and (modules := missing_modules(kind))}
    if missing:
        packages = ", ".join(module for modules in missing.values() for module in modules)
        raise OutputError(
            f"the export needs what is not installed: {packages}",
            f"{install_extra(*missing)}, or leave out {', '.join(missing)}",
        )
    for module in (module for kind in kinds if kind in EXTRAS for module in EXTRAS[kind][1]):
        importlib.import_module(module)  # one that is there may be broken, which is told now, too


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
    session = Session(result, timeline, stem, height_m)
    writers = {name: write for kind in chosen for name, write in WRITERS[kind](session).items()}
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


def _tables(session: Session) -> list[Table]:
    others = (movements(session.result), holds(session.result), sets(session.result))
    return [frames(session.timeline), *(table for table in others if table.rows)]


def _csv(session: Session) -> Files:
    return {f"{session.stem}.{table.name}.csv": partial(write_csv, table) for table in _tables(session)}


def _parquet(session: Session) -> Files:
    write = partial(write_parquet, result=session.result)
    return {f"{session.stem}.{table.name}.parquet": partial(write, table) for table in _tables(session)}


def _trc(session: Session) -> Files:
    return _of_somebody(session, "trc", partial(write_trc, session.timeline, height_m=session.height_m))


def _mot(session: Session) -> Files:
    return _of_somebody(session, "mot", partial(write_mot, session.timeline))


def _c3d(session: Session) -> Files:
    write = partial(write_c3d, session.timeline, session.result, height_m=session.height_m)
    return _of_somebody(session, "c3d", write)


def _bids(session: Session) -> Files:
    write = partial(write_bids, session.timeline, session.result, subject=session.stem, height_m=session.height_m)
    return _of_somebody(session, "bids", write)


def _of_somebody(session: Session, kind: str, write: Callable[[Path], object]) -> Files:
    """One file, if somebody was found: OpenSim hangs on a file of no rows."""
    landmarks = session.timeline.landmarks
    found = landmarks is None or np.isfinite(landmarks.xy_px).any()
    return {f"{session.stem}.{kind}": write} if found else {}


# A kind's name is the ending of its files.
WRITERS: Mapping[str, Callable[[Session], Files]] = {
    "csv": _csv,
    "parquet": _parquet,
    "trc": _trc,
    "mot": _mot,
    "c3d": _c3d,
    "bids": _bids,
}
KINDS = tuple(WRITERS)
IN_METRES = frozenset(("trc", "c3d", "bids"))  # kinds whose metres are scaled by the person's height


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


def write_parquet(table: Table, path: Path, result: Result) -> None:
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
