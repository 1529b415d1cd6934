"""Signals of a standing person: paths of feet and trunk, lean, knees, and the pelvic drop derived from them.

Joints say where a part is; image motion says how far it moved since rest (coach.kinematics.paths).
"""

from __future__ import annotations

import math

from coach.kinematics.body import mid
from coach.kinematics.geometry import angle_deg, arcsin_deg, clip, tilt_deg
from coach.kinematics.paths import LEAST_SURE
from coach.kinematics.pelvic_model import HIPS_BENT, HIPS_LEANING_PCT, HIPS_SHARE, Posture, Readings, bend_deg, fit
from coach.kinematics.sided_pose import SidedPose
from coach.kinematics.signal import once, signal
from coach.types import Part, Side, other_side

# Distance between the hip-joint centres as a share of leg and trunk together; of the leg alone it is 0.22-0.25 in
# people (Winter 2009, Biomechanics and Motor Control, table 4.1). Where the network puts the hips too low, its leg is
# too short and its trunk as much too long: their sum does not depend on it.
HIP_CENTRE_SHARE = 0.166
# Broad shoulders go with a broad pelvis, but not in proportion. The more the body is turned, the less is known of both:
# over 90 and 167 sets the power is 0.7 and 0.8 from the front, and none seen from the side.
BREADTH_POWER = 0.75
# What stands on the floor sinks in the picture by so much of what it comes nearer to the camera: its height over its
# distance, which grows with how steeply it looks down. Of 17 leg swings of 20 degrees.
SINKS_USUAL, SINKS_BY_VIEW = 0.26, 2.9
# What is followed of a foot is before its ankle, nearer to a camera in front: its way looks longer by this share of the
# leg's length in the picture over the picture's longer side, and shorter as much from behind. Fitted to 870 drops of
# 170 people; with a lens of 65 degrees that is 0.07 of the leg.
FOOT_BEFORE = 0.09
# Of the leg: what goes no farther sideways may as well have gone forwards; from twice that on, it swung.
LEAST_SWING = 0.06
# How well a knee is known where the leg swings: a foot that swings out is followed to within this share of its way.
KNEE_BY_SWING = 0.15
# How far the body turns from the camera is underestimated: where it was said to be 6, 10, 13, 17 and 27 degrees it was
# 13, 21, 22, 24 and 33 (medians of 15 to 400 repetitions).
TURN_DEG, TURN_SHARE = 11.0, 0.8
# The smallest turn, as it is estimated, at which a knee that bends forwards surely shows.
LEAST_TURN_DEG = 14.5
# Nearer to the front a knee that bends still goes sideways, by 2.6 to
# 7 % of the leg in 19 repetitions at 5 to 14 degrees; one that stays straight by up to 0.9 % in nine of ten of 215.
# One that goes by this much and is surely followed has bent; one that goes by less may have, too.
LEAST_FORWARD_PCT, LEAST_FORWARD_SURE = 1.8, 0.35
LEAST_SIDE_DEG = 5.0  # of the turn: from there on it is known which way forwards is
SURELY = 1.645  # standard errors within which nine of ten lie
TRUNK_TO_LEG = 0.6  # length of the trunk, hips to shoulders, as a share of the leg's


@signal
def trunk_lean_deg(s: SidedPose) -> float:
    """How much the trunk has leaned sideways since rest, in the body's frontal plane; positive to the stance side.

    How much further its upper end moved sideways than its lower end, from the points on it; without any, from the line
    mid-hip to mid-shoulder. The body's turn foreshortens it by its cosine.
    """
    slope = s.ways_px[Part.TRUNK_TURN][0]
    if not s.sure[Part.TRUNK_TURN] >= LEAST_SURE or not math.isfinite(slope):
        now, rest = (tilt_deg(mid(xy_px, "hip"), mid(xy_px, "shoulder")) for xy_px in (s.xy_px, s.body.xy_px))
        slope = math.tan(math.radians(rest - now))
    return s.outward * math.degrees(math.atan(slope / _across(s)))


