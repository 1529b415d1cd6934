"""Two raters of the same clips: what is the same, what differs, and by how much."""

from __future__ import annotations

import pytest

from coach.evaluate.raters import Rating, compare, match_times, rating_of_result, rating_of_truth
from tests.evaluate.results import Json, hiker, nothing, right, stretch, truth_of


def rated(data: Json, clip: str = "clip") -> Rating:
    return rating_of_truth(truth_of(data, clip))


def moved(data: Json, by_s: float) -> Json:
    return {**data, "reps": [{**rep, "bottom": rep["bottom"] + by_s} for rep in data["reps"]]}


def test_the_same_twice_agrees_in_everything() -> None:
    clips = [rated(hiker(n), f"hikers {n}") for n in (3, 4, 6)]
    clips += [rated(stretch(n), f"stretch {n}") for n in (5, 6, 8)] + [rated(nothing(), "nothing")]
    found = compare("anna", clips, "ben", clips)
    assert len(found.clips) == 7
    measured = {each.key: each for each in found.measured}
    assert measured["reps"].icc.value == measured["breaths"].icc.value == pytest.approx(1.0)
    assert measured["deepest"].limits.sd == 0
    named = {each.name: each for each in found.named}
    assert (named["exercise"].kappa, named["exercise"].words) == (1.0, "almost perfect")
    assert all(each.agreed == 1.0 for each in found.named if each.n)


def test_a_repetition_that_only_one_saw_and_one_that_only_one_counts() -> None:
    one = rated(hiker(4, reps=3, uncounted={"2": "too_shallow"}))
    other = rated(hiker(4) | {"reps": hiker(4)["reps"][:3], "expect": {"reps": 3, "side": "left"}})
    found = compare("anna", [one], "ben", [other])
    kinds = next(each for each in found.named if each.name.startswith("movement"))
    assert (kinds.n, kinds.agreed) == (4, 0.5)  # the second and the fourth differ
    counts = next(each for each in found.measured if each.key == "reps")
    assert [(point.true, point.found) for point in counts.points] == [(3, 3)]


def test_times_differ_by_bias_and_have_no_icc() -> None:
    found = compare("anna", [rated(hiker(5))], "ben", [rated(moved(hiker(5), 0.2))])
    deepest = next(each for each in found.measured if each.key == "deepest")
    assert deepest.limits.bias == pytest.approx(0.2)
    assert deepest.icc.value != deepest.icc.value


def test_faults_are_compared_where_both_saw_a_repetition() -> None:
    one = rated(hiker(4, faults={"1": ["trunk_lean"], "2": ["trunk_lean"]}))
    other = rated(hiker(4, faults={"1": ["trunk_lean"], "3": ["leg_swing"]}))
    named = {each.name: each for each in compare("anna", [one], "ben", [other]).named}
    assert (named["fault: trunk lean"].n, named["fault: trunk lean"].agreed) == (4, 0.75)
    assert named["fault: trunk lean"].kappa == pytest.approx(0.5)
    assert named["fault: leg swing"].kappa == 0.0
    assert named["all faults"].n == 8


def test_the_coachs_result_is_rated_like_a_persons() -> None:
    for data in (hiker(4, faults={"2": ["trunk_lean"]}), stretch(6, ("pelvis_roll",)), nothing()):
        truth = truth_of(data)
        result = {**right(truth), "sets": []}
        for hold in result["holds"]:
            hold["breath_start_s"] = None
        assert rating_of_result("clip", result, None) == rating_of_truth(truth)  # type: ignore[arg-type]


def test_only_clips_of_both_are_compared() -> None:
    found = compare("anna", [rated(hiker(3), "a"), rated(hiker(3), "b")], "ben", [rated(hiker(3), "b")])
    assert found.clips == ("b",)


def test_the_nearest_times_belong_together() -> None:
    assert match_times([1.0, 5.0], [5.4, 4.9, 9.0], 1.0) == [(0, None), (1, 1), (None, 0), (None, 2)]
    assert match_times([], [], 1.0) == []
