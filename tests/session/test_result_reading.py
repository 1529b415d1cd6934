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
