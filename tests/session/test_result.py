"""The JSON contract: every key, plain values, NaN as null."""

from __future__ import annotations

import json
import math
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from coach.definitions.exercise import Exercise, load_exercise
from coach.i18n.result_notes import BEGUN, LYING, NOT_ANY, NOT_IT, Note, sentences
from coach.session.picture_trust import HEADLESS
from coach.session.result import Depth, depth
from coach.session.result_builder import NONE_OF_IT, Outcome, ResultBuilder
from coach.types import Cue, Event, Hold, Moment, Movement, Observation, Status
from tests.conftest import standing_pose

HIKER, STRAP = load_exercise("hip-hiker"), load_exercise("strap-stretch")

TOP = {
    "schema": int,
    "source": str,
    "exercise": (str, type(None)),
    "duration_s": (float, type(None)),
    "analysed_fps": (float, type(None)),
    "seen_ratio": (float, type(None)),
    "notes": list,
    "view": dict,
    "sets": list,
    "movements": list,
    "holds": list,
    "summary": dict,
}
MOVEMENT = [
    "number",
    "set",
    "side",
    "start_s",
    "peak_s",
    "end_s",
    "counted",
    "uncounted_reason",
    "faults",
    "fault_ways",
    "pelvic_drop_deg",
    "pelvic_drop_interval_deg",
    "lowering_s",
    "raising_s",
    "not_judged",
]
HOLD = [
    "number",
    "set",
    "side",
    "start_s",
    "end_s",
    "held_s",
    "breaths",
    "breath_start_s",
    "breath_rate_per_min",
    "breath_quality",
    "leg_open_deg",
    "leg_open_interval_deg",
    "counted",
    "uncounted_reason",
    "faults",
    "not_judged",
]
SUMMARY = ["reps", "clean_reps", "target_reps", "breaths", "held_s", "faults", "cues"]


def movement(number: int = 1, faults: tuple[str, ...] = (), reason: str | None = None, depth: float = 10.8) -> Movement:
    return Movement(
        number=number,
        side="left",
        start_s=2.6,
        peak_s=4.2,
        end_s=6.0,
        counted=reason is None,
        uncounted_reason=reason,
        faults=faults,
        depth=depth,
        depth_interval=(depth - 2, depth + 2),
        lowering_s=1.6,
        raising_s=1.7,
    )


def hold(breaths: int | None = 7, counted: bool = True) -> Hold:
    return Hold(
        number=1,
        side="right",
        start_s=12.0,
        end_s=44.2,
        breaths=breaths,
        breath_start_s=(12.1, 16.0),
        breath_rate_per_min=13.13 if breaths else math.nan,
        breath_quality=0.9,
        depth=38.04,
        counted=counted,
        uncounted_reason=None if counted else "leg_not_open",
        faults=(),
    )


def moment(t_s: float, exercise: Exercise, *events: Event, seen: bool = True, cue: Cue | None = None) -> Moment:
    observation = Observation(t_s, (640, 480), standing_pose() if seen else None)
    status = Status(exercise.name, exercise.kind, "ready", "ready", view_angle_deg=38.4, view_advice=None)
    return Moment(t_s, observation, status, events, cue)


def result_of(exercise: Exercise, *moments: Moment) -> dict[str, Any]:
    builder = ResultBuilder(exercise)
    for each in moments:
        builder.add(each)
    return builder.result("me.mp4", 44.5)


def test_every_key_is_there_even_when_nothing_was() -> None:
    result = result_of(HIKER)
    assert list(result) == list(TOP)
    for key, kind in TOP.items():
        assert isinstance(result[key], kind), key
    assert list(result["summary"]) == SUMMARY
    assert list(result["view"]) == ["angle_deg", "advice"]
    assert result["exercise"] is None
    assert result["movements"] == result["holds"] == []
    json.dumps(result, allow_nan=False)


