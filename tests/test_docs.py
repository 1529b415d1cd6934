"""The documentation builds without a warning, and needs nothing from a network when it is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytest.importorskip("material")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return target


def test_it_builds_without_a_warning(site: Path) -> None:
    pages = {path.name for path in site.glob("*.html")}
    assert {"index.html", "install.html", "first-session.html", "physiotherapists.html", "researchers.html"} <= pages
    assert {"exercises.html", "programmes.html", "signals.html", "measuring.html", "python.html"} <= pages


def test_it_loads_nothing_from_elsewhere(site: Path) -> None:
    loading = re.compile(
        r"<(?:script|img|iframe|source)[^>]+src=[\"']?(?:https?:)?//|<link[^>]+href=[\"']?https?://[^>]*stylesheet"
    )
    for page in site.glob("*.html"):
        assert not loading.search(page.read_text(encoding="utf-8")), page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_what_is_shared_with_other_files_is_there(site: Path) -> None:
    assert "counts_from" in (site / "exercises.html").read_text(encoding="utf-8")
    assert "caution_from" in (site / "programmes.html").read_text(encoding="utf-8")


def test_every_picture_is_used_and_small() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    pictures = list((ROOT / "docs" / "pictures").glob("*.jpg"))
    assert pictures
    for picture in pictures:
        assert f"pictures/{picture.name}" in text
        assert picture.stat().st_size < 200_000
