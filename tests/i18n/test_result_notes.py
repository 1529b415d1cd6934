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
    gap = Note("gaps", {"count": 2, "at_s": 8.0, "gap_s": 7.25})
    assert sentences([gap])[0].startswith("Pictures are missing in 2 places, for 7.2 s in all, first at 8 s.")
    assert sentences([gap], "de")[0].startswith("An 2 Stellen fehlen Bilder, zusammen 7,2 s, zuerst bei 8 s.")
    assert sentences([gap], "it") == sentences([gap])


@pytest.mark.parametrize(
    ("language", "said"), [("en", "in 1 place, for"), ("de", "An 1 Stelle fehlen"), ("fr", "à 1 endroit, pendant")]
)
def test_one_place_is_said_in_the_singular(language: str, said: str) -> None:
    assert said in sentences([Note("gaps", {"count": 1, "at_s": 8.0, "gap_s": 7.25})], language)[0]


@pytest.mark.parametrize("note", [Note("unheard"), Note("gaps", {"at_s": 1.0}), Note("gaps", {})])
def test_what_another_version_noted_is_left_out(note: Note) -> None:
    assert sentences([note]) == []
