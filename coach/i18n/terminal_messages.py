"""What the tables and lines of the command line say, by language: locale/terminal.toml, with the words of reports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from coach.i18n.catalog import filled, read_tables
from coach.i18n.report_messages import Messages, report_words

FILE = Path(__file__).parent / "locale" / "terminal.toml"


@cache
def terminal_words(language: str = "en") -> Messages:
    """The words in a language, English if it is unknown."""
    words = report_words(language)
    return Messages(words.language, {**words.table, **filled(read_tables(FILE), words.language)})
