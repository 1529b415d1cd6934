"""Two browsers: one is the phone that films, the other the screen that shows and speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("segno")
pytest.importorskip("cryptography")

from tests.web.access import check
from tests.web.browser import Browser, chromium
from tests.web.clips import grey_camera
from tests.web.serving import serving

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown"),
]
SHOWN = "((id) => document.getElementById(id).textContent)"
TRUSTING = ("--ignore-certificate-errors",)  # as somebody who has read the warning


def test_a_repetition_filmed_by_the_phone_is_counted_on_the_screen(tmp_path: Path) -> None:
    clip = grey_camera(tmp_path / "camera.y4m")
    options = ("--phone", "--phone-address", "127.0.0.1", "--exercise", "hip-hiker", "--side", "left")
    with (
        serving(*options, data=tmp_path / "data", seen="hiker_faults") as (address, _),
        Browser(tmp_path / "screen") as screen,
        Browser(tmp_path / "phone", clip, (390, 780), TRUSTING) as phone,
    ):
        screen.open(address)
        screen.wait("!document.getElementById('home').hidden")
        screen.run("document.getElementById('b-phone').click()")
        link = screen.wait("document.getElementById('phone-link').textContent")
        screen.wait("document.getElementById('phone-code').naturalWidth > 0")
        check(screen, "code")
        phone.open(link)
        phone.wait("!document.getElementById('b-open').hidden")
        phone.run("document.getElementById('b-open').click()")
        number = phone.wait(
            "!document.getElementById('number').hidden && document.getElementById('number').textContent"
        )
        assert screen.wait("document.getElementById('phone-number').textContent") == number
        check(screen, "number")
        screen.run("document.getElementById('b-phone-yes').click()")
        screen.wait("!document.getElementById('phone-ready').hidden")
        phone.wait("!('setup' in document.body.dataset)")
        screen.run("document.getElementById('b-phone-no').click(); document.getElementById('b-start').click()")
        screen.wait("!document.getElementById('notice').hidden")
        screen.run("document.getElementById('b-confirm').click()")
        screen.wait("!document.getElementById('question').hidden")
        screen.press("0")
        screen.press("Enter")
        screen.wait("Number(document.getElementById('count').textContent) >= 1")
        check(screen, "exercise")
        check(phone, "phone")
        assert screen.complaints() == []
        assert phone.complaints() == []
