"""Angles and lengths against hand values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.kinematics.geometry import (
    angle_deg,
    bend_deg,
    between_deg,
    cross,
    distance,
    from_line,
    from_lines,
    length,
    median,
    medians,
    plus,
    quantile,
    share_of,
    tilt_deg,
    unit,
)

coordinates = st.floats(-1000, 1000)
points = st.tuples(coordinates, coordinates).map(np.array)


def at(*values: float) -> np.ndarray:
    return np.array(values, float)


@pytest.mark.parametrize(
    ("a", "c", "expected"),
    [
        (at(1, 0), at(0, 1), 90),
        (at(1, 0), at(-1, 0), 180),
        (at(1, 0), at(3, 0), 0),
        (at(1, 0), at(1, np.sqrt(3)), 60),
        (at(1, 0, 0), at(0, 0, 2), 90),
    ],
)
def test_angle_at_the_origin(a: np.ndarray, c: np.ndarray, expected: float) -> None:
    assert angle_deg(a, np.zeros_like(a), c) == pytest.approx(expected)
    assert between_deg(a, c) == pytest.approx(expected)


def test_no_angle_without_a_direction() -> None:
    assert np.isnan(angle_deg(at(1, 1), at(1, 1), at(2, 2)))
    assert np.isnan(angle_deg(at(np.nan, 1), at(0, 0), at(2, 2)))


def test_the_bend_of_a_chain() -> None:
    """Picture: x right, y down. A chain that goes down and has its middle to the right is bent by a positive angle."""
    assert bend_deg(at(0, 0), at(0, 1), at(0, 2)) == 0
    assert bend_deg(at(0, 0), at(1, 1), at(0, 2)) == pytest.approx(90)
    assert bend_deg(at(0, 0), at(-1, 1), at(0, 2)) == pytest.approx(-90)
    assert bend_deg(at(0, 0), at(0, 1), at(-np.tan(np.radians(20)), 2)) == pytest.approx(20)


def test_tilt_from_the_vertical() -> None:
    assert tilt_deg(at(0, 10), at(0, 0)) == 0
    assert tilt_deg(at(0, 10), at(10, 0)) == pytest.approx(45)
    assert tilt_deg(at(0, 10), at(-10, 0)) == pytest.approx(-45)
    assert abs(tilt_deg(at(0, 0), at(0, 10))) == pytest.approx(180)


def test_how_much_of_a_line_is_the_same() -> None:
    assert share_of((2.0, 2.0), (4.0, 4.0)) == 0.5
    assert share_of((0.0, -3.0), (0.0, 3.0)) == -1
    assert share_of((1.0, 0.0), (0.0, 1.0)) == 0
    assert np.isnan(share_of((1.0, 0.0), (0.0, 0.0)))


def test_length_and_direction() -> None:
    assert length(at(1, 2), at(4, 6)) == 5
    assert unit(at(3, 4)) == pytest.approx([0.6, 0.8])
    assert np.isnan(unit(at(0, 0))).all()


@given(points, points, points)
def test_a_bend_does_not_care_which_end_it_starts_from_but_for_its_sign(
    a: np.ndarray, b: np.ndarray, c: np.ndarray
) -> None:
    there, back = bend_deg(a, b, c), bend_deg(c, b, a)
    if abs(abs(there) - 180) > 1e-3:
        assert there == pytest.approx(-back, abs=1e-6)


@given(points, points, points, st.floats(0.1, 10), st.floats(-180, 180))
def test_angles_stay_when_the_picture_is_scaled_and_turned(
    a: np.ndarray, b: np.ndarray, c: np.ndarray, factor: float, degrees: float
) -> None:
    if min(length(a, b), length(c, b)) < 1:
        return
    t = np.radians(degrees)
    turn = factor * np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])
    before, after = angle_deg(a, b, c), angle_deg(a @ turn, b @ turn, c @ turn)
    assert np.cos(np.radians(before)) == pytest.approx(np.cos(np.radians(after)), abs=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_a_median_is_numpys(values: list[float]) -> None:
    assert median(values) == np.median(values)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == np.quantile(values, share)


@given(st.tuples(coordinates, coordinates, coordinates), st.tuples(coordinates, coordinates, coordinates))
def test_what_is_square_to_both_is_numpys(u: tuple[float, ...], v: tuple[float, ...]) -> None:
    assert (cross(np.array(u), np.array(v)) == np.cross(u, v)).all()


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_the_medians_of_columns_are_those_of_numpy(count: int) -> None:
    rows = np.random.default_rng(count).normal(size=(count, 4, 2)).astype(np.float32)
    rows[0, 1, 0] = np.nan
    np.testing.assert_array_equal(medians(list(rows)), np.median(rows, axis=0))
    assert medians(rows).dtype == np.float32


def test_distances_from_lines_end_at_their_ends() -> None:
    points = np.array([[0.0, 3.0], [10.0, 4.0], [-3.0, 4.0]])
    starts, ends = np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([[6.0, 0.0], [10.0, 0.0]])
    found = from_lines(points, starts, ends)
    assert found[:, 0] == pytest.approx([3.0, np.hypot(4, 4), 5.0])
    assert found[:, 1] == pytest.approx([np.hypot(10, 3), 4.0, np.hypot(13, 4)]), "a place"
    assert np.isnan(from_lines(points, starts + np.nan, ends)).all()


vectors = st.tuples(coordinates, coordinates)


@given(vectors, vectors, vectors)
def test_one_point_and_one_line_are_what_many_are(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> None:
    assert from_line(point, start, end) == from_lines(np.array([point]), np.array([start]), np.array([end]))[0, 0]
    assert distance(point, plus(point, (3.0, 4.0), 2.0)) == pytest.approx(10.0)
