from __future__ import annotations

import numpy as np
import pytest

from coach.evaluate.leave_one_out import fitted_share, refitted
from coach.evaluate.people import Measures, group_people, measures_of
from coach.evaluate.score import Depth
from coach.kinematics.upright import HIP_CENTRE_SHARE
from tests.evaluate.results import Json, hiker, stretch

TALL, SHORT = Measures(0.42, 0.25, 1.03), Measures(0.29, 0.18, 0.71)


def seen(lying: bool, azimuth: float, breadth: float = 1.0) -> Json:
    """A truth with the joints of a 0.4 m broad body as a camera without roll sees them."""
    across = {"shoulder": 0.20 * breadth, "hip": 0.12 * breadth, "knee": 0.12 * breadth, "ankle": 0.12 * breadth}
    along = {"shoulder": 1.45, "hip": 0.95, "knee": 0.5, "ankle": 0.1}
    camera = {"az": azimuth, "height": 1.2, "dist": 2.5, "at": [0, 0.32 if lying else 0.9, 0], "fov": 48, "roll": 0}
    turn = np.radians(azimuth)
    at = np.array(camera["at"])
    eye = np.array([2.5 * np.sin(turn), 1.2, 2.5 * np.cos(turn)])
    ahead = (at - eye) / np.linalg.norm(at - eye)
    right = np.cross(ahead, [0, 1, 0]) / np.linalg.norm(np.cross(ahead, [0, 1, 0]))
    up = np.cross(right, ahead)
    focal = 360 / np.tan(np.radians(24))
    px = {}
    for name, half in across.items():
        for side, sign in (("left", 1), ("right", -1)):
            point = [0.9 - along[name], 0.105, sign * half] if lying else [sign * half, along[name], 0.0]
            ray = np.array(point) - eye
            depth = ray @ ahead
            px[f"{name}_{side}"] = [640 + focal * (ray @ right) / depth, 360 - focal * (ray @ up) / depth]
    data = stretch() if lying else hiker(1)
    return data | {"camera": camera, "size": [1280, 720], "frames": [{"t": 0.0, "px": px}]}


@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize("azimuth", [-40.0, 0.0, 38.0])
def test_measures_from_the_true_joints(lying: bool, azimuth: float) -> None:
    found = measures_of(seen(lying, azimuth))
    assert found is not None
    assert (found.shoulders_m, found.hips_m, found.leg_m) == pytest.approx((0.40, 0.24, 0.85), abs=1e-6)
    other = measures_of(seen(lying, azimuth, breadth=1.1))
    assert other is not None
    assert not found.same(other)


def test_no_measures_without_joints_or_camera() -> None:
    assert measures_of(hiker(1)) is None
    assert measures_of(seen(False, 0.0) | {"camera": None}) is None
    assert TALL.same(Measures(0.425, 0.247, 1.05))


def test_names_go_before_lists_and_lists_before_bodies() -> None:
    named = {"a": "Ada", "b": None, "c": None, "d": None, "e": None}
    measures = {"a": TALL, "b": SHORT, "c": TALL, "d": SHORT, "e": None}
    assert group_people(named, {"b": "Bob", "a": "ignored"}, measures) == {
        "a": "Ada",
        "b": "Bob",
        "c": "Ada",
        "d": "Bob",
        "e": "unknown",
    }


def test_bodies_that_nobody_names_are_numbered() -> None:
    named = {"a": None, "b": None, "c": None}
    assert group_people(named, {}, {"a": TALL, "b": SHORT, "c": TALL}) == {
        "a": "person 1",
        "b": "person 2",
        "c": "person 1",
    }


def depths(true: list[float], scale: float) -> list[Depth]:
    """Repetitions whose measured sine is off by a factor."""
    return [
        Depth(i, deg, float(np.degrees(np.arcsin(scale * np.sin(np.radians(deg))))), (0.0, 90.0))
        for i, deg in enumerate(true, start=1)
    ]


def test_the_fitted_share_takes_a_common_factor_away() -> None:
    people = [depths([6, 10, 14], 1.1), depths([8, 12], 1.1)]
    assert fitted_share(people) == pytest.approx(HIP_CENTRE_SHARE * 1.1)


def test_leaving_a_person_out_uses_the_others_only() -> None:
    [ada, bob] = refitted({"Ada": depths([6, 10, 14], 1.0), "Bob": depths([6, 10, 14], 1.2)}, 5.0)
    assert ada.share == pytest.approx(HIP_CENTRE_SHARE * 1.2)
    assert bob.share == pytest.approx(HIP_CENTRE_SHARE)
    assert (ada.mae_deg, bob.refitted_mae_deg) == (pytest.approx(0.0), pytest.approx(bob.mae_deg))
    assert ada.refitted_mae_deg > 1.0


def test_a_count_that_hangs_on_the_fit_is_told() -> None:
    [ada, _] = refitted({"Ada": depths([5.5, 10], 1.0), "Bob": depths([10, 12], 1.2)}, 5.0)
    assert ada.changed == 1


def test_one_person_cannot_be_left_out() -> None:
    assert refitted({"Ada": depths([10], 1.0), "Bob": []}, 5.0) == []
