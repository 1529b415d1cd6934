"""Left and right that the network exchanges over half a second, while the feet stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from coach.kinematics.side_keeper import FRONT_S, TURNED_S, SideKeeper, exchanged
from coach.types import FloatArray, Joint, Observation, Part, Pose
from tests.scripts import Standing, camera_for_standing

CAMERA = camera_for_standing(30)
POSE = CAMERA.pose(Standing().joints())
OTHER = exchanged(POSE)
FPS = 12


def still() -> FloatArray:
    motion = np.zeros((len(Part), 3), np.float32)
    motion[:, 2] = 1.0
    return motion


def between(share: float) -> Pose:
    """The joints on their way through each other."""
    xy = (1 - share) * POSE.xy_px + share * OTHER.xy_px
    return Pose(xy.astype(np.float32), POSE.world_m, POSE.visibility)


def turn(t_s: float, at_s: float, lasts_s: float = 0.6) -> Pose:
    share = min(max((t_s - at_s) / lasts_s, 0.0), 1.0)
    return POSE if share == 0 else OTHER if share == 1 else between(share)


def kept(
    poses: Callable[[float], Pose | None],
    seconds: float,
    motion: Callable[[float], FloatArray | None] = lambda t: still(),
) -> list[Observation]:
    keeper = SideKeeper()
    times: Iterable[float] = (i / FPS for i in range(int(seconds * FPS)))
    return [keeper.step(Observation(t, CAMERA.size_px, poses(t), motion=motion(t))) for t in times]


def is_as_before(observation: Observation) -> bool:
    assert observation.pose is not None
    return bool(np.allclose(observation.pose.xy_px, POSE.xy_px, atol=1e-3))


def test_exchanging_twice_changes_nothing() -> None:
    assert (exchanged(OTHER).xy_px == POSE.xy_px).all()


@pytest.mark.parametrize("one", Joint)
def test_every_joint_has_its_partner(one: Joint) -> None:
    side, _, name = one.name.partition("_")
    partner = {"LEFT": f"RIGHT_{name}", "RIGHT": f"LEFT_{name}"}.get(side, one.name)
    assert (OTHER.xy_px[one] == POSE.xy_px[Joint[partner]]).all()


def test_a_slow_exchange_while_the_feet_stand_is_undone_and_so_is_the_way_back() -> None:
    def poses(t_s: float) -> Pose:
        return turn(t_s, 1.0) if t_s < 3.0 else exchanged(turn(t_s, 3.0))

    told = still()
    told[Part.LEFT_FOOT, 1] = 0.25
    seen = kept(poses, 5.0, lambda t: told)
    assert all(is_as_before(each) for each in seen if not (1.0 < each.t_s < 1.6 or 3.0 < each.t_s < 3.6))
    during = next(each for each in seen if each.t_s > 2.0)
    assert during.motion is not None
    assert during.motion[Part.RIGHT_FOOT, 1] == 0.25, "the motion goes with the joints"


@pytest.mark.parametrize("motion", ["moved", "unknown"])
def test_somebody_who_turns_round_moves_both_feet_and_is_believed(motion: str) -> None:
    told = still()
    told[[Part.LEFT_FOOT, Part.RIGHT_FOOT], 0] = (12.0, -12.0)
    seen = kept(lambda t: turn(t, 1.0), 3.0, lambda t: told if motion == "moved" else None)
    assert not is_as_before(seen[-1])


def test_a_front_that_is_seen_as_a_back_for_long_has_turned_round() -> None:
    seen = kept(lambda t: turn(t, 1.0), 1.6 + TURNED_S + 1.0)
    assert all(is_as_before(each) for each in seen if 2.0 < each.t_s < TURNED_S)
    assert not is_as_before(seen[-1])


def test_a_back_that_is_seen_as_a_front_is_one_the_network_began_wrongly() -> None:
    seen = kept(lambda t: exchanged(turn(t, 1.0)), 1.6 + FRONT_S + 0.5)
    assert not is_as_before(next(each for each in seen if each.t_s > 1.8))
    assert is_as_before(seen[-1])


def test_who_is_seen_as_either_by_turns_faces_the_camera() -> None:
    seen = kept(lambda t: POSE if t % 8 > 6.5 else OTHER, 40.0)
    assert all(is_as_before(each) for each in seen if each.t_s > 8.0)


def test_a_hip_that_is_through_before_the_shoulders_tells_no_sides() -> None:
    half = POSE.xy_px.copy()
    rows = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
    half[rows] = POSE.xy_px[rows[::-1]]
    mixed = Pose(half, POSE.world_m, POSE.visibility)
    seen = kept(lambda t: POSE if t < 1.0 else mixed if t < 1.2 else OTHER, 3.0)
    assert is_as_before(seen[-1])


def test_after_a_gap_nothing_is_known() -> None:
    seen = kept(lambda t: POSE if t < 1.0 else None if t < 2.0 else OTHER, 3.0)
    assert not is_as_before(seen[-1])
