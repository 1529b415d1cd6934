"""The catalogue of named signals an exercise may use. Each is a pure function of one pose, its side, and the body.

docs/signals.md explains every signal in a paragraph; the docstrings here give formula and source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from coach.body import Body, mid
from coach.geometry import angle_deg, bend_deg, tilt_deg
from coach.supine import find_axes, open_deg, world_open_deg
from coach.types import FloatArray, Pose, Side, Signals, joint, other_side

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


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """One pose seen from its moving side: ``own`` is the moving side, ``other`` the one that stays.

    xy_px: (33, 2) the joints in the picture, made level with the body's own upright.
    """

    xy_px: FloatArray
    world_m: FloatArray
    side: Side
    body: Body

    def own(self, name: str) -> FloatArray:
        """A joint of the moving side in the picture."""
        return self.xy_px[joint(name, self.side)]

    def other(self, name: str) -> FloatArray:
        """A joint of the other side in the picture."""
        return self.xy_px[joint(name, other_side(self.side))]

    @property
    def outward(self) -> float:
        """+1 where the moving side lies to the right in the picture for a person facing the camera."""
        return 1.0 if self.side == "left" else -1.0

    def foot(self, side: Side) -> FloatArray:
        """Middle of ankle, heel and toe: steadier than any of them."""
        middle: FloatArray = self.xy_px[[joint(name, side) for name in ("ankle", "heel", "toe")]].mean(0)
        return middle

    def at_rest(self) -> Stance:
        """The same side of the same body while it was still."""
        return Stance(self.body.xy_px, self.body.world_m, self.side, self.body)

    def since_rest(self, measure: Measure) -> float:
        """How much a measure changed since the body was still."""
        return measure(self) - measure(self.at_rest())


Measure = Callable[[Stance], float]


def trunk_lean_deg(s: Stance) -> float:
    """Lean of the trunk towards the stance side in the body's own frontal plane.

    Tilt of the line mid-hip to mid-shoulder in the picture, its tangent divided by the cosine of the body's turn,
    which foreshortens it. The network's mid-hip follows the drop, so about 2 degrees of it are not lean.
    """
    tilt = tilt_deg(mid(s.xy_px, "hip"), mid(s.xy_px, "shoulder"))
    return -s.outward * float(np.degrees(np.arctan(np.tan(np.radians(tilt)) / _across(s))))


def shoulder_sink_pct(s: Stance) -> float:
    """How far the middle of the shoulders is below its rest height, in % of the leg."""
    return float(mid(s.xy_px, "shoulder")[1] - mid(s.body.xy_px, "shoulder")[1]) / s.body.leg_px * 100


def hip_sink_pct(s: Stance) -> float:
    """How far the middle of the hips is below its rest height, in % of the leg."""
    return float(mid(s.xy_px, "hip")[1] - mid(s.body.xy_px, "hip")[1]) / s.body.leg_px * 100


def _foot_below_pct(s: Stance) -> float:
    return float(s.foot(s.side)[1] - s.foot(other_side(s.side))[1]) / s.body.leg_px * 100


def foot_lowering_pct(s: Stance) -> float:
    """How far the moving foot went down against the other foot since rest, in % of the leg."""
    return s.since_rest(_foot_below_pct)


def moving_foot_down_pct(s: Stance) -> float:
    """How far the moving foot is below its place at rest, in % of the leg."""
    return float(s.foot(s.side)[1] - s.at_rest().foot(s.side)[1]) / s.body.leg_px * 100


def moving_foot_out_pct(s: Stance) -> float:
    """How far the moving foot is sideways of its place at rest, in % of the leg, positive outwards."""
    return s.outward * float(s.foot(s.side)[0] - s.at_rest().foot(s.side)[0]) / s.body.leg_px * 100


def stance_foot_down_pct(s: Stance) -> float:
    """How far the other foot is below its place at rest, in % of the leg."""
    stance = other_side(s.side)
    return float(s.foot(stance)[1] - s.at_rest().foot(stance)[1]) / s.body.leg_px * 100


def stance_foot_out_pct(s: Stance) -> float:
    """How far the other foot is sideways of its place at rest, in % of the leg, positive outwards for its side."""
    stance = other_side(s.side)
    return -s.outward * float(s.foot(stance)[0] - s.at_rest().foot(stance)[0]) / s.body.leg_px * 100


def hip_line_pct(s: Stance) -> float:
    """How far the moving hip is below the other one, in % of the leg. The network under-reports it up to tenfold."""
    return float(s.own("hip")[1] - s.other("hip")[1]) / s.body.leg_px * 100


def leg_swing_pct(s: Stance) -> float:
    """How far the moving foot is out to its side of the other foot, in % of the leg, in the body's frontal plane."""
    return s.outward * float(s.own("ankle")[0] - s.other("ankle")[0]) / _across(s) / s.body.leg_px * 100


