"""A person's own measures, taken while still: the reference for every later measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.geometry import Vector, length, median, medians
from coach.kinematics.level_view import LevelView
from coach.kinematics.parts import TURN_ROWS, middles
from coach.types import FloatArray, Joint, Part, Pose, Side, joint

USUAL_SHOULDERS = 0.424  # distance of the network's shoulders, of its legs' length
LEAST_ACROSS = 0.6  # cosine of the body's turn: beyond it one shoulder is too far behind the other
ALL_PARTS = slice(None)
LYING_DEG = 50.0  # trunk away from the vertical of the picture
# From here on the legs are asked: from the foot end and above, a lying trunk was seen at 48 degrees, the lower foot 0.9
# of its length below the hips, a knee 0.4 above them. Under whoever stands a foot is 1.4 and more below, and who squats
# has no knee so high.
PERHAPS_LYING_DEG, LEAST_BELOW, KNEE_ABOVE = 40.0, 1.1, 0.25

CORE = (
    Joint.LEFT_SHOULDER,
    Joint.RIGHT_SHOULDER,
    Joint.LEFT_HIP,
    Joint.RIGHT_HIP,
    Joint.LEFT_KNEE,
    Joint.RIGHT_KNEE,
    Joint.LEFT_ANKLE,
    Joint.RIGHT_ANKLE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Rest posture and limb lengths of one person in one camera position.

    xy_px: (33, 2) median joints at rest, made level. leg_px, trunk_px: lengths in the picture. facing_deg: how far
    the person is turned from the camera's axis, 0 frontal, positive when the camera stands towards their left.
    roll_deg: the camera's tilt, read from an upright body; 0 for a lying one. breadth: of the shoulders, relative to
    what is usual for such legs. paths: (len(Part), 2) positions of the parts' paths at rest, made level
    (coach.kinematics.paths). view: how the picture is seen level. to_level: (len(Part), 2, 2) what makes ways level
    where the parts rest; slopes of what turns stay as they are.
    """

    xy_px: FloatArray
    world_m: FloatArray
    leg_px: float
    trunk_px: float
    facing_deg: float
    roll_deg: float = 0.0
    breadth: float = 1.0
    paths: FloatArray = field(default_factory=lambda: np.zeros((len(Part), 2), np.float32))
    view: LevelView = field(default_factory=LevelView)
    to_level: FloatArray = field(default_factory=lambda: np.tile(np.eye(2, dtype=np.float32), (len(Part), 1, 1)))

    def level(self, xy_px: FloatArray) -> FloatArray:
        """Points (..., 2) as a level camera would show them, with this person's upright as the picture's vertical."""
        return turned(self.view.points(xy_px), -self.roll_deg)

    def level_ways(self, xy_px: FloatArray, rows: NDArray[np.int_] | slice = ALL_PARTS) -> FloatArray:
        """The same of ways (..., n, 2) of these parts."""
        x, y, by = xy_px[..., 0], xy_px[..., 1], self.to_level[rows]
        level: FloatArray = np.empty_like(xy_px)
        level[..., 0] = x * by[:, 0, 0] + y * by[:, 0, 1]
        level[..., 1] = x * by[:, 1, 0] + y * by[:, 1, 1]
        return level

    def since_rest(self, paths: FloatArray) -> list[Vector]:
        """How far each part (len(Part), 2) has gone since rest, level, as plain numbers."""
        ways: list[Vector] = (paths - self.paths).tolist()
        return ways

    def in_picture(self, way_px: FloatArray, part: Part) -> FloatArray:
        """Level ways (..., 2) of a part as they are in the picture."""
        ways: FloatArray = way_px @ np.linalg.inv(self.to_level[part]).T
        return ways


def placed(body: Body, xy_px: FloatArray) -> Body:
    """The same body at rest with these level joints (33, 2): ways are seen level from there on."""
    upright = turned(middles(xy_px), body.roll_deg)  # as the level camera shows them, which may be tilted
    to_level = (_rotation(-body.roll_deg).T @ body.view.derivative(upright)).astype(np.float32)
    to_level[TURN_ROWS] = np.eye(2)
    to_level[Part.CAMERA] = to_level[[Part.LEFT_FOOT, Part.RIGHT_FOOT]].mean(0)  # where its way is measured
    return replace(body, xy_px=xy_px, to_level=to_level)


def turned(xy_px: FloatArray, degrees: float) -> FloatArray:
    """Points rotated clockwise in the picture about its corner."""
    if degrees == 0.0:
        return xy_px
    moved: FloatArray = (xy_px @ _rotation(degrees)).astype(np.float32)
    return moved


