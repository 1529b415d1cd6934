"""Weeks: what was done, how deep, how clean, left against right, and what hurt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from coach.cli.history_table import show_weeks
from coach.errors import OutputError
from coach.history.records import Pain, PartRecord, SessionRecord
from coach.history.weeks import depth_deg, monday, weeks
from coach.report.weeks_chart import weeks_svg
from coach.report.weeks_page import progress_html, write_chart, write_page
from tests.report.scripted import Script, held, session, strap_stretch
from tests.report.test_page import Reader

START = datetime(2026, 3, 2, 18, 0, tzinfo=timezone.utc)  # a Monday


def kept(day: int, *results: dict[str, Any], pain: int | None = None, planned: float | None = 3) -> SessionRecord:
    at = START + timedelta(days=day)
    return SessionRecord(
        number=day + 1,
        person="anna",
        kind="live",
        started_at=at,
        saved_at=at,
        ended_at=at,
        source="",
        programme="standard",
        sessions_per_week=planned,
        sets_planned=2,
        report_path=None,
        record=None,
        app_version="1",
        parts=tuple(PartRecord(i, result["exercise"], result) for i, result in enumerate(results)),
        pains=() if pain is None else (Pain(0, 1.0, pain), Pain(0, 2.0, None)),
    )


LEFT, _ = session(Script(side="left", depth_deg=9, faults={1: ("trunk_lean",)}))
RIGHT, _ = session(Script(side="right", depth_deg=12, uncounted={2: "too_shallow"}))
HOLD = strap_stretch(held(7))[0]


def test_a_week_tells_left_from_right() -> None:
    (week,) = weeks([kept(0, LEFT, RIGHT), kept(2, LEFT, HOLD, pain=4)], START.date())
    assert week.monday == date(2026, 3, 2)
    assert (week.sessions, week.days, week.planned) == (2, 2, 3)
    assert week.adherence == pytest.approx(2 / 3)
    assert (week.sets_done, week.sets_planned) == (4, 4)
    assert week.pain == 4
    hiker = week.exercises["hip-hiker"]
    assert hiker["left"].counted == 8
    assert hiker["left"].depth_deg == 9
    assert hiker["left"].clean_share == pytest.approx(6 / 8)
    assert hiker["right"].counted == 3
    assert hiker["right"].depth_deg == 12
    strap = week.exercises["strap-stretch"]
    assert set(strap) == {"right"}
    assert (strap["right"].breaths, strap["right"].held_s, strap["right"].depth_deg) == (7, 30, 40)
    assert week.clean_share == pytest.approx(10 / 12)


def test_weeks_without_a_session_are_there_and_were_planned() -> None:
    found = weeks([kept(0, LEFT), kept(15, LEFT)], date(2026, 3, 30))
    assert [week.monday.day for week in found] == [2, 9, 16, 23, 30]
    assert [week.sessions for week in found] == [1, 0, 1, 0, 0]
    assert [week.adherence for week in found] == [pytest.approx(1 / 3), 0, pytest.approx(1 / 3), 0, 0]
    assert found[1].exercises == {}
    assert found[1].clean_share is None
    assert [week.monday.day for week in weeks([kept(0, LEFT), kept(15, LEFT)], date(2026, 3, 30), most=2)] == [23, 30]


def test_more_than_planned_is_all_of_it() -> None:
    (week,) = weeks([kept(day, LEFT, planned=2) for day in range(4)], START.date())
    assert week.adherence == 1
    (week,) = weeks([kept(0, LEFT, planned=None)], START.date())
    assert week.adherence is None


def test_sets_done_freely_do_not_count_towards_the_plan() -> None:
    free = replace(kept(1, LEFT), sets_planned=None)
    (week,) = weeks([kept(0, LEFT, RIGHT), free], START.date())
    assert (week.sets_done, week.sets_planned) == (2, 2)
    assert week.exercises["hip-hiker"]["left"].counted == 8
    (alone,) = weeks([free], START.date())
    assert (alone.sets_done, alone.sets_planned) == (1, None)


def test_nothing_done_is_no_session() -> None:
    assert weeks([], START.date()) == ()
    assert weeks([kept(0)], START.date()) == ()
    (week,) = weeks([kept(0, pain=8)], START.date())
    assert week.pain == 8


def test_breaths_that_were_not_seen_count_for_nothing() -> None:
    (week,) = weeks([kept(0, strap_stretch(held(None))[0], HOLD)], START.date())
    assert week.exercises["strap-stretch"]["right"].breaths == 7
    (week,) = weeks([kept(0, strap_stretch(held(5, counted=False))[0])], START.date())
    assert week.exercises["strap-stretch"]["right"].breaths is None


def test_the_clock_of_the_place_decides_the_week() -> None:
    late = replace(kept(0, LEFT), started_at=datetime(2026, 3, 8, 23, 30, tzinfo=timezone(timedelta(hours=-8))))
    (week,) = weeks([late], date(2026, 3, 8))
    assert week.monday == date(2026, 3, 2)
    assert monday(date(2026, 3, 8)) == date(2026, 3, 2)


def test_depth_has_whatever_name_the_exercise_gives_it() -> None:
    assert depth_deg({"a_interval_deg": [1, 2], "bend_deg": 3.5, "t_s": 2.0}) == 3.5
    assert depth_deg({"bend_deg": None}) is None


def test_the_tables_say_it_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_weeks(weeks([kept(0, LEFT, RIGHT, HOLD, pain=4)], START.date()), "anna")
    said = capsys.readouterr().out
    for word in ("What was done, anna", "2026-03-02", "1 of 3", "4/10", "Hip hiker", "9.0°", "12.0°", "Strap stretch"):
        assert word in said
    show_weeks((), "anna")
    assert "No session of anna is kept yet" in capsys.readouterr().out


def test_the_page_and_the_picture(tmp_path: Path) -> None:
    found = weeks([kept(day, LEFT, RIGHT, HOLD, pain=3) for day in range(0, 50, 3)], date(2026, 4, 20))
    page = write_page(found, "<anna>", tmp_path / "p.html").read_text(encoding="utf-8")
    read = Reader(page)
    assert "Progress of <anna>" in read.words
    assert "<anna>" not in page
    assert "#0102" not in page
    assert len(page) < 300_000
    assert all(address.startswith("#") for address in read.addresses)
    picture = write_chart(found, "anna", tmp_path / "p.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert weeks_svg(found, narrow=True).startswith("<svg")
    assert "No session is kept yet" in progress_html((), "anna")
    with pytest.raises(OutputError, match="nothing to draw"):
        write_chart((), "anna", tmp_path / "none.png")
    with pytest.raises(OutputError, match="cannot be written"):
        write_page(found, "anna", tmp_path / "absent" / "p.html")


def test_a_page_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_page((), "anna", tmp_path / "p.html")
    before = target.read_bytes()

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_page((), "ben", target)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]
