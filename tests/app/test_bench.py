"""The bench of the live use, with a clock that the test moves: no real time is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pytest

from coach.app import bench
from coach.app.bench import Latency, Meter, Spread, spread
from coach.app.engine import run
from coach.app.practice import Practice
from coach.definitions.exercise import load_exercise
from coach.errors import SourceUnreadableError
from coach.overlay.free_scene import ScenePresenter
from coach.perception.observer import Observer
from coach.perception.stopwatch import TimedEstimator
from coach.session.session import Session
from coach.types import Frame, Pose
from tests.conftest import FakeEstimator, standing_pose
from tests.typed import typed
from tests.window.test_window import FakeFeed

HIKER = load_exercise("hip-hiker")
SIZE = (64, 48)


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


class SlowEstimator(FakeEstimator):
    """Takes 30 ms for each picture."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(standing_pose(SIZE))
        self.clock = clock

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.clock.now_s += 0.030
        return super().estimate(frame)


class Camera:
    """Sends its frames and is gone."""

    def __init__(self, frames: list[Frame], clock: Clock) -> None:
        self.frames, self.clock = frames, clock

    def __enter__(self) -> Camera:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        yield from self.frames


class LateFeed(FakeFeed):
    """Each picture has waited for 5 ms when it is taken."""

    def __init__(self, clock: Clock, frames: list[Frame], meter: Meter) -> None:
        super().__init__(*frames)
        self.clock, self.meter = clock, meter

    def newest(self, timeout_s: float) -> Frame | None:
        frame = super().newest(timeout_s)
        if frame is not None:
            self.meter.came_s[frame.t_s] = self.clock.now_s
            self.clock.now_s += 0.005
        return frame


def frames(count: int) -> list[Frame]:
    return [Frame(i / 15, np.zeros((SIZE[1], SIZE[0], 3), np.uint8)) for i in range(count)]


def measured(count: int, dropped: int = 0) -> Latency:
    clock = Clock()
    meter = Meter(clock)
    estimator: Any = TimedEstimator(SlowEstimator(clock), meter.stopwatch)  # type: ignore[arg-type]
    practice = Practice(
        Session([HIKER]), ScenePresenter([HIKER]), meter.observe(Observer(estimator)), lambda text: None
    )
    sent = frames(count + dropped)
    for _ in meter.source(Camera(sent[count:], clock)):
        pass  # nobody takes these
    feed: Any = LateFeed(clock, sent[:count], meter)
    run(meter.engine(practice), feed, meter)
    return meter.latency("clip.mp4")


def test_where_the_time_goes() -> None:
    latency = measured(20)
    assert latency.model.median_ms == pytest.approx(30)
    assert latency.waiting.p95_ms == pytest.approx(5)
    assert latency.answer.p95_ms == pytest.approx(35)
    assert latency.seeing.p95_ms == pytest.approx(0, abs=1e-6)
    assert latency.judging.longest_ms == pytest.approx(0, abs=1e-6)
    assert latency.drawing.longest_ms == pytest.approx(0, abs=1e-6)
    assert latency.beyond_model_ms == pytest.approx(5)
    assert latency.met


def test_pictures_that_nobody_took_are_counted() -> None:
    latency = measured(4, dropped=3)
    assert (latency.frames, latency.dropped) == (4, 3)


def test_a_video_without_an_answer_is_said() -> None:
    with pytest.raises(SourceUnreadableError):
        Meter(Clock()).latency("clip.mp4")


def test_spread() -> None:
    assert spread([i / 1000 for i in range(101)]) == Spread(
        pytest.approx(50),
        pytest.approx(95),
        pytest.approx(100),  # type: ignore[arg-type]
    )


@pytest.fixture
def measured_before(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Path]]:
    asked: list[tuple[Any, Path]] = []

    def fake(exercises: Any, source: Path) -> Latency:
        asked.append((exercises, source))
        return measured(6, dropped=1)

    monkeypatch.setattr(bench, "bench_live", fake)
    return asked


def test_the_table(measured_before: list[tuple[Any, Path]]) -> None:
    done = typed("bench", "live")
    assert done.exit_code == 0, done.output
    assert "hiker_right_30fps.mp4" in str(measured_before[0][1])
    assert len(measured_before[0][0]) > 1
    words = " ".join(done.output.split())
    assert "pose model 30.0 30.0 30.0" in words
    assert "arrival to answer 35.0 35.0 35.0" in words
    assert "at most 20 ms, reached" in words
    assert "6 pictures answered, 1 dropped" in words


def test_as_json(measured_before: list[tuple[Any, Path]]) -> None:
    done = typed("bench", "live", "--json", "--source", "me.mp4", "--exercise", "hip-hiker")
    assert measured_before[0][1] == Path("me.mp4")
    figures = json.loads(done.stdout)
    assert figures["target_ms"] == 20
    assert figures["met"] is True
    assert figures["model"]["p95_ms"] == pytest.approx(30)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = typed("bench", "live", "--source", tmp_path / "none.mp4")
    assert done.exit_code == 2
    assert "Traceback" not in done.output
