"""Results, timelines, recordings, lists of people, truths and messages of anything: read, or one error of ours."""

from __future__ import annotations

import io
import json
import random
import resource
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from coach.cli import result_table
from coach.cli.history_table import one_line
from coach.cli.report import read_result
from coach.errors import CoachError
from coach.evaluate.people_file import read_people
from coach.evaluate.truth import read_truths
from coach.export import result_json
from coach.perception.recording import Recorder, Recording
from coach.report.write import write_report
from coach.session.timeline_file import decode, encode
from coach.web.protocol import MessageError, decode_jpeg, parse_frame, parse_text
from tests.fuzz.amount import generators
from tests.fuzz.mutations import NASTY, spoiled_bytes, spoiled_data
from tests.report.scripted import Script, held, session, strap_stretch
from tests.scripts import Lying, camera_for_lying, observe, with_breath

CONSOLE = Console(file=io.StringIO(), width=80)
Read = Callable[[Path, random.Random, Path], None]


@cache
def results() -> tuple[dict[str, Any], ...]:
    return session(Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}))[0], strap_stretch(held(7))[0]


@cache
def timelines() -> tuple[bytes, ...]:
    whole, stretch = session(Script())[1], strap_stretch(held(7))[1]
    return encode(whole), encode(whole, compact=True), encode(stretch)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("recording") / "a.observed"
    times = np.arange(0.0, 4.0, 1 / 15)
    with Recorder(path) as recorder:
        for each in with_breath(observe(lambda t: Lying() if t > 0.5 else None, times, camera_for_lying()), 5.0):
            recorder.add(each)
        recorder.describe("a.mp4", 4.0, 15.0)
    return path.read_bytes()


def spoiled_json(generator: random.Random, data: Any) -> bytes:
    """A JSON file with other values, other bytes, or more of it than anybody reads."""
    way = generator.random()
    if way < 0.7:
        return json.dumps(spoiled_data(generator, data)).encode()
    if way < 0.9:
        return spoiled_bytes(generator, json.dumps(data).encode())
    count = generator.choice((100, 3000, 100_000))
    return generator.choice(
        (
            b"[" * count + b"]" * count,
            b'{"a":' * count + b"1" + b"}" * count,
            b"9" * count,
            b'{"schema": 1, "movements": ' + b"9" * count + b"}",
            json.dumps(data).encode("utf-16"),
            b"\xef\xbb\xbf" + json.dumps(data).encode(),
            b"NaN",
            b"",
        )
    )


def spoiled_archive(generator: random.Random, content: bytes) -> bytes:
    """A ZIP archive whose members, or whose bytes, are others."""
    if generator.random() < 0.4:
        return spoiled_bytes(generator, content)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = generator.sample(names, min(len(names), generator.randint(1, 2)))
        for name in names:
            data = old.read(name)
            if name in chosen:
                data = spoiled_member(generator, name, data)
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def spoiled_member(generator: random.Random, name: str, data: bytes) -> bytes | None:
    if generator.random() < 0.1:
        return None
    if not name.endswith(".npy"):
        return spoiled_json(generator, json.loads(data))
    if generator.random() < 0.3:
        return spoiled_bytes(generator, data)
    array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    if name == "header.npy" and generator.random() < 0.8:
        array = np.frombuffer(spoiled_json(generator, json.loads(array.tobytes())), np.uint8)
    else:
        array = spoiled_array(generator, array)
    out = io.BytesIO()
    np.lib.format.write_array(out, array, allow_pickle=True)
    return out.getvalue()


