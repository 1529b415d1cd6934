"""Agreement, against the worked examples of the papers that the figures come from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach.evaluate.agreement import cohen_kappa, icc_2_1, limits_of_agreement

# Shrout & Fleiss 1979, Table 2: six targets, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Bland & Altman 1986, Table 1: peak flow in l/min of 17 people, first readings of two meters.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def test_icc_of_shrout_and_fleiss() -> None:
    found = icc_2_1(SHROUT_FLEISS)
    assert found.value == pytest.approx(0.29, abs=0.005)  # their Table 4
    assert (found.low, found.high) == (pytest.approx(0.019, abs=0.001), pytest.approx(0.761, abs=0.001))
    # Their mean squares: between judges 32.49, left 1.02.
    assert found.sem == pytest.approx(math.sqrt((32.486 - 1.019) / 6 + 1.019), abs=0.001)
    assert found.mdc95 == pytest.approx(2.772 * found.sem, rel=1e-3)
    assert found.words == "poor to good"


def test_limits_of_bland_and_altman() -> None:
    found = limits_of_agreement(MINI, WRIGHT)
    assert (found.n, found.bias, found.sd) == (17, pytest.approx(-2.1, abs=0.05), pytest.approx(38.8, abs=0.05))
    # The paper takes 2 standard deviations, from rounded figures: -79.7 to 75.5.
    assert found.low == pytest.approx(-2.1 - 1.96 * 38.8, abs=0.2)
    assert found.high == pytest.approx(-2.1 + 1.96 * 38.8, abs=0.2)
    assert (found.bias_low, found.bias_high) == (pytest.approx(-22.0, abs=0.1), pytest.approx(17.8, abs=0.1))


def test_kappa_of_sim_and_wright() -> None:
    # Sim & Wright 2005, Table 1: 39 people seen by two clinicians, kappa 0.67.
    a = ["relevant"] * 24 + ["not"] * 15
    b = ["relevant"] * 22 + ["not"] * 2 + ["relevant"] * 4 + ["not"] * 11
    assert cohen_kappa(a, b) == pytest.approx(0.67, abs=0.005)


def test_a_constant_error_lowers_agreement_but_not_consistency() -> None:
    true = np.arange(10.0)
    assert icc_2_1(np.stack([true, true], 1)).value == pytest.approx(1.0)
    shifted = icc_2_1(np.stack([true, true + 3], 1))
    assert shifted.value < 0.7
    assert shifted.sem == pytest.approx(math.sqrt(4.5))


def test_too_little_says_nothing() -> None:
    assert math.isnan(icc_2_1([[1.0, 2.0], [2.0, 3.0]]).value)
    assert math.isnan(icc_2_1([[1.0, 1.0]] * 5).value)
    assert icc_2_1([[1.0, 1.0]] * 5).words == ""
    assert math.isnan(limits_of_agreement([1.0], [2.0]).bias)
    assert math.isnan(cohen_kappa([], []))
    assert math.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    with pytest.raises(ValueError, match="missing"):
        icc_2_1([[1.0, 2.0], [2.0, 3.0], [math.nan, 1.0]])
    with pytest.raises(ValueError, match="against"):
        cohen_kappa(["a"], [])
