"""The whole coach as a program, but for the pose network, which sees somebody stand and dip, and the window.

``python -m tests.stand_in COMMAND ...`` prints "SEEN" with the time of each picture that was looked at. Processes that
it starts are the same. COACH_PACE_S: how long the network takes for a picture. COACH_REAL: with the
pose network after all.
"""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import suppress

import numpy as np

from coach.perception.pose_estimator import PoseEstimator
from coach.types import Frame, Picture, Pose
from coach.window import window
from tests.guide.people import SIZE, dipping

PACE_S = float(os.environ.get("COACH_PACE_S", "0.03"))


def sees(network: PoseEstimator, frame: Frame) -> tuple[Pose, ...]:
    """Somebody who dips every four seconds."""
    with suppress(OSError):  # nobody reads it any more
        sys.stdout.write(f"SEEN {frame.t_s:.3f}\n")
        sys.stdout.flush()
    time.sleep(PACE_S)
    depth = 11.0 * (0.5 - 0.5 * math.cos(2 * math.pi * frame.t_s / 4)) if frame.t_s > 3 else 0.0
    pose = dipping(depth)
    scale = (frame.rgb.shape[1] / SIZE[0], frame.rgb.shape[0] / SIZE[1])
    return (Pose(pose.xy_px * np.array(scale, np.float32), pose.world_m, pose.visibility),)


def nothing(*words: object, **named: object) -> None:
    """Instead of what is not needed."""


class NoWindow:
    """A screen that nobody sees, at which somebody reads the notice, leaves out the questions, and presses no more."""

    size_px = None
    reduced_motion = False

    def __init__(self) -> None:
        self._keys = ["enter", "n"] * 12

    def show(self, picture: Picture) -> None:
        """Nothing."""

    def key(self) -> str:
        """The next one."""
        return self._keys.pop(0) if self._keys else ""

    def toggle_full_screen(self) -> None:
        """There is none."""

    def close(self) -> None:
        """Nothing to close."""


if not os.environ.get("COACH_REAL"):
    for name, instead in {"__init__": nothing, "estimate": sees, "prepare": nothing, "close": nothing}.items():
        setattr(PoseEstimator, name, instead)
setattr(window, "Window", lambda full_screen: NoWindow())  # noqa: B010

if __name__ == "__main__":
    from coach.cli.app import main

    main()
