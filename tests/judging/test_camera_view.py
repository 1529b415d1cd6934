"""From where the camera looks, and what is said about it."""

from __future__ import annotations

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.rules import View
from coach.judging.camera_view import CameraView, advice, supine_view, upright_view
from coach.kinematics.body import lying_body
from coach.types import SIDES, Side, other_side
from tests.scripts import Lying, Standing, camera_for_lying, camera_for_standing, standing_body


@pytest.mark.parametrize(
    ("az_deg", "name"),
    [(0, "frontal"), (-8, "frontal"), (30, "oblique"), (-45, "oblique"), (90, "side"), (-85, "side"), (150, "back")],
)
def test_standing(az_deg: float, name: str) -> None:
    view = upright_view(standing_body(camera_for_standing(az_deg).pose(Standing().joints())))
    assert view.name == name
    assert view.angle_deg == pytest.approx(abs(az_deg), abs=2)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("foot_end_deg", "near", "height_deg", "name"),
    [
        (0, False, 28, "side"),
        (40, True, 28, "diagonal"),
        (40, False, 28, "diagonal"),
        (-35, True, 28, "head-end"),
        (0, True, 70, "above"),
    ],
)
def test_lying(side: Side, foot_end_deg: float, near: bool, height_deg: float, name: str) -> None:
    camera = camera_for_lying(foot_end_deg, side if near else other_side(side), height_deg)
    view = supine_view(lying_body([camera.pose(Lying(side).joints())]), side)
    assert view.name == name


def test_what_is_said_of_a_view_that_cannot_tell() -> None:
    hiker = load_exercise("hip-hiker")
    frontal = upright_view(standing_body(camera_for_standing(0).pose(Standing().joints())))
    oblique = upright_view(standing_body(camera_for_standing(35).pose(Standing().joints())))
    assert advice(hiker, frontal) == hiker.say("view_frontal")
    assert advice(hiker, oblique) is None


def test_of_a_stretch_seen_from_its_side_it_is_said_that_the_opening_is_rough() -> None:
    strap = load_exercise("strap-stretch")
    assert strap.hold is not None
    assert not strap.hold.depth_shown_from("side", 3.0)
    assert advice(strap, CameraView("side", 3.0)) == strap.say("view_side")


@pytest.mark.parametrize(("view", "key"), [("diagonal", "view_diagonal"), ("head-end", "view_head_end")])
def test_nearly_side_on_it_is_the_near_leg_that_hides_things(view: View, key: str) -> None:
    strap = load_exercise("strap-stretch")
    assert advice(strap, CameraView(view, 8.0)) == strap.say("view_near")
    assert advice(strap, CameraView(view, 35.0)) == strap.say(key)
