"""The command line: what is printed where, exit codes, and one clear line for every mistake."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from coach import __version__
from coach.app import doctor
from coach.app.drawing import Drawing
from coach.cli.app import COMMANDS, asked_for, make_app
from coach.errors import ModelError
from coach.extras import EXTRAS
from coach.i18n.error_messages import translated
from coach.perception.recording import Recorder
from coach.types import Moment, Observation
from tests.conftest import FakeEstimator, write_sound
from tests.typed import typed

MakeVideo = Callable[..., Path]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_made_ready_alone_is_the_same_as_among_all(name: str) -> None:
    """Each module registers the command of its name, and that one only: so nothing else need be loaded for it."""
    assert list(asked_for([name, "--help"])) == [name]
    alone, among = (
        CliRunner().invoke(app, [name, "--help"], prog_name="coach") for app in (make_app([name]), make_app())
    )
    assert alone.exit_code == 0
    assert alone.output == among.output


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["analyze", "me.mp4"]])
def test_where_no_command_is_named_all_are_ready(arguments: list[str]) -> None:
    assert asked_for(arguments) == COMMANDS


def one_line(result: Result) -> str:
    """The single line of a mistake; no traceback, nothing on standard output."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("coach: ")
    assert "Traceback" not in line
    return line


def test_version() -> None:
    assert typed("--version").stdout == f"coach {__version__}\n"


