"""Videos watched by several processes: they end when they are no longer wanted."""

from __future__ import annotations

import signal
import time
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from coach.errors import SourceNotFoundError
from coach.evaluate import observations
from coach.evaluate.observations import Cache, observe_all


def finds_nothing_or_hears_nothing(video: Path, target: Path, *_: Any) -> None:
    """Instead of watching: one cannot be found, during the other a process hears no signal."""
    if video.name == "missing.mp4":
        until_s = time.monotonic() + 60
        while not target.parent.joinpath("deaf").exists() and time.monotonic() < until_s:
            time.sleep(0.01)
        raise SourceNotFoundError("missing.mp4: is not there", "Give another")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    target.parent.joinpath("deaf").touch()
    time.sleep(600)


def test_a_process_that_hears_no_signal_does_not_keep_the_others_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = [tmp_path / "missing.mp4", tmp_path / "a.mp4"]
    for video in videos:
        video.touch()
    monkeypatch.setattr(observations, "observe", finds_nothing_or_hears_nothing)
    monkeypatch.setattr("coach.children.GRACE_S", 0.1)
    watched = observe_all(videos, Cache(tmp_path / "kept", 10.0), jobs=2)
    video, error = next(watched)
    assert video == videos[0] and isinstance(error, SourceNotFoundError)
    watched.close()
    assert active_children() == []