def _across(s: Stance) -> float:
    """How much of a sideways movement the camera sees: the cosine of the body's turn, never under a half."""
    return max(0.5, abs(float(np.cos(np.radians(s.body.facing_deg)))))


def _knee_flexion_deg(s: Stance, side: Side) -> float:
    """Forward bend of a knee from its bend in the picture, which the body's turn foreshortens by its sine.

    tan(picture) = tan(true) x sin(turn), each half of the bend for itself. NaN where the turn is too small to tell.
    """
    turn = float(np.sin(np.radians(s.body.facing_deg)))
    if abs(turn) < LEAST_TURN:
        return float("nan")
    hip, knee, ankle = (s.xy_px[joint(name, side)] for name in ("hip", "knee", "ankle"))
    half = np.radians(bend_deg(hip, knee, ankle)) / 2
    return -2 * float(np.degrees(np.arctan(np.tan(half) / turn)))


def stance_knee_flexion_deg(s: Stance) -> float:
    """Flexion of the other side's knee, from the picture."""
    return _knee_flexion_deg(s, other_side(s.side))


def hanging_knee_flexion_deg(s: Stance) -> float:
    """Flexion of the moving side's knee, from the picture."""
    return _knee_flexion_deg(s, s.side)


def body_lowering_deg(s: Stance) -> float:
    """The pelvic drop that the lowered body and foot would mean if the stance knee were straight.

    With the stance leg straight and its foot planted the pelvis turns about the stance hip: the hanging hip and foot
    go down by d sin(drop), trunk and middle of the hips by half of that, d being the distance between the hip-joint
    centres. Leaning makes the shoulders count less; a bent knee or a swing of the hanging leg its foot.
    """
    return _drop_deg(s, 0.0)


def pelvic_drop_deg(s: Stance) -> float:
    """Pelvic drop: as body_lowering_deg, without what a bending stance knee explains of it.

    A knee bent by k with the ankle under the hip lowers everything by leg x (1 - cos(k/2)).
    """
    bent = s.since_rest(stance_knee_flexion_deg)
    return _drop_deg(s, 100 * (1 - float(np.cos(np.radians(np.clip(bent, 0, 90)) / 2))) if bent > 0 else 0.0)


def _drop_deg(s: Stance, knee_pct: float) -> float:
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


def shoulder_abduction_deg(s: Stance) -> float:
    """Angle of the moving side's arm from the trunk in the picture: 0 hanging, 90 out to the side."""
    return angle_deg(s.own("wrist"), s.own("shoulder"), s.own("hip"))


def leg_travel_pct(s: Stance) -> float:
    """How far the moving leg is from its start posture in the picture, in % of the leg: mean over knee, ankle, heel
    and toe. It does not tell a direction, so it works from every side."""
    rows = [joint(name, s.side) for name in ("knee", "ankle", "heel", "toe")]
    away = np.linalg.norm(s.xy_px[rows] - s.body.xy_px[rows], axis=1)
    return float(away.mean()) / s.body.leg_px * 100


