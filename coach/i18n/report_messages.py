"""What reports and progress say, by language: locale/report.toml. Never a diagnosis, never blame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from coach.i18n.catalog import MINUS, WordTable, filled, read_tables
from coach.units import quantity_of, unit_of

FILE = Path(__file__).parent / "locale" / "report.toml"


class OwnNames(Protocol):
    """An exercise file's names for its faults in one language: ``coach.definitions.about.About``."""

    @property
    def faults(self) -> Mapping[str, str]:
        """Names by fault."""
        ...


class NamedFaults(Protocol):
    """Anything with its own names for faults: ``coach.definitions.exercise.Exercise``."""

    def in_language(self, language: str, /) -> OwnNames:
        """Those names in a language."""
        ...


class Messages(WordTable):
    """The words of one language, with numbers, times and names in that language's format."""

    def bare(self, value: float) -> str:
        """A number without trailing zeros: ``4.5``, ``10``."""
        return f"{value:g}".replace(".", self.table["decimal_point"]).replace("-", MINUS)

    def percent(self, share: float) -> str:
        """A share as a percentage: 0.85 -> ``85%``."""
        return self("percent", share=f"{share:.0%}".rstrip("%"))

    def seconds(self, value: float) -> str:
        """A duration: ``8 s``, ``1 min 15 s``, ``3 min``."""
        whole = int(value + 0.5)
        if whole < 100:
            return self("seconds", seconds=whole)
        key = "minutes" if whole % 60 else "whole_minutes"
        return self(key, minutes=whole // 60, seconds=whole % 60)

    def day_and_hour(self, at: datetime) -> str:
        """``Monday, 02 March 2026, 18:00``."""
        names = {"weekday": self._one_of("weekdays", at.weekday()), "month": self._one_of("months", at.month - 1)}
        return self("day_and_hour", **names, day=at.day, year=at.year, hour=at.hour, minute=at.minute)

    def day_in_table(self, day: date) -> str:
        """``2026-03-02``."""
        return self("day_in_table", year=day.year, month=day.month, day=day.day)

    def day_in_chart(self, day: date) -> str:
        """``2 Mar``."""
        return self("day_in_chart", day=day.day, month=self._one_of("months_short", day.month - 1))

    def several(self, noun: str, count: int) -> str:
        """A number with its noun: ``1 breath``, ``7 breaths``."""
        return self(f"{noun}_one") if count == 1 else self(f"{noun}_many", count=count)

    def all_of(self, names: Iterable[str]) -> str:
        """``left``, ``left and right``."""
        return f" {self('and')} ".join(names)

    def fault(self, name: str, exercise: NamedFaults | None = None) -> str:
        """The name of a fault or reason: from the exercise file, else from the table, else in plain words."""
        own = exercise.in_language(self.language).faults if exercise is not None else {}
        return own.get(name) or self.table.get(f"fault_{name}") or plain(name)

    def reason(self, name: str | None, exercise: NamedFaults | None = None) -> str:
        """Why something was not counted, as the end of a sentence."""
        if not name:
            return self("reason_unknown")
        known = f"reason_{name}"
        return self(known) if known in self else self("reason_other", name=self.fault(name, exercise))

    def not_judged(self, times: Mapping[str, int], of: int, named: Callable[[str], str]) -> list[str]:
        """A sentence for the faults that could not be judged equally often: ``Not judged: knee bent.``

        times: how often each, of so many movements and holds. named: the name of a fault.
        """
        lines = []
        for count in sorted(set(times.values()), reverse=True):
            faults = ", ".join(named(name) for name in sorted(times) if times[name] == count)
            lines.append(self("not_judged" if count == of else "not_judged_some", count=count, of=of, faults=faults))
        return lines

    def quantity(self, name: str) -> str:
        """The name of a signal, or of the depth in a result: ``pelvic_drop_deg`` -> ``pelvic drop``."""
        return self.table.get(f"signal_{name}") or plain(quantity_of(name))

    def unit(self, name: str) -> str:
        """The unit of a signal, or of the depth in a result: ``°`` for ``pelvic_drop_deg``."""
        unit = unit_of(name)
        return self("of_leg") if unit.ending == "pct" else unit.symbol

    def _one_of(self, key: str, index: int) -> str:
        return self.table[key].split()[index]


@cache
def report_words(language: str = "en") -> Messages:
    """The words in a language, English if it is unknown."""
    tables = read_tables(FILE)
    known = language if language in tables else "en"
    return Messages(known, filled(tables, known))


def languages() -> tuple[str, ...]:
    """The languages of reports and progress."""
    return tuple(sorted(read_tables(FILE)))


def headed(text: str) -> str:
    """A name as a heading, with an initial capital."""
    return text[:1].upper() + text[1:]


def plain(name: str) -> str:
    """A name in plain words: ``trunk_lean`` -> ``trunk lean``."""
    return name.replace("_", " ")


def clock(t_s: float) -> str:
    """Seconds as minutes and seconds: 75.2 -> ``1:15``."""
    whole = int(t_s + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"
