"""Leaving, pausing, a camera that goes silent: counts are kept, and everything is said."""

from __future__ import annotations

import pytest

from coach.types import Event
from tests.guide.people import lying
from tests.guide.theatre import HIKER, STRAP, Theatre, hold, movement, programme


def busy() -> Theatre:
    theatre = Theatre(programme((HIKER, "left", {"reps": 10, "rest_s": 20}), (HIKER, "right"))).begin()
    theatre.repeat([1, 2])
    theatre.heard()
    return theatre


def test_leaving_pauses_and_coming_back_goes_on_with_the_count() -> None:
    theatre = busy()
    theatre.play(0.9, phase="nobody", empty=True)
    assert theatre.heard() == []
    theatre.play(20, phase="nobody", empty=True)
    assert theatre.heard() == ["[paused]", "paused_left"]
    assert (theatre.now.pause, theatre.now.sentence_key) == ("left", "paused_left")
    assert theatre.now.count is not None
    assert theatre.now.count.value == 2
    theatre.play(2, phase="calibrating")
    assert theatre.heard() == ["[exercise]", "welcome_back", "calibrate_upright"]
    theatre.play(1, phase="ready", events=[Event(0, "calibrated")])
    assert theatre.heard() == ["resumed"]
    theatre.repeat([3])
    assert theatre.heard() == ["count 3"]
    pause = theatre.guide.record.pauses[0]
    assert pause.reason == "left"
    assert pause.end_s - pause.start_s == pytest.approx(20.6, abs=0.3)


def test_a_part_of_the_body_is_said_what_to_do_about() -> None:
    theatre = busy()
    theatre.play(10, phase="partial")
    assert theatre.heard() == ["[paused]", "paused_partial", "partial"]
    theatre.play(1, phase="ready")
    assert theatre.heard() == ["[exercise]", "welcome_back"]


def test_a_frame_without_a_person_is_no_reason_to_pause() -> None:
    theatre = busy()
    for _ in range(12):
        theatre.play(0.5, phase="nobody", empty=True).play(0.5, phase="ready")
    assert theatre.heard() == []


def test_a_movement_judged_while_away_is_counted() -> None:
    theatre = busy()
    theatre.play(2, phase="nobody", empty=True)
    event = Event(0, "movement", movement=movement(3), number=3)
    theatre.play(1, phase="nobody", empty=True, count=3, events=[event])
    assert theatre.heard() == ["[paused]", "paused_left", "count 3"]


def test_pausing_waits_however_long_and_counts_down_again() -> None:
    theatre = busy()
    theatre.guide.pause()
    judged = len(theatre.judges[-1].observations)
    theatre.play(30)
    assert theatre.heard() == ["[paused]", "paused_asked"]
    assert len(theatre.judges[-1].observations) == judged
    assert "resume" in theatre.now.actions
    theatre.guide.resume()
    theatre.play(3.4)
    back = ["[countdown]", "countdown 3", "countdown 2", "countdown 1", "[exercise]", "resumed"]
    assert theatre.heard() == back
    theatre.repeat([3])
    assert theatre.heard() == ["count 3"]
    assert len(theatre.judges) == 1


def test_after_a_pause_the_judge_knows_of_the_gap() -> None:
    theatre = busy()
    theatre.guide.pause()
    theatre.play(5)
    theatre.guide.resume()
    theatre.play(1)
    gap = [o.t_s for o in theatre.judges[-1].observations if o.pose is None]
    assert len(gap) == 1


def test_walking_away_in_an_asked_pause_says_nothing() -> None:
    theatre = busy()
    theatre.guide.pause()
    theatre.play(20, phase="nobody", empty=True)
    assert theatre.heard() == ["[paused]", "paused_asked"]


def test_a_pause_in_the_rest_does_not_eat_the_rest() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 20}), (HIKER, "right"))).begin().repeat([1])
    theatre.play(5)
    left_s = theatre.now.rest_left_s
    theatre.guide.pause()
    theatre.play(60)
    theatre.guide.resume()
    theatre.play(0.1)
    assert theatre.now.stage == "rest"
    assert theatre.now.rest_left_s == pytest.approx(left_s, abs=0.3)


def test_a_pause_in_the_setup_starts_the_setup_anew() -> None:
    theatre = Theatre(programme((HIKER, "left"))).play(1)
    theatre.guide.pause()
    theatre.play(5)
    theatre.guide.resume()
    theatre.play(1)
    assert theatre.heard() == ["[setup]", "block_intro", "[paused]", "paused_asked", "[setup]"]


def test_a_silent_camera_is_reported_and_picked_up_again() -> None:
    theatre = busy()
    theatre.wait(10)
    assert theatre.heard() == ["[paused]", "paused_camera"]
    assert theatre.now.pause == "camera"
    theatre.play(1, phase="ready")
    assert theatre.heard() == ["[exercise]", "camera_back"]
    theatre.repeat([3])
    assert theatre.heard() == ["count 3"]
    assert [mark.reason for mark in theatre.guide.record.pauses] == ["camera"]


def test_a_gap_between_frames_is_noticed_without_ticks() -> None:
    theatre = busy()
    theatre.frame += 50
    theatre.play(1, phase="ready")
    assert theatre.heard() == ["paused_camera", "camera_back"]
    assert theatre.now.stage == "exercise"
    gap = theatre.guide.record.pauses[0]
    assert gap.end_s - gap.start_s == pytest.approx(5.1, abs=0.2)