def test_a_movement() -> None:
    done = Event(6.0, "movement", "left", movement=movement(faults=("trunk_lean",)), number=1)
    result = result_of(HIKER, moment(0.0, HIKER), moment(6.0, HIKER, done))
    assert result["exercise"] == "hip-hiker"
    (found,) = result["movements"]
    assert list(found) == MOVEMENT
    assert found["pelvic_drop_deg"] == 10.8
    assert found["pelvic_drop_interval_deg"] == [8.8, 12.8]
    assert found["faults"] == ["trunk_lean"]
    json.dumps(result, allow_nan=False)


def test_a_hold() -> None:
    result = result_of(STRAP, moment(44.2, STRAP, Event(44.2, "hold", "right", hold=hold())))
    (found,) = result["holds"]
    assert list(found) == HOLD
    assert (found["held_s"], found["breaths"], found["leg_open_deg"]) == (32.2, 7, 38.0)
    assert (result["summary"]["breaths"], result["summary"]["held_s"]) == (7, 32.2)
    assert result["summary"]["target_reps"] is None


def test_breaths_that_could_not_be_seen_are_null_not_zero() -> None:
    result = result_of(STRAP, moment(44.2, STRAP, Event(44.2, "hold", "right", hold=hold(None))))
    assert result["holds"][0]["breaths"] is None
    assert result["holds"][0]["breath_rate_per_min"] is None
    assert result["summary"]["breaths"] is None


def test_what_is_not_counted_is_listed_but_not_summed() -> None:
    shallow = movement(2, ("trunk_lean",), "too_shallow", 3.0)
    events = [Event(6.0, "movement", "left", movement=each, number=1) for each in (movement(1), shallow)]
    summary = (result := result_of(HIKER, moment(6.0, HIKER, *events)))["summary"]
    assert [each["counted"] for each in result["movements"]] == [True, False]
    assert result["movements"][1]["uncounted_reason"] == "too_shallow"
    assert (summary["reps"], summary["clean_reps"], summary["target_reps"], summary["faults"]) == (1, 1, 10, {})


def test_faults_are_summed_over_what_counts() -> None:
    events = [
        Event(6.0, "movement", "left", movement=movement(i, faults), number=i)
        for i, faults in enumerate([("trunk_lean", "leg_swing"), ("trunk_lean",), ()], start=1)
    ]
    summary = result_of(HIKER, moment(6.0, HIKER, *events))["summary"]
    assert summary["faults"] == {"leg_swing": 1, "trunk_lean": 2}
    assert (summary["reps"], summary["clean_reps"]) == (3, 1)


def test_rates_and_shares_come_from_the_frames_times() -> None:
    moments = [moment(i / 15, HIKER, seen=i % 4 != 0) for i in range(61)]
    result = result_of(HIKER, *moments)
    assert result["analysed_fps"] == pytest.approx(15.0)
    assert result["seen_ratio"] == pytest.approx(45 / 61, abs=1e-3)
    assert result["view"]["angle_deg"] == 38


def test_one_frame_has_no_rate() -> None:
    assert result_of(HIKER, moment(0.0, HIKER))["analysed_fps"] is None


def test_cues_carry_their_time_and_text() -> None:
    cue = Cue(5.123, "trunk_lean", "Keep your trunk upright.", 3)
    events = (Event(6.0, "movement", "left", movement=movement()),)
    result = result_of(HIKER, moment(6.0, HIKER, *events, cue=cue))
    assert result["summary"]["cues"] == [{"t_s": 5.12, "text": "Keep your trunk upright."}]


def test_last_events_have_no_frame() -> None:
    builder = ResultBuilder(HIKER)
    builder.close([Event(6.0, "movement", "left", movement=movement())])
    assert builder.result("me.mp4")["summary"]["reps"] == 1


def test_counted_things_are_the_stronger_evidence() -> None:
    attempted, counted = ResultBuilder(HIKER), ResultBuilder(HIKER)
    attempted.close([Event(6.0, "movement", "left", movement=movement(i, (), "too_shallow")) for i in range(9)])
    counted.close([Event(6.0, "movement", "left", movement=movement())])
    assert counted.evidence() > attempted.evidence() > ResultBuilder(HIKER).evidence() == 0


