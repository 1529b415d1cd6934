"""Tiny videos, made on the spot, and a pose model that needs no network file."""

from __future__ import annotations

import os
import signal

# As the command line does, and before NumPy is loaded: threads for small matrices only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

from coach.types import JOINTS, Frame, Joint, Pose

# Programs started in the background of a shell ignore Ctrl-C, and so would all that the tests start and end with it.
signal.signal(signal.SIGINT, signal.default_int_handler)
# A deadline would make a busy machine a fault; a seed that is printed makes every failure one that can be had again.
hypothesis.settings.register_profile("coach", deadline=None, print_blob=True)
hypothesis.settings.load_profile("coach")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors, to use them while tests wait for a browser or another process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The dear ones first, so that in the end no processor waits for the last of them."""
    items.sort(key=lambda item: item.get_closest_marker("model") is None)


SAMPLES = Path(__file__).parent.parent / "samples"

# Corners of the test picture, as stored: red top left, green top right, blue bottom left, white bottom right.
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (230, 230, 230)


def four_corners(width: int, height: int, brightness: float = 1.0) -> np.ndarray[Any, Any]:
    """A picture whose corners tell how it was turned."""
    rgb = np.zeros((height, width, 3), np.uint8)
    half_x, half_y = width // 2, height // 2
    rgb[:half_y, :half_x], rgb[:half_y, half_x:] = RED, GREEN
    rgb[half_y:, :half_x], rgb[half_y:, half_x:] = BLUE, WHITE
    return (rgb * brightness).astype(np.uint8)


def corner_names(rgb: np.ndarray[Any, Any]) -> str:
    """The corners of a picture row by row, as initials: 'RGBW' is upright."""
    height, width = rgb.shape[:2]
    known = {"R": RED, "G": GREEN, "B": BLUE, "W": WHITE}
    names = ""
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            distance = {name: np.abs(rgb[y, x].astype(int) - colour).sum() for name, colour in known.items()}
            names += min(distance, key=lambda name: distance[name])
    return names


def write_video(
    path: Path,
    *,
    size: tuple[int, int] = (64, 48),
    fps: int = 15,
    frames: int = 15,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    rotation: int = 0,
    pixel_aspect: Fraction | None = None,
    sound: bool = False,
    options: dict[str, str] | None = None,
    noise: bool = False,
) -> Path:
    """Write a video of four coloured corners. times_s: an uneven rate. rotation: as in a phone's display matrix.

    noise makes the pictures hard to compress and so the file large.
    """
    import av

    with av.open(str(path), "w", options=options or {}) as out:
        stream: Any = out.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        if rotation:
            stream.set_display_rotation(rotation)
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        stream.codec_context.time_base = Fraction(1, 60_000)
        silence = _write_sound(out) if sound else None
        out.start_encoding()
        picture = four_corners(*size)
        generator = np.random.default_rng(0)
        for t_s in times_s if times_s is not None else [i / fps for i in range(frames)]:
            if noise:
                picture = generator.integers(0, 255, picture.shape, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(t_s * 60_000), Fraction(1, 60_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if silence is not None:
            out.mux(silence.encode(None))
    return path


def write_sound(path: Path) -> Path:
    """Write a second of silence."""
    import av

    with av.open(str(path), "w") as out:
        out.mux(_write_sound(out).encode(None))
    return path


def _write_sound(out: Any) -> Any:
    import av

    stream = out.add_stream("aac", rate=48_000, layout="mono")
    for i in range(46):
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        silence.rate, silence.pts, silence.time_base = 48_000, i * 1024, Fraction(1, 48_000)
        out.mux(stream.encode(silence))
    return stream


@pytest.fixture
def video(tmp_path: Path) -> Callable[..., Path]:
    """``video(name, ...)`` writes a tiny video; see write_video."""

    def make(name: str = "clip.mp4", **options: Any) -> Path:
        return write_video(tmp_path / name, **options)

    return make


def standing_pose(size_px: tuple[int, int] = (640, 480), x: float = 0.5, height: float = 0.8) -> Pose:
    """Somebody who stands upright in front of the camera. x and height: shares of the picture."""
    rows = {
        Joint.NOSE: (0.0, 0.0),
        Joint.LEFT_EAR: (0.03, 0.0),
        Joint.RIGHT_EAR: (-0.03, 0.0),
        Joint.LEFT_SHOULDER: (0.11, 0.14),
        Joint.RIGHT_SHOULDER: (-0.11, 0.14),
        Joint.LEFT_ELBOW: (0.14, 0.32),
        Joint.RIGHT_ELBOW: (-0.14, 0.32),
        Joint.LEFT_WRIST: (0.15, 0.48),
        Joint.RIGHT_WRIST: (-0.15, 0.48),
        Joint.LEFT_HIP: (0.06, 0.48),
        Joint.RIGHT_HIP: (-0.06, 0.48),
        Joint.LEFT_KNEE: (0.06, 0.72),
        Joint.RIGHT_KNEE: (-0.06, 0.72),
        Joint.LEFT_ANKLE: (0.06, 0.96),
        Joint.RIGHT_ANKLE: (-0.06, 0.96),
        Joint.LEFT_HEEL: (0.06, 0.99),
        Joint.RIGHT_HEEL: (-0.06, 0.99),
        Joint.LEFT_TOE: (0.09, 1.0),
        Joint.RIGHT_TOE: (-0.09, 1.0),
    }
    body = np.zeros((JOINTS, 2), np.float32)
    for row, place in rows.items():
        body[row] = place
    tall = height * size_px[1]
    xy = body * tall + np.array([x * size_px[0], (1 - height) / 2 * size_px[1]], np.float32)
    middle = (body[Joint.LEFT_HIP] + body[Joint.RIGHT_HIP]) / 2
    world = np.concatenate([(body - middle) * 1.7, np.zeros((JOINTS, 1), np.float32)], 1)
    return Pose(xy.astype(np.float32), world.astype(np.float32), np.ones(JOINTS, np.float32))


class FakeEstimator:
    """A pose model that sees one standing person in every picture, or nobody."""

    def __init__(self, pose: Pose | None = None) -> None:
        self.pose = pose
        self.seen: list[float] = []
        self.postures: list[str] = []
        self.closed = False

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        self.seen.append(frame.t_s)
        return () if self.pose is None else (self.pose,)

    def prepare(self, posture: str) -> None:
        self.postures.append(posture)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> FakeEstimator:
    """Analyses use a pose model that sees nobody, and look for nobody whose head is above the picture."""
    fake = FakeEstimator()
    monkeypatch.setattr("coach.perception.pose_estimator.PoseEstimator", lambda: fake)
    monkeypatch.setattr("coach.perception.headless.Headless.look", lambda headless, frame: None)
    return fake
