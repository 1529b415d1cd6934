"""How strongly a video is compressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from coach.session.result_builder import Outcome, ResultBuilder
from coach.video.compression import Compression
from coach.video.file import VideoFile
from tests.conftest import SAMPLES
from tests.session.test_result import HIKER, movement


def coded(path: Path, codec: str, options: dict[str, str]) -> Path:
    """A moving pattern, coded as wished."""
    generator = np.random.default_rng(0)
    picture = np.kron(generator.integers(40, 215, (18, 32, 3), np.uint8), np.ones((8, 8, 1), np.uint8))
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=15, options=options)
        stream.width, stream.height, stream.pix_fmt = 256, 144, "yuv420p"
        if "qmin" in options:
            stream.codec_context.qmin = stream.codec_context.qmax = int(options["qmin"])
        for i in range(60):
            frame = av.VideoFrame.from_ndarray(np.roll(picture, 2 * i, axis=1), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def notes(path: Path) -> list[str]:
    with VideoFile(path) as source:
        for _ in source.decode():
            pass
        return [note.key for note in source.notes]


@pytest.mark.parametrize(
    ("name", "codec", "good", "strong"),
    [
        ("a.mp4", "libx264", {"qp": "24"}, {"qp": "44"}),
        ("a.avi", "mpeg4", {"qmin": "4"}, {"qmin": "30"}),
    ],
)
def test_strong_compression_is_noticed(
    tmp_path: Path, name: str, codec: str, good: dict[str, str], strong: dict[str, str]
) -> None:
    assert notes(coded(tmp_path / name, codec, good)) == []
    assert notes(coded(tmp_path / name, codec, strong)) == ["compressed"]


@pytest.mark.parametrize(
    ("pixels", "usual", "strong"),
    [(1280 * 720, 0.0016, 0.0011), (960 * 540, 0.0020, 0.0014), (640 * 360, 0.0029, 0.0020)],
)
def test_where_the_decoder_says_nothing_the_size_does(pixels: int, usual: float, strong: float) -> None:
    """Bits per pixel of HEVC at quality 34 to 36, and at 44, of people exercising."""
    silent = Compression("hevc")
    assert silent.wider_deg(usual * pixels, pixels) == 0
    assert silent.wider_deg(strong * pixels, pixels) > 0
    assert silent.wider_deg(float("nan"), pixels) == 0
    assert Compression("prores").wider_deg(strong * pixels, pixels) == 0


def test_a_usual_recording_is_not_strongly_compressed() -> None:
    with VideoFile(SAMPLES / "hiker_right_30fps.mp4") as source:
        for number, _ in enumerate(source.decode()):
            if number == 60:
                break
        assert source.notes == ()


def test_the_intervals_of_depths_are_wider_then() -> None:
    builder = ResultBuilder(HIKER, named=True)
    builder.movements = [movement(depth=10.0)]
    (wider,) = Outcome.of([builder], ()).widened(3.0).movements
    assert wider.depth_interval == (5.0, 15.0)
    assert wider.depth == 10.0
