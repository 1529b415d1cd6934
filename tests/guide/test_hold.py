"""The hold of a guided session: talked through, counted or paced, and left slowly."""

from __future__ import annotations

import itertools
import math

import pytest

from coach.guide.breath_pacer import Follower, Pacer, paced_breath
from coach.types import Event
from tests.guide.people import lying
from tests.guide.theatre import STRAP, Theatre, hold, programme

LIES = lying()


def opened(**changes: object) -> Theatre:
    """A session in which the leg has just come to its hold."""
    theatre = Theatre(programme((STRAP, "left", changes)))
    theatre.begin(LIES).play(2, LIES, phase="raised").play(2, LIES, phase="opening")
    theatre.heard()
    return theatre


def test_what_the_person_is_past_is_not_said_any_more() -> None:
    theatre = Theatre(programme((STRAP, "left"))).begin(LIES)
    theatre.play(2, LIES, phase="ready").play(4, LIES, phase="raised").play(6, LIES, phase="opening")
    theatre.play(4, LIES, phase="holding")
    said = [key for key in theatre.heard() if key.startswith("talk_")]
    assert said == ["talk_bend_knee", "talk_arm_out", "talk_keep_down", "talk_hold"]


def test_the_talk_names_the_sides() -> None:
    for side, leg in (("left", "left"), ("right", "right")):
        lies = lying(turn_deg=-85 if side == "left" else 85)
        theatre = Theatre(programme((STRAP, side))).begin(lies).play(15, lies, phase="ready")
        assert theatre.now.sentence == f"Raise the {leg} leg straight up."


def test_the_coachs_sentence_for_a_phase_is_not_said_on_top_of_the_talk() -> None:
    theatre = Theatre(programme((STRAP, "left"))).begin(LIES)
    theatre.heard()
    theatre.play(3, LIES, phase="raised", cue="raised")
    assert theatre.heard() == ["talk_arm_out"]
    theatre.play(3, LIES, phase="raised", cue="raised_knee_bent")
    assert theatre.heard() == ["raised_knee_bent"]


def test_sitting_up_to_put_the_strap_on_is_no_reason_to_pause() -> None:
    theatre = Theatre(programme((STRAP, "left"))).begin(LIES).play(6, LIES, phase="ready")
    theatre.heard()
    theatre.play(10, LIES, phase="partial")
    assert theatre.heard() == []
    assert theatre.now.sentence == "Put the strap round the left sole."
    theatre.play(7, LIES, phase="ready")
    assert theatre.heard() == ["talk_raise_leg"]
    theatre.play(21, LIES, phase="partial")
    assert theatre.heard()[:2] == ["[paused]", "paused_partial"]


def test_from_six_breaths_on_the_person_may_come_out() -> None:
    theatre = opened().breathe(range(1, 7), LIES)
    assert theatre.now.count is not None
    assert theatre.now.count.may_finish
    assert (theatre.now.count.target_from, theatre.now.count.target_to) == (6, 8)
    theatre.heard()
    theatre.play(2, LIES, phase="returning")
    theatre.play(1, LIES, phase="ready", events=[Event(0, "hold", hold=hold(6))])
    assert theatre.heard() == ["talk_return", "[summary]", "hold_done", "summary", "next_time"]
    assert theatre.guide.record.sets[0].ended_by == "finished"


def test_a_hold_that_is_too_short_may_be_tried_again() -> None:
    theatre = opened().breathe([1, 2], LIES)
    short = hold(2, faults=("hold_too_short",))
    theatre.play(1, LIES, phase="returning")
    theatre.play(2, LIES, phase="raised", events=[Event(0, "hold", hold=short)])
    assert theatre.now.stage == "exercise"
    theatre.play(2, LIES, phase="opening")
    theatre.play(1, LIES, phase="holding", count=0, events=[Event(0, "hold_began")])
    theatre.heard()
    theatre.breathe([1], LIES)
    assert theatre.heard() == ["count 1"]


