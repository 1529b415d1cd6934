"""Prints a page to PDF: with WeasyPrint, or through an installed Chromium. (I/O)"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from coach.errors import OutputError
from coach.extras import install_extra
from coach.files import PAGE_ENDINGS, check_name, saving
from coach.leftovers import temporary_folder

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
ENDING = ".pdf"
TIMEOUT_S = 60
# It prints one local file: no updates, no sync, no user profile, and no network access.
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


def page_path(path: Path, pdf: bool = False) -> Path:
    """Where a page goes that is called ``path``; with ``pdf`` that may name the print, which lies beside the page.

    Raises OutputError where no page can have that name.
    """
    if pdf and check_name(path).suffix.lower() == ENDING:
        return check_name(path.with_suffix(PAGE_ENDINGS[0]))
    if path.suffix.lower() == ENDING:
        raise OutputError(f"{path}: ends in .pdf, and what is written is HTML", "Add --pdf, or let it end in .html")
    return check_name(path, *PAGE_ENDINGS)


def save_page(text: str, path: Path, pdf: bool = False) -> list[Path]:
    """Write a page of HTML, with ``pdf`` also its A4 print beside it, and return the files written: see page_path.

    Raises OutputError, also if nothing is there to print it with; the HTML exists even then.
    """
    html = page_path(path, pdf)
    with saving(html) as part:  # a full disk leaves the old page unchanged
        part.write_text(text, encoding="utf-8")
    return [html, print_pdf(html, html.with_suffix(ENDING))] if pdf else [html]


def find_chromium() -> Path | None:
    """A Chromium, Chrome or Edge on this machine; COACH_CHROMIUM overrides the search."""
    named = os.environ.get("COACH_CHROMIUM")
    for candidate in [named] if named else [*NAMES, *PLACES]:
        found = shutil.which(candidate)
        if found and Path(found).is_absolute():  # never one in the current folder
            return Path(found)
    return None


def print_pdf(html: Path, pdf: Path) -> Path:
    """Print a local HTML file to A4: with WeasyPrint if it is installed, else with a Chromium.

    COACH_CHROMIUM, where it is set, comes first. Raises OutputError if there is neither, or printing fails.
    """
    from coach.report.weasy import available, print_with_weasyprint

    if not os.environ.get("COACH_CHROMIUM") and available():
        return print_with_weasyprint(html, pdf)
    return print_with_chromium(html, pdf)


def print_with_chromium(html: Path, pdf: Path) -> Path:
    """The same with a Chromium, Chrome or Edge. Raises OutputError if there is none or it fails."""
    chromium = find_chromium()
    if chromium is None:
        raise OutputError(
            "neither WeasyPrint nor a Chromium, Chrome or Edge was found to make the PDF",
            f"{install_extra('pdf')}, or open {html} in any browser and print it there",
        )
    # Chromium refuses to run sandboxed as root, the usual user in a container.
    root = sys.platform != "win32" and os.geteuid() == 0
    with temporary_folder("pdf") as profile:
        command = [str(chromium), *FLAGS, *(["--no-sandbox"] if root else []), f"--user-data-dir={profile}"]
        made = Path(profile) / "report.pdf"
        command += [f"--print-to-pdf={made}", html.resolve().as_uri()]
        try:
            done = subprocess.run(command, cwd=profile, capture_output=True, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutputError(
                f"{chromium.name} could not print the report", f"Open {html} and print it there"
            ) from error
        if done.returncode != 0 or not made.is_file():
            raise OutputError(f"{chromium.name} could not print the report", f"Open {html} and print it there")
        with saving(pdf) as part:
            shutil.copyfile(made, part)
    return pdf