def test_a_camera_that_goes_silent_while_nobody_is_there() -> None:
    theatre = busy()
    theatre.play(3, phase="nobody", empty=True).wait(5)
    assert theatre.heard() == ["[paused]", "paused_left", "paused_camera"]
    theatre.play(1.5, phase="nobody", empty=True).play(2, phase="ready")
    assert theatre.heard() == ["[exercise]", "camera_back", "[paused]", "paused_left", "[exercise]", "welcome_back"]


def test_a_camera_that_never_sends_anything_is_reported() -> None:
    theatre = Theatre(programme((HIKER, "left"))).wait(5)
    assert theatre.heard() == ["[setup]", "block_intro", "[paused]", "paused_camera"]
    theatre.begin()
    assert "camera_back" in theatre.heard()


def test_a_rest_goes_on_without_a_camera() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 5}), (HIKER, "right"))).begin().repeat([1])
    theatre.heard()
    theatre.wait(7)
    assert theatre.heard() == ["[setup]", "block_intro", "[paused]", "paused_camera"]


def test_a_camera_that_opens_only_after_a_question_is_not_missed_meanwhile() -> None:
    """A page opens its camera where a picture is shown, and takes its time over it without a word."""
    theatre = Theatre(programme((HIKER, "left"), ask_pain=True)).wait(15)
    assert theatre.now.stage == "question"
    theatre.guide.score(0)
    theatre.guide.tick(float("-inf"))  # what is shown now
    theatre.frame += 40  # four seconds in which the page says nothing
    theatre.play(3)
    heard = theatre.heard()
    assert "[setup]" in heard and "paused_camera" not in heard
    assert not theatre.guide.record.pauses


def test_who_lies_is_easily_lost_for_a_moment() -> None:
    lies = lying()
    theatre = Theatre(programme((STRAP, "left"))).begin(lies).play(1, lies, phase="raised")
    theatre.play(1, lies, phase="holding", count=0).breathe([1, 2], lies)
    theatre.heard()
    theatre.play(2.5, phase="holding", empty=True).breathe([3], lies)
    assert "[paused]" not in theatre.heard()


def test_ending_keeps_everything_up_to_that_moment() -> None:
    theatre = busy()
    assert theatre.guide.record.sets[0].count == 2
    assert theatre.guide.record.sets[0].ended_by == ""
    theatre.guide.end()
    theatre.play(1)
    assert theatre.heard() == ["[summary]", "summary", "next_time"]
    record = theatre.guide.record
    assert [(s.count, s.ended_by) for s in record.sets] == [(2, "ended")]
    assert not record.complete
    assert theatre.now.sentence == "Ended early. What you did is kept."


def test_a_hold_that_is_going_on_is_in_the_record() -> None:
    lies = lying()
    theatre = Theatre(programme((STRAP, "left"))).begin(lies).play(1, lies, phase="raised").breathe([1, 2], lies)
    record = theatre.guide.record.sets[0]
    assert (record.count, record.held_s) == (2, 8.0)
    assert theatre.guide.record.as_dict()["sets"][0]["count"] == 2


def test_ending_at_once_keeps_nothing_and_says_so() -> None:
    theatre = Theatre(programme((HIKER, "left"))).play(1)
    theatre.guide.end()
    theatre.play(1)
    assert theatre.now.sentence == "Nothing was counted this time."
    assert theatre.now.summary is not None
    assert theatre.now.summary.exercises == ()


@pytest.mark.parametrize("action", ["pause", "next", "other_side", "hurts", "end", "resume", "confirm_safety"])
@pytest.mark.parametrize("stage", ["welcome", "setup", "exercise", "paused", "rest", "question", "summary", "done"])
def test_every_action_is_safe_in_every_stage(stage: str, action: str) -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 3}), (STRAP, "left")), already_confirmed=stage != "welcome")
    theatre.play(0.5)
    guide = theatre.guide
    if stage in ("exercise", "paused", "rest", "question", "summary", "done"):
        theatre.begin().repeat([1])
    if stage == "paused":
        guide.pause()
    elif stage == "rest":
        theatre.repeat([2, 3])
    elif stage == "question":
        guide.hurts()
    elif stage in ("summary", "done"):
        guide.end()
        if stage == "done":
            guide.end()
    theatre.play(0.2)
    assert theatre.now.stage == stage
    allowed = action in theatre.now.actions
    before = len(guide.record.sets)
    getattr(guide, action)()
    theatre.play(0.2)
    assert allowed or theatre.now.stage == stage
    assert len(guide.record.sets) >= before
    theatre.play(3).wait(3).play(3, lying())


def test_a_finished_hold_in_a_pause_is_not_lost() -> None:
    lies = lying()
    theatre = Theatre(programme((STRAP, "left"))).begin(lies).play(1, lies, phase="raised")
    theatre.breathe(range(1, 7), lies).play(4, phase="nobody", empty=True)
    theatre.play(1, phase="nobody", empty=True, events=[Event(0, "hold", hold=hold(6))])
    assert theatre.now.stage == "summary"
    assert theatre.guide.record.sets[0].count == 6


def test_a_set_whose_only_repetition_came_too_early_is_still_a_set() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1}), ask_effort=True)).play(2.4)
    early = Event(theatre.frame / 10, "movement", movement=movement(1), number=1)
    theatre.play(2.5, phase="ready", count=1, events=[early]).play(3.4)
    assert theatre.now.question is not None and theatre.now.question.asks == "effort"
    theatre.guide.score(4)
    assert [(each.count, each.effort) for each in theatre.guide.record.sets] == [(1, 4)]
