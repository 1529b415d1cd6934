"""The live checks of the set-up: from the last second and a half, each passes, fails, or cannot be decided.

Each pose is measured once, however long the checks look back on it. Each check is a pure function. ``slack`` is 1 while
the check passes and 0 while it fails: the bounds are a little wider for what already passes, so that a value on the
edge does not chatter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from coach.guide.plan import Task
from coach.guide.types import CheckName
from coach.judging.presence import FEET
from coach.kinematics.body import CORE, LYING_DEG, facing_deg, leg_px, mid, trunk_tilt_deg, unrest
from coach.kinematics.geometry import tilt_deg
from coach.types import SIDES, FloatArray, Joint, Observation, Pose

MARGIN = 0.01  # of the picture, between a foot and the edge; at the edge the network guesses
HEAD_OUT = 0.02  # of the picture's height: a head cut off by this much hides nothing that is measured
# Nose to feet as a share of the picture's height. At 2.5 to 3.5 m with a usual webcam it is 0.5 to 0.85.
UPRIGHT_SIZE = (0.40, 0.95)
# Diagonal of the lying body's box as a share of the picture's longer side: 0.25 to 0.55 in good views.
LYING_SIZE = (0.20, 0.95)
ANGLE_ERROR_DEG = 7.0  # a body's turn is measured to about 10 degrees
NEAR_DEG = 65.0  # beyond this the moving side hides the other; 45 from the foot end is still good
LEVEL_DEG = 5.0  # a person standing quietly is upright within 1.3 degrees, in an oblique view within 3.5
STILL = 0.05  # of body height: more movement is not standing quietly
DARK, BRIGHT = 40.0, 225.0  # mean grey of 0..255
LEAST_FPS = 8.0  # at a lower rate a quick repetition has too few pictures
# Variance of the Laplacian over the person. Samples and real footage give 39 to 172; the same pictures blurred by a
# Gaussian of 4 pixels give 2.7 to 4.4. 10 is the round number in the gap, nearer to the blurred, as light varies.
LEAST_SHARPNESS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """ok: None if undecided. remedy: the key of what to do. blocking: nothing can be judged without it."""

    ok: bool | None
    remedy: str = ""
    blocking: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """An observation with angles of its pose, in degrees; NaN without a pose.

    trunk_deg: the trunk's from the picture's vertical. turn_deg: from facing the camera. lean_deg: of the line
    from the ankles to the shoulders, from the vertical.
    """

    observation: Observation
    trunk_deg: float = math.nan
    turn_deg: float = math.nan
    lean_deg: float = math.nan

    @classmethod
    def of(cls, observation: Observation) -> Measured:
        """With the angles of this observation."""
        pose = observation.pose
        if pose is None:
            return cls(observation)
        lean_deg = tilt_deg(mid(pose.xy_px, "ankle"), mid(pose.xy_px, "shoulder"))
        return cls(observation, trunk_tilt_deg(pose), facing_deg(pose.world_m), lean_deg)

    @property
    def pose(self) -> Pose | None:
        """None if nobody was seen."""
        return self.observation.pose

    @property
    def upright(self) -> bool:
        """Not lying."""
        return self.trunk_deg < LYING_DEG


Recent = Sequence[Measured]
OK = Finding(True)
UNKNOWN = Finding(None)
CheckFunction = Callable[[Recent, Task, float], Finding]


def person(recent: Recent, task: Task, slack: float) -> Finding:
    """One person, and only one."""
    if recent[-1].pose is None:
        return Finding(False, "fix_nobody", blocking=True)
    if recent[-1].observation.people > 1:
        return Finding(False, "fix_several")
    return OK


def posture(recent: Recent, task: Task, slack: float) -> Finding:
    """Standing or lying, as the exercise requires."""
    if recent[-1].pose is None:
        return UNKNOWN
    away = recent[-1].trunk_deg - LYING_DEG
    if task.exercise.posture == "lying":
        return OK if away > -5 * slack else Finding(False, "fix_lie_down", blocking=True)
    return OK if away < 5 * slack else Finding(False, "fix_stand_up", blocking=True)


def whole_body(recent: Recent, task: Task, slack: float) -> Finding:
    """Everything measured is inside the picture, with a margin; for a lying person also a leg once raised.

    A missing head is only mentioned, and so is a leg that will leave the picture: both can still be counted.
    """
    pose, size_px = recent[-1].pose, recent[-1].observation.size_px
    if pose is None:
        return UNKNOWN
    margin = MARGIN * (1 - 2 * slack)
    body, nose = _shares(pose, size_px), pose.xy_px[Joint.NOSE] / size_px
    low, high = body.min(0), body.max(0)
    outside = (low < margin) | (high > 1 - margin)
    found = OK
    if task.exercise.posture == "lying":
        if outside.any():
            found = Finding(False, "fix_lying_whole", blocking=True)
        elif _raised_y(pose) < -0.05 * slack * size_px[1]:
            found = Finding(False, "fix_lying_room")
    elif high[1] > 1 - margin:
        found = Finding(False, "fix_feet", blocking=True)
    elif outside[0]:
        found = Finding(False, "fix_sideways", blocking=True)
    elif low[1] < margin or nose[1] < -HEAD_OUT:
        found = Finding(False, "fix_head", blocking=bool(low[1] < margin))
    return found


def distance(recent: Recent, task: Task, slack: float) -> Finding:
    """The body is neither too small nor too large in the picture: metres are unknown without the lens."""
    pose = recent[-1].pose
    if pose is None:
        return UNKNOWN
    points = pose.xy_px[[Joint.NOSE, *CORE, *FEET]]
    extent = np.ptp(points, axis=0)
    width, height = recent[-1].observation.size_px
    lying = task.exercise.posture == "lying"
    size = float(np.hypot(*extent)) / max(width, height) if lying else float(extent[1]) / height
    low, high = LYING_SIZE if lying else UPRIGHT_SIZE
    if size < low * (1 - 0.1 * slack):
        return Finding(False, "fix_lying_too_far" if lying else "fix_too_far", blocking=True)
    if size > high + 0.03 * slack:
        return Finding(False, "fix_lying_too_near" if lying else "fix_too_near")
    return OK


def angle(recent: Recent, task: Task, slack: float) -> Finding:
    """The camera sees the body from where the exercise can be judged.

    Upright: turned as far as the exercise requires, to either side. Lying: seen from the side, the moving leg being the
    far one (on the near side its knee and ankle are off by 0.2 of the body, measured on rendered people).
    """
    lying = task.exercise.posture == "lying"
    turns = [each.turn_deg for each in recent if math.isfinite(each.turn_deg) and lying != each.upright]
    if not turns:
        return UNKNOWN
    if lying:
        near = median(turns) * (1 if task.side == "left" else -1)
        return Finding(False, "fix_lying_turn") if near > NEAR_DEG + 10 * slack else OK
    turn, (low, high) = abs(median(turns)), task.exercise.camera.angle_deg
    reach = ANGLE_ERROR_DEG + 3 * slack
    if turn < low - reach:
        return Finding(False, "fix_turn_away")
    if turn > high + reach:
        return Finding(False, "fix_turn_towards")
    return OK


def level(recent: Recent, task: Task, slack: float) -> Finding:
    """The camera is not tilted sideways: measured on a person standing quietly, not on one lying or moving."""
    upright = [each for each in recent if each.upright]
    poses = [each.pose for each in upright if each.pose is not None]
    if len(poses) < 5 or unrest(poses) > STILL:
        return UNKNOWN
    tilt = median(each.lean_deg for each in upright)
    return OK if abs(tilt) < LEVEL_DEG + 1.5 * slack else Finding(False, "fix_level")


def light(recent: Recent, task: Task, slack: float) -> Finding:
    """The picture is neither dark nor washed out."""
    brightness = recent[-1].observation.brightness
    if not math.isfinite(brightness):
        return UNKNOWN
    if brightness < DARK - 5 * slack:
        return Finding(False, "fix_too_dark")
    if brightness > BRIGHT + 5 * slack:
        return Finding(False, "fix_too_bright")
    return OK


def sharpness(recent: Recent, task: Task, slack: float) -> Finding:
    """The picture is not blurred."""
    values = [each.observation.sharpness for each in recent if math.isfinite(each.observation.sharpness)]
    if not values:
        return UNKNOWN
    return OK if median(values) > LEAST_SHARPNESS * (1 - 0.2 * slack) else Finding(False, "fix_sharpness")


def frame_rate(recent: Recent, task: Task, slack: float) -> Finding:
    """Pictures come often enough, by their own times."""
    lasted_s = recent[-1].observation.t_s - recent[0].observation.t_s
    if lasted_s < 0.5:
        return UNKNOWN
    fps = (len(recent) - 1) / lasted_s
    return OK if fps > LEAST_FPS - slack else Finding(False, "fix_frame_rate")


# In the order in which they are shown, and mentioned if several fail.
CHECKS: dict[CheckName, CheckFunction] = {
    "person": person,
    "posture": posture,
    "whole_body": whole_body,
    "distance": distance,
    "light": light,
    "angle": angle,
    "level": level,
    "sharpness": sharpness,
    "frame_rate": frame_rate,
}


def _raised_y(pose: Pose) -> float:
    """Height in the picture of an ankle straight over the hips, in pixels from the top."""
    return float(mid(pose.xy_px, "hip")[1]) - max(leg_px(pose, side) for side in SIDES)


def _shares(pose: Pose, size_px: tuple[int, int]) -> FloatArray:
    size = np.array(size_px, np.float32)
    shares: FloatArray = (pose.xy_px[[*CORE, *FEET]] / size).astype(np.float32)
    return shares
