from __future__ import annotations

import pytest

from coach.evaluate.complaints import complaints
from coach.evaluate.metrics import figures
from coach.evaluate.score import match, of_exercise, score
from tests.evaluate.results import hiker, nothing, right, sample_truth, spoilt, stretch, truth_of, without

SAMPLE_NAMES = ["hiker_faults", "hiker_right_30fps", "strap_left_30fps", "strap_right_side_far_knee_arm"]


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_a_result_that_says_the_truth_has_no_complaints(name: str) -> None:
    truth = sample_truth(name)
    assert complaints(score(truth, right(truth))) == []


def test_a_missed_repetition_does_not_make_the_next_ones_wrong() -> None:
    truth = truth_of(hiker(4, faults={"4": ["trunk_lean"]}))
    found = score(truth, without(right(truth), 1))
    assert found.reps_error == -1
    assert found.missed == (2,)
    assert [(case.number, case.name, case.expected, case.found) for case in found.faults] == [
        (4, "trunk_lean", True, True)
    ]
    assert complaints(found) == ["counts 3 of 4", "2 is not counted"]


def test_an_invented_repetition_is_named_with_its_time() -> None:
    truth = truth_of(hiker(2))
    result = right(truth)
    result["movements"].append(result["movements"][0] | {"number": 3, "start_s": 30.0, "end_s": 33.0})
    found = score(truth, result)
    assert found.reps_error == 1
    assert complaints(found) == ["counts 3 of 2", "counts something else at 30.0 s"]


def test_depth_is_scored_on_clean_counted_repetitions_only() -> None:
    truth = truth_of(hiker(4, reps=3, faults={"2": ["too_fast"]}, uncounted={"3": "too_shallow"}))
    found = score(truth, spoilt(right(truth), 0, pelvic_drop_deg=13.5, pelvic_drop_interval_deg=[11.5, 15.5]))
    assert [depth.number for depth in found.depths] == [1, 4]
    assert found.depths[0].error_deg == 4.5
    assert [depth.covered for depth in found.depths] == [False, True]
    assert complaints(found) == ["1: drop 14° instead of 9°"]


def test_a_fault_that_the_view_cannot_tell_is_missed_but_said_to_be() -> None:
    truth = truth_of(stretch(faults=("raised_knee_bent",)))
    result = spoilt(right(truth), 0, faults=["pelvis_roll"])
    found = score(truth, result, {1: ("raised_knee_bent",)})
    assert complaints(found) == [
        "pelvis roll named but not there",
        "raised knee bent not found (says it cannot tell)",
    ]


def test_a_fault_on_a_clean_repetition_is_counted() -> None:
    truth = truth_of(hiker(3))
    found = score(truth, spoilt(right(truth), 1, faults=["leg_swing"]))
    assert (found.clean, found.clean_faulted) == (3, 1)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"uncounted_reason": "not_returned"}, "not_returned"),
        ({"counted": True, "uncounted_reason": None}, "counted"),
    ],
)
def test_reasons_are_compared(values: dict[str, object], reason: str) -> None:
    truth = truth_of(hiker(3, reps=2, uncounted={"2": "too_shallow"}))
    [given] = score(truth, spoilt(right(truth), 1, **values)).reasons
    assert (given.true, given.found) == ("too_shallow", reason)


def test_a_movement_that_is_not_listed_has_no_reason() -> None:
    truth = truth_of(hiker(3, reps=2, uncounted={"2": "too_shallow"}))
    found = score(truth, without(right(truth), 1))
    assert complaints(found) == ["2 should not count as too shallow: not listed"]


def test_something_else_that_is_listed_is_invented() -> None:
    data = hiker(2, reps=0, uncounted={"1": "stance_knee_bent"})
    data["reps"][0] |= {"drop": 0, "stance_knee": 30}
    data["reps"][1] |= {"drop": 0, "raise_arms": 80}
    truth = truth_of(data)
    result = right(truth)
    assert complaints(score(truth, result)) == []
    result["movements"].append(
        result["movements"][0] | {"number": 2, "start_s": 6.6, "end_s": 9.9, "uncounted_reason": "too_shallow"}
    )
    assert complaints(score(truth, result)) == ["lists (too shallow) something else at 6.6 s"]


def test_the_wrong_exercise_counts_nothing_of_the_right_one() -> None:
    truth = truth_of(hiker(3))
    found = score(truth, right(truth_of(stretch())))
    assert (found.reps_found, found.exercise_right, found.side_right) == (0, False, False)
    assert complaints(found)[0] == "the exercise is hip-hiker, not strap-stretch"


def test_the_wrong_side_is_said() -> None:
    truth = truth_of(hiker(2))
    result = right(truth)
    for movement in result["movements"]:
        movement["side"] = "right"
    assert complaints(score(truth, result)) == ["the side is left, not right"]


