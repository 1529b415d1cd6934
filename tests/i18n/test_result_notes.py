"""Sentences about a video: in each language the same ones, and nothing that a file makes up breaks them."""

from __future__ import annotations

import pytest

from coach.i18n.catalog import read_tables, word_problems
from coach.i18n.result_notes import WORDS, Note, sentences


def test_every_language_has_every_sentence() -> None:
    tables = read_tables(WORDS)
    assert set(tables) == {"en", "de", "fr"}
    assert word_problems(tables, ["decimal_point"]) == []


def test_numbers_are_short_and_in_the_language() -> None:
    gap = Note("gap", {"at_s": 8.0, "gap_s": 7.25})
    assert sentences([gap])[0].startswith("Pictures are missing at 8 s, for 7.2 s.")
    assert sentences([gap], "de")[0].startswith("Bei 8 s fehlen Bilder, 7,2 s lang.")
    assert sentences([gap], "it") == sentences([gap])


@pytest.mark.parametrize("note", [Note("unheard"), Note("gap", {"at_s": 1.0}), Note("gap", {})])
def test_what_another_version_noted_is_left_out(note: Note) -> None:
    assert sentences([note]) == []
