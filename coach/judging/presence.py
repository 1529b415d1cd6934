"""Whether the person can be measured now: there, whole in the picture, and still enough to calibrate."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import Body, lying_body
from coach.kinematics.geometry import quantile
from coach.kinematics.paths import LEAST_CAMERA, LEAST_SURE
from coach.types import SIDES, FloatArray, Joint, Observation, Part, Pose, Side, joint

Presence = Literal["nobody", "partial", "here"]

OUTSIDE = 0.02  # of the picture: the network guesses joints beyond the edge; a little is still good
WHOLE_BODY = ("shoulder", "hip", "knee", "ankle", "heel", "toe")
FEWEST, FEWEST_S = 5, 1.2  # poses that tell of stillness, and how far back they may reach where few come in a second
UNMOVED = 0.01  # of the leg: its pixels went no farther
_LEG_PARTS = {side: np.array([Part[f"{side.upper()}_{name}"] for name in ("FOOT", "SHANK", "KNEE")]) for side in SIDES}
FEET = (Joint.LEFT_HEEL, Joint.RIGHT_HEEL, Joint.LEFT_TOE, Joint.RIGHT_TOE)


def presence(observation: Observation, needs: Sequence[str] = WHOLE_BODY) -> Presence:
    """Nobody, part of a body, or all that is needed; needs: joints on both sides, by their paired names."""
    pose = observation.pose
    if pose is None:
        return "nobody"
    width, height = observation.size_px
    x_out, y_out = OUTSIDE * width, OUTSIDE * height
    whole = all(
        -x_out < x < width + x_out and -y_out < y < height + y_out for x, y in pose.xy_px[_rows(tuple(needs))].tolist()
    )
    return "here" if whole else "partial"


@lru_cache(maxsize=16)
def _rows(needs: tuple[str, ...]) -> NDArray[np.intp]:
    return np.array([joint(name, side) for name in needs for side in SIDES])


class StillLeg:
    """Waits until a raised leg has been still; the rest of a lying body may be poorly seen and drift.

    It is still where its joints are, and where the picture's motion says so: of a leg that hides the other, joints jump
    by a tenth of it while not a pixel moves. Both are seen without what the camera moved.
    """

    def __init__(self, still_s: float = 0.6) -> None:
        self._still_s = still_s
        self._poses: deque[tuple[float, Pose, FloatArray | None]] = deque()

    def reset(self) -> None:
        """Discard what was collected."""
        self._poses.clear()

    def step(self, t_s: float, pose: Pose, motion: FloatArray | None, side: Side, spread: float) -> Body | None:
        """Take one pose and how everything moved since the last; returns the body's measures once this side's leg has
        been still enough, else None. spread: share of the leg within which its joints are."""
        poses = self._poses
        poses.append((t_s, pose, motion))
        while len(poses) > 2 and t_s - poses[1][0] >= self._still_s:
            if len(poses) <= FEWEST and t_s - poses[0][0] <= FEWEST_S:
                break
            poses.popleft()
        if t_s - poses[0][0] < self._still_s or len(poses) < FEWEST:
            return None
        kept = [entry[1] for entry in poses]
        rows = [joint(name, side) for name in ("knee", "ankle", "heel", "toe")]
        body = lying_body(kept)
        camera_px = self._camera_px()
        places = np.array([each.xy_px[rows] for each in kept]) - camera_px[:, None]
        away = sorted(np.linalg.norm(places - np.median(places, axis=0), axis=2).mean(axis=1).tolist())
        within = spread * body.leg_px
        if quantile(away, 0.9) < within:
            return body
        still = quantile(away, 0.5) < within and self._farthest_px(side, camera_px) < UNMOVED * body.leg_px
        return body if still else None

    def _camera_px(self) -> FloatArray:
        """How far the camera had moved the picture (n, 2) in each pose since the first."""
        steps = np.zeros((len(self._poses), 2), np.float32)
        for i, (_, _, motion) in enumerate(list(self._poses)[1:], 1):
            if motion is not None and motion[Part.CAMERA, 2] >= LEAST_CAMERA:
                steps[i] = motion[Part.CAMERA, :2]
        return steps.cumsum(axis=0)

    def _farthest_px(self, side: Side, camera_px: FloatArray) -> float:
        """How far foot, shank or knee went; infinite if that is not known for most of the time."""
        unknown = np.full((len(Part), 3), np.nan)
        ways = np.array([unknown if motion is None else motion for _, _, motion in self._poses])[1:, _LEG_PARTS[side]]
        sure = ways[..., 2] >= LEAST_SURE
        if sure[:, :2].any(1).sum() < len(self._poses) / 2:
            return math.inf
        places = np.where(sure[..., None], ways[..., :2], 0.0).cumsum(0) - camera_px[1:, None]
        return float(np.sqrt(np.square(places).sum(-1)).max())
