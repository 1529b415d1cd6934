"""Signals of a person who stands: heights, lean, knees, and the pelvic drop that they tell together."""

from __future__ import annotations

import numpy as np

from coach.kinematics.body import mid
from coach.kinematics.geometry import angle_deg, bend_deg, tilt_deg
from coach.kinematics.sided_pose import SidedPose
from coach.types import Side, joint, other_side

# Distance between the hip-joint centres as a share of the leg's length from hip to ankle: 0.22-0.25 in people
# (Winter 2009, Biomechanics and Motor Control, table 4.1). The network's leg is 6 % shorter than that between joint
# centres and the camera's perspective adds a little, so the share of the measured leg is 0.27.
HIP_CENTRE_SHARE = 0.27
# Three heights tell the pelvic drop. The weights are round numbers near the least-squares fit on eleven rendered
# people, leaving each out in turn: 1.0 degree of error, against 1.6 for the shoulders alone.
WEIGHTS = {"shoulder": 0.4, "hip": 0.2, "foot": 0.4}
# A witness counts half where what disturbs it has this size: shoulders by leaning, the foot by a bent knee or a swing.
LEAN_HALF_DEG, KNEE_HALF_DEG, SWING_HALF_PCT = 6.0, 12.0, 12.0
# Bending a knee by this little cannot be told from an outline; the sine of the smallest usable turn of the body.
LEAST_TURN = 0.25


def trunk_lean_deg(s: SidedPose) -> float:
    """Lean of the trunk towards the stance side in the body's own frontal plane.

    Tilt of the line mid-hip to mid-shoulder in the picture, its tangent divided by the cosine of the body's turn,
    which foreshortens it. The network's mid-hip follows the drop, so about 2 degrees of it are not lean.
    """
    tilt = tilt_deg(mid(s.xy_px, "hip"), mid(s.xy_px, "shoulder"))
    return -s.outward * float(np.degrees(np.arctan(np.tan(np.radians(tilt)) / _across(s))))


def shoulder_sink_pct(s: SidedPose) -> float:
    """How far the middle of the shoulders is below its rest height, in % of the leg."""
    return float(mid(s.xy_px, "shoulder")[1] - mid(s.body.xy_px, "shoulder")[1]) / s.body.leg_px * 100


def hip_sink_pct(s: SidedPose) -> float:
    """How far the middle of the hips is below its rest height, in % of the leg."""
    return float(mid(s.xy_px, "hip")[1] - mid(s.body.xy_px, "hip")[1]) / s.body.leg_px * 100


def _foot_below_pct(s: SidedPose) -> float:
    return float(s.foot(s.side)[1] - s.foot(other_side(s.side))[1]) / s.body.leg_px * 100


def foot_lowering_pct(s: SidedPose) -> float:
    """How far the moving foot went down against the other foot since rest, in % of the leg."""
    return s.since_rest(_foot_below_pct)


def moving_foot_down_pct(s: SidedPose) -> float:
    """How far the moving foot is below its place at rest, in % of the leg."""
    return float(s.foot(s.side)[1] - s.at_rest().foot(s.side)[1]) / s.body.leg_px * 100


def moving_foot_out_pct(s: SidedPose) -> float:
    """How far the moving foot is sideways of its place at rest, in % of the leg, positive outwards."""
    return s.outward * float(s.foot(s.side)[0] - s.at_rest().foot(s.side)[0]) / s.body.leg_px * 100


def stance_foot_down_pct(s: SidedPose) -> float:
    """How far the other foot is below its place at rest, in % of the leg."""
    stance = other_side(s.side)
    return float(s.foot(stance)[1] - s.at_rest().foot(stance)[1]) / s.body.leg_px * 100


def stance_foot_out_pct(s: SidedPose) -> float:
    """How far the other foot is sideways of its place at rest, in % of the leg, positive outwards for its side."""
    stance = other_side(s.side)
    return -s.outward * float(s.foot(stance)[0] - s.at_rest().foot(stance)[0]) / s.body.leg_px * 100


def hip_line_pct(s: SidedPose) -> float:
    """How far the moving hip is below the other one, in % of the leg. The network under-reports it up to tenfold."""
    return float(s.own("hip")[1] - s.other("hip")[1]) / s.body.leg_px * 100


