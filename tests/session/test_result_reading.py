"""A saved result is compared with the contract before anything is made of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from coach.session.result import depth_name
from coach.session.result_reading import checked_result
from coach.units import interval_name
from tests.report.scripted import Script, session

DAMAGED: tuple[Any, ...] = ([{}, 1.0], [1.0, "x"], [[], []], [True, 1.0], [1.0], "ab", {"a": 1, "b": 2}, [1e300, 2.0])


@pytest.mark.parametrize("bounds", DAMAGED)
def test_an_interval_that_is_none_is_an_error_of_the_file(bounds: Any) -> None:
    data: Any = copy.deepcopy(session(Script())[0])
    assert checked_result(data)
    item = data["movements"][0]
    name = depth_name(item)
    assert name is not None
    item[interval_name(name)] = bounds
    with pytest.raises(ValueError, match="has no interval"):
        checked_result(data)


def test_what_could_not_be_judged_may_be_missing_but_is_a_list_of_names() -> None:
    data: Any = copy.deepcopy(session(Script(not_judged=("stance_knee_bent",)))[0])
    assert checked_result(data)["movements"][0]["not_judged"] == ["stance_knee_bent"]
    del data["movements"][0]["not_judged"]
    assert checked_result(data)["movements"][0]["not_judged"] == []
    data["movements"][0]["not_judged"] = "stance_knee_bent"
    with pytest.raises(ValueError, match="not_judged"):
        checked_result(data)


@pytest.mark.parametrize("held_s", [None, "long"])
def test_a_length_that_is_none_is_an_error_of_the_file(held_s: object) -> None:
    data: Any = copy.deepcopy(session(Script())[0])
    data["sets"][0]["hold"] = {"start_s": 5.0, "end_s": 37.2, "held_s": 32.2, "breaths": None}
    assert checked_result(data)
    for place in (data["sets"][0]["hold"], data["summary"]):
        place["held_s"], before = held_s, place["held_s"]
        with pytest.raises(ValueError, match="held_s: must be a number"):
            checked_result(data)
        place["held_s"] = before
