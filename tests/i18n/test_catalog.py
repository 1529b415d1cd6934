"""Tables of sentences: filled up from English, alike in every language, numbers as the language writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.definitions.exercise import load_exercise
from coach.definitions.programme import load_programme
from coach.errors import CoachError
from coach.i18n import web_messages as page
from coach.i18n.catalog import WordTable, filled, placeholders, read_tables, word_problems
from coach.i18n.report_messages import report_words
from coach.i18n.sharing_messages import sharing_words

WORDS = {
    "en": WordTable("en", {"decimal_point": ".", "of": "{count} of {all}"}),
    "de": WordTable("de", {"decimal_point": ",", "of": "{count} von {all}"}),
}


def test_a_sentence_with_its_values() -> None:
    assert WORDS["de"]("of", count=3, all=10) == "3 von 10"
    assert "of" in WORDS["de"] and "off" not in WORDS["de"]
    with pytest.raises(KeyError):
        WORDS["de"]("of", count=3)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_numbers_differ_only_in_their_decimal_point(value: float, digits: int) -> None:
    english, german = (WORDS[language].number(value, digits) for language in ("en", "de"))
    assert "." not in german and "," not in english
    assert german.replace(",", ".") == english
    assert float(english.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10**-digits)


def test_what_a_language_lacks_is_said_in_english() -> None:
    tables = {"en": {"a": "one", "b": "two"}, "de": {"a": "eins"}}
    assert filled(tables, "de") == {"a": "eins", "b": "two"}
    assert filled(tables, "fr") == tables["en"]


@pytest.mark.parametrize(
    ("german", "problem"),
    [
        ({"a": "{n} eins"}, "[words.de] lacks: b"),
        ({"a": "{n} eins", "b": "zwei", "c": "drei"}, "[words.de] has unknown keys: c"),
        ({"a": "eins", "b": "zwei"}, "words.de.a must have {n}, as in English"),
        ({"a": "{n} eins", "b": "{m} zwei"}, "words.de.b must have no braces, as in English"),
        ({"a": "{n eins", "b": "zwei"}, "words.de.a: "),
    ],
)
def test_what_is_unlike_between_languages_is_named(german: dict[str, str], problem: str) -> None:
    (found,) = word_problems({"en": {"a": "{n} one", "b": "two"}, "de": german}, ())
    assert found.startswith(problem)


def test_what_is_needed_is_needed_in_every_language() -> None:
    assert word_problems({"de": {}}, ()) == ["the table [words.en] is missing"]
    assert word_problems({"en": {"a": ""}, "de": {"a": ""}}, ("b",)) == ["[words.en] lacks: b", "[words.de] lacks: b"]
    assert word_problems({"en": {"a": ""}, "de": {"a": ""}}, ("a",)) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match="no such file"):
        read_tables(tmp_path / "words.toml")


def test_every_language_of_the_page_has_words_of_the_english_one_only() -> None:
    tables = read_tables(page.FILE)
    assert {"en", "de"} <= set(tables)
    for table in tables.values():
        assert set(table) <= set(tables["en"])
        for key, text in table.items():
            assert placeholders(text) == placeholders(tables["en"][key]), key


def test_one_is_said_in_the_singular_where_a_sentence_has_it() -> None:
    table = {"held": "{held} s, {breaths} breaths", "held_one": "{held} s, {breaths} breath", "of": "{value} of {of}"}
    words = WordTable("en", table)
    assert words("held", held=1, breaths=2) == "1 s, 2 breaths"
    assert words("held", held=2, breaths=1) == "2 s, 1 breath"
    assert words("held", held=2, breaths=0) == "2 s, 0 breaths"
    assert words("of", value=1, of=1) == "1 of 1"
    assert WordTable("fr", table)("held", held=2, breaths=0) == "2 s, 0 breath", "as French says it"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("1 repetition", "1 breath", "Well done. 1 breath.", "1 degree")),
        ("de", ("1 Wiederholung", "1 Atemzug", "Gut gemacht. 1 Atemzug.", "1 Grad")),
        ("fr", ("1 répétition", "1 respiration", "Bravo. 1 respiration.", "1 degré")),
    ],
)
def test_what_is_said_and_shown_of_one(language: str, said: tuple[str, ...]) -> None:
    words = load_programme().speak(language)
    keys = ({"amount_reps": "count"}, {"amount_breaths": "count"}, {"hold_done": "count"}, {"value_degrees": "value"})
    assert tuple(words(key, **{name: 1}) for each in keys for key, name in each.items()) == said
    asked = [load_exercise(name).in_language(language).amount_of("1") for name in ("hip-hiker", "strap-stretch")]
    assert tuple(asked) == said[:2]


@pytest.mark.parametrize(
    ("language", "minutes", "a_week"),
    [
        ("en", "about 1 minute.", "1 time a"),
        ("de", "etwa 1 Minute.", "1 Mal die"),
        ("fr", "environ 1 minute.", "1 fois"),
    ],
)
def test_one_minute_and_once_a_week(language: str, minutes: str, a_week: str) -> None:
    words = sharing_words(language)
    assert words("plan_days", name="a", days="b", time="18:00", minutes=1).endswith(minutes)
    assert not words("plan_days", name="a", days="b", time="18:00", minutes=11).endswith(minutes)
    assert report_words(language)("sheet_week", count="1").startswith(a_week)


def test_weeks_and_sessions_bring_their_own_nouns() -> None:
    words = report_words("fr")
    spoken = words("weeks_spoken", weeks=words.several("week", 1), sessions=words.several("session", 2))
    assert spoken.startswith("Progrès sur 1 semaine avec 2 séances")
    assert len(re.findall("semaine|séance", spoken)) == 2
