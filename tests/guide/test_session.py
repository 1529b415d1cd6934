"""Whole guided sessions by script, with the exact sequence of what was said."""

from __future__ import annotations

from coach.definitions.exercise import load_exercise
from coach.definitions.programme_messages import NOTICE
from coach.types import Event
from tests.guide.people import lying, standing
from tests.guide.theatre import HIKER, STRAP, Theatre, hold, movement, programme

COUNTDOWN = ["[countdown]", "countdown 3", "countdown 2", "countdown 1", "[exercise]"]
BEGINNING = ["[setup]", "block_intro", "[calibrate]", "calibrate_upright", *COUNTDOWN, "go_repetitions"]


def test_a_whole_programme_from_the_notice_to_the_end() -> None:
    of = programme((HIKER, "left", {"reps": 3, "rest_s": 20}), (STRAP, "right"))
    theatre = Theatre(of, already_confirmed=False)
    theatre.play(5)
    assert theatre.heard() == ["[welcome]", "welcome"]
    assert len(theatre.now.notice) == len(NOTICE)
    assert "hip replacement" in " ".join(theatre.now.notice)
    theatre.guide.confirm_safety()
    assert theatre.guide.safety_confirmed
    theatre.begin()
    assert theatre.heard() == BEGINNING
    theatre.repeat([1, 2, 3])
    finished = ["count 1", "count 2", "last_one", "[rest]", "count 3", "reps_done", "rest", "next_up"]
    assert theatre.heard() == finished
    assert theatre.now.next_block is not None
    assert theatre.now.next_block.exercise == STRAP
    theatre.play(21)
    assert theatre.heard() == ["rest_ends", "[setup]", "block_intro"]
    theatre.play(4)
    assert theatre.heard() == ["fix_lie_down"]
    lies = lying(turn_deg=85)
    theatre.begin(lies)
    start = ["setup_good", "[calibrate]", "calibrate_lying", *COUNTDOWN, "go_hold", "talk_bend_knee"]
    assert theatre.heard() == start
    theatre.play(14, lies, phase="ready").play(8, lies, phase="raised").play(3, lies, phase="opening")
    assert theatre.heard() == ["talk_strap", "talk_raise_leg", "talk_arm_out", "talk_let_fall", "talk_keep_down"]
    theatre.breathe(range(1, 9), lies)
    breaths = ["count 1", "talk_hold", *(f"count {n}" for n in range(2, 7)), "may_finish", "count 7", "come_out"]
    assert theatre.heard() == breaths
    theatre.play(2, lies, phase="returning")
    theatre.play(1, lies, phase="ready", events=[Event(0, "hold", hold=hold(8, side="right"))])
    assert theatre.heard() == ["talk_return", "[summary]", "hold_done", "summary", "next_time", "next_time"]
    record = theatre.guide.record
    assert [(s.exercise, s.side, s.count, s.ended_by) for s in record.sets] == [
        (HIKER, "left", 3, "target"),
        (STRAP, "right", 8, "target"),
    ]
    assert record.complete
    theatre.guide.end()
    theatre.play(1)
    assert theatre.heard() == ["[done]"]
    assert theatre.now.actions == ()
    assert theatre.now.summary is not None


def test_nothing_happens_before_the_notice_is_confirmed() -> None:
    theatre = Theatre(programme((HIKER, "left")), already_confirmed=False)
    theatre.guide.next()
    theatre.guide.hurts()
    theatre.guide.pause()
    theatre.play(30)
    assert theatre.heard() == ["[welcome]", "welcome"]
    assert not theatre.judges
    assert not theatre.guide.record.safety_confirmed


def test_a_confirmed_notice_is_not_shown_again() -> None:
    theatre = Theatre(programme((HIKER, "left"))).play(1)
    assert theatre.heard() == ["[setup]", "block_intro"]
    assert theatre.guide.safety_confirmed


def test_setup_asks_for_one_thing_at_a_time_and_repeats_it_after_six_seconds() -> None:
    theatre = Theatre(programme((HIKER, "left")))
    theatre.play(8.5, empty=True)
    assert theatre.heard() == ["[setup]", "block_intro", "fix_nobody"]
    theatre.play(3, standing(bottom=1.1))
    assert theatre.heard() == ["fix_feet"]
    theatre.play(3.5, standing(top=0.5, bottom=0.8))
    assert theatre.heard() == ["fix_too_far_step"]
    theatre.play(6, standing(top=0.5, bottom=0.8))
    assert theatre.heard() == ["fix_too_far_step"]
    theatre.play(1)
    assert theatre.heard() == ["setup_good"]
    theatre.play(0.8)
    assert theatre.now.stage == "setup"
    assert 0 < theatre.now.progress < 1
    theatre.play(1)
    assert theatre.heard() == ["[calibrate]", "calibrate_upright"]


