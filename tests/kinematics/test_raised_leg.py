"""Which leg is up, where the network exchanges them or draws both on one."""

from __future__ import annotations

import numpy as np
import pytest

from coach.kinematics.feet import Feet, FeetReader
from coach.kinematics.raised_leg import LOST_S, RaisedLeg
from coach.types import JOINTS, SIDES, Joint, Part, Pose, joint

STEP_S = 0.1
FLOOR, UP, OPEN = (400.0, 300.0), (300.0, 100.0), (340.0, 190.0)  # feet of the right and of the raised left leg
Place = tuple[float, float]


def pose_of(left: Place, right: Place) -> Pose:
    """Somebody whose head is to the left, hips at (300, 300), with legs of 200 px straight to these feet."""
    xy = np.zeros((JOINTS, 2), np.float32)
    for side, foot in zip(SIDES, (left, right), strict=True):
        xy[joint("shoulder", side)] = (175, 300)
        xy[joint("hip", side)] = (300, 300)
        xy[joint("knee", side)] = (np.add((300, 300), foot)) / 2
        for name in ("ankle", "heel", "toe"):
            xy[joint(name, side)] = foot
    return Pose(xy, np.zeros((JOINTS, 3), np.float32), np.ones(JOINTS, np.float32))


def feet_of(places: list[tuple[Place, Place]], follows: bool = False) -> list[Feet]:
    """What the network says, picture by picture; follows: the pixels go along, otherwise they rest."""
    reader, read = FeetReader(), []
    for number, (left, right) in enumerate(places):
        motion = np.zeros((len(Part), 3), np.float32)
        motion[:, 2] = 1.0
        if follows and number:
            motion[Part.LEFT_FOOT, :2] = np.subtract(left, places[number - 1][0])
            motion[Part.RIGHT_FOOT, :2] = np.subtract(right, places[number - 1][1])
        read.append(reader.read(STEP_S * number, STEP_S, pose_of(left, right), motion))
    return read


def told(feet: list[Feet], up: int = 0) -> list[tuple[bool, list[bool]] | None]:
    """Whether legs are exchanged and which foot is seen, in each picture; None where it is over."""
    raised, answers = RaisedLeg(0.0, up, (UP, FLOOR), exchanged=False), []
    for each in feet:
        answer = raised.step(each)
        answers.append(None if answer is None else (answer[0], list(answer[1])))
        if answer is None:
            break
    return answers


def test_as_the_network_says() -> None:
    assert told(feet_of([(UP, FLOOR)] * 10)) == [(False, [True, True])] * 10


def test_exchanged() -> None:
    assert told(feet_of([(FLOOR, UP)] * 10)) == [(True, [True, True])] * 10


def test_both_on_the_raised_leg_the_higher_is_its_foot_and_the_other_is_not_seen() -> None:
    shin = (320.0, 240.0)
    assert told(feet_of([(UP, FLOOR)] * 5 + [(shin, OPEN)] * 8))[-1] == (True, [True, False])


def test_both_on_the_leg_on_the_floor_the_raised_is_not_seen() -> None:
    near = (410.0, 305.0)
    assert told(feet_of([(UP, FLOOR)] * 5 + [(near, FLOOR)] * 30))[-1] == (False, [False, True])


def test_a_foot_that_is_drawn_lower_for_a_moment_is_not_seen() -> None:
    between = (340.0, 230.0)
    answers = told(feet_of([(UP, FLOOR)] * 5 + [(between, FLOOR)] * 2 + [(UP, FLOOR)]))
    assert answers[5:] == [(False, [False, True])] * 2 + [(False, [True, True])]


def test_a_foot_that_opened_unseen_is_found_again() -> None:
    assert told(feet_of([(UP, FLOOR)] * 5 + [(OPEN, FLOOR)] * 6))[-1] == (False, [True, True])


def test_the_foot_on_the_floor_does_not_creep_up_the_other_leg() -> None:
    creeping = [(FLOOR[0] - 2.0 * n, FLOOR[1] - 3.0 * n) for n in range(25)]
    answers = told(feet_of([(UP, place) for place in creeping]))
    assert answers[0] == (False, [True, True]) and answers[-1] == (False, [True, False])


@pytest.mark.parametrize("up", [0, 1])
def test_legs_that_both_move_are_not_told_apart_here(up: int) -> None:
    cycling = [((300.0 + 10 * n, 100.0 + 8 * n), (400.0 - 6 * n, 300.0 - 9 * n)) for n in range(8)]
    assert told(feet_of(cycling, follows=True), up)[-1] is None


def test_a_leg_that_is_down_again() -> None:
    way = [(300.0 - 8 * n, 100.0 + 12 * n) for n in range(17)]
    assert told(feet_of([(place, FLOOR) for place in way] + [(way[-1], FLOOR)] * 4, follows=True))[-1] is None


def test_nothing_is_known_without_a_foot_that_is_up_or_on_its_place() -> None:
    lost = [((480.0, 280.0), (200.0, 280.0))] * 20
    answers = told(feet_of([(UP, FLOOR), *lost]))
    assert answers[-1] is None and len(answers) >= LOST_S / STEP_S


def test_places_are_those_of_the_body() -> None:
    """The rise is told in legs, from the trunk."""
    read = feet_of([(UP, FLOOR)])[0]
    assert read.rise == pytest.approx([1.0, 0.0])
    assert read.lines_px[0][0] == pose_of(UP, FLOOR).xy_px[Joint.LEFT_HIP].tolist()
