"""``import coach`` as a program uses it: what it offers, and that it gives what the command line gives."""

from __future__ import annotations

import ast
import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import coach
from coach.app.analyse import analyse as judged
from coach.definitions.exercise import load_exercise
from coach.perception.recording import Recorder, Recording
from coach.perception.watched_video import watch
from coach.session.result import Result
from tests.app.batch.stand_ins import short_recording
from tests.conftest import FakeEstimator

MakeVideo = Callable[..., Path]

ROOT = Path(__file__).parents[2]
SECONDS = 14.0  # two repetitions


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_recording(tmp_path_factory.mktemp("api") / "me.observed", SECONDS, source="me.mp4")


@pytest.fixture(scope="module")
def result(recording: Path) -> coach.AnalysisResult:
    return coach.judge(recording, "hip-hiker")


@pytest.fixture(scope="module")
def contract(recording: Path) -> Result:
    with watch(recording) as observed:
        return judged(observed, [load_exercise("hip-hiker")]).result


class TestSurface:
    def test_every_public_name_is_there_and_no_other(self) -> None:
        for name in coach.__all__:
            assert getattr(coach, name) is not None
        assert set(coach.__all__) <= set(dir(coach))
        with pytest.raises(AttributeError, match="no attribute 'analyze'"):
            coach.analyze  # type: ignore[attr-defined]  # noqa: B018

    def test_type_checkers_are_told_the_same(self) -> None:
        tree = ast.parse((ROOT / "coach/__init__.py").read_text(encoding="utf-8"))
        told = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
        assert {*told, "__version__"} - {"annotations", "TYPE_CHECKING"} == set(coach.__all__)

    def test_the_document_names_each(self) -> None:
        said = set(re.findall(r"`coach\.(\w+)", (ROOT / "docs/python.md").read_text(encoding="utf-8")))
        assert set(coach.__all__) - {"__version__"} <= said


