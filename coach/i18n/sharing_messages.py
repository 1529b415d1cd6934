"""What a shared file and the physiotherapist's page say: the words of reports and locale/sharing.toml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from coach.i18n.catalog import filled, read_tables
from coach.i18n.report_messages import Messages, report_words

FILE = Path(__file__).parent / "locale" / "sharing.toml"


@cache
def sharing_words(language: str = "en") -> Messages:
    """The words in a language, English where it is not known."""
    report = report_words(language)
    return Messages(report.language, {**report.table, **filled(read_tables(FILE), report.language)})
