"""Left stays left, whatever the network calls it for a while."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.side_keeper import exchanged
from coach.perception.left_right import BELIEVED_S, GAP_S, LeftRightFixer
from coach.types import Pose
from tests.scripts import Lying, Standing, camera_for_lying, camera_for_standing, clock, observe

FPS = 15


def standing(t_s: float) -> Pose:
    """Somebody in a hip hiker."""
    (seen,) = observe(
        lambda t: Standing(drop_deg=6 * (1 - np.cos(t))),
        [t_s],
        camera_for_standing(),
        noise_px=1.0,
        seed=int(t_s * FPS),
    )
    assert seen.pose is not None
    return seen.pose


@pytest.mark.parametrize("length_s", [1 / FPS, 1.0, BELIEVED_S - 0.2])
def test_an_exchange_is_put_back(length_s: float) -> None:
    sides = LeftRightFixer()
    for t_s in clock(10):
        true = standing(float(t_s))
        wrong = 3 <= t_s < 3 + length_s
        np.testing.assert_array_equal(sides.keep(float(t_s), exchanged(true) if wrong else true).xy_px, true.xy_px)


def test_what_the_network_says_for_long_is_believed() -> None:
    sides = LeftRightFixer()
    kept = [sides.keep(float(t), standing(float(t)) if t < 1 else exchanged(standing(float(t)))) for t in clock(8)]
    np.testing.assert_array_equal(kept[-1].xy_px, exchanged(standing(float(clock(8)[-1]))).xy_px)
    np.testing.assert_array_equal(kept[30].xy_px, standing(float(clock(8)[30])).xy_px)


def test_after_a_gap_nothing_is_put_back() -> None:
    sides = LeftRightFixer()
    sides.keep(0.0, standing(0.0))
    turned = exchanged(standing(0.0))
    assert sides.keep(GAP_S + 0.1, turned) is turned


@pytest.mark.parametrize("foot_end_deg", [0, 45, 80, -40])
def test_somebody_who_lies_and_rolls_is_left_alone(foot_end_deg: float) -> None:
    sides = LeftRightFixer()
    moving = observe(
        lambda t: Lying(open_deg=20 * (1 - np.cos(t)), roll_deg=10 * np.sin(t)),
        clock(8),
        camera_for_lying(foot_end_deg),
        noise_px=1.0,
    )
    for seen in moving:
        assert seen.pose is not None
        assert sides.keep(seen.t_s, seen.pose) is seen.pose


def test_somebody_who_turns_round_is_followed() -> None:
    sides = LeftRightFixer()
    for t_s in clock(6):
        (seen,) = observe(lambda t: Standing(), [float(t_s)], camera_for_standing(az_deg=30 + 60 * float(t_s)))
        assert seen.pose is not None
        assert sides.keep(seen.t_s, seen.pose) is seen.pose