def leg_open_deg(s: Stance) -> float:
    """How far the raised leg fell out to its side: from the picture where the camera sees the movement from the
    front or the feet, from the network's depth where it looks along it. There it is rough: it says 20 to 30 degrees
    of a leg that points straight up, so that only leg_travel_pct tells whether it moved at all."""
    axes = find_axes(s.body, s.side)
    if axes.near:
        return open_deg(axes, s.xy_px, s.side)
    return world_open_deg(s.world_m, s.side)


def raised_knee_flexion_deg(s: Stance) -> float:
    """Bend of the raised leg's knee in the picture."""
    return abs(bend_deg(s.own("hip"), s.own("knee"), s.own("ankle")))


def anchor_arm_deg(s: Stance) -> float:
    """Angle of the other side's arm from the trunk, from the network's metres: 90 straight out, 0 along the body."""
    side = other_side(s.side)
    wrist, shoulder, hip = (s.world_m[joint(name, side)] for name in ("wrist", "shoulder", "hip"))
    return angle_deg(wrist, shoulder, hip)


def grounded_foot_shift_pct(s: Stance) -> float:
    """How far the other leg's foot slid in the picture since the start posture, in % of the leg."""
    stance = other_side(s.side)
    return float(np.linalg.norm(s.foot(stance) - s.at_rest().foot(stance))) / s.body.leg_px * 100


def grounded_knee_lift_pct(s: Stance) -> float:
    """How far the other leg's knee rose in the picture since the start posture, in % of the leg."""
    row = joint("knee", other_side(s.side))
    return float(s.body.xy_px[row][1] - s.xy_px[row][1]) / s.body.leg_px * 100


def pelvis_roll_deg(s: Stance) -> float:
    """How far the pelvis rolled towards the raised leg, from how the grounded leg goes along.

    The hip that lifts takes its leg with it: the knee rises by the hip centres' distance x sin(roll), and the foot,
    which cannot stay, slides. Either alone happens for other reasons, so the smaller of the two readings is taken.
    """
    lift = grounded_knee_lift_pct(s) / (HIP_CENTRE_SHARE * 100)
    slide = grounded_foot_shift_pct(s) / (HIP_CENTRE_SHARE * 200)
    return float(np.degrees(np.arcsin(np.clip(min(lift, slide), -1.0, 1.0))))


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """A signal of the catalogue: its unit, and whether it stands for the other leg than the one that moves."""

    name: str
    unit: str
    measure: Measure


def _unit(name: str) -> str:
    return {"deg": "deg", "pct": "% of leg"}[name.rsplit("_", 1)[1]]


def _catalogue(measures: Iterable[Measure]) -> dict[str, SignalSpec]:
    named = {measure.__name__: measure for measure in measures}
    return {name: SignalSpec(name, _unit(name), measure) for name, measure in named.items()}


SIGNALS = _catalogue(
    (
        body_lowering_deg,
        pelvic_drop_deg,
        shoulder_sink_pct,
        hip_sink_pct,
        foot_lowering_pct,
        moving_foot_down_pct,
        moving_foot_out_pct,
        stance_foot_down_pct,
        stance_foot_out_pct,
        hip_line_pct,
        trunk_lean_deg,
        leg_swing_pct,
        stance_knee_flexion_deg,
        hanging_knee_flexion_deg,
        shoulder_abduction_deg,
        leg_travel_pct,
        leg_open_deg,
        raised_knee_flexion_deg,
        anchor_arm_deg,
        grounded_foot_shift_pct,
        grounded_knee_lift_pct,
        pelvis_roll_deg,
    )
)


def measure(t_s: float, pose: Pose | None, side: Side, body: Body | None, names: Iterable[str]) -> Signals:
    """The named signals of one pose. Without a pose or before calibration every value is NaN."""
    if pose is None or body is None:
        return Signals(t_s, side, dict.fromkeys(names, float("nan")))
    stance = Stance(body.level(pose.xy_px), pose.world_m, side, body)
    return Signals(t_s, side, {name: SIGNALS[name].measure(stance) for name in names})
