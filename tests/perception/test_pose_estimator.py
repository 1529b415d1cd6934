"""The only tests that look into MediaPipe: on a few pictures of the samples."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from coach.perception.image_noise import NoiseFilter
from coach.perception.pose_estimator import PoseEstimator
from coach.types import Frame, Joint
from coach.video.file import VideoFile
from tests.conftest import SAMPLES

pytestmark = pytest.mark.model


def first_frames(name: str, count: int) -> list[Frame]:
    with VideoFile(SAMPLES / name, fps=5) as video:
        return list(islice(video, count))


@pytest.fixture(scope="module")
def standing() -> list[Frame]:
    return first_frames("hiker_faults.mp4", 4)


def test_one_standing_person_is_found_where_they_stand(standing: list[Frame]) -> None:
    with PoseEstimator() as estimator:
        for frame in standing:
            poses = estimator.estimate(frame)
    assert len(poses) == 1
    pose = poses[0]
    assert pose.xy_px.shape == (33, 2)
    assert pose.world_m.shape == (33, 3)
    assert pose.visibility.shape == (33,)
    # As the truth of the clip says for its start.
    for joint, (x, y) in {
        Joint.LEFT_ANKLE: (690.6, 581.3),
        Joint.RIGHT_ANKLE: (624.7, 562.6),
        Joint.LEFT_SHOULDER: (708.8, 151.5),
    }.items():
        assert np.hypot(*(pose.xy_px[joint] - (x, y))) < 30
    assert not pose.xy_px.flags.writeable


def test_an_empty_picture_has_nobody() -> None:
    with PoseEstimator() as estimator:
        assert estimator.estimate(Frame(0.0, np.full((240, 320, 3), 90, np.uint8))) == ()


def test_in_the_dark_people_are_found_without_the_noise(standing: list[Frame], monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    dark = [
        Frame(each.t_s, (each.rgb * 0.2 + generator.normal(20, 14, each.rgb.shape)).clip(0, 255).astype(np.uint8))
        for each in standing
    ]
    with PoseEstimator() as estimator:
        assert all(estimator.estimate(each) for each in dark)
    monkeypatch.setattr(NoiseFilter, "clear", lambda noise, frame: frame)
    with PoseEstimator() as estimator:
        assert not any(estimator.estimate(each) for each in dark)


def test_changing_the_posture_starts_afresh_and_goes_on(standing: list[Frame]) -> None:
    with PoseEstimator() as estimator:
        assert estimator.estimate(standing[0])
        estimator.prepare("lying")
        assert [len(estimator.estimate(frame)) for frame in standing[1:]] == [1, 1, 1]


def test_times_that_stand_still_do_no_harm(standing: list[Frame]) -> None:
    with PoseEstimator() as estimator:
        for _ in range(3):
            assert estimator.estimate(Frame(0.0, standing[0].rgb))


def test_nothing_of_its_chatter_reaches_the_user(standing: list[Frame], capfd: pytest.CaptureFixture[str]) -> None:
    with PoseEstimator() as estimator:
        estimator.estimate(Frame(0.0, np.zeros((64, 64, 3), np.uint8)))
        for frame in standing:
            estimator.estimate(frame)
        estimator.prepare("lying")
        estimator.estimate(Frame(9.0, standing[0].rgb))
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_a_closed_estimator_can_be_used_again(standing: list[Frame], tmp_path: Path) -> None:
    estimator = PoseEstimator()
    estimator.close()
    assert estimator.estimate(standing[0])
    estimator.close()


def test_what_draws_is_not_loaded_until_somebody_asks_for_it() -> None:
    """Matplotlib, which only MediaPipe's own drawing needs, takes longer to load than all the rest of it."""
    code = """if True:
        import sys
        import numpy as np
        from coach.perception.pose_estimator import PoseEstimator
        from coach.types import Frame
        with PoseEstimator() as estimator:
            estimator.estimate(Frame(0.0, np.zeros((64, 64, 3), np.uint8)))
        assert "matplotlib" not in sys.modules
        import mediapipe
        assert mediapipe.tasks.vision.drawing_utils.DrawingSpec
        assert mediapipe.tasks.vision.drawing_styles.get_default_pose_landmarks_style()
    """
    subprocess.run([sys.executable, "-c", code], timeout=120, check=True)
