"""What is read with time: as large as it fits, and one long cell makes nothing else small."""

from __future__ import annotations

import pytest

from coach.overlay import cards
from coach.overlay.arrangement import Layout
from coach.overlay.canvas import Text
from coach.overlay.free_scene import Page

ROWS = (("Repetitions", "10 of 10", "10 of 10"), ("Depth", "11 degrees", "12 degrees"))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """The texts that are set on a sheet."""
    texts: list[Text] = []
    original = cards.Canvas.text

    def text(self: cards.Canvas, one: Text, *place: object) -> cards.Canvas:
        texts.append(one)
        return original(self, one, *place)  # type: ignore[arg-type]

    monkeypatch.setattr(cards.Canvas, "text", text)
    return texts


def sizes(drawn: list[Text], title: str, *rows: tuple[str, ...], height: int = 520) -> list[int]:
    page = Page("Well done.", tables=(((title, "Left", "Right"), *rows),))
    cards.page_tile(Layout(1280, 720), page, 1280, height)
    return [text.size_px for text in drawn]


def test_a_long_title_makes_only_itself_small(drawn: list[Text]) -> None:
    _, title, *others = sizes(drawn, "An exercise of my own with quite a long and winding title indeed", *ROWS)
    assert title < min(others)
    assert min(others) >= Layout(1280, 720).px(cards.LEGIBLE)


def test_a_title_too_long_for_its_column_stands_above_its_table(drawn: list[Text]) -> None:
    """Shrunk to its column, 'Beckenabsenken an der Stufe' beside another table was a hair's height."""
    two = tuple(((title, "Links", "Rechts"), *ROWS) for title in ("Beckenabsenken an der Stufe", "Beindehnung"))
    cards.page_tile(Layout(1280, 720), Page("Gut.", tables=two), 1280, 520)
    titles = [text for text in drawn if " ".join(text.lines).startswith("Be")]
    assert len(titles) == 2
    assert {text.size_px for text in titles} == {max(text.size_px for text in drawn[1:])}


def test_what_follows_a_bullet_hangs_beside_it(drawn: list[Text], monkeypatch: pytest.MonkeyPatch) -> None:
    lefts: dict[str, float] = {}
    recorded = cards.Canvas.text

    def text(self: cards.Canvas, one: Text, x: float, *place: object) -> cards.Canvas:
        lefts[one.lines[0]] = x
        return recorded(self, one, x, *place)  # type: ignore[arg-type]

    monkeypatch.setattr(cards.Canvas, "text", text)
    long = "•  " + "a hip replacement, or another operation on hip, knee or back; " * 2
    cards.page_tile(Layout(1280, 720), Page("", ("Ask first.", long)), 1280, 520)
    bullet, beside = drawn[1:]
    assert bullet.lines == ("•",)
    assert len(beside.lines) > 1
    assert lefts["Ask first."] == lefts["•"] < lefts[beside.lines[0]]


def test_a_long_cell_leaves_the_others_legible(drawn: list[Text]) -> None:
    long = ("Repetitions", "ten, of which two were not quite as deep as they might have been", "10 of 10")
    found = sizes(drawn, "Hip hiker", long, *ROWS)
    assert sorted(found)[1] >= Layout(1280, 720).px(cards.LEGIBLE)


def test_where_there_is_room_everything_is_as_large_as_it_gets(drawn: list[Text]) -> None:
    assert set(sizes(drawn, "Hip hiker", *ROWS)[1:]) == {Layout(1280, 720).px(cards.LARGEST)}


def test_where_there_is_little_height_everything_gets_smaller(drawn: list[Text]) -> None:
    assert max(sizes(drawn, "Hip hiker", *ROWS * 6, height=300)[1:]) < Layout(1280, 720).px(cards.LARGEST)
