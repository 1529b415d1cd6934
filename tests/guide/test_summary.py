"""The summary: left beside right, in words, from the record alone."""

from __future__ import annotations

import json
import math

import pytest

from coach.definitions.exercise import load_exercise
from coach.definitions.programme import load_programme
from coach.guide.session_log import PainMark, SessionRecord, SetRecord
from coach.guide.summary import summarise
from coach.guide.types import Summary
from coach.types import SIDES, Hold, Movement, Side
from tests.guide.theatre import HIKER, STRAP, hold, movement

EXERCISES = (load_exercise(HIKER), load_exercise(STRAP))
WORDS = load_programme().speak("en")


def a_set(exercise: str, side: Side, movements: list[Movement], holds: list[Hold], **changes: object) -> SetRecord:
    given: dict[str, object] = {
        "part": 0, "block": 1, "set_number": 1, "exercise": exercise, "side": side, "start_s": 0.0, "end_s": 60.0,
        "ended_by": "target", "target_from": 10 if exercise == HIKER else 6, "target": 10 if exercise == HIKER else 8,
        "count": sum(m.counted for m in movements) if exercise == HIKER else 7, "held_s": 35.0 if holds else 0.0,
        "paced": False, "compromised": (), "movements": tuple(movements), "holds": tuple(holds),
    }  # fmt: skip
    return SetRecord(**{**given, **changes})  # type: ignore[arg-type]


def hikers(side: Side, **changes: object) -> SetRecord:
    return a_set(HIKER, side, [movement(n, side, **changes) for n in range(10)], [])


def told(*sets: SetRecord, complete: bool = True, pains: tuple[PainMark, ...] = ()) -> Summary:
    return summarise(SessionRecord("standard", "en", True, 100.0, complete, sets, pains), EXERCISES, WORDS)


def test_left_stands_beside_right() -> None:
    summary = told(hikers("left"), hikers("right", depth=12.4))
    assert [(row.label, row.left, row.right) for row in summary.exercises[0].rows] == [
        ("Repetitions", "10 of 10", "10 of 10"),
        ("As asked", "10", "10"),
        ("Depth", "10 degrees", "12 degrees"),
        ("Down / up", "1.5 / 1.6 s", "1.5 / 1.6 s"),
    ]
    assert (summary.left_label, summary.right_label) == ("Left", "Right")
    assert len(summary.exercises) == 1


def test_one_side_alone_leaves_the_other_empty() -> None:
    summary = told(a_set(STRAP, "right", [], [hold(7)]))
    assert [(row.name, row.left, row.right) for row in summary.exercises[0].rows] == [
        ("breaths", "", "7 of 6–8"),
        ("held", "", "35 s"),
        ("depth", "", "38 degrees"),
    ]


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0, "Next time: Grow tall towards the ceiling."),
        (1, "Next time: less far, and only while it stays easy."),
        (None, "Next time: less far, and only while it stays easy."),
        (6, "Before next time: ask a doctor or physiotherapist."),
    ],
)
def test_where_it_hurt_nobody_is_told_to_go_further(score: int | None, said: str) -> None:
    leaning, held = hikers("left", faults=("trunk_lean",)), a_set(STRAP, "left", [], [hold(7, depth=12.0)])
    summary = told(leaning, held, pains=(PainMark(20.0, score, 0, HIKER, "left"),))
    assert [each.next_time for each in summary.exercises] == [said, "Next time: a little further, if it stays easy."]


def test_sets_of_a_side_are_added() -> None:
    rows = told(hikers("left"), hikers("left")).exercises[0].rows
    assert rows[0].left == "20 of 20"


def test_the_one_thing_is_the_mistake_made_most_often() -> None:
    items = [movement(n, faults=("leg_swing",)) for n in range(2)] + [
        movement(n, faults=("trunk_lean",)) for n in range(3)
    ]
    summary = told(a_set(HIKER, "left", items, []))
    assert summary.exercises[0].next_time == "Next time: Grow tall towards the ceiling."


def test_of_mistakes_made_as_often_the_more_important_one_is_said() -> None:
    items = [movement(1, faults=("leg_swing", "stance_knee_bent"))]
    assert told(a_set(HIKER, "left", items, [])).exercises[0].next_time == "Next time: Push the step away, leg long."


def test_without_mistakes_it_is_what_did_not_count() -> None:
    items = [movement(1), movement(2, counted=False, uncounted_reason="too_shallow")]
    said = told(a_set(HIKER, "left", items, [])).exercises[0].next_time
    assert said == "Next time: If comfortable, let the foot sink further."


def test_not_having_been_seen_is_nobodys_mistake() -> None:
    items = [movement(1), movement(2, counted=False, uncounted_reason="not_seen")]
    assert told(a_set(HIKER, "left", items, [])).exercises[0].next_time == "Next time: keep doing it like this."


def test_then_depth_and_the_sides() -> None:
    assert "a little further" in told(hikers("left", depth=6.0)).exercises[0].next_time
    assert "like this" in told(hikers("left", depth=9.0), hikers("right", depth=12.0)).exercises[0].next_time


