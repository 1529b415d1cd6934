"""The page in a real browser: it counts what its camera shows, works by keyboard alone, and can be read by all."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")

from tests.web.browser import Browser, chromium
from tests.web.clips import camera_clip

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown"),
]
ROOT = Path(__file__).parent.parent.parent
ACCESS = (Path(__file__).parent / "access.js").read_text(encoding="utf-8")


@contextmanager
def serving(*options: str, data: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The program with these options, and the link that it prints."""
    command = [sys.executable, "-u", "-m", "coach", "web", "--no-browser", "--data-dir", str(data), *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert server.stdout is not None
    try:
        address = r"http://127\.0\.0\.1:\d+/\?token=\S+"
        yield next(found[0] for line in server.stdout if (found := re.search(address, line))), server
    finally:
        server.terminate()
        server.wait(20)


def focus(browser: Browser) -> str:
    return str(browser.run("document.activeElement.id"))


def tab_to(browser: Browser, name: str) -> None:
    for _ in range(30):
        if focus(browser) == name:
            return
        browser.press("Tab")
    raise AssertionError(f"{name} is not reached by the keyboard")


def check(browser: Browser, where: str) -> None:
    """No serious finding of accessibility on what is shown now."""
    assert browser.run(ACCESS) == [], where


def test_a_set_is_counted_by_keyboard_alone(tmp_path: Path) -> None:
    clip = camera_clip("hiker_right_30fps.mp4", tmp_path / "camera.mjpeg", still_s=10, until_s=11, width=640)
    options = ("--exercise", "hip-hiker", "--side", "right", "--reps", "2")
    with (
        serving(*options, data=tmp_path / "data") as (address, server),
        Browser(tmp_path / "profile", clip) as browser,
    ):
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("!document.getElementById('home').hidden")
        assert "token" not in browser.run("location.href")
        check(browser, "home")
        spoil = "document.getElementById('b-test').{}"
        browser.run(spoil.format("textContent = ''"))
        assert any(finding.startswith("no name") for finding in browser.run(ACCESS))
        browser.run(spoil.format("textContent = 'grey'") + ";" + spoil.format("style.color = '#888'"))
        assert any(finding.startswith("contrast") for finding in browser.run(ACCESS))
        browser.run(spoil.format("removeAttribute('style')"))
        tab_to(browser, "b-start")
        browser.press("Enter")
        browser.wait("!document.getElementById('notice').hidden")
        check(browser, "notice")
        tab_to(browser, "b-confirm")
        browser.press("Enter")
        browser.wait("document.querySelectorAll('#ticks li').length > 5", 60)
        check(browser, "setup")
        browser.wait("document.body.dataset.stage === 'exercise'", 90)
        check(browser, "exercise")
        high = browser.run("parseFloat(getComputedStyle(document.getElementById('count')).fontSize)")
        assert high * 0.7 >= 100  # digits are 0.7 of the type's size
        browser.wait("document.getElementById('count').textContent === '1'", 90)
        browser.press(" ")
        browser.wait("document.body.dataset.stage === 'paused'")
        check(browser, "paused")
        assert focus(browser) == "b-resume"
        browser.press(" ")
        browser.wait("document.body.dataset.stage === 'countdown'")
        browser.press("p")
        browser.wait("!document.getElementById('pain').hidden")
        check(browser, "pain")
        browser.press("1")
        browser.press("0")
        assert browser.run("document.activeElement.dataset.score") == "10"
        browser.press("Enter")
        browser.wait("document.getElementById('pain-advice').childElementCount > 0")
        browser.wait("!document.getElementById('result').hidden", 60)
        check(browser, "summary")
        assert "1 of 2" in browser.text()
        report = browser.run("document.querySelector('#result-text a').href")
        assert browser.run(f"fetch('{report}').then((answer) => answer.text())").count("<svg") > 1
        browser.resize(360, 740)
        assert browser.run("document.documentElement.scrollWidth") <= 360
        check(browser, "summary on a small screen")
        server.terminate()
        browser.wait("document.getElementById('trouble-text').textContent.includes('coach web')")
        # The end of the server is the only thing that may be complained of.
        assert [each for each in browser.complaints() if "WebSocket" not in each and "CONNECTION" not in each] == []
        assert browser.hosts() == {address.split("/")[2]}


def test_a_hold_reaches_its_breaths(tmp_path: Path) -> None:
    clip = camera_clip("strap_left_30fps.mp4", tmp_path / "camera.mjpeg", still_s=9, until_s=60, width=960)
    options = ("--exercise", "strap-stretch", "--side", "left", "--breaths", "3")
    with (
        serving(*options, data=tmp_path / "data") as (address, _),
        Browser(tmp_path / "profile", clip) as browser,
    ):
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("!document.getElementById('home').hidden")
        browser.run("document.getElementById('b-start').click()")
        browser.wait("!document.getElementById('notice').hidden")
        browser.run("document.getElementById('b-confirm').click()")
        browser.wait("document.body.dataset.stage === 'exercise' && !document.getElementById('breath').hidden", 120)
        browser.wait("['In', 'Out'].includes(document.getElementById('breath-label').textContent)", 60)
        check(browser, "hold")
        browser.wait("Number(document.getElementById('count').textContent) >= 3", 90)
        browser.wait("!document.getElementById('b-next').hidden")
        browser.press("n")
        browser.wait("!document.getElementById('result').hidden")
        assert re.search(r"Breaths\s+[34] of 3", browser.text())
        assert browser.complaints() == []
