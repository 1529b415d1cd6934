"""Signals of a stick figure whose true angles are known, from several cameras."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coach.kinematics import pelvic_model, upright
from coach.kinematics.body import lying_body
from coach.kinematics.catalogue import SIGNALS, measured, signals_of
from coach.kinematics.leg_keeper import LEGS
from coach.kinematics.level_view import LevelView
from coach.kinematics.sided_pose import SidedPose
from coach.kinematics.signal import signal
from coach.types import SIDES, Joint, Part, Pose, Side, other_side
from tests.perturbation.ways import mirrored
from tests.scripts import Camera, Lying, Observation, Standing, camera_for_lying, camera_for_standing, standing_body

NAN = float("nan")
HIKER_COUNTS_FROM_DEG = 5.0
OBLIQUE = [35, -35, 45, -28]
azimuths = pytest.mark.parametrize("az_deg", [0, *OBLIQUE])
around = pytest.mark.parametrize("az_deg", [0, *OBLIQUE, 180, 145, -152])  # and with the back to the camera
slanted = pytest.mark.parametrize("az_deg", OBLIQUE)
sides = pytest.mark.parametrize("side", SIDES)


def standing(camera: Camera, side: Side = "left", **posture: Any) -> dict[str, float]:
    """All signals of a posture for its moving side, against standing still."""
    start = Standing(side)
    body = standing_body(camera.pose(start.joints()))
    seen = signals_of(0.0, camera.pose(replace(start, **posture).joints()), side, body, SIGNALS)
    return dict(seen.values)


def lying(camera: Camera, side: Side = "left", **posture: Any) -> dict[str, float]:
    """All signals of a posture for its raised leg, against the leg straight up."""
    start = Lying(side)
    body = lying_body([camera.pose(start.joints())])
    return dict(signals_of(0.0, camera.pose(replace(start, **posture).joints()), side, body, SIGNALS).values)


@sides
@azimuths
@pytest.mark.parametrize("drop_deg", [0, 3, 8, 12, 16])
def test_pelvic_drop(side: Side, az_deg: float, drop_deg: float) -> None:
    found = standing(camera_for_standing(az_deg), side, drop_deg=drop_deg)
    # How broad a pelvis is no picture tells, to within 7 %.
    assert found["pelvic_drop_deg"] == pytest.approx(drop_deg, abs=1.0, rel=0.073)
    assert found["body_lowering_deg"] == pytest.approx(drop_deg, abs=1.0, rel=0.073)
    # By hand: the foot goes down by the hips' distance, which is 26.5 % of the leg, times the sine of the drop; the
    # trunk half as far.
    assert found["foot_lowering_pct"] == pytest.approx(26.5 * np.sin(np.radians(drop_deg)), abs=1.0)
    assert found["trunk_lowering_pct"] == pytest.approx(13.25 * np.sin(np.radians(drop_deg)), abs=1.0)
    assert found["stance_foot_down_pct"] == pytest.approx(0, abs=0.1)


@sides
@around
@pytest.mark.parametrize("lean_deg", [-12, 0, 15])
def test_trunk_lean(side: Side, az_deg: float, lean_deg: float) -> None:
    found = standing(camera_for_standing(az_deg), side, lean_deg=lean_deg)
    assert found["trunk_lean_deg"] == pytest.approx(lean_deg, abs=2.0)
    assert abs(found["pelvic_drop_deg"]) < 2.5


@sides
@slanted
@pytest.mark.parametrize("bent_deg", [0, 20, 40])
def test_knees(side: Side, az_deg: float, bent_deg: float) -> None:
    camera = camera_for_standing(az_deg)
    stance = standing(camera, side, stance_knee_deg=bent_deg)
    # The turn of a stick figure is not underestimated, as the network's is.
    assert bent_deg - 8 < stance["stance_knee_flexion_deg"] < bent_deg + 5
    assert stance["pelvic_drop_deg"] < 2.5, "a bent knee is no pelvic drop"
    hanging = standing(camera, side, hanging_knee_deg=bent_deg)
    assert bent_deg - 8 < hanging["hanging_knee_flexion_deg"] < bent_deg + 5


@sides
@pytest.mark.parametrize("az_deg", [12, -12, 168, -168])
def test_nearly_from_the_front_a_knee_that_goes_sideways_has_bent(side: Side, az_deg: float) -> None:
    camera = camera_for_standing(az_deg)
    start = Standing(side)
    body = standing_body(camera.pose(start.joints()))

    def knees_deg(sure: float, **posture: float) -> tuple[float, float]:
        xy_px = camera.pose(replace(start, **posture).joints()).xy_px
        seen = SidedPose(lambda: xy_px, body.world_m, side, body, sure=(sure,) * len(Part))
        found = upright.readings(seen)
        assert math.isnan(found.stance_knee_deg) and math.isnan(found.hanging_knee_deg), (
            "it may bend without showing it"
        )
        return found.stance_knee_least_deg, found.hanging_knee_least_deg

    stance, hanging = knees_deg(0.9, stance_knee_deg=40)
    assert 15 < stance <= 40 and hanging == 0
    stance, hanging = knees_deg(0.9, hanging_knee_deg=40)
    assert stance == 0 and 15 < hanging <= 40
    assert knees_deg(0.9, drop_deg=10) == (0, 0)
    assert knees_deg(0.1, stance_knee_deg=40) == (0, 0), "a knee that is hardly followed"


def test_from_the_front_the_ways_of_foot_and_trunk_tell_the_bent_knee() -> None:
    found = standing(camera_for_standing(3), stance_knee_deg=30)
    assert found["stance_knee_flexion_deg"] > 10, "at least, of joints alone"
    assert found["pelvic_drop_deg"] < HIKER_COUNTS_FROM_DEG
    clean = standing(camera_for_standing(3), drop_deg=10)
    assert clean["stance_knee_flexion_deg"] < 10
    assert clean["hanging_knee_flexion_deg"] < 10


@sides
@around
def test_leg_swing(side: Side, az_deg: float) -> None:
    camera = camera_for_standing(az_deg)
    still = standing(camera, side)["leg_swing_pct"]
    swung = standing(camera, side, swing_deg=15)["leg_swing_pct"]
    assert swung - still == pytest.approx(100 * np.sin(np.radians(15)), abs=7)


@sides
@around
def test_a_lean_may_hide_how_far_the_trunk_went_down(side: Side, az_deg: float) -> None:
    leaning, upright_ = (standing(camera_for_standing(az_deg), side, drop_deg=8, lean_deg=lean) for lean in (15.0, 0.0))
    assert leaning["trunk_lowering_most_pct"] - leaning["trunk_lowering_pct"] == pytest.approx(1.5, abs=0.4)
    assert upright_["trunk_lowering_most_pct"] == pytest.approx(upright_["trunk_lowering_pct"], abs=0.3)


@sides
def test_arm_away_from_the_trunk(side: Side) -> None:
    for arm_deg in (8, 45, 90):
        found = standing(camera_for_standing(0), side, arm_deg=arm_deg)
        assert found["shoulder_abduction_deg"] == pytest.approx(arm_deg, abs=8)


@sides
@pytest.mark.parametrize("roll_deg", [-6, 6])
def test_a_tilted_camera_changes_little(side: Side, roll_deg: float) -> None:
    posture = {"drop_deg": 10, "lean_deg": 5, "stance_knee_deg": 10}
    level = standing(camera_for_standing(35), side, **posture)
    tilted = standing(camera_for_standing(35, roll_deg=roll_deg), side, **posture)
    for name in ("pelvic_drop_deg", "trunk_lean_deg", "stance_knee_flexion_deg", "leg_swing_pct"):
        assert tilted[name] == pytest.approx(level[name], abs=1.5), name


@pytest.mark.parametrize("distance_m", [2.2, 3.5, 5.0])
@pytest.mark.parametrize("tall", [0.85, 1.1])
def test_short_and_tall_near_and_far(distance_m: float, tall: float) -> None:
    camera = camera_for_standing(35, distance_m)
    body = standing_body(camera.pose(Standing(tall=tall).joints()))
    pose = camera.pose(Standing(tall=tall, drop_deg=10).joints())
    found = signals_of(0.0, pose, "left", body, ["pelvic_drop_deg"])
    assert found["pelvic_drop_deg"] == pytest.approx(10, abs=1.0)


def test_what_is_followed_of_a_foot_is_before_its_ankle() -> None:
    """The same way in the picture is a smaller drop of who faces the camera than of who has the back to it."""
    drops = {}
    for az_deg in (0, 180):
        camera = camera_for_standing(az_deg)
        body = standing_body(camera.pose(Standing().joints()))
        assert body.view.middle_px == (0.0, 0.0)  # of a picture whose size is not known
        in_a_picture = replace(body, view=LevelView((camera.size_px[0] / 2, camera.size_px[1] / 2)))
        pose = camera.pose(Standing(drop_deg=10).joints())
        drops[az_deg] = [
            signals_of(0.0, pose, "left", each, SIGNALS)["pelvic_drop_deg"] for each in (body, in_a_picture)
        ]
    assert 0.95 < drops[0][1] / drops[0][0] < 0.995
    assert 1.005 < drops[180][1] / drops[180][0] < 1.05


@pytest.mark.parametrize("too_low", [-0.06, 0.06])
def test_hips_that_are_seen_too_low_change_no_drop(too_low: float) -> None:
    """The same ways in pixels, of a body whose leg is shorter and whose trunk is as much longer."""
    camera = camera_for_standing(35)
    body = standing_body(camera.pose(Standing().joints()))
    moved_px = too_low * body.leg_px
    low = replace(body, leg_px=body.leg_px - moved_px, trunk_px=body.trunk_px + moved_px)
    pose = camera.pose(Standing(drop_deg=10).joints())
    right, wrong = (signals_of(0.0, pose, "left", each, ["pelvic_drop_deg"])["pelvic_drop_deg"] for each in (body, low))
    assert wrong == pytest.approx(right, abs=0.1)


@sides
@pytest.mark.parametrize("open_deg", [15, 40])
def test_opening_of_the_leg(side: Side, open_deg: float) -> None:
    for foot_end_deg, towards in ((30, side), (45, side), (40, other_side(side))):
        found = lying(camera_for_lying(foot_end_deg, towards), side, open_deg=open_deg)
        assert found["leg_open_deg"] == pytest.approx(open_deg, abs=6)
    away = lying(camera_for_lying(0, other_side(side)), side, open_deg=open_deg)
    assert away["leg_open_deg"] == pytest.approx(open_deg, abs=6)


def test_travel_grows_with_the_opening() -> None:
    """Seen exactly side-on and from high up a leg that falls away from the camera moves along its line of sight."""
    for side in SIDES:
        for foot_end_deg in (-40, 0, 45):
            camera = camera_for_lying(foot_end_deg, side if foot_end_deg == 0 else "right", 20)
            travel = [lying(camera, side, open_deg=a)["leg_travel_pct"] for a in (0, 10, 25, 40)]
            assert travel[0] == pytest.approx(0, abs=0.1)
            assert travel == sorted(travel)


@sides
def test_raised_knee_and_anchor_arm_from_the_side(side: Side) -> None:
    camera = camera_for_lying(0, other_side(side))
    for bent in (0, 35):
        assert lying(camera, side, knee_deg=bent)["raised_knee_flexion_deg"] == pytest.approx(bent, abs=7)
    for arm in (20, 90):
        assert lying(camera, side, arm_deg=arm)["anchor_arm_deg"] == pytest.approx(arm, abs=8)


def test_of_exchanged_legs_the_picture_tells_the_way_but_not_the_knee() -> None:
    camera, posture = camera_for_lying(0, "right"), Lying("left", 90.0)
    start, now = camera.pose(posture.joints()), camera.pose(replace(posture, open_deg=40.0, knee_deg=35.0).joints())
    world_m = now.world_m.copy()
    world_m[LEGS] = NAN
    exchanged = Pose(now.xy_px, world_m, now.visibility)
    body = lying_body([start])
    told, other = (signals_of(0.0, pose, "left", body, SIGNALS) for pose in (exchanged, now))
    assert told["leg_travel_pct"] == other["leg_travel_pct"] > 10
    assert math.isnan(told["raised_knee_flexion_deg"]) and math.isnan(told["leg_elevation_deg"])


@sides
def test_the_grounded_side(side: Side) -> None:
    camera = camera_for_lying(20, other_side(side))
    still = lying(camera, side, open_deg=40)
    assert still["grounded_foot_shift_pct"] == pytest.approx(0, abs=0.1)
    assert still["pelvis_roll_deg"] == pytest.approx(0, abs=0.5)
    assert lying(camera, side, slide_m=0.3)["grounded_foot_shift_pct"] > 15
    rolled = [lying(camera, side, roll_deg=a)["pelvis_roll_deg"] for a in (0, 10, 20, 30)]
    assert rolled == sorted(rolled) and rolled[-1] > 10
    assert lying(camera, side, slide_m=0.3)["pelvis_roll_deg"] < 4, "a foot that slides alone is no roll"


@pytest.mark.parametrize("name", SIGNALS)
def test_every_signal_is_a_number_with_a_unit_and_the_same_for_a_mirrored_person(name: str) -> None:
    camera = camera_for_standing(35)
    assert SIGNALS[name].unit in ("deg", "% of leg length", "")
    assert name.endswith(("_deg", "_pct")) == bool(SIGNALS[name].unit)
    start = Observation(0.0, camera.size_px, camera.pose(Standing().joints()))
    posture = Standing(drop_deg=8, lean_deg=4, stance_knee_deg=12, swing_deg=5, arm_deg=30)
    moved = Observation(1.0, camera.size_px, camera.pose(posture.joints()))
    values = []
    for side, (rest, now) in (("left", (start, moved)), ("right", mirrored([start, moved]))):
        assert rest.pose is not None and now.pose is not None
        values.append(signals_of(1.0, now.pose, side, standing_body(rest.pose), [name])[name])  # type: ignore[arg-type]
    assert values[0] == pytest.approx(values[1], abs=1e-2, nan_ok=True)


def test_without_a_pose_or_a_body_everything_is_missing() -> None:
    camera = camera_for_standing()
    pose = camera.pose(Standing().joints())
    for seen in (signals_of(0, None, "left", standing_body(pose), SIGNALS), signals_of(0, pose, "left", None, SIGNALS)):
        assert all(np.isnan(value) for value in seen.values.values())
    assert np.isnan(seen["no such signal"])


def test_a_function_becomes_a_signal_by_its_decorator_alone() -> None:
    @signal
    def ankle_height_pct(s: SidedPose) -> float:
        return float(s.own("ankle")[1])

    assert (ankle_height_pct.name, ankle_height_pct.unit) == ("ankle_height_pct", "% of leg length")
    assert all(each.name == name and each.measure.__name__ == name for name, each in SIGNALS.items())


def test_the_posture_is_fitted_once_a_picture_and_side_and_once_by_the_paths_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fits = []
    monkeypatch.setattr(upright, "fit", lambda readings: fits.append(readings) or pelvic_model.fit(readings))
    pose = camera_for_standing(35).pose(Standing(drop_deg=8).joints())
    measured(signals_of(0.0, pose, "left", standing_body(pose), SIGNALS))
    assert len(fits) == 2


def test_a_signal_is_measured_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    fits = []
    monkeypatch.setattr(upright, "fit", lambda readings: fits.append(readings) or pelvic_model.fit(readings))
    pose = camera_for_standing(35).pose(Standing(drop_deg=8).joints())
    found = signals_of(0.0, pose, "left", standing_body(pose), ["stance_foot_down_pct", "pelvic_drop_deg"])
    assert math.isfinite(found["stance_foot_down_pct"]) and not fits
    assert math.isfinite(found["pelvic_drop_deg"]) and fits
    assert math.isnan(found["body_lowering_deg"]), "nobody named it"
    assert list(found.values) == ["stance_foot_down_pct", "pelvic_drop_deg"]


def test_an_arm_whose_wrist_is_hidden_is_not_told() -> None:
    camera = camera_for_lying(0, "left")
    pose = camera.pose(Lying().joints())
    body = lying_body([pose])
    hidden = pose.visibility.copy()
    hidden[Joint.RIGHT_WRIST] = 0.1
    for visibility, told in ((pose.visibility, True), (hidden, False)):
        signals = signals_of(0.0, replace(pose, visibility=visibility), "left", body, ("anchor_arm_deg",))
        assert math.isfinite(signals["anchor_arm_deg"]) is told


def test_of_a_grounded_foot_that_is_hidden_it_is_not_told_whether_it_moved() -> None:
    """The network draws it onto the leg in front of it."""
    pose = camera_for_lying(0, "left").pose(Lying().joints())
    body = lying_body([pose])
    hidden = pose.visibility.copy()
    hidden[Joint.RIGHT_ANKLE] = 0.6
    names = ("grounded_foot_shift_pct", "pelvis_roll_deg", "leg_open_deg")
    for visibility, told in ((pose.visibility, True), (hidden, False)):
        signals = signals_of(0.0, replace(pose, visibility=visibility), "left", body, names)
        assert [math.isfinite(signals[name]) for name in names] == [told, told, True]