@lru_cache(maxsize=16)
def _rotation(degrees: float) -> NDArray[np.float64]:
    """By which points (n, 2) are multiplied. A body's tilt is asked for many times a picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s], [-s, c]])


@lru_cache(maxsize=8)
def leg_px(pose: Pose, side: Side) -> float:
    """Length of a leg in the picture along hip, knee, ankle. Cached: many ask it of the same picture."""
    hip, knee, ankle = (pose.xy_px[joint(name, side)] for name in ("hip", "knee", "ankle"))
    return length(hip, knee) + length(knee, ankle)


def leg_seen(pose: Pose, side: Side) -> bool:
    """Whether a leg is where the network draws it (coach.kinematics.leg_keeper)."""
    return bool(pose.visibility[joint("ankle", side)])


def mid(points: FloatArray, name: str) -> FloatArray:
    """Midpoint of a left and right joint."""
    middle: FloatArray = (points[joint(name, "left")] + points[joint(name, "right")]) / 2
    return middle


@lru_cache(maxsize=4)
def shoulders_seen(pose: Pose) -> bool:
    """Whether the picture shows a shoulder; if not, where they are is a guess (coach.perception.headless)."""
    return bool(pose.visibility[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]].any())


@lru_cache(maxsize=4)
def trunk_px(pose: Pose) -> float:
    """Length of the trunk in the picture, mid-hip to mid-shoulder."""
    return length(mid(pose.xy_px, "hip"), mid(pose.xy_px, "shoulder"))


@lru_cache(maxsize=4)
def trunk_tilt_deg(pose: Pose) -> float:
    """Angle of the trunk (mid-hip to mid-shoulder) from the picture's vertical, 0..180 degrees."""
    xy = pose.xy_px
    trunk = (xy[Joint.LEFT_SHOULDER] + xy[Joint.RIGHT_SHOULDER] - xy[Joint.LEFT_HIP] - xy[Joint.RIGHT_HIP]) / 2
    return float(np.degrees(np.arctan2(abs(trunk[0]), -trunk[1])))


@lru_cache(maxsize=4)
def lies(pose: Pose) -> bool:
    """Whether somebody lies: the trunk is not upright in the picture, or leans with a knee up and no leg under it."""
    tilt = trunk_tilt_deg(pose)
    if not PERHAPS_LYING_DEG < tilt < LYING_DEG:
        return tilt >= LYING_DEG
    hips_y, trunk = mid(pose.xy_px, "hip")[1], trunk_px(pose)
    ankle_y = pose.xy_px[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 1].max()
    knee_y = pose.xy_px[[Joint.LEFT_KNEE, Joint.RIGHT_KNEE], 1].min()
    return bool(ankle_y - hips_y < LEAST_BELOW * trunk and hips_y - knee_y > KNEE_ABOVE * trunk)


def breadth(shoulders_px: float, leg: float, turn_deg: float) -> float:
    """Shoulder breadth relative to what is usual for a leg of that length; 1 if the view does not show it."""
    across = abs(float(np.cos(np.radians(turn_deg))))
    if across < LEAST_ACROSS or not leg > 0:
        return 1.0
    return float(np.clip(shoulders_px / across / leg / USUAL_SHOULDERS, 0.8, 1.25))


def facing_deg(world_m: FloatArray) -> float:
    """Turn of an upright body from the camera's axis, from the depth of its shoulder and hip lines.

    0 is frontal, 90 seen from the person's left, -90 from their right, beyond that from behind. Within 10 degrees of
    the truth on rendered people.
    """
    lines = (
        world_m[Joint.LEFT_SHOULDER] - world_m[Joint.RIGHT_SHOULDER],
        world_m[Joint.LEFT_HIP] - world_m[Joint.RIGHT_HIP],
    )
    across = sum(line / np.linalg.norm(line) for line in lines)
    return float(np.degrees(np.arctan2(-across[2], across[0])))


def leaning_deg(world_m: FloatArray) -> float:
    """How far an upright body's shoulders are before its ankles, as seen by the camera; NaN without the metres."""
    upright = mid(world_m, "shoulder") - mid(world_m, "ankle")
    return float(np.degrees(np.arctan2(-upright[2], -upright[1])))


def lying_body(poses: Sequence[Pose]) -> Body:
    """The measures of somebody who lies, from the poses of a still moment: medians, so that a stray frame does not
    matter."""
    xy = medians([pose.xy_px for pose in poses]).astype(np.float32)
    world = medians([pose.world_m for pose in poses]).astype(np.float32)
    legs = [(leg_px(pose, "left") + leg_px(pose, "right")) / 2 for pose in poses]
    trunks = [trunk_px(pose) for pose in poses]
    return Body(xy, world, median(legs), median(trunks), facing_deg(world), paths=middles(xy))


def unrest(poses: Sequence[Pose]) -> float:
    """How much a body moved over some poses: the largest spread of a core joint, as a share of body height.

    The spread covers the middle 80 %, so that a single jumping landmark does not count as movement.
    """
    xy = np.array([pose.xy_px[list(CORE)] for pose in poses])
    low, high = np.percentile(xy, [10, 90], axis=0)
    height = float(np.ptp(medians(xy), axis=0).max())
    return float((high - low).max() / height) if height > 0 else float("nan")