def test_nothing_where_nothing_is_done() -> None:
    truth = truth_of(nothing())
    empty = {"exercise": None, "movements": [], "holds": []}
    assert complaints(score(truth, empty)) == []
    found = score(truth, right(truth_of(hiker(2))))
    assert complaints(found)[:2] == ["the exercise is none, not hip-hiker", "counts 2 where nothing is done"]


def test_edges_and_breaths_of_a_hold() -> None:
    truth = truth_of(stretch())
    found = score(truth, spoilt(right(truth), 0, start_s=13.0, end_s=39.0, breaths=5))
    assert found.hold is not None
    assert (found.hold.start_error_s, found.hold.end_error_s) == (1.0, -1.0)
    assert complaints(found) == [
        "the hold begins 1.0 s too late",
        "the hold ends 1.0 s too early",
        "5 breaths instead of 6",
    ]


def test_a_hold_that_is_not_found_or_does_not_count() -> None:
    truth = truth_of(stretch())
    none = {"exercise": "strap-stretch", "movements": [], "holds": []}
    assert complaints(score(truth, none)) == ["the hold is not found"]
    uncounted = spoilt(right(truth), 0, counted=False, uncounted_reason="leg_not_open")
    assert "the hold does not count: leg not open" in complaints(score(truth, uncounted))


def test_breaths_that_could_not_be_seen_are_not_none() -> None:
    truth = truth_of(stretch())
    assert complaints(score(truth, spoilt(right(truth), 0, breaths=None))) == ["breaths not seen (6)"]
    assert complaints(score(truth, spoilt(right(truth), 0, breaths=0))) == ["0 breaths instead of 6"]


def test_breaths_that_the_truth_does_not_count_are_not_compared() -> None:
    truth = truth_of(stretch(breaths=None, faults=("breath_held",)))
    assert complaints(score(truth, spoilt(right(truth), 0, breaths=None))) == []


def test_matching_takes_the_best_shares_first_and_each_once() -> None:
    truth = truth_of(hiker(2))
    long = {"start_s": 2.5, "end_s": 9.0}
    second = {"start_s": 6.6, "end_s": 10.0}
    pairs, left = match(truth.movements, [long, second])
    assert [found for _, found in pairs] == [long, second]
    assert left == []
    pairs, left = match(truth.movements, [second, {"start_s": 40.0, "end_s": 43.0}])
    assert [found for _, found in pairs] == [None, second]
    assert left == [{"start_s": 40.0, "end_s": 43.0}]


def test_sets_are_scored_by_exercise_side_and_count() -> None:
    data = hiker(4)
    data["sets"] = [
        {"exercise": "hip-hiker", "side": "left", "start_s": 0.0, "end_s": 9.0, "reps": data["reps"][:2]},
        {"exercise": "hip-hiker", "side": "right", "start_s": 9.0, "end_s": 20.0, "reps": data["reps"][2:]},
    ]
    truth = truth_of(data)
    result = right(truth)
    for movement in result["movements"][2:]:
        movement["side"] = "right"
    found = [
        {"number": 1, "exercise": "hip-hiker", "side": "left", "start_s": 2.5, "end_s": 10.0, "reps": 2},
        {"number": 2, "exercise": "hip-hiker", "side": "right", "start_s": 10.5, "end_s": 18.0, "reps": 1},
        {"number": 3, "exercise": "hip-hiker", "side": "right", "start_s": 40.0, "end_s": 50.0, "reps": 3},
    ]
    scored = score(truth, {**result, "sets": found})
    assert [case.right for case in scored.sets] == [True, False]
    assert (scored.sides_true, scored.side_right, scored.sets_invented) == (("left", "right"), True, 1)
    figure = next(each for each in figures([scored]) if each.key == "sets")
    assert figure.text == "1 of 3"
    assert "set 2: 1 of 2" in complaints(scored)


def test_of_two_exercises_each_is_scored_by_itself() -> None:
    hold = right(truth_of(stretch()))["holds"][0]
    truth = truth_of(hiker(2))
    result = right(truth)
    sets = [
        {"number": 1, "exercise": "hip-hiker", "side": "left", "start_s": 2.5, "end_s": 10.0, "reps": 2},
        {"number": 2, "exercise": "strap-stretch", "side": "right", "start_s": 12.0, "end_s": 40.0, "reps": None},
    ]
    for movement in result["movements"]:
        movement["set"] = 1
    both = {**result, "exercise": "strap-stretch", "holds": [{**hold, "set": 2}], "sets": sets}
    hiking = score(truth, of_exercise(both, "hip-hiker"))
    assert hiking.exercise_right and hiking.reps_found == 2 and not hiking.invented
    lying = score(truth_of(stretch()), of_exercise(both, "strap-stretch"))
    assert lying.exercise_right and lying.hold is not None and lying.hold.counted and not lying.invented
    assert len(score(truth, both).invented) == 1  # where the truth knows nothing of it
