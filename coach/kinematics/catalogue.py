"""The catalogue of named signals an exercise may use. Each is a pure function of one pose, its side, and the body.

docs/signals.md explains every signal in a paragraph; the functions' docstrings give formula and source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.kinematics.body import Body
from coach.kinematics.parts import middles
from coach.kinematics.paths import Ways, level_paths
from coach.kinematics.sided_pose import Measure, SidedPose
from coach.kinematics.supine import (
    anchor_arm_deg,
    grounded_foot_shift_pct,
    grounded_knee_lift_pct,
    leg_elevation_deg,
    leg_open_deg,
    leg_travel_pct,
    pelvis_roll_deg,
    raised_knee_flexion_deg,
)
from coach.kinematics.upright import (
    body_lowering_deg,
    foot_lowering_pct,
    hanging_knee_flexion_deg,
    hip_line_pct,
    leg_swing_pct,
    moving_foot_down_pct,
    moving_foot_out_pct,
    pelvic_drop_deg,
    pelvic_drop_error_deg,
    posture_misfit,
    shoulder_abduction_deg,
    stance_foot_down_pct,
    stance_foot_out_pct,
    stance_knee_flexion_deg,
    trunk_lean_deg,
    trunk_lowering_pct,
)
from coach.types import Pose, Side, Signals
from coach.units import unit_of


@dataclass(frozen=True, slots=True)
class SignalSpec:
    """A signal of the catalogue: its unit, and whether it stands for the other leg than the one that moves."""

    name: str
    unit: str
    measure: Measure


def _catalogue(measures: Iterable[Measure]) -> dict[str, SignalSpec]:
    named = {measure.__name__: measure for measure in measures}
    return {name: SignalSpec(name, unit_of(name).written, measure) for name, measure in named.items()}


SIGNALS = _catalogue(
    (
        body_lowering_deg,
        pelvic_drop_deg,
        trunk_lowering_pct,
        pelvic_drop_error_deg,
        posture_misfit,
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
        leg_elevation_deg,
        raised_knee_flexion_deg,
        anchor_arm_deg,
        grounded_foot_shift_pct,
        grounded_knee_lift_pct,
        pelvis_roll_deg,
    )
)


def measure(
    t_s: float,
    pose: Pose | None,
    side: Side,
    body: Body | None,
    names: Iterable[str],
    ways: Ways | None = None,
) -> Signals:
    """The named signals of one pose. Without a pose or before calibration every value is NaN."""
    if pose is None or body is None:
        return Signals(t_s, side, dict.fromkeys(names, float("nan")))
    stance = stance_of(pose, side, body, ways)
    return Signals(t_s, side, {name: SIGNALS[name].measure(stance) for name in names})


def stance_of(pose: Pose, side: Side, body: Body, ways: Ways | None = None) -> SidedPose:
    """One pose of a body seen from one side, made level; without ways the joints tell how far everything went."""
    xy = body.level(pose.xy_px)
    if ways is None:
        return SidedPose(xy, pose.world_m, side, body, middles(xy))
    return SidedPose(xy, pose.world_m, side, body, level_paths(ways.xy_px, body.roll_deg), ways.sure)
