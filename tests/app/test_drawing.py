"""The annotated video that is drawn while the video is analysed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from coach.app.analyse import Analysis, choose_exercises
from coach.app.drawing import Drawing
from coach.app.result_folder import Wanted, analyse_and_keep, watching, write_video
from coach.errors import OutputError
from coach.perception.watched_video import WatchedVideo
from coach.types import Moment
from tests.conftest import FakeEstimator, standing_pose

MakeVideo = Callable[..., Path]
EXERCISES = choose_exercises("auto")


@pytest.fixture(autouse=True)
def _seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", lambda: FakeEstimator(standing_pose((64, 48))))


def drawn(
    source: Path, target: Path, fps: float = 15.0, on_moment: Callable[[Moment], None] = lambda moment: None
) -> tuple[Analysis, Drawing]:
    with watching(source, fps, EXERCISES, "en", draw_to=target) as (observed, drawing):
        assert drawing is not None
        found = analyse_and_keep(
            observed, EXERCISES, None, "en", kept=None, fps=fps, drawing=drawing, on_moment=on_moment
        )
    return found, drawing


def times_s(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return sorted(float(packet.pts * packet.time_base) for packet in container.demux(video=0) if packet.size)


@pytest.mark.parametrize(("rate", "fps"), [(30, 15.0), (15, 15.0), (30, 1.0), (30, 240.0)])
def test_every_picture_is_in_it_however_few_are_judged(video: MakeVideo, tmp_path: Path, rate: int, fps: float) -> None:
    source = video(frames=90, fps=rate)
    found, drawing = drawn(source, tmp_path / "out.mp4", fps)
    assert times_s(tmp_path / "out.mp4") == pytest.approx([n / rate for n in range(90)], abs=1e-3)
    assert drawing.faults(found.outcome) == ()


def test_a_picture_shows_the_moment_it_was_judged_in(
    video: MakeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, float]] = []
    shown = "coach.app.annotated_video.AnnotatedVideo"
    monkeypatch.setattr(f"{shown}.show", lambda self, moment: told.append(("moment", round(moment.t_s, 3))))
    monkeypatch.setattr(f"{shown}.write", lambda self, t_s, picture: told.append(("picture", round(t_s, 3))))
    drawn(video(frames=6, fps=30), tmp_path / "out.mp4")
    pictures = [round(n / 30, 3) for n in range(6)]
    judged = [0.0, *[t_s for kind, t_s in told if kind == "moment"][1:]]
    assert [t_s for kind, t_s in told if kind == "picture"] == pictures
    for at, (kind, t_s) in enumerate(told):
        if kind == "picture" and t_s in judged:
            assert told[at - 1] == ("moment", t_s)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")], ids=["Ctrl-C", "error"])
def test_an_analysis_that_breaks_off_leaves_no_video(video: MakeVideo, tmp_path: Path, error: BaseException) -> None:
    def stop(moment: Moment) -> None:
        if moment.t_s > 1:
            raise error

    with pytest.raises(type(error)):
        drawn(video(frames=90, fps=30), tmp_path / "out" / "out.mp4", on_moment=stop)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_video_that_cannot_be_written_costs_no_result(
    video: MakeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full", "Free some space")

    monkeypatch.setattr("coach.video.writer.VideoCopy.write", full)
    source = video(frames=90, fps=30)
    found, drawing = drawn(source, tmp_path / "out" / "out.mp4")
    assert found.result["duration_s"] == pytest.approx(3.0)
    with pytest.raises(OutputError, match="disk is full"):
        write_video(found, drawing, source, tmp_path / "out", Wanted(video=True), None, "en")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_watched_is_decoded_once(video: MakeVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    begin = WatchedVideo.__init__

    def counting(self: WatchedVideo, path: Path, *rest: object, **named: object) -> None:
        opened.append(str(path))
        begin(self, path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(WatchedVideo, "__init__", counting)
    monkeypatch.setattr("coach.app.annotate.VideoFile", None)
    source = video(frames=15)
    found, drawing = drawn(source, tmp_path / "annotated.mp4")
    assert write_video(found, drawing, source, tmp_path, Wanted(video=True), None, "en") == [tmp_path / "annotated.mp4"]
    assert opened == [str(source)]


def test_few_pictures_wait_to_be_drawn_and_enough_for_the_network() -> None:
    from coach.app.drawing import waiting
    from coach.video.file import VideoInfo

    def of(width: int, height: int, fps: float) -> int:
        return waiting(VideoInfo("a.mp4", 10.0, fps, (width, height)))

    assert [of(1280, 720, fps) for fps in (10.0, 15.0, 30.0, 60.0)] == [3, 3, 5, 8]
    assert of(3840, 2160, 60.0) == 3