@signal
def foot_lowering_pct(s: SidedPose) -> float:
    """How far the moving foot went down relative to the planted foot since rest, in % of leg length."""
    return _down_pct(s, s.own_part("foot_moving"))


@signal
def foot_raised_pct(s: SidedPose) -> float:
    """How much higher than at rest the moving foot is, in % of leg length, without what a leg that swings out raises it
    and what the view makes of that: what a bent knee or hip raised it."""
    return -readings(s).foot


@signal
def trunk_lowering_pct(s: SidedPose) -> float:
    """How far the lower end of the trunk went down relative to the planted foot since rest, in % of leg length.

    From the middle of the trunk, corrected for how much a lean lowers it.
    """
    lean = math.radians(trunk_lean_deg(s))
    return _down_pct(s, Part.TRUNK) - 50 * TRUNK_TO_LEG * (1 - math.cos(lean))


@signal
def trunk_lowering_most_pct(s: SidedPose) -> float:
    """How far it may have gone down at most: a lean hides some of it (the upper end of the 90 % interval)."""
    found = readings(s)
    return found.hips + SURELY * HIPS_LEANING_PCT * abs(found.lean_deg)


def _down_pct(s: SidedPose, part: Part) -> float:
    return (s.ways_px[part][1] - s.planted_px[1]) / s.body.leg_px * 100


def _out_pct(s: SidedPose, part: Part) -> float:
    """How far a part went to the right in the picture relative to the planted foot since rest, in % of leg length."""
    return (s.ways_px[part][0] - s.planted_px[0]) / s.body.leg_px * 100


@signal
def moving_foot_down_pct(s: SidedPose) -> float:
    """How far the moving foot is below its place at rest, in % of the leg."""
    return s.ways_px[s.own_part("foot_moving")][1] / s.body.leg_px * 100


@signal
def moving_foot_out_pct(s: SidedPose) -> float:
    """How far the moving foot is sideways of its place at rest, in % of the leg, positive outwards."""
    return s.outward * s.ways_px[s.own_part("foot_moving")][0] / s.body.leg_px * 100


@signal
def stance_foot_down_pct(s: SidedPose) -> float:
    """How far the other foot is below its place at rest, in % of the leg."""
    return s.ways_px[s.other_part("foot")][1] / s.body.leg_px * 100


@signal
def stance_foot_out_pct(s: SidedPose) -> float:
    """How far the other foot is sideways of its place at rest, in % of the leg, positive outwards for its side."""
    return -s.outward * s.ways_px[s.other_part("foot")][0] / s.body.leg_px * 100


@signal
def hip_line_pct(s: SidedPose) -> float:
    """How far the moving hip is below the other, in % of leg length. The network under-reports it up to tenfold."""
    return float(s.own("hip")[1] - s.other("hip")[1]) / s.body.leg_px * 100


@signal
def leg_swing_pct(s: SidedPose) -> float:
    """How far the leg swung out since rest, at the foot, in % of leg length, in the body's frontal plane.

    A swinging leg moves its knee half as far; a bending knee moves the foot back and the knee forwards, which seen
    obliquely looks like a foot going sideways. So this is the smaller of the foot's path and twice the knee's.
    """
    foot = s.outward * _out_pct(s, s.own_part("foot_moving")) / _across(s)
    knee = 2 * s.outward * _out_pct(s, s.own_part("knee")) / _across(s)
    if foot * knee <= 0:
        return 0.0
    return foot if abs(foot) < abs(knee) else knee


def _across(s: SidedPose) -> float:
    """How much of a sideways movement the camera sees: the cosine of the body's turn, at least a half."""
    return max(0.5, abs(math.cos(math.radians(s.body.facing_deg))))


def _seen_knee_deg(s: SidedPose, side: Side) -> float:
    """How much a knee bent since rest, from how far forwards it went; NaN where the view does not surely show it."""
    return _bend_deg(s, _forward_pct(s, side)) if _turned_deg(s) >= LEAST_TURN_DEG else float("nan")


