"""A batch's table and page, merged from the existing results at any time, even while workers are running. (I/O)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, cast

import numpy as np

from coach.app.batch import claims
from coach.app.batch.entries import Entry
from coach.app.batch.job import FAILED, SEEN, Job, failed_name, folder_name, seen_name
from coach.app.batch.keys import Parts, changes, digest
from coach.app.batch.store import KEY_FILE, PLAN, Store, read_json, write_json
from coach.errors import RecordingError
from coach.report.batch_page import MOST_ROWS, BatchRow, batch_page
from coach.session.result import Result, deepest, items_of
from coach.session.result_reading import checked_result

State = Literal["done", "failed", "waiting"]
# A row links to the first of these that exists.
LINKS = ("report.html", "annotated.mp4", "result.json")
TEXTS = ("video", "person", "date", "state", "exercise", "side", "faults", "uncounted", "remark", "folder")
NUMBERS = (
    *("duration_s", "analysed_fps", "seen_ratio", "view_angle_deg", "reps", "clean_reps", "target_reps"),
    *("held_s", "breaths", "depth_deg"),
)
COLUMNS = (*TEXTS[:6], *NUMBERS, *TEXTS[6:])


@dataclass(frozen=True, slots=True)
class Row:
    """A video and its outcome. holder: the worker that has claimed it."""

    entry: Entry
    state: State
    error: str = ""
    folder: str = ""
    result: Result | None = None
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    holder: str = ""


def write_plan(store: Store, jobs: Sequence[Job], language: str) -> None:
    """Record the batch's videos. Raises OutputError."""
    bases: dict[str, Parts] = {digest(job.base): job.base for job in jobs}
    videos = [{**asdict(job.entry), "base": digest(job.base)} for job in jobs]
    write_json(store, PLAN, {"schema": 1, "lang": language, "bases": bases, "videos": videos})


def read_plan(store: Store, place: str) -> dict[str, Any]:
    """The plan written by the last start. Raises RecordingError if there was none."""
    plan = read_json(store, PLAN, bases=dict, videos=list, lang=str)
    if (
        plan is None
        or plan.get("schema") != 1
        or not all(_is_planned(video, plan["bases"]) for video in plan["videos"])
    ):
        raise RecordingError(f"{place}: holds no batch of this coach", "Give the folder of 'coach batch --out'")
    return plan


def _is_planned(video: Any, bases: dict[str, Any]) -> bool:
    """Whether it is the entry of a video as ``write_plan`` writes it."""
    return (
        isinstance(video, dict)
        and set(video) == {each.name for each in fields(Entry)} | {"base"}
        and all(isinstance(value, int if key == "repeat" else str) for key, value in video.items())
        and isinstance(bases.get(video["base"]), dict)
    )


SUMMED = ("reps", "clean_reps", "target_reps", "held_s", "breaths")


def rows_of(store: Store, plan: dict[str, Any], figures: bool = True) -> Iterator[Row]:
    """Every planned video in order. figures: also read the results, which the state alone does not need."""
    for video in plan["videos"]:
        known = dict(video)
        base_hash = known.pop("base")
        entry = Entry(**known)
        seen = read_json(store, seen_name(entry), **SEEN)
        folder = folder_name(plan["bases"][base_hash], seen["content"], entry.file_name) if seen else ""
        if folder and store.has(folder):
            yield _done(store, entry, folder) if figures else Row(entry, "done", folder=folder)
            continue
        failed = read_json(store, failed_name(entry), **FAILED)
        if failed is not None and failed["base"] == base_hash:
            yield Row(entry, "failed", failed["error"].removeprefix(f"{entry.name}: "))
            continue
        key = folder.rpartition("-")[2]
        who = claims.holder(store.claims, key) if store.claims is not None and key else ""
        yield Row(entry, "waiting", holder=who)


def _done(store: Store, entry: Entry, folder: str) -> Row:
    try:
        result = checked_result(read_json(store, f"videos/{folder}/result.json"))
    except ValueError:
        return Row(entry, "failed", f"{folder}: its result cannot be read; remove the folder and start again")
    key = read_json(store, f"videos/{folder}/{KEY_FILE}", notes=list) or {}
    notes = tuple(str(note) for note in key.get("notes", ()))
    return Row(entry, "done", "", folder, result, notes, tuple(store.names(folder)))


