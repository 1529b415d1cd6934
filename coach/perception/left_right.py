"""Keeps left and right apart: with the head out of the picture, the network sometimes takes a front for a back and
swaps every joint's side. Pure: poses and times in, poses out."""

from __future__ import annotations

import numpy as np

from coach.kinematics.side_keeper import exchanged
from coach.types import Joint, Pose

GAP_S = 0.5  # after a longer gap the person may have turned round
BELIEVED_S = 4.0  # swapped for this long, the network is right: it began wrongly, or the person turned unseen
CLEAR = 0.5  # a swap counts if it makes the joints move less than half as far
PAIRS = tuple((int(Joint[f"LEFT_{name}"]), int(Joint[f"RIGHT_{name}"])) for name in ("SHOULDER", "HIP", "ANKLE"))


class LeftRightFixer:
    """Follows one person and undoes a swap of left and right between one frame and the next."""

    def __init__(self) -> None:
        self._last: tuple[float, Pose] | None = None
        self._since_s: float | None = None

    def keep(self, t_s: float, pose: Pose) -> Pose:
        """The pose with left where it was before. Call in order of time."""
        if self._last is None or t_s - self._last[0] > GAP_S or not _is_exchange(self._last[1], pose):
            self._since_s = None
        elif self._since_s is None or t_s - self._since_s < BELIEVED_S:
            self._since_s = t_s if self._since_s is None else self._since_s
            pose = exchanged(pose)
        else:
            self._since_s = None
        self._last = (t_s, pose)
        return pose


def _is_exchange(before: Pose, now: Pose) -> bool:
    """Whether left and right shoulders, hips and ankles have each taken the other's place."""
    left, right = (np.array(rows) for rows in zip(*PAIRS, strict=True))
    was, new = before.xy_px, now.xy_px
    same = np.linalg.norm(new[left] - was[left], axis=1) + np.linalg.norm(new[right] - was[right], axis=1)
    crossed = np.linalg.norm(new[left] - was[right], axis=1) + np.linalg.norm(new[right] - was[left], axis=1)
    return bool((crossed < same).all() and crossed.sum() < CLEAR * same.sum())