def spoiled_array(generator: random.Random, array: np.ndarray) -> np.ndarray:
    way = generator.randrange(8)
    if way == 0:
        return array[: len(array) // 2]
    if way == 1:
        return np.concatenate([array, array])
    if way == 2:
        with np.errstate(invalid="ignore"):  # NaN as a whole number
            return array.astype(generator.choice((np.float64, np.int64, np.uint8, np.float16, "U8", object)))
    if way == 3:
        return array.reshape(-1)
    if way == 4:
        return np.zeros((*array.shape, 2), array.dtype)
    if way == 5:
        return np.asfortranarray(array)
    if way == 6:
        return np.zeros((20_000, *array.shape[1:])[: max(1, array.ndim)], np.uint8)
    changed = array.copy()
    if changed.size:
        value = generator.choice((np.nan, np.inf, -np.inf, 1e300, -1, 0, 255)) if array.dtype.kind == "f" else 200
        with np.errstate(all="ignore"):
            changed.flat[generator.randrange(changed.size)] = np.array(value).astype(array.dtype)
    return changed


def test_a_result_of_anything(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    for label, generator in generators(60, 20_000):
        path.write_bytes(spoiled_json(generator, generator.choice(results())))
        try:
            with suppress(CoachError):
                found = read_result(path)
                result_table.show(found, CONSOLE)
                result_json.to_line(found)
                if found["exercise"]:
                    one_line(found)
                if generator.random() < 0.03:
                    write_report(found, None, tmp_path / "report.html")
        except Exception as error:
            raise AssertionError(f"{label}: {path.read_text(errors='replace')[:3000]}") from error


def test_a_track_of_anything(tmp_path: Path) -> None:
    for label, generator in generators(40, 20_000):
        which = generator.randrange(len(timelines()))
        content = spoiled_archive(generator, timelines()[which])
        try:
            with suppress(CoachError):
                timeline = decode(content)
                if generator.random() < 0.1:
                    write_report(results()[which == 2], timeline, tmp_path / "report.html")
        except Exception as error:
            raise AssertionError(label) from error


def test_a_recording_of_anything(recording: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.observed"
    for label, generator in generators(40, 20_000):
        path.write_bytes(spoiled_archive(generator, recording))
        try:
            with suppress(CoachError), Recording(path) as found:
                for _ in found:
                    pass
        except Exception as error:
            raise AssertionError(label) from error


def test_people_and_truths_of_anything(tmp_path: Path) -> None:
    path = tmp_path / "a.truth.json"
    samples = Path(__file__).parents[2] / "samples"
    truths = [json.loads(file.read_text()) for file in sorted(samples.glob("*.truth.json"))[:3]]
    for label, generator in generators(40, 10_000):
        truth = generator.random() < 0.5 and truths
        path.write_bytes(spoiled_json(generator, generator.choice(truths) if truth else {"a": "anna", "b": "ben"}))
        try:
            with suppress(CoachError):
                read_truths(path) if truth else read_people(path)
        except Exception as error:
            raise AssertionError(f"{label}: {path.read_text(errors='replace')[:3000]}") from error


MESSAGES = (
    {"type": "start", "exercise": "hip-hiker", "side": "left", "person": "me"},
    {"type": "tick", "at_ms": 1234.5},
    {"type": "action", "name": "score", "score": 3},
    {"type": "take_over"},
)


def test_messages_of_anything() -> None:
    for label, generator in generators(300, 50_000):
        try:
            with suppress(MessageError):
                if generator.random() < 0.7:
                    text = spoiled_json(generator, generator.choice(MESSAGES)).decode("utf-8", "replace")
                    parse_text(text[:5000])
                else:
                    head = spoiled_bytes(generator, b"CF01" + bytes(12) + b"\xff\xd8\xff\xe0" + bytes(64))
                    decode_jpeg(parse_frame(head).jpeg)
        except Exception as error:
            raise AssertionError(label) from error


def test_a_small_recording_takes_little_memory(tmp_path: Path) -> None:
    """Zeros pack a thousand times: what is stated is compared before it is unpacked."""
    path = tmp_path / "bomb.observed"
    rows = 100_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("00000.chest_px.npy", "w") as member:
            np.lib.format.write_array_header_1_0(
                member, {"descr": "<f2", "fortran_order": False, "shape": (rows, 12, 20, 2)}
            )
            for _ in range(rows // 1000):
                member.write(bytes(1000 * 12 * 20 * 2 * 2))
        for name, kind in (("t_s", "<f8"), ("size_px", "<i4"), ("people", "|u1"), ("brightness", "<f4")):
            with archive.open(f"00000.{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.zeros((rows, 2) if name == "size_px" else rows, kind))
        header = {"source": "a.mp4", "duration_s": 1.0, "fps": 15.0, "frames": rows, "coach": "1"}
        archive.writestr("header.json", json.dumps({**header, "format": "exercise-coach observations", "version": 1}))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CoachError), Recording(path) as found:
        list(found)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 40_000


def test_nasty_values_are_what_json_can_say() -> None:
    json.dumps(NASTY)
