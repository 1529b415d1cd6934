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


def check_page_name(path: Path, pdf: bool = False) -> Path:
    """The path itself, where a page can be called so, or with ``pdf`` its print. Raises OutputError."""
    if path.suffix.lower() == ENDING and not pdf:
        raise OutputError(f"{path}: ends in .pdf, and what is written is HTML", "Add --pdf, or let it end in .html")
    return check_name(path, *PAGE_ENDINGS, *([ENDING] if pdf else []))


def save_page(text: str, path: Path, pdf: bool = False) -> list[Path]:
    """Write a page of HTML, with ``pdf`` also its A4 print beside it, and return the files written.

    Under the name of the print, the print alone is written. Raises OutputError, also if nothing is there to print it
    with; the page, where it was asked for, exists even then.
    """
    if check_page_name(path, pdf).suffix.lower() == ENDING:
        return [print_pdf(text, path, "let it end in .html and print that page in any browser")]
    with saving(path) as part:  # a full disk leaves the old page unchanged
        part.write_text(text, encoding="utf-8")
    by_hand = f"open {path} in any browser and print it there"
    return [path, print_pdf(text, path.with_suffix(ENDING), by_hand)] if pdf else [path]


def find_chromium() -> Path | None:
    """A Chromium, Chrome or Edge on this machine; COACH_CHROMIUM overrides the search."""
    named = os.environ.get("COACH_CHROMIUM")
    for candidate in [named] if named else [*NAMES, *PLACES]:
        found = shutil.which(candidate)
        if found and Path(found).is_absolute():  # never one in the current folder
            return Path(found)
    return None


def print_pdf(page: str, pdf: Path, by_hand: str) -> Path:
    """Print a page of HTML to A4: with WeasyPrint if it is installed, else with a Chromium.

    COACH_CHROMIUM, where it is set, comes first. Raises OutputError if there is neither, or printing fails. by_hand:
    what else its remedy says can be done.
    """
    from coach.report.weasy import available, print_with_weasyprint

    without_browser = not os.environ.get("COACH_CHROMIUM") and available()
    content = print_with_weasyprint(page, by_hand) if without_browser else print_with_chromium(page, by_hand)
    with saving(pdf) as part:
        part.write_bytes(content)
    return pdf


def print_with_chromium(page: str, by_hand: str) -> bytes:
    """The print with a Chromium, Chrome or Edge. Raises OutputError if there is none or it fails."""
    chromium = find_chromium()
    if chromium is None:
        raise OutputError(
            "neither WeasyPrint nor a Chromium, Chrome or Edge was found to make the PDF",
            f"{install_extra('pdf')}, or {by_hand}",
        )
    # Chromium refuses to run sandboxed as root, the usual user in a container.
    root = sys.platform != "win32" and os.geteuid() == 0
    with temporary_folder("pdf") as profile:
        command = [str(chromium), *FLAGS, *(["--no-sandbox"] if root else []), f"--user-data-dir={profile}"]
        html, made = Path(profile) / "report.html", Path(profile) / "report.pdf"
        command += [f"--print-to-pdf={made}", html.resolve().as_uri()]
        try:
            html.write_text(page, encoding="utf-8")
            subprocess.run(command, cwd=profile, capture_output=True, timeout=TIMEOUT_S, check=True)
            return made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise OutputError(f"{chromium.name} could not print the report", f"Try again, or {by_hand}") from error
