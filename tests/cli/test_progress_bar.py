"""The progress bar."""

from __future__ import annotations

import io
import math

import pytest

from coach.cli.progress_bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize("duration_s", [10.0, None, math.nan])
def test_on_a_terminal_it_shows_how_far_a_video_is(duration_s: float | None) -> None:
    out = Terminal()
    with progress_bar("[me].mp4", duration_s, out=out) as move_on:
        move_on(5.0)
    assert "[me].mp4" in out.getvalue()
    assert ("50%" in out.getvalue()) is (duration_s == 10.0)


def test_elsewhere_it_keeps_quiet_and_asks_for_no_note() -> None:
    out, asked = io.StringIO(), []
    with progress_bar("me.mp4", 10.0, out=out) as move_on:
        move_on(5.0, lambda: asked.append("a note") or "")
    assert out.getvalue() == ""
    assert not asked


def test_a_note_is_shown_as_it_is() -> None:
    out = Terminal()
    with progress_bar("4 videos", 4, out=out) as move_on:
        move_on(1.5, lambda: "1 done, [0] failed")
    assert "4 videos" in out.getvalue()
    assert "1 done, [0] failed" in out.getvalue()