@pytest.mark.parametrize(("held_s", "recognised"), [(9.0, False), (12.0, True)])
def test_a_stretch_that_was_held_long_but_not_open_is_recognised(held_s: float, recognised: bool) -> None:
    closed = Hold(1, "left", 5.0, 5.0 + held_s, 3, (), 14.0, 0.9, 6.0, False, "leg_not_open", ())
    builder = ResultBuilder(STRAP)
    builder.close([Event(20.0, "hold", "left", "leg_not_open", hold=closed)])
    assert builder.recognised() is recognised
    assert len(builder.result("me.mp4")["holds"]) == recognised


def test_the_depth_is_found_under_any_name() -> None:
    (found,) = result_of(HIKER, moment(6.0, HIKER, Event(6.0, "movement", "left", movement=movement())))["movements"]
    assert depth(found) == Depth("pelvic_drop_deg", 10.8, (8.8, 12.8))
    (held,) = result_of(STRAP, moment(44.2, STRAP, Event(44.2, "hold", "right", hold=hold())))["holds"]
    assert (found := depth(held)) is not None and (found.name, found.value) == ("leg_open_deg", 38.0)
    assert depth({"number": 1, "held_s": 3.0}) is None
    assert depth({"reach_cm": None, "reach_interval_cm": [None, None]}) == Depth("reach_cm", None)


def test_half_an_hour_takes_no_more_memory_than_a_minute() -> None:
    def grown_bytes(frames: int) -> int:
        builder = ResultBuilder(HIKER)
        tracemalloc.start()
        for i in range(frames):
            builder.add(moment(i / 15, HIKER, seen=False))
        now, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return now

    assert grown_bytes(1800 * 15) < grown_bytes(60 * 15) + 2_000


PARTIAL = Status(HIKER.name, HIKER.kind, "partial", "partial")


def test_where_nothing_was_found_it_says_what_was_missing() -> None:
    cut_off = [replace(moment(i / 15, HIKER), status=PARTIAL) for i in range(30)]
    assert result_of(HIKER, *cut_off)["view"]["advice"] == HIKER.say("partial")
    dips = [Event(6.0, "movement", "left", movement=movement(i, (), "too_shallow")) for i in range(3)]
    shallow = [moment(0.0, HIKER), moment(6.0, HIKER, *dips)]
    assert result_of(HIKER, *shallow)["exercise"] is None
    assert result_of(HIKER, *shallow)["view"]["advice"] == HIKER.say("too_shallow")
    assert result_of(HIKER, moment(0.0, HIKER), moment(9.0, HIKER))["view"]["advice"]
    assert result_of(HIKER, moment(0.0, HIKER, seen=False))["view"]["advice"] is None


def test_of_a_stretch_that_was_lost_sight_of_it_says_so_and_where_to_put_the_camera() -> None:
    asked = "Put the camera side-on."
    phases = {0.0: "ready", 5.0: "raised", 8.0: "opening", 11.0: "ready"}
    status = Status(STRAP.name, STRAP.kind, "ready", "ready", view_angle_deg=30.0, view_advice=asked)
    course = [replace(moment(t_s, STRAP), status=replace(status, phase=phase)) for t_s, phase in phases.items()]
    lost, nothing = sentences([BEGUN, NOT_IT])
    assert result_of(STRAP, *course)["view"]["advice"] == f"{lost} {asked}"
    assert result_of(STRAP, *course[:2])["view"]["advice"] == f"{nothing} {asked}", "a leg raise is none"


