"""The whole line with the real model, on short cuts of the samples."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coach.app.analyse import analyse, choose_exercises
from coach.app.annotate import annotate
from coach.perception.observer import Observer
from coach.perception.recording import Recorder, Recording
from coach.perception.watched_video import WatchedVideo, watch
from coach.session.result import Result
from coach.types import Frame, Pose
from coach.video import camera
from coach.video.camera import PlayedFile
from coach.video.file import VideoFile
from tests.app.test_live_as_recorded import live_result
from tests.conftest import SAMPLES
from tests.cuts import cut

pytestmark = pytest.mark.model
ROOT = Path(__file__).parent.parent
HIKER, STRAP = "hiker_right_30fps", "strap_right_side_far_knee_arm"
HIKER_S, HIKER_FPS = 10.6, 7.5  # two repetitions
STRAP_S, STRAP_FPS = 24.5, 10.0  # the leg has opened, and three breaths are done


class FakeTime:
    """A wall clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.truth.json").read_text())
    return found


def watched(name: str, until_s: float, fps: float, folder: Path) -> tuple[Path, Path, dict[str, Any]]:
    """A cut, its recording, and what the analysis says of it."""
    video = cut(f"{name}.mp4", until_s, folder / f"{name}.mp4")
    kept = folder / f"{name}.observed"
    with WatchedVideo(video, fps) as seen, Recorder(kept) as recorder:
        found = analyse(seen, choose_exercises("auto"), recorder=recorder)
        recorder.describe(seen.source, seen.duration_s, fps)
    return video, kept, found.result


