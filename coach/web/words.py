"""The words that belong to the page and to no exercise or programme."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        tables: Mapping[str, Mapping[str, str]] = tomllib.load(file)
    return tables


def page_words(language: str) -> dict[str, str]:
    """Every word of the page in a language, English where it has none."""
    tables = _tables()
    return {**tables["en"], **tables.get(language, {})}
