"""Sound that no file should have costs neither time nor the video."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.video.audio import CONVERT, PACKAGES


def write_sound(path: Path, rate_hz: int) -> None:
    """Two thousand samples of it."""
    import av

    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=rate_hz)
        stream.layout = "stereo"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4000), np.int16), format="s16", layout="stereo")
        frame.rate, frame.pts = rate_hz, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)


@pytest.mark.parametrize(("rate_hz", "heard"), [(1, False), (50, False), (8_000, True), (48_000, True)])
def test_sound_of_an_impossible_rate_is_left_out_at_once(rate_hz: int, heard: bool, tmp_path: Path) -> None:
    source = tmp_path / "sound.mov"
    write_sound(source, rate_hz)
    done = subprocess.run(
        [sys.executable, "-I", "-c", CONVERT, str(PACKAGES), str(source)], capture_output=True, timeout=100, check=False
    )
    assert bool(done.stdout) == heard
