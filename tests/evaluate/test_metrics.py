from __future__ import annotations

import math

import pytest

from coach.evaluate.metrics import Figure, all_faults, fault_figures, figures
from coach.evaluate.score import ClipScore, score
from tests.evaluate.results import Json, hiker, nothing, right, spoilt, stretch, truth_of, without


def by_key(scores: list[ClipScore]) -> dict[str, Figure]:
    return {figure.key: figure for figure in figures(scores)}


def scored(data: Json, result: Json | None = None, not_judged: dict[int, tuple[str, ...]] | None = None) -> ClipScore:
    truth = truth_of(data)
    return score(truth, right(truth) if result is None else result, not_judged)


def test_what_is_all_right_meets_every_target() -> None:
    clips = [scored(hiker(8)), scored(stretch()), scored(stretch(None, ("breath_held",))), scored(nothing())]
    assert [figure.key for figure in figures(clips) if figure.met is False] == []


def test_no_clips_measure_nothing_and_meet_nothing() -> None:
    assert {figure.met for figure in figures([])} == {None}
    assert {figure.text for figure in figures([])} == {"-"}


def test_repetition_errors_by_hand() -> None:
    ten, four = truth_of(hiker(10)), truth_of(hiker(4))
    short = without(without(right(ten), 0), 3)
    found = by_key([score(ten, short), score(four, right(four)), scored(hiker(5))])
    assert found["reps_exact"].text == "2 of 3"
    assert found["reps_mae"].value == pytest.approx(2 / 3)
    assert found["reps_nmae"].value == pytest.approx(0.2 / 3)
    assert found["reps_off_by_one"].value == pytest.approx(2 / 3)
    assert found["reps_exact"].met is False


def test_drop_error_bias_coverage_and_correlation() -> None:
    truth = truth_of(hiker(8))  # 9 to 16 degrees
    result = right(truth)
    for movement in result["movements"]:
        drop = movement["pelvic_drop_deg"] + 1.0
        movement.update(pelvic_drop_deg=drop, pelvic_drop_interval_deg=[drop - 2, drop + 2])
    found = by_key([score(truth, result)])
    assert found["drop_mae"].value == found["drop_varied_mae"].value == pytest.approx(1.0)
    assert found["drop_bias"].value == pytest.approx(1.0)
    assert found["drop_varied_r"].value == pytest.approx(1.0)
    assert found["drop_coverage"].value == 1.0


def test_a_constant_guess_has_no_correlation() -> None:
    truth = truth_of(hiker(8))
    result = right(truth)
    for movement in result["movements"]:
        movement.update(pelvic_drop_deg=12.5, pelvic_drop_interval_deg=[10.5, 14.5])
    found = by_key([score(truth, result)])
    assert (found["drop_varied_r"].value, found["drop_varied_r"].met) == (0.0, False)
    assert found["drop_varied_mae"].value == pytest.approx(2.0)
    assert found["drop_coverage"].value == pytest.approx(0.5)


def test_depths_that_hardly_vary_say_nothing_of_correlation() -> None:
    assert math.isnan(by_key([scored(hiker(4))])["drop_varied_r"].value)


def test_precision_recall_and_f1_by_hand() -> None:
    truth = truth_of(hiker(4, faults={"1": ["trunk_lean"], "2": ["trunk_lean"], "3": ["leg_swing"]}))
    result = spoilt(spoilt(right(truth), 1, faults=[]), 3, faults=["trunk_lean"])
    clip = score(truth, result, {2: ("trunk_lean",)})
    lean = next(fault for fault in fault_figures([clip]) if fault.name == "trunk_lean")
    assert (lean.expected, lean.right, lean.missed, lean.missed_not_judged, lean.false) == (2, 1, 1, 1, 1)
    assert (lean.precision, lean.recall, lean.f1) == (0.5, 0.5, 0.5)
    whole = all_faults([clip])
    assert (whole.precision, whole.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert by_key([clip])["clean_faulted"].text == "1"


def test_an_invented_reason_spoils_the_reasons() -> None:
    truth = truth_of(hiker(3, reps=2, uncounted={"2": "too_shallow"}))
    result = right(truth)
    result["movements"].append(result["movements"][1] | {"number": 4, "start_s": 50.0, "end_s": 53.0})
    found = by_key([score(truth, result)])["reasons"]
    assert (found.text, found.met) == ("1 of 2", False)


def test_a_hold_that_is_missing_fails_the_edges_although_no_error_is_known() -> None:
    missing = scored(stretch(), {"exercise": "strap-stretch", "movements": [], "holds": []})
    found = by_key([scored(stretch()), missing])
    assert found["hold_edge_worst_s"].value == 0.0
    assert found["hold_edge_worst_s"].met is False
    assert found["breaths_within_one"].text == "1 of 2"


def test_breath_held_found_and_false() -> None:
    truth = truth_of(stretch())
    wrong = score(truth, spoilt(right(truth), 0, faults=["breath_held"]))
    found = by_key([wrong, scored(stretch(None, ("breath_held",)))])
    assert found["breath_held"].text == "1 of 1"
    assert (found["breath_held_false"].value, found["breath_held_false"].met) == (1.0, False)


def test_nine_of_ten_breath_counts_are_enough() -> None:
    truth = truth_of(stretch())
    off = score(truth, spoilt(right(truth), 0, breaths=7))
    assert by_key([off, *[scored(stretch())] * 9])["breaths_exact"].met is True
    assert by_key([off, off, *[scored(stretch())] * 8])["breaths_exact"].met is False


def test_counting_where_nothing_is_done_is_seen() -> None:
    counted = scored(nothing(), right(truth_of(hiker(2))))
    found = by_key([counted, scored(nothing())])["nothing"]
    assert (found.text, found.met) == ("1 of 2", False)