def _least_knee_deg(s: SidedPose, side: Side) -> float:
    """How much it has at least bent where the view does not surely show it; zero if nothing tells."""
    if not LEAST_SIDE_DEG <= _turned_deg(s) < LEAST_TURN_DEG:
        return 0.0
    forward_pct, sure = _forward_pct(s, side), s.sure[_part(s, "knee", side)]
    return _bend_deg(s, forward_pct) if forward_pct >= LEAST_FORWARD_PCT and sure >= LEAST_FORWARD_SURE else 0.0


def _forward_pct(s: SidedPose, side: Side) -> float:
    """How far a knee went sideways of the midpoint of hip and ankle, to where forwards is, in % of leg length."""
    ankle = s.own_part("foot_moving") if side == s.side else s.other_part("foot")
    aside = _out_pct(s, _part(s, "knee", side)) - (_out_pct(s, Part.PELVIS) + _out_pct(s, ankle)) / 2
    return -aside if s.body.facing_deg > 0 else aside


def _bend_deg(s: SidedPose, forward_pct: float) -> float:
    """A knee bent by k is half a leg times sin(k/2) in front of that midpoint: the camera sees the sine of the turn."""
    return 2 * arcsin_deg(forward_pct / (50 * _turn(s)))


def _raised_by_swing_pct(s: SidedPose) -> float:
    """How much higher a leg that swung out shows its foot, in % of leg length: it is raised, and where the body is
    turned it is also nearer to the camera, and seems to sink, or farther away, and seems to rise."""
    swing = leg_swing_pct(s) / 100
    surely = clip((abs(swing) - LEAST_SWING) / LEAST_SWING, 0.0, 1.0)
    towards = math.sin(math.radians(s.body.facing_deg)) * (1.0 if s.side == "left" else -1.0)
    sinks = SINKS_USUAL + SINKS_BY_VIEW * s.body.view.converges_per_px * s.body.leg_px
    return 100 * surely * (1 - math.sqrt(max(0.0, 1 - swing * swing)) - sinks * towards * swing)


def _magnified(s: SidedPose) -> float:
    """How much longer a foot's way looks than it would at the ankle's distance."""
    longer_px = 2 * max(s.body.view.middle_px)
    if not longer_px > 0:
        return 1.0
    return 1 + FOOT_BEFORE * math.cos(math.radians(s.body.facing_deg)) * s.body.leg_px / longer_px


def _part(s: SidedPose, name: str, side: Side) -> Part:
    return s.own_part(name) if side == s.side else s.other_part(name)


def _turned_deg(s: SidedPose) -> float:
    """How far the body is said to be turned from facing the camera, or from having its back to it: 0 to 90."""
    turned = abs(s.body.facing_deg) % 180
    return min(turned, 180 - turned)


def _turn(s: SidedPose) -> float:
    """The sine of how far it is turned."""
    return math.sin(math.radians(min(90.0, TURN_DEG + TURN_SHARE * _turned_deg(s))))


@once
def readings(s: SidedPose) -> Readings:
    """What is read of the posture."""
    planted = s.sure[s.other_part("foot")]
    return Readings(
        foot=foot_lowering_pct(s) / _magnified(s) + _raised_by_swing_pct(s),
        hips=trunk_lowering_pct(s),
        swing=_out_pct(s, s.own_part("foot_moving")),
        stance_knee_deg=_seen_knee_deg(s, other_side(s.side)),
        hanging_knee_deg=_seen_knee_deg(s, s.side),
        stance_knee_least_deg=_least_knee_deg(s, other_side(s.side)),
        hanging_knee_least_deg=_least_knee_deg(s, s.side),
        foot_sure=min(planted, s.sure[s.own_part("foot_moving")]),
        hips_sure=min(planted, s.sure[Part.TRUNK]),
        shank=_down_pct(s, s.other_part("shank")),
        shank_sure=min(planted, s.sure[s.other_part("shank")]),
        lean_deg=trunk_lean_deg(s),
        tilt=_tilt_pct(s),
        faces=math.cos(math.radians(s.body.facing_deg)),
    )


