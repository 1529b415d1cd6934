"""The report on paper, where a Chromium is there."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from coach.definitions.programme import load_programme
from coach.errors import OutputError
from coach.i18n.error_messages import translated_error
from coach.report.pdf import check_page_name, find_chromium, print_pdf, print_with_chromium
from coach.report.programme_sheet import write_sheet
from coach.report.weasy import available, for_paper, print_with_weasyprint
from coach.report.write import write_report
from tests.report.scripted import Script, hip_hiker, session

FULL = Script(repetitions=10, faults=dict.fromkeys(range(1, 11), ("trunk_lean",)), uncounted={3: "too_shallow"})


def test_no_chromium_is_said_and_the_page_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_CHROMIUM", str(tmp_path / "none"))
    result, timeline = session()
    with pytest.raises(OutputError, match="nor a Chromium"):
        write_report(result, timeline, tmp_path / "report.html", pdf=True)
    assert (tmp_path / "report.html").is_file()


def test_a_full_set_with_a_fault_each_takes_three_pages(tmp_path: Path) -> None:
    if find_chromium() is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine")
    result, timeline = session(FULL)
    (html,) = write_report(result, timeline, tmp_path / "report.html", exercise=hip_hiker())
    content = print_with_chromium(html.read_text(encoding="utf-8"), "")
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) <= 3
    assert b"/MediaBox [0 0 594.95996 841.91998]" in content or b"841.9" in content


@pytest.fixture
def weasyprint() -> None:
    if not available():
        pytest.skip("needs WeasyPrint")


@pytest.mark.usefixtures("weasyprint")
def test_without_a_browser_it_takes_as_many_pages_of_a4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.report.pdf.find_chromium", lambda: None)
    result, timeline = session(FULL)
    (html,) = write_report(result, timeline, tmp_path / "report.html", exercise=hip_hiker())
    pdf = print_pdf(html.read_text(encoding="utf-8"), tmp_path / "report.pdf", "")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) <= 3


def test_on_paper_every_colour_is_written_out_and_every_skeleton_has_its_lines(tmp_path: Path) -> None:
    result, timeline = session(FULL)
    (html,) = write_report(result, timeline, tmp_path / "report.html", exercise=hip_hiker())
    paper = for_paper(html.read_text(encoding="utf-8"))
    assert not re.findall(r"var\(--[a-z]+\)", paper)
    keys = re.findall(r'<figure class="key [^"]*">\s*<svg[^>]*>(<style>)?', paper)
    assert keys
    assert all(keys)


@pytest.mark.usefixtures("weasyprint")
def test_nothing_is_fetched_for_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"no")
    page = f'<p>text<img src="{secret.as_uri()}"><img src="http://127.0.0.1:9/x.png">'
    assert print_with_weasyprint(page, "").startswith(b"%PDF")


def test_the_name_of_the_print_is_as_good_as_that_of_the_page(tmp_path: Path) -> None:
    for name in ("me.pdf", "me.PDF", "me.html"):
        assert check_page_name(tmp_path / name, pdf=True) == tmp_path / name
    assert check_page_name(tmp_path / "me.html") == tmp_path / "me.html"


@pytest.mark.parametrize(
    ("name", "pdf", "says"),
    [
        ("me.pdf", False, "Add --pdf, or let it end in .html"),
        ("me.png", True, "Let it end in .html"),
        ("me", False, "Let it end in .html"),
        ("", True, "is a folder"),
        ("folder.pdf", True, "folder.pdf: is a folder"),
        ("taken.html", True, "taken.html: is a folder"),
    ],
)
def test_a_page_that_cannot_be_called_so_is_refused(tmp_path: Path, name: str, pdf: bool, says: str) -> None:
    for folder in ("folder.pdf", "taken.html"):
        (tmp_path / folder).mkdir()
    with pytest.raises(OutputError, match=re.escape(says)):
        write_report(session()[0], None, tmp_path / name, pdf=pdf)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def unpacked(pdf: Path) -> bytes:
    """What a PDF says, with all that is packed in it."""
    content = pdf.read_bytes()
    found = [content]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(packed))
    return b"".join(found)


def test_under_the_name_of_the_print_that_alone_is_written_and_holds_what_was_done(tmp_path: Path) -> None:
    if not available() and find_chromium() is None:
        pytest.skip("needs WeasyPrint or a Chromium")
    for name in ("report.html", "sheet.html"):
        (tmp_path / name).write_text("somebody's own", encoding="utf-8")
    result, timeline = session()
    report = write_report(result, timeline, tmp_path / "report.pdf", exercise=hip_hiker(), pdf=True)
    sheet = write_sheet(load_programme(), tmp_path / "sheet.pdf", pdf=True)
    assert [path.name for path in (*report, *sheet)] == ["report.pdf", "sheet.pdf"]
    for printed in (*report, *sheet):
        assert b"/BaseFont" in unpacked(printed)  # only letters need one
        assert printed.with_suffix(".html").read_text(encoding="utf-8") == "somebody's own"
    assert b"/BaseFont" not in unpacked(print_pdf("", tmp_path / "empty.pdf", ""))


def test_what_is_not_named_is_not_touched_where_nothing_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACH_CHROMIUM", str(tmp_path / "none"))
    page = tmp_path / "x.html"
    page.write_text("somebody's own", encoding="utf-8")
    with pytest.raises(OutputError, match=r"nor a Chromium.*, or let it end in \.html and print that page") as told:
        write_report(session()[0], None, tmp_path / "x.pdf", pdf=True)
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]
    assert page.read_text(encoding="utf-8") == "somebody's own"
    assert "oder lass den Namen auf .html enden" in translated_error(told.value, "de")
