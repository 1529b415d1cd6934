"""Pictures that are missing: what was open ends there as not seen, and nothing overlaps, for both kinds of exercise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.definitions.exercise import load_exercise
from coach.definitions.rules import HoldRule, MovementRule
from coach.judging.hold_segmenter import NO_SAMPLES_S, HoldSegmenter
from coach.judging.repetition_segmenter import Segmenter
from coach.types import Hold, Movement, Observation
from tests.scripts import Stretch, camera_for_lying, holds, movements, rep, seen_standing, watched, with_breath

HIKER, STRAP = load_exercise("hip-hiker"), load_exercise("strap-stretch")
Hole = tuple[float, float]


def without(observations: Sequence[Observation], *holes: Hole) -> list[Observation]:
    """The observations of a video that has no pictures in these stretches (start, length)."""
    return [o for o in observations if not any(start < o.t_s < start + length for start, length in holes)]


def apart(found: Sequence[Movement | Hold]) -> bool:
    return all(one.end_s <= other.start_s for one, other in pairwise(sorted(found, key=lambda each: each.start_s)))


@cache
def six() -> list[Observation]:
    return seen_standing([rep() for _ in range(6)], noise_px=0.3)


@cache
def long_stretch(breath: bool = True) -> list[Observation]:
    stretch = Stretch(held_s=40.0)
    seen = watched(stretch, stretch.length_s, camera_for_lying(0, "right", 22))
    return with_breath(seen, 4.2) if breath else seen


def test_a_repetition_ends_where_pictures_are_missing() -> None:
    """Seven seconds from the deepest point of the second one: it, one whole and the half of another are not there."""
    (second,) = [m for m in movements(HIKER, six()) if m.number == 2]
    hole = (second.peak_s, 7.0)
    found = movements(HIKER, without(six(), hole))
    broken = [m for m in found if m.uncounted_reason == "not_seen"]
    assert [m.number for m in broken] == [2]
    assert broken[0].end_s <= hole[0] + 0.1
    assert all("too_fast" not in m.faults and m.end_s - m.start_s < 5.0 for m in found)
    assert sum(m.counted for m in found) >= 3
    assert apart(found)


def test_a_hold_ends_where_pictures_are_missing_and_what_follows_is_another_one() -> None:
    before, after = holds(STRAP, without(long_stretch(), (30.0, 12.0)))
    assert before.uncounted_reason == "not_seen"
    assert before.end_s == pytest.approx(30.0, abs=0.2)
    assert after.counted
    assert after.start_s == pytest.approx(42.0, abs=0.5)
    assert not {"breath_held", "too_fast"} & {*before.faults, *after.faults}


def test_a_short_stall_does_not_end_a_hold() -> None:
    (hold,) = holds(STRAP, without(long_stretch(breath=False), (35.0, 1.0)))
    assert hold.counted


@pytest.mark.parametrize("missing", [None, float("nan")], ids=["no samples", "empty samples"])
def test_what_is_under_way_after_a_gap_is_no_movement(missing: float | None) -> None:
    rule = MovementRule(
        signal="x", depth="x", start_above=2.0, end_below=1.0, counts_from=5.0, min_cycle_s=0.5, max_cycle_s=15.0
    )
    segmenter = Segmenter(rule)
    course = [(t / 15, 0.0) for t in range(45)]
    course += [(3 + t / 15, missing) for t in range(30)]
    course += [(5 + t / 15, 10.0 * (1 - t / 30)) for t in range(30)]
    spans = [segmenter.step(t_s, value) for t_s, value in course if value is not None]
    assert not any(spans)
    course = [(7 + t / 15, 10.0 * (1 - abs(1 - t / 30))) for t in range(60)]
    (span,) = [span for t_s, value in course if (span := segmenter.step(t_s, value)) is not None]
    assert span.seen and span.returned


@given(st.lists(st.tuples(st.floats(0.01, 9.0), st.sampled_from([0.0, 3.0, 8.0, 12.0, float("nan")])), max_size=60))
def test_spans_of_repetitions_never_overlap(steps: list[tuple[float, float]]) -> None:
    rule = MovementRule(
        signal="x", depth="x", start_above=2.0, end_below=1.0, counts_from=5.0, min_cycle_s=0.5, max_cycle_s=15.0
    )
    segmenter, t_s, spans, times = Segmenter(rule), 0.0, [], []
    for step_s, value in steps:
        t_s += step_s
        times.append(t_s)
        if (span := segmenter.step(t_s, value)) is not None:
            spans.append(span)
    assert all(span.start_s <= span.peak_s <= span.end_s for span in spans)
    assert all(one.end_s <= other.start_s for one, other in pairwise(spans))
    for span in spans:
        inside = [t for t in times if span.start_s <= t <= span.end_s]
        assert all(later - earlier <= 0.6 for earlier, later in pairwise(inside))


@given(st.lists(st.tuples(st.floats(0.01, 6.0), st.sampled_from([0.0, 30.0, 40.0, float("nan")])), max_size=80))
def test_spans_of_holds_never_overlap(steps: list[tuple[float, float]]) -> None:
    segmenter = HoldSegmenter(HoldRule(signal="x", depth="x", start_above=5.0, end_below=3.0, counts_from=15.0))
    t_s, spans, times = 0.0, [], []
    for step_s, value in steps:
        t_s += step_s
        times.append(t_s)
        if (span := segmenter.step(t_s, value)) is not None:
            spans.append(span)
    assert all(one.end_s <= other.start_s for one, other in pairwise(spans))
    for span in spans:
        inside = [t for t in times if span.start_s <= t <= span.end_s]
        assert all(later - earlier <= NO_SAMPLES_S for earlier, later in pairwise(inside))


holes = st.lists(st.tuples(st.floats(2.0, 34.0), st.floats(0.2, 9.0)), min_size=1, max_size=4)


@settings(max_examples=5, deadline=None)
@given(holes)
def test_no_two_repetitions_overlap_whatever_is_missing(missing: list[Hole]) -> None:
    found = movements(HIKER, without(six(), *missing))
    assert apart(found)
    assert all(m.start_s <= m.peak_s <= m.end_s for m in found)
    for m in found:
        assert not any(m.start_s < start and start + length < m.end_s for start, length in missing if length > 1.0)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.floats(2.0, 55.0), st.floats(0.2, 12.0)), min_size=1, max_size=4))
def test_no_two_holds_overlap_whatever_is_missing(missing: list[Hole]) -> None:
    found = holds(STRAP, without(long_stretch(breath=False), *missing))
    assert apart(found)
    for hold in found:
        assert not any(hold.start_s < start and start + length < hold.end_s for start, length in missing if length > 4)
