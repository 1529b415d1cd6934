"""Lists of videos, and a batch's folder, that hold anything: one error of ours, or a row that says so."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from coach.app.batch.entries import read_list
from coach.app.batch.job import Job, run_job, stands_already
from coach.app.batch.store import FolderStore
from coach.app.batch.table import read_plan, redone, rows_of, write_plan, write_table
from coach.errors import CoachError
from tests.app.batch.stand_ins import jobs_in, short_recording
from tests.fuzz.amount import generators
from tests.fuzz.mutations import NASTY, spoiled_bytes
from tests.fuzz.test_files import spoiled_json

LIST = "video,person,date,exercise,side\na.mp4,Anna,2026-03-14,hip-hiker,left\nb/c.mp4;,Ben,,,\n"


def test_lists_of_anything(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    for label, generator in generators(60, 20_000):
        content = LIST.encode()
        if generator.random() < 0.5:
            content = content.replace(*(word.encode() for word in drawn(generator)))
        path.write_bytes(spoiled_bytes(generator, content) if generator.random() < 0.8 else content)
        try:
            with suppress(CoachError):
                read_list(path)
        except Exception as error:
            raise AssertionError(f"{label}: {path.read_bytes()[:500]!r}") from error


def drawn(generator: random.Random) -> tuple[str, str]:
    word = generator.choice(("a.mp4", "Anna", "2026-03-14", "hip-hiker", "left", "video", ","))
    return word, str(generator.choice((*NASTY, 'x"', "\r", "x" * 200_000)))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Job]]:
    """A batch of a video that was done and one that failed."""
    folder = tmp_path_factory.mktemp("batch")
    short_recording(folder / "in/good.observed", 4.0)
    (folder / "in/bad.mp4").write_text("not a video")
    jobs = jobs_in(folder / "in", folder / "out")
    write_plan(FolderStore(folder / "out"), jobs, "en")
    for job in jobs:
        run_job(job)
    return folder / "out", jobs


def test_a_batch_of_anything(done: tuple[Path, list[Job]], tmp_path: Path) -> None:
    whole, jobs = done
    names = sorted(path.relative_to(whole) for path in whole.rglob("*.json"))
    assert len(names) == 6
    for label, generator in generators(20, 3000):
        out = tmp_path / "out"
        shutil.copytree(whole, out)
        name = generator.choice(names)
        (out / name).write_bytes(spoiled_json(generator, json.loads((out / name).read_bytes())))
        store = FolderStore(out)
        try:
            for job in jobs:
                stands_already(store, job)
            redone(store, jobs)
            with suppress(CoachError):
                plan = read_plan(store, "out")
                list(rows_of(store, plan, figures=False))
                write_table(store, plan)
        except Exception as error:
            raise AssertionError(f"{label}: {name}: {(out / name).read_text(errors='replace')[:2000]}") from error
        shutil.rmtree(out)
