"""The catalogue of named signals that an exercise may use. Each is a pure function of a pose, its side and the body.

docs/signals.md explains every signal in a paragraph; the functions' docstrings give formula and source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import ModuleType

import numpy as np

from coach.kinematics import supine, upright
from coach.kinematics.body import Body, shoulders_seen
from coach.kinematics.geometry import Vector
from coach.kinematics.paths import Ways
from coach.kinematics.sided_pose import FOOT_ROWS, SidedPose
from coach.kinematics.signal import Signal
from coach.types import FloatArray, Joint, Pose, Side, Signals, other_side

# A wrist that is less visible is guessed: behind a body, arms that lay straight out read 35 to 69 degrees, and where
# they were seen 86 to 118 (42 rendered stretches).
HIDDEN = 0.5
# The foot of the grounded leg behind a leg that falls towards the camera: the network draws it onto that leg.
HIDDEN_FOOT = 0.7
_WRISTS = np.array([Joint.LEFT_WRIST, Joint.RIGHT_WRIST])


def _registered(*modules: ModuleType) -> dict[str, Signal]:
    """Every signal that the modules define, in their order."""
    return {each.name: each for module in modules for each in vars(module).values() if isinstance(each, Signal)}


SIGNALS: Mapping[str, Signal] = _registered(upright, supine)


class _Asked(Mapping[str, float]):
    """Signals of one pose by name, each measured when it is asked for."""

    def __init__(self, pose: SidedPose, names: Collection[str]) -> None:
        self._pose, self._names = pose, names

    def __getitem__(self, name: str) -> float:
        if name not in self._names:
            raise KeyError(name)
        return SIGNALS[name](self._pose)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def signals_of(
    t_s: float,
    pose: Pose | None,
    side: Side,
    body: Body | None,
    names: Collection[str],
    ways: Ways | None = None,
) -> Signals:
    """The named signals of one pose, each measured when it is asked for: while no movement is judged few of them are.

    Without a pose or before calibration every value is NaN.
    """
    if pose is None or body is None:
        return Signals(t_s, side, dict.fromkeys(names, float("nan")))
    return Signals(t_s, side, _Asked(stance_of(pose, side, body, ways), names))


def measured(signals: Signals) -> Signals:
    """The same, all measured now: those of a hold are all judged at its end, when nobody should wait for them."""
    return Signals(signals.t_s, signals.side, dict(signals.values))


def stance_of(pose: Pose, side: Side, body: Body, ways: Ways | None = None) -> SidedPose:
    """One pose of a body from one side, made level; without paths, the joints say how far everything moved."""
    if ways is None:
        return SidedPose(partial(_lying_joints, pose, side, body), _metres(pose), side, body)
    return SidedPose(partial(_joints, pose, body), _metres(pose), side, body, *_told(body, ways))


@lru_cache(maxsize=2)
def _told(body: Body, ways: Ways) -> tuple[Sequence[Vector], Sequence[float]]:
    """How far each part moved since rest, and how sure that is. Cached for the other side of the same picture."""
    return body.since_rest(body.level_ways(ways.xy_px)), ways.sure.tolist()


def _joints(pose: Pose, body: Body) -> FloatArray:
    """Joints made level; NaN for shoulders that nobody saw."""
    xy = body.level(pose.xy_px)
    if not shoulders_seen(pose):
        xy = xy.copy()
        xy[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]] = np.nan
    return xy


def _lying_joints(pose: Pose, side: Side, body: Body) -> FloatArray:
    """Joints made level; NaN for the grounded foot where something hides it."""
    xy, foot = _joints(pose, body), FOOT_ROWS[other_side(side)]
    if pose.visibility[foot[0]] < HIDDEN_FOOT:
        xy = xy.copy()
        xy[foot] = np.nan
    return xy


@lru_cache(maxsize=2)
def _metres(pose: Pose) -> FloatArray:
    """The joints in metres; NaN for wrists that something hides. Cached for the other side of the same picture."""
    hidden = pose.visibility[_WRISTS] < HIDDEN
    if not hidden.any():
        return pose.world_m
    world_m: FloatArray = pose.world_m.copy()
    world_m[_WRISTS[hidden]] = np.nan
    return world_m