def test_each_side_is_compared_with_the_depth_asked_of_it() -> None:
    def next_time(left: float, right: float) -> str:
        sets = (hikers("left", depth=left), hikers("right", depth=right))
        hiker = EXERCISES[0]
        asked = {
            (HIKER, side): hiker.model_copy(
                update={"target": hiker.target.model_copy(update={"depth": (low, low + 4)})}
            )
            for side, low in (("left", 6.0), ("right", 10.0))
        }
        record = SessionRecord("standard", "en", True, 100.0, True, sets, ())
        return summarise(record, EXERCISES, WORDS, by_side=asked).exercises[0].next_time

    assert "a little further" not in next_time(6.5, 10.5)
    assert "a little further" in next_time(6.5, 7.0)


def seen_from(side: Side, depth: float, angle_deg: float | None, exercise: str = HIKER) -> SetRecord:
    result = {"view": {"angle_deg": angle_deg, "advice": None}}
    movements = [movement(n, side, depth=depth) for n in range(10)] if exercise == HIKER else []
    holds = [] if exercise == HIKER else [hold(7, side=side, depth=depth)]
    return a_set(exercise, side, movements, holds, result=result)


def test_the_sides_are_compared_only_where_that_means_something() -> None:
    differ = "Left and right differed. Do not force the smaller side."
    same_view = told(seen_from("left", 8.5, 35.0), seen_from("right", 13.0, -40.0))
    assert same_view.exercises[0].next_time == differ
    for left, right in (
        (seen_from("left", 8.5, 20.0), seen_from("right", 13.0, 45.0)),  # from elsewhere
        (seen_from("left", 8.5, None), seen_from("right", 13.0, 35.0)),  # from who knows where
        (seen_from("left", 9.5, 35.0), seen_from("right", 13.0, 35.0)),  # less than can be told from chance
        (seen_from("left", 32.0, 35.0, STRAP), seen_from("right", 48.0, 35.0, STRAP)),  # no hold
    ):
        assert told(left, right).exercises[0].next_time != differ


def test_what_could_not_be_measured_is_left_empty() -> None:
    summary = told(hikers("left", depth=math.nan, lowering_s=math.nan))
    rows = {row.name: row.left for row in summary.exercises[0].rows}
    assert rows["depth"] == ""
    assert "tempo" not in rows
    assert summary.exercises[0].next_time == "Next time: take all the time you need."


def test_headlines() -> None:
    assert told(hikers("left")).headline == "Well done. That was your session."
    assert told(hikers("left"), complete=False).headline == "Ended early. What you did is kept."
    assert told(complete=False).headline == "Nothing was counted this time."
    pain = told(a_set(HIKER, "left", [movement(1)], [], ended_by="pain"), complete=False)
    assert pain.headline == "Stopped because it hurt. What you did is kept."
    # The only set, or the last one: nothing came after it, and 'Well done' would sound like mockery.
    last = told(hikers("right"), a_set(HIKER, "left", [movement(1)], [], ended_by="pain"))
    assert last.headline == pain.headline


def test_pain_that_ended_a_session_before_its_first_set_asks_for_advice() -> None:
    """No exercise has a line that could say so."""
    nothing = told(complete=False, pains=(PainMark(20.0, 7, 0, HIKER, "left"),))
    assert nothing.headline == "Noted. Better not today."
    assert nothing.notes[0] == "Before next time: ask a doctor or physiotherapist."
    assert told(complete=False).notes == ()


def test_pain_without_an_answer_is_not_noted() -> None:
    mark = PainMark(3.0, None, 0, HIKER, "left")
    assert told(hikers("left"), pains=(mark,)).notes == ()


def test_what_the_camera_could_not_vouch_for_is_said_once_and_in_the_language() -> None:
    advice = EXERCISES[0].say("view_frontal")
    seen = {"result": {"view": {"angle_deg": 3, "advice": advice}}}
    sets = tuple(a_set(HIKER, side, [movement(1)], [], **seen) for side in SIDES)
    record = SessionRecord("standard", "de", True, 100.0, True, sets)
    assert summarise(record, EXERCISES, WORDS).notes == (advice,)
    german = summarise(record, EXERCISES, load_programme().speak("de"))
    assert german.notes == (EXERCISES[0].say("view_frontal", "de"),)


def test_what_was_wrong_with_the_picture_is_said_once() -> None:
    seen = {"result": {"view": {"angle_deg": 3, "advice": None}, "notes": ["It was dark."]}}
    sets = [a_set(HIKER, side, [movement(1)], [], **seen) for side in SIDES]
    assert told(*sets).notes == ("It was dark.",)


def test_the_record_is_plain_data() -> None:
    one = a_set(HIKER, "left", [movement(1)], [], start_s=math.nan)
    record = SessionRecord("standard", "en", True, 100.0, True, (one,), (PainMark(1.0, 3, 0, HIKER, "left"),))
    plain = json.loads(json.dumps(record.as_dict(), allow_nan=False))
    assert plain["sets"][0]["start_s"] is None
    assert plain["pains"][0]["score"] == 3
