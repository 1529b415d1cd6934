"""Upright lines in the room, and where they would meet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from coach.perception.verticals import agreed_growth, find_verticals
from coach.types import Picture
from tests.scripts import Camera, Standing

LOOKS_AT = (0.0, 0.85, 0.0)


def camera_at(height_m: float, roll_deg: float = 0.0, size_px: tuple[int, int] = (1280, 720)) -> Camera:
    return Camera((0.0, height_m, 2.4), LOOKS_AT, roll_deg, size_px)


def room(camera: Camera, uprights_m: list[float], light: int = 200) -> Picture:
    """A wall a metre behind, with dark boards of that distance from the middle, two metres high."""
    width, height = camera.size_px
    rgb = np.full((height, width, 3), light, np.uint8)
    for x in uprights_m:
        corners = np.zeros((33, 3))
        corners[:4] = [(x, 0, -1), (x + 0.08, 0, -1), (x + 0.08, 2, -1), (x, 2, -1)]
        cv2.fillPoly(rgb, [camera.pose(corners).xy_px[:4].round().astype(np.int32)], (60, 50, 40))
    return cv2.GaussianBlur(rgb, (0, 0), 1.0).astype(np.uint8)


def growth(camera: Camera) -> float:
    """By how much the lean of what is upright truly grows over a width of the picture."""
    return camera.converges_per_px * camera.size_px[0]


@pytest.mark.parametrize("height_m", [0.4, 0.85, 1.1, 1.7])
@pytest.mark.parametrize("size_px", [(1280, 720), (480, 640)])
def test_a_room_tells_how_steeply_the_camera_looks_down(height_m: float, size_px: tuple[int, int]) -> None:
    camera = camera_at(height_m, size_px=size_px)
    found = find_verticals(room(camera, [-1.1, -0.7, -0.3, 0.25, 0.6, 1.0]), None)
    assert found is not None
    assert found[0] == pytest.approx(growth(camera), abs=0.02)
    assert found[1] < 0.05
    assert not found.flags.writeable


@pytest.mark.parametrize("roll_deg", [-8, -3, 3, 8])
def test_a_tilted_camera_changes_little(roll_deg: float) -> None:
    camera = camera_at(1.1, roll_deg)
    found = find_verticals(room(camera, [-1.1, -0.7, -0.3, 0.25, 0.6, 1.0]), None)
    assert found is not None
    assert found[0] == pytest.approx(growth(camera), abs=0.03)


def test_a_camera_on_its_side_tells_nothing() -> None:
    room_m = [-1.1, -0.7, -0.3, 0.25, 0.6, 1.0]
    assert find_verticals(room(camera_at(1.1, 15), room_m), None) is None
    leaning = [[(100 + 150 * i, 100), (250 + 150 * i, 600)] for i in range(6)]
    assert agreed_growth(np.array(leaning, float), (1280, 720)) is None


def test_a_bare_wall_tells_nothing() -> None:
    assert find_verticals(np.full((480, 640, 3), 120, np.uint8), None) is None


def test_lines_in_one_place_tell_little() -> None:
    camera = camera_at(1.1)
    far_apart = find_verticals(room(camera, [-1.1, -0.7, -0.3, 0.25, 0.6, 1.0]), None)
    together = find_verticals(room(camera, [-0.3, -0.12, 0.06, 0.24]), None)
    assert far_apart is not None
    assert together is None or together[1] > 2 * far_apart[1]


def test_a_person_s_own_outline_is_left_out() -> None:
    camera = camera_at(1.1)
    pose = camera.pose(Standing().joints())
    behind_them = [-0.18, -0.06, 0.06, 0.14]
    assert find_verticals(room(camera, behind_them), pose) is None
    with_room = find_verticals(room(camera, [*behind_them, -1.1, -0.8, 0.8, 1.0]), pose)
    assert with_room is not None and with_room[0] == pytest.approx(growth(camera), abs=0.02)


def test_what_leans_by_itself_does_not_vote() -> None:
    lines = [[(100 + 150 * i, 100), (100 + 150 * i, 600)] for i in range(8)]
    leaning = [[(200, 100), (300, 600)], [(900, 150), (1010, 580)]]
    found = agreed_growth(np.array(lines + leaning, float), (1280, 720))
    assert found is not None and found[0] == pytest.approx(0, abs=1e-3)


def test_lines_that_do_not_agree_are_doubtful() -> None:
    """As many come together below the picture as above it."""

    def towards(y: float, xs: list[float]) -> list[list[tuple[float, float]]]:
        return [[(640 + (x - 640) * (v - y) / (360 - y), float(v)) for v in (200, 520)] for x in xs]

    down, up = towards(2500.0, [100, 300, 500, 800, 1000]), towards(-6000.0, [150, 350, 550, 850, 1100])
    clear, torn = (agreed_growth(np.array(lines), (1280, 720)) for lines in (down, down + up))
    assert clear is not None and torn is not None
    assert clear[0] == pytest.approx(1280 / (2500 - 360), abs=0.01)
    assert torn[1] > 3 * clear[1]


def test_fewer_lines_than_a_door_has_tell_nothing() -> None:
    assert agreed_growth(np.empty((0, 2, 2)), (1280, 720)) is None
    assert agreed_growth(np.array([[(100.0, 100.0), (100.0, 600.0)]] * 3), (1280, 720)) is None


def test_lines_at_one_place_tell_nothing() -> None:
    lines = [[(777.7, 20.0 + 110 * i), (777.7, 120.0 + 110 * i)] for i in range(6)]
    assert agreed_growth(np.array(lines), (1280, 720)) is None


@pytest.mark.parametrize("shape", [(1, 2000), (2000, 1), (1, 1), (2000, 640)])
def test_pictures_of_odd_shapes(shape: tuple[int, int]) -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (*shape, 3)).astype(np.uint8)
    found = find_verticals(rgb, None)
    assert found is None or np.isfinite(found).all()
