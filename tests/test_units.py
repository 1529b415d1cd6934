"""Units by the endings of names."""

from __future__ import annotations

import pytest

from coach.units import end_name, interval_name, quantity_of, unit_of


@pytest.mark.parametrize(
    ("name", "quantity", "symbol", "written"),
    [
        ("pelvic_drop_deg", "pelvic_drop", "°", "deg"),
        ("leg_swing_pct", "leg_swing", " %", "% of leg length"),
        ("breath_rate_per_min", "breath_rate_per", "/min", "1/min"),
        ("held_s", "held", " s", "s"),
        ("count", "count", "", ""),
    ],
)
def test_a_name_tells_its_unit(name: str, quantity: str, symbol: str, written: str) -> None:
    assert (quantity_of(name), unit_of(name).symbol, unit_of(name).written) == (quantity, symbol, written)


def test_the_unit_stays_last() -> None:
    assert interval_name("pelvic_drop_deg") == "pelvic_drop_interval_deg"
    assert end_name("pelvic_drop_interval_deg", "low") == "pelvic_drop_interval_low_deg"
