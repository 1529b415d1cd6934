"""Times that rise, whatever the stamps of a file do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.video.picture_times import MOST_GAP_S, PictureTimes, Stamps

NAN = math.nan


def made(stamps: list[float], fps: float = NAN) -> tuple[list[float], PictureTimes]:
    times = PictureTimes(Stamps(np.array(stamps, np.float64), fps))
    found = [times.of(stamp) for stamp in stamps]
    return [t_s for t_s in found if t_s is not None], times


def test_times_that_rise_are_kept_from_the_first_one_on() -> None:
    assert made([5.0, 5.1, 5.35, 5.4])[0] == pytest.approx([0.0, 0.1, 0.35, 0.4])
    assert made([-0.2, -0.1, 0.0])[0] == pytest.approx([0.0, 0.1, 0.2])


def test_a_clock_that_is_set_back_or_far_forward_goes_on() -> None:
    even = [i / 10 for i in range(20)]
    for later in ([i / 10 - 50 for i in range(20)], [i / 10 for i in range(20)], [i / 10 + 7200 for i in range(20)]):
        found, times = made([*even, *later])
        assert found == pytest.approx([i / 10 for i in range(40)], abs=1e-9)
        assert times.joined == 1


def test_a_hole_stays_a_hole() -> None:
    found, times = made([0.0, 0.1, 0.2, 7.2, 7.3])
    assert found == pytest.approx([0.0, 0.1, 0.2, 7.2, 7.3])
    assert (times.gaps, times.joined, times.first_gap_s) == (1, 0, pytest.approx(0.2))
    assert times.gaps_s == pytest.approx(7.0)


@pytest.mark.parametrize(("fps", "expected"), [(NAN, 15), (25.0, 25), (1000.0, 15), (1e6, 15), (0.0, 15)])
def test_without_times_pictures_are_counted_at_a_rate_that_a_camera_has(fps: float, expected: float) -> None:
    for stamps in ([NAN] * 10, [3.0] * 10):
        found, times = made(stamps, fps)
        assert found == pytest.approx([i / expected for i in range(10)])
        assert times.counted


def test_a_clock_of_whole_seconds_tells_the_rate() -> None:
    found, times = made([float(i // 20) for i in range(200)])
    assert times.counted
    assert found[-1] == pytest.approx(9.0, abs=0.6)


def test_the_rate_of_whole_milliseconds_is_that_of_all() -> None:
    stamps = [round(1000 * i / 30) / 1000 for i in range(100)]
    assert Stamps(np.array(stamps)).fps == pytest.approx(30.0, abs=0.01)


def test_the_length_is_known_before_anything_is_decoded() -> None:
    reordered = [0.0, 0.3, 0.1, 0.2, 0.6, 0.4, 0.5, 7.8, 7.6, 7.7, 7.9]
    assert Stamps(np.array(reordered)).duration_s == pytest.approx(8.0, abs=0.01)
    even = [i / 10 for i in range(20)]
    assert Stamps(np.array([*even, *even])).duration_s == pytest.approx(4.0, abs=0.01)
    assert Stamps(np.array([1.0] * 30)).duration_s == pytest.approx(2.0)
    assert math.isnan(Stamps(np.array([])).duration_s)


stamps = st.lists(st.one_of(st.just(NAN), st.floats(-1e5, 1e5), st.integers(0, 30).map(float)), min_size=1, max_size=80)


@given(stamps, st.sampled_from([NAN, 0.0, 15.0, 30.0, 1e6]))
def test_times_always_rise_and_no_run_of_pictures_is_lost(values: list[float], fps: float) -> None:
    found, times = made(values, fps)
    assert found[0] == 0.0
    assert all(0 < later - earlier <= MOST_GAP_S + 1 for earlier, later in zip(found, found[1:]))
    assert len(found) + times.left_out == len(values)
    assert times.left_out <= 0.75 * len(values)


def test_a_clock_that_stops_costs_three_pictures_and_not_the_speed() -> None:
    even = [i / 30 for i in range(100)]
    found, times = made([*even, *[even[-1]] * 90, *(even[-1] + i / 30 for i in range(1, 60))])
    assert len(found) == 100 + 87 + 59
    assert np.diff(found) == pytest.approx(1 / 30)
    assert (times.joined, times.left_out) == (1, 3)


def test_a_clock_that_runs_backwards_goes_on_at_the_rate() -> None:
    even = [i / 30 for i in range(100)]
    found, times = made([*even, *reversed(even[:-1])])
    assert np.diff(found) == pytest.approx(1 / 30)
    assert (times.joined, times.left_out) == (1, 3)


def test_times_closer_together_than_any_camera_takes_pictures_are_none() -> None:
    found, times = made([i * 16e-6 for i in range(90)], fps=30.0)
    assert (times.counted, times.left_out) == (True, 0)
    assert found == pytest.approx([i / 30 for i in range(90)])
