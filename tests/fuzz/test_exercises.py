"""Whatever the loader accepts can be judged, shown, reported, exported and kept; the rest is one error of ours."""

from __future__ import annotations

import copy
import io
import random
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from rich.console import Console

from coach.cli import result_table
from coach.cli.exercises import _show
from coach.cli.history_table import show_session
from coach.definitions.exercise import Exercise, load_exercise
from coach.definitions.programme import load_programme, programmes_folder
from coach.errors import ExerciseFileError, ProgrammeFileError
from coach.export import export, result_json
from coach.export.history import session_json, write_csv
from coach.history import History
from coach.i18n.report_messages import languages, report_words
from coach.kinematics.catalogue import SIGNALS
from coach.overlay.free_scene import ScenePresenter
from coach.report.write import write_history_report, write_report
from coach.session.result_reading import checked_result
from coach.session.session import Session
from coach.session.timeline_recorder import TimelineRecorder
from coach.toml import read_toml, shipped_folder, wrong_keys
from coach.types import Observation
from tests.fuzz.amount import generators
from tests.fuzz.mutations import NASTY, spoiled_bytes, spoiled_data
from tests.scripts import Lying, Stretch, camera_for_lying, rep, seen_standing, watched, with_breath

FILES = (
    *sorted(shipped_folder("exercises").glob("*.toml")),
    Path(__file__).parents[1] / "exercises" / "arm-raise.toml",
)
PROGRAMMES = tuple(sorted(programmes_folder().glob("*.toml")))
# What somebody may well write into such a file, besides nonsense.
LIKELY = (
    *(*SIGNALS, "upright", "lying", "repetitions", "hold", "frontal", "above", "head-end", "depth", "depth_deg"),
    *("start_s", "x_interval_deg", "hips", "stance knee", "left toe", "knee of stance", "counted", "too_fast"),
    *("{count}", "{why}", "{count:>9999999999}", "{count!r}", "{}", "{0}", "{", "[/bold]", "$x$", "a_b_deg", "pct"),
    *(0.0, 0.5, 1, 2, 5, 15, 60, 120, -5, float("inf"), float("nan")),
)


@cache
def shipped(path: Path) -> dict[str, Any]:
    return read_toml(path, ExerciseFileError)


@cache
def observations(posture: str) -> tuple[Observation, ...]:
    if posture == "upright":
        return tuple(seen_standing([rep(11), rep(11, arm_deg=95, lean_deg=15)], fps=8.0))
    stretch = Stretch(start=Lying(), held_s=14.0)
    seen = watched(stretch, stretch.length_s, camera_for_lying(), fps=8.0)
    return tuple(with_breath(seen, 5.0))