def test_leaving_while_setup_passes_begins_the_two_seconds_anew() -> None:
    theatre = Theatre(programme((HIKER, "left")))
    theatre.play(1.5).play(1.0, empty=True)
    assert theatre.now.stage == "setup"
    assert theatre.now.progress == 0
    theatre.play(2.3)
    assert theatre.now.stage == "setup"
    theatre.play(0.4)
    assert theatre.now.stage == "calibrate"


def test_a_missed_frame_does_not_disturb_the_setup() -> None:
    theatre = Theatre(programme((HIKER, "left")))
    theatre.play(1.0).play(0.1, empty=True).play(1.1)
    assert theatre.now.stage == "calibrate"


def test_advice_that_cannot_be_followed_is_let_go_and_written_down() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1})))
    frontal = standing(turn_deg=2)
    theatre.play(12, frontal)
    assert theatre.heard() == ["[setup]", "block_intro", "fix_turn_away_step", "fix_turn_away_step"]
    theatre.play(2.4, frontal)
    assert theatre.heard() == ["setup_good_enough", "[calibrate]", "calibrate_upright"]
    theatre.play(1.9, frontal, phase="calibrating").play(3.4, frontal, phase="ready", count=0)
    theatre.repeat([1])
    assert theatre.guide.record.sets[0].compromised == ("angle",)
    assert theatre.now.summary is not None
    assert "Camera angle" in theatre.now.summary.notes[0]


def test_walking_off_while_calibrating_goes_back_to_setup_without_another_introduction() -> None:
    theatre = Theatre(programme((HIKER, "left"))).play(2.4)
    theatre.play(1.2, phase="nobody", empty=True)
    assert theatre.heard() == ["[setup]", "block_intro", "[calibrate]", "calibrate_upright", "[setup]"]
    theatre.begin()
    assert theatre.heard()[-1] == "go_repetitions"
    assert len(theatre.guide.record.sets) == 1


def test_somebody_who_does_not_keep_still_is_asked_again() -> None:
    theatre = Theatre(programme((HIKER, "left"))).play(2.4)
    theatre.heard()
    theatre.play(17, phase="calibrating")
    assert theatre.heard() == ["calibrate_again", "calibrate_again"]


def test_a_correction_is_said_shown_and_marked_and_takes_the_place_of_encouragement() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 6}))).begin().repeat([1, 2])
    theatre.heard()
    event = Event(0, "movement", movement=movement(3, faults=("trunk_lean",)), number=3)
    theatre.play(2, phase="moving").play(3, phase="ready", count=3, events=[event], cue="trunk_lean")
    assert theatre.heard() == ["count 3", "trunk_lean"]
    assert theatre.now.sentence_key == "trunk_lean"
    assert theatre.now.joints == ("shoulders",)
    theatre.play(2)
    assert theatre.now.sentence_key == "ready"
    assert theatre.now.joints == ()
    theatre.play(2, phase="moving").play(1, phase="ready", count=4, cue="praise")
    assert theatre.heard() == ["count 4", "praise"]


def test_a_movement_that_does_not_count_says_why() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    theatre.heard()
    shallow = movement(1, counted=False, uncounted_reason="too_shallow")
    event = Event(0, "movement", movement=shallow, number=0)
    theatre.play(2, phase="moving").play(1, phase="ready", events=[event], cue="too_shallow")
    assert theatre.heard() == ["too_shallow"]
    assert theatre.now.count is not None
    assert theatre.now.count.value == 0
    assert not theatre.guide.record.sets[0].is_empty


def test_what_the_coach_says_of_presence_and_counts_is_left_to_the_guide() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    theatre.heard()
    for key in ("ready", "calibrating", "finished"):
        theatre.play(1, phase="ready", cue=key)
    assert theatre.heard() == []


def test_somebody_who_does_nothing_hears_again_what_comes_next() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    theatre.heard()
    theatre.play(31, phase="ready")
    assert theatre.heard() == ["ready", "ready"]


