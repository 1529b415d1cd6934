"""Sentences that a result carries about its video: what was missing, corrected or left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coach.i18n.catalog import WordTable, filled, placeholders, read_tables

WORDS = Path(__file__).parent / "locale" / "notes.toml"


@dataclass(frozen=True, slots=True)
class Note:
    """One remark. key: its name in locale/notes.toml; values: for its placeholders, rounded to a tenth."""

    key: str
    values: Mapping[str, float] = field(default_factory=dict)


NOT_IT = Note("not_it")  # nothing in a recording looks like the exercise
NOT_ANY = Note("not_any")  # nor like any of several
LYING = Note("lying")  # somebody lay, and perhaps no leg was raised, perhaps it could not be told from the other
BEGUN = Note("begun")  # a stretch was begun, and then lost sight of
MISSING = (NOT_IT, NOT_ANY, LYING, BEGUN)  # what a result may say of the view, beside an exercise's own sentences


def sentences(notes: Iterable[Note], language: str = "en") -> list[str]:
    """Each note as a sentence in a language, else in English; notes unknown to this version are left out."""
    words = WordTable(language, filled(read_tables(WORDS), language))
    known = [note for note in notes if note.key in words and placeholders(words.table[note.key]) <= set(note.values)]
    return [words(note.key, **_shown(note, words)) for note in known]


def _shown(note: Note, words: WordTable) -> dict[str, str]:
    return {name: words.number(value, 0 if float(value).is_integer() else 1) for name, value in note.values.items()}
