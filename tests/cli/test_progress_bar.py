"""The progress bar."""

from __future__ import annotations

import io
import math

import pytest
from rich.console import Console

from coach.cli.progress_bar import ProgressBar


@pytest.mark.parametrize("duration_s", [10.0, None, math.nan])
def test_on_a_terminal_it_shows_how_far_a_video_is(duration_s: float | None) -> None:
    out = io.StringIO()
    with ProgressBar("[me].mp4", duration_s, Console(file=out, force_terminal=True, width=80)) as bar:
        bar.at(5.0)
    assert "[me].mp4" in out.getvalue()
    assert ("50%" in out.getvalue()) is (duration_s == 10.0)


def test_elsewhere_it_keeps_quiet() -> None:
    out = io.StringIO()
    with ProgressBar("me.mp4", 10.0, Console(file=out)) as bar:
        bar.at(5.0)
    assert out.getvalue() == ""


def test_a_note_is_shown_as_it_is() -> None:
    out = io.StringIO()
    with ProgressBar("4 videos", 4, Console(file=out, force_terminal=True, width=120)) as bar:
        bar.at(1.5, "1 done, [0] failed")
    assert "4 videos" in out.getvalue()
    assert "1 done, [0] failed" in out.getvalue()
