"""The report of a recording of several sets: each for itself, left beside right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from coach.report.page import ReportPart, parts_by_set
from coach.report.write import write_report
from coach.session.result import Result
from coach.session.result_builder import Outcome, ResultBuilder
from coach.session.timeline import Timeline, joined
from coach.types import Event
from tests.report.scripted import Script, held, hip_hiker, hip_hikers, session, strap_stretch

LEFT, RIGHT = Script(repetitions=3, side="left"), Script(repetitions=2, side="right", faults={1: ("trunk_lean",)})
RIGHT_FROM_S, LYING_FROM_S = 60.0, 120.0


def later(timeline: Timeline, by_s: float) -> Timeline:
    keys = tuple(replace(key, t_s=key.t_s + by_s) for key in timeline.keys)
    return replace(timeline, t_s=timeline.t_s + by_s, keys=keys, events=(), cues=())


def take() -> tuple[Result, Timeline]:
    """Hip hikers on the left, on the right, then the stretch: result and timeline of the whole."""
    hiking = ResultBuilder(hip_hiker())
    for script, from_s in ((LEFT, 0.0), (RIGHT, RIGHT_FROM_S)):
        for moment in hip_hikers(script):
            for event in moment.events:
                if (m := event.movement) is not None:
                    shifted = replace(m, start_s=m.start_s + from_s, peak_s=m.peak_s + from_s, end_s=m.end_s + from_s)
                    hiking.close([Event(shifted.end_s, "movement", m.side, movement=shifted)])
    _, lying, exercise = strap_stretch()
    stretching = ResultBuilder(exercise)
    hold = held()
    hold = replace(hold, start_s=hold.start_s + LYING_FROM_S, end_s=hold.end_s + LYING_FROM_S)
    stretching.close([Event(hold.end_s, "hold", hold.side, hold=hold)])
    timelines = [session(LEFT)[1], later(session(RIGHT)[1], RIGHT_FROM_S), later(lying, LYING_FROM_S)]
    return Outcome.of([hiking, stretching], []).result("take.mp4", 170.0), joined(timelines)


def test_each_set_has_its_part_with_its_own_curves_and_moments() -> None:
    result, timeline = take()
    parts = parts_by_set(ReportPart(result, hip_hiker(), timeline))
    assert [part.exercise.name for part in parts if part.exercise] == ["hip-hiker", "hip-hiker", "strap-stretch"]
    for part, one in zip(parts, result["sets"], strict=True):
        assert part.timeline is not None and part.window_s is not None
        assert part.window_s[0] <= one["start_s"] and one["end_s"] <= part.window_s[1]
        assert (np.diff(part.timeline.t_s) > 0).all() and len(part.timeline) < len(timeline)
        assert all(part.window_s[0] <= key.t_s <= part.window_s[1] for key in part.timeline.keys)
        assert part.timeline.landmarks is not None and len(part.timeline.landmarks.xy_px) == len(part.timeline)
    assert [len(part.result["movements"]) for part in parts] == [3, 2, 0]
    assert parts_by_set(parts[0]) == [parts[0]]


def test_the_page_tells_every_set(tmp_path: Path) -> None:
    result, timeline = take()
    (file,) = write_report(result, timeline, tmp_path / "report.html", exercise=hip_hiker())
    text = file.read_text(encoding="utf-8")
    for title in ("1. Hip hiker, left", "2. Hip hiker, right"):
        assert title in text
    assert "3. " in text and "trunk" in text
    assert "3 of 10" in text and "2 of 10" in text  # left beside right


def test_what_concerns_the_whole_video_is_said_once(tmp_path: Path) -> None:
    for number, (result, timeline) in enumerate((take(), session(LEFT)[:2])):
        noted: Result = {**result, "notes": ["The camera was shaken."]}
        (file,) = write_report(noted, timeline, tmp_path / f"{number}.html", exercise=hip_hiker())
        assert file.read_text(encoding="utf-8").count("The camera was shaken.") == 1
