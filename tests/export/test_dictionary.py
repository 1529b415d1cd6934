"""docs/data.md explains every column that is exported, and none that is not."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from coach.app.artifacts import timeline_of
from coach.definitions.exercise import load_exercise
from coach.export import export
from coach.perception.recording import Recording
from coach.session.session import Session
from tests.app.batch.stand_ins import short_recording

ROOT = Path(__file__).parent.parent.parent
EXERCISES = {"hiker_faults": "hip-hiker", "strap_left": "strap-stretch"}


def columns(clip: str, table: str, folder: Path) -> tuple[str, ...]:
    """Columns of a table of a real recording, as they are in its CSV file."""
    with (exported(clip, folder) / f"{clip}.{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file)))


@cache
def exported(clip: str, folder: Path) -> Path:
    """The folder with the tables of the beginning of a real recording."""
    exercise = load_exercise(EXERCISES[clip])
    session = Session([exercise])
    path = short_recording(folder / f"{clip}.observed", 24.0, clip)
    with Recording(path) as recording:
        for observation in recording:
            session.step(observation)
    timeline = timeline_of(path, [exercise])
    export(session.finish().result(clip), timeline, folder, ["csv"], clip)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def documented(table: str) -> set[str]:
    """Names in the first column of a table's section."""
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (found,) = [part for part in section if part.startswith(f"{table} (CSV")]
    cells = [line.split("|")[1] for line in found.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize(
    ("clip", "table"), [("hiker_faults", "movements"), ("strap_left", "holds"), ("strap_left", "sets")]
)
def test_every_column_of_a_verdict(clip: str, table: str, folder: Path) -> None:
    assert documented(table) == set(columns(clip, table, folder))


@pytest.mark.parametrize("clip", EXERCISES)
def test_every_column_of_a_frame(clip: str, folder: Path) -> None:
    found = columns(clip, "frames", folder)
    signals = {name.partition("_")[2] for name in found if name.startswith(("left_", "right_"))}
    named = {name for name in found if not name.startswith(("left_", "right_"))}
    assert documented("frames") - {"left_NAME", "right_NAME"} == named
    explained = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "signals.md").read_text(encoding="utf-8")))
    assert signals
    assert not signals - explained


def test_every_column_of_a_batch() -> None:
    from coach.app.batch.table import COLUMNS

    assert documented("batch") == set(COLUMNS)
