"""Names end in their unit, as in ``pelvic_drop_deg``: the one place that splits them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, keyed by the ending of names. symbol: after a number; written: in a column heading."""

    ending: str
    symbol: str
    written: str


UNITS = {
    unit.ending: unit
    for unit in (
        Unit("deg", "°", "deg"),
        Unit("pct", " %", "% of leg length"),
        Unit("cm", " cm", "cm"),
        Unit("m", " m", "m"),
        Unit("s", " s", "s"),
        Unit("min", "/min", "1/min"),
    )
}
NONE = Unit("", "", "")


def unit_of(name: str) -> Unit:
    """The unit of a quantity, from the end of its name; one without a symbol if there is none."""
    return UNITS.get(name.rpartition("_")[2], NONE)


def quantity_of(name: str) -> str:
    """The name without its unit: ``pelvic_drop_deg`` -> ``pelvic_drop``."""
    return name.rpartition("_")[0] or name


def interval_name(name: str) -> str:
    """The name of a quantity's interval: ``pelvic_drop_deg`` -> ``pelvic_drop_interval_deg``."""
    return end_name(name, "interval")


def end_name(name: str, end: str) -> str:
    """A name with a word inserted before its unit: ``drop_deg``, 'low' -> ``drop_low_deg``."""
    quantity, _, ending = name.rpartition("_")
    return f"{quantity}_{end}_{ending}"
