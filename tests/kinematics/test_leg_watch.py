"""Legs that the network exchanges, and legs that really move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.kinematics.leg_watch import LegWatch
from coach.perception.recording import Recording
from coach.session.picture_trust import EXCHANGED, PictureTrust
from coach.types import JOINTS, Joint, Observation, Pose

RECORDINGS = Path(__file__).parents[1]
LEGS = ("KNEE", "ANKLE", "HEEL", "TOE")


def observations(name: str) -> list[Observation]:
    with Recording(RECORDINGS / f"{name}.observed") as recording:
        return list(recording)


def exchanged_s(seen: list[Observation]) -> float:
    watch = LegWatch()
    for each in seen:
        watch.step(each)
    return watch.exchanged_s


def exchanged(seen: list[Observation], since_s: float, until_s: float) -> list[Observation]:
    """With the legs' joints exchanged between two times."""
    rows = np.arange(JOINTS)
    for name in LEGS:
        left, right = Joint[f"LEFT_{name}"], Joint[f"RIGHT_{name}"]
        rows[left], rows[right] = right, left

    def other(pose: Pose) -> Pose:
        return Pose(pose.xy_px[rows], pose.world_m[rows], pose.visibility[rows])

    return [
        replace(each, pose=other(each.pose)) if each.pose is not None and since_s <= each.t_s < until_s else each
        for each in seen
    ]


def test_it_is_noticed_and_told_while_it_lasts() -> None:
    seen = observations("recordings/strap_left")
    mixed = exchanged(seen, 15.0, 25.0)
    assert exchanged_s(mixed) == pytest.approx(10.0, abs=0.2)
    trust = PictureTrust()
    for each in mixed:
        trust.step(each)
    assert trust.problems() == (EXCHANGED,)


def test_it_is_told_for_which_share_of_a_time_it_lasted() -> None:
    watch = LegWatch()
    for each in exchanged(observations("recordings/strap_left"), 15.0, 25.0):
        watch.step(each)
    for since_s, until_s, share in ((16.0, 24.0, 1.0), (10.0, 20.0, 0.5), (26.0, 30.0, 0.0)):
        assert watch.share_between(since_s, until_s) == pytest.approx(share, abs=0.03)


def test_one_that_the_network_made_itself() -> None:
    assert exchanged_s(observations("messy/fifth/v_strap_slow")) == pytest.approx(51.0, abs=1.0)


@pytest.mark.parametrize("name", ["recordings/strap_left", "messy/held/h_neg_lying", "messy/fifth/v_neg_lying"])
def test_legs_that_really_move_are_not_exchanged(name: str) -> None:
    assert exchanged_s(observations(name)) == 0
