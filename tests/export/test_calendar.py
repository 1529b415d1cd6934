"""The calendar file, read by a parser of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.export.calendar import Practice, calendar_text, folded

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=timezone(timedelta(hours=2)))
PRACTICE = Practice("standard", "Üben; mit, Zeichen", "a\nb\\c", (0, 2, 4), time(18, 5), 25, 4, date(2026, 3, 31))


def read(text: str) -> Any:
    icalendar = pytest.importorskip("icalendar")
    (calendar,) = icalendar.Calendar.from_ical(text, multiple=True)
    assert calendar["VERSION"] == "2.0"
    (event,) = calendar.walk("VEVENT")
    assert event.errors == []
    return event


def test_each_day_of_the_plan_comes_as_often_as_there_are_weeks() -> None:
    dateutil = pytest.importorskip("dateutil.rrule")
    event = read(calendar_text(PRACTICE, NOW))
    assert event["DTSTART"].dt == datetime(2026, 4, 1, 18, 5)  # the first of its days, on the wall clock
    rule = dateutil.rrulestr(event["RRULE"].to_ical().decode(), dtstart=event["DTSTART"].dt)
    days = [each.date() for each in rule]
    assert len(days) == 12
    assert {day.weekday() for day in days} == {0, 2, 4}
    assert days[-1] - days[0] < timedelta(weeks=4)
    assert event["DURATION"].dt == timedelta(minutes=25)
    assert event["DTSTAMP"].dt == datetime(2026, 3, 30, 18, 0, tzinfo=timezone.utc)


def test_texts_come_back_as_they_were() -> None:
    event = read(calendar_text(PRACTICE, NOW))
    assert str(event["SUMMARY"]) == "Üben; mit, Zeichen"
    assert str(event["DESCRIPTION"]) == "a\nb\\c"
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(minutes=-15)


def test_a_second_import_is_known_by_its_name() -> None:
    one, other = calendar_text(PRACTICE, NOW), calendar_text(replace(PRACTICE, at=time(7, 0)), NOW)
    assert read(one)["UID"] == read(other)["UID"]
    assert read(one)["UID"] != read(calendar_text(replace(PRACTICE, name="anna"), NOW))["UID"]


@given(st.text(max_size=300))
@settings(max_examples=80)
def test_no_line_is_too_long_and_no_letter_is_cut(text: str) -> None:
    line = "X:" + "".join(letter for letter in text if letter.isprintable())
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode("utf-8")) <= 75 for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line


@given(st.text(max_size=100))
@settings(max_examples=60)
def test_no_text_makes_another_entry(text: str) -> None:
    told = calendar_text(replace(PRACTICE, summary=text, description=text), NOW)
    assert told.count("\r\nBEGIN:") == 2
    assert all(line for line in told.split("\r\n")[:-1])
