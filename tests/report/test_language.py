"""Report and progress in German: nothing of the English is left, neither from the tables nor from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from string import Formatter

import pytest

from coach.cli.history_table import show_weeks
from coach.definitions.exercise import Exercise, load_exercise
from coach.history.weeks import weeks
from coach.i18n.catalog import read_tables
from coach.i18n.report_messages import FILE
from coach.report.chart import chart
from coach.report.chart_svg import draw_chart
from coach.report.page import ReportPart, page
from coach.report.svg import width_in
from coach.report.text import notes
from coach.report.weeks_page import progress_html, tables
from coach.types import Side
from tests.definitions.test_exercise import ARM_RAISE
from tests.history.test_weeks import HOLD, LEFT, RIGHT, kept
from tests.report.scripted import Script, held, hip_hiker, session, strap_stretch
from tests.report.test_page import Reader

# What German never says: words of English that would give away a sentence that was not translated.
ENGLISH = re.compile(r"\b(the|and|of|not|with|from|at|to|is|left|right|counted|fault|week|breaths?)\b", re.IGNORECASE)
TABLES = read_tables(FILE)


class Everything(Reader):
    """Also what is said to those who do not see it."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "html":
            self.language = dict(attrs)["lang"]
        self.words += "".join(f" {value} " for name, value in attrs if name == "aria-label")

    def handle_data(self, data: str) -> None:
        super().handle_data(f" {data} ")


def pieces(text: str) -> Iterator[str]:
    """What stands between the braces of a sentence, where it is long enough to tell a language by."""
    for literal, _, _, _ in Formatter().parse(text):
        piece = " ".join(literal.split()).strip(" ,.:()")
        if len(piece) > 3:
            yield piece


def english_sentences(*exercises: Exercise) -> set[str]:
    german = {piece for text in TABLES["de"].values() for piece in pieces(text)}
    said = {piece for text in TABLES["en"].values() for piece in pieces(text)}
    for exercise in exercises:
        said |= {piece for text in exercise.words["en"].values() for piece in pieces(text)}
        said |= {exercise.title, exercise.summary, exercise.side_is, exercise.camera.where, *exercise.how}
    return said - german


def everything_said() -> str:
    """A report with all there is to say: faults, reasons, absences, pain, advice, what was not judged."""
    faults = {1: tuple(fault.name for fault in hip_hiker().faults)}
    reasons = dict(enumerate(("too_shallow", "stance_knee_bent", "not_returned", "not_seen"), 3))
    not_judged = ("stance_knee_bent", "hanging_knee_bent")
    parts = []
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        script = Script(8, side, faults=faults, uncounted=reasons, away=(12.0, 14.0), not_judged=not_judged)
        result, timeline = session(script)
        result["view"]["advice"] = hip_hiker().say("view_frontal")
        result["movements"][1]["faults"] = ["too_fast"]
        parts.append(ReportPart(result, hip_hiker(), timeline))
    for hold in (held(), held(None), held(counted=False)):
        result, timeline, strap = strap_stretch(hold)
        result["view"]["advice"] = strap.say("view_diagonal")
        parts.append(ReportPart(result, strap, timeline))
    return page(parts, language="de")


@pytest.fixture(scope="module")
def report() -> Everything:
    return Everything(everything_said())


@pytest.fixture(scope="module")
def progress() -> Everything:
    found = weeks([kept(day, LEFT, RIGHT, HOLD, pain=3) for day in range(0, 50, 3)], date(2026, 4, 20))
    return Everything(progress_html(found, "anna", "de"))


