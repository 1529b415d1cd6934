"""Whom the pose estimator looks for, and how: tracked alone, detected in company. The network is a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.perception import pose_estimator
from coach.perception.pose_estimator import LOOK_S, PoseEstimator, Way
from coach.types import Frame, Pose

SIZE = (640, 480)
Seen = Callable[[float, Way], tuple[Pose, ...]]


def somebody(x: float, height: float = 300.0) -> Pose:
    """A body of that height whose middle is at x."""
    shape = np.stack([np.linspace(-0.2, 0.2, 33), np.linspace(-0.5, 0.5, 33)], axis=1)
    xy = (np.array([x, 240.0]) + shape * height).astype(np.float32)
    return Pose(xy, np.zeros((33, 3), np.float32), np.ones(33, np.float32))


class Scene:
    """What both ways of running the network see, and which were asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seen: Seen) -> None:
        self.asked: list[tuple[float, Way]] = []
        self.loaded: list[Way] = []
        scene = self

        class Network:
            def __init__(self, model: Path, way: Way) -> None:
                self.way: Way = way
                scene.loaded.append(way)

            def find(self, frame: Frame) -> tuple[Pose, ...]:
                scene.asked.append((frame.t_s, self.way))
                return seen(frame.t_s, self.way)

            def close(self) -> None:
                scene.loaded.remove(self.way)

        monkeypatch.setattr(pose_estimator, "_Network", Network)

    def times(self, way: Way) -> list[float]:
        return [t_s for t_s, asked in self.asked if asked == way]


def watch(estimator: PoseEstimator, until_s: float, from_s: float = 0.0) -> list[tuple[Pose, ...]]:
    rgb = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    return [estimator.estimate(Frame(t_s, rgb)) for t_s in np.arange(from_s, until_s, 0.25).tolist()]


def test_somebody_alone_is_tracked_and_now_and_then_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(300),))
    found = watch(PoseEstimator(), 4.5)
    assert all(len(poses) == 1 for poses in found)
    assert scene.times("detected") == [0.0, LOOK_S, 2 * LOOK_S]
    assert len(scene.times("tracked")) == len(found)


def test_in_company_everybody_is_detected_until_the_other_has_been_gone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def seen(t_s: float, way: Way) -> tuple[Pose, ...]:
        both = (somebody(300), somebody(550, 200.0))
        return both if way == "detected" and 3.0 <= t_s < 5.0 else both[:1]

    scene = Scene(monkeypatch, seen)
    estimator = PoseEstimator()
    found = watch(estimator, 9.0)
    assert [len(poses) for poses in found] == [2 if 4.0 <= n / 4 < 5.0 else 1 for n in range(len(found))]
    lone = [t_s for t_s in scene.times("tracked") if t_s > 4.0]
    assert lone[0] == 4.75 + LOOK_S, "the last sight of both is at 4.75 s"
    estimator.close()
    assert scene.loaded == []


def test_somebody_small_in_the_background_is_no_company(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(300), somebody(600, 60.0))[: 1 + (way == "detected")])
    watch(PoseEstimator(), 4.0)
    assert len(scene.times("detected")) == 2


def test_a_tracker_that_follows_a_curtain_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(600 if way == "tracked" and t_s > 1 else 200),))
    found = watch(PoseEstimator(), LOOK_S + 0.1)
    assert float(found[-1][0].xy_px.mean(0)[0]) == pytest.approx(200), "whom detection sees is there"
    assert scene.loaded == ["detected"], "the next picture gets a new tracker"


def test_whoever_lies_is_only_tracked_and_whoever_stands_up_is_looked_for_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(300),))
    estimator = PoseEstimator()
    estimator.prepare("lying")
    watch(estimator, 5.0)
    assert scene.times("detected") == []
    estimator.prepare("upright")
    watch(estimator, 5.5, 5.0)
    assert scene.times("detected") == [5.0]


def test_a_video_that_begins_again_is_looked_at_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(300),))
    estimator = PoseEstimator()
    watch(estimator, 8.2, 8.0)
    watch(estimator, 0.2)
    assert scene.times("detected") == [8.0, 0.0]


@pytest.mark.parametrize("way", ["tracked", "detected"])
def test_one_way_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    scene = Scene(monkeypatch, lambda t_s, way: (somebody(300), somebody(550)))
    watch(PoseEstimator(way=way), 3.0)
    assert {asked for _, asked in scene.asked} == {way}


def test_the_second_body_that_is_made_of_somebodys_legs_is_not_a_person() -> None:
    whole = somebody(300)
    legs = Pose(whole.xy_px * np.float32([1, 0.5]) + np.float32([3, 195]), whole.world_m, whole.visibility)
    beside = somebody(400)
    assert pose_estimator._distinct([whole, legs, beside]) == (whole, beside)
