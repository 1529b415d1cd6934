"""One name of a joint means the same rows on the screen, on the page and in the report."""

from __future__ import annotations

import pytest

from coach.definitions.exercise import builtin_names, load_exercise
from coach.kinematics.skeleton import PARTS, PLURALS, ROLES, joint_problem, joint_rows
from coach.types import SIDES, Joint, Side, joint, other_side


@pytest.mark.parametrize("part", [*PARTS, *PLURALS])
@pytest.mark.parametrize("side", SIDES)
def test_left_is_left_whichever_side_moves(part: str, side: Side) -> None:
    for named in SIDES:
        rows = joint_rows([f"{named} {part}"], side)
        assert rows
        assert {Joint(row).name.partition("_")[0].lower() for row in rows} == {named}


@pytest.mark.parametrize("part", [*PARTS, *PLURALS])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("side", SIDES)
def test_a_role_belongs_to_one_side(part: str, role: str, side: Side) -> None:
    own = side if ROLES[role] else other_side(side)
    assert joint_rows([f"{role} {part}"], side) == joint_rows([f"{own} {part}"], side)
    assert joint_rows([f"{role} {part}"], None) == ()


def test_a_part_by_itself_is_both_sides() -> None:
    assert joint_rows(["hips"], None) == (joint("hip", "left"), joint("hip", "right"))
    assert joint_rows(["hip", "hips"], "left") == joint_rows(["hips"], None)


@pytest.mark.parametrize("name", ["", "kneee", "stanse knee", "left", "left right knee", "nose"])
def test_a_misspelt_joint_is_refused_with_what_there_is(name: str) -> None:
    problem = joint_problem(name)
    assert problem is not None
    assert "use one of" in problem
    with pytest.raises(ValueError, match="use one of"):
        joint_rows([name], "left")


@pytest.mark.parametrize("name", builtin_names())
def test_the_joints_of_the_shipped_exercises_are_known(name: str) -> None:
    for fault in load_exercise(name).faults:
        assert joint_rows(fault.joints, "left")