def write_table(store: Store, plan: dict[str, Any]) -> dict[State, int]:
    """Write table.csv, table.parquet if pyarrow is installed, and index.html; returns how many are in each state.

    Raises OutputError.
    """
    from coach.export.tables import Table

    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    shown: list[BatchRow] = []
    counts: dict[State, int] = {"done": 0, "failed": 0, "waiting": 0}
    for row in rows_of(store, plan):
        counts[row.state] += 1
        for name, value in _cells(row).items():
            columns[name].append(value)
        # Rows that do not fit the page need not be kept in memory.
        shown.append(_shown(store, row) if len(shown) < MOST_ROWS else _shown(store, Row(row.entry, row.state)))
    table = Table("table", {name: _column(name, columns[name]) for name in COLUMNS})
    _write_tables(store, table)
    store.write("index.html", batch_page(shown, plan["lang"]))
    return counts


def _write_tables(store: Store, table: Any) -> None:
    from coach.export import write_csv, write_parquet

    with store.work() as made:
        write_csv(table, made / "table.csv")
        store.put_file(made / "table.csv", "table.csv")
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            return
        write_parquet(table, made / "table.parquet", cast("Result", {}))
        store.put_file(made / "table.parquet", "table.parquet")


def _column(name: str, values: list[Any]) -> Any:
    return values if name in TEXTS else np.array([np.nan if value is None else value for value in values], np.float64)


def _cells(row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {
        **dict.fromkeys(NUMBERS),
        **dict.fromkeys(TEXTS, ""),
        "video": _text(row.entry.name),
        "person": _text(row.entry.person),
        "date": row.entry.date,
        "state": row.state,
        "remark": _text(row.error or "; ".join(row.notes)),
        "folder": _text(f"videos/{row.folder}" if row.folder else ""),
    }
    if row.result is None:
        return cells
    result, summary = row.result, row.result["summary"]
    items = items_of(result)
    counted = [item for item in items if item["counted"]]
    reasons = [item["uncounted_reason"] or "" for item in items if not item["counted"]]
    return {
        **cells,
        "exercise": result["exercise"] or "",
        "side": " ".join(dict.fromkeys(item["side"] for item in counted)),
        "duration_s": result["duration_s"],
        "analysed_fps": result["analysed_fps"],
        "seen_ratio": result["seen_ratio"],
        "view_angle_deg": result["view"]["angle_deg"],
        **{name: value for name, value in summary.items() if name in SUMMED},
        "depth_deg": deepest(counted),
        "faults": _counts(summary["faults"]),
        "uncounted": _counts({name: reasons.count(name) for name in sorted(set(reasons))}),
    }


def _counts(counts: dict[str, int]) -> str:
    return ";".join(f"{name}:{count}" for name, count in counts.items())


def _text(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@" and text else text


def _shown(store: Store, row: Row) -> BatchRow:
    link, drawing = "", ""
    if row.result is not None:
        link = next((f"videos/{row.folder}/{name}" for name in LINKS if name in row.files), "")
        if "skeleton.svg" in row.files:
            drawing = store.read(f"videos/{row.folder}/skeleton.svg") or ""
    note = row.error or "; ".join(row.notes)
    return BatchRow(row.entry.name, row.entry.person, row.entry.date, row.state, row.result, link, drawing, note)


def redone(store: Store, jobs: Sequence[Job]) -> dict[tuple[str, ...], int]:
    """Why finished videos must be redone: the reasons, and how many videos they affect."""
    counts: dict[tuple[str, ...], int] = {}
    for job in jobs:
        seen = read_json(store, seen_name(job.entry), **SEEN)
        if seen is None or not seen["folder"]:
            continue
        folder = folder_name(job.base, seen["content"], job.entry.file_name)
        if folder == seen["folder"] or store.has(folder):
            continue
        old = read_json(store, f"videos/{seen['folder']}/{KEY_FILE}", parts=dict)
        new = {**job.base, "content": seen["content"], "file": job.entry.file_name}
        if old is None or not all(isinstance(old["parts"].get(name), type(value)) for name, value in new.items()):
            continue
        why = tuple(changes(old["parts"], new))
        counts[why] = counts.get(why, 0) + 1
    return counts