def varied(generator: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a file with a few values changed, mostly to something that could stand there."""
    changed: dict[str, Any] = data
    for _ in range(generator.randint(1, 4)):
        if generator.random() < 0.2:
            changed = spoiled_data(generator, changed, 1)
            continue
        changed = copy.deepcopy(changed)
        holders = [holder for holder in _tables(changed) if holder]
        holder = generator.choice(holders)
        key = generator.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        old = holder[key]
        if isinstance(old, bool):
            holder[key] = not old
        elif isinstance(old, (int, float)) and generator.random() < 0.7:
            holder[key] = old * generator.choice((0.5, 0.9, 1.1, 2, 10, -1, 0)) + generator.choice((0, 0, 1, -1))
        else:
            holder[key] = generator.choice(LIKELY + NASTY)
    return changed


def _tables(data: Any) -> list[Any]:
    found = [data]
    for holder in found:
        below = holder.values() if isinstance(holder, dict) else holder
        found.extend(each for each in below if isinstance(each, (dict, list)))
        if len(found) > 2000:
            break
    return found


def through_all_faces(exercise: Exercise, folder: Path, everything: bool) -> None:
    """Judge, show, report, export and keep a session of it."""
    language = next(iter(sorted(exercise.words)))
    session, timeline = Session([exercise], None, language), TimelineRecorder([exercise], landmarks=True)
    presenter = ScenePresenter([exercise], language)
    console = Console(file=io.StringIO(), width=80)
    with History.open(folder / "data") as history:
        with history.begin("me [/left]", exercise=exercise) as writer:
            for observation in observations(exercise.posture):
                moment = session.step(observation)
                timeline.add(moment)
                writer.step(moment)
                presenter.scene(moment)
            builder = session.finish()
            result = builder.result("clip.mp4")
            writer.result(result)
        assert writer.problem is None, writer.problem
        checked_result(result)
        result_json.to_line(result)
        result_table.show(result, console, exercise.title)
        for shown_in in languages():
            _show(exercise, console, report_words(shown_in))
        kept = history.session(writer.number)
        assert not kept.damaged, kept.damaged
        assert kept.results and kept.results[0] == result
        show_session(kept)
        session_json(kept)
        write_csv([kept], folder / "all.csv")
        if everything:
            data = timeline.take()
            write_report(result, data, folder / "report.html", exercise=exercise, language=language)
            write_history_report(history, writer.number, folder / "kept.html", [exercise])
            export(result, data, folder, ("csv", "trc", "mot"))
    timeline.close()


def test_an_accepted_exercise_can_do_all_that_ours_can(tmp_path: Path) -> None:
    accepted = 0
    for label, generator in generators(4, 3000):
        path = generator.choice(FILES)
        data = varied(generator, shipped(path))
        try:
            exercise = Exercise.model_validate(data)
        except ValidationError as error:
            list(wrong_keys(error))
            continue
        accepted += 1
        place = tmp_path / f"{accepted}"
        place.mkdir()
        try:
            through_all_faces(exercise, place, everything=generator.random() < 0.2)
        except Exception as error:
            raise AssertionError(f"{label}: {_difference(shipped(path), data)}") from error


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_ours_go_through_all_faces(path: Path, tmp_path: Path) -> None:
    through_all_faces(load_exercise(path), tmp_path, everything=True)


def test_a_file_of_anything_is_an_exercise_or_one_error(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    for label, generator in generators(15, 5000):
        programme = generator.random() < 0.3
        source = generator.choice(PROGRAMMES if programme else FILES)
        file.write_bytes(hostile(generator, source.read_bytes()))
        try:
            with suppress(ExerciseFileError, ProgrammeFileError):
                load_programme(file) if programme else load_exercise(file)
        except Exception as error:
            raise AssertionError(label) from error


def hostile(generator: random.Random, content: bytes) -> bytes:
    """A TOML file spoiled as bytes, or with something added that asks a lot of its reader."""
    count = generator.choice((10, 1000, 50_000))
    added = (
        b"x = " + b"[" * count + b"]" * count,
        b"x = " + b"{a=" * count + b"1" + b"}" * count,
        b"x = " + b"9" * count,
        b"x = 0x" + b"f" * count,
        b"x = 1e" + b"9" * min(count, 1000),
        b"a." * count + b"b = 1",
        b"[" + b"a." * count + b"b]",
        b'x = "' + b"\\u001b[31m" * 3 + b'"',
        b'x = "\\ud800"',
        b"x = 0001-01-01T00:00:00+23:59",
        b'"' + b"k" * count + b'" = 1',
        b"\n".join(b'[words.l%d]\na = "x"' % i for i in range(min(count, 2000))),
    )
    way = generator.random()
    if way < 0.4:
        return spoiled_bytes(generator, content)
    if way < 0.5:
        return b"\xef\xbb\xbf" + content
    if way < 0.9:
        return generator.choice(added) + b"\n" + content
    return content + b"\n" + generator.choice(added)


def _difference(before: Any, after: Any, at: str = "") -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        return "".join(_difference(before.get(key), after.get(key), f"{at}.{key}") for key in keys)
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return "".join(_difference(one, other, f"{at}.{i}") for i, (one, other) in pairs)
    return "" if before is after or before == after else f"{at}: {str(after)[:80]!r} for {str(before)[:80]!r}; "
