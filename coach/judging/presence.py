"""Whether the person can be measured now: there, whole in the picture, and still enough to calibrate."""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np

from coach.kinematics.body import CORE, LYING_DEG, Body, measure_body, trunk_tilt_deg, unrest
from coach.types import Joint, Observation, Pose, Side, joint

Presence = Literal["nobody", "partial", "here"]

OUTSIDE = 0.02  # of the picture: the network guesses joints beyond the edge; a little is still good
STILL = 0.02  # of the body's height: the landmarks' own noise in 1.5 s stays under 1.3 % (rendered, low light)
STILL_S = 1.5
FEET = (Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_TOE, Joint.RIGHT_TOE)


def presence(observation: Observation) -> Presence:
    """Nobody, part of a body, or a whole one."""
    pose = observation.pose
    if pose is None:
        return "nobody"
    size = np.array(observation.size_px, np.float32)
    share = pose.xy_px[[*CORE, *FEET]] / size
    whole = bool((share > -OUTSIDE).all() and (share < 1 + OUTSIDE).all())
    return "here" if whole else "partial"


def is_upright(pose: Pose) -> bool:
    """Whether the trunk is nearer to the picture's vertical than to its horizontal."""
    return trunk_tilt_deg(pose) < LYING_DEG


class StillLeg:
    """Waits until a raised leg has been still; the rest of a lying body may be seen badly and wander."""

    def __init__(self, still_s: float = 0.6) -> None:
        self._still_s = still_s
        self._poses: deque[tuple[float, Pose]] = deque()

    def reset(self) -> None:
        """Forget what was collected."""
        self._poses.clear()

    def step(self, t_s: float, pose: Pose, side: Side, spread: float) -> Body | None:
        """Take one pose; the body's measures once this side's leg moved less than a share of its length, else None."""
        poses = self._poses
        poses.append((t_s, pose))
        while len(poses) > 2 and t_s - poses[1][0] >= self._still_s:
            poses.popleft()
        if t_s - poses[0][0] < self._still_s or len(poses) < 5:
            return None
        kept = [entry[1] for entry in poses]
        rows = [joint(name, side) for name in ("knee", "ankle", "heel", "toe")]
        body = measure_body(kept, upright=False)
        away = [np.linalg.norm(each.xy_px[rows] - body.xy_px[rows], axis=1).mean() for each in kept]
        return body if float(np.percentile(away, 90)) < spread * body.leg_px else None


class Calibration:
    """Collects poses until the person has been still for long enough."""

    def __init__(self, upright: bool, still_s: float = STILL_S) -> None:
        self._upright = upright
        self._still_s = still_s
        self._poses: deque[tuple[float, Pose]] = deque()

    def reset(self) -> None:
        """Forget what was collected."""
        self._poses.clear()

    def step(self, t_s: float, pose: Pose) -> Body | None:
        """Take one pose; the person's measures once they have been still, else None."""
        poses = self._poses
        poses.append((t_s, pose))
        while len(poses) > 2 and t_s - poses[1][0] >= self._still_s:
            poses.popleft()
        if t_s - poses[0][0] < self._still_s or len(poses) < 6:
            return None
        if is_upright(pose) != self._upright:
            return None
        kept = [entry[1] for entry in poses]
        if unrest(kept) > STILL:
            return None
        return measure_body(kept, self._upright)
