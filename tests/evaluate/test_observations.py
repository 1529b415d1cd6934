"""Videos watched by several processes: they end when they are no longer wanted."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from coach.ending import Left
from coach.errors import SourceNotFoundError
from coach.evaluate import observations
from coach.evaluate.observations import Cache, observe_all
from tests.app.batch.stand_ins import wait_for


def finds_nothing_or_hears_nothing(video: Path, target: Path, *_: Any) -> None:
    """Instead of watching: one cannot be found, during the other a process hears no signal."""
    if video.name == "missing.mp4":
        until_s = time.monotonic() + 180
        while not target.parent.joinpath("deaf").exists() and time.monotonic() < until_s:
            time.sleep(0.01)
        raise SourceNotFoundError("missing.mp4: is not there", "Give another")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    target.parent.joinpath("deaf").touch()
    time.sleep(600)


def loses_the_first_end(video: Path, target: Path, *_: Any) -> None:
    """Instead of watching: one cannot be found; in the other's process the first end is raised in vain."""
    if video.name == "missing.mp4":
        finds_nothing_or_hears_nothing(video, target)
    with suppress(Left):
        target.parent.joinpath("deaf").touch()  # the end may come from here on
        time.sleep(600)
    target.parent.joinpath("lost").touch()
    try:
        time.sleep(600)
    finally:
        target.parent.joinpath("tidied").touch()


def watched_until_one_is_missing(
    instead: Callable[..., None], grace_s: float, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    videos = [home / "missing.mp4", home / "a.mp4"]
    for video in videos:
        video.touch()
    monkeypatch.setattr(observations, "observe", instead)
    monkeypatch.setattr("coach.children.GRACE_S", grace_s)
    watched = observe_all(videos, Cache(home / "kept", 10.0), jobs=2)
    video, error = next(watched)
    assert video == videos[0] and isinstance(error, SourceNotFoundError)
    watched.close()


def test_a_process_in_which_the_end_got_lost_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched_until_one_is_missing(loses_the_first_end, 120.0, tmp_path, monkeypatch)
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"deaf", "lost", "tidied"}
    wait_for(lambda: not active_children(), "all of them are gone")


def test_a_process_that_hears_no_signal_does_not_keep_the_others_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched_until_one_is_missing(finds_nothing_or_hears_nothing, 0.1, tmp_path, monkeypatch)
    wait_for(lambda: not active_children(), "all of them are gone")
