"""What the time chart shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.report.chart import chart, never_judged, panels, rest_level, thinned, unseen
from coach.types import Event
from tests.report.scripted import Script, held, hip_hiker, session, strap_stretch

FAULTY = Script(faults={2: ("trunk_lean",)}, uncounted={3: "too_shallow"}, away=(16.0, 17.5))


def test_marks_say_what_came_of_each_movement() -> None:
    result, timeline = session(FAULTY)
    shown = chart(result, timeline, hip_hiker())
    assert [mark.kind for mark in shown.marks] == ["clean", "fault", "uncounted", "clean"]
    assert shown.marks[0].peak_s == 4.5
    assert shown.marks[0].depth_interval == (8.0, 12.0)
    assert shown.faults == (("trunk lean", ((7.0, 10.0),)),)
    assert shown.noun == "Repetitions"
    assert shown.end_s == pytest.approx(FAULTY.duration_s, abs=0.1)


def test_a_chart_needs_no_track() -> None:
    result, _ = session(FAULTY)
    shown = chart(result, None, hip_hiker())
    assert len(shown.marks) == 4
    assert shown.panels == ()
    assert shown.unseen == ()


def test_pauses_are_where_nobody_was_seen() -> None:
    _, timeline = session(FAULTY)
    ((start, end),) = unseen(timeline)
    assert start == pytest.approx(16.0, abs=0.1)
    assert end == pytest.approx(17.5, abs=0.1)
    assert unseen(timeline, least_s=2.0) == ()
    assert unseen(session()[1]) == ()


def test_the_depth_comes_first_then_knees_and_trunk() -> None:
    _, timeline = session()
    shown = panels(timeline, hip_hiker())
    assert shown[0].title == "Pelvic drop"
    assert shown[0].unit == "°"
    assert shown[0].aim == hip_hiker().target.depth
    assert [bound.value for bound in shown[0].bounds] == [hip_hiker().movement.counts_from]  # type: ignore[union-attr]
    titles = [panel.title for panel in shown]
    assert titles.index("Knees") < titles.index("Trunk lean")
    knees = shown[titles.index("Knees")]
    assert {bound.value for bound in knees.bounds} == {
        fault.above for fault in hip_hiker().faults if "knee" in fault.name
    }
    assert [line.style for line in knees.lines] == ["first", "second"]


def test_what_was_never_judged_is_marked() -> None:
    blind = ("stance_knee_bent", "hanging_knee_bent")
    _, timeline = session(Script(not_judged=blind))
    assert never_judged(timeline) == set(blind)
    judged = {panel.title: panel.judged for panel in panels(timeline, hip_hiker())}
    assert judged["Knees"] is False
    assert judged["Trunk lean"] is True


def test_a_hold_has_its_breaths_and_its_leg() -> None:
    result, timeline, exercise = strap_stretch()
    shown = chart(result, timeline, exercise)
    assert shown.noun == "Holds"
    assert len(shown.breaths_s) == 6
    assert shown.panels[0].title == "Leg open"
    assert np.nanmax(shown.panels[0].lines[0].values) == pytest.approx(40, abs=0.1)
    result, timeline, exercise = strap_stretch(held(None))
    assert chart(result, timeline, exercise).breaths_s == ()


def test_a_depth_that_could_not_be_told_is_drawn_as_such() -> None:
    result, timeline, exercise = strap_stretch()
    assert chart(result, timeline, exercise).panels[0].judged
    result, timeline, exercise = strap_stretch(replace(held(), depth=float("nan")))
    assert not chart(result, timeline, exercise).panels[0].judged


def test_faults_told_as_they_happen_are_drawn_there() -> None:
    result, timeline = session(FAULTY)
    told = (Event(8.0, "fault_began", "left", "trunk_lean"), Event(9.0, "fault_ended", "left", "trunk_lean"))
    shown = chart(result, replace(timeline, events=(*timeline.events, *told)), hip_hiker())
    assert shown.faults == (("trunk lean", ((8.0, 9.0),)),)


def test_curves_start_from_rest() -> None:
    _, timeline = session()
    values = timeline.signal("pelvic_drop_deg", "left").astype(float) + 7.0
    np.testing.assert_allclose(rest_level(timeline, values), 7.0)


def test_thinning_keeps_every_peak_and_breaks_the_line_at_gaps() -> None:
    t_s = np.concatenate([np.arange(0, 600, 1 / 15), np.arange(700, 710, 1 / 15)])
    values = np.zeros(len(t_s))
    values[4321], values[7000] = 9.0, -5.0
    thin_s, thin = thinned(t_s, values, 1000)
    assert len(thin) < 1100
    assert thin_s[np.nanargmax(thin)] == t_s[4321]
    assert thin_s[np.nanargmin(thin)] == t_s[7000]
    assert np.isnan(thin).sum() == 1
    assert (np.diff(thin_s) >= 0).all()
