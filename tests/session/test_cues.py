"""What is said: one thing at a time, not too often, the most important first, praise when it was put right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.definitions.exercise import load_exercise
from coach.session.cues import CORRECTION_GAP_S, PATIENCE_S, REPEAT_GAP_S, CuePicker
from coach.types import Cue, Event, Movement, Status

HIKER, STRAP = load_exercise("hip-hiker"), load_exercise("strap-stretch")
READY = Status("hip-hiker", "repetitions", "ready", "ready", "left", 1, 10)


def movement(*faults: str, reason: str | None = None) -> Event:
    judged = Movement(1, "left", 1, 2, 3, reason is None, reason, faults, 10, (8, 12), 1.6, 1.6)
    return Event(3.0, "movement", "left", reason or "", movement=judged, number=1)


def keys(coach: CuePicker, *said: tuple[float, list[Event]], status: Status = READY) -> list[str | None]:
    """Keys of what is said at these times; nothing happens in between."""
    cues = [coach.say(t_s, status, events) for t_s, events in said]
    return [cue.key if cue is not None else None for cue in cues]


def test_silence_is_the_rule() -> None:
    assert keys(CuePicker(HIKER), *((float(t), [movement()]) for t in range(0, 60, 5))) == [None] * 12


def test_the_most_important_of_several() -> None:
    assert keys(CuePicker(HIKER), (0.0, [movement("leg_swing", "stance_knee_bent", "trunk_lean")])) == [
        "stance_knee_bent"
    ]
    assert keys(CuePicker(HIKER), (0.0, [movement("too_fast", "leg_swing")])) == ["leg_swing"]
    assert keys(CuePicker(HIKER), (0.0, [movement("trunk_lean", reason="too_shallow")])) == ["too_shallow"]


def test_the_sentence_and_what_it_speaks_of() -> None:
    cue = CuePicker(HIKER).say(7.0, READY, [movement("stance_knee_bent")])
    assert cue is not None
    assert (cue.t_s, cue.text) == (7.0, HIKER.say("stance_knee_bent"))
    assert cue.joints == ("stance knee",)
    german = CuePicker(HIKER, "de").say(7.0, READY, [movement("stance_knee_bent")])
    assert german is not None and german.text == HIKER.say("stance_knee_bent", "de") != cue.text


@pytest.mark.parametrize("way", ["trunk_lean_to_standing_leg", "trunk_lean_to_hanging_leg"])
def test_of_a_lean_the_direction_is_said(way: str) -> None:
    event = movement("trunk_lean")
    assert event.movement is not None
    leaning = replace(event, movement=replace(event.movement, fault_ways={"trunk_lean": way}))
    cue = CuePicker(HIKER, "de").say(7.0, READY, [leaning])
    assert cue is not None
    assert (cue.key, cue.text) == ("trunk_lean", HIKER.say(way, "de"))
    assert cue.text != HIKER.say("trunk_lean", "de")


def test_a_gap_between_corrections() -> None:
    said = keys(
        CuePicker(HIKER),
        (0.0, [movement("trunk_lean")]),
        (CORRECTION_GAP_S - 0.5, [movement("leg_swing")]),
        (CORRECTION_GAP_S + 0.5, [movement("leg_swing")]),
    )
    assert said == ["trunk_lean", None, "leg_swing"]


def test_the_same_not_again_too_soon() -> None:
    said = keys(
        CuePicker(HIKER),
        (0.0, [movement("trunk_lean")]),
        (REPEAT_GAP_S - 1, [movement("trunk_lean")]),
        (REPEAT_GAP_S + 1, [movement("trunk_lean")]),
    )
    assert said == ["trunk_lean", None, "trunk_lean"]


def test_praise_once_when_it_was_put_right() -> None:
    said = keys(
        CuePicker(HIKER),
        (0.0, [movement("trunk_lean")]),
        (4.0, [movement("trunk_lean")]),
        (8.0, [movement()]),
        (12.0, [movement()]),
        (30.0, [movement()]),
    )
    assert said == ["trunk_lean", None, "praise", None, None]


def test_no_praise_for_a_repetition_with_another_fault() -> None:
    said = keys(CuePicker(HIKER), (0.0, [movement("trunk_lean")]), (2.0, [movement("leg_swing")]), (4.0, [movement()]))
    assert said == ["trunk_lean", None, "praise"]


def test_the_end_of_the_set() -> None:
    event = replace(movement(), number=HIKER.target.count)
    assert keys(CuePicker(HIKER), (0.0, [event]), status=replace(READY, count=10)) == ["finished"]


@pytest.mark.parametrize("phase", ["nobody", "partial"])
def test_nobody_is_nagged_for_a_glance_aside(phase: str) -> None:
    away = Status("hip-hiker", "repetitions", phase, phase, count=3)
    coach = CuePicker(HIKER)
    assert keys(coach, (0.0, []), (PATIENCE_S * 0.6, []), status=away) == [None, None]
    assert keys(coach, (PATIENCE_S * 0.7, [])) == [None]
    times = [10 + PATIENCE_S * share for share in (0.0, 0.5, 1.1, 1.5, 3.0)]
    assert keys(coach, *((t, []) for t in times), status=away) == [None, None, phase, None, None]


def test_it_says_what_comes_next_at_the_start_only() -> None:
    coach = CuePicker(HIKER)
    ready = replace(READY, count=0)
    calibrating = Status("hip-hiker", "repetitions", "calibrating", "calibrating")
    assert keys(coach, (0.0, []), (2.0, []), status=calibrating) == [None, "calibrating"]
    assert keys(coach, (3.0, []), (5.0, []), (7.0, []), status=ready) == [None, "ready", None]
    moving = replace(READY, phase="moving", waiting_for="ready")
    assert keys(coach, (20.0, []), (23.0, []), status=moving) == [None, None]
    assert keys(coach, (25.0, []), (28.0, [])) == [None, None]


def test_faults_while_holding_and_when_they_end() -> None:
    holding = Status("strap-stretch", "hold", "holding", "holding", "left", 2, 6)
    said = keys(
        CuePicker(STRAP),
        (20.0, [Event(20.0, "fault_began", "left", "raised_knee_bent")]),
        (22.0, [Event(22.0, "fault_ended", "left", "raised_knee_bent")]),
        (24.0, [Event(24.0, "breath", "left", number=6)]),
        status=holding,
    )
    assert said == ["raised_knee_bent", "praise", "finished"]


@pytest.mark.parametrize(
    ("reason", "text", "joints"),
    [
        ("too_shallow", "Not yet. If comfortable, let the foot sink further.", ()),
        ("stance_knee_bent", "Not yet. Push the step away, leg long.", ("stance knee",)),
        ("not_seen", "I could not see you well enough to count.", ()),
    ],
)
def test_what_does_not_count_is_told_so_and_why(reason: str, text: str, joints: tuple[str, ...]) -> None:
    cue = CuePicker(HIKER).say(0.0, READY, [movement(reason=reason)])
    assert cue is not None and (cue.text, cue.joints) == (text, joints)


def test_nobody_is_asked_for_more_twice_in_a_row() -> None:
    shallow, counted, leaning = (
        movement(reason="too_shallow"),
        movement(),
        movement("trunk_lean"),
    )
    coach = CuePicker(HIKER)
    dips = [(12.0 * n, [shallow]) for n in range(30)]
    said = keys(coach, *dips)
    assert said.count("too_shallow") == 1
    assert keys(coach, (400.0, [counted]), (420.0, [shallow]), (440.0, [shallow])) == ["praise", "too_shallow", None]
    assert keys(coach, (460.0, [leaning]), (480.0, [shallow])) == ["trunk_lean", "too_shallow"]


def test_the_other_side_is_named_and_no_file_has_to() -> None:
    event = Event(0.0, "other_side", "left")
    cue = CuePicker(HIKER).say(0.0, READY, [event])
    assert cue is not None and cue.key == "other_side_left" and "left" in cue.text
    silent = {key: text for key, text in HIKER.words["en"].items() if not key.startswith("other_side")}
    assert CuePicker(HIKER.model_copy(update={"words": {"en": silent}})).say(0.0, READY, [event]) is None


names = st.sampled_from([fault.name for fault in HIKER.faults] + ["too_fast"])
sequences = st.lists(st.tuples(st.floats(0.1, 6), st.lists(names, max_size=3)), max_size=40)


@given(sequences)
def test_whatever_happens_the_gaps_are_kept(steps: list[tuple[float, list[str]]]) -> None:
    coach, t_s = CuePicker(HIKER), 0.0
    said: list[Cue] = []
    for wait_s, faults in steps:
        t_s += wait_s
        cue = coach.say(t_s, READY, [movement(*faults)])
        if cue is not None:
            said.append(cue)
    corrections = [cue for cue in said if cue.key not in ("praise", "finished")]
    assert all(b.t_s - a.t_s >= CORRECTION_GAP_S - 1e-9 for a, b in zip(corrections, corrections[1:]))
    for key in {cue.key for cue in said}:
        times = [cue.t_s for cue in said if cue.key == key]
        assert all(b - a >= REPEAT_GAP_S - 1e-9 for a, b in zip(times, times[1:]))
