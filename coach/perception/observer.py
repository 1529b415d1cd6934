"""Frames in, observations out: the last stage that sees a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from coach.closing import Closing
from coach.kinematics.body import LYING_DEG, lies, mid, trunk_px, trunk_tilt_deg
from coach.perception.headless import Headless, shoulders_out
from coach.perception.left_right import LeftRightFixer
from coach.perception.motion import MotionMeter
from coach.perception.pose_estimator import PoseEstimator, Posture
from coach.perception.quantize import rounded
from coach.perception.sharpness import sharpness
from coach.perception.stopwatch import Stopwatch
from coach.perception.subject import Subject
from coach.perception.trunk_flow import TrunkFlow
from coach.perception.unchanged import WhenChanged
from coach.perception.verticals import find_verticals
from coach.types import FloatArray, Frame, Observation, Pose

UPSIDE_DOWN_DEG = 130.0  # trunk away from upright
FALL_S = 0.5  # nobody who stands is upside down so soon
SETTLE_S = 1.0  # a posture must last this long before the estimator is switched
VERTICALS_S = 3.0  # between two looks at the room: a camera in the hand sways, but looks down much the same


class Estimator(Protocol):
    """What the observer needs of a pose estimator; see PoseEstimator."""

    def estimate(self, frame: Frame) -> tuple[Pose, ...]:
        """The people in a frame."""
        ...

    def prepare(self, posture: Posture) -> None:
        """Prepare for this posture."""
        ...

    def close(self) -> None:
        """Free the network."""
        ...


class Observer(Closing):
    """Pose, subject, and motion of body, chest and camera for each frame. A context manager.

    stopwatch: is told of the time that ``motion`` takes. headless: looks where the estimator sees nobody whole; with
    an estimator of your own, only if given. at_once: the motion is measured while the pose is being found; the answer
    to a picture is the same, and comes sooner.
    """

    def __init__(
        self,
        estimator: Estimator | None = None,
        stopwatch: Stopwatch | None = None,
        headless: Headless | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        self._estimator = estimator or WhenChanged(PoseEstimator())
        self._stopwatch = stopwatch or Stopwatch()
        self._headless = headless or (Headless() if estimator is None else None)
        self._subject = Subject()
        self._sides = LeftRightFixer()
        self._chest = TrunkFlow()
        self._motion = MotionMeter()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="motion") if at_once else None
        self._posture: Posture = "upright"
        self._since_s: float | None = None
        self._stood_s = -math.inf
        self._room_s = -math.inf
        self._last_pose: Pose | None = None

    def close(self) -> None:
        """Free the network."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)
        self._estimator.close()

    def observe(self, frame: Frame) -> Observation:
        """What this frame shows. Frames must come in order of time."""
        following = None if self._thread is None else self._thread.submit(self._follow, frame)
        poses = self._estimator.estimate(frame)
        if self._toppled(frame.t_s, poses):
            # Once the network has taken feet for a head it goes on doing so: it looks where it last saw somebody.
            self._estimator.prepare("lying")
            self._estimator.prepare("upright")
            poses = ()
        if self._headless is not None and self._posture == "upright" and not any(_is_whole(each) for each in poses):
            legs = self._headless.look(frame)
            poses = poses if legs is None else (legs,)
        height, width = frame.rgb.shape[:2]
        pose, people = self._subject.choose(frame.t_s, poses, (width, height))
        pose = None if pose is None else self._sides.keep(frame.t_s, pose)
        self._follow_posture(frame.t_s, pose, (width, height))
        motion, verticals = self._follow(frame) if following is None else following.result()
        with self._stopwatch.time("motion"):
            chest = self._chest.measure(frame, pose if self._posture == "lying" else None, motion)
            self._motion.seek(pose)
        self._last_pose = pose
        thumbnail = frame.rgb[::8, ::8]
        return rounded(
            Observation(
                t_s=frame.t_s,
                size_px=(width, height),
                pose=pose,
                people=people,
                chest_px=chest,
                motion=motion,
                verticals=verticals,
                brightness=float(thumbnail.mean()),
                sharpness=math.nan if pose is None else sharpness(frame.rgb, pose),
            )
        )

    def _follow(self, frame: Frame) -> tuple[FloatArray | None, FloatArray | None]:
        """Motion and verticals: what can be measured while the pose is being found."""
        with self._stopwatch.time("motion"):
            return self._motion.follow(frame), self._look_at_room(frame)

    def _look_at_room(self, frame: Frame) -> FloatArray | None:
        """Without what is at the person, who is about where they were in the picture before."""
        if frame.t_s - self._room_s < VERTICALS_S:
            return None
        self._room_s = frame.t_s
        return find_verticals(frame.rgb, self._last_pose)

    def _toppled(self, t_s: float, poses: Sequence[Pose]) -> bool:
        """Whether the largest person, who stood a moment ago, is now seen upside down: once each second at most."""
        tilt = trunk_tilt_deg(poses[0]) if poses else float("nan")
        if tilt < LYING_DEG:
            self._stood_s = t_s
        elif tilt > UPSIDE_DOWN_DEG and self._posture == "upright" and t_s - self._stood_s < FALL_S:
            self._stood_s = -math.inf
            return True
        return False

    def _follow_posture(self, t_s: float, pose: Pose | None, size_px: tuple[int, int]) -> None:
        if pose is None:
            return
        posture: Posture = "lying" if lies(pose) and _may_lie(pose, size_px) else "upright"
        if posture == self._posture:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = t_s
        elif t_s - self._since_s >= SETTLE_S:
            self._posture, self._since_s = posture, None
            self._estimator.prepare(posture)


def _is_whole(pose: Pose) -> bool:
    """Whether this is somebody whose shoulders are in the picture, and not upside down."""
    return trunk_tilt_deg(pose) <= UPSIDE_DOWN_DEG and not shoulders_out(pose)


def _may_lie(pose: Pose, size_px: tuple[int, int]) -> bool:
    """Whether a pose whose trunk is not upright is somebody who lies.

    Of somebody whose head is out of the picture the network may make one who stands on it: with hips outside the
    picture, or legs that hang down from them. Tracked as lying, that would never be put right.
    """
    x, y = mid(pose.xy_px, "hip").tolist()
    hanging_px = float(mid(pose.xy_px, "ankle")[1]) - y
    folded = trunk_tilt_deg(pose) > UPSIDE_DOWN_DEG and hanging_px > trunk_px(pose)
    return 0 <= x < size_px[0] and 0 <= y < size_px[1] and not folded