@once
def posture(s: SidedPose) -> Posture:
    """The drop and knee bends that best explain the readings (coach.kinematics.pelvic_model)."""
    return fit(readings(s))


@signal
def stance_knee_flexion_deg(s: SidedPose) -> float:
    """How much the other side's knee has bent since rest: as seen, or if the view does not show it, at least, as its
    way sideways tells, or what the hips went down more than half as far as the foot (the lower end of the fit's 90 %
    interval)."""
    seen = readings(s)
    if math.isfinite(seen.stance_knee_deg):
        return seen.stance_knee_deg
    found = posture(s)
    by_fit = bend_deg(max(0.0, found.stance_pct - SURELY * found.stance_error_pct))
    return max(seen.stance_knee_least_deg, by_fit)


@signal
def hanging_knee_flexion_deg(s: SidedPose) -> float:
    """How much the moving side's knee has bent since rest: as seen, or at least, or as fitted if no view shows it.

    Less what a swing may look like: a foot that swings out is followed to within a share of its way, and of what is
    missing the knee seems to stick out.
    """
    found = readings(s)
    seen = found.hanging_knee_deg if math.isfinite(found.hanging_knee_deg) else found.hanging_knee_least_deg
    if not seen:
        return bend_deg(posture(s).hanging_pct)
    turn = _turn(s)
    unsure = SURELY * KNEE_BY_SWING * abs(leg_swing_pct(s)) * _across(s) / 2
    return max(min(seen, 0.0), seen - 2 * arcsin_deg(unsure / (50 * turn)))


@signal
def body_lowering_deg(s: SidedPose) -> float:
    """The pelvic drop that the lowered foot and trunk would imply if the standing knee were straight.

    It finds movements, whether the pelvis or the knee lowered the body: the share of a bent standing knee counts half
    in the foot's path and half in the trunk's.
    """
    found = fit(readings(s).paths)
    return _drop_deg(s, found.drop_pct + found.stance_pct * (1 + HIPS_BENT / HIPS_SHARE) / 2)


@signal
def pelvic_drop_deg(s: SidedPose) -> float:
    """Pelvic drop since rest: the lowering without the share of the knees."""
    return _drop_deg(s, posture(s).drop_pct)


@signal
def pelvic_drop_error_deg(s: SidedPose) -> float:
    """Standard error of the pelvic drop in the fit; uncertainty about the person's hip width comes on top."""
    return _drop_deg(s, posture(s).drop_error_pct)


@signal
def posture_misfit(s: SidedPose) -> float:
    """How badly the best-fitting posture explains the readings: about 1 for a good fit."""
    return posture(s).misfit


def _tilt_pct(s: SidedPose) -> float:
    """How far the hanging hip went down against the other by how the points on the pelvis turned since rest, in % of
    leg length; NaN where they do not tell. The body's turn makes the slope steeper by its cosine."""
    if not s.sure[Part.PELVIS_TURN] >= LEAST_SURE:
        return math.nan
    turned = math.atan(s.ways_px[Part.PELVIS_TURN][1] * _across(s))
    return s.outward * 100 * _hip_centres(s) * math.sin(turned)


def _hip_centres(s: SidedPose) -> float:
    """Distance between the hip-joint centres as a share of leg length."""
    size = 1 + s.body.trunk_px / s.body.leg_px
    power = BREADTH_POWER * (1 - abs(math.sin(math.radians(s.body.facing_deg))))
    return float(HIP_CENTRE_SHARE * size * s.body.breadth**power)


def _drop_deg(s: SidedPose, pct: float) -> float:
    """The drop by which the hanging hip goes down by this many % of leg length."""
    return arcsin_deg(pct / 100 / _hip_centres(s))


@signal
def shoulder_abduction_deg(s: SidedPose) -> float:
    """Angle of the moving side's arm from the trunk in the picture: 0 hanging, 90 out to the side."""
    return angle_deg(s.own("wrist"), s.own("shoulder"), s.own("hip"))
