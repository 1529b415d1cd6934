"""The words that belong to the page rather than to an exercise or programme."""

from __future__ import annotations

from pathlib import Path

from coach.i18n.catalog import filled, read_tables

FILE = Path(__file__).parent / "locale" / "web.toml"


def page_words(language: str) -> dict[str, str]:
    """Every word of the page in a language, English where it is missing."""
    return filled(read_tables(FILE), language)
