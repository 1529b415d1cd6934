"""The report on paper, where a Chromium is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.errors import OutputError
from coach.report.pdf import find_chromium
from coach.report.write import write_report
from tests.report.scripted import Script, hip_hiker, session

FULL = Script(repetitions=10, faults=dict.fromkeys(range(1, 11), ("trunk_lean",)), uncounted={3: "too_shallow"})


def test_no_chromium_is_said_and_the_page_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_CHROMIUM", str(tmp_path / "none"))
    result, timeline = session()
    with pytest.raises(OutputError, match="no Chromium"):
        write_report(result, timeline, tmp_path / "report.html", pdf=True)
    assert (tmp_path / "report.html").is_file()


def test_a_full_set_with_a_fault_each_takes_three_pages(tmp_path: Path) -> None:
    if find_chromium() is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    result, timeline = session(FULL)
    _, pdf = write_report(result, timeline, tmp_path / "report.html", exercise=hip_hiker(), pdf=True)
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) <= 3
    assert b"/MediaBox [0 0 594.95996 841.91998]" in content or b"841.9" in content
