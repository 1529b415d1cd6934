"""Prints a report to PDF with WeasyPrint: no browser, no network. (I/O)

WeasyPrint knows no CSS variables and no styles of the page inside drawings: both are written out first, in the colours
of paper.
"""

from __future__ import annotations

import re

from coach.errors import OutputError

_ROOT = re.compile(r":root \{(.*?)\}", re.S)
_DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{.*?\}\s*\}", re.S)
_VARIABLE = re.compile(r"(--[a-z]+):\s*([^;]+);")
_KEY = re.compile(r'(<figure class="key ([^"]*)">\s*<svg[^>]*>)')
SKELETON = (
    "path{fill:none;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}"
    ".body{stroke:var(--muted)}.own{stroke:var(--first);stroke-width:2.3}"
    ".head{fill:none;stroke:var(--muted);stroke-width:1.4}"
    ".ring{fill:none;stroke:var(--warn);stroke-width:1.3;stroke-dasharray:2.4 1.4}"
)
PICTURED = ".body,.head{stroke:#fff;stroke-width:.9}.own{stroke:#5eead4;stroke-width:1.4}.ring{stroke:#ffab5e}"


def available() -> bool:
    """Whether WeasyPrint is installed, and the system has what it needs (Pango)."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def for_paper(page: str) -> str:
    """A report's page with its colours of paper written out, and its skeletons with their styles inside."""
    # The light colours, and those of print, which come later and count.
    light = _ROOT.findall(_DARK.sub("", page))
    colours = {name: colour.strip() for block in light for name, colour in _VARIABLE.findall(block)}

    def styled(match: re.Match[str]) -> str:
        return f"{match[1]}<style>{SKELETON}{PICTURED if 'pictured' in match[2].split() else ''}</style>"

    page = _KEY.sub(styled, page)
    return re.sub(r"var\((--[a-z]+)\)", lambda match: colours.get(match[1], match[0]), page)


def print_with_weasyprint(page: str, by_hand: str) -> bytes:
    """A page of ours on A4. Nothing but what is in it is loaded. Raises OutputError; by_hand: as in print_pdf."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    try:
        return HTML(string=for_paper(page), url_fetcher=URLFetcher(allowed_protocols=("data",))).write_pdf() or b""
    except Exception as error:  # a drawing that it cannot make ends with an error that says so
        raise OutputError(
            f"WeasyPrint could not print the report ({type(error).__name__})", f"Try again, or {by_hand}"
        ) from error
