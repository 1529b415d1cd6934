"""The physiotherapist's page: who is to be looked at, and what counts as a change."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.history.records import SessionRecord
from coach.i18n.catalog import read_tables, word_problems
from coach.i18n.sharing_messages import FILE, sharing_words
from coach.sharing.attention import standing
from coach.sharing.compare import compare, difference
from coach.sharing.measurement_error import DETECTABLE, FACTOR, DetectableChange
from coach.sharing.review_page import review, review_page
from coach.sharing.session_figures import SideFigures, session_figures
from coach.sharing.side_by_side import beside, side_by_side
from tests.sharing.people import TODAY, clinic, hikers, keep, opened, practice
from tests.sharing.test_share import guided


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    clinic(folder)
    return folder


def sessions(place: Path, person: str) -> list[SessionRecord]:
    with opened(place) as history:
        return history.sessions(person)


def test_words_are_alike_in_every_language() -> None:
    assert word_problems(read_tables(FILE), ()) == []


class TestAttention:
    def test_each_is_seen_for_what_it_is(self, place: Path) -> None:
        with opened(place) as history:
            people = review(history, TODAY)
        assert [each.standing.person for each in people] == ["Bert", "Clara", "Anna", "Dora"]
        bert, clara, anna, dora = (each.standing for each in people)
        assert (bert.pain_rising, bert.stopped, bert.past_goal) == (True, False, False)
        assert (clara.stopped, clara.silent_days, clara.pain_rising) == (True, 20, False)
        assert (anna.past_goal, anna.stopped) == (True, False)
        assert dora.calls == 0

    @pytest.mark.parametrize(
        ("per_week", "days", "stopped"), [(3, 7, False), (3, 8, True), (1, 21, False), (1, 22, True)]
    )
    def test_silence_is_measured_by_the_plan(self, tmp_path: Path, per_week: float, days: int, stopped: bool) -> None:
        keep(tmp_path, "Anna", TODAY - timedelta(days=days), [hikers("left", 10.0)], per_week=per_week)
        assert standing("Anna", sessions(tmp_path, "Anna"), TODAY).stopped is stopped

    def test_without_a_plan_it_is_two_weeks(self, tmp_path: Path) -> None:
        keep(tmp_path, "Anna", TODAY - timedelta(days=14), [hikers("left", 10.0)], per_week=None)
        assert not standing("Anna", sessions(tmp_path, "Anna"), TODAY).stopped
        assert standing("Anna", sessions(tmp_path, "Anna"), TODAY + timedelta(days=1)).stopped

    @pytest.mark.parametrize(
        ("change", "past"),
        [
            ({}, True),
            ({"pain": 2}, True),
            ({"pain": 3}, False),
            ({"faulty": 1}, True),
            ({"faulty": 2}, False),
            ({"repetitions": 9}, False),
            ({"effort": 5}, True),
            ({"effort": 6}, False),
            ({"complete": False}, False),
        ],
    )
    def test_past_the_goal_is_twice_all_of_it_and_easily(self, tmp_path: Path, change: Any, past: bool) -> None:
        done = {**guided()["sets"][0], "effort": None}
        whole = {"complete": True, "sets": [done]}
        account = {"complete": change.get("complete", True), "sets": [{**done, "effort": change.get("effort")}]}
        for days, wanted in ((3, {}), (0, change)):
            part = hikers("left", 10.0, wanted.get("faulty", 0), wanted.get("repetitions", 10))
            record = account if wanted else whole
            keep(tmp_path, "Anna", TODAY - timedelta(days=days), [part], pain=wanted.get("pain"), record=record)
        assert standing("Anna", sessions(tmp_path, "Anna"), TODAY).past_goal is past

    def test_pain_that_ends_a_session_comes_first(self, tmp_path: Path) -> None:
        keep(tmp_path, "Anna", TODAY, practice(9, 9), pain=6)
        found = standing("Anna", sessions(tmp_path, "Anna"), TODAY)
        assert found.pain_stop
        assert found.calls >= 8


def figures(**values: Any) -> SideFigures:
    known: Any = {"lowering_s": None, "raising_s": None, "held_s": None, "breaths": None, "breath_rate_per_min": None}
    base = SideFigures("hip-hiker", "left", False, 10, 10, 1.0, 10.0, **known, view_angle_deg=35.0)
    return replace(base, **values)


class TestCompare:
    def test_mdc_is_1_96_roots_of_two_of_the_standard_error(self) -> None:
        assert DetectableChange(1.0).value == pytest.approx(2.772, abs=1e-3)
        assert DetectableChange(1.0, literature=4.0).value == 4.0
        assert DetectableChange(2.0, literature=4.0).value == pytest.approx(2 * FACTOR)
        assert all(each.source or each.own is not None for each in DETECTABLE.values())

    @pytest.mark.parametrize(
        ("after", "verdict"), [(10.0, "uncertain"), (14.0, "uncertain"), (14.2, "more"), (5.8, "less")]
    )
    def test_only_beyond_the_error_it_is_a_change(self, after: float, verdict: str) -> None:
        (found,) = compare(figures(), figures(depth_deg=after)).differences
        assert found.error == DETECTABLE["hip-hiker", "depth_deg"]
        assert found.verdict == verdict

    def test_what_nobody_measured_is_not_judged(self) -> None:
        assert difference("depth_deg", 1.0, 50.0, None).verdict == "unknown"
        assert compare(figures(exercise="mine"), figures(exercise="mine")).differences[0].verdict == "unknown"

    def test_another_view_is_warned_of(self) -> None:
        assert compare(figures(), figures(view_angle_deg=50.0)).view_differs_deg is None
        assert compare(figures(), figures(view_angle_deg=51.0)).view_differs_deg == 16.0
        unknown = compare(figures(), figures(view_angle_deg=None))
        assert (unknown.view_differs_deg, unknown.view_known) == (None, False)

    def test_missing_is_no_zero(self) -> None:
        assert compare(figures(depth_deg=None), figures()).differences == ()

    def test_sets_of_one_session_are_one_figure(self, tmp_path: Path) -> None:
        keep(tmp_path, "Anna", TODAY, [hikers("left", 8.0), hikers("left", 12.0), hikers("right", 9.0)])
        (session,) = sessions(tmp_path, "Anna")
        found = session_figures(session)
        assert list(found) == [("hip-hiker", "left"), ("hip-hiker", "right")]
        left = found["hip-hiker", "left"]
        assert (left.counted, left.target, left.depth_deg) == (20, 20, 10.0)


class TestPage:
    @pytest.mark.parametrize("language", ["en", "de"])
    def test_it_says_so(self, place: Path, language: str) -> None:
        with opened(place) as history:
            text = review_page(review(history, TODAY), TODAY, language)
        said = {
            "en": (
                "no certain change (under 4.0°)",
                "+5.0°: more",
                "The camera stood elsewhere, 25° apart",
                "Nothing for 20",
            ),
            "de": (
                "keine sichere Änderung (unter 4,0°)",
                "+5,0°: mehr",
                "Die Kamera stand anders, um 25°",
                "Seit 20 Tagen",
            ),
        }[language]
        for sentence in said:
            assert sentence in text
        assert "Youdas 2007" in text
        assert re.findall(r'href="#(person-\d)"', text) == re.findall(r'id="(person-\d)"', text)

    def test_the_first_and_the_last_stand_beside_each_other(self, place: Path) -> None:
        found = sessions(place, "Anna")
        shown = beside(found)
        assert shown == [found[0], *found[-3:]]
        table = side_by_side(shown, sharing_words(), numbers=True)
        assert len(table.heads) == 4
        assert table.heads[0] == "2026-03-04, no. 1"
        assert all(len(row.cells) == 4 for block in table.blocks for row in block.rows)
        assert [block.title for block in table.blocks] == [
            *("Hip hiker, left", "Hip hiker, right", "Strap stretch, right", "The whole session")
        ]

    def test_names_stay_text(self, tmp_path: Path) -> None:
        keep(tmp_path, "<b>x</b>", TODAY, [hikers("left", 10.0)])
        with opened(tmp_path) as history:
            assert "<b>x" not in review_page(review(history, TODAY), TODAY)
