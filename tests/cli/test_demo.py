"""The sample clips are found from anywhere, and ``coach demo`` analyses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.app import sample_clips as samples
from coach.errors import SourceNotFoundError
from tests.cuts import cut
from tests.typed import typed


def test_the_samples_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clips = samples.sample_clips()
    assert len(clips) >= 4
    assert all(clip.is_absolute() and clip.is_file() for clip in clips)
    assert samples.sample_clip("hiker_right_30fps.mp4") in clips


def test_a_missing_sample_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "shipped_folder", lambda name: tmp_path / name)
    with pytest.raises(SourceNotFoundError, match="not installed"):
        samples.sample_clips()
    with pytest.raises(SourceNotFoundError, match=r"none\.mp4"):
        samples.sample_clip("none.mp4")


@pytest.mark.model
def test_the_demo_writes_a_result_and_a_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "samples").mkdir()
    cut("hiker_right_30fps.mp4", 1.0, tmp_path / "samples" / "me.mp4")
    monkeypatch.setattr(samples, "shipped_folder", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    done = typed("demo")
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "out/demo/me/result.json").read_text(encoding="utf-8"))
    assert result["source"].endswith("me.mp4")
    assert (tmp_path / "out/demo/me/annotated.mp4").stat().st_size > 1000
