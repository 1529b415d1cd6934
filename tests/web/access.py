"""Whether everybody can use what the page shows now: axe's findings, and what axe does not look at."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tests.web.browser import Browser

OWN = (Path(__file__).parent / "access.js").read_text(encoding="utf-8")
# Minor and moderate findings are reported too: there are none, and none is to creep in. Contrast is access.js's, which
# asks for 7:1; axe asks for less, and takes as long for that as for all the rest.
RUN = (
    "axe.run(document, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } })"
    ".then((found) => found.violations.map((each) =>"
    " `${each.id} (${each.impact}): ${each.nodes.map((node) => node.html.slice(0, 90)).join(' | ')}`))"
)


def findings(browser: Browser) -> list[str]:
    """One line for each finding on what is shown now."""
    if not browser.run("'axe' in globalThis"):
        browser.run((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8") + "; 0")
    return [*browser.run(RUN), *browser.run(OWN)]


def check(browser: Browser, where: str) -> None:
    """Nothing is found."""
    found = findings(browser)
    assert not found, f"{where}: {found}"
