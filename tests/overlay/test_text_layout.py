"""The font, and text that fits."""

from __future__ import annotations

import subprocess
import sys

import pytest

from coach.overlay import text_layout
from coach.overlay.text_layout import fit, font, font_path, text_width, wrap


def test_the_font_is_found_without_importing_matplotlib() -> None:
    code = (
        "import sys; from coach.overlay.text_layout import font_path; "
        "assert font_path(True); print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_matplotlib_pillow_s_own_font_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_layout, "font_path", lambda bold=False: None)
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


def test_two_sentences_that_do_not_fit_one_line_get_a_line_each() -> None:
    text = "Kein Bild von der Kamera. Prüf das Kabel."
    lines = ("Kein Bild von der Kamera.", "Prüf das Kabel.")
    assert wrap(text, 40, True, text_width(lines[0], 40, True) + 1, 2) == lines
    assert wrap(text, 40, True, text_width(text, 40, True) + 1, 2) == (text,)
