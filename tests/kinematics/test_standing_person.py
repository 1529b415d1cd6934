"""The person who stands there: their measures, where they rest, and since when a foot has been where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from coach.kinematics.body import leg_px
from coach.kinematics.catalogue import SIGNALS, signals_of
from coach.kinematics.parts import middles
from coach.kinematics.paths import Ways
from coach.kinematics.pelvic_model import HIPS_SHARE
from coach.kinematics.standing_person import (
    LEAST_S,
    REST_FADE_S,
    SETTLED_S,
    Footing,
    Measures,
    Seen,
    closed,
    foot_raised,
    foot_shifts,
    lost_way,
    rest_body,
    rest_weights,
    standing_since,
    unrest_pct,
    weighted_quantile,
)
from coach.types import Observation, Part, Pose
from tests.scripts import SIZE, Camera, Standing, camera_for_standing

CAMERA = camera_for_standing(35)
POSE = CAMERA.pose(Standing().joints())
LEG = leg_px(POSE, "left")


def ways(**px: tuple[float, float]) -> Ways:
    """How far some parts went: ``ways(left_foot=(1, 2))``."""
    xy = np.zeros((len(Part), 2), np.float32)
    for name, way in px.items():
        xy[Part[name.upper()]] = way
    return Ways(xy, np.ones(len(Part), np.float32))


def measured(seconds: float = 2.0, roll_deg: float = 0.0) -> Measures:
    camera = camera_for_standing(35, roll_deg=roll_deg)
    pose = camera.pose(Standing().joints())
    measures = Measures()
    for i in range(int(seconds * 10) + 1):
        measures.step(i / 10, pose)
    return measures


def test_measures_take_a_moment_and_are_those_of_the_person() -> None:
    assert measured(LEAST_S / 2).body(POSE.xy_px, ways()) is None
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    assert body.leg_px == pytest.approx((leg_px(POSE, "left") + leg_px(POSE, "right")) / 2, rel=1e-3)
    assert abs(body.facing_deg) == pytest.approx(35, abs=3)


def test_a_stray_pose_does_not_change_them() -> None:
    measures = measured()
    measures.step(2.2, Pose(POSE.xy_px * 3, POSE.world_m, POSE.visibility))
    after, before = measures.body(POSE.xy_px, ways()), measured().body(POSE.xy_px, ways())
    assert after is not None and before is not None
    assert after.leg_px == pytest.approx(before.leg_px, rel=0.01)


def test_the_camera_s_tilt_is_read_from_the_body() -> None:
    body = measured(roll_deg=6.0).body(POSE.xy_px, ways())
    assert body is not None and abs(body.roll_deg) == pytest.approx(6.0, abs=1.5)


def test_rest_is_told_by_pictures_near_in_time_and_still() -> None:
    t_s = np.array([0.0, 4.0, 6.0, 9.0, 15.0])
    weights = rest_weights(t_s, np.array([True, True, False, True, True]), 5.0, 8.0)
    assert weights[2] == 0
    assert weights[1] == weights[3] == pytest.approx(np.exp(-1 / REST_FADE_S))
    assert weights[0] < weights[1] and weights[4] < weights[3]
    stirring = rest_weights(t_s, np.array([True] * 5), 5.0, 8.0, np.array([0.0, 3.0, 0.0, 0.0, 0.0]))
    assert stirring[1] < 0.05 * stirring[3]


def test_a_quantile_by_weight_that_leaves_out_what_is_missing() -> None:
    values = np.array([1.0, 2.0, 3.0, np.nan, 100.0])
    assert weighted_quantile(values, np.array([1.0, 1.0, 1.0, 1.0, 0.0]), 0.5)[0] == pytest.approx(2.0)
    assert weighted_quantile(values, np.array([0.0, 0.0, 9.0, 1.0, 1.0]), 0.4)[0] == pytest.approx(3.0, abs=5)
    assert np.isnan(weighted_quantile(values, np.zeros(5), 0.4)).all()
    both = weighted_quantile(values, np.ones(5), 0.5, 0.4)
    assert both[0] == weighted_quantile(values, np.ones(5), 0.5)[0] > both[1]


def test_unrest_is_what_feet_and_trunk_did_about_a_picture() -> None:
    seen = [Seen(i / 10, POSE, ways(trunk=(0.0, LEG * 0.02 if i >= 10 else 0.0))) for i in range(20)]
    unrest = unrest_pct(seen, LEG)
    assert unrest[10] == pytest.approx(2.0, rel=1e-3) and unrest[0] == unrest[-1] == 0


def test_a_foot_that_stands_is_footing_and_one_that_walks_is_none() -> None:
    standing, walking = Footing(), Footing()
    stood = [standing.step(i / 10, ways(right_foot=(i * 9.0, 0.0)), LEG) for i in range(10)]
    assert stood[-1] and not any(stood[: int(SETTLED_S * 10) - 1])
    assert not any(walking.step(i / 10, ways(left_foot=(i * 9.0, 0), right_foot=(i * 9.0, 0)), LEG) for i in range(10))


def test_since_when_a_foot_has_been_where_it_is() -> None:
    def at(i: int) -> Seen:
        far = 90.0 - 10 * min(i, 9)  # walks in for a second, then one foot stands and the other moves on
        return Seen(i / 10, POSE, ways(left_foot=(far, 0.0), right_foot=(i * 9.0, 0.0)))

    since = standing_since([at(i) for i in range(15)], LEG)
    assert [round(each.t_s, 1) for each in since] == [0.9, 1.0, 1.1, 1.2, 1.3]


def test_how_far_each_foot_is_from_rest() -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    shifts = foot_shifts(ways(left_foot=(0.0, 1.0), left_foot_moving=(0.0, 5.0)), body)
    assert shifts == {"left": pytest.approx(6.0, abs=1e-3), "right": pytest.approx(0.0, abs=1e-3)}


def test_a_movement_s_rest_is_where_complete_ways_back_return_to() -> None:
    """Four returns, of which one was incomplete: its level is not the rest."""
    body, measures = measured().body(POSE.xy_px, ways()), measured()
    assert body is not None
    levels = [0.0, 0.0, 8.0, 0.0]
    seen = [Seen(i / 10, POSE, ways(trunk=(0.0, levels[i // 10]))) for i in range(40)]
    rests = np.ones(40, bool)
    rests[15:20] = False
    rest = rest_body(body, measures, seen, rests, 1.5, 2.0)
    assert rest.paths[Part.TRUNK][1] == pytest.approx(0.0, abs=0.5)
    nothing = rest_body(body, measures, seen, np.zeros(40, bool), 1.5, 2.0)
    assert nothing is body
    assert rest.paths.shape == middles(POSE.xy_px).shape


def came_back(foot_px: float, trunk_px: float = 0.0, still: bool = True, down_px: float = 0.03) -> list[Seen]:
    """A movement of a second, down and up: the trunk by so much of a leg; then what the ways say half a second on."""
    seen = []
    for i in range(19):
        down = np.sin(np.pi * min(i, 12) / 12)
        moved = 0.0 if still else 0.02 * LEG * (i % 2)
        foot = (down_px * 2 * LEG * down + foot_px * (i >= 12), trunk_px * (i >= 12) + down_px * LEG * down)
        seen.append(Seen(i / 12, POSE, ways(left_foot_moving=(0.0, foot[0] + moved), trunk=(0.0, foot[1]))))
    return seen


def test_a_foot_that_was_lost_is_missed_when_the_trunk_is_up_again() -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    lost = lost_way(came_back(0.03 * LEG), body, "left")
    assert lost is not None
    assert lost.by_px == pytest.approx([0.0, -0.03 * LEG], abs=0.01 * LEG)
    assert set(lost.parts) == {Part.LEFT_FOOT, Part.LEFT_FOOT_MOVING}
    assert lost.since_s == pytest.approx(11 / 12, abs=0.1)


@pytest.mark.parametrize(
    "seen",
    [
        came_back(0.0),  # nothing is missing
        came_back(0.03 * LEG, trunk_px=0.016 * LEG),  # not back yet: the foot is as low as the trunk says
        came_back(0.03 * LEG, still=False),
        came_back(0.03 * LEG, down_px=0.002),  # no movement: a foot that is put elsewhere
        came_back(0.03 * LEG)[:13],  # not for long enough
    ],
)
def test_nothing_is_missing_of_a_foot_that_may_be_where_it_seems(seen: list[Seen]) -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    assert lost_way(seen, body, "left") is None


def slipped(share: float, going_down: bool = True) -> list[Seen]:
    """A drop of two seconds, of whose foot this share of the leg is lost on the way down, or up."""
    seen = []
    for i in range(61):
        t_s = i / 12
        down = np.sin(np.pi * np.clip((t_s - 1.5) / 2, 0, 1)) ** 2
        lost = share * np.clip((t_s - (1.7 if going_down else 2.8)) / 0.5, 0, 1)
        path = ways(left_foot_moving=(0.0, (0.06 * down - lost) * LEG), trunk=(0.0, 0.06 * HIPS_SHARE * down * LEG))
        seen.append(Seen(t_s, POSE, path))
    return seen


def foot_pct(seen: Sequence[Seen]) -> list[float]:
    return [float(each.ways.xy_px[Part.LEFT_FOOT_MOVING, 1]) / LEG * 100 for each in seen]


def test_what_a_foot_lost_on_its_way_down_is_given_back() -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    path = foot_pct(closed(slipped(0.02), body, "left", 1.6, 3.4))
    assert max(path) == pytest.approx(6.0, abs=0.2)
    assert path[-1] == pytest.approx(0.0, abs=0.1)
    assert np.abs(np.diff(path)).max() < 1.5 * np.abs(np.diff(foot_pct(slipped(0.0)))).max(), "without a jump"


def test_the_foot_that_stood_lost_nothing() -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    seen = slipped(0.02)
    assert closed(seen, body, "right", 1.6, 3.4) is seen


@pytest.mark.parametrize(
    "seen",
    [
        slipped(0.0),
        slipped(0.004),  # less than the trunk can tell
        slipped(0.02, going_down=False),  # at its deepest it was right
        slipped(0.05),  # a foot that was put up
    ],
)
def test_a_foot_that_lost_nothing_before_its_deepest_point_is_believed(seen: list[Seen]) -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    assert closed(seen, body, "left", 1.6, 3.4) is seen


def seen_from(height_m: float, az_deg: float, room: bool, beside_m: float = 0.0, **posture: float) -> dict[str, float]:
    """What is measured of a posture from a camera at that height, in a room with clear verticals or with none.

    beside_m: how far to the right of the middle of the picture the person stands.
    """
    az = np.radians(az_deg)
    x, z = -beside_m * float(np.cos(az)), beside_m * float(np.sin(az))
    camera = Camera((2.4 * float(np.sin(az)) + x, height_m, 2.4 * float(np.cos(az)) + z), (x, 0.85, z))
    rest, now = (camera.pose(each.joints()) for each in (Standing(), Standing(**posture)))
    growth = camera.converges_per_px * SIZE[0]
    measures = Measures()
    measures.look(Observation(0.0, SIZE, rest, verticals=np.array([growth, 0.005], np.float32) if room else None))
    for i in range(8):
        measures.step(i / 10, rest)
    where = [Ways(np.nan_to_num(middles(pose.xy_px)), np.ones(len(Part), np.float32)) for pose in (rest, now)]
    body = measures.body(rest.xy_px, where[0])
    assert body is not None
    return dict(signals_of(1.0, now, "left", body, SIGNALS, where[1]).values)


def test_points_on_a_standing_foot_that_tip_with_the_shank_change_nothing() -> None:
    camera, side = camera_for_standing(0.0), "left"
    rest, now = (camera.pose(each.joints()) for each in (Standing(), Standing(stance_knee_deg=30.0)))
    measures = Measures()
    for i in range(8):
        measures.step(i / 10, rest)
    ways = [np.nan_to_num(middles(pose.xy_px)) for pose in (rest, now)]
    body = measures.body(rest.xy_px, Ways(ways[0], np.ones(len(Part), np.float32)))
    assert body is not None

    def lowered(tips_px: float, camera_sure: float) -> float:
        xy_px, sure = ways[1].copy(), np.ones(len(Part), np.float32)
        xy_px[Part.RIGHT_FOOT, 1] += tips_px
        sure[Part.CAMERA] = camera_sure
        return signals_of(1.0, now, side, body, ("trunk_lowering_pct",), Ways(xy_px, sure)).values["trunk_lowering_pct"]

    assert lowered(4.0, camera_sure=1.0) == pytest.approx(lowered(0.0, camera_sure=1.0))
    assert lowered(4.0, camera_sure=0.0) < lowered(0.0, camera_sure=0.0) - 0.5


@pytest.mark.parametrize("az_deg", [-35.0, 0.0, 30.0])
@pytest.mark.parametrize("height_m", [0.4, 0.9, 1.3, 1.7])
def test_a_camera_at_any_height_measures_the_same(height_m: float, az_deg: float) -> None:
    drop = seen_from(height_m, az_deg, True, drop_deg=9.0)
    usual = seen_from(0.95, az_deg, True, drop_deg=9.0)
    assert drop["pelvic_drop_deg"] == pytest.approx(usual["pelvic_drop_deg"], abs=0.5)
    assert drop["trunk_lowering_pct"] / drop["foot_lowering_pct"] == pytest.approx(0.5, abs=0.03)
    bent = seen_from(height_m, az_deg, True, stance_knee_deg=30.0)
    assert bent["trunk_lowering_pct"] / bent["foot_lowering_pct"] > 0.85
    assert bent["pelvic_drop_deg"] < 2.5


def test_without_verticals_a_high_camera_is_made_up_for_in_part() -> None:
    told, untold = (seen_from(1.7, 0.0, room, drop_deg=9.0) for room in (True, False))
    assert 0.5 < untold["trunk_lowering_pct"] / untold["foot_lowering_pct"] < 0.72
    assert told["pelvic_drop_deg"] > untold["pelvic_drop_deg"]


@pytest.mark.parametrize("az_deg", [-35.0, 0.0, 35.0])
@pytest.mark.parametrize("height_m", [0.7, 1.1, 1.6])
def test_a_leg_that_swings_is_not_a_bent_knee(height_m: float, az_deg: float) -> None:
    found = seen_from(height_m, az_deg, True, drop_deg=9.0, swing_deg=20.0)
    assert found["leg_swing_pct"] > 25
    assert found["pelvic_drop_deg"] == pytest.approx(9.0, abs=2.0)
    assert found["hanging_knee_flexion_deg"] < 25


def test_rest_is_not_where_a_foot_is_raised() -> None:
    body = measured().body(POSE.xy_px, ways())
    assert body is not None
    up = ways(left_foot=(0.0, -0.1 * LEG), left_foot_moving=(0.0, -0.1 * LEG))
    seen = [Seen(i / 10, POSE, up if 6 <= i < 10 else ways()) for i in range(20)]
    raised = foot_raised(seen, body)
    assert raised[6:10].all() and not raised[:6].any() and not raised[10:].any()
    hiked = [replace(each, ways=ways(left_foot_moving=(0.0, -0.03 * LEG))) for each in seen]
    assert not foot_raised(hiked, body).any()
    mostly_up = [replace(each, ways=up) if i > 6 else each for i, each in enumerate(seen)]
    assert not foot_raised(mostly_up, body).any(), "then it is the rest that is wrong"


@pytest.mark.parametrize("height_m", [0.5, 1.7])
def test_somebody_beside_the_middle_of_the_picture_is_measured_the_same(height_m: float) -> None:
    """From where they stand they are turned by another 16 degrees."""
    middle, beside = (seen_from(height_m, -20.0 + turn, True, at, drop_deg=9.0) for at, turn in ((0, 0), (0.7, 16)))
    assert beside["pelvic_drop_deg"] == pytest.approx(middle["pelvic_drop_deg"], abs=0.4)
    assert beside["leg_swing_pct"] == pytest.approx(middle["leg_swing_pct"], abs=1.0)
    assert beside["trunk_lean_deg"] == pytest.approx(0, abs=1.0)


def test_a_last_picture_with_a_raised_foot_does_not_change_the_view() -> None:
    camera = Camera((0.0, 1.7, 2.4), (0.0, 0.85, 0.0))
    rest, up = (camera.pose(Standing(thigh_deg=thigh).joints()) for thigh in (0.0, 40.0))
    measures = measured()
    measures.look(Observation(0.0, SIZE, rest, verticals=np.array([0.4, 0.005], np.float32)))
    body = measures.body(rest.xy_px, ways())
    assert body is not None
    seen = [Seen(i / 10, rest, ways()) for i in range(20)] + [Seen(2.0, up, ways())]
    rests = np.array([True] * 20 + [False])
    found = rest_body(body, measures, seen, rests, 1.9, 2.1)
    assert found.to_level == pytest.approx(body.to_level, abs=1e-3)
