"""The state machine that cuts one value into movements."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.definitions.rules import MovementRule
from coach.judging.repetition_segmenter import Segmenter, Span
from tests.scripts import clock, dip

RULE = MovementRule(
    signal="x", depth="x", start_above=2.0, end_below=1.0, counts_from=5.0, min_cycle_s=0.5, max_cycle_s=15.0
)


def spans(t_s: Iterable[float], values: Iterable[float], rule: MovementRule = RULE) -> list[Span]:
    segmenter = Segmenter(rule)
    found = [segmenter.step(float(t), float(v)) for t, v in zip(t_s, values)]
    return [span for span in found if span is not None]


def course(t_s: np.ndarray, *dips: tuple[float, float]) -> np.ndarray:
    """Sum of movements (start, depth), each 1.5 s down, 0.3 s there, 1.5 s up."""
    return np.array([sum(depth * dip(t, start, 1.5, 0.3, 1.5) for start, depth in dips) for t in t_s])


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("jitter", [0.0, 0.9])
def test_every_rate_and_uneven_time_give_the_same_movements(fps: float, jitter: float) -> None:
    t_s = clock(20, fps, jitter)
    found = spans(t_s, course(t_s, (2, 10), (7, 6), (12, 12)))
    assert len(found) == 3
    for span, start in zip(found, (2, 7, 12)):
        assert span.returned and span.seen
        assert span.start_s == pytest.approx(start + 0.35, abs=0.35)
        assert span.peak_s == pytest.approx(start + 1.65, abs=0.35)
        assert span.end_s == pytest.approx(start + 2.9, abs=0.45)


def test_under_the_threshold_nothing_starts() -> None:
    t_s = clock(10)
    assert spans(t_s, course(t_s, (2, 1.8), (6, 1.9))) == []


def test_chatter_at_the_edge_is_one_movement() -> None:
    """Between 1 and 2 degrees nothing begins and nothing ends."""
    t_s = clock(6, 30)
    values = np.where((t_s > 1) & (t_s < 4), 2.0 + 0.9 * np.sin(t_s * 40), 0.0)
    assert len(spans(t_s, values)) == 1


def test_not_back_before_it_goes_down_again() -> None:
    t_s = clock(12)
    values = np.interp(t_s, [1, 2.5, 4, 5.5, 7], [0, 10, 5, 10, 0])
    found = spans(t_s, values)
    assert [span.returned for span in found] == [False, True]
    assert found[0].end_s <= found[1].start_s + 1e-9


def test_a_wobble_on_the_way_is_no_second_movement() -> None:
    t_s = clock(8, 30)
    values = course(t_s, (2, 12)) + np.where((t_s > 3) & (t_s < 4.2), 0.8 * np.sin(t_s * 15), 0)
    assert len(spans(t_s, values)) == 1


def test_out_of_sight_in_the_middle() -> None:
    t_s = clock(12)
    values = course(t_s, (2, 10), (7, 10))
    values[(t_s > 3) & (t_s < 5.5)] = np.nan
    found = spans(t_s, values)
    assert [(span.seen, span.returned) for span in found] == [(False, False), (True, True)]


def test_a_short_gap_changes_nothing() -> None:
    t_s = clock(8)
    values = course(t_s, (2, 10))
    values[(t_s > 3.2) & (t_s < 3.6)] = np.nan
    (span,) = spans(t_s, values)
    assert span.seen and span.returned


def test_nothing_is_found_in_nothing() -> None:
    t_s = clock(5)
    assert spans(t_s, np.full_like(t_s, np.nan)) == []


def test_staying_down_ends_and_becomes_the_new_rest() -> None:
    t_s = clock(40)
    values = np.where(t_s > 2, 10.0, 0.0) + course(t_s, (30, 8))
    found = spans(t_s, values)
    assert [span.returned for span in found] == [False, True]
    assert found[1].start_s > 29


def test_slow_drift_is_no_movement() -> None:
    t_s = clock(60)
    assert len(spans(t_s, 0.1 * t_s + course(t_s, (20, 9), (40, 9)))) == 2


def test_reset_forgets() -> None:
    segmenter = Segmenter(RULE)
    for t in clock(3):
        segmenter.step(float(t), 8.0 if t > 1 else 0.0)
    assert segmenter.moving
    segmenter.reset()
    assert not segmenter.moving and segmenter.rest == 0.0


noise = st.lists(st.floats(-0.9, 0.9), min_size=50, max_size=200)
signals = st.lists(st.floats(-20, 20) | st.just(float("nan")), min_size=5, max_size=200)


@given(noise)
def test_noise_under_the_threshold_never_counts(values: list[float]) -> None:
    """The resting level follows it too, so half of the threshold is the most that it can reach."""
    assert spans(np.arange(len(values)) / 15, values) == []


@given(signals)
def test_never_more_movements_than_rises(values: list[float]) -> None:
    found = spans(np.arange(len(values)) / 15, values)
    known = [v for v in values if np.isfinite(v)]
    assert len(found) <= sum(b > a for a, b in zip(known, known[1:])) + 1
    for one, two in zip(found, found[1:]):
        assert one.end_s <= two.start_s + 1e-9
    for span in found:
        assert span.start_s <= span.end_s


@settings(max_examples=30)
@given(signals, st.integers(0, 10_000))
def test_a_shift_in_time_changes_nothing(values: list[float], shift: int) -> None:
    t_s = np.arange(len(values)) / 16
    now, later = spans(t_s, values), spans(t_s + shift, values)
    assert [(s.returned, s.seen) for s in now] == [(s.returned, s.seen) for s in later]
    assert [s.start_s + shift for s in now] == pytest.approx([s.start_s for s in later], abs=1e-6)


def way(low: float, high: float, samples: int) -> list[float]:
    return [float(v) for v in np.linspace(low, high, samples)]


def came_up(*values: float, fps: float = 10.0) -> tuple[float, float] | None:
    """When a body came up, as it is known once it is."""
    segmenter = Segmenter(RULE)
    for i, value in enumerate(values):
        segmenter.step(i / fps, value)
        if segmenter.came_up_s is not None:
            return segmenter.came_up_s
    return None


def test_a_body_that_comes_up_and_stays_there_was_not_at_rest_before() -> None:
    found = came_up(*[0.0] * 12, *way(0.0, -9.0, 12), *[-9.0] * 12)
    assert found is not None
    assert found[0] == pytest.approx(2.3, abs=0.11) and 0.4 <= found[1] - found[0] < 0.6
    assert came_up(*[0.0] * 12, *way(0.0, -9.0, 12), -9.0) is None, "it may come up further"


def test_so_was_not_one_that_comes_up_and_goes_down_again() -> None:
    found = came_up(*[0.0] * 3, *way(0.0, -9.0, 12), *way(-9.0, 0.0, 12))
    assert found is not None and found[1] < 1.7


def test_a_hike_above_the_level_is_no_other_rest() -> None:
    assert came_up(*[0.0] * 12, *way(0.0, -3.0, 3), *way(-3.0, 0.0, 3), *[0.0] * 12) is None


@pytest.mark.parametrize("seen_from", [0, 6, 11])
def test_a_movement_may_be_under_way_in_the_first_picture(seen_from: int) -> None:
    segmenter = Segmenter(RULE, under_way=True)
    values = [*way(0.0, 9.0, 12), *way(9.0, 0.0, 12), *[0.0] * 6, *way(0.0, 9.0, 12), *way(9.0, 0.0, 12)][seen_from:]
    found = [span for i, value in enumerate(values) if (span := segmenter.step(i / 10, value)) is not None]
    assert [span.begun for span in found] == [seen_from == 0, True] and all(span.returned for span in found)
    assert found[0].peak_s == pytest.approx(1.15 - seen_from / 10, abs=0.11)
