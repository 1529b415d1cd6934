"""The table in the terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from coach.cli.result_table import readable, show
from coach.definitions.exercise import load_exercise
from coach.i18n.result_notes import NOT_ANY, Note, sentences
from coach.i18n.terminal_messages import terminal_words
from coach.report.text import headline
from coach.session.picture_trust import HEADLESS
from coach.session.result import Result
from coach.session.upgrade_result import upgraded

MOVEMENT = {
    "number": 1,
    "side": "left",
    "start_s": 2.6,
    "peak_s": 4.2,
    "end_s": 6.0,
    "counted": True,
    "uncounted_reason": None,
    "faults": ["trunk_lean", "leg_swing"],
    "pelvic_drop_deg": 10.8,
    "pelvic_drop_interval_deg": [8.8, 12.8],
    "lowering_s": 1.6,
    "raising_s": None,
}
SHALLOW = {**MOVEMENT, "number": 2, "counted": False, "uncounted_reason": "too_shallow", "pelvic_drop_deg": None}
HOLD = {
    "number": 1,
    "side": "right",
    "start_s": 12.0,
    "end_s": 44.2,
    "held_s": 32.2,
    "breaths": 7,
    "breath_start_s": [12.1],
    "breath_rate_per_min": 13.1,
    "breath_quality": 0.9,
    "leg_open_deg": 38.0,
    "counted": True,
    "uncounted_reason": None,
    "faults": [],
}


def result(**changes: Any) -> dict[str, Any]:
    summary = {"reps": 1, "clean_reps": 0, "target_reps": 10, "breaths": 0, "held_s": 0.0, "faults": {}, "cues": []}
    summary.update(changes.pop("summary", {}))
    found = {
        "schema": 1,
        "source": "me.mp4",
        "exercise": "hip-hiker",
        "duration_s": 44.5,
        "analysed_fps": 15.0,
        "seen_ratio": 0.99,
        "view": {"angle_deg": 38, "advice": None},
        "movements": [],
        "holds": [],
        "summary": summary,
    }
    return {**found, **changes}


def printed(found: dict[str, Any], title: str | None = "Hip hiker", width: int = 80) -> str:
    out = io.StringIO()
    show(upgraded(found), Console(file=out, width=width), title)
    return out.getvalue()


def shown(found: Result, language: str = "en") -> list[str]:
    """The lines of a result of the current contract, each whole."""
    out = io.StringIO()
    show(found, Console(file=out, width=300), None, language)
    return [line.strip() for line in out.getvalue().splitlines()]


def test_movements() -> None:
    text = printed(result(movements=[MOVEMENT, SHALLOW]))
    assert "me.mp4  Hip hiker, left side, 45 s" in text
    counted, shallow = (line for line in text.splitlines() if " left " in line and " s " in line and "-" in line)
    assert "11 ± 2°" in counted
    assert "1.6 / - s" in counted
    assert "trunk lean" in text
    assert "too shallow" in shallow
    assert " no " in shallow
    assert "1 repetition counted (a set is 10), 0 with nothing to correct." in text


def test_holds() -> None:
    found = result(exercise="strap-stretch", holds=[HOLD], summary={"breaths": 7, "held_s": 32.2, "target_reps": None})
    text = printed(found, "Strap stretch")
    assert "7 (13/min)" in text
    assert "38°" in text
    assert "Held for 32 s in all, 7 breaths." in text


def test_seconds_are_those_of_the_report() -> None:
    hold = {**HOLD, "held_s": 28.5}
    found = upgraded(result(exercise="strap-stretch", holds=[hold], summary={"breaths": 7, "held_s": 28.5}))
    reported = {row.left or row.right for row in headline([found], None)}
    text = printed(found, "Strap stretch")
    assert "29 s" in reported
    assert text.count("29 s") == 2 and "28 s" not in text


def test_breaths_that_could_not_be_seen() -> None:
    hold = {**HOLD, "breaths": None, "breath_rate_per_min": None}
    text = printed(result(exercise="strap-stretch", holds=[hold], summary={"breaths": None, "held_s": 32.2}))
    assert "not seen" in text
    assert "breaths could not be seen" in text


def test_nothing_found_is_not_wrong_form() -> None:
    away = printed(result(exercise=None, seen_ratio=0.1))
    assert "no exercise found, 45 s" in away
    assert "Nobody was seen well enough" in away
    assert "Nothing in it looks like any of the exercises" in printed(result(exercise=None, seen_ratio=0.9))


def test_a_note_that_says_why_nothing_was_found_is_not_contradicted() -> None:
    (side,) = sentences([Note("other_side_right")])
    text = printed(result(exercise=None, seen_ratio=0.9, notes=[side]), width=200)
    assert side in text and "looks like" not in text


def test_what_was_missing_and_a_note_are_both_told() -> None:
    head, nothing = sentences([HEADLESS, NOT_ANY])
    view = {"angle_deg": 3, "advice": nothing}
    text = printed(result(exercise=None, seen_ratio=0.9, notes=[head], view=view), width=300)
    assert f"{nothing} 'coach exercises' shows" in text and head in text


def test_advice_about_the_camera() -> None:
    advice = "From the front I cannot tell a bent knee."
    assert f"Camera: {advice}" in printed(result(movements=[MOVEMENT], view={"angle_deg": 3, "advice": advice}))


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_what_was_to_be_done_is_no_advice_about_the_camera(language: str) -> None:
    strap = load_exercise("strap-stretch")
    uncounted = {**HOLD, "counted": False, "uncounted_reason": "leg_not_up"}
    advice = f"{strap.say('leg_not_up')} {strap.say('view_head_end')}"
    view = {"angle_deg": 3, "advice": advice}
    found = upgraded(result(exercise="strap-stretch", holds=[uncounted], view=view, summary={"target_reps": None}))
    lines = shown(found, language)
    assert strap.say("leg_not_up", language) in lines
    assert terminal_words(language)("camera_line", advice=strap.say("view_head_end", language)) in lines


def test_of_several_sets_what_the_camera_could_not_show_is_told_with_their_numbers() -> None:
    behind, front = (load_exercise("hip-hiker").say(key) for key in ("view_back", "view_frontal"))
    sides = ("left", "right", "left", "right")
    times = [{"number": i + 1, "start_s": 40.0 * i, "end_s": 40.0 * i + 4} for i in range(4)]
    found = upgraded(
        result(
            movements=[{**MOVEMENT, **time, "side": side} for time, side in zip(times, sides, strict=True)],
            view={"angle_deg": 3, "advice": None},
        )
    )
    for one, advice in zip(found["sets"], (front, behind, front, None), strict=True):
        one["view"] = {"angle_deg": 3, "advice": advice}
    for last in (None, behind):  # what was said in the end is not of every set
        found["view"] = {"angle_deg": 3, "advice": last}
        lines = shown(found)
        assert [line for line in lines if line.startswith("Camera")] == [
            f"Camera (sets 1, 3): {front}",
            f"Camera (set 2): {behind}",
        ]


def test_it_fits_the_terminal_and_a_name_is_not_markup() -> None:
    text = printed(result(source="[bold]x[/].mp4", movements=[MOVEMENT, SHALLOW]), width=80)
    assert "[bold]x[/].mp4" in text
    assert max(len(line) for line in text.splitlines()[2:]) <= 80


def test_an_exercise_of_ones_own_with_another_depth() -> None:
    own = {key: value for key, value in MOVEMENT.items() if "pelvic_drop" not in key} | {"knee_height_pct": 31.2}
    text = printed(result(exercise="knee-raise", movements=[own]), None)
    assert "knee raise, left side" in text
    assert "knee height" in text
    assert "31 %" in text


def test_names_in_words() -> None:
    assert readable("stance_knee_bent") == "stance knee bent"


def test_several_sets_are_shown_one_by_one() -> None:
    right = {**MOVEMENT, "number": 2, "side": "right", "start_s": 40.0, "end_s": 44.0}
    text = printed(result(movements=[MOVEMENT, right], summary={"reps": 2}))
    assert "left and right side" in text
    assert "Set 1: hip hiker, left side, 2.6 - 6.0 s, 1 repetition" in text
    assert "Set 2: hip hiker, right side, 40.0 - 44.0 s, 1 repetition" in text
    assert "Set 1" not in printed(result(movements=[MOVEMENT, SHALLOW]))


def test_in_german_everything_is_german() -> None:
    out = io.StringIO()
    found = upgraded(result(movements=[MOVEMENT, SHALLOW], holds=[]))
    show(found, Console(file=out, width=140), "Beckenabsenken", "de")
    text = out.getvalue()
    for words in (
        "Beckenabsenken",
        "links",
        "von - bis",
        "Rumpf geneigt",
        "Bein weicht aus",
        "nicht tief genug",
        "2,6 - 6,0 s",
    ):
        assert words in text, text
    for english in ("side", "counts", "to correct", "trunk lean", "too shallow", "repetition counted"):
        assert english not in text, text


def test_every_language_has_every_line_of_the_terminal() -> None:
    from coach.i18n.catalog import read_tables, word_problems
    from coach.i18n.report_messages import languages
    from coach.i18n.terminal_messages import FILE

    tables = read_tables(FILE)
    assert word_problems(tables, ()) == []
    assert tuple(sorted(tables)) == languages()
    for key in ("movement_heads", "hold_heads", "history_heads"):
        assert len({table[key].count("|") for table in tables.values()}) == 1


def test_where_to_somebody_leaned_is_in_the_table() -> None:
    leaning = {**MOVEMENT, "faults": ["trunk_lean"], "fault_ways": {"trunk_lean": "trunk_lean_to_hanging_leg"}}
    assert "trunk lean to hanging leg" in printed(result(movements=[leaning]), width=120)


def test_what_was_not_judged_is_told_below_the_table_of_its_set() -> None:
    """A repetition whose stance knee nobody saw had looked like one without a fault."""
    knees, second = ["hanging_knee_bent", "stance_knee_bent"], {**MOVEMENT, "number": 2, "start_s": 7.0, "end_s": 10.0}
    both = printed(result(movements=[{**MOVEMENT, "not_judged": knees}, {**second, "not_judged": knees}]))
    assert "  Not judged: hanging knee bent, stance knee bent." in both
    some = printed(result(movements=[{**MOVEMENT, "not_judged": knees[:1]}, second]))
    assert "Not judged in 1 of 2: hanging knee bent." in some
    assert "Not judged" not in printed(result(movements=[MOVEMENT, second]))


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_in_eighty_columns_nothing_is_cut_off(language: str) -> None:
    """In French the last column was gone, in German its words and heading ended in dots."""
    faults = ["trunk_lean", "stance_knee_bent"]
    leaning = {**MOVEMENT, "faults": faults, "fault_ways": {"trunk_lean": "trunk_lean_to_hanging_leg"}}
    shallow = {**SHALLOW, "number": 11, "pelvic_drop_deg": 3.4}
    held = {**HOLD, "faults": ["raised_knee_bent", "breath_held"], "leg_open_interval_deg": [32.0, 44.0]}
    for found in (result(movements=[leaning, shallow]), result(exercise="strap-stretch", holds=[held])):
        out = io.StringIO()
        show(upgraded(found), Console(file=out, width=80), None, language)
        assert "…" not in out.getvalue(), out.getvalue()
        assert terminal_words(language)("movement_heads", depth="").split("|")[-1] in out.getvalue()


def test_what_the_camera_could_not_show_is_in_the_tables_language() -> None:
    out = io.StringIO()
    advice = load_exercise("hip-hiker").say("view_frontal")
    found = upgraded(result(movements=[MOVEMENT], view={"angle_deg": 3, "advice": advice}))
    show(found, Console(file=out, width=300), None, "de")
    assert load_exercise("hip-hiker").say("view_frontal", "de") in out.getvalue()
    assert advice not in out.getvalue()
