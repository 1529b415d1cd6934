"""Errors in the user's language. Code raises them in English; the translation is looked up when they are shown.

``locale/errors.toml`` maps the English sentence, with ``{0}``, ``{1}`` ... for its values, to that of a language. So an
error stays one plain line where it is raised, and a sentence without a translation stays English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from coach.errors import CoachError
from coach.i18n.catalog import read_tables

FILE = Path(__file__).parent / "locale" / "errors.toml"
_VALUE = re.compile(r"\{(\d)\}")


def translated(sentence: str, language: str) -> str:
    """An English sentence of an error in a language; unchanged if there is no translation of it."""
    for pattern, translation in _patterns(language):
        found = pattern.fullmatch(sentence)
        if found is not None:
            return _filled(translation, [translated(value, language) for value in found.groups()])
    return sentence


def translated_error(error: CoachError, language: str) -> str:
    """An error and its remedy as one line in a language."""
    problem, remedy = translated(error.problem, language), translated(error.remedy, language)
    return f"{problem}. {remedy}" if remedy else problem


def translated_text(text: str, language: str) -> str:
    """One line that may be a problem and its remedy, in a language; unchanged if it is not known."""
    for end in [found.start() for found in re.finditer(r"\. ", text)] + [len(text)]:
        problem, remedy = text[:end], text[end + 2 :]
        known = translated(problem, language)
        if known != problem:
            return f"{known}. {translated(remedy, language)}" if remedy else known
    return text


def translated_line(line: str, name: str, language: str) -> str:
    """What went wrong with a file, as one line without the file's name, in a language; unchanged if it is not known."""
    whole = f"{name}: {line}"
    known = translated_text(whole, language)
    return translated(line, language) if known == whole else re.sub(rf"^{re.escape(name)}\s?: ", "", known)


def _filled(translation: str, values: Sequence[str]) -> str:
    return _VALUE.sub(lambda place: values[int(place[1])], translation)


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences as patterns of their values, those with the most fixed text first, since they say the most."""
    table = read_tables(FILE).get(language, {})
    ordered = sorted(table.items(), key=lambda item: -len(_VALUE.sub("", item[0])))
    return tuple((re.compile(_pattern(english), re.DOTALL), translation) for english, translation in ordered)


def _pattern(english: str) -> str:
    parts = _VALUE.split(english)  # fixed text and numbers of values in turn; the numbers rise from 0
    return "(.*?)".join(re.escape(text) for text in parts[::2])
