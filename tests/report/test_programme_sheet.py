"""The printed sheet says what the file asks for, in both languages, and needs no other file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.definitions.programme import Programme, load_programme
from coach.report.programme_sheet import sheet, write_sheet
from coach.report.weasy import available

TEXT = """
schema = 1
name = "Anna & hip <1>"
sessions_per_week = 2
[[blocks]]
exercise = "hip-hiker"
side = "left"
sets = 2
reps = 8
depth = [8, 12]
tempo_s = [3, 2.5]
load_kg = 1
step_cm = 15
note = "Barefoot."
progress = { sessions = 2, as_asked = 9, pain = 2, effort = 5, more = 2, up_to = 14 }
[[blocks]]
exercise = "hip-hiker"
side = "right"
reps = 8
[[blocks]]
exercise = "strap-stretch"
side = "left"
hold_s = 40
"""


@pytest.fixture
def anna(tmp_path: Path) -> Programme:
    path = tmp_path / "anna.toml"
    path.write_text(TEXT)
    return load_programme(path)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_everything_that_is_asked_is_on_it(anna: Programme) -> None:
    page = sheet(anna)
    said = words(page)
    for text in (
        "2 times a week",
        "Left: 2 sets of 8 repetitions, then 30 s of rest",
        "Right: 1 set of 8 repetitions, then 30 s of rest",
        "Step height: 15 cm.",
        "Load: 1 kg.",
        "Tempo: 3 seconds down, 2.5 seconds up.",
        "Depth: 8 to 12°.",
        "Barefoot.",
        "2 repetitions more, up to 14.",
        "1 set of 40 seconds",
        "get medical help at once",
    ):
        assert text in said, text
    assert "Anna &amp; hip &lt;1&gt;" in page
    assert page.count("<svg") == 3
    assert "@page { size: A4" in page


def test_in_german_nothing_is_english(anna: Programme) -> None:
    said = words(sheet(anna, "de"))
    for text in ("2 Mal die Woche", "Links: 2 Sätze, je 8 Wiederholungen", "Stufenhöhe: 15 cm.", "40 Sekunden"):
        assert text in said, text
    assert not re.search(r"\b(the|repetitions|rest|step)\b", said)


def test_it_needs_nothing_else(anna: Programme, tmp_path: Path) -> None:
    (path,) = write_sheet(anna, tmp_path / "sheet.html")
    assert not re.search(r"(src|href)=|https?://(?!www\.w3\.org)", path.read_text())


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_standard_programme_fits_one_side_of_paper(language: str) -> None:
    """In German only what to do about pain stood on a second page."""
    if not available():
        pytest.skip("needs WeasyPrint")
    import weasyprint

    page = sheet(load_programme(), language)
    assert len(weasyprint.HTML(string=page).render().pages) == 1


def test_german_counts_in_the_right_case() -> None:
    said = words(sheet(load_programme(), "de"))
    assert "1 Satz, je 6–8 Atemzüge, danach 30 s Pause" in said
    assert "Zuerst 3 min auf der Stelle gehen" in said
