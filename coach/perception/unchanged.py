"""A picture like the last one shows the same pose: finding it again would cost most of the time of an analysis.

Who stands hardly moves between repetitions, and a camera on a tripod does not. The network is asked again when any part
of the picture has moved, where its last two answers about the same picture differ, and now and then anyway. How far the
body moves is measured in every picture all the same (coach.perception.motion): poses only say where it is.

Of somebody who lies every picture is looked at. There the network errs by more than it trembles, and differently from
picture to picture: from a diagonal foot end, asked half as often it lost a leg that it otherwise finds again at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coach.closing import Closing
from coach.perception.pose_estimator import Posture
from coach.types import JOINTS, Frame, Joint, Pose

SMALL_PX = 320  # the longer side of the pictures that are compared
BLOCK_PX = 16  # of them, whole blocks each way: smaller than a thigh
MOVED_PX = 0.25  # of them: 0.3 % of the leg of somebody who fills the picture; single poses tremble by as much
FAINT = 3.0  # grey levels a pixel: of less contrast no movement can be told from noise
AGREE = 0.015  # of the body's extent: in two answers that agree, no shoulder and no joint of the legs is farther apart
FRESH_S = 0.5  # a pose is never older

if TYPE_CHECKING:
    from coach.perception.observer import Estimator

Grey = NDArray[np.float32]
JUDGED = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, *range(Joint.LEFT_HIP, JOINTS)]


@dataclass(frozen=True, slots=True)
class _Found:
    """The last answer of the network, and the picture that was asked about. sure: the answer before was the same."""

    t_s: float
    grey: Grey
    poses: tuple[Pose, ...]
    sure: bool


class WhenChanged(Closing):
    """A pose estimator that, of people who stand, is asked only about pictures that differ from the last one."""

    def __init__(self, estimator: Estimator) -> None:
        self._estimator = estimator
        self._posture: Posture = "upright"
        self._last: _Found | None = None

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """The people in the frame; see PoseEstimator."""
        if self._posture == "lying":
            return self._estimator.estimate(frame)
        grey, last = _small(frame.rgb), self._last
        same = last is not None and _is_same(last.grey, grey)
        if last is not None and same and last.sure and 0 <= frame.t_s - last.t_s < FRESH_S:
            return last.poses
        poses = self._estimator.estimate(frame)
        sure = last is not None and same and _agree(last.poses, poses)
        self._last = _Found(frame.t_s, grey, poses, sure)
        return poses

    def prepare(self, posture: Posture) -> None:
        """See PoseEstimator."""
        self._posture, self._last = posture, None
        self._estimator.prepare(posture)

    def close(self) -> None:
        """Free the network."""
        self._last = None
        self._estimator.close()


def _is_same(before: Grey, after: Grey) -> bool:
    return before.shape == after.shape and moved_px(before, after) < MOVED_PX


def _agree(before: Sequence[Pose], after: Sequence[Pose]) -> bool:
    """Whether the same people stand in the same places. Where nobody was found they are sought."""
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) > 0 and all(_apart(one, other) < AGREE for one, other in pairs)


def _apart(one: Pose, other: Pose) -> float:
    """How far the joint that differs most has gone, as a share of the body's extent."""
    was, now = one.xy_px[JUDGED], other.xy_px[JUDGED]
    return float(np.hypot(*(now - was).T).max() / np.ptp(now, axis=0).max())


def moved_px(before: Grey, after: Grey) -> float:
    """How far that part of a picture moved which moved most, in pixels; noise and light count as movement.

    before, after: grey pictures (height, width) of whole blocks. A block that is displaced by d changes by d times its
    gradient, to first order [Horn & Schunck 1981], whence d from the mean squares of both. What hardly differs from its
    surroundings seems to move less: a leg before a wall 5 grey levels lighter a fifth as far.
    """
    import cv2

    across: Any = cv2.Sobel(after, cv2.CV_32F, 1, 0, scale=1 / 8)
    down: Any = cv2.Sobel(after, cv2.CV_32F, 0, 1, scale=1 / 8)
    # The gradient's part along the displacement is its half, on average over directions.
    contrast = _in_blocks((across * across + down * down) / 2)
    change = _in_blocks((after - before) ** 2)
    return float(np.sqrt((change / (contrast + FAINT**2)).max()))


def _in_blocks(values: Grey) -> Grey:
    """Means over the blocks."""
    rows, columns = (length // BLOCK_PX for length in values.shape)
    means: Grey = values.reshape(rows, BLOCK_PX, columns, BLOCK_PX).mean((1, 3))
    return means


def _small(rgb: NDArray[np.uint8]) -> Grey:
    """The picture (height, width, 3) in grey and in whole blocks, its longer side SMALL_PX at most."""
    import cv2

    height, width = rgb.shape[:2]
    scale = min(1.0, SMALL_PX / max(height, width))
    size = [max(1, round(side * scale / BLOCK_PX)) * BLOCK_PX for side in (width, height)]
    grey: Any = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    small: Grey = grey.astype(np.float32)
    return small
