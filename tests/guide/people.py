"""Scripted observations: somebody who stands, lies, is cut off, or is not there."""

from __future__ import annotations

from functools import cache

import numpy as np

from coach.types import JOINTS, Joint, Observation, Pose

SIZE = (640, 480)

# Shares of the body's height, from the top, and of its width to the person's left, for somebody upright.
BODY = {
    Joint.NOSE: (0.06, 0.0),
    Joint.LEFT_EAR: (0.06, 0.3),
    Joint.RIGHT_EAR: (0.06, -0.3),
    Joint.LEFT_SHOULDER: (0.18, 0.8),
    Joint.RIGHT_SHOULDER: (0.18, -0.8),
    Joint.LEFT_ELBOW: (0.34, 0.9),
    Joint.RIGHT_ELBOW: (0.34, -0.9),
    Joint.LEFT_WRIST: (0.48, 0.9),
    Joint.RIGHT_WRIST: (0.48, -0.9),
    Joint.LEFT_HIP: (0.50, 0.5),
    Joint.RIGHT_HIP: (0.50, -0.5),
    Joint.LEFT_KNEE: (0.74, 0.5),
    Joint.RIGHT_KNEE: (0.74, -0.5),
    Joint.LEFT_ANKLE: (0.95, 0.5),
    Joint.RIGHT_ANKLE: (0.95, -0.5),
    Joint.LEFT_HEEL: (0.98, 0.5),
    Joint.RIGHT_HEEL: (0.98, -0.5),
    Joint.LEFT_TOE: (1.0, 0.6),
    Joint.RIGHT_TOE: (1.0, -0.6),
}


def standing(top: float = 0.1, bottom: float = 0.9, middle: float = 0.5, turn_deg: float = 35.0) -> Pose:
    """Somebody upright between these shares of the picture, turned from the camera's axis."""
    return _pose(top, bottom, middle, turn_deg, tilt_deg=0.0)


def tilted(degrees: float) -> Pose:
    """Somebody upright in a picture whose camera is tilted."""
    return _pose(0.15, 0.85, 0.5, 35.0, degrees)


@cache
def lying(size: float = 0.7, middle: float = 0.5, height: float = 0.6, turn_deg: float = -85.0) -> Pose:
    """Somebody on the back, head to the left of the picture, seen from their right unless turn_deg is positive."""
    wide, high = SIZE
    xy = np.full((JOINTS, 2), (middle * wide, height * high), np.float32)
    for joint, (along, aside) in BODY.items():
        xy[joint] = ((middle - size / 2 + size * along) * wide, (height - 0.03 * aside) * high)
    return Pose(xy, _world(turn_deg), np.ones(JOINTS, np.float32))


def seen(t_s: float, pose: Pose | None, people: int = 1, brightness: float = 120.0, **more: float) -> Observation:
    """One observation of that pose."""
    return Observation(t_s, SIZE, pose, people if pose is not None else 0, None, brightness, **more)


@cache
def _pose(top: float, bottom: float, middle: float, turn_deg: float, tilt_deg: float) -> Pose:
    width, height = SIZE
    xy = np.full((JOINTS, 2), (middle * width, (top + 0.06 * (bottom - top)) * height), np.float32)
    for joint, (down, left) in BODY.items():
        xy[joint] = ((middle + 0.05 * left) * width, (top + down * (bottom - top)) * height)
    if tilt_deg:
        centre, a = xy.mean(0), np.radians(tilt_deg)
        xy = ((xy - centre) @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + centre).astype(np.float32)
    return Pose(xy, _world(turn_deg), np.ones(JOINTS, np.float32))


@cache
def _world(turn_deg: float) -> np.ndarray:
    """Shoulder and hip lines of a body turned so far that the camera sees more of its left."""
    a = np.radians(turn_deg)
    across = np.array([np.cos(a), 0.0, -np.sin(a)], np.float32)
    world = np.zeros((JOINTS, 3), np.float32)
    for joint, (down, left) in BODY.items():
        world[joint] = 0.2 * left * across + np.array([0.0, 1.7 * (down - 0.5), 0.0])
    return world


def dipping(drop_deg: float) -> Pose:
    """Somebody upright whose pelvis is lowered on the left: left foot down, hips and all above half as far."""
    pose = standing()
    leg_px = float(pose.xy_px[Joint.LEFT_ANKLE, 1] - pose.xy_px[Joint.LEFT_HIP, 1])
    down_px = 0.25 * leg_px * float(np.sin(np.radians(drop_deg)))
    xy = pose.xy_px.copy()
    below = [Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_HEEL, Joint.RIGHT_TOE]
    hanging = [Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_HEEL, Joint.LEFT_TOE]
    others = [row for row in range(JOINTS) if row not in (*below, *hanging, Joint.RIGHT_HIP)]
    xy[hanging, 1] += down_px
    xy[others, 1] += down_px / 2
    return Pose(xy, pose.world_m, pose.visibility)
