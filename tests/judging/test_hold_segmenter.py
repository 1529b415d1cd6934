"""The state machine that cuts one value into holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.definitions.rules import HoldRule
from coach.judging.hold_segmenter import HoldSegmenter, HoldSpan
from tests.scripts import clock, dip

RULE = HoldRule(signal="x", depth="x", start_above=5.0, end_below=3.0, counts_from=15.0)


def run(t_s: np.ndarray, values: np.ndarray) -> tuple[list[HoldSpan], list[str]]:
    """Spans, and the phases in order."""
    segmenter = HoldSegmenter(RULE)
    found, phases = [], ["waiting"]
    for t, v in zip(t_s, values):
        span = segmenter.step(float(t), float(v))
        if span is not None:
            found.append(span)
        if segmenter.phase != phases[-1]:
            phases.append(segmenter.phase)
    return found, phases


def held(t_s: np.ndarray, size: float = 50.0, start_s: float = 2.0, held_s: float = 20.0) -> np.ndarray:
    return np.array([size * dip(t, start_s, 3.0, held_s, 5.0) for t in t_s])


@pytest.mark.parametrize("fps", [10, 15, 30])
@pytest.mark.parametrize("jitter", [0.0, 0.9])
def test_out_held_and_back(fps: float, jitter: float) -> None:
    t_s = clock(35, fps, jitter)
    found, phases = run(t_s, held(t_s))
    assert phases == ["waiting", "opening", "holding", "returning", "waiting"]
    (span,) = found
    assert span.seen and not span.gone
    assert span.start_s == pytest.approx(2.9, abs=0.4)
    assert span.end_s == pytest.approx(27.8, abs=0.6)


def test_on_its_way_it_is_not_held() -> None:
    t_s = clock(6)
    assert run(t_s, 20 * t_s)[1] == ["waiting", "opening"]


def test_small_sway_is_no_hold() -> None:
    t_s = clock(20)
    assert run(t_s, 2.5 + 2.0 * np.sin(t_s))[0] == []


def test_trembling_does_not_end_a_hold() -> None:
    t_s = clock(35)
    tremor = np.random.default_rng(0).normal(0, 2.0, len(t_s))
    assert len(run(t_s, held(t_s) + np.where(t_s > 5, tremor, 0))[0]) == 1


def test_unseen_for_a_while_freezes_it() -> None:
    t_s = clock(35)
    values = held(t_s)
    values[(t_s > 10) & (t_s < 15)] = np.nan
    (span,) = run(t_s, values)[0]
    assert span.seen and span.end_s > 25


def test_unseen_for_long_ends_it_where_it_was_last_seen() -> None:
    t_s = clock(40)
    values = held(t_s)
    values[t_s > 15] = np.nan
    (span,) = run(t_s, values)[0]
    assert not span.seen and span.end_s == pytest.approx(15, abs=0.1)


def test_going_somewhere_else_ends_it() -> None:
    t_s = clock(40)
    values = np.where(t_s > 20, 100 + 60 * (t_s - 20), held(t_s))
    span = run(t_s, values)[0][0]
    assert span.gone and span.end_s == pytest.approx(20, abs=0.2)


def test_cut_off_by_the_end() -> None:
    segmenter = HoldSegmenter(RULE)
    t_s = clock(15)
    for t, v in zip(t_s, held(t_s)):
        assert segmenter.step(float(t), float(v)) is None
    span = segmenter.cut(99.0)
    assert span is not None and not span.seen and span.end_s == pytest.approx(t_s[-1])
    assert segmenter.cut(99.0) is None


@given(st.lists(st.floats(0, 4.9), min_size=30, max_size=150))
def test_noise_under_the_threshold_is_no_hold(values: list[float]) -> None:
    assert run(np.arange(len(values)) / 15, np.array(values))[0] == []


@given(st.lists(st.floats(0, 100) | st.just(float("nan")), min_size=10, max_size=200))
def test_whatever_comes_spans_are_in_order(values: list[float]) -> None:
    found, _ = run(np.arange(len(values)) / 5, np.array(values))
    for span in found:
        assert span.start_s <= span.end_s
    for one, two in zip(found, found[1:]):
        assert one.end_s <= two.start_s