class TestResult:
    def test_it_is_the_contract_of_the_command_line(self, result: coach.AnalysisResult, contract: Result) -> None:
        assert result.to_dict() == contract
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False)) == contract

    def test_repetitions_are_typed(self, result: coach.AnalysisResult, contract: Result) -> None:
        assert len(result.repetitions) == len(contract["movements"]) >= 2
        first, item = result.repetitions[0], contract["movements"][0]
        assert first.depth_name == "pelvic_drop_deg"
        assert first.depth == item["pelvic_drop_deg"]  # type: ignore[typeddict-item]
        assert first.depth_interval[0] < first.depth < first.depth_interval[1]
        assert (first.start_s, first.faults, first.set) == (item["start_s"], tuple(item["faults"]), 1)
        assert result.holds == ()
        (only,) = result.sets
        assert (only.exercise, only.reps) == ("hip-hiker", contract["summary"]["reps"])
        assert only.repetitions == result.repetitions
        assert math.isnan(only.held_s)

    def test_the_timeline_is_arrays(self, result: coach.AnalysisResult, recording: Path) -> None:
        with Recording(recording) as observed:
            times = [each.t_s for each in observed]
        line = result.timeline
        np.testing.assert_array_equal(line.t_s, times)
        assert "pelvic_drop_deg" in line.signals
        drop = line.signal("pelvic_drop_deg", result.repetitions[0].side)
        assert drop.shape == line.t_s.shape
        deepest = line.t_s[np.nanargmax(np.where(line.t_s < result.repetitions[0].end_s, drop, np.nan))]
        assert abs(deepest - result.repetitions[0].peak_s) < 0.7
        assert line.landmarks is not None
        assert line.landmarks.xy_px.shape == (len(line), 33, 2)

    def test_it_is_a_line_where_it_is_shown(self, result: coach.AnalysisResult) -> None:
        """In a notebook and at the prompt: no arrays of thousands of numbers."""
        assert repr(result) == "<AnalysisResult of me.mp4, 14.0 s: hip-hiker left: 3 repetitions>"
        assert len(repr(result.timeline)) < 100

    def test_tables_for_pandas(self, result: coach.AnalysisResult, contract: Result) -> None:
        pandas = pytest.importorskip("pandas")
        table = result.dataframe()
        assert isinstance(table, pandas.DataFrame)
        assert table["pelvic_drop_deg"].tolist() == [r.depth for r in result.repetitions]
        assert table["counted"].tolist() == [r.counted for r in result.repetitions]
        frames = result.dataframe("frames")
        assert len(frames) == len(result.timeline)
        assert frames["t_s"].is_monotonic_increasing
        assert result.dataframe("sets")["reps"].tolist() == [contract["summary"]["reps"]]
        assert result.dataframe("holds").empty
        with pytest.raises(ValueError, match="choose from frames, repetitions, holds, sets"):
            result.dataframe("movements")  # type: ignore[arg-type]

    def test_without_pandas_it_says_what_to_install(
        self, result: coach.AnalysisResult, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pandas", None)
        with pytest.raises(coach.CoachError, match=r"pip install .*\[pandas\]"):
            result.dataframe()

    def test_it_is_saved_as_the_command_line_does(self, result: coach.AnalysisResult, tmp_path: Path) -> None:
        assert json.loads(result.save_json(tmp_path / "result.json").read_text()) == result.to_dict()
        (report,) = result.save_report(tmp_path / "report.html", language="de")
        assert '<html lang="de">' in report.read_text(encoding="utf-8")
        names = {path.name for path in result.export(tmp_path, ["csv", "trc"])}
        assert names == {"me.frames.csv", "me.movements.csv", "me.sets.csv", "me.trc"}


class TestRecordAndJudge:
    def test_a_video_recorded_and_judged_gives_the_same(
        self, video: MakeVideo, no_model: FakeEstimator, tmp_path: Path
    ) -> None:
        clip = video("me.mp4", frames=15)
        heard: list[tuple[float, float]] = []
        watched = coach.analyse(clip, on_progress=lambda t_s, duration_s: heard.append((t_s, duration_s)))
        kept = coach.record(clip, tmp_path / "me.observed")
        assert kept == tmp_path / "me.observed"
        assert coach.judge(kept).to_dict() == watched.to_dict()
        assert watched.exercise is None
        assert [t_s for t_s, _ in heard] == pytest.approx([i / 15 for i in range(15)], abs=1e-3)
        assert all(duration_s == pytest.approx(1.0, abs=0.1) for _, duration_s in heard)

    def test_what_is_wrong_is_an_error_that_says_so(self, video: MakeVideo, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            coach.analyse(tmp_path / "none.mp4")
        with pytest.raises(coach.CoachError, match="is no recording"):
            coach.judge(video("me.mp4"))
        with pytest.raises(coach.CoachError, match="Choose one of hip-hiker, strap-stretch"):
            coach.analyse(video("me.mp4"), exercise="squat")
        with pytest.raises(coach.CoachError, match="side is 'both'"):
            coach.analyse(video("me.mp4"), side="both")  # type: ignore[arg-type]
        with pytest.raises(coach.CoachError, match="language is 'xx'"):
            coach.analyse(video("me.mp4"), language="xx")
        with pytest.raises(coach.CoachError, match="fps is nan"):
            coach.analyse(video("me.mp4"), fps=math.nan)

    def test_the_video_is_never_written_over(self, video: MakeVideo) -> None:
        clip = video("me.mp4")
        before = clip.read_bytes()
        with pytest.raises(coach.CoachError, match="is the video itself"):
            coach.record(clip, clip)
        assert clip.read_bytes() == before


def test_nobody_seen_gives_an_empty_result(tmp_path: Path) -> None:
    path = tmp_path / "empty.observed"
    with Recorder(path) as recorder:
        recorder.describe("empty.mp4", math.nan, 15.0)
    result = coach.judge(path, "strap-stretch")
    assert (result.repetitions, result.holds, result.sets, len(result.timeline)) == ((), (), (), 0)
    assert math.isnan(result.duration_s)


def test_exercise_names_can_be_judged() -> None:
    assert {load_exercise(name).name for name in coach.exercise_names()} == {"hip-hiker", "strap-stretch"}