def test_what_was_missing_is_not_told_from_the_sentence_about_it() -> None:
    """An exercise of one's own may say anything while the person is measured."""
    (nothing,) = sentences([NOT_IT])
    own = HIKER.model_copy(update={"words": {"en": {**HIKER.words["en"], "partial": nothing}}})
    builder = ResultBuilder(own, named=True)
    for t_s in range(9):
        builder.add(replace(moment(float(t_s), own), status=PARTIAL))
    assert Outcome.of([builder], ()).of_video().notes == ()


def test_what_could_not_be_judged_is_named() -> None:
    """Of a repetition whose stance knee nobody saw, nothing else said that it may have been bent."""
    blind = replace(movement(), not_judged=("stance_knee_bent",))
    held = replace(hold(), not_judged=("raised_knee_bent", "anchor_arm_in"))
    result = result_of(HIKER, moment(6.0, HIKER, Event(6.0, "movement", movement=blind)))
    assert [m["not_judged"] for m in result["movements"]] == [["stance_knee_bent"]]
    result = result_of(STRAP, moment(45.0, STRAP, Event(45.0, "hold", hold=held)))
    assert [h["not_judged"] for h in result["holds"]] == [["raised_knee_bent", "anchor_arm_in"]]


def test_both_ways_are_no_longer_than_a_movement_that_its_neighbour_cut_short() -> None:
    cut = replace(movement(), start_s=3.6, lowering_s=3.0, raising_s=1.0)
    (item,) = result_of(HIKER, moment(6.0, HIKER, Event(6.0, "movement", movement=cut)))["movements"]
    assert (item["lowering_s"], item["raising_s"]) == (1.8, 0.6)


def advice(outcome: Outcome) -> str | None:
    return outcome.result("me.mp4", 9.0)["view"]["advice"]


def in_phase(phase: str, exercises: Sequence[Exercise], notes: Sequence[Note] = (), lying: bool = False) -> Outcome:
    """Of somebody who was in this phase all the time, of each exercise; lying, they cannot be judged upright."""
    builders = [ResultBuilder(exercise, named=len(exercises) == 1) for exercise in exercises]
    stands = standing_pose()
    pose = replace(stands, xy_px=stands.xy_px[:, ::-1]) if lying else stands
    for builder in builders:
        there = "partial" if lying and builder.exercise.posture == "upright" else phase
        status = Status(builder.exercise.name, builder.exercise.kind, there, there)
        for t_s in range(9):
            seen = Observation(float(t_s), (640, 480), pose)
            builder.add(replace(moment(float(t_s), builder.exercise), observation=seen, status=status))
    return Outcome.of(builders, (), notes)


def test_to_stand_still_is_asked_of_who_stands_there_and_not_of_a_recorded_video() -> None:
    live = in_phase("calibrating", [HIKER, STRAP])
    assert advice(live) == HIKER.say("calibrating")
    assert advice(live.of_video()) == sentences([NOT_ANY])[0]
    named = in_phase("calibrating", [HIKER]).of_video()
    assert (named.notes, advice(named)) == ((NONE_OF_IT,), None)


def test_of_several_exercises_it_looks_like_none() -> None:
    assert advice(in_phase("ready", [HIKER, STRAP])) == sentences([NOT_ANY])[0]
    assert advice(in_phase("ready", [HIKER])) == sentences([NOT_IT])[0]


def test_of_somebody_who_lay_it_is_not_said_that_nothing_looks_like_it() -> None:
    """Without a raised leg, or seen from above with both legs in one: that cannot be told."""
    for exercises in ([HIKER, STRAP], [STRAP]):
        lay = in_phase("ready", exercises, lying=True).of_video()
        assert (lay.notes, advice(lay)) == ((), sentences([LYING])[0]), exercises
    assert in_phase("ready", [STRAP]).of_video().notes == (NONE_OF_IT,), "standing"


def test_a_head_out_of_the_picture_is_no_reason_for_finding_nothing() -> None:
    assert advice(in_phase("ready", [HIKER, STRAP], [HEADLESS])) == sentences([NOT_ANY])[0]
    assert advice(in_phase("ready", [HIKER, STRAP], [Note("shaken")])) is None
