"""People whose head and shoulders are out of the picture.

People are found by their faces [Bazarevsky et al. 2020, BlazePose]: of hips and legs alone the network makes nobody, or
somebody who stands on their head. Its second half, which finds the joints in a square region, needs no face. Here it
runs alone: in regions that are guessed until it says that there is a body, then in the one that its own last answer
gives, as MediaPipe does while it tracks.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import mid
from coach.kinematics.side_keeper import exchanged
from coach.perception.pose_estimator import MODEL_PATH
from coach.types import JOINTS, FloatArray, Frame, Joint, Pose

JOINTS_NETWORK = "pose_landmarks_detector.tflite"  # in the archive that MediaPipe reads
INPUT_PX = 256
# Its answers that are used: of each point x, y, z and two logits, whether there is a body, and each point in metres.
OUTPUTS = ("Identity", "Identity_1", "Identity_4")
POINTS = 39  # joints, the middle of the hips, a point on the circle about the body, and some that nobody needs
CIRCLE = 33, 34
MARGIN = 1.25  # of the region about that circle [mediapipe: pose_landmarks_to_roi]
FOUND, KEPT = 0.8, 0.5  # least probability of a body to believe in one, and to go on doing so
# As the same network gives it of whole people: heights above the hips, in lengths of the leg from hip to ankle (medians
# of 34 people, SD 0.03 and 0.05), and the shoulders' breadth in breadths of the hips.
SHOULDERS_HIGH, NOSE_HIGH = 0.65, 0.92
SHOULDERS_BROAD = 1.7
OUT = 0.05  # legs: shoulders so far above the picture are not seen
HEAD = slice(0, Joint.LEFT_SHOULDER)
SHOULDERS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
FOLLOWED = 0.5  # of its change that the region takes part in from picture to picture: single answers jump
# Where hips may be, and how large the region is, in widths and heights of the picture. Shoulders are above it, feet in
# it: what lies between is 0.6 of a region.
GUESSED_X = (0.5, 0.35, 0.65)
GUESSED_HIGH = ((0.3, 1.6), (0.15, 1.9))
LEAST_SIDE, MOST_SIDE = 1.0, 3.0  # of a region whose upper part is above the picture, in heights of it
STEPS = 2  # times that a guess is asked about; each answer says where to look better
GUESS_S = 0.2  # between guesses: there may be nobody for hours


@dataclass(frozen=True, slots=True)
class Region:
    """A square of the picture, in pixels."""

    x: float
    y: float
    side: float

    def towards(self, other: Region, share: float) -> Region:
        """A region between this one (share 0) and another (share 1)."""
        x, y, side = other.x - self.x, other.y - self.y, other.side - self.side
        return Region(self.x + x * share, self.y + y * share, self.side + side * share)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network says of one region."""

    pose: Pose
    region: Region  # the one that it would rather be asked about
    sure: float  # probability of a body


class JointsNetwork:
    """The half of the network that finds the joints in a region."""

    def __init__(self, model: Path) -> None:
        import cv2

        with zipfile.ZipFile(model) as archive:
            content = archive.read(JOINTS_NETWORK)
        self._net = cv2.dnn.readNetFromTFLite(np.frombuffer(content, np.uint8))

    def ask(self, rgb: NDArray[np.uint8], region: Region) -> Answer:
        """The body in this region of the picture (height, width, 3)."""
        import cv2

        scale = INPUT_PX / region.side
        corner = np.array([region.x, region.y]) - region.side / 2
        to_input = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
        crop = cv2.warpAffine(rgb, to_input, (INPUT_PX, INPUT_PX), flags=cv2.INTER_LINEAR)
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255))
        points, sure, world = self._net.forward(OUTPUTS)
        points, world = points.reshape(POINTS, 5), world.reshape(POINTS, 3)
        xy = points[:, :2] / scale + corner
        visible = _probability(np.minimum(points[:, 3], points[:, 4]))
        x, y = xy[CIRCLE[0]]
        radius = math.dist(*xy[list(CIRCLE)])
        pose = Pose(*(part[:JOINTS].astype(np.float32) for part in (xy, world, visible)))
        return Answer(pose, Region(float(x), float(y), 2 * MARGIN * radius), float(sure.item()))


class Asked(Protocol):
    """What finds the joints in a region: see JointsNetwork."""

    def ask(self, rgb: NDArray[np.uint8], region: Region) -> Answer:
        """The body in this region of the picture (height, width, 3)."""
        ...


