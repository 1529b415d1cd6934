"""Needles: steadied over the last moments, still where nothing can be measured from there."""

from __future__ import annotations

import math

import pytest

from coach.definitions.exercise import load_exercise
from coach.judging.camera_view import CameraView
from coach.judging.display import Display
from coach.types import Signals

HIKER = load_exercise("hip-hiker")
OBLIQUE, FRONTAL = CameraView("oblique", 35.0), CameraView("frontal", 3.0)


def display(*drops: float) -> Display:
    shown = Display(HIKER, 0.25)
    for i, drop in enumerate(drops):
        values = {"pelvic_drop_deg": drop, "stance_knee_flexion_deg": 5.0}
        shown.add(i * 0.1, {"left": Signals(i * 0.1, "left", values)})
    return shown


def test_a_needle_is_the_mean_of_the_last_moments() -> None:
    assert display(90.0, 3.0, 4.0, 5.0).value("pelvic_drop_deg", "left") == pytest.approx(4.0)
    assert display(90.0, 3.0, math.nan, 5.0).value("pelvic_drop_deg", "left") == pytest.approx(4.0)
    assert math.isnan(display(3.0).value("pelvic_drop_deg", "right"))


def test_a_needle_that_this_view_cannot_tell_stays_still() -> None:
    def values(view: CameraView) -> dict[str, float]:
        return {
            gauge.name: gauge.value for gauge in display(3.0).status("ready", "ready", 0, "left", "left", view).gauges
        }

    assert values(OBLIQUE)["stance_knee_flexion_deg"] == 5.0 and values(OBLIQUE)["pelvic_drop_deg"] == 3.0
    assert math.isnan(values(FRONTAL)["stance_knee_flexion_deg"]) and values(FRONTAL)["pelvic_drop_deg"] == 3.0


def test_before_anything_is_measured_every_needle_is_still_and_the_view_unknown() -> None:
    status = display().status("calibrating", "calibrating", 0, None, None, None)
    assert all(math.isnan(gauge.value) for gauge in status.gauges) and math.isnan(status.view_angle_deg)
    assert status.view_advice is None and status.target == HIKER.target.count


def test_how_far_a_leg_opened_is_not_shown_from_where_it_cannot_be_told() -> None:
    strap = load_exercise("strap-stretch")
    assert not strap.shown_from("leg_open_deg", "side", 5.0)
    assert strap.shown_from("leg_open_deg", "side", 25.0), "far enough from side-on"
    assert strap.shown_from("leg_open_deg", "diagonal", 5.0) and strap.shown_from(
        "raised_knee_flexion_deg", "side", 5.0
    )
