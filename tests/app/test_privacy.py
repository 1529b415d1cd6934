"""The privacy statement names every place where something is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from coach.app.privacy import FILE, privacy_lines
from coach.history.records import Holdings
from coach.i18n.catalog import read_tables, word_problems
from coach.i18n.report_messages import languages

HOLDINGS = Holdings("data", 2, 3, 1, datetime(2026, 3, 2), datetime(2026, 4, 1), 3, 1, 1_500_000, 40_000)


def whole(lines: list[str]) -> str:
    """The words of the statement, whichever way they are wrapped."""
    return " ".join("\n".join(lines).split())


def test_every_place_is_named_with_how_much_is_there(tmp_path: Path) -> None:
    cache = tmp_path / "evaluate"
    cache.mkdir()
    for name in ("a-1.observed", "b-2.observed"):
        (cache / name).write_bytes(b"x" * 1_000_000)
    lines = privacy_lines(tmp_path / "data", HOLDINGS, cache)
    said = whole(lines)
    assert f"{cache} (2 clips, 2.0 MB)" in said
    assert f"  {tmp_path / 'data'}" in lines
    assert "3 sessions of 2 people, from 2026-03-02 to 2026-04-01, 1 pain mark: 1.5 MB." in said
    assert "3 reports: 40 kB." in said
    assert "1 damaged copy" in said
    for word in ("safety page", "temporary folder", "volume", "muted", "cookie", "--out", "delete --all"):
        assert word in said


def test_a_cache_that_was_never_used_is_empty_and_not_made(tmp_path: Path) -> None:
    cache = tmp_path / "evaluate"
    assert f"{cache} (empty)" in whole(privacy_lines(tmp_path, None, cache))
    assert not cache.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "3 Einheiten, 2 Personen, vom 02.03.2026 bis zum 01.04.2026, 1 Schmerzangabe: 1,5 MB."),
        ("fr", "3 séances, 2 personnes, du 02/03/2026 au 01/04/2026, 1 douleur notée : 1,5 MB."),
    ],
)
def test_it_is_said_in_the_language_of_everything_else(tmp_path: Path, language: str, said: str) -> None:
    lines = privacy_lines(tmp_path / "data", HOLDINGS, tmp_path / "cache", language)
    text = whole(lines)
    assert said in text
    for word in ("--save-video", "--out", "coach history delete --all", str(tmp_path / "data" / "programmes"), "okie"):
        assert word in text
    for english in ("Nothing", "person", "deleted", "empty"):
        assert english not in text.replace("personne", "").replace("Person", "")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("width", [60, 80, 100])
def test_lines_are_as_long_as_the_terminal_lets_them(language: str, width: int) -> None:
    lines = privacy_lines(Path("/data"), HOLDINGS, Path("/cache"), language, width)
    assert [line for line in lines if len(line) > width] == []
    deeper = [line for line in lines if line.startswith("   ")]  # of the commands' second column
    assert [line for line in deeper if len(line) - len(line.lstrip()) < len("  coach history")] == []
    short = [line for line in lines if line.startswith("  ") and len(line) < width // 3 and not line.endswith(".")]
    assert [line for line in short if not line.startswith("   ") and line.strip() != "/data"] == []


def test_every_language_has_every_line() -> None:
    tables = read_tables(FILE)
    assert word_problems(tables, (), None) == []
    assert tuple(sorted(tables)) == languages()