def test_help_teaches_by_example() -> None:
    text = typed("--help").stdout
    for command in COMMANDS:
        assert command in text
    assert "coach analyse me.mp4" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = typed(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_an_unknown_command_or_option_is_a_usage_error() -> None:
    for arguments in (["dance"], ["analyse", "x.mp4", "--colour"], ["analyse"], ["analyse", "x.mp4", "--fps", "many"]):
        result = typed(*arguments)
        assert result.exit_code == 2
        assert "Error" in result.stderr
        assert "Traceback" not in result.stderr


class TestAnalyse:
    def test_json_and_nothing_else(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        path = video(frames=30)
        result = typed("analyse", path, "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        found = json.loads(result.stdout)
        assert (found["schema"], found["source"], found["exercise"]) == (2, str(path), None)
        assert found["duration_s"] == pytest.approx(2.0, abs=0.1)
        assert found["seen_ratio"] == 0
        assert (found["movements"], found["holds"]) == ([], [])

    def test_one_line_for_each_of_several(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        paths = [video("a.mp4"), video("b.mp4")]
        lines = typed("analyse", *paths, "--json").stdout.splitlines()
        assert [json.loads(line)["source"] for line in lines] == [str(path) for path in paths]

    def test_a_table_for_people(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        result = typed("analyse", video())
        assert result.exit_code == 0
        assert "no exercise found" in result.stdout
        assert "Nobody was seen well enough" in result.stdout

    def test_the_rate_is_kept(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        typed("analyse", video(fps=30, frames=60), "--fps", "10", "--json")
        assert len(no_model.seen) == pytest.approx(20, abs=1)

    def test_results_are_written(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        result = typed("analyse", video("me.mp4"), "--out", tmp_path / "results", "--json")
        assert json.loads((tmp_path / "results/me/result.json").read_text()) == json.loads(result.stdout)
        assert [path.name for path in (tmp_path / "results/me").iterdir() if path.suffix != ".json"] == []

    def test_two_videos_of_one_name(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        (tmp_path / "other").mkdir()
        one, other = video("me.mp4"), video("other/me.mp4")
        said = typed("analyse", one, other, "--out", tmp_path / "out").stdout
        assert said.count("result.json") == 2
        assert (tmp_path / "out/me/result.json").is_file()
        assert json.loads((tmp_path / "out/me-2/result.json").read_text())["source"] == str(other)

    def test_timings_go_to_standard_error(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        result = typed("analyse", video(), "--json", "--timings")
        json.loads(result.stdout)
        assert "not the pose model" in result.stderr
        assert "%" in result.stderr

    def test_the_model_is_closed(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        typed("analyse", video())
        assert no_model.closed

    def test_a_star_is_filled_in(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        """As Windows shells do not."""
        video("a.mp4")
        video("b.mp4")
        assert len(typed("analyse", tmp_path / "*.mp4", "--json").stdout.splitlines()) == 2


class TestSeveral:
    def test_one_bad_video_among_several(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        good = [video("a.mp4"), video("c.mp4")]
        (tmp_path / "b.mp4").write_text("not a video")
        result = typed("analyse", good[0], tmp_path / "b.mp4", good[1], "--json")
        assert result.exit_code == 1
        assert [json.loads(line)["source"] for line in result.stdout.splitlines()] == [str(path) for path in good]
        (line,) = result.stderr.splitlines()
        assert "b.mp4: is not a whole video" in line

    def test_an_error_that_nobody_thought_of_costs_one_video(
        self, video: MakeVideo, no_model: FakeEstimator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paths = [video("a.mp4"), video("b.mp4"), video("c.mp4")]
        calls: list[Path] = []

        def broken(path: Path) -> int:
            calls.append(path)
            if path.name == "b.mp4":
                raise RecursionError("deep")
            return 0

        monkeypatch.delenv("COACH_DEBUG", raising=False)
        monkeypatch.setattr("coach.video.file.count_edits", broken)
        result = typed("analyse", *paths, "--json")
        assert result.exit_code == 1
        assert [json.loads(line)["source"] for line in result.stdout.splitlines()] == [str(paths[0]), str(paths[2])]
        (line,) = result.stderr.splitlines()
        assert "b.mp4: something went wrong that should not: RecursionError: deep" in line

    def test_nothing_but_bad_videos(self, tmp_path: Path, no_model: FakeEstimator) -> None:
        result = typed("analyse", tmp_path / "a.mp4", tmp_path / "b.mp4")
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 2

    def test_ctrl_c_keeps_what_is_finished(
        self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = no_model.estimate

        def stop_in_the_second(frame: Any) -> Any:
            if frame.t_s == 0 and no_model.seen:
                raise KeyboardInterrupt
            return seen(frame)

        monkeypatch.setattr(no_model, "estimate", stop_in_the_second)
        out = tmp_path / "out"
        result = typed("analyse", video("a.mp4"), video("b.mp4"), video("c.mp4"), "--json", "--out", out)
        assert result.exit_code == 130
        assert len(result.stdout.splitlines()) == 1
        assert "stopped; 1 of 3 videos are finished and kept in" in result.stderr
        assert sorted(path.name for path in out.iterdir()) == ["a"]

    def test_an_export_that_nobody_is_there_for_is_said(
        self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path
    ) -> None:
        out = tmp_path / "out"
        result = typed("analyse", video("a.mp4"), "--json", "--export", "csv,trc,mot", "--out", out)
        assert result.exit_code == 0
        (line,) = (line for line in result.stderr.splitlines() if line.startswith("coach: "))
        assert line.endswith("a.mp4: nobody was found: no .trc, no .mot")
        assert not list(out.rglob("*.trc"))

    def test_ctrl_c_while_it_is_drawn_leaves_no_half_video(
        self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        drawn = Drawing.moment

        def stop(self: Drawing, moment: Moment) -> None:
            if moment.t_s > 0.5:
                raise KeyboardInterrupt
            drawn(self, moment)

        monkeypatch.setattr(Drawing, "moment", stop)
        result = typed("analyse", video("a.mp4"), "--json", "--save-video", "--out", tmp_path / "out")
        assert result.exit_code == 130
        assert "stopped; 0 of 1 videos are finished" in result.stderr
        assert list((tmp_path / "out").iterdir()) == []

    @pytest.mark.parametrize(
        ("wish", "writes"),
        [
            ("--save-video", "coach.video.writer._open"),
            ("--report", "coach.session.timeline_file._write"),
            ("--export=csv,trc", "coach.export.write_csv"),
        ],
    )
    def test_what_cannot_be_left_behind_is_no_success(
        self,
        wish: str,
        writes: str,
        video: MakeVideo,
        no_model: FakeEstimator,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(writes, full)
        result = typed("analyse", video("a.mp4"), "--json", wish, "--out", tmp_path / "out")
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()[-1:]
        assert line.startswith("coach: ")
        assert os.strerror(errno.ENOSPC) in line


class TestBadInput:
    """One line, exit code 2, no traceback."""

    @pytest.mark.parametrize(
        ("name", "content", "says"),
        [
            ("none.mp4", None, "no such file"),
            ("empty.mp4", b"", "is empty"),
            ("text.mp4", b"hello " * 99, "is not a whole video"),
            ("damaged.observed", b"PK\x03\x04" + b"x" * 50, "is a damaged recording"),
        ],
    )
    def test_videos(self, tmp_path: Path, name: str, content: bytes | None, says: str, no_model: FakeEstimator) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        assert f"{tmp_path / name}: {says}" in one_line(typed("analyse", tmp_path / name, "--json"))

    def test_folder(self, tmp_path: Path, no_model: FakeEstimator) -> None:
        assert "is a folder" in one_line(typed("analyse", tmp_path))

    @pytest.mark.parametrize(
        ("name", "says"), [("", "a name is empty"), ("http://host:9//x.mp4", "http://host:9//x.mp4: is an address")]
    )
    def test_what_is_no_name_of_a_file_is_said_as_it_was_typed(
        self, name: str, says: str, tmp_path: Path, no_model: FakeEstimator
    ) -> None:
        assert f"coach: {says}" in one_line(typed("analyse", name))
        assert f"coach: {says}" in one_line(typed("record", name, "--out", tmp_path / "me.observed"))

    def test_a_recording_is_not_recorded_again(self, tmp_path: Path, no_model: FakeEstimator) -> None:
        path, out = tmp_path / "me.observed", tmp_path / "again.observed"
        with Recorder(path) as recorder:
            recorder.describe("me.mp4", 1.0, 15.0)
        line = one_line(typed("record", path, "--out", out))
        assert line.endswith(f"me.observed: is a recording already, not a video. Run: coach analyse {path}")
        (tmp_path / "other.mp4").write_bytes(b"PK\x03\x04" + b"x" * 50)
        assert "is not a whole video" in one_line(typed("record", tmp_path / "other.mp4", "--out", out))
        assert not out.exists()

    def test_a_video_is_no_result(self, video: MakeVideo) -> None:
        path = video("me.mp4")
        line = one_line(typed("report", path))
        assert line.endswith(f"is a video or a recording, not a result. Run: coach analyse {path} --report")
        assert "no such file" in one_line(typed("report", "none.mp4"))

    def test_sound(self, tmp_path: Path, no_model: FakeEstimator) -> None:
        assert "only sound" in one_line(typed("analyse", write_sound(tmp_path / "song.m4a")))

    def test_cut_off(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        path = video("cut.mp4", frames=90, noise=True, options={"movflags": "faststart"})
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        done = typed("analyse", path, "--json", "--lang", "de")
        assert done.exit_code == 0
        result = json.loads(done.stdout)
        assert result["duration_s"] < 4
        assert any("abgeschnitten" in note for note in result["notes"])
        assert "abgeschnitten" in done.stderr
        assert "is cut off" in typed("analyse", path, "--partial").stdout

    def test_permission(self, video: MakeVideo, no_model: FakeEstimator, monkeypatch: pytest.MonkeyPatch) -> None:
        path = video()
        monkeypatch.setattr("coach.video.file.os.access", lambda *_: False)
        assert "may not be read" in one_line(typed("analyse", path))

    @pytest.mark.parametrize("fps", ["0", "-3", "nan", "1e9"])
    def test_rates(self, video: MakeVideo, fps: str) -> None:
        assert "--fps is" in one_line(typed("analyse", video(), "--fps", fps))

    def test_side(self, video: MakeVideo) -> None:
        assert "--side is 'up'" in one_line(typed("analyse", video(), "--side", "up"))

    def test_unknown_exercise(self, video: MakeVideo) -> None:
        line = one_line(typed("analyse", video(), "--exercise", "juggling"))
        assert "unknown exercise 'juggling'" in line
        assert "hip-hiker" in line

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("schema = 1\nname = \n", "line 2"),
            ("a = [", "line 1"),
            ("\x00", "TOML"),
            ("[[blocks]]", "a programme file"),
        ],
    )
    def test_malformed_exercise(self, video: MakeVideo, tmp_path: Path, content: str, says: str) -> None:
        path = tmp_path / "mine.toml"
        path.write_text(content)
        line = one_line(typed("analyse", video(), "--exercise", path))
        assert str(path) in line
        assert says in line

    def test_several_mistakes_in_an_exercise_have_a_line_each(self, video: MakeVideo, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text("schema = 2\n")
        head, *mistakes = typed("analyse", video(), "--exercise", path).stderr.splitlines()
        assert head.startswith(f"coach: {path}: has several mistakes. Mend these keys")
        assert "  title: is missing" in mistakes
        assert mistakes[-1] == "  line 1, schema: must be 1"

    def test_missing_exercise_file(self, video: MakeVideo, tmp_path: Path) -> None:
        assert "no such file" in one_line(typed("analyse", video(), "--exercise", tmp_path / "none.toml"))

    def test_an_output_folder_that_is_a_file(self, video: MakeVideo, tmp_path: Path) -> None:
        (tmp_path / "taken").touch()
        assert "is a file, not a folder" in one_line(typed("analyse", video(), "--out", tmp_path / "taken"))
        assert "cannot be written to" in one_line(typed("analyse", video(), "--out", tmp_path / "taken/below"))

    def test_an_output_folder_that_may_not_be_written(
        self, video: MakeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_: object) -> None:
            raise PermissionError(13, "Permission denied")

        path = video()
        monkeypatch.setattr("coach.cli.options.tempfile.TemporaryFile", refuse)
        assert "cannot be written to (Permission denied)" in one_line(typed("analyse", path, "--out", tmp_path / "o"))

    def test_model(self, video: MakeVideo, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing() -> None:
            raise ModelError("the pose model is missing", "Install the coach again")

        monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", missing)
        assert one_line(typed("analyse", video())) == "coach: the pose model is missing. Install the coach again"

    def test_our_own_mistakes_are_one_line_too(self, video: MakeVideo, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> None:
            raise TypeError("oh")

        monkeypatch.delenv("COACH_DEBUG", raising=False)
        monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", broken)
        result = typed("analyse", video())
        assert result.exit_code == 3
        assert "went wrong that should not: TypeError: oh" in result.stderr

    def test_a_name_with_a_line_break_stays_on_one_line(self, tmp_path: Path) -> None:
        one_line(typed("analyse", tmp_path / "a\nb\x1b[31m.mp4"))


class TestRecord:
    def test_a_recording_gives_the_same_result(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        path, kept = video(frames=40), tmp_path / "me.observed"
        recorded = typed("record", path, "--out", kept)
        assert recorded.exit_code == 0, recorded.output
        assert typed("analyse", kept, "--json").stdout == typed("analyse", path, "--json").stdout

    def test_no_model_is_needed_to_judge_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        kept = tmp_path / "me.observed"
        with Recorder(kept) as recorder:
            recorder.add(Observation(0.0, (64, 48), None))
            recorder.describe("me.mp4", 1.0, 15.0)
        monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", None)
        result = typed("analyse", kept, "--json")
        assert json.loads(result.stdout)["source"] == "me.mp4"

    def test_a_place_that_cannot_be_written(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        assert "cannot be written" in one_line(typed("record", video(), "--out", tmp_path / "none/me.observed"))

    def test_its_own_source_is_not_overwritten(self, video: MakeVideo, no_model: FakeEstimator) -> None:
        path = video()
        before = path.read_bytes()
        assert "is the video itself" in one_line(typed("record", path, "--out", path))
        assert path.read_bytes() == before


class TestSaveVideo:
    def test_it_is_written_beside_the_result(self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path) -> None:
        result = typed("analyse", video("me.mp4", size=(320, 240)), "--save-video", "--out", tmp_path / "out", "--json")
        assert result.exit_code == 0, result.output
        json.loads(result.stdout)
        assert (tmp_path / "out/me/annotated.mp4").stat().st_size > 0
        assert sorted(path.name for path in (tmp_path / "out/me").iterdir()) == ["annotated.mp4", "result.json"]

    def test_a_recording_without_its_video(self, tmp_path: Path) -> None:
        kept = tmp_path / "me.observed"
        with Recorder(kept) as recorder:
            recorder.describe(str(tmp_path / "gone.mp4"), 1.0, 15.0)
        line = one_line(typed("analyse", kept, "--save-video", "--out", tmp_path / "out"))
        assert "gone.mp4, which is not there" in line


class TestExercises:
    def test_a_list(self) -> None:
        text = typed("exercises").stdout
        assert "hip-hiker" in text
        assert "strap-stretch" in text

    @pytest.mark.parametrize("name", ["hip-hiker", "strap-stretch"])
    def test_one_of_them(self, name: str) -> None:
        text = typed("exercises", name).stdout
        for heading in ("How to do it", "Where the camera goes", "What is counted", "What is corrected"):
            assert heading in text

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "6–8 breaths a side"), ("de", "6–8 Atemzüge pro Seite"), ("fr", "6–8 respirations par côté")],
    )
    def test_a_stretch_is_held_for_six_to_eight_breaths(self, language: str, said: str) -> None:
        text = typed("exercises", "strap-stretch", "--lang", language).stdout
        assert said in text
        assert not re.search(r"(?<![–\d])[68] (breaths|Atemzüge|respirations)", text)

    def test_an_unknown_one(self) -> None:
        assert "unknown exercise" in one_line(typed("exercises", "juggling"))


class TestLive:
    def test_no_camera(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("coach.video.camera.list_cameras", list)
        assert "no camera opens" in one_line(typed("live", "--list-cameras"))

    def test_an_unknown_exercise(self, tmp_path: Path) -> None:
        assert "unknown exercise" in one_line(typed("live", "juggling", "--out", tmp_path))


def test_doctor_is_content_with_what_is_missing_but_not_needed() -> None:
    result = typed("doctor")
    assert result.exit_code == 0, result.output
    assert "Videos can be analysed" in result.stdout


@pytest.mark.parametrize(
    ("language", "fine"), [("de", "Videos können ausgewertet werden"), ("fr", "Les vidéos peuvent être analysées")]
)
def test_the_doctor_speaks_the_language_that_was_asked_for(
    language: str, fine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (
        doctor.check_python((3, 9)),
        doctor.check_package("no_such_module", "no-such-package"),
        *(doctor.check_extra(name, lambda module: None) for name in EXTRAS),
        *(doctor.check_extra(name, lambda module: module) for name in EXTRAS),
        *(doctor.check_program(name, lambda program: None) for name in doctor.PROGRAMS),
        *(doctor.check_program(name, lambda program: f"/usr/bin/{program}") for name in doctor.PROGRAMS),
        doctor.check_exercises(),
        doctor.check_writing(),
        doctor.check_writing(Path("/proc")),
        doctor.check_cameras(list),
    )
    for one in made:
        if one.name not in ("Python", "exercises"):
            assert translated(one.says, language) != one.says
        assert translated(one.remedy, language) != one.remedy or not one.remedy
    monkeypatch.setattr(doctor, "examine", lambda: iter(one for one in made if not one.essential or one.fine))
    result = typed("doctor", "--lang", language)
    assert result.exit_code == 0, result.output
    assert fine in result.stdout
    for english in ("missing", "installed", "Needed", "cameras", "this folder", "written", "Plug", "the voice"):
        assert english not in result.stdout.replace("exercise-coach", "")


def test_as_a_program(tmp_path: Path) -> None:
    """`python -m coach` is the same, and a mistake is one line there, too."""
    done = subprocess.run(
        [sys.executable, "-m", "coach", "analyse", str(tmp_path / "none.mp4")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("coach: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [("analyse", "me.mp4"), ("live", "hip-hiker")])
def test_a_language_that_no_exercise_speaks_is_refused_before_anything_else(command: tuple[str, str]) -> None:
    assert one_line(typed(*command, "--lang", "xx")).endswith("--lang is 'xx'. Choose one of de, en, fr")


@pytest.mark.parametrize("words", [(), ("history",), ("programme",), ("bench",)])
def test_in_eighty_columns_no_list_of_commands_is_cut_off(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(make_app(COMMANDS), [*words, "--help"], env={"COLUMNS": "80"})
    assert shown.exit_code == 0
    assert "..." not in shown.stdout.partition("Commands:")[2]
