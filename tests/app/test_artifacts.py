"""What a finished analysis leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.app.artifacts import timeline_of, with_pictures, write_artifacts
from coach.errors import OutputError
from coach.perception.recording import Recorder
from coach.session.result_builder import ResultBuilder
from coach.session.timeline_file import read_timeline
from tests.export.read_opensim import read_trc
from tests.report.scripted import Script, hip_hiker, hip_hikers, session


@pytest.fixture
def observations(tmp_path: Path) -> Path:
    path = tmp_path / "clip.observed"
    with Recorder(path) as recorder:
        for moment in hip_hikers(Script(repetitions=2)):
            recorder.add(moment.observation)
        recorder.describe("clip.mp4", 12.0, 15.0)
    return path


def test_a_recording_is_judged_once_more_into_a_track(observations: Path) -> None:
    timeline = timeline_of(observations, [hip_hiker()])
    assert len(timeline) == len(list(hip_hikers(Script(repetitions=2))))
    assert np.isfinite(timeline.signal("pelvic_drop_deg", "left")).any()
    assert any(event.name == "calibrated" for event in timeline.events)
    assert timeline.landmarks is not None


def test_every_movement_is_in_the_track_also_the_last(observations: Path) -> None:
    timeline = timeline_of(observations, [hip_hiker()], side="left")
    builder = ResultBuilder(hip_hiker(), named=True)
    builder.close(timeline.events)
    assert [key.number for key in timeline.keys if key.kind == "deepest"] == [m.number for m in builder.movements]


def test_files_stand_beside_the_result(observations: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = session()
    written = write_artifacts(result, observations, [hip_hiker()], tmp_path, kinds=("csv", "trc"))
    assert [path.name for path in written] == [
        *("track.npz", "clip.frames.csv", "clip.movements.csv", "clip.sets.csv", "clip.trc", "report.html")
    ]
    assert all(path.is_file() for path in written)
    (report,) = write_artifacts(result, observations, [hip_hiker()], tmp_path, language="de")[1:]
    assert '<html lang="de">' in report.read_text(encoding="utf-8")
    assert len(read_trc(tmp_path / "clip.trc").t_s) == len(read_timeline(tmp_path / "track.npz"))
    monkeypatch.setenv("COACH_CHROMIUM", "/nowhere")
    with pytest.raises(OutputError, match="nor a Chromium"):
        write_artifacts(result, observations, [hip_hiker()], tmp_path, kinds=("mot",), pdf=True)
    assert (tmp_path / "clip.mot").is_file()


def test_pictures_come_from_the_video(video: Callable[..., Path]) -> None:
    clip = video(size=(640, 480), frames=12 * 5, fps=5)
    _, timeline = session(Script(repetitions=2))
    assert {key.picture for key in timeline.keys} == {None}
    kept = with_pictures(timeline, clip)
    assert all(key.picture is not None and key.picture.jpeg.startswith(b"\xff\xd8") for key in kept.keys)