def leg_swing_pct(s: SidedPose) -> float:
    """How far the moving foot is out to its side of the other foot, in % of the leg, in the body's frontal plane."""
    return s.outward * float(s.own("ankle")[0] - s.other("ankle")[0]) / _across(s) / s.body.leg_px * 100


def _across(s: SidedPose) -> float:
    """How much of a sideways movement the camera sees: the cosine of the body's turn, never under a half."""
    return max(0.5, abs(float(np.cos(np.radians(s.body.facing_deg)))))


def _knee_flexion_deg(s: SidedPose, side: Side) -> float:
    """Forward bend of a knee from its bend in the picture, which the body's turn foreshortens by its sine.

    tan(picture) = tan(true) x sin(turn), each half of the bend for itself. NaN where the turn is too small to tell.
    """
    turn = float(np.sin(np.radians(s.body.facing_deg)))
    if abs(turn) < LEAST_TURN:
        return float("nan")
    hip, knee, ankle = (s.xy_px[joint(name, side)] for name in ("hip", "knee", "ankle"))
    half = np.radians(bend_deg(hip, knee, ankle)) / 2
    return -2 * float(np.degrees(np.arctan(np.tan(half) / turn)))


def stance_knee_flexion_deg(s: SidedPose) -> float:
    """Flexion of the other side's knee, from the picture."""
    return _knee_flexion_deg(s, other_side(s.side))


def hanging_knee_flexion_deg(s: SidedPose) -> float:
    """Flexion of the moving side's knee, from the picture."""
    return _knee_flexion_deg(s, s.side)


def body_lowering_deg(s: SidedPose) -> float:
    """The pelvic drop that the lowered body and foot would mean if the stance knee were straight.

    With the stance leg straight and its foot planted the pelvis turns about the stance hip: the hanging hip and foot
    go down by d sin(drop), trunk and middle of the hips by half of that, d being the distance between the hip-joint
    centres. Leaning makes the shoulders count less; a bent knee or a swing of the hanging leg its foot.
    """
    return _drop_deg(s, 0.0)


def pelvic_drop_deg(s: SidedPose) -> float:
    """Pelvic drop: as body_lowering_deg, without what a bending stance knee explains of it.

    A knee bent by k with the ankle under the hip lowers everything by leg x (1 - cos(k/2)).
    """
    bent = s.since_rest(stance_knee_flexion_deg)
    return _drop_deg(s, 100 * (1 - float(np.cos(np.radians(np.clip(bent, 0, 90)) / 2))) if bent > 0 else 0.0)


def _drop_deg(s: SidedPose, knee_pct: float) -> float:
    lean = s.since_rest(trunk_lean_deg) / LEAN_HALF_DEG
    knees = np.array([s.since_rest(hanging_knee_flexion_deg), s.since_rest(stance_knee_flexion_deg)]) / KNEE_HALF_DEG
    swing = s.since_rest(leg_swing_pct) / SWING_HALF_PCT
    weights = np.array(
        [
            WEIGHTS["shoulder"] / (1 + lean**2),
            WEIGHTS["hip"],
            WEIGHTS["foot"] / (1 + float(np.nansum(knees**2)) + swing**2),
        ]
    )
    sunk = np.array([shoulder_sink_pct(s), hip_sink_pct(s), foot_lowering_pct(s)]) - knee_pct
    sines = sunk / (HIP_CENTRE_SHARE * np.array([50, 50, 100]))
    return float(np.degrees(np.arcsin(np.clip(weights @ sines / weights.sum(), -1.0, 1.0))))


def hidden_knee_bend_pct(s: SidedPose) -> float:
    """How much of the sinking no pelvic drop explains, in % of the leg, where the camera cannot see a knee bend.

    A drop lowers the foot by twice what it lowers the trunk; a bent stance knee lowers both alike. So twice the
    trunk's way less the foot's is what the knee took. NaN where the knee itself can be seen.
    """
    if np.isfinite(stance_knee_flexion_deg(s)):
        return float("nan")
    return shoulder_sink_pct(s) + hip_sink_pct(s) - foot_lowering_pct(s)


def shoulder_abduction_deg(s: SidedPose) -> float:
    """Angle of the moving side's arm from the trunk in the picture: 0 hanging, 90 out to the side."""
    return angle_deg(s.own("wrist"), s.own("shoulder"), s.own("hip"))
