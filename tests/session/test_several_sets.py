"""Several sets in one recording, of both sides and both exercises, with walking about between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import pytest

from coach.definitions.exercise import load_exercise
from coach.session.result import Result
from coach.session.result_builder import Outcome
from coach.session.session import Session
from coach.session.sets import is_apart
from coach.types import Moment, Observation, Side
from tests.perturbation.ways import shifted
from tests.scripts import (
    Lying,
    Standing,
    Stretch,
    camera_for_lying,
    camera_for_standing,
    rep,
    seen_standing,
    watched,
    with_breath,
)

BOTH = [load_exercise("hip-hiker"), load_exercise("strap-stretch")]
FPS = 10.0


@cache
def hikers(side: Side, count: int) -> tuple[Observation, ...]:
    return tuple(seen_standing([rep(11)] * count, Standing(side), fps=FPS))


@cache
def stretch(side: Side = "left") -> tuple[Observation, ...]:
    script = Stretch(start=Lying(side), out_s=5.5, held_s=18.0)
    towards: Side = "right" if side == "left" else "left"
    camera = camera_for_lying(0, towards, 22)
    return tuple(with_breath(watched(script, script.length_s, camera, fps=FPS), 4.2))


def nobody(seconds: float) -> list[Observation]:
    return [Observation(i / FPS, (1280, 720), None) for i in range(round(seconds * FPS))]


def walking(seconds: float) -> list[Observation]:
    """Across the picture and back, in sight all the time."""

    def script(t_s: float) -> Standing:
        there = min(t_s, seconds - t_s)
        return Standing(step_m=0.4 * there, thigh_deg=25 * (round(2 * t_s) % 2), hanging_knee_deg=20 * (t_s % 1))

    return watched(script, seconds, camera_for_standing(), fps=FPS)


def chained(*parts: Sequence[Observation]) -> list[Observation]:
    out: list[Observation] = []
    for part in parts:
        out += shifted(part, out[-1].t_s + 1 / FPS if out else 0.0)
    return out


def run(observations: Sequence[Observation]) -> tuple[Outcome, list[Moment]]:
    session = Session(BOTH)
    moments = [session.step(each) for each in observations]
    return session.finish(), moments


def in_short(result: Result) -> list[tuple[str, str, int | None]]:
    return [(one["exercise"], one["side"], one["reps"]) for one in result["sets"]]


@cache
def take() -> tuple[Result, tuple[Moment, ...]]:
    seen = chained(hikers("left", 4), nobody(8), hikers("right", 3), walking(6), nobody(4), stretch())
    outcome, moments = run(seen)
    return outcome.result("take.mp4"), tuple(moments)


def test_each_set_is_found_and_counted_by_itself() -> None:
    result, _ = take()
    assert in_short(result) == [
        ("hip-hiker", "left", 4),
        ("hip-hiker", "right", 3),
        ("strap-stretch", "left", None),
    ]
    assert [one["number"] for one in result["sets"]] == [1, 2, 3]
    assert [one["summary"]["reps"] for one in result["sets"]] == [4, 3, 0]
    assert all(one["start_s"] < one["end_s"] for one in result["sets"])
    hold = result["sets"][2]["hold"]
    assert hold is not None and hold["held_s"] == pytest.approx(18, abs=1.5)
    assert hold["breaths"] == result["holds"][0]["breaths"] in (3, 4, 5)
    assert result["sets"][0]["hold"] is None


def test_everything_is_in_one_list_with_the_number_of_its_set() -> None:
    result, _ = take()
    assert [m["number"] for m in result["movements"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [m["set"] for m in result["movements"]] == [1, 1, 1, 1, 2, 2, 2]
    assert [(h["number"], h["set"]) for h in result["holds"]] == [(1, 3)]
    assert (result["schema"], result["exercise"]) == (2, "strap-stretch")
    summary = result["summary"]
    assert (summary["reps"], summary["clean_reps"], summary["target_reps"]) == (7, 7, 10)
    assert summary["held_s"] == pytest.approx(result["holds"][0]["held_s"], abs=0.05)
    assert summary["breaths"] == result["holds"][0]["breaths"]
    json.dumps(result, allow_nan=False)


def test_every_set_has_its_own_view_and_sentences() -> None:
    result, _ = take()
    hiking, other, lying = result["sets"]
    assert hiking["view"]["angle_deg"] == pytest.approx(35, abs=8)
    assert lying["view"] != hiking["view"] and other["view"]["angle_deg"] is not None
    said = [cue for one in result["sets"] for cue in one["summary"]["cues"]]
    assert said == result["summary"]["cues"] and said
    for one, following in zip(result["sets"], result["sets"][1:]):
        assert all(cue["t_s"] < following["start_s"] for cue in one["summary"]["cues"])


def test_the_screen_shows_the_exercise_that_is_being_done() -> None:
    result, moments = take()
    for one in result["sets"]:
        inside = [m for m in moments if one["start_s"] + 0.5 < m.t_s < one["end_s"] - 0.5]
        assert {m.status.exercise for m in inside} == {one["exercise"]}
    done = [event for m in moments for event in m.events if event.movement or event.hold]
    assert len(done) == len(result["movements"]) + len(result["holds"])


def test_counting_begins_anew_with_each_set() -> None:
    result, moments = take()
    shown = [m.status.count for m in moments if m.status.kind == "repetitions"]
    assert max(shown) == 4
    numbers = [event.number for m in moments for event in m.events if event.movement]
    assert numbers == [1, 2, 3, 4, 1, 2, 3]
    last = [m.status.count for m in moments if m.t_s < result["sets"][1]["end_s"] + 1.5]
    assert last[-1] == 3


def test_a_guided_set_goes_on_after_a_pause() -> None:
    still = watched(lambda t_s: Standing("left"), 25.0, camera_for_standing(), fps=FPS)
    session = Session(BOTH[:1], "left", single=True)
    moments = [session.step(each) for each in chained(hikers("left", 2), still, hikers("left", 2))]
    assert moments[-1].status.count == 4
    assert [one["reps"] for one in session.finish().result("session")["sets"]] == [4]


def test_a_pause_parts_two_sets_of_one_side_and_a_short_rest_does_not() -> None:
    still = watched(lambda t_s: Standing("left"), 25.0, camera_for_standing(), fps=FPS)
    outcome, _ = run(chained(hikers("left", 3), still, hikers("left", 2)))
    assert in_short(outcome.result("x")) == [("hip-hiker", "left", 3), ("hip-hiker", "left", 2)]
    outcome, _ = run(chained(hikers("left", 3), still[:50], hikers("left", 2)))
    assert in_short(outcome.result("x")) == [("hip-hiker", "left", 5)]


def test_walking_in_sight_parts_what_is_before_it_from_what_is_after() -> None:
    session = Session(BOTH[:1])
    for each in chained(hikers("left", 1), walking(6), hikers("left", 1)):
        session.step(each)
    walks = session.finish().builders[0].away
    before_s, after_s = hikers("left", 1)[-1].t_s, hikers("left", 1)[-1].t_s + 6
    assert walks and all(before_s - 2 < start_s < end_s < after_s + 2 for start_s, end_s in walks)
    assert is_apart(before_s, after_s, walks)
    assert not is_apart(before_s - 8, before_s - 2, walks)


def test_what_did_not_count_by_itself_is_told_with_the_nearest_set() -> None:
    shallow = [rep(3)] * 2
    dips = seen_standing(shallow, fps=FPS)
    still = watched(lambda t_s: Standing("left"), 25.0, camera_for_standing(), fps=FPS)
    outcome, _ = run(chained(hikers("left", 3), still, dips))
    result = outcome.result("x")
    assert in_short(result) == [("hip-hiker", "left", 3)]
    assert [(m["set"], m["uncounted_reason"]) for m in result["movements"][3:]] == [(1, "too_shallow")] * 2
    assert result["sets"][0]["end_s"] < 20


def test_the_stretch_on_both_sides() -> None:
    flat = watched(lambda t_s: Lying("left", raise_deg=2), 4.0, camera_for_lying(0, "right", 22), fps=FPS)
    outcome, _ = run(chained(stretch("left"), flat, nobody(6), stretch("right")))
    result = outcome.result("x")
    assert in_short(result) == [("strap-stretch", "left", None), ("strap-stretch", "right", None)]
    assert [h["set"] for h in result["holds"] if h["counted"]] == [1, 2]
    assert result["summary"]["target_reps"] is None


def test_who_only_walks_about_did_nothing() -> None:
    outcome, _ = run(chained(walking(12), nobody(3), walking(10)))
    result = outcome.result("x")
    assert result["exercise"] is None
    assert result["sets"] == result["movements"] == result["holds"] == []
    assert result["view"]["advice"]
