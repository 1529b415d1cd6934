"""The comparison with a bare loop: what is run and reckoned, not how long it takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.app.bench_analyse import Comparison, Loop, bench_analyse
from coach.errors import SourceNotFoundError
from tests.conftest import FakeEstimator, standing_pose
from tests.typed import typed


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app.bench_analyse", "perception.pose_estimator"):
        monkeypatch.setattr(f"coach.{module}.PoseEstimator", lambda **_: Entered(standing_pose((64, 48))))


class Entered(FakeEstimator):
    def __enter__(self) -> Entered:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def compared(bare: list[float], default: list[float]) -> Comparison:
    loops = {"bare": bare, "full rate": bare, "default": default}
    runs = {name: [Loop(wall_s, 2 * wall_s, 10) for wall_s in walls] for name, walls in loops.items()}
    return Comparison("me.mp4", 2, (0.0, 0.0), runs, {})


def test_each_round_is_compared_with_the_bare_loop_beside_it() -> None:
    found = compared(bare=[2.0, 20.0, 4.0], default=[1.0, 10.0, 1.0])
    assert found.ratio("default") == found.cpu_ratio("default") == 0.5
    assert found.ratio("full rate") == 1.0


@pytest.mark.usefixtures("seeing")
def test_every_loop_looks_at_its_pictures(video: Callable[..., Path]) -> None:
    found = bench_analyse(video(frames=30, fps=30), rounds=2)
    assert {name: [loop.pictures for loop in runs] for name, runs in found.loops.items()} == {
        "bare": [30, 30],
        "full rate": [30, 30],
        "default": [15, 15],
    }
    assert set(found.stages_ms) == {"loading the network", "decode", "pose", "motion", "other", "judging"}
    assert all(ms >= 0 for ms in found.stages_ms.values())


@pytest.mark.usefixtures("seeing")
def test_the_command_prints_a_table_or_json(video: Callable[..., Path]) -> None:
    source = str(video(frames=10, fps=30))
    shown = typed("bench", "analyse", "--source", source, "--rounds", 1)
    assert shown.exit_code == 0, shown.output
    assert "full rate" in shown.stdout
    told = typed("bench", "analyse", "--source", source, "--rounds", 1, "--json")
    assert set(json.loads(told.stdout)["ratios"]) == {"full rate", "default"}


def test_a_video_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        bench_analyse(tmp_path / "none.mp4")
