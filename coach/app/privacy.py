"""What is stored where, and what is never sent, in plain words."""

from __future__ import annotations

import re
import textwrap
from functools import cache as remembered
from pathlib import Path

import coach.i18n
from coach.history.records import Holdings
from coach.i18n.catalog import filled, read_tables
from coach.i18n.report_messages import Messages, report_words

FILE = Path(coach.i18n.__file__).parent / "locale" / "privacy.toml"
# Where a wrapped line goes on: below what it began with, or below the second column of a list of commands.
INDENT = re.compile(r" *(?:coach (?:\S+ )+ +)?")


@remembered
def privacy_words(language: str) -> Messages:
    """The words in a language, English if it is unknown."""
    words = report_words(language)
    return Messages(words.language, {**words.table, **filled(read_tables(FILE), words.language)})


def privacy_lines(
    folder: Path, holdings: Holdings | None, cache: Path, language: str = "en", width: int = 80
) -> list[str]:
    """The statement, as lines of at most ``width`` characters, but for paths that are longer.

    holdings: what ``folder`` holds, None if nothing was ever stored. cache: the cache of ``coach evaluate``.
    """
    words = privacy_words(language)
    where = "\n".join(f"  {line}" for line in _where(folder, holdings, words))
    values = {"programmes": folder / "programmes", "cache": cache, "cached": _cached(cache, words)}
    return [line for item in words("statement", where=where, **values).splitlines() for line in _wrapped(item, width)]


def _wrapped(item: str, width: int) -> list[str]:
    found = INDENT.match(item)
    below = " " * (0 if found is None else found.end())
    lines = textwrap.wrap(
        item, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return lines or [""]


def _cached(cache: Path, words: Messages) -> str:
    files = list(cache.glob("*.observed")) if cache.is_dir() else []
    if not files:
        return words("cache_empty")
    return f"{words.several('clip', len(files))}, {_size(sum(file.stat().st_size for file in files), words)}"


def _where(folder: Path, holdings: Holdings | None, words: Messages) -> list[str]:
    if holdings is None:
        return [words("nothing_kept", folder=folder)]
    span = ""
    if holdings.first_at and holdings.last_at:
        first, last = (words.day_in_table(at) for at in (holdings.first_at, holdings.last_at))
        span = words("span", first=first, last=last)
    held = words(
        "holds",
        sessions=words.several("session", holdings.sessions),
        people=words.several("person", holdings.people),
        span=span,
        pains=words.several("pain_mark", holdings.pains),
        size=_size(holdings.database_bytes, words),
    )
    lines = [f"{folder}", held]
    if holdings.reports:
        lines.append(f"{words.several('report', holdings.reports)}: {_size(holdings.report_bytes, words)}.")
    if holdings.damaged:
        lines.append(words.several("damaged", holdings.damaged))
    return lines


def _size(count: int, words: Messages) -> str:
    return f"{words.number(count / 1e6, 1)} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
