"""The time chart as it is drawn: every curve once, each place where its value says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from coach.report.chart import chart
from coach.report.chart_panel import apart
from coach.report.chart_svg import draw_chart
from coach.report.svg import width_in
from coach.report.svg_axes import SHAPES, Axes, curve, num, words_at
from tests.report.scripted import Script, hip_hiker, session, strap_stretch

AXES = Axes(left=10, top=20, width=100, height=50, t_s=(0.0, 10.0), values=(-5.0, 20.0))


def places(path: str) -> list[list[tuple[float, float]]]:
    """The points of each piece of a path."""
    found = []
    for piece in path.split("M")[1:]:
        start, _, steps = piece.partition("l")
        x, y = map(float, start.split())
        points = [(x, y)]
        numbers = [float(each) for each in steps.split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found.append(points)
    return found


def test_a_curve_is_where_its_values_are_and_breaks_at_gaps() -> None:
    t_s = np.linspace(0, 10, 301)
    values = 7 * np.sin(t_s)
    values[100:110] = np.nan
    first, second = places(curve(AXES, t_s, values))
    assert (len(first), len(second)) == (100, 191)
    drawn = np.array(first + second)
    kept = np.isfinite(values)
    np.testing.assert_allclose(drawn[:, 0], 10 + 10 * t_s[kept], atol=0.006)  # no error adds up along the curve
    np.testing.assert_allclose(drawn[:, 1], 60 - 2 * values[kept], atol=0.006)


def test_what_does_not_count_has_a_cross_that_can_be_seen() -> None:
    (corners,) = places("M" + SHAPES["uncounted"](2.0)[1:-1])
    x, y = np.array(corners).T
    assert (x.min(), x.max(), y.min(), y.max()) == (-2, 2, -2, 2)
    assert abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2 == pytest.approx(10)  # five squares with sides of sqrt(2)


def test_other_axes_show_the_same_values_at_their_own_places() -> None:
    narrow = Axes(left=3, top=200, width=40, height=80, t_s=AXES.t_s, values=AXES.values)
    across, _, _, down, right, below = map(float, AXES.onto(narrow)[7:-1].split())
    for t_s, value in ((0.0, -5.0), (4.0, 12.0), (10.0, 20.0)):
        there = (across * AXES.x(t_s) + right, down * AXES.y(value) + below)
        assert there == pytest.approx((narrow.x(t_s), narrow.y(value)), abs=0.02)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_what_is_aimed_for_never_lies_over_the_title_of_a_narrow_chart(language: str) -> None:
    result, timeline = session()
    shown = chart(result, timeline, hip_hiker(), language)
    _, narrow = draw_chart(shown, "s1")
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)"[^>]*>([^<]+)</text>', narrow)
    (x, y, size, title) = next(each for each in texts if each[3].startswith(shown.panels[0].title))
    (end, below, small, aim) = next(each for each in texts if "8-14" in each[3])
    assert y == below
    assert float(x) + 72 * width_in(title, float(size)) < float(end) - 72 * width_in(aim, float(small))


def test_both_widths_share_their_curves() -> None:
    result, timeline = session(Script(faults={2: ("hanging_knee_bent",)}))
    shown = chart(result, timeline, hip_hiker())
    wide, narrow = draw_chart(shown, "s1-2")
    lines = sum(len(panel.lines) for panel in shown.panels)
    drawn = re.findall(r'<path id="([^"]+)" class="curve"', wide)
    assert len(drawn) == len(set(drawn)) == lines > 3
    assert all(name.startswith("s1-2") for name in drawn)
    assert re.findall(r'<use href="#([^"]+)"', narrow) == drawn
    assert 'class="curve"' not in narrow and len(narrow) < 0.5 * len(wide)
    both = re.findall(r' id="([^"]+)"', wide + narrow)
    assert len(both) == len(set(both))
    assert set(re.findall(r"url\(#([^)]+)\)", wide + narrow)) <= set(both)


def test_names_are_written_as_text() -> None:
    assert "&lt;b&gt; &amp; co" in words_at((0, 0), "<b> & co", 7)


def test_a_hold_shows_every_breath_and_nobody_seen_is_hatched() -> None:
    result, timeline, exercise = strap_stretch()
    shown = chart(result, timeline, exercise, "fr")
    wide, _ = draw_chart(shown)
    for number in range(1, len(shown.breaths_s) + 1):
        assert f">{number}</text>" in wide
    assert ("-hatch" in wide) == bool(shown.unseen)
    assert "NaN" not in wide and "nan" not in wide


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (-0.001, "0"), (2.346, "2.35"), (10.0, "10")])
def test_coordinates_are_short(value: float, text: str) -> None:
    assert num(value) == text


def test_all_numbers_have_the_same_minus() -> None:
    """The bound of a lean had a hyphen beside an axis with a minus sign."""
    result, timeline = session(Script(2))
    drawn = str(draw_chart(chart(result, timeline, hip_hiker(), "en")))
    assert ">−8<" in drawn
    assert not re.search(r">-\d", drawn)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([50.0, 10.0], [50.0, 10.0]),
        ([20.0, 15.0], [22.5, 12.5]),
        ([20.0, 20.0, 20.0], [10.0, 20.0, 30.0]),
        ([10.0, 14.0, 40.0, 48.0], [7.0, 17.0, 39.0, 49.0]),
        ([], []),
    ],
)
def test_labels_that_would_touch_are_moved_apart_and_no_others(wanted: list[float], found: list[float]) -> None:
    assert apart(wanted, 10.0) == pytest.approx(found)