def test_a_hold_that_is_not_left_ends_after_twenty_seconds() -> None:
    theatre = opened(breaths=2).breathe([1, 2], LIES)
    assert theatre.heard() == ["count 1", "talk_hold", "come_out"]
    theatre.play(18, LIES, phase="holding", count=3, held_s=30.0)
    assert theatre.now.stage == "summary"
    assert theatre.guide.record.sets[0].ended_by == "target"


def test_a_breath_that_is_not_seen_is_paced_and_not_counted() -> None:
    theatre = opened()
    theatre.play(11.9, LIES, phase="holding", quality=0.2, held_s=11.9)
    assert theatre.heard() == ["talk_hold"]
    assert theatre.now.count is not None
    assert theatre.now.count.value == 0
    theatre.play(10, LIES, phase="holding", quality=0.2, held_s=22.0)
    assert theatre.heard() == ["breath_unseen", "breath_in", "breath_out"]
    assert theatre.now.breath is not None
    assert theatre.now.breath.paced
    assert theatre.now.count.value is None
    theatre.play(3, LIES, phase="holding", quality=0.9, count=3, held_s=60.0)
    assert theatre.heard() == ["paced_may_finish", "breath_in"]
    assert theatre.now.count.value is None
    theatre.play(4, LIES, phase="holding", quality=0.9, count=4, held_s=81.0)
    assert theatre.heard() == ["paced_come_out"]
    end = Event(0, "hold", hold=hold(None, held_s=83.0))
    theatre.play(1, LIES, phase="returning", events=[end])
    record = theatre.guide.record.sets[0]
    assert (record.count, record.paced, record.ended_by) == (None, True, "finished")
    assert theatre.now.summary is not None
    rows = {row.name: row.left for row in theatre.now.summary.exercises[0].rows}
    assert rows["breaths"] == "not seen"
    assert rows["held"] == "83 s"
    assert "could not be seen" in theatre.now.summary.notes[0]


def test_breaths_that_only_the_whole_hold_shows_are_kept() -> None:
    theatre = opened().play(13, LIES, phase="holding", quality=math.nan, held_s=61.0)
    theatre.play(1, LIES, phase="returning", events=[Event(0, "hold", hold=hold(7))])
    record = theatre.guide.record.sets[0]
    assert (record.count, record.paced) == (7, True)


def test_a_breath_seen_well_is_never_paced() -> None:
    theatre = opened().play(60, LIES, phase="holding", quality=0.6, held_s=60.0, breath_phase=0.5)
    assert [key for key in theatre.heard() if key.startswith(("breath_", "paced_"))] == []
    assert theatre.now.breath is not None
    assert not theatre.now.breath.paced
    assert theatre.now.breath.fill == pytest.approx(0.5, abs=0.01)


def test_pacing_goes_four_seconds_in_and_six_out() -> None:
    assert paced_breath(0.0) == ("in", 0.0)
    assert paced_breath(2.0) == ("in", pytest.approx(0.5))
    assert paced_breath(4.0) == ("out", 1.0)
    assert paced_breath(7.0) == ("out", pytest.approx(0.5))
    assert paced_breath(13.9)[0] == "in"


def test_pacing_begins_once_whatever_the_frame_rate() -> None:
    for fps in (5, 15, 30):
        pacer = Pacer()
        began = [n / fps for n in range(40 * fps) if pacer.step(n / fps, 0.1)]
        assert len(began) == 1
        assert began[0] == pytest.approx(12.0, abs=1 / fps)


def test_a_good_breath_in_between_starts_the_wait_anew() -> None:
    pacer = Pacer()
    assert not any(pacer.step(t, 0.9 if t % 10 == 0 else 0.1) for t in range(60))


def test_the_circle_follows_the_seen_breath_and_turns_with_it() -> None:
    follower = Follower()
    directions = []
    for n in range(300):
        follower.step(n / 15, 0.5 - 0.5 * math.cos(2 * math.pi * n / 15 / 5))
        directions.append(follower.direction)
    turns = sum(a != b for a, b in itertools.pairwise(directions))
    assert 7 <= turns <= 8
    assert 0 <= follower.fill <= 1
    follower.step(21.0, math.nan)
    assert follower.direction == ""
