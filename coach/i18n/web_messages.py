"""The words that belong to the page rather than to an exercise or programme."""

from __future__ import annotations

from pathlib import Path

from coach.i18n.catalog import filled, read_tables

FILE = Path(__file__).parent / "locale" / "web.toml"


LABEL = "label_"  # begins the words of the page for marking videos


def page_words(language: str) -> dict[str, str]:
    """Every word of the page for practising in a language, English where it is missing."""
    return {key: said for key, said in _words(language).items() if not key.startswith(LABEL)}


def label_words(language: str) -> dict[str, str]:
    """Every word of the page for marking videos in a language, English where it is missing."""
    return {key: said for key, said in _words(language).items() if key.startswith(LABEL)}


def _words(language: str) -> dict[str, str]:
    return filled(read_tables(FILE), language)
