"""Files of strange names, and files that Windows wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.options import folder_of
from coach.definitions.exercise import load_exercise
from coach.errors import CoachError, ExerciseFileError
from coach.evaluate.people_file import PeopleFileError, read_people
from coach.files import saving
from coach.reading import parse_json, read_bytes, read_json
from coach.session.result_builder import ResultBuilder
from coach.toml import shipped_folder
from tests.conftest import write_video
from tests.running import ROOT
from tests.typed import typed


@pytest.mark.parametrize(
    "name", ["...mp4", "..mp4", "..", " .mp4", "a.mp4", "é" * 120 + ".mp4", "a" * 246 + ".mp4", "[/b].mp4", "-.mp4"]
)
def test_results_are_below_the_folder_that_was_asked_for(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    taken: set[str] = set()
    for _ in range(2):
        place = folder_of(Path("videos") / name, out, taken)
        assert place.parent == out and place.resolve().parent == out.resolve()
        with saving(place / "result.json") as part:
            part.write_text("{}")
    assert len(list(out.glob("*/result.json"))) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("record", "{video}", "--out"),
        ("report", "1", "--out"),
        ("report", "1", "--pdf", "--out"),
        ("share", "--out"),
        ("review", "--out"),
        ("progress", "--html"),
        ("progress", "--png"),
        ("programme", "sheet", "standard", "--out"),
        ("plan", "--ics"),
    ],
)
def test_a_folder_where_a_file_is_wanted_is_said_before_anything_is_done(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    typed_words = [word.format(video=tmp_path / "none.mp4") for word in words]
    for folder in (".", "/", str(tmp_path)):
        done = typed(*typed_words, folder)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == f"coach: {folder}: is a folder. Name a file in it\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("report", "1", "--out", "r.pdf"), "Add --pdf, or let it end in .html"),
        (("share", "--out", "s.pdf"), "Let it end in .html"),
        (("review", "--out", "r.txt"), "Let it end in .html"),
        (("progress", "--html", "p.png"), "Let it end in .html"),
        (("progress", "--png", "p.jpg"), "Let it end in .png"),
        (("programme", "sheet", "standard", "--out", "sheet.pdf"), "Add --pdf, or let it end in .html"),
        (("plan", "--ics", "plan.html"), "Let it end in .ics"),
    ],
)
def test_a_file_that_its_name_would_belie_is_not_written(
    words: tuple[str, ...], remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    done = typed(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(f". {remedy}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_text_makes_a_result_that_is() -> None:
    result = ResultBuilder(load_exercise("hip-hiker"), named=True).result(os.fsdecode(b"me\xff.mp4"))
    assert result["source"] == "me\N{REPLACEMENT CHARACTER}.mp4"
    json.dumps(result).encode()


BOM = b"\xef\xbb\xbf"


def test_a_mark_in_front_of_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    exercise, people = tmp_path / "bom.toml", tmp_path / "people.json"
    exercise.write_bytes(BOM + (shipped_folder("exercises") / "hip-hiker.toml").read_bytes())
    people.write_bytes(BOM + b'{"a": "anna"}')
    assert load_exercise(exercise) == load_exercise("hip-hiker")
    assert read_people(people) == {"a": "anna"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_writes_to_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "mine.toml"
    os.mkfifo(pipe)
    with pytest.raises(ExerciseFileError, match="is not a file"):
        load_exercise(pipe)


def test_what_is_beyond_the_limits_is_said(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    for content, said in (
        ("[" * 100 + "]" * 100, "too deep"),
        ("[" * 100_000, "too deep"),
        ("9" * 30, "too many digits"),
        ("1e999", "too large"),
        ("NaN", "is no number"),
    ):
        path.write_text(content)
        with pytest.raises(PeopleFileError, match=said):
            read_json(path, PeopleFileError, "Mend it")
    with pytest.raises(CoachError, match="more than"):
        read_bytes(path, CoachError, "", most_bytes=1)
    with pytest.raises(CoachError, match="is a folder"):
        read_bytes(tmp_path, CoachError, "", most_bytes=1)
    with pytest.raises(CoachError, match="is no name"):
        read_bytes(Path("a\0b"), CoachError, "", most_bytes=1)
    assert parse_json(b'{"a": [1, 2.5, null, "x"]}') == {"a": [1, 2.5, None, "x"]}


@pytest.mark.skipif(os.name != "posix", reason="a home that is none, as POSIX names it")
def test_a_home_that_cannot_be_written_to_makes_no_noise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_video(tmp_path / "me.mp4", frames=30)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, "/dev/null/home")
    monkeypatch.delenv("COACH_HOME", raising=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COACH_PACE_S": "0"}
    command = [sys.executable, "-m", "tests.stand_in", "analyse", "me.mp4", "--out", "out", "--report"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out/me/report.html").is_file()
    command = [sys.executable, "-m", "tests.stand_in", "history"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")  # there is none, and none is made
