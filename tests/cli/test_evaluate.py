"""The command on recordings of an empty room: no model is needed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import Result

from coach.errors import SourceNotFoundError
from coach.evaluate.observations import Cache, find_clips, observing_version
from coach.perception.recording import Recorder
from coach.types import Observation
from tests.cli.test_app import ROOT
from tests.evaluate.results import Json, hiker, nothing, stretch
from tests.recordings import thin
from tests.typed import typed


def empty_room(path: Path) -> None:
    with Recorder(path) as recorder:
        for i in range(30):
            recorder.add(Observation(i / 15, (640, 480), None))
        recorder.describe(path.name, 2.0, 15.0)


def add(folder: Path, name: str, truth: Json) -> None:
    empty_room(folder / f"{name}.observed")
    (folder / f"{name}.truth.json").write_text(json.dumps(truth))


def run(folder: Path, *options: str) -> Result:
    kept = folder.parent / "cache"
    return typed("evaluate", folder, "--cache", kept, *options, env={"COLUMNS": "160"})


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    add(folder, "empty", nothing())
    add(folder, "hikers", hiker(3))
    add(folder, "stretch", stretch() | {"person": "Ada"})
    return folder


def test_rows_and_the_summary(clips: Path) -> None:
    done = run(clips)
    assert done.exit_code == 0, done.output
    assert "nothing, rightly" in done.stdout
    assert "counts 0 of 3" in done.stdout
    assert "the hold is not found" in done.stdout
    assert "Accuracy on 3 clips" in done.stdout
    assert "✗" in done.stdout
    assert "✓" in done.stdout


def test_json_is_one_object_and_nothing_else(clips: Path) -> None:
    data = json.loads(run(clips, "--json", "--by", "person").stdout)
    assert [clip["clip"] for clip in data["clips"]] == ["empty", "hikers", "stretch"]
    figures = {figure["key"]: figure for figure in data["figures"]}
    assert (figures["nothing"]["value"], figures["nothing"]["met"]) == (1.0, True)
    assert figures["drop_mae"]["value"] is None
    assert [group["name"] for group in data["groups"]] == ["Ada", "unknown"]
    assert data["leave_one_person_out"] is None


def test_agreement_bias_cues_and_plots_of_a_recording(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    name = "hiker_faults.observed"
    thin.main(ROOT / "tests" / "recordings" / name, clips / name, 7.5)
    shutil.copy(ROOT / "samples" / "hiker_faults.truth.json", clips)
    done = run(clips, "--json", "--plots", str(tmp_path / "figures"))
    data = json.loads(done.stdout)
    assert f"wrote {tmp_path / 'figures' / 'bland-altman-drop.svg'}" in done.stderr
    assert (tmp_path / "figures" / "bland-altman-drop.svg").is_file()
    (drop,) = data["agreement"]
    errors = [point["found"] - point["true"] for point in drop["points"]]
    assert drop["limits"]["bias"] == pytest.approx(sum(errors) / len(errors), abs=1e-3)
    assert data["bias_by_person"][0]["n"] == len(errors) > 2
    figures = {figure["key"]: figure for figure in data["figures"]}
    assert figures["cues_right"]["of"] > 0
    assert data["clips"][0]["cues"]["wrong"] == []
    assert 0 < figures["cue_delay_s"]["value"] < 4


def raters(folder: Path, marks: dict[str, Json]) -> Path:
    folder.mkdir()
    for name, truth in marks.items():
        (folder / f"{name}.truth.json").write_text(json.dumps(truth))
    return folder


def test_two_raters_and_the_coach_with_each(clips: Path, tmp_path: Path) -> None:
    anna = raters(tmp_path / "anna", {"hikers": hiker(3), "stretch": stretch(), "only hers": nothing()})
    ben = raters(tmp_path / "ben", {"hikers": hiker(4), "stretch": stretch(7)})
    done = run(clips, "--raters", str(anna), str(ben))
    assert done.exit_code == 0, done.output
    for title in ("anna and ben, 2 clips: measured", "anna and coach, 2 clips: named", "ben and coach, 2 clips: named"):
        assert title in done.stdout
    data = json.loads(run(clips, "--raters", str(anna), str(ben), "--json").stdout)
    first, *with_coach = data["raters"]
    counts = next(each for each in first["measured"] if each["key"] == "reps")
    assert [(point["true"], point["found"]) for point in counts["points"]] == [(3, 4)]
    assert [pair["b"] for pair in with_coach] == ["coach", "coach"]
    with_coach_named = {each["name"]: each for each in with_coach[0]["named"]}
    assert with_coach_named["exercise"]["agreed"] == 0.0  # the room is empty


def test_raters_without_the_videos(tmp_path: Path) -> None:
    anna, ben = raters(tmp_path / "anna", {"a": hiker(3)}), raters(tmp_path / "ben", {"a": hiker(3)})
    done = run(anna, "--raters", str(anna), str(ben))
    assert done.exit_code == 0, done.output
    assert "the coach is not compared" in done.stdout
    nobody = raters(tmp_path / "nobody", {})
    assert "no clip is marked in both" in run(anna, "--raters", str(anna), str(nobody)).stderr
    assert "is not a folder" in run(anna, "--raters", str(anna), str(tmp_path / "gone")).stderr
    assert "Leave out" in run(anna, "--raters", str(anna), str(ben), "--markdown").stderr


def test_people_json_names_who_is_in_a_clip(clips: Path) -> None:
    (clips / "people.json").write_text('{"hikers": "Bob", "empty": "Bob"}')
    data = json.loads(run(clips, "--json", "--by", "person").stdout)
    assert {clip["clip"]: clip["person"] for clip in data["clips"]} == {
        "empty": "Bob",
        "hikers": "Bob",
        "stretch": "Ada",
    }


@pytest.mark.parametrize("by", ["person", "exercise", "view"])
def test_groups(clips: Path, by: str) -> None:
    done = run(clips, "--by", by)
    assert done.exit_code == 0, done.output
    assert f"By {by}" in done.stdout
    assert "lowest" in done.stdout and "highest" in done.stdout


def test_the_readme_table(clips: Path) -> None:
    lines = run(clips, "--markdown").stdout.strip().splitlines()
    assert lines[0].startswith("<!--")
    assert lines[-1].startswith("<!--")
    assert "| repetitions exact | 0 of 1 | 1 | ≥ 95 % | ✗ |" in lines


def test_one_bad_clip_does_not_stop_the_others(clips: Path) -> None:
    (clips / "broken.observed").write_bytes(b"PK\x03\x04 no archive")
    (clips / "broken.truth.json").write_text(json.dumps(nothing()))
    (clips / "alone.truth.json").write_text(json.dumps(nothing()))
    done = run(clips)
    assert done.exit_code == 1
    assert "broken.observed: is a damaged recording" in done.stderr
    assert "there is no alone.mp4 beside it" in done.stderr
    assert "Accuracy on 3 clips" in done.stdout
    assert (clips / "broken.observed").is_file()


def test_truths_that_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    empty_room(folder / "bad.observed")
    (folder / "bad.truth.json").write_text("{")
    done = run(folder)
    assert done.exit_code == 2
    assert "cannot be read as JSON" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--by", "age"], "--by is 'age'"),
        (["--jobs", "0"], "--jobs is 0"),
        (["--fps", "0"], "--fps is 0"),
        (["--network", "smooth"], "--network is 'smooth'"),
        (["--json", "--markdown"], "Choose one"),
    ],
)
def test_bad_options(clips: Path, options: list[str], word: str) -> None:
    done = run(clips, *options)
    assert done.exit_code == 2
    assert word in done.stderr


def test_bad_people_and_folders(clips: Path, tmp_path: Path) -> None:
    (clips / "people.json").write_text("[]")
    assert "people.json: is not an object" in run(clips).stderr
    assert "is not a folder" in run(tmp_path / "nowhere").stderr
    (tmp_path / "empty").mkdir()
    assert "holds no clip with its truth" in run(tmp_path / "empty").stderr


def test_a_stop_keeps_what_is_finished(clips: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from coach.evaluate import observations

    real, seen = observations.judge_or_discard, []

    def judge(*args: object) -> object:
        seen.append(args)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(observations, "judge_or_discard", judge)
    done = run(clips)
    assert done.exit_code == 130
    assert "Accuracy on 3 clips" in done.stdout
    assert "stopped; 3 of 3 clips are finished" in done.stderr


def test_the_cache_knows_what_an_observation_depends_on(tmp_path: Path) -> None:
    video = tmp_path / "a.mp4"
    video.write_bytes(b"one")
    os.utime(video, (1, 1))
    first = Cache(tmp_path / "cache", 15.0).path(video)
    assert first == Cache(tmp_path / "cache", 15.0).path(video)
    assert first != Cache(tmp_path / "cache", 10.0).path(video)
    assert first != Cache(tmp_path / "cache", 15.0, "raw").path(video)
    os.utime(video, (2, 2))
    assert first != Cache(tmp_path / "cache", 15.0).path(video)
    os.utime(video, (1, 1))
    video.write_bytes(b"longer")
    os.utime(video, (1, 1))
    assert first != Cache(tmp_path / "cache", 15.0).path(video)
    assert len(observing_version()) == 16


def test_clips_are_found_by_their_truth(tmp_path: Path) -> None:
    (tmp_path / "b.mkv").write_bytes(b"")
    (tmp_path / "b.truth.json").write_text("{}")
    (tmp_path / "no_truth.mp4").write_bytes(b"")
    clips, missing = find_clips(tmp_path)
    assert [(clip.name, clip.video.name) for clip in clips] == [("b", "b.mkv")]
    assert missing == []
    with pytest.raises(SourceNotFoundError):
        find_clips(tmp_path / "b.mkv")
