"""'It hurts': the set stops at once, the score is asked for and kept, and the advice fits it."""

from __future__ import annotations

import pytest

from coach.definitions.pain import PainRule, care_after, pain_level
from tests.guide.theatre import HIKER, STRAP, Theatre, programme


def hurting(*, sets: int = 1) -> Theatre:
    of = programme((HIKER, "left", {"sets": sets, "rest_s": 10}), (HIKER, "right"), (STRAP, "left"))
    theatre = Theatre(of).begin().repeat([1, 2])
    theatre.heard()
    theatre.guide.hurts()
    theatre.play(1)
    return theatre


def test_it_hurts_stops_the_set_at_once_and_asks() -> None:
    theatre = hurting()
    assert theatre.heard() == ["[question]", "pain_ask"]
    spoken = [speech for moment in theatre.moments for speech in moment.say if speech.key == "pain_ask"]
    assert spoken[0].urgent
    assert theatre.now.actions == ("score", "end")
    record = theatre.guide.record
    assert [(s.count, s.ended_by) for s in record.sets] == [(2, "pain")]
    assert (record.pains[0].score, record.pains[0].exercise, record.pains[0].side) == (None, HIKER, "left")
    theatre.play(30)
    assert theatre.heard() == ["pain_ask", "pain_ask"]
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.stage == "question"


def test_a_low_score_goes_on_with_the_next_set_after_a_rest() -> None:
    theatre = hurting(sets=2)
    theatre.guide.score(2)
    theatre.play(60)
    assert theatre.heard() == ["[question]", "pain_ask", "pain_safe"]
    assert theatre.now.question is not None
    assert not theatre.now.question.ends_session
    theatre.guide.next()
    theatre.play(1)
    assert theatre.heard() == ["[rest]", "rest", "next_set"]
    theatre.play(10)
    assert theatre.now.block is not None
    assert (theatre.now.block.side, theatre.now.block.set_number) == ("left", 2)


def test_a_middling_score_leaves_that_side_for_the_day() -> None:
    theatre = hurting(sets=3)
    theatre.guide.score(4)
    theatre.play(1)
    assert theatre.heard() == ["[question]", "pain_ask", "pain_caution", "pain_caution_stop"]
    theatre.guide.next()
    theatre.play(12)
    assert theatre.now.block is not None
    assert (theatre.now.block.exercise, theatre.now.block.side) == (HIKER, "right")


def test_where_pain_left_out_all_of_an_exercise_the_session_still_ends_with_its_summary() -> None:
    theatre = Theatre(programme((HIKER, "left"), (STRAP, "left"))).begin().repeat([1, 2])
    theatre.guide.hurts()
    theatre.play(1)
    theatre.guide.score(4)
    theatre.play(1)
    theatre.guide.next()
    theatre.guide.end()
    theatre.play(1)
    summary = theatre.now.summary
    assert summary is not None
    assert [each.exercise for each in summary.exercises] == [HIKER]
    assert any("4" in note for note in summary.notes)


def test_a_high_score_ends_the_session_and_says_whom_to_ask() -> None:
    theatre = hurting()
    theatre.guide.score(7)
    theatre.play(1)
    assert theatre.heard() == ["[question]", "pain_ask", "pain_stop", "pain_advice"]
    assert theatre.now.actions == ("choose", "end")
    assert theatre.now.question is not None
    assert theatre.now.question.ends_session
    assert "physiotherapist" in theatre.now.question.advice[1]
    theatre.guide.next()
    theatre.play(18)
    assert theatre.now.stage == "question"
    theatre.play(2)
    assert theatre.heard() == ["[summary]", "summary", "next_time"]
    assert theatre.now.summary is not None
    assert theatre.now.summary.headline == "Stopped because it hurt. What you did is kept."
    assert theatre.now.summary.notes == ("Hip hiker, left side, standing on the right leg: pain 7 of 10.",)
    assert theatre.guide.record.as_dict()["pains"][0]["score"] == 7
    assert not theatre.guide.record.complete


def test_pain_in_the_rest_belongs_to_what_was_done_last() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1}), (HIKER, "right"))).begin().repeat([1])
    theatre.guide.hurts()
    theatre.guide.score(1)
    theatre.guide.next()
    theatre.play(1)
    mark = theatre.guide.record.pains[0]
    assert (mark.side, mark.part, mark.score) == ("left", 0, 1)
    assert theatre.now.block is not None
    assert (theatre.now.stage, theatre.now.block.side) == ("setup", "right")


def test_pain_in_a_pause_stops_too() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin().repeat([1])
    theatre.guide.pause()
    theatre.play(2)
    theatre.guide.hurts()
    theatre.play(1)
    assert theatre.now.stage == "question"
    assert theatre.now.pause is None
    assert all(mark.end_s == mark.end_s for mark in theatre.guide.record.pauses)


def test_an_answer_is_kept_even_when_the_session_ends_there() -> None:
    theatre = hurting()
    theatre.guide.end()
    theatre.play(1)
    assert theatre.now.stage == "summary"
    assert theatre.guide.record.pains[0].score is None


@pytest.mark.parametrize("score", [-1, 11, 3.5, True, "3", None])
def test_anything_but_zero_to_ten_is_refused(score: object) -> None:
    theatre = hurting()
    with pytest.raises(ValueError, match="0 to 10"):
        theatre.guide.score(score)  # type: ignore[arg-type]
    assert theatre.guide.record.pains[0].score is None


@pytest.mark.parametrize(
    ("scores", "care"),
    [((), None), ((0, 0), None), ((None,), "easier"), ((0, 5), "easier"), ((6, 0), "ask"), ((None, 10), "ask")],
)
def test_what_to_say_after_pain(scores: tuple[int | None, ...], care: str | None) -> None:
    assert care_after(scores, PainRule()) == care


def test_the_account_of_a_session_says_what_its_scores_meant() -> None:
    of = programme((HIKER, "left"), pain={"caution_from": 2, "stop_from": 4})
    assert Theatre(of).begin().guide.record.as_dict()["pain_rule"] == {"caution_from": 2, "stop_from": 4}


def test_the_levels_are_those_of_the_pain_monitoring_model() -> None:
    levels = [pain_level(score, PainRule()) for score in range(11)]
    assert levels == ["safe"] * 3 + ["caution"] * 3 + ["stop"] * 5
