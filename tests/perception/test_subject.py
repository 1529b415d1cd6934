"""One person is followed; phantoms and bystanders never take over."""

from __future__ import annotations

import pytest

from coach.perception.subject import FORGET_S, GIVE_WAY_S, Subject
from coach.types import Pose
from tests.conftest import standing_pose

SIZE = (640, 480)


def centre_x(pose: Pose | None) -> float:
    assert pose is not None
    return float(pose.xy_px[11:13, 0].mean()) / SIZE[0]


def test_nobody() -> None:
    assert Subject().choose(0.0, (), SIZE) == (None, 0)


def test_a_phantom_on_the_furniture_is_nobody() -> None:
    assert Subject().choose(0.0, (standing_pose(SIZE, height=0.15),), SIZE) == (None, 0)


def test_the_largest_person_is_the_subject_at_first() -> None:
    small, large = standing_pose(SIZE, 0.2, 0.5), standing_pose(SIZE, 0.7, 0.9)
    pose, people = Subject().choose(0.0, (small, large), SIZE)
    assert pose is large
    assert people == 2


def test_a_larger_bystander_does_not_take_over() -> None:
    subject = Subject()
    subject.choose(0.0, (standing_pose(SIZE, 0.3, 0.6),), SIZE)
    for i in range(1, 60):
        pose, people = subject.choose(i / 15, (standing_pose(SIZE, 0.8, 0.95), standing_pose(SIZE, 0.3, 0.6)), SIZE)
        assert centre_x(pose) < 0.4
        assert people == 2


def test_who_stands_in_the_middle_is_meant_and_not_a_somewhat_larger_bystander_at_the_edge() -> None:
    pose, _ = Subject().choose(0.0, (standing_pose(SIZE, 0.85, 0.8), standing_pose(SIZE, 0.5, 0.6)), SIZE)
    assert centre_x(pose) == pytest.approx(0.5, abs=0.05)


def test_a_bystander_at_the_edge_gives_way_to_who_comes_to_exercise() -> None:
    subject = Subject()
    for i in range(75):
        comer = standing_pose(SIZE, 0.5, 0.6)
        pose, _ = subject.choose(i / 15, (standing_pose(SIZE, 0.85, 0.8), *([comer] if i >= 15 else [])), SIZE)
        assert centre_x(pose) == pytest.approx(0.85 if i < 15 + GIVE_WAY_S * 15 else 0.5, abs=0.05)


def test_nobody_in_the_middle_gives_way_and_no_phantom_is_given_way_to() -> None:
    for own, other_height in ((0.35, 0.95), (0.85, 0.25)):
        subject = Subject()
        subject.choose(0.0, (standing_pose(SIZE, own, 0.6),), SIZE)
        for i in range(1, 150):
            other = standing_pose(SIZE, 0.6, other_height)
            pose, _ = subject.choose(i / 15, (other, standing_pose(SIZE, own, 0.6)), SIZE)
            assert centre_x(pose) == pytest.approx(own, abs=0.05)


def test_a_bystander_alone_is_not_the_subject_who_just_left() -> None:
    subject = Subject()
    subject.choose(0.0, (standing_pose(SIZE, 0.15, 0.6),), SIZE)
    assert subject.choose(0.5, (standing_pose(SIZE, 0.9, 0.6),), SIZE) == (None, 1)


def test_after_a_while_whoever_is_there_is_the_subject() -> None:
    subject = Subject()
    subject.choose(0.0, (standing_pose(SIZE, 0.15, 0.6),), SIZE)
    pose, _ = subject.choose(FORGET_S + 0.1, (standing_pose(SIZE, 0.9, 0.6),), SIZE)
    assert pose is not None


def test_the_subject_may_walk() -> None:
    subject = Subject()
    for i in range(30):
        x = 0.2 + 0.02 * i
        pose, _ = subject.choose(i / 15, (standing_pose(SIZE, x, 0.8),), SIZE)
        assert abs(centre_x(pose) - x) < 0.05


def test_somebody_far_larger_at_the_same_place_is_somebody_else() -> None:
    subject = Subject()
    subject.choose(0.0, (standing_pose(SIZE, 0.5, 0.3),), SIZE)
    assert subject.choose(0.1, (standing_pose(SIZE, 0.5, 0.95),), SIZE)[0] is None
