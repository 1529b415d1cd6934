"""Signals of a person on their back with one leg raised."""

from __future__ import annotations

import math

import numpy as np

from coach.kinematics.body import mid
from coach.kinematics.geometry import angle_deg, arcsin_deg, bend_deg, between_deg, length
from coach.kinematics.sided_pose import SidedPose, foot_of
from coach.kinematics.signal import signal
from coach.kinematics.supine_axes import find_axes, open_deg, world_open_deg
from coach.types import SIDES, joint, other_side

_LEG_ROWS = {side: np.array([joint(name, side) for name in ("knee", "ankle", "heel", "toe")]) for side in SIDES}
HIP_TO_LEG = 0.25  # distance of the hip-joint centres as a share of the leg as the network sees it (upright.py)


@signal
def leg_travel_pct(s: SidedPose) -> float:
    """How far the moving leg is from its start posture in the picture, in % of leg length: mean over knee, ankle, heel
    and toe. It has no direction, so it works from every viewpoint."""
    rows = _LEG_ROWS[s.side]
    away = s.xy_px[rows] - s.body.xy_px[rows]
    return float(np.sqrt((away * away).sum(1)).sum()) / len(rows) / s.body.leg_px * 100


@signal
def leg_open_deg(s: SidedPose) -> float:
    """How far the raised leg fell out to its side: from the picture, or from the network's depth if the leg falls away
    from a camera that stands side-on. The latter is rough: it reads 20 to 30 degrees for a leg that points straight
    up, so only leg_travel_pct says whether it moved at all."""
    axes = find_axes(s.body, s.side)
    share = axes.picture_share
    seen = open_deg(axes, s.xy_px, s.side) if share > 0 else math.nan
    if share == 1:
        return seen
    told = world_open_deg(s.world_m, s.side)
    return told if math.isnan(seen) else share * seen + (1 - share) * told


@signal
def leg_elevation_deg(s: SidedPose) -> float:
    """Elevation of the raised leg from the trunk's direction, from the network's metres: 0 lying straight, 90 up. It
    does not change while the leg falls out to its side. Rendered legs at 85 degrees read 84 to 106 from every
    viewpoint, a real straight-leg raise of 25 to 30 degrees reads 23 to 32."""
    trunk = mid(s.world_m, "hip") - mid(s.world_m, "shoulder")
    return between_deg(s.world_m[joint("ankle", s.side)] - s.world_m[joint("hip", s.side)], trunk)


@signal
def raised_knee_flexion_deg(s: SidedPose) -> float:
    """Bend of the raised leg's knee in the picture; NaN where the network exchanges the legs, since it puts the knee of
    the one that hides the other anywhere (coach.kinematics.leg_keeper)."""
    if np.isnan(s.world_m[joint("knee", s.side), 0]):
        return math.nan
    return abs(bend_deg(s.own("hip"), s.own("knee"), s.own("ankle")))


@signal
def anchor_arm_deg(s: SidedPose) -> float:
    """Angle of the other side's arm from the trunk, from the network's metres: 90 straight out, 0 along the body."""
    side = other_side(s.side)
    wrist, shoulder, hip = (s.world_m[joint(name, side)] for name in ("wrist", "shoulder", "hip"))
    return angle_deg(wrist, shoulder, hip)


@signal
def grounded_foot_shift_pct(s: SidedPose) -> float:
    """How far the other leg's foot slid in the picture since the start posture, in % of the leg."""
    stance = other_side(s.side)
    return length(s.foot(stance), foot_of(s.body.xy_px, stance)) / s.body.leg_px * 100


@signal
def grounded_knee_lift_pct(s: SidedPose) -> float:
    """How far the other leg's knee rose in the picture since the start posture, in % of the leg."""
    row = joint("knee", other_side(s.side))
    return float(s.body.xy_px[row][1] - s.xy_px[row][1]) / s.body.leg_px * 100


@signal
def pelvis_roll_deg(s: SidedPose) -> float:
    """How far the pelvis rolled towards the raised leg, from how the grounded leg follows.

    The lifting hip takes its leg with it: the knee rises by the distance of the hip centres x sin(roll), and the foot
    slides. Either alone can have other causes, so the smaller of the two readings is used.
    """
    lift = grounded_knee_lift_pct(s) / (HIP_TO_LEG * 100)
    slide = grounded_foot_shift_pct(s) / (HIP_TO_LEG * 200)
    return arcsin_deg(float(np.minimum(lift, slide)))
