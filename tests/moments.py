"""Scripted moments for tests of what people see and hear."""

from __future__ import annotations

from typing import Any

from coach.types import Cue, Gauge, Moment, Observation, Pose, Status
from tests.conftest import standing_pose

SIZE = (640, 480)
DROP = Gauge("pelvic_drop_deg", "Drop", 8.0, "°", 0.0, 20.0, (8.0, 14.0))
KNEE = Gauge("stance_knee_flexion_deg", "Stance knee", 4.0, "°", 0.0, 40.0, (0.0, 15.0))


def status(**options: Any) -> Status:
    """In the middle of a set of hip hikers, or as wished."""
    usual: dict[str, Any] = {
        "exercise": "hip-hiker",
        "kind": "repetitions",
        "phase": "ready",
        "waiting_for": "ready",
        "side": "left",
        "count": 6,
        "target": 10,
        "gauges": (DROP, KNEE),
    }
    return Status(**{**usual, **options})


def moment(t_s: float = 0.0, cue: Cue | None = None, pose: Pose | None = None, **options: Any) -> Moment:
    """A moment with somebody standing in the picture; ``options`` go to its status and events."""
    events = options.pop("events", ())
    observation = Observation(t_s, SIZE, standing_pose(SIZE) if pose is None else pose, 1)
    return Moment(t_s, observation, status(**options), events, cue)


def empty_moment(t_s: float = 0.0, **options: Any) -> Moment:
    """A moment with nobody in the picture."""
    options = {"phase": "nobody", "waiting_for": "nobody", **options}
    return Moment(t_s, Observation(t_s, SIZE, None), status(**options))


def cue(t_s: float = 0.0, text: str = "Keep the standing knee straight.", *joints: str) -> Cue:
    """A correction."""
    return Cue(t_s, "stance_knee_bent", text, 1, joints or ("stance knee",))
