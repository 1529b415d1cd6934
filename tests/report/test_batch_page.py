"""The page of many videos: a row each, that sorts and searches without a network."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from coach.report import batch_page as module
from coach.report.batch_page import BatchRow, batch_page
from tests.report.scripted import Script, session


def rows() -> list[BatchRow]:
    result, _ = session()
    return [
        BatchRow("a b/<me>.mp4", "Anna & Co", "2026-03-14", "done", result, "videos/a b-1/report.html", "<svg></svg>"),
        BatchRow("bad.mp4", "", "", "failed", note="is no video"),
        BatchRow("next.mp4", "", "", "waiting"),
    ]


def test_what_a_row_says() -> None:
    page = batch_page(rows())
    assert "3 videos" in page
    assert "1 analysed, 1 failed, 1 not looked at yet" in page
    assert 'href="videos/a%20b-1/report.html"' in page
    assert "a b/<wbr>&lt;me&gt;.mp4" in page
    assert "Anna &amp; Co" in page
    assert "<svg></svg>" in page
    assert "Hip hiker" in page
    assert '<span class="note">is no video</span>' in page


def test_it_needs_nothing_else_and_its_script_may_run() -> None:
    page = batch_page(rows())
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in page


def test_in_german() -> None:
    page = batch_page(rows(), "de")
    assert '<html lang="de">' in page
    assert "fehlgeschlagen" in page


@pytest.mark.parametrize(
    ("language", "fault", "problem"),
    [
        ("en", "stance knee bent", "is not a whole video of a kind that can be read. Check the name"),
        ("de", "Standknie gebeugt", "ist kein vollständiges Video einer lesbaren Art. Prüfe den Namen"),
        ("fr", "genou d’appui fléchi", "n’est pas une vidéo complète d’un format lisible. Vérifiez le nom"),
    ],
)
def test_faults_and_failures_are_in_its_language(language: str, fault: str, problem: str) -> None:
    result, _ = session(Script(faults={2: ("stance_knee_bent",)}))
    failed = "is not a whole video of a kind that can be read. Check the name"
    page = batch_page(
        [BatchRow("a.mp4", "", "", "done", result), BatchRow("b c. d.mp4", "", "", "failed", note=failed)], language
    )
    assert f"1\u00a0×\u00a0{fault}" in page
    assert f'<span class="note">{problem}' in page


@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("en", ("As asked", "To correct")),
        ("de", ("Wie gewünscht", "Zu verbessern")),
        ("fr", ("Comme demandé", "À corriger")),
    ],
)
def test_its_columns_are_called_as_everywhere(language: str, heads: tuple[str, str]) -> None:
    assert all(head in batch_page(rows(), language) for head in heads)


def test_no_more_rows_than_a_browser_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    page = batch_page(rows())
    assert "These are the first 2 of 3 videos" in page
    assert page.count("<tr class=") == 2
    assert "next.mp4" not in page


def title_in_browser(page: str, added: str, tmp_path: Path) -> str:
    """The title that a script added to the page gives it, in a window of 1200 px."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    # The page lets only its own script run: what is added is part of it here, and the policy is left out.
    tested = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace(script, script + added)
    path = tmp_path / "index.html"
    path.write_text(tested, encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    shown = subprocess.run(
        [*command, "--window-size=1200,900", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (title,) = re.findall(r"<title>(.*?)</title>", shown.stdout)
    return str(title)


def test_it_sorts_and_searches_in_a_browser(tmp_path: Path) -> None:
    many = [BatchRow(name, person, "", "waiting") for name, person in (("b", "10"), ("c", ""), ("a", "9"))]
    clicks = """
    const names = () => [...document.querySelectorAll("tbody tr:not([hidden]) .name")];
    const shown = () => names().map((name) => name.textContent).join("");
    const out = [shown()];
    const buttons = document.querySelectorAll("thead button");
    buttons[1].click(); out.push(shown());
    buttons[1].click(); out.push(shown());
    const find = document.getElementById("find");
    find.value = "B"; find.dispatchEvent(new Event("input")); out.push(shown());
    document.title = out.join(" ");
    """
    # As written; by person, numbers as numbers and none last; the other way; and only what has a b in it.
    assert title_in_browser(batch_page(many), clicks, tmp_path) == "bca abc bac b"


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_column_is_in_a_usual_window(language: str, tmp_path: Path) -> None:
    result, _ = session(Script(faults={2: ("stance_knee_bent",), 3: ("trunk_lean",), 4: ("leg_swing",)}))
    name = "klinik/raum-3/IMG_20260314_101500.MOV"
    some = [BatchRow(name, "Anna Müller-Lüdenscheidt", "2026-03-14", "done", result, "x.html", "<svg></svg>"), *rows()]
    width = "document.title = document.documentElement.scrollWidth <= 1200 ? 'fits' : 'is cut off';"
    assert title_in_browser(batch_page(some, language), width, tmp_path) == "fits"