@pytest.fixture(scope="module")
def hiker(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    return watched(HIKER, HIKER_S, HIKER_FPS, tmp_path_factory.mktemp("hiker"))


@pytest.fixture(scope="module")
def strap(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    return watched(STRAP, STRAP_S, STRAP_FPS, tmp_path_factory.mktemp("strap"))


def test_hip_hikers_are_counted_on_the_right_side(hiker: tuple[Path, Path, dict[str, Any]]) -> None:
    _, _, result = hiker
    assert result["exercise"] == "hip-hiker"
    counted = [movement for movement in result["movements"] if movement["counted"]]
    assert [movement["side"] for movement in counted] == ["right", "right"]
    assert result["summary"]["reps"] == 2
    for movement, real in zip(counted, truth(HIKER)["reps"], strict=False):
        assert movement["peak_s"] == pytest.approx(real["bottom"], abs=0.8)
        assert movement["pelvic_drop_deg"] == pytest.approx(real["drop"], abs=4)
    assert result["seen_ratio"] > 0.95


def test_a_strap_stretch_is_held_and_breathed(strap: tuple[Path, Path, dict[str, Any]]) -> None:
    _, _, result = strap
    assert result["exercise"] == "strap-stretch"
    (hold,) = result["holds"]
    real = truth(STRAP)
    assert hold["side"] == "right"
    assert "raised_knee_bent" in hold["faults"]
    assert hold["start_s"] == pytest.approx(real["hold"][0], abs=1.5)
    expected = sum(end <= STRAP_S for end in real["breath_ends"])
    assert abs(hold["breaths"] - expected) <= 1


@pytest.mark.parametrize("which", ["hiker", "strap"])
def test_a_recording_is_judged_exactly_alike(which: str, request: pytest.FixtureRequest) -> None:
    _, kept, result = request.getfixturevalue(which)
    with watch(kept) as recording:
        again = analyse(recording, choose_exercises("auto")).result
    assert json.dumps(again) == json.dumps(result)


def test_naming_the_exercise_or_the_side_does_not_change_what_is_found(
    hiker: tuple[Path, Path, dict[str, Any]],
) -> None:
    _, kept, result = hiker
    with watch(kept) as recording:
        named = analyse(recording, choose_exercises("hip-hiker"), side="right").result
    assert named["summary"]["reps"] == result["summary"]["reps"]


def test_the_other_exercise_is_not_found_in_it(hiker: tuple[Path, Path, dict[str, Any]]) -> None:
    _, kept, _ = hiker
    with watch(kept) as recording:
        other = analyse(recording, choose_exercises("strap-stretch")).result
    assert other["summary"]["held_s"] == 0
    assert not [hold for hold in other["holds"] if hold["counted"]]


class SeenBefore:
    """The poses of a recording as a pose network: at the times between its pictures half-way between theirs."""

    def __init__(self, kept: Path) -> None:
        with watch(kept) as recording:
            seen = [(each.t_s, each.pose) for each in recording if each.pose is not None]
        self._t_s = [t_s for t_s, _ in seen]
        self._poses = [pose for _, pose in seen]

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        place = float(np.interp(frame.t_s, self._t_s, range(len(self._t_s))))
        before, after = self._poses[math.floor(place)], self._poses[math.ceil(place)]
        share = np.float32(place % 1)
        xy, world, visibility = (
            (1 - share) * getattr(before, name) + share * getattr(after, name)
            for name in ("xy_px", "world_m", "visibility")
        )
        return (Pose(xy, world, visibility),)

    def prepare(self, posture: str) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_file_played_as_a_camera_is_judged_as_the_file(
    monkeypatch: pytest.MonkeyPatch, hiker: tuple[Path, Path, dict[str, Any]]
) -> None:
    """The pictures and all that is measured in them; that the network sees the same in them is tested elsewhere, and
    what follows live from what is seen as well (app/test_live_as_recorded.py, session/test_live_and_recorded.py)."""
    clip, kept, _ = hiker
    exercise = "hip-hiker"
    with watch(kept) as recording:
        recorded = analyse(recording, choose_exercises(exercise)).result
    fake = FakeTime()
    monkeypatch.setattr(camera, "time", SimpleNamespace(monotonic=fake.monotonic, sleep=fake.sleep))
    shown = live_result(monkeypatch, exercise, PlayedFile(clip), str(clip), Observer(SeenBefore(kept)))
    interval_s = 1 / HIKER_FPS

    counts: Callable[[Result], Any] = lambda result: [  # noqa: E731
        (each["side"], each["counted"], each["uncounted_reason"], each["faults"])
        for each in (*result["movements"], *result["holds"])
    ]
    assert counts(recorded)
    assert counts(shown) == counts(recorded)
    # A camera shows more pictures than an analysis looks at: a movement's gentle start may be seen earlier then.
    for ours, theirs in zip(shown["movements"], recorded["movements"], strict=True):
        assert ours["start_s"] == pytest.approx(theirs["start_s"], abs=2 * interval_s)
        assert ours["end_s"] == pytest.approx(theirs["end_s"], abs=2 * interval_s)


def test_the_annotated_video_has_every_picture(hiker: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    _, kept, _ = hiker
    video, begun, target = cut(f"{HIKER}.mp4", 3.0, tmp_path / "me.mp4"), tmp_path / "begun", tmp_path / "annotated.mp4"
    with Recording(kept) as recording, Recorder(begun) as recorder:
        for observation in takewhile(lambda each: each.t_s < 3.0, recording):
            recorder.add(observation)
        recorder.describe(str(video), 3.0, HIKER_FPS)
    annotate(begun, choose_exercises("hip-hiker"), target)
    with VideoFile(video) as source, VideoFile(target) as copy:
        assert copy.info.size_px == source.info.size_px
        assert [t for t, _ in copy.decode()] == pytest.approx([t for t, _ in source.decode()], abs=0.01)


def test_as_the_user_runs_it(hiker: tuple[Path, Path, dict[str, Any]]) -> None:
    """The same JSON as in the library, no chatter of any library on either stream."""
    video, _, result = hiker
    done = subprocess.run(
        [sys.executable, "-m", "coach", "analyse", str(video), "--json", "--fps", str(HIKER_FPS)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == result


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C")
def test_ctrl_c_in_the_middle_keeps_the_finished_video(
    hiker: tuple[Path, Path, dict[str, Any]], tmp_path: Path
) -> None:
    video, kept, result = hiker
    # A program started in the background, as tests may be, ignores Ctrl-C unless it is told not to.
    start = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from coach.cli.app import main; main()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", start, "analyse", str(kept), str(video), "--json", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert program.stdout is not None
    first = program.stdout.readline()  # the recording is judged at once; the video has only begun
    program.send_signal(signal.SIGINT)
    rest, errors = program.communicate()
    assert json.loads(first) == result
    assert (program.returncode, rest) == (130, "")
    # What the first one wrote may have been said before.
    assert errors.endswith(f"coach: stopped; 1 of 2 videos are finished and kept in {tmp_path / 'out'}\n")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["hiker_right_30fps"]
