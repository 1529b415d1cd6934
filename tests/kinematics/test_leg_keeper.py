"""Legs that the network exchanges or draws between two places, and legs that really move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.kinematics.leg_keeper import LEGS, LegKeeper
from coach.perception.recording import Recording
from coach.session.picture_trust import EXCHANGED, PictureTrust
from coach.types import JOINTS, FloatArray, Joint, Observation, Part, Pose, joint

RECORDINGS = Path(__file__).parents[1]
NAMES = ("KNEE", "ANKLE", "HEEL", "TOE")
LEFT_ANKLE = int(Joint.LEFT_ANKLE)


def observations(name: str) -> list[Observation]:
    with Recording(RECORDINGS / f"{name}.observed") as recording:
        return list(recording)


def kept(seen: Iterable[Observation]) -> list[Observation]:
    keeper = LegKeeper()
    return [keeper.step(each) for each in seen]


def poses(seen: Iterable[Observation]) -> list[tuple[float, Pose]]:
    return [(each.t_s, each.pose) for each in seen if each.pose is not None]


def times_exchanged(seen: Iterable[Observation]) -> list[float]:
    return [t_s for t_s, pose in poses(seen) if np.isnan(pose.world_m[LEFT_ANKLE, 0])]


def exchanged(seen: list[Observation], since_s: float, until_s: float) -> list[Observation]:
    """With the legs' joints exchanged between two times, and the motion of what was seen at their places."""
    rows, parts = np.arange(JOINTS), np.arange(len(Part))
    for name in NAMES:
        left, right = Joint[f"LEFT_{name}"], Joint[f"RIGHT_{name}"]
        rows[left], rows[right] = right, left
    for part in Part:
        if part.name.startswith("LEFT_"):
            other = Part[part.name.replace("LEFT", "RIGHT")]
            parts[part], parts[other] = other, part

    def of_pose(pose: Pose | None) -> Pose | None:
        return None if pose is None else Pose(pose.xy_px[rows], pose.world_m[rows], pose.visibility[rows])

    def of_motion(motion: FloatArray | None) -> FloatArray | None:
        return None if motion is None else motion[parts]

    mixed, before = [], False
    for each in seen:
        now = since_s <= each.t_s < until_s
        pose = of_pose(each.pose) if now else each.pose
        mixed.append(replace(each, pose=pose, motion=of_motion(each.motion) if before else each.motion))
        before = now
    return mixed


def test_exchanged_legs_are_put_back_without_their_depth() -> None:
    seen = observations("recordings/strap_left")
    back = kept(exchanged(seen, 15.0, 25.0))
    for (t_s, true), (_, pose) in zip(poses(seen), poses(back), strict=True):
        assert (true.xy_px == pose.xy_px).all(), t_s
        assert np.isnan(pose.world_m[LEGS]).all() == (15.0 <= t_s < 25.0)
        assert np.isfinite(pose.world_m[[Joint.LEFT_HIP, Joint.LEFT_SHOULDER]]).all()
    during, true_during = (next(each for each in all_of if each.t_s > 20.0) for all_of in (back, seen))
    assert during.motion is not None and true_during.motion is not None
    assert (during.motion == true_during.motion).all(), "the motion goes with the joints"


def test_it_is_noted() -> None:
    trust = PictureTrust()
    for each in kept(exchanged(observations("recordings/strap_left"), 15.0, 25.0)):
        trust.step(each)
    assert trust.problems() == (EXCHANGED,)


@pytest.mark.parametrize(
    ("name", "since_s", "until_s"), [("fifth/v_strap_slow", 10.2, 61.0), ("tenth/o_strap_rest", 10.6, 32.6)]
)
def test_exchanges_that_the_network_made_itself(name: str, since_s: float, until_s: float) -> None:
    times = times_exchanged(kept(observations(f"messy/{name}")))
    inside = [t_s for t_s in times if since_s <= t_s <= until_s]
    assert len(inside) > 0.95 * 12 * (until_s - since_s)
    assert len(times) - len(inside) < 12, "a second of the rest at most"


@pytest.mark.parametrize("name", ["recordings/strap_left", "messy/held/h_neg_lying", "messy/fifth/v_neg_lying"])
def test_legs_that_really_move_are_not_exchanged(name: str) -> None:
    assert len(times_exchanged(kept(observations(name)))) <= 2, "a sixth of a second"


def test_names_that_changed_just_before_the_feet_came_together_are_those_of_before() -> None:
    """Exchanged in a single picture, drawn together in the next, and then as they were before."""
    seen = [each for each in observations("messy/twenty_fourth/f_strap8") if each.t_s < 46.0]
    assert len(times_exchanged(kept(seen))) <= 1


def test_a_foot_that_is_drawn_between_the_two_is_not_seen() -> None:
    seen = observations("recordings/strap_left")
    rows = [joint(name.lower(), "left") for name in NAMES]
    others = [joint(name.lower(), "right") for name in NAMES]

    def between(pose: Pose) -> Pose:
        xy = pose.xy_px.copy()
        xy[rows] = (xy[rows] + xy[others]) / 2
        return Pose(xy, pose.world_m, pose.visibility)

    there = [
        replace(each, pose=between(each.pose)) if each.pose is not None and 20.0 <= each.t_s < 20.3 else each
        for each in seen
    ]
    for (t_s, was), (_, pose) in zip(poses(there), poses(kept(there)), strict=True):
        unseen = 20.0 <= t_s < 20.3
        assert (pose.visibility[LEFT_ANKLE] == 0.0) == unseen, t_s
        assert pose.visibility[Joint.RIGHT_ANKLE] == was.visibility[Joint.RIGHT_ANKLE] > 0


def test_after_a_gap_the_network_is_asked_anew() -> None:
    seen = exchanged(observations("recordings/strap_left"), 20.0, 100.0)
    gap = [each if not 16.0 < each.t_s < 20.0 else replace(each, pose=None, motion=None) for each in seen]
    assert not times_exchanged(kept(gap))
    assert times_exchanged(kept(seen))


def test_who_stands_is_left_alone() -> None:
    seen = observations("recordings/hiker_faults")
    assert all(now is was for now, was in zip(kept(seen), seen, strict=True))
