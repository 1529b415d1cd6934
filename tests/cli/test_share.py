"""``coach share``, ``coach import`` and ``coach review`` as they are typed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from coach.history.store import now
from tests.sharing.people import hikers, keep
from tests.typed import typed


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history with one person, who practised today and a week ago."""
    monkeypatch.chdir(tmp_path)
    for days in (7, 0):
        keep(tmp_path / "home", "Änne B.", now().date() - timedelta(days=days), [hikers("left", 10.0)])
    return tmp_path / "home"


def test_from_one_machine_to_the_other(home: Path, tmp_path: Path) -> None:
    shared = typed("share", "--data-dir", home, "--lang", "de")
    assert shared.exit_code == 0, shared.output
    assert shared.output.startswith("Änne_B.coach.html: 2 Einheiten von Änne B.")
    for expected in ("2 new, 0 changed, 0 there already", "0 new, 0 changed, 2 there already"):
        taken = typed("import", "Änne_B.coach.html", "--data-dir", tmp_path / "clinic")
        assert taken.exit_code == 0, taken.output
        assert f"Änne B.: {expected}" in taken.output
    seen = typed("review", "--data-dir", tmp_path / "clinic", "--out", "all.html")
    assert seen.exit_code == 0, seen.output
    assert "Änne B." in seen.output
    assert "today" in seen.output
    assert "Hip hiker, left" in (tmp_path / "all.html").read_text(encoding="utf-8")


def test_one_session_and_a_wrong_person(home: Path, tmp_path: Path) -> None:
    one = typed("share", "1", "--data-dir", home, "--out", "one.html")
    assert (one.exit_code, "1 session of" in one.output) == (0, True)
    wrong = typed("share", "1", "--person", "Bert", "--data-dir", home)
    assert (wrong.exit_code, "session 1 is of Änne B., not of Bert" in wrong.output) == (2, True)
    none = typed("share", "9", "--data-dir", home)
    assert (none.exit_code, "there is no session 9" in none.output) == (2, True)
    absent = typed("share", tmp_path / "absent")
    assert (absent.exit_code, "is no folder" in absent.output) == (2, True)


def test_what_is_no_such_file_is_one_line_and_exit_code_2(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<html></html>")
    refused = typed("import", bad, "--data-dir", tmp_path / "clinic")
    assert refused.exit_code == 2
    assert len(refused.output.splitlines()) == 1
    assert "holds no sessions of the coach" in refused.output
    typed("share", "--data-dir", home, "--out", "good.html")
    some = typed("import", bad, "good.html", "--data-dir", tmp_path / "clinic")
    assert some.exit_code == 1
    assert "2 new" in some.output
    two = typed("import", bad, "good.html", "--person", "Eva", "--data-dir", tmp_path / "clinic")
    assert (two.exit_code, "--person is for one file" in two.output) == (2, True)


def test_nobody_to_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_HOME", str(tmp_path / "empty"))
    seen = typed("review", "--lang", "de")
    assert seen.exit_code == 0, seen.output
    assert "Noch ist niemand" in seen.output
