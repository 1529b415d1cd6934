"""Values as JSON knows them: NaN is null, whatever it is in."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from coach.to_json import number, plain, whole


@dataclass(frozen=True)
class Needle:
    value: float
    range: tuple[float, float]


def test_what_is_not_finite_is_null_wherever_it_stands() -> None:
    found = plain({"a": [float("nan"), np.float32("inf"), 1.5], 2: Needle(float("-inf"), (0.0, 1.0))})
    assert found == {"a": [None, None, 1.5], "2": {"value": None, "range": [0.0, 1.0]}}
    json.dumps(found, allow_nan=False)


def test_truth_and_whole_numbers_stay_what_they_are() -> None:
    found = plain([True, 3, np.int64(4), "x", None], 1)
    assert found == [True, 3, 4, "x", None]
    assert [type(each) for each in found] == [bool, int, int, str, type(None)]


def test_numbers_are_rounded_where_asked() -> None:
    assert (number(1.2345, 2), number(1.2345), number(None), number(float("nan"), 2)) == (1.23, 1.2345, None, None)
    assert (whole(37.6), whole(float("nan")), whole(None)) == (38, None, None)
    assert plain((1.23456, np.float64(2.34567)), 3) == [1.235, 2.346]