def test_two_sets_rest_between_them_and_say_which_comes() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1, "sets": 2, "rest_s": 5})))
    theatre.begin().repeat([1])
    assert theatre.heard()[1] == "block_intro_sets"
    assert theatre.now.stage == "rest"
    assert theatre.now.sentence == "Well done. That is the set."
    theatre.play(3.5)
    assert theatre.now.sentence == "Next: set 2 of 2."
    assert 0 < theatre.now.rest_left_s < 1
    theatre.play(1).begin().repeat([1])
    assert [(s.set_number, s.part) for s in theatre.guide.record.sets] == [(1, 0), (2, 1)]
    assert theatre.now.stage == "summary"


def test_no_rest_goes_straight_on() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 0}), (HIKER, "right", {"reps": 1})))
    theatre.begin()
    theatre.heard()
    theatre.repeat([1])
    assert theatre.heard() == ["[setup]", "count 1", "reps_done", "block_intro", "change_sides_step"]


def test_next_skips_a_set_and_ends_a_rest() -> None:
    theatre = Theatre(programme((HIKER, "left"), (HIKER, "right"), (STRAP, "left")))
    theatre.begin().repeat([1])
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.stage == "rest"
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.block is not None
    assert (theatre.now.stage, theatre.now.block.side) == ("setup", "right")
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.block is not None
    assert (theatre.now.stage, theatre.now.block.exercise) == ("setup", STRAP)
    theatre.guide.next()
    theatre.play(1)
    assert theatre.now.stage == "summary"
    assert [s.ended_by for s in theatre.guide.record.sets] == ["skipped"]


def test_other_side_changes_places_with_the_side_to_come() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 2, "rest_s": 0}), (HIKER, "right", {"reps": 2})))
    theatre.begin().repeat([1])
    theatre.heard()
    theatre.guide.other_side()
    theatre.begin()
    assert theatre.heard()[:3] == ["[setup]", "side_changed", "change_sides_step"]
    assert theatre.judges[-1].side == "right"
    theatre.repeat([1, 2]).begin().repeat([1, 2])
    record = theatre.guide.record
    assert [(s.side, s.count, s.ended_by) for s in record.sets] == [
        ("left", 1, "other_side"),
        ("right", 2, "target"),
        ("left", 2, "target"),
    ]


def test_other_side_turns_a_single_block_round() -> None:
    theatre = Theatre(programme((STRAP, "left"))).play(1)
    theatre.guide.other_side()
    theatre.play(1)
    assert theatre.now.block is not None
    assert theatre.now.block.side == "right"


def test_the_language_is_the_persons() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 3})), language="de")
    theatre.begin().repeat([1, 2], faults=("trunk_lean",))
    texts = [speech.text for moment in theatre.moments for speech in moment.say]
    assert "Bleib zwei Sekunden ruhig stehen." in texts
    assert "Noch eine." in texts
    assert theatre.now.block is not None
    assert theatre.now.block.side_label == "linke Seite"
    about = load_exercise(HIKER).in_language("de")
    assert (theatre.now.block.title, theatre.now.block.how) == (
        "Beckenabsenken an der Stufe",
        tuple(step.replace("10 Wiederholungen", "3 Wiederholungen") for step in about.how),
    )
    assert theatre.now.block.camera_where == about.camera_where
    theatre.repeat([3])
    assert theatre.now.summary is not None
    assert theatre.now.summary.exercises[0].next_time == "Nächstes Mal: Mach dich groß, Richtung Decke."
    assert [row.left for row in theatre.now.summary.exercises[0].rows] == ["3 von 3", "1", "10 Grad", "1,5 / 1,6 s"]


def test_an_observation_that_is_not_newer_is_not_judged() -> None:
    theatre = Theatre(programme((HIKER, "left"))).begin()
    seen = len(theatre.judges[-1].observations)
    theatre.frame -= 20
    theatre.play(1)
    assert len(theatre.judges[-1].observations) == seen
    assert theatre.now.stage == "exercise"


def test_each_moment_says_which_set_it_belongs_to() -> None:
    theatre = Theatre(programme((HIKER, "left", {"reps": 1, "rest_s": 5}), (HIKER, "right", {"reps": 1})))
    theatre.begin().repeat([1]).play(6).begin().repeat([1])
    by_part = {part: {m.stage for m in theatre.moments if m.part == part} for part in (-1, 0, 1)}
    assert by_part[0] >= {"exercise"}
    assert by_part[1] >= {"exercise"}
    assert "exercise" not in by_part[-1]
    last = [moment for moment in theatre.moments if moment.part == 1][-1]
    assert last.moment is not None
    assert last.moment.events
