"""Whether somebody is there in the posture of the exercise, and when they are lost."""

from __future__ import annotations

from coach.definitions.exercise import load_exercise
from coach.judging.attendance import Attendance
from coach.types import Observation
from tests.scripts import Lying, Standing, camera_for_lying, camera_for_standing

HIKER, STRAP = load_exercise("hip-hiker"), load_exercise("strap-stretch")


def standing(t_s: float) -> Observation:
    camera = camera_for_standing()
    return Observation(t_s, camera.size_px, camera.pose(Standing().joints()))


def nobody(t_s: float) -> Observation:
    return Observation(t_s, (960, 540), None)


def test_a_glance_away_is_nothing_and_a_long_absence_is_told_once() -> None:
    attendance = Attendance(HIKER, 1.0)
    assert attendance.step(nobody(0.0)) is None, "who never came is not lost"
    came = attendance.step(standing(0.1))
    assert came is not None and came.name == "returned"
    assert attendance.step(nobody(0.5)) is None and attendance.there == "nobody" and not attendance.lost
    assert attendance.step(standing(0.8)) is None
    lost = [attendance.step(nobody(t)) for t in (1.5, 1.9, 2.5)]
    assert [event and (event.name, event.detail) for event in lost] == [None, ("lost", "nobody"), None]
    back = attendance.step(standing(3.0))
    assert back is not None and back.name == "returned"


def test_the_posture_has_to_be_that_of_the_exercise() -> None:
    camera = camera_for_lying()
    lying = Observation(0.0, camera.size_px, camera.pose(Lying().joints()))
    seen = {}
    for exercise in (HIKER, STRAP):
        for name, observation in (("standing", standing(0.0)), ("lying", lying)):
            attendance = Attendance(exercise, 1.0)
            attendance.step(observation)
            seen[exercise.name, name] = attendance.there
    assert seen == {
        ("hip-hiker", "standing"): "here",
        ("hip-hiker", "lying"): "partial",
        ("strap-stretch", "standing"): "partial",
        ("strap-stretch", "lying"): "here",
    }
