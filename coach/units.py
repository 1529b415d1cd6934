"""Names end in their unit, as in ``pelvic_drop_deg``: the one place that takes them apart. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by the ending of names that carry it. symbol: what follows a number; written: in the head of a column."""

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
    """The unit of a quantity by its name's ending; one without symbol where the ending is none."""
    return UNITS.get(name.rpartition("_")[2], NONE)


def quantity_of(name: str) -> str:
    """The name without its unit: ``pelvic_drop_deg`` -> ``pelvic_drop``."""
    return name.rpartition("_")[0] or name


def interval_name(name: str) -> str:
    """What the interval of a quantity is called: ``pelvic_drop_deg`` -> ``pelvic_drop_interval_deg``."""
    return end_name(name, "interval")


def end_name(name: str, end: str) -> str:
    """A name with a word before its unit, which stays last: ``drop_deg``, 'low' -> ``drop_low_deg``."""
    quantity, _, ending = name.rpartition("_")
    return f"{quantity}_{end}_{ending}"
