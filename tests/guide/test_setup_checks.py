"""The set-up's checks one by one: passes, does not, or cannot be told."""

from __future__ import annotations

import math

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.programme import Block, load_programme
from coach.guide.plan import Task, make_task
from coach.guide.setup import DWELL_S, Latch, Setup
from coach.guide.setup_checks import CHECKS, Finding, Measured
from coach.types import Observation, Pose
from tests.guide.people import lying, seen, standing, tilted


def task(exercise: str = "hip-hiker", side: str = "left") -> Task:
    return make_task(Block(exercise=exercise, side=side), load_exercise(exercise))


def recent(pose: Pose | None, seconds: float = 1.5, fps: float = 10, **more: float) -> list[Observation]:
    return [seen(n / fps, pose, **more) for n in range(round(seconds * fps))]


def find(name: str, observations: list[Observation], of: Task | None = None, slack: float = 0.0) -> Finding:
    return CHECKS[name]([Measured.of(each) for each in observations], of or task(), slack)  # type: ignore[index]


STRAP = task("strap-stretch")


@pytest.mark.parametrize("name", list(CHECKS))
def test_a_good_place_passes_every_check_that_can_be_told(name: str) -> None:
    assert find(name, recent(standing())).ok is not False
    assert find(name, recent(lying()), STRAP).ok is not False


@pytest.mark.parametrize("name", [name for name in CHECKS if name != "person"])
def test_nobody_is_never_wrong_form(name: str) -> None:
    assert find(name, recent(None)).ok is not False


@pytest.mark.parametrize(
    ("name", "pose", "remedy", "blocking"),
    [
        ("person", None, "fix_nobody", True),
        ("posture", lying(), "fix_stand_up", True),
        ("whole_body", standing(bottom=1.05), "fix_feet", True),
        ("whole_body", standing(top=-0.3), "fix_head", True),
        ("whole_body", standing(top=-0.08), "fix_head", False),
        ("whole_body", standing(middle=0.98), "fix_sideways", True),
        ("whole_body", standing(middle=0.01), "fix_sideways", True),
        ("distance", standing(top=0.4, bottom=0.7), "fix_too_far", True),
        ("distance", standing(top=-0.05, bottom=1.05), "fix_too_near", False),
        ("angle", standing(turn_deg=0), "fix_turn_away", False),
        ("angle", standing(turn_deg=-5), "fix_turn_away", False),
        ("angle", standing(turn_deg=80), "fix_turn_towards", False),
        ("level", tilted(9), "fix_level", False),
        ("level", tilted(-9), "fix_level", False),
    ],
)
def test_standing(name: str, pose: Pose | None, remedy: str, blocking: bool) -> None:
    assert find(name, recent(pose)) == Finding(False, remedy, blocking)


@pytest.mark.parametrize(
    ("name", "pose", "remedy", "blocking"),
    [
        ("posture", standing(), "fix_lie_down", True),
        ("whole_body", lying(size=1.1), "fix_lying_whole", True),
        ("whole_body", lying(height=0.3), "fix_lying_room", False),
        ("distance", lying(size=0.15), "fix_lying_too_far", True),
        ("angle", lying(turn_deg=85), "fix_lying_turn", False),
    ],
)
def test_lying(name: str, pose: Pose, remedy: str, blocking: bool) -> None:
    assert find(name, recent(pose), STRAP) == Finding(False, remedy, blocking)


def test_either_side_may_be_turned_to_the_camera_when_standing() -> None:
    assert find("angle", recent(standing(turn_deg=-35))).ok
    assert find("angle", recent(standing(turn_deg=35))).ok


def test_the_leg_that_moves_belongs_away_from_the_camera_when_lying() -> None:
    right = task("strap-stretch", "right")
    assert find("angle", recent(lying(turn_deg=85)), right).ok
    assert find("angle", recent(lying(turn_deg=-85)), right).ok is False
    assert find("angle", recent(lying(turn_deg=-50)), right).ok  # from the foot end


def test_level_cannot_be_told_of_somebody_who_lies_or_moves() -> None:
    assert find("level", recent(lying()), STRAP).ok is None
    moving = [seen(n / 10, standing(middle=0.3 + 0.03 * n)) for n in range(15)]
    assert find("level", moving).ok is None


def test_a_second_person_is_mentioned_but_does_not_block() -> None:
    assert find("person", [seen(0, standing(), people=2)]) == Finding(False, "fix_several", False)


@pytest.mark.parametrize(("brightness", "remedy"), [(20, "fix_too_dark"), (240, "fix_too_bright"), (120, ""), (60, "")])
def test_light(brightness: float, remedy: str) -> None:
    assert find("light", recent(standing(), brightness=brightness)).remedy == remedy


def test_what_was_not_measured_cannot_be_told() -> None:
    assert find("light", recent(standing(), brightness=math.nan)).ok is None
    assert find("sharpness", recent(standing())).ok is None


def test_sharpness() -> None:
    assert find("sharpness", recent(standing(), sharpness=1.0)).remedy == "fix_sharpness"
    assert find("sharpness", recent(standing(), sharpness=200.0)).ok


@pytest.mark.parametrize(("fps", "ok"), [(5, False), (10, True), (15, True), (30, True)])
def test_frame_rate_by_the_frames_own_times(fps: float, ok: bool) -> None:
    assert find("frame_rate", recent(standing(), fps=fps)).ok is ok


def test_frame_rate_cannot_be_told_at_once() -> None:
    assert find("frame_rate", recent(standing(), seconds=0.3)).ok is None


def test_bounds_are_wider_for_what_already_passed() -> None:
    edge = recent(standing(turn_deg=16))
    assert find("angle", edge).ok is False
    assert find("angle", edge, slack=1.0).ok


def test_a_latch_changes_only_when_the_new_finding_lasts() -> None:
    latch = Latch()
    good, bad = Finding(True), Finding(False, "fix_level")
    assert latch.step(0.0, good).ok
    for n in range(40):  # a value that jumps at the edge, ten times a second
        assert latch.step(0.1 * n, good if n % 2 else bad).ok
    assert latch.step(5.0, bad).ok
    assert latch.step(5.0 + DWELL_S, bad).ok is False


def test_in_the_dark_light_is_asked_for_before_anything_else() -> None:
    setup = Setup(task(), load_programme().speak("en"))
    for n in range(10):
        state = setup.step(seen(n / 10, None, brightness=10))
    assert state.remedy == "fix_too_dark"


def test_every_check_has_a_line_with_a_state_and_a_remedy_where_it_fails() -> None:
    setup = Setup(STRAP, load_programme().speak("en"))
    for n in range(20):
        state = setup.step(seen(n / 10, standing(bottom=1.05)))
    lines = {check.name: check for check in state.checks}
    assert list(lines) == list(CHECKS)
    assert (lines["posture"].state, lines["posture"].label) == ("not_ok", "Lying down")
    assert lines["posture"].remedy == "Lie down on your back."
    assert all(bool(check.remedy) == (check.state == "not_ok") for check in state.checks)
    assert lines["sharpness"].state == "unknown"
    assert state.remedy == "fix_lie_down"


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_passing_takes_two_seconds_at_any_frame_rate(fps: int) -> None:
    setup = Setup(task(), load_programme().speak("en"))
    passed = [n / fps for n in range(5 * fps) if setup.step(seen(n / fps, standing())).passed]
    assert passed[0] == pytest.approx(2.0, abs=1.5 / fps)
