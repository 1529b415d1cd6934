"""The page in a real browser: it counts what its camera shows, works by keyboard alone, and can be read by all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli_w

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")

from coach.definitions.programme import load_programme, programmes_folder
from coach.errors import ProgrammeFileError
from coach.history import History
from coach.toml import read_toml
from tests.cuts import cut
from tests.web.access import check, findings
from tests.web.browser import Browser, chromium
from tests.web.clips import grey_camera
from tests.web.serving import serving

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown"),
]
ROOT = Path(__file__).parent.parent.parent


def focus(browser: Browser) -> str:
    return str(browser.run("document.activeElement.id"))


def tab_to(browser: Browser, name: str) -> None:
    for _ in range(30):
        if focus(browser) == name:
            return
        browser.press("Tab")
    raise AssertionError(f"{name} is not reached by the keyboard")


def stop_where(browser: Browser, script: str) -> None:
    """From the moment in which this holds the page shows no more pictures: no time passes (tests/web/stand_in.py)."""
    browser.run(
        "globalThis.stopping?.disconnect(); globalThis.stopped = false;"
        f"(globalThis.stopping = new MutationObserver(() => {{ if (!stopped && ({script})) {{ stopped = true;"
        "  document.getElementById('video').pause(); } }))"
        ".observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })"
    )


def go_on_to(browser: Browser, script: str) -> None:
    """Show pictures until this holds."""
    stop_where(browser, script)
    browser.run("document.getElementById('video').play()")
    browser.wait("stopped")


def test_a_set_is_counted_by_keyboard_alone(tmp_path: Path) -> None:
    options = ("--exercise", "hip-hiker", "--side", "left", "--reps", "2")
    with (
        serving(*options, data=tmp_path / "data", seen="hiker_faults") as (address, server),
        Browser(tmp_path / "profile", grey_camera(tmp_path / "camera.y4m")) as browser,
    ):
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("!document.getElementById('home').hidden")
        assert "token" not in browser.run("location.href")
        check(browser, "home")
        spoil = "document.getElementById('b-test').{}"
        browser.run(spoil.format("textContent = ''"))
        assert any(finding.startswith("button-name (critical)") for finding in findings(browser))
        browser.run(spoil.format("textContent = 'grey'") + ";" + spoil.format("style.color = '#888'"))
        assert any(finding.startswith("contrast") for finding in findings(browser))
        browser.run(spoil.format("removeAttribute('style')"))
        tab_to(browser, "b-start")
        browser.press("Enter")
        browser.wait("!document.getElementById('notice').hidden")
        check(browser, "notice")
        tab_to(browser, "b-confirm")
        browser.press("Enter")
        browser.wait("!document.getElementById('question').hidden")
        check(browser, "pain before")
        stop_where(browser, "document.querySelectorAll('#ticks li').length > 5")
        browser.press("0")
        browser.press("Enter")
        browser.wait("stopped")
        check(browser, "setup")
        go_on_to(browser, "document.body.dataset.stage === 'exercise'")
        check(browser, "exercise")
        high = browser.run("parseFloat(getComputedStyle(document.getElementById('count')).fontSize)")
        assert high * 0.7 >= 100  # digits are 0.7 of the type's size
        go_on_to(browser, "document.getElementById('count').textContent === '1'")
        browser.press(" ")
        browser.wait("document.body.dataset.stage === 'paused'")
        check(browser, "paused")
        assert focus(browser) == "b-resume"
        browser.press(" ")
        go_on_to(browser, "document.body.dataset.stage === 'countdown'")
        browser.press("p")
        browser.wait("!document.getElementById('question').hidden")
        check(browser, "question")
        browser.press("1")
        browser.press("0")
        assert browser.run("document.activeElement.dataset.score") == "10"
        browser.press("Enter")
        browser.wait("document.getElementById('question-advice').childElementCount > 0")
        browser.wait(RESULT)
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


def counted(browser: Browser) -> list[int]:
    """The numbers with which something began that a screen reader was given to say since ``listen``."""
    numbers = [int(found[0]) for text in browser.run("heard") if (found := re.match(r"\d+", text))]
    return [number for i, number in enumerate(numbers) if numbers[i - 1 : i] != [number]]


def listen(browser: Browser) -> None:
    browser.run(
        "globalThis.heard = []; new MutationObserver(() => heard.push(document.getElementById('live').textContent))"
        ".observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true })"
    )


QUESTION = "document.getElementById('question-head').textContent"
RESULT = "!document.getElementById('result').hidden"


def finish(browser: Browser) -> None:
    """Wait for the questions that come after the last set, leave them out, and read the summary."""
    browser.wait("!document.getElementById('question').hidden")
    while not browser.run(RESULT):
        asked = browser.run(QUESTION)
        browser.run(
            "(document.querySelector('[data-option=enough]') ?? document.getElementById('b-question-next')).click()"
        )
        browser.wait(f"{RESULT} || {QUESTION} !== {asked!r}")


def begin(browser: Browser, address: str, stop: str = "false") -> None:
    """Up to the set-up. stop: see stop_where."""
    browser.resize(1280, 720)
    browser.open(address)
    browser.wait("!document.getElementById('home').hidden")
    listen(browser)
    stop_where(browser, stop)
    browser.run("document.getElementById('b-start').click()")
    browser.wait("!document.getElementById('notice').hidden")
    browser.run("document.getElementById('b-confirm').click()")
    browser.wait("!document.getElementById('question').hidden")
    browser.run("document.getElementById('b-question-next').click()")
    browser.wait("document.getElementById('question').hidden")


def one_set(folder: Path, exercise: str, side: str, reps: int | None = None, name: str = "") -> tuple[str, str]:
    """The option for a programme of one set, with no warm-up, and one sentence read out in the set-up.

    name: the exercise's, where ``exercise`` is its file.
    """
    standard = read_toml(programmes_folder() / "standard.toml", ProgrammeFileError)
    block = {"exercise": exercise, "side": side} | ({"reps": reps} if reps else {})
    talk = [{"exercise": name or exercise, "phase": "setup", "say": "talk_sign"}]
    own = {**standard, "name": "one set", "warm_up_s": 0, "talk": talk, "blocks": [block]}
    (folder / "one-set.toml").write_text(tomli_w.dumps(own), encoding="utf-8")
    return "--programme", str(folder / "one-set.toml")


def test_a_whole_set_is_counted_aloud(tmp_path: Path) -> None:
    """The last repetition that was asked for ends the set by itself."""
    options = (*one_set(tmp_path, "hip-hiker", "left", 2), "--lang", "de")
    with (
        serving(*options, data=tmp_path / "data", seen="hiker_faults") as (address, _),
        Browser(tmp_path / "profile", grey_camera(tmp_path / "camera.y4m")) as browser,
    ):
        begin(browser, address)
        finish(browser)
        assert re.search(r"Wiederholungen\s+2 von 2", browser.text())
        assert counted(browser) == [1, 2]
        assert browser.complaints() == []
    with History.open(tmp_path / "data") as history:
        (session,) = history.sessions()
        (result,) = session.results
        assert session.finished and result["summary"]["reps"] == 2
        assert {movement["side"] for movement in result["movements"]} == {"left"}


def test_a_hold_ends_after_the_breaths_that_were_asked_for(tmp_path: Path) -> None:
    """Two to three: from two on one may finish, and the third ends it."""
    strap = (ROOT / "exercises" / "strap-stretch.toml").read_text(encoding="utf-8")
    few = strap.replace("least_breaths = 6", "least_breaths = 2").replace("most_breaths = 8", "most_breaths = 3")
    (tmp_path / "short.toml").write_text(few.replace('"strap-stretch"', '"short-stretch"', 1), encoding="utf-8")
    options = one_set(tmp_path, "short.toml", "left", name="short-stretch")
    with (
        serving(*options, data=tmp_path / "data", seen="strap_left") as (address, _),
        Browser(tmp_path / "profile", grey_camera(tmp_path / "camera.y4m")) as browser,
    ):
        begin(browser, address, "['In', 'Out'].includes(document.getElementById('breath-label').textContent)")
        browser.wait("stopped")
        assert not browser.run("document.getElementById('breath').hidden")
        check(browser, "hold")
        go_on_to(browser, "!document.getElementById('b-next').hidden")
        assert browser.run("document.getElementById('count').textContent") == "2"
        check(browser, "may finish")
        browser.run("document.getElementById('video').play()")
        finish(browser)
        assert counted(browser) == [1, 2, 3]
        assert any(text.startswith("3 breaths. Bring the leg back slowly.") for text in browser.run("heard"))
        # The leg that was recorded stays up for three breaths more, which the summary counts as well.
        assert re.search(r"Breaths\s+6 of 2–3", browser.text())
        assert browser.complaints() == []


def drop(browser: Browser, file: Path) -> None:
    """Let a file fall on the page, as from a folder beside it."""
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.call("Input.dispatchDragEvent", type=kind, x=640, y=360, data=data)


def test_a_recorded_file_is_dropped_and_analysed_with_progress(tmp_path: Path) -> None:
    clip = cut("hiker_faults.mp4", 10.6, tmp_path / "me & <you>.mkv")
    with (
        serving("--lang", "de", data=tmp_path / "data", seen="hiker_faults") as (address, _),
        Browser(tmp_path / "profile") as browser,
    ):
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("!document.getElementById('home').hidden")
        drop(browser, tmp_path / "profile")
        said = browser.wait("document.getElementById('file-problem').textContent")  # a folder is no video
        assert said == "Das ging nicht. Versuch es mit einer anderen Datei."
        browser.wait("!document.getElementById('home').hidden")
        browser.run(
            "globalThis.shares = new Set();"
            "new MutationObserver((changes) => changes.forEach((each) => shares.add(each.oldValue)))"
            ".observe(document.getElementById('busy-share'), { attributes: true, attributeOldValue: true })"
        )
        drop(browser, clip)
        browser.wait("!document.getElementById('result').hidden")
        assert browser.run("shares.size") > 3
        check(browser, "result of a file")
        assert browser.run("document.getElementById('result-head').textContent") == "me & <you>.mkv"
        assert re.search(r"Wiederholungen\s+2 von 10", browser.text()) and "Standknie gebeugt" in browser.text()
        browser.resize(360, 740)
        assert browser.run("document.documentElement.scrollWidth") <= 360
        assert [each for each in browser.complaints() if "FILE_NOT_FOUND" not in each] == []  # the folder


def test_a_programme_is_made_with_the_form(tmp_path: Path) -> None:
    """Name, a tempo and a progression; what is wrong is marked; what is saved can be used and printed."""
    with serving(data=tmp_path / "data") as (address, _), Browser(tmp_path / "profile") as browser:
        browser.resize(1280, 720)
        browser.open(address)
        browser.wait("!document.getElementById('home').hidden")
        browser.run("document.getElementById('b-programmes').click()")
        browser.wait("document.querySelectorAll('#programmes-list li').length === 1")
        check(browser, "programmes")
        browser.run("document.getElementById('b-ed-new').click()")
        browser.wait("document.querySelectorAll('.ed-card').length === 2")
        browser.run(
            "document.getElementById('ed-name').value = 'Anna';"
            "for (const each of document.querySelectorAll('.ed-card:first-child details')) each.open = true;"
        )
        browser.wait("document.querySelector('[name=rule_more]').value === '2'")
        check(browser, "form")
        browser.resize(360, 740)
        assert browser.run("document.documentElement.scrollWidth") <= 360
        check(browser, "form on a small screen")
        browser.resize(1280, 720)
        browser.run(
            "document.querySelector('[name=depth_from]').value = 9;"
            "document.querySelector('[name=depth_to]').value = 8;"
            "document.getElementById('b-ed-save').click()"
        )
        browser.wait("document.querySelector('[name=depth_from]').getAttribute('aria-invalid') === 'true'")
        assert "marked fields" in browser.text()
        browser.run(
            "document.querySelector('[name=depth_to]').value = 12;"
            "document.querySelector('[name=out_s]').value = 3; document.querySelector('[name=back_s]').value = 2;"
            "document.getElementById('b-ed-save').click()"
        )
        browser.wait("document.querySelectorAll('#programmes-list li').length === 2")
        left, right, *others = load_programme(tmp_path / "data" / "programmes" / "anna.toml").blocks
        assert (left.side, left.depth, left.tempo_s, left.rest_s) == ("left", (9, 12), (3, 2), 30)
        assert left.progress is not None and left.progress.up_to == 16
        assert (right.side, right.rest_s, right.progress) == ("right", 60, left.progress)
        assert [block.exercise for block in others] == ["strap-stretch", "strap-stretch"]
        sheet = browser.run("document.querySelector('#programmes-list li:last-child a').href")
        assert "Anna" in browser.run(f"fetch('{sheet}').then((answer) => answer.text())")
        browser.run("document.querySelector('#programmes-list li:last-child button').click()")
        browser.wait("document.getElementById('programme-now')?.textContent === 'Programme: Anna'")
        assert browser.hosts() == {address.split("/")[2]}
