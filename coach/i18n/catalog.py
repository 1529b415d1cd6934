"""Sentences by key: those of one language with values filled in, and the files that hold one table per language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from coach.errors import CoachError
from coach.toml import read_toml

# Format of a number in a sentence: '02d', '.1f'.
SHORT_FORMAT = re.compile(r"(0?\d)?(\.\d)?[df]?")
# The values that a sentence may count, the first of those given: by it a sentence has a form for one, KEY_one.
COUNTED = ("count", "breaths", "seconds", "minutes", "days", "value", "sessions")
MINUS = "−"
ONE_FOR_NONE = ("fr",)  # languages that say nothing in the singular, too: '0 respiration'
Tables = Mapping[str, Mapping[str, str]]


class WordTable:
    """The sentences of one language, with values filled in. One key is ``decimal_point``."""

    def __init__(self, language: str, table: Mapping[str, str]) -> None:
        self.language = language
        self.table = table

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of that key, or its form for one. Raises KeyError for a missing key or value."""
        return self.table[self._form(key, values)].format(**values)

    def _form(self, key: str, values: Mapping[str, object]) -> str:
        one = f"{key}_one"
        if one not in self.table:
            return key
        count = str(next((values[name] for name in COUNTED if name in values), ""))
        return one if count == "1" or (count == "0" and self.language in ONE_FOR_NONE) else key

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the language's decimal point and a minus sign that is no hyphen."""
        return f"{value:.{digits}f}".replace(".", self.table["decimal_point"]).replace("-", MINUS)


@cache
def read_tables(path: Path) -> Tables:
    """The tables of a locale file, by language."""
    return read_toml(path, CoachError)


def filled(tables: Tables, language: str) -> dict[str, str]:
    """Every word in a language, English where it is missing."""
    return {**tables["en"], **tables.get(language, {})}


def placeholders(sentence: str) -> frozenset[str]:
    """Placeholder names of a sentence. Raises ValueError for a lone brace, or for more than a short number format."""
    found = []
    for _, name, spec, conversion in Formatter().parse(sentence):
        if conversion or not SHORT_FORMAT.fullmatch(spec or ""):  # such as ':>1000000'
            raise ValueError(f"in braces only a name may stand: {{{name}}}")
        if name is not None:
            found.append(name)
    return frozenset(found)


def word_problems(
    tables: Tables, required: Iterable[str], given: Mapping[str, Collection[str]] | None = None
) -> list[str]:
    """Differences between the languages of ``[words]``: each needs the same keys and placeholders.

    given: allowed placeholders by key, none for keys without an entry; None does not check English.
    """
    if "en" not in tables:
        return ["the table [words.en] is missing"]
    english = tables["en"]
    needed = {*required, *english}
    problems = []
    for language, table in tables.items():
        missing, unknown = sorted(needed - set(table)), sorted(set(table) - needed)
        if missing:
            problems.append(f"[words.{language}] lacks: {', '.join(missing)}")
        if unknown:
            problems.append(f"[words.{language}] has unknown keys: {', '.join(unknown)}")
        for key in sorted(set(table) & set(english)):
            try:
                found, expected = placeholders(table[key]), placeholders(english[key])
                if found != expected:
                    problems.append(f"words.{language}.{key} must have {_braces(expected)}, as in English")
                elif given is not None and language == "en" and not found <= set(given.get(key, ())):
                    problems.append(f"words.en.{key} may have {_braces(given.get(key, ()))}, and has {_braces(found)}")
            except ValueError as error:
                problems.append(f"words.{language}.{key}: {error}")
    return problems


def _braces(names: Iterable[str]) -> str:
    return ", ".join(sorted(f"{{{name}}}" for name in names)) or "no braces"
