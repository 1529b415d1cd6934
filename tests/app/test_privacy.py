"""The privacy statement names every place where something is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from coach.app.privacy import privacy_lines
from coach.history.records import Holdings

HOLDINGS = Holdings("data", 2, 3, 1, datetime(2026, 3, 2), datetime(2026, 4, 1), 3, 1, 1_500_000, 40_000)


def test_every_place_is_named_with_how_much_is_there(tmp_path: Path) -> None:
    cache = tmp_path / "evaluate"
    cache.mkdir()
    for name in ("a-1.observed", "b-2.observed"):
        (cache / name).write_bytes(b"x" * 1_000_000)
    lines = privacy_lines(tmp_path / "data", HOLDINGS, cache)
    said = "\n".join(lines)
    assert f"{cache} (2 clips, 2.0 MB)" in said
    assert f"{tmp_path / 'data'}\n" in said
    assert "3 sessions of 2 people, from 02 March 2026 to 01 April 2026, 1 pain mark: 1.5 MB." in said
    assert "3 reports: 40 kB." in said
    assert "1 damaged copy" in said
    for word in ("safety page", "temporary folder", "volume", "muted", "cookie", "--out", "delete --all"):
        assert word in said
    assert [line for line in lines if len(line) > 120 and str(tmp_path) not in line] == []


def test_a_cache_that_was_never_used_is_empty_and_not_made(tmp_path: Path) -> None:
    cache = tmp_path / "evaluate"
    assert f"{cache} (empty)" in "\n".join(privacy_lines(tmp_path, None, cache))
    assert not cache.exists()
