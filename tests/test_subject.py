"""One person is followed; phantoms and bystanders never take over."""

from __future__ import annotations

from coach.subject import FORGET_S, Subject
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
