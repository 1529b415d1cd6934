"""``coach plan`` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.typed import typed


def coach(*arguments: object) -> tuple[int, str]:
    done = typed("plan", *arguments)
    return done.exit_code, done.output


def test_the_days_and_the_file(tmp_path: Path) -> None:
    code, said = coach("--ics", tmp_path / "a.ics", "--weeks", 2, "--data-dir", tmp_path)
    assert code == 0, said
    assert "Monday, Wednesday, Friday, at 18:00" in said
    text = (tmp_path / "a.ics").read_text(encoding="utf-8").replace("\n ", "")
    assert "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6" in text
    assert "Hip hiker\\, left side: 1 x 10 repetitions" in text


def test_other_days_in_german(tmp_path: Path) -> None:
    code, said = coach("--days", "sat,tue", "--at", "7:30", "--lang", "de", "--data-dir", tmp_path)
    assert code == 0, said
    assert "Dienstag; Samstag, um 07:30 Uhr" in said


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("de", "die,don", "Dienstag; Donnerstag"),
        ("de", "Mi.,freitag,sun", "Mittwoch; Freitag; Sonntag"),
        ("fr", "di, mer, samedi", "mercredi; samedi; dimanche"),
        ("en", "Tu,thursday", "Tuesday, Thursday"),
    ],
)
def test_days_are_named_in_the_language_or_in_english(language: str, days: str, said: str, tmp_path: Path) -> None:
    code, shown = coach("--days", days, "--lang", language, "--data-dir", tmp_path)
    assert code == 0, shown
    assert said in shown.replace("\u202f", "")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--days", "funday"),
        ("--days", "t"),
        ("--days", "mon,lundi"),
        ("--days", ","),
        ("--at", "noon"),
        ("--at", "25:00"),
        ("--lang", "xx"),
    ],
)
def test_what_makes_no_sense(wrong: tuple[str, str], tmp_path: Path) -> None:
    code, said = coach(*wrong, "--data-dir", tmp_path)
    assert (code, len(said.splitlines())) == (2, 1), said
