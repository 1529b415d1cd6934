"""The page for marking in a real browser: by keyboard, with the curves on the second pass, and usable by all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")

from coach.evaluate.observations import Cache
from coach.evaluate.truth import read_truths
from tests.cli.test_app import ROOT
from tests.conftest import write_video
from tests.web.access import findings
from tests.web.browser import Browser, chromium

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown")


@contextmanager
def labelling(folder: Path, clip: str, *options: str) -> Iterator[tuple[str, Path]]:
    """The page's link for a copy of a sample, and where its marks go. The coach has watched it already."""
    video = folder / "me.mp4"
    if not video.exists():
        shutil.copy(ROOT / "samples" / f"{clip}.mp4", video)
        kept = Cache(folder / "cache", 15.0).path(video)
        shutil.copy(ROOT / "tests" / "recordings" / "hiker_faults.observed", kept)
    command = [
        sys.executable,
        "-u",
        "-m",
        "coach",
        "label",
        str(video),
        "--no-browser",
        "--cache",
        str(folder / "cache"),
        *options,
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    try:
        address = r"http://127\.0\.0\.1:\d+/\?token=\S+"
        link = next(found[0] for line in server.stdout if (found := re.search(address, line)))
        yield link, folder / "me.truth.json"
    finally:
        server.terminate()
        server.wait(120)


def barriers(browser: Browser) -> list[str]:
    """What keeps somebody from using the page. It is read at a desk: the sizes for across the room do not apply."""
    return [finding for finding in findings(browser) if not finding.startswith(("small:", "tiny:"))]


def opened(browser: Browser, link: str) -> None:
    browser.resize(1400, 860)
    browser.open(link)
    browser.wait(
        "document.getElementById('exercise').options.length > 1 && document.getElementById('video').readyState > 1"
    )


def choose(browser: Browser, name: str, value: str) -> None:
    element = f"document.getElementById('{name}')"
    browser.run(f"{element}.value = '{value}'; {element}.dispatchEvent(new Event('change', {{bubbles: true}}))")


def at(browser: Browser, t_s: float) -> None:
    """The picture of this moment."""
    browser.run(
        "new Promise((done) => { const video = document.getElementById('video');"
        f" video.addEventListener('seeked', () => done(1), {{once: true}}); video.currentTime = {t_s}; }})"
    )
    browser.run("document.activeElement.blur()")


def shown(browser: Browser) -> list[str]:
    return browser.run(
        "[...document.querySelectorAll('#marks li')].map((each) => each.innerText.split('\\n')[0].trim())"
    )


def status(browser: Browser, word: str) -> None:
    browser.wait(f"document.getElementById('status').textContent.includes('{word}')")


def test_a_set_is_marked_by_keyboard_saved_and_opened_again(tmp_path: Path) -> None:
    with Browser(tmp_path / "profile") as browser:
        mark_and_save(browser, tmp_path)
        with labelling(tmp_path, "hiker_right_30fps") as (link, _):
            opened(browser, link)
            status(browser, "Opened")
            assert shown(browser) == ["4.10 s", "8.30 s", "8.40 s", "12.20 s", "16.00 s"]


def mark_and_save(browser: Browser, folder: Path) -> None:
    with labelling(folder, "hiker_right_30fps") as (link, target):
        opened(browser, link)
        assert "token" not in browser.run("location.href")
        assert barriers(browser) == []
        assert not browser.run("document.getElementById('sides').innerText")
        choose(browser, "exercise", "hip-hiker")
        assert browser.run("document.getElementById('sides').innerText") == "Left and right mean the hanging side."
        choose(browser, "person", "Ada")
        for t_s, key in ((4.1, "d"), (8.3, "d"), (8.4, "3"), (12.2, "d"), (14.0, "d"), (14.2, "Backspace")):
            at(browser, t_s)
            browser.press(key)
        assert shown(browser) == ["4.10 s", "8.30 s", "8.40 s", "12.20 s"]
        browser.press("u")
        assert len(shown(browser)) == 5
        browser.press("Backspace")
        browser.press("w")
        status(browser, "the side is not chosen")
        assert browser.run("document.getElementById('status').textContent").endswith("leg's side.")
        assert not target.exists()
        choose(browser, "side", "right")
        at(browser, 6.0)
        browser.press("ArrowRight")
        browser.wait("Math.abs(document.getElementById('video').currentTime - 6.05) < 0.02")
        browser.run(
            "const choice = document.querySelector('#marks select'); choice.value = 'too_shallow';"
            " choice.dispatchEvent(new Event('change', {bubbles: true}))"
        )
        assert barriers(browser) == []
        browser.run("document.activeElement.blur()")
        browser.press("w")
        status(browser, "Saved: me.truth.json")
        (truth,) = read_truths(target)
        assert (truth.person, truth.side, truth.reps) == ("Ada", "right", 2)
        assert [movement.bottom_s for movement in truth.movements] == [4.1, 8.3, 12.2]
        assert [movement.reason for movement in truth.movements] == ["too_shallow", None, None]
        assert truth.movements[1].faults == {"trunk_lean"}
        assert not json.loads(target.read_text())["labels"]["curve_seen"]
        browser.press("c")
        browser.wait("!document.getElementById('curves').hidden")
        browser.wait("document.querySelectorAll('#curves canvas').length > 2")
        assert barriers(browser) == []
        at(browser, 16.0)
        browser.press("d")
        browser.press("w")
        status(browser, "Saved")
        assert json.loads(target.read_text())["labels"]["curve_seen"]


def test_a_hold_has_its_own_keys(tmp_path: Path) -> None:
    with labelling(tmp_path, "strap_left_30fps") as (link, target), Browser(tmp_path / "profile") as browser:
        opened(browser, link)
        choose(browser, "exercise", "strap-stretch")
        choose(browser, "side", "left")
        at(browser, 12.0)
        browser.press("s")
        browser.press("w")
        status(browser, "the end of the hold is not marked")
        for t_s, key in ((13.0, "i"), (17.0, "i"), (20.0, "2"), (36.0, "e")):
            at(browser, t_s)
            browser.press(key)
        browser.press("w")
        status(browser, "Saved")
        (truth,) = read_truths(target)
        assert truth.hold is not None
        assert (truth.hold.start_s, truth.hold.end_s, truth.hold.breaths) == (12.0, 36.0, 2)
        assert truth.hold.faults == {"pelvis_roll"}


@pytest.mark.parametrize(
    ("language", "deepest", "refused"),
    [("de", "Tiefster Punkt", "die Seite ist nicht gewählt"), ("fr", "Point le plus bas", "le côté n’est pas choisi")],
)
def test_the_page_is_in_the_language_that_was_asked_for(
    tmp_path: Path, language: str, deepest: str, refused: str
) -> None:
    with (
        labelling(tmp_path, "hiker_right_30fps", "--lang", language) as (link, _),
        Browser(tmp_path / "profile") as browser,
    ):
        opened(browser, link)
        assert browser.run("document.documentElement.lang") == language
        choose(browser, "exercise", "hip-hiker")
        at(browser, 4.0)
        browser.press("d")
        assert deepest in browser.run("document.getElementById('keys').innerText")
        assert shown(browser) == ["4,00 s"]
        assert "4,00 / " in browser.run("document.getElementById('time').textContent")
        seen = browser.run("document.body.innerText")
        for english in ("Speed", "Undo", "Save", "Rater", "Mark", "counts", "undefined", "{"):
            assert not re.search(rf"(?<!\w){re.escape(english)}(?!\w)", seen), english
        unnamed = "[data-spoken], [data-hint]"
        assert browser.run(f"document.querySelectorAll('{unnamed}').length") > 5
        browser.press("w")
        status(browser, refused)
        assert barriers(browser) == []


def test_a_video_that_the_browser_does_not_play_is_shown_as_a_copy(tmp_path: Path) -> None:
    write_video(tmp_path / "me.mp4", codec="mpeg4", frames=30, size=(320, 240))
    with labelling(tmp_path, "") as (link, _), Browser(tmp_path / "profile") as browser:
        opened(browser, link)
        assert browser.run("document.getElementById('video').src").endswith("?copy=1")
        browser.wait("Math.abs(document.getElementById('video').duration - 2) < 0.1")


def test_the_next_key_is_not_taken_by_a_list_that_was_clicked(tmp_path: Path) -> None:
    with labelling(tmp_path, "hiker_right_30fps") as (link, _), Browser(tmp_path / "profile") as browser:
        opened(browser, link)
        pointed = "document.body.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}))"
        for before, focused in ((pointed, ""), ("0", "exercise")):
            browser.press("Tab")  # by keyboard, until something is clicked
            browser.run(before)
            browser.run("document.getElementById('exercise').focus()")
            choose(browser, "exercise", "hip-hiker")
            assert browser.run("document.activeElement.id") == focused


def test_the_newest_of_many_marks_is_in_sight(tmp_path: Path) -> None:
    with (
        labelling(tmp_path, "hiker_right_30fps", "--lang", "de") as (link, _),
        Browser(tmp_path / "profile") as browser,
    ):
        opened(browser, link)
        browser.resize(1280, 800)
        choose(browser, "exercise", "hip-hiker")
        title = browser.run("document.querySelector('#exercise option:checked').textContent.length")
        assert title > 20  # of German titles, which are long, all is to be read
        assert browser.run("document.getElementById('exercise').clientWidth") > 7.5 * title
        for number in range(12):
            at(browser, 2.0 + number)
            browser.press("d")
        seen = (
            "(() => { const [row, list] = [document.querySelector('[aria-current]'), document.getElementById('marks')]"
        )
        seen += (
            ".map((each) => each.getBoundingClientRect()); return row.top >= list.top && row.bottom <= list.bottom })()"
        )
        browser.wait(seen)
