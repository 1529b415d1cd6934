"""Live and recorded are the same: what a camera shows is judged as the same pictures in a file are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pytest

from coach.app import practice
from coach.app.analyse import choose_exercises
from coach.app.practice import run_live
from coach.perception.recording import Recording
from coach.session.result import Result
from coach.session.session import Session
from coach.types import Frame, Observation
from coach.video.camera import LiveSource
from tests.window.test_window import FakeScreen, FakeSpeaker

RECORDINGS = Path(__file__).parents[1] / "recordings"
LONG_S = 120.0


class Patient:
    """A live source that sends a frame only when the one before was answered, so that none is dropped."""

    def __init__(self, frames: LiveSource) -> None:
        self._frames = frames
        self.answered = threading.Event()

    def __enter__(self) -> Patient:
        self._frames.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._frames.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._frames:
            yield frame
            assert self.answered.wait(LONG_S)
            self.answered.clear()


class PatientScreen(FakeScreen):
    def __init__(self, source: Patient) -> None:
        super().__init__()
        self._source = source

    def show(self, picture: Any) -> None:
        self._source.answered.set()


class Player:
    """Frames at the times of a recording; what is in them nobody looks at."""

    def __init__(self, times_s: list[float]) -> None:
        self._times_s = times_s

    def __enter__(self) -> Player:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        for t_s in self._times_s:
            yield Frame(t_s, np.zeros((48, 64, 3), np.uint8))


class Remembering:
    """An observer that has seen it all before."""

    def __init__(self, seen: dict[float, Observation]) -> None:
        self._seen = seen

    def __enter__(self) -> Remembering:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def observe(self, frame: Frame) -> Observation:
        return self._seen[frame.t_s]


def live_result(
    monkeypatch: pytest.MonkeyPatch, exercise: str, source: LiveSource, name: str, observer: Any = None
) -> Result:
    patient = Patient(source)
    monkeypatch.setattr(practice, "open_live", lambda _: patient)
    if observer is not None:
        monkeypatch.setattr(practice, "Observer", lambda **_: observer)
    done = run_live(choose_exercises(exercise), name, PatientScreen(patient), FakeSpeaker())
    assert done.problem is None
    return done.result


def test_the_same_observations_give_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[float, Observation] = {}
    begins_s = 0.0
    for name, until_s in (("hiker_faults", 15.0), ("strap_left", 27.0)):
        with Recording(RECORDINGS / f"{name}.observed") as recording:
            for observation in takewhile(lambda each: each.t_s < until_s, recording):  # noqa: B023 - used up here
                t_s = begins_s + observation.t_s
                seen[t_s] = replace(observation, t_s=t_s)
        begins_s = max(seen) + 6.0
    session = Session(choose_exercises("auto"))
    for observation in seen.values():
        session.step(observation)
    recorded = session.finish().result("take")
    shown = live_result(monkeypatch, "auto", Player(list(seen)), "take", Remembering(seen))
    assert [(one["exercise"], one["reps"]) for one in recorded["sets"]] == [("hip-hiker", 3), ("strap-stretch", None)]
    assert shown == recorded
