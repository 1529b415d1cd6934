"""Fonts, text that fits, and sprites."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from coach import drawing
from coach.drawing import DARK, WHITE, Sheet, Sprite, Sprites, blend, fit, font, font_path, text_width, wrap


def test_the_font_is_found_without_importing_matplotlib() -> None:
    code = "import sys; from coach.drawing import font_path; assert font_path(True); print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_matplotlib_pillow_s_own_font_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "font_path", lambda bold=False: None)
    font.cache_clear()
    try:
        assert text_width("Ten", 40) > 20
    finally:
        font.cache_clear()
    assert font_path() is not None


def test_a_short_text_keeps_its_size() -> None:
    assert fit("Hip hiker", 38, 600).size_px == 38


@pytest.mark.parametrize("width", [80, 200, 500])
@pytest.mark.parametrize("lines", [1, 2])
def test_text_always_fits(width: int, lines: int) -> None:
    text = fit("Step back until I see your head and both of your feet.", 48, width, bold=True, most_lines=lines)
    assert text.width <= width + 1
    assert 1 <= len(text.lines) <= lines


def test_two_lines_are_filled_evenly() -> None:
    text = fit("Slowly lower the hanging side until you feel it.", 40, 700, most_lines=2)
    assert len(text.lines) == 2
    first, second = (text_width(line, 40) for line in text.lines)
    assert 0.6 < first / second < 1.7


def test_what_fits_nowhere_is_cut_off_with_an_ellipsis() -> None:
    assert fit("Donaudampfschifffahrtsgesellschaft", 40, 30).lines[0].endswith("…")


def test_blending_leaves_what_is_outside_and_cuts_at_the_edges() -> None:
    canvas = np.full((20, 20, 3), 100, np.uint8)
    sprite = Sheet(10, 10).box((0, 0, 10, 10), 0, WHITE).sprite()
    for x, y in ((15, 15), (-5, -5), (40, 3), (3, -40)):
        blend(canvas, sprite, x, y)
    assert (canvas[15:, 15:] == 255).all()
    assert (canvas[:5, :5] == 255).all()
    assert (canvas[6:14, 6:14] == 100).all()


def test_half_opaque_is_half_way() -> None:
    canvas = np.full((8, 8, 3), 255, np.uint8)
    blend(canvas, Sheet(8, 8).box((0, 0, 8, 8), 0, DARK, 0.5).sprite(), 0, 0)
    assert np.abs(canvas[4, 4].astype(int) - (255 + np.array(DARK)) / 2).max() <= 2


def test_a_sprite_is_drawn_once_and_the_oldest_is_forgotten() -> None:
    drawn: list[int] = []

    def draw(number: int) -> Sprite:
        drawn.append(number)
        return Sheet(2, 2).sprite()

    sprites = Sprites(most=2)
    for number in (1, 2, 1, 3, 1, 2):
        sprites.get(number, lambda number=number: draw(number))  # type: ignore[misc]
    assert drawn == [1, 2, 3, 2]


def test_two_sentences_that_do_not_fit_one_line_get_a_line_each() -> None:
    text = "Kein Bild von der Kamera. Prüf das Kabel."
    lines = ("Kein Bild von der Kamera.", "Prüf das Kabel.")
    assert wrap(text, 40, True, text_width(lines[0], 40, True) + 1, 2) == lines
    assert wrap(text, 40, True, text_width(text, 40, True) + 1, 2) == (text,)