class Headless:
    """Looks for hips and legs whose head is above the picture. The network is loaded when it is first needed."""

    def __init__(self, model: Path = MODEL_PATH, network: Asked | None = None) -> None:
        self._model = model
        self._network = network
        self._size: tuple[int, ...] = ()
        self._region: Region | None = None  # where they were in the last picture
        self._guesses: Iterator[Region] = iter(())
        self._guessed_s = -math.inf

    def look(self, frame: Frame) -> Pose | None:
        """The person, who is taken to face the camera; None where there is none. Frames must come in order of time."""
        if frame.rgb.shape != self._size:
            self._region, self._size = None, frame.rgb.shape
            self._guesses = cycle(guesses(frame.rgb.shape[1], frame.rgb.shape[0]))
        if self._region is None:
            self._region, pose = self._guess(frame)
            return pose
        answer = self._ask(frame, self._region)
        if answer.sure < KEPT or not _fits(answer, frame):
            self._region = None
            return None
        self._region = self._region.towards(answer.region, FOLLOWED)
        return completed(answer.pose)

    def _guess(self, frame: Frame) -> tuple[Region | None, Pose | None]:
        if frame.t_s - self._guessed_s < GUESS_S:
            return None, None
        self._guessed_s = frame.t_s
        region = next(self._guesses)
        for _ in range(STEPS):
            answer = self._ask(frame, region)
            if not _usual(answer.region, frame.rgb.shape[0]):
                return None, None
            region = answer.region
        if answer.sure < FOUND or not _fits(answer, frame):
            return None, None
        return region, completed(answer.pose)

    def _ask(self, frame: Frame, region: Region) -> Answer:
        self._network = self._network or JointsNetwork(self._model)
        return self._network.ask(frame.rgb, region)


def guesses(width: int, height: int) -> Iterator[Region]:
    """Where somebody may be, likely places first."""
    for high, side in GUESSED_HIGH:
        for x in GUESSED_X:
            yield Region(x * width, high * height, side * height)


def shoulders_out(pose: Pose) -> bool:
    """Whether these hips and legs, which hang down, belong to somebody whose shoulders are above the picture."""
    return _above(pose, SHOULDERS_HIGH - OUT)


def _above(pose: Pose, legs: float) -> bool:
    """Whether what is so many lengths of the leg above the hips is above the picture. The legs must hang down."""
    hip, knee, ankle = (float(mid(pose.xy_px, name)[1]) for name in ("hip", "knee", "ankle"))
    return hip < knee < ankle and hip - legs * (ankle - hip) < 0


def completed(pose: Pose) -> Pose:
    """The pose of somebody who faces the camera; shoulders that are out of the picture are where most people have them.

    Without a face the network cannot tell left from right, and it puts shoulders into the picture. Visibility 0 marks
    what was not seen.
    """
    if pose.xy_px[Joint.LEFT_HIP, 0] < pose.xy_px[Joint.RIGHT_HIP, 0]:
        pose = exchanged(pose)
    if not shoulders_out(pose):
        return pose
    visibility = pose.visibility.copy()
    visibility[HEAD] = visibility[list(SHOULDERS)] = 0.0
    return Pose(_with_shoulders(pose.xy_px), _with_shoulders(pose.world_m), visibility)


def _with_shoulders(points: FloatArray) -> FloatArray:
    hip, shoulder = mid(points, "hip"), mid(points, "shoulder")
    placed = hip.copy()
    placed[1] -= SHOULDERS_HIGH * (mid(points, "ankle")[1] - hip[1])
    whole: FloatArray = points.copy()
    whole[HEAD] += placed - shoulder
    half = SHOULDERS_BROAD / 2 * (points[Joint.LEFT_HIP] - points[Joint.RIGHT_HIP])
    whole[list(SHOULDERS)] = placed + half, placed - half
    return whole


def _fits(answer: Answer, frame: Frame) -> bool:
    """Whether hips, knees and ankles are in the picture, and the head is not."""
    height, width = frame.rgb.shape[:2]
    places = [mid(answer.pose.xy_px, name) for name in ("hip", "knee", "ankle")]
    inside = all(0 <= x < width and 0 <= y < height for x, y in places)
    return inside and _above(answer.pose, NOSE_HIGH) and _usual(answer.region, height)


def _usual(region: Region, height: int) -> bool:
    return LEAST_SIDE * height < region.side < MOST_SIDE * height


def _probability(logit: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):  # surely not
        likely: FloatArray = (1 / (1 + np.exp(-logit))).astype(np.float32)
    return likely
