"""Pictures of a sample through the page's socket to the pose network: what the camera shows is what is counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from coach.app.guided import make_observer
from coach.history import History
from coach.web.sessions import Settings
from tests.conftest import SAMPLES
from tests.guide.theatre import HIKER, programme
from tests.web.test_socket import server, tab

pytestmark = pytest.mark.model
FPS = 10
WIDE = (640, 360)
QUALITY = 85  # as the page's


def jpegs(name: str, until_s: float) -> Iterator[bytes]:
    """A sample as the page would send it, so many pictures a second."""
    import av

    with av.open(str(SAMPLES / name)) as source:
        number = 0
        for picture in source.decode(video=0):
            if picture.time >= until_s:
                return
            if picture.time >= number / FPS:
                number += 1
                out = io.BytesIO()
                picture.to_image(width=WIDE[0], height=WIDE[1]).save(out, "JPEG", quality=QUALITY)
                yield out.getvalue()


def test_a_repetition_before_the_camera_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody stands still until the exercise begins; then the sample goes on."""
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)  # a script sends faster than a camera
    pictures = list(jpegs("hiker_right_30fps.mp4", 7.5))
    still = [*pictures[:FPS], *pictures[:FPS][::-1]]
    settings = Settings(programme((HIKER, "right", {"reps": 1})), data_dir=tmp_path, make_watcher=make_observer)
    with server(settings) as client, tab(client) as page:
        page.hear()
        page.tell(type="start")
        answer = page.act("confirm_safety")
        for number in range(20 * FPS):
            answer = page.show(picture=still[number % len(still)])
            if answer["stage"] == "exercise":
                break
        for picture in pictures:
            if answer["stage"] != "summary":
                answer = page.show(picture=picture)
        assert answer["stage"] == "summary"
        page.act("end")
    with History.open(tmp_path) as history:
        (session,) = history.sessions()
        (result,) = session.results
        assert session.finished and result["summary"]["reps"] == 1
        assert {movement["side"] for movement in result["movements"]} == {"right"}
