"""Takes the pictures of a first session for the documentation, in a real browser on a sample clip.

python -m tests.docs_pictures [FOLDER]    # docs/pictures where none is given
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from PIL import Image

from tests.web.browser import Browser
from tests.web.clips import camera_clip
from tests.web.test_page import serving

ROOT = Path(__file__).parent.parent
SIZE = (1200, 675)


def save(browser: Browser, target: Path) -> None:
    """A screenshot as a JPEG of moderate size."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        browser.picture(picture)
        Image.open(picture).convert("RGB").save(target, quality=82, optimize=True)
    print(target)  # noqa: T201


def click(browser: Browser, name: str) -> None:
    browser.run(f"document.getElementById('{name}').click()")


def main(folder: Path) -> None:
    """One set of two repetitions, photographed at every stage."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        clip = camera_clip("hiker_right_30fps.mp4", place / "camera.mjpeg", still_s=10, until_s=11, width=640)
        options = ("--exercise", "hip-hiker", "--side", "right", "--reps", "2")
        with serving(*options, data=place / "data") as (address, _), Browser(place / "profile", clip) as browser:
            browser.resize(*SIZE)
            browser.open(address)
            browser.wait("!document.getElementById('home').hidden && document.getElementById('person').value")
            save(browser, folder / "1-home.jpg")
            click(browser, "b-start")
            browser.wait("!document.getElementById('notice').hidden")
            save(browser, folder / "2-notice.jpg")
            click(browser, "b-confirm")
            browser.wait("!document.getElementById('question').hidden")
            save(browser, folder / "3-pain.jpg")
            browser.press("0")
            browser.press("Enter")
            browser.wait("document.querySelectorAll('#ticks li').length > 5", 60)
            save(browser, folder / "4-set-up.jpg")
            browser.wait("document.body.dataset.stage === 'exercise'", 90)
            browser.wait("document.getElementById('count').textContent === '1'", 90)
            save(browser, folder / "5-exercise.jpg")
            browser.wait("!document.getElementById('question').hidden", 120)
            effort = browser.run("document.getElementById('question-head').textContent")
            click(browser, "b-question-next")
            browser.wait(f"document.getElementById('question-head').textContent !== {effort!r}", 60)
            click(browser, "b-question-next")
            browser.wait("!document.getElementById('result').hidden", 60)
            save(browser, folder / "6-summary.jpg")
            report = browser.run("document.querySelector('#result-text a').href")
            browser.open(report)
            browser.wait("!!document.querySelector('svg')", 60)
            save(browser, folder / "7-report.jpg")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures", help="where they go")
    main(parser.parse_args().folder)
