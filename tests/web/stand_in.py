"""``coach web`` without the pose network: what is seen was recorded, whatever the camera shows; only how bright it is,
the camera says.

``python -m tests.web.stand_in web ...``, with the name of a recording of ``tests/recordings`` as COACH_SEEN. A session
goes by its pictures, not by the page's clock: in the exercise each comes a fifth of a second after the one before,
elsewhere half a second, and without pictures no time passes but where a question is read. So a slow machine takes
longer and sees the same. The first second is seen to and fro until the exercise begins; only then does the recording go
on. A file is seen as the recording at the same times.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coach.app.guided import GuidedSession
from coach.guide.types import GuideMoment
from coach.perception.pose_estimator import PoseEstimator
from coach.perception.recording import Recording
from coach.types import Frame, Observation, Pose
from coach.web import session_manager, sessions
from coach.web.session_clock import FrameTimes
from coach.web.sessions import PageSession, Settings
from tests.recordings.thin import thinned

FPS = 5.0  # both recordings are judged alike down to this
STILL_S = 1.0
STANDING_FPS = 2.0  # before and after the exercise

with Recording(Path(__file__).parents[1] / "recordings" / f"{os.environ['COACH_SEEN']}.observed") as recording:
    SEEN = list(recording)


class Actor:
    """An observer that sees the recording. performs: whether it goes on."""

    def __init__(self) -> None:
        self.performs = False
        self._pictures = list(thinned(SEEN, FPS))
        still = [each for each in self._pictures if each.t_s < STILL_S]
        self._still = [*still, *still[::-1]]
        self._waited = self._performed = 0

    def __enter__(self) -> Actor:
        return self

    def __exit__(self, *problem: object) -> None:
        """Nothing to close."""

    def observe(self, frame: Frame) -> Observation:
        """The recording's next picture; in the end its last one."""
        if self.performs:
            shown = self._pictures[min(self._performed, len(self._pictures) - 1)]
            self._performed += 1
        else:
            shown = self._still[self._waited % len(self._still)]
            self._waited += 1
        return replace(shown, t_s=frame.t_s, brightness=float(frame.rgb.mean()))


class Guided(GuidedSession):
    """A guided session that the actor is in."""

    def __init__(self, settings: Settings) -> None:
        self._actor = Actor()
        super().__init__(replace(settings, make_watcher=lambda: self._actor))

    def step(self, frame: Frame) -> tuple[GuideMoment, Observation | None]:
        """The actor performs in the exercise alone."""
        self._actor.performs = self.shown.stage == "exercise"
        return super().step(frame)


class Steps(FrameTimes):
    """A clock that moves at each look at it, as far as the session's stage asks for."""

    def __init__(self, session: GuidedSession) -> None:
        super().__init__()
        self._session = session

    def at(self, page_ms: float) -> float:
        """The session's time in seconds."""
        self.last_s += 1 / (FPS if self._session.shown.stage == "exercise" else STANDING_FPS)
        return self.last_s


class Session(PageSession):
    """A page's session in which time passes with pictures alone, wherever there are any."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.times = Steps(self._session)

    def tick(self, page_ms: float) -> dict[str, Any]:
        """A second later where a question is read; what is shown now where pictures are awaited."""
        shown = self.show()
        if shown["stage"] not in ("question", "summary"):
            return shown
        self.times.last_s += 1.0
        return super().tick(page_ms)


def sees(network: PoseEstimator, frame: Frame) -> tuple[Pose, ...]:
    """Who was seen at this time."""
    shown = min(SEEN, key=lambda each: abs(each.t_s - frame.t_s))
    if shown.pose is None:
        return ()
    scale = np.array([frame.rgb.shape[1] / shown.size_px[0], frame.rgb.shape[0] / shown.size_px[1]], np.float32)
    return (replace(shown.pose, xy_px=shown.pose.xy_px * scale),)


def nothing(*words: object, **named: object) -> None:
    """Instead of what is not needed."""


for name, instead in {"__init__": nothing, "estimate": sees, "prepare": nothing, "close": nothing}.items():
    setattr(PoseEstimator, name, instead)
sessions.GuidedSession = Guided  # type: ignore[misc]
session_manager.PageSession = Session  # type: ignore[misc]

if __name__ == "__main__":
    from coach.cli.app import main

    main()
