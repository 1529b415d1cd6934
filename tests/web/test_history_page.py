"""The history in a real browser: chosen, read, opened and deleted by keyboard alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")

from coach.history import History
from tests.history.test_store import Clock, whole_session
from tests.web.access import check
from tests.web.browser import Browser, chromium
from tests.web.test_page import focus, serving, tab_to

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown")
READY = "!document.getElementById('past').hidden && document.querySelectorAll('#past-list li').length === {}"
QUESTION = "document.getElementById('delete-text').textContent"


def choose(browser: Browser, person: str) -> None:
    """Show the sessions of somebody else."""
    browser.run(f"document.getElementById('past-person').value = '{person}'")
    browser.run("document.getElementById('past-person').dispatchEvent(new Event('change'))")


def fill(folder: Path) -> None:
    """Three weeks of two people."""
    clock = Clock()
    with History.open(folder, clock) as history:
        for person in ("anna", "anna", "ben", "anna"):
            whole_session(history, person)
            clock.at += timedelta(days=6)


def test_the_history_is_read_and_a_session_deleted_by_keyboard_alone(tmp_path: Path) -> None:
    fill(tmp_path / "data")
    with (
        serving("--person", "anna", data=tmp_path / "data") as (address, _),
        Browser(tmp_path / "profile") as browser,
    ):
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("document.querySelectorAll('#person option').length === 3")
        assert browser.run("document.getElementById('person').value") == "anna"
        check(browser, "home")
        tab_to(browser, "b-history")
        browser.press("Enter")
        browser.wait(READY.format(3))
        assert focus(browser) == "past-head"
        for text in ("2026", "Hip hiker, left: 3 of 10", "Pain: 4 of 10"):
            assert text in browser.text()
        for width, height in ((1280, 720), (360, 740)):
            browser.resize(width, height)
            check(browser, f"history at {width}")
            assert browser.run("document.getElementById('past').scrollWidth") <= width
        browser.run("document.querySelector('#past-list button').focus()")
        browser.press("Enter")
        browser.wait("document.getElementById('ask-delete').open")
        assert focus(browser) == "b-delete-no"
        assert "the last one" not in browser.run(QUESTION)
        check(browser, "confirmation")
        browser.press("Enter")
        assert browser.run("document.querySelectorAll('#past-list li').length") == 3
        browser.press("Enter")
        browser.wait("document.getElementById('ask-delete').open")
        tab_to(browser, "b-delete-yes")
        browser.press("Enter")
        browser.wait(READY.format(2))
        assert browser.run("document.getElementById('past-text').textContent") == "Deleted."
        assert focus(browser) == "past-head"
        choose(browser, "ben")
        browser.wait(READY.format(1))
        browser.run("document.querySelector('#past-list button').click()")
        assert "the last one" in browser.run(QUESTION)
        browser.run("document.getElementById('b-delete-no').click()")
        choose(browser, "anna")
        browser.wait(READY.format(2))
        for link, head in (("#past-list a", "Hip hiker"), ("#past-progress", "Progress of anna")):
            browser.wait(f"Boolean(document.querySelector('{link}').href)")
            at = browser.run(f"document.querySelector('{link}').href")
            assert browser.run(f"fetch('{at}').then((answer) => answer.status)") == 200
            browser.run(f"document.querySelector('{link}').target = ''; document.querySelector('{link}').click()")
            browser.wait(f"document.querySelector('h1').textContent.includes('{head}')")
            widths = "[...document.querySelectorAll('svg')].map((one) => one.getBoundingClientRect().width)"
            browser.wait(f"Math.max(...{widths}) > 200")  # once it is laid out
            assert browser.run("self.origin") == "null"  # a sandbox: nothing of the page is in its reach
            browser.call("Page.navigate", url=address.partition("?")[0])
            browser.wait("!document.getElementById('home').hidden")
            browser.run("document.getElementById('b-history').click()")
            browser.wait(READY.format(2))
        assert browser.complaints() == []
        assert browser.hosts() == {address.split("/")[2]}


def test_somebody_new_is_asked_for_a_name(tmp_path: Path) -> None:
    with serving("--lang", "de", data=tmp_path / "data") as (address, _), Browser(tmp_path / "profile") as browser:
        browser.open(address)
        browser.wait("document.querySelectorAll('#person option').length === 2")
        browser.run(
            "(() => { const one = document.getElementById('person'); one.selectedIndex = 1;"
            " one.dispatchEvent(new Event('change')); })()"
        )
        assert focus(browser) == "name"
        check(browser, "a new name")
        browser.press("Enter")  # without a name nothing starts
        assert not browser.run("document.getElementById('home').hidden")
        assert focus(browser) == "name"
        browser.call("Input.insertText", text="<i>Zoë</i>")
        browser.run("document.getElementById('b-history').click()")
        browser.wait("document.getElementById('past-text').textContent.includes('Einheit')")
        check(browser, "an empty history")
        assert browser.complaints() == []