@pytest.mark.parametrize("document", ["report", "progress"])
def test_nothing_english_is_left(document: str, request: pytest.FixtureRequest) -> None:
    read: Everything = request.getfixturevalue(document)
    assert read.language == "de"
    words = " ".join(read.words.split())
    sentences = english_sentences(hip_hiker(), load_exercise("strap-stretch"))
    left = [text for text in sentences if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", words)]
    assert left == []
    assert ENGLISH.findall(words) == []


def test_the_test_above_can_fail() -> None:
    result, timeline = session()
    words = " ".join(Everything(page([ReportPart(result, hip_hiker(), timeline)])).words.split())
    assert len([text for text in english_sentences(hip_hiker()) if text in words]) > 20
    assert len(ENGLISH.findall(words)) > 20


def test_numbers_have_a_comma(report: Everything) -> None:
    words = report.words.replace("0.1.0", "")
    assert not re.search(r"\d\.\d", words)
    for said in ("10,0°", "Halten ab 4,5", "0,8"):
        assert said in " ".join(words.split())


def test_the_exercise_speaks_in_the_language(report: Everything) -> None:
    words = " ".join(report.words.split())
    hiker, strap = hip_hiker(), load_exercise("strap-stretch")
    for said in (
        "Beckenabsenken an der Stufe und Beindehnung mit Gurt",
        "Mit links und rechts ist die hängende Seite gemeint.",
        f"{hiker.say('trunk_lean_to_standing_leg', 'de')} (Rumpf zum Standbein geneigt: 1 Wiederholung)",
        hiker.say("view_frontal", "de"),
        strap.say("view_diagonal", "de"),
        "Bewegung 3, links, bei 0:11: sie war nicht tief genug.",
        "Nicht ganz im Bild: 0:12 bis 0:14.",
    ):
        assert said in words


def test_advice_of_another_exercise_or_version_stays_as_it_was_said() -> None:
    result, timeline = session()
    result["view"]["advice"] = "Move the camera to the moon."
    assert "Move the camera to the moon." in notes(result, timeline, hip_hiker(), "de").camera


def test_an_exercise_of_ones_own_without_german_is_told_by_its_plain_names() -> None:
    arm_raise = load_exercise(ARM_RAISE)
    result, _ = session(Script(2, faults={1: ("trunk_lean",)}, lean=""))
    words = " ".join(Reader(page([ReportPart(result, arm_raise, None)], language="de")).words.split())
    assert "Keep your trunk upright. (trunk lean: 1 Wiederholung)" in words
    assert "Arm raise" in words and "Gezählt" in words


def test_an_unknown_language_is_english_and_says_so() -> None:
    assert Everything(page([], language="xx")).language == "en"
    assert Everything(progress_html((), "anna", "xx")).language == "en"


def test_long_names_find_room_at_the_left() -> None:
    """They end where the curves begin, and so must begin within the picture."""
    name = "Hängendes Knie gebeugt"
    result, timeline = session(Script(faults={2: ("hanging_knee_bent",)}))
    drawn, _ = draw_chart(chart(result, timeline, hip_hiker(), "de"))
    (end_pt,) = re.findall(rf'<text x="([\d.]+)"[^>]*text-anchor="end"[^>]*>{name}<', drawn)
    assert float(end_pt) > 72 * width_in(name, 7.6) > 72


def test_progress_says_it_on_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    found = weeks([kept(0, LEFT, RIGHT, HOLD, pain=4)], date(2026, 3, 2))
    titles = [title for title, _, _ in tables(found, "de")]
    assert titles == ["Was du gemacht hast", "Beckenabsenken an der Stufe", "Beindehnung mit Gurt"]
    show_weeks(found, "anna", "de")
    said = capsys.readouterr().out
    for word in ("02.03.2026", "1 von 3", "4/10", "9,0°", "12,0°", "Tiefe", "75 %"):
        assert word in said
    assert ENGLISH.findall(said) == []
    show_weeks((), "anna", "de")
    assert "Von anna ist noch keine Einheit da" in capsys.readouterr().out


def test_an_exercise_that_is_not_known_has_its_plain_name_in_progress() -> None:
    found = weeks([kept(0, {**LEFT, "exercise": "arm-raise"})], date(2026, 3, 2))
    assert tables(found, "de")[1][0] == "Arm raise"


def test_every_word_of_the_tables_is_used() -> None:
    """What no code names is no longer said, and only in the way of whoever adds a language."""
    code = "".join(path.read_text(encoding="utf-8") for path in FILE.parents[2].rglob("*.py"))
    code += "".join(path.read_text(encoding="utf-8") for path in FILE.parents[2].rglob("*.j2"))
    made = re.compile(
        r"(signal|line|fault|reason|group|tone|not_counted|batch)_|.*_(one|many)$|row_(lowering|raising)$"
    )
    assert [key for key in TABLES["en"] if not made.match(key) and not re.search(rf"[\"']{key}[\"']", code)] == []
