"""What reports say, by language: complete, alike, and with numbers and dates as the language writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.definitions.exercise import KIND_FAULTS, KIND_REASONS, builtin_names, load_exercise
from coach.i18n.catalog import read_tables, word_problems
from coach.i18n.report_messages import FILE, clock, headed, languages, report_words
from coach.kinematics.catalogue import SIGNALS
from tests.definitions.test_exercise import ARM_RAISE
from tests.definitions.test_exercise_files import MEDICAL
from tests.report.scripted import hip_hiker

TABLES = read_tables(FILE)
WORDS = [report_words(language) for language in languages()]
each_language = pytest.mark.parametrize("words", WORDS, ids=lambda words: words.language)


def test_every_language_has_the_same_keys_and_placeholders() -> None:
    assert languages() == ("de", "en", "fr")
    assert word_problems(TABLES, ()) == []


@each_language
def test_every_signal_and_every_fault_of_the_judges_has_a_name(words) -> None:
    assert {f"signal_{name}" for name in SIGNALS} == {key for key in words.table if key.startswith("signal_")}
    judged = {"too_fast", *(name for names in (*KIND_FAULTS.values(), *KIND_REASONS.values()) for name in names)}
    holds = [exercise.hold for exercise in map(load_exercise, builtin_names()) if exercise.hold is not None]
    judged |= {name for hold in holds for name in (hold.start_reason, hold.counts_reason) if name is not None}
    assert {f"fault_{name}" for name in judged} == {key for key in words.table if key.startswith("fault_")}


@each_language
def test_days_have_names(words) -> None:
    assert [len(words.table[key].split()) for key in ("weekdays", "months", "months_short")] == [7, 12, 12]


@each_language
def test_nothing_is_claimed(words) -> None:
    for key, text in words.table.items():
        if key not in ("not_medical",) and "pain" not in key:
            assert not MEDICAL.search(text), key


@pytest.mark.parametrize("name", builtin_names())
def test_every_fault_of_a_builtin_exercise_has_a_german_name(name: str) -> None:
    exercise, german, english = load_exercise(name), report_words("de"), report_words("en")
    for fault in exercise.faults:
        assert german.fault(fault.name, exercise) != english.fault(fault.name, exercise) == fault.name.replace("_", " ")


def test_a_fault_is_called_as_its_file_says_then_as_the_judges_say_then_plainly() -> None:
    german = report_words("de")
    assert german.fault("trunk_lean", hip_hiker()) == "Rumpf geneigt"
    assert german.fault("too_fast", hip_hiker()) == "zu schnell"
    assert german.fault("trunk_lean", load_exercise(ARM_RAISE)) == "trunk lean"
    assert german.reason("shoulder_up") == "der Grund war: shoulder up"
    assert german.reason("too_shallow") == "sie war nicht tief genug"
    assert report_words("en").reason("shoulder_up") == "the reason was: shoulder up"
    assert report_words("en").reason(None) == "no reason was noted"


def test_a_depth_that_is_no_signal_has_its_plain_name() -> None:
    assert report_words("de").quantity("pelvic_drop_deg") == "Beckenabsenkung"
    assert report_words("de").quantity("elbow_bend_deg") == "elbow bend"


def test_a_unit_follows_its_number() -> None:
    english, german = report_words("en"), report_words("de")
    assert (english.unit("pelvic_drop_deg"), english.unit("knee_height_pct")) == ("°", " % of leg")
    assert (german.unit("knee_height_pct"), german.unit("knee_height")) == (" % Beinlänge", "")


def test_an_unknown_language_is_english() -> None:
    assert report_words("xx").table == report_words("en").table != report_words("de").table
    assert report_words("xx").language == "en"


def test_numbers_shares_and_times() -> None:
    english, german = report_words("en"), report_words("de")
    assert (english.percent(0.85), german.percent(0.85)) == ("85%", "85 %")
    assert (english.bare(4.5), german.bare(4.5), german.bare(10.0)) == ("4.5", "4,5", "10")
    assert (german.seconds(8.4), german.seconds(75.2), german.seconds(135)) == ("8 s", "75 s", "2 min 15 s")
    assert clock(75.2) == "1:15"
    assert (german.several("breath", 1), german.several("breath", 7)) == ("1 Atemzug", "7 Atemzüge")
    at = datetime(2026, 3, 2, 8, 5)
    assert english.day_and_hour(at) == "Monday, 02 March 2026, 08:05"
    assert german.day_and_hour(at) == "Montag, 2. März 2026, 8:05 Uhr"
    assert (english.day_in_table(at), german.day_in_table(at)) == ("2026-03-02", "02.03.2026")
    assert (english.day_in_chart(at), german.day_in_chart(at)) == ("2 Mar", "2. März")


def test_a_heading_keeps_the_capitals_of_its_nouns() -> None:
    assert headed("hängendes Knie gebeugt") == "Hängendes Knie gebeugt"
    assert headed("") == ""


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_a_day_is_the_same_in_every_language(at: datetime) -> None:
    said = [tuple(int(number) for number in re.findall(r"\d+", words.day_and_hour(at))) for words in WORDS]
    assert set(said) == {(at.day, at.year, at.hour, at.minute)}
    weekdays = {words.day_and_hour(at + timedelta(days=i)).split(",")[0] for words in WORDS for i in range(7)}
    assert len(weekdays) == 7 * len(WORDS)
