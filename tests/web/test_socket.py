"""The protocol of the page's socket, spoken by script: a whole session, and everything that can be wrong with it."""

from __future__ import annotations

import io
import itertools
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coach.history import History
from coach.web.app import make_app
from coach.web.protocol import MOST_FRAME_BYTES, MOST_SCANS, MessageError, decode_jpeg
from coach.web.security import AccessTokens
from coach.web.sessions import Settings
from coach.web.socket import MOST_REFUSED, TAKEN_OVER, TOO_MANY
from coach.web.token_bucket import TokenBucket
from tests.fuzz.videos import many_scans
from tests.guide.theatre import STRAP
from tests.web.people import FakeWatcher, Page, frame, jpeg, settings

HOME = "http://127.0.0.1:8123"
ORIGIN = {"origin": HOME}


@contextmanager
def server(of: Settings) -> Iterator[TestClient]:
    keys = AccessTokens(8123)
    with TestClient(make_app(of, keys), base_url=HOME) as client:
        client.get(keys.link)
        yield client


@contextmanager
def tab(client: TestClient) -> Iterator[Page]:
    with client.websocket_connect("ws://127.0.0.1:8123/socket", headers=ORIGIN) as socket:
        yield Page(socket)


@pytest.fixture
def watcher() -> FakeWatcher:
    return FakeWatcher()


@pytest.fixture
def client(tmp_path: Path, watcher: FakeWatcher, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("coach.web.socket.FRAMES_A_SECOND", 1e6)  # a script sends faster than a camera
    monkeypatch.setattr("coach.web.socket.TEXTS_A_SECOND", 1e6)
    with server(settings(tmp_path, watcher=watcher)) as client:
        yield client


def set_up(page: Page) -> None:
    """From the first message to the live checks."""
    assert page.hear()["type"] == "hello"
    assert page.tell(type="start")["stage"] == "welcome"
    assert page.act("confirm_safety")["stage"] == "setup"


def begin(page: Page) -> dict[str, Any]:
    """From the first message to the first repetition."""
    set_up(page)
    for _ in range(1200):  # an own exercise is read out first
        answer = page.show()
        if answer["stage"] == "exercise":
            return answer
    raise AssertionError(answer)


def test_a_set_is_counted_and_kept(client: TestClient, watcher: FakeWatcher, tmp_path: Path) -> None:
    with tab(client) as page:
        answer = begin(page)
        assert answer["count"]["value"] == 0
        assert answer["block"]["side"] == "left"
        assert len(answer["body"]) == 33
        assert answer["gauge"]["name"] == "pelvic_drop_deg"
        watcher.dip()
        said: list[str] = []
        while answer["stage"] == "exercise":
            answer = page.show()
            said += [each["text"] for each in answer["say"] if each["key"] == "count"]
        assert said == ["1", "2", "3"]
        assert answer["stage"] == "summary"
        rows = {row["name"]: row["left"] for row in answer["summary"]["exercises"][0]["rows"]}
        assert rows["reps"] == "3 of 3"
        assert page.act("end")["stage"] == "done"
        assert page.tell(type="tick", at_ms=1e6)["reason"] == "no_session"
    with History.open(tmp_path) as history:
        (kept,) = history.sessions()
        assert kept.finished
        assert kept.results[0]["summary"]["reps"] == 3
        assert kept.record is not None
        assert kept.record["complete"]
        assert history.safety_confirmed("me", 1)


def test_who_has_confirmed_the_notice_before_is_not_asked_again(client: TestClient) -> None:
    with tab(client) as page:
        begin(page)
        page.act("end")
        page.act("end")
        assert page.tell(type="start")["stage"] == "setup"


def test_before_the_notice_is_confirmed_nobody_is_watched(client: TestClient, watcher: FakeWatcher) -> None:
    with tab(client) as page:
        page.hear()
        page.tell(type="start")
        assert page.show(2.0)["stage"] == "welcome"
        assert watcher.times == []


def test_pain_stops_the_set_and_is_kept(client: TestClient, tmp_path: Path) -> None:
    with tab(client) as page:
        begin(page)
        answer = page.act("hurts")
        assert answer["stage"] == "question"
        assert any(each["urgent"] for each in answer["say"])
        for nonsense in (11, -1, "5", None, 2.5, True):
            assert page.act("score", score=nonsense)["reason"] == "malformed"
        assert page.act("score", score=7)["question"]["ends_session"]
    with History.open(tmp_path) as history:
        client.__exit__(None, None, None)
        (kept,) = history.sessions()
        assert [pain.score for pain in kept.pains] == [7]
        assert kept.finished


def test_time_that_passes_without_pictures_means_a_lost_camera_and_keeps_the_count(
    client: TestClient, watcher: FakeWatcher
) -> None:
    with tab(client) as page:
        begin(page)
        watcher.dip()
        page.show(5.0)
        answer = {"stage": "exercise"}
        for _ in range(10):
            page.at_ms += 300
            answer = page.tell(type="tick", at_ms=page.at_ms)
        assert (answer["stage"], answer["pause"]) == ("paused", "camera")
        assert answer["count"]["value"] == 1
        watcher.pose = FakeWatcher().pose
        assert page.show(6.0)["stage"] == "exercise"


BAD_FRAMES = {
    "nothing": (b"", "malformed"),
    "short": (b"CF01", "malformed"),
    "another kind": (struct.pack("<4sId", b"XX01", 1, 5.0) + jpeg(), "malformed"),
    "no picture": (struct.pack("<4sId", b"CF01", 1, 5.0), "malformed"),
    "time is not a number": (frame(1, float("nan")), "malformed"),
    "time without end": (frame(1, float("inf")), "malformed"),
    "time before the page": (frame(1, -5.0), "malformed"),
    "too large": (frame(1, 5.0, b"\xff" * MOST_FRAME_BYTES), "too_large"),
    "no JPEG": (frame(1, 5.0, b"\x89PNG" + bytes(200)), "malformed"),
    "cut off": (frame(1, 5.0, jpeg()[:200]), "malformed"),
    "too many pixels": (frame(1, 5.0, jpeg(4000, 64)), "wrong_size"),
    "hardly any pixels": (frame(1, 5.0, jpeg(8, 8)), "wrong_size"),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
def test_a_bad_frame_is_refused_and_the_session_goes_on(client: TestClient, name: str) -> None:
    data, reason = BAD_FRAMES[name]
    with tab(client) as page:
        set_up(page)
        page.socket.send_bytes(data)
        assert page.hear() == {
            "type": "refused",
            "reason": reason,
            "number": 1 if reason == "wrong_size" or name in ("no JPEG", "cut off") else None,
        }
        assert page.show()["stage"] == "setup"


def test_a_picture_that_claims_to_be_huge_is_not_unpacked(client: TestClient) -> None:
    head, found, tail = jpeg(96, 64).partition(struct.pack(">HH", 64, 96))
    assert found
    bomb = head + struct.pack(">HH", 65_000, 65_000) + tail
    with tab(client) as page:
        set_up(page)
        page.socket.send_bytes(frame(1, 5.0, bomb))
        assert page.hear()["reason"] in ("wrong_size", "malformed")  # Pillow has a limit of its own


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "null",
        '{"type": "shutdown"}',
        '{"type": "action", "name": "close"}',
        '{"type": "action", "name": "__init__"}',
        '{"type": "tick"}',
        '{"type": "tick", "at_ms": "soon"}',
        '{"type": "tick", "at_ms": NaN}',
        '{"type": "tick", "at_ms": true}',
        '{"type": "start", "exercise": {"a": 1}}',
        "[" * 1_900,
        json.dumps({"type": "start", "exercise": "x" * 3_000}),
    ],
)
def test_a_bad_message_is_refused_and_the_session_goes_on(client: TestClient, text: str) -> None:
    with tab(client) as page:
        set_up(page)
        page.socket.send_text(text)
        assert page.hear()["type"] == "refused"
        assert page.show()["stage"] == "setup"


def test_only_what_is_offered_can_be_started(client: TestClient) -> None:
    with tab(client) as page:
        page.hear()
        for wish in ({"exercise": "../../secret.toml"}, {"exercise": "nothing"}, {"side": "up"}):
            assert page.tell(type="start", **wish)["reason"] == "unknown_choice"
        answer = page.tell(type="start", exercise=STRAP, side="right")
        assert answer["stage"] == "welcome"
        assert page.act("confirm_safety")["block"]["exercise"] == STRAP


def test_a_fault_of_ours_is_said_and_the_session_goes_on(client: TestClient) -> None:
    with tab(client) as page:
        begin(page)
        page.socket.send_bytes(frame(1, 6_000.0, jpeg(colour=(255, 0, 0))))
        assert page.hear() == {"type": "error", "problem": "", "remedy": ""}
        assert page.show()["stage"] == "exercise"


def test_a_fault_of_what_watches_is_said_too(client: TestClient, watcher: FakeWatcher) -> None:
    def broken(t_s: float) -> None:
        raise RuntimeError("not that the tab has gone")

    with tab(client) as page:
        begin(page)
        watcher.pose = broken
        page.socket.send_bytes(frame(1, 6_000.0))
        assert page.hear() == {"type": "error", "problem": "", "remedy": ""}


def test_times_of_the_judge_rise_whatever_the_page_says(client: TestClient, watcher: FakeWatcher) -> None:
    with tab(client) as page:
        begin(page)
        for at_ms in (50_000.0, 50_000.0, 10.0, 60_000.0, 0.0, 60_100.0):
            page.socket.send_bytes(frame(1, at_ms))
            page.hear()
    times = watcher.times
    assert all(later > earlier for earlier, later in itertools.pairwise(times))
    assert times[-1] - times[-2] == pytest.approx(0.1, abs=0.05)


def test_a_page_that_is_loaded_anew_goes_on_where_it_was(client: TestClient, watcher: FakeWatcher) -> None:
    with tab(client) as page:
        begin(page)
        watcher.dip()
        page.show(5.0)
        last_s = watcher.times[-1]
    with tab(client) as page:
        assert page.hear()["running"]
        answer = page.tell(type="start")
        assert (answer["stage"], answer["count"]["value"]) == ("exercise", 1)
        page.at_ms = 100.0  # its clock begins anew
        page.show()
        assert last_s < watcher.times[-1] < last_s + 30


def test_a_second_tab_is_told_and_may_take_over(client: TestClient) -> None:
    with tab(client) as first:
        begin(first)
        with tab(client) as second:
            assert second.hear()["type"] == "busy"
            second.socket.send_text("nonsense")
            second.socket.send_bytes(frame(1, 5.0))
            assert first.show()["stage"] == "exercise"
            second.socket.send_text('{"type": "take_over"}')
            assert second.hear()["running"]
            with pytest.raises(WebSocketDisconnect) as closed:
                first.hear()
            assert closed.value.code == TAKEN_OVER
            assert second.tell(type="start")["stage"] == "exercise"
            assert second.show()["stage"] == "exercise"


def test_a_tab_that_waits_and_talks_nonsense_is_let_go(client: TestClient) -> None:
    with tab(client) as first:
        begin(first)
        with tab(client) as second:
            assert second.hear()["type"] == "busy"
            for _ in range(MOST_REFUSED):
                second.socket.send_text("nonsense")
            with pytest.raises(WebSocketDisconnect) as closed:
                second.hear()
            assert closed.value.code == TOO_MANY
        assert first.show()["stage"] == "exercise"


def test_frames_that_come_too_fast_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "coach.web.socket.TokenBucket", lambda rate: TokenBucket(rate, lambda: 0.0)
    )  # all in one moment
    with server(settings(tmp_path)) as client, tab(client) as page:
        page.hear()
        page.tell(type="start")
        page.act("confirm_safety")
        answers = []
        for number in range(150):
            page.socket.send_bytes(frame(number, 5_000.0 + number))
            answers.append(page.hear())
        assert any(answer.get("reason") == "too_fast" for answer in answers)
        assert any(answer["type"] == "moment" for answer in answers)


def test_the_bucket_lets_through_what_it_says() -> None:
    now = [0.0]
    bucket = TokenBucket(10, lambda: now[0])
    assert sum(bucket.take() for _ in range(50)) == 10
    now[0] = 0.5
    assert sum(bucket.take() for _ in range(50)) == 5
    now[0] = 100.0
    assert sum(bucket.take() for _ in range(50)) == 10


def test_when_the_program_ends_everything_is_kept(tmp_path: Path, watcher: FakeWatcher) -> None:
    with server(settings(tmp_path, watcher=watcher)) as client, tab(client) as page:
        set_up(page)
        page.show(0.5)
    assert watcher.closed
    with History.open(tmp_path) as history:
        (kept,) = history.sessions()
        assert kept.finished
        assert kept.record is not None
        assert not kept.record["complete"]


def test_a_history_that_cannot_be_written_does_not_stop_the_session(tmp_path: Path, watcher: FakeWatcher) -> None:
    (tmp_path / "file").write_text("in the way")
    with server(settings(tmp_path / "file", watcher=watcher)) as client, tab(client) as page:
        page.hear()
        page.tell(type="start")
        answer = page.act("confirm_safety")
        assert answer["stage"] == "setup"
        assert "is not a folder" in answer["problem"]


def test_nothing_but_the_history_is_written(client: TestClient, tmp_path: Path) -> None:
    with tab(client) as page:
        begin(page)
    assert {path.name.partition("-")[0] for path in tmp_path.rglob("*") if path.is_file()} == {"history.db"}


def test_a_picture_of_many_scans_is_refused_before_it_is_decoded() -> None:
    """Each is decoded over the whole picture: 1.5 MB of them would hold the session for minutes."""
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (640, 480), (10, 200, 30)).save(data, "JPEG", progressive=True)
    assert decode_jpeg(data.getvalue()).shape == (480, 640, 3)
    with pytest.raises(MessageError, match="malformed"):
        decode_jpeg(many_scans(jpeg(), MOST_SCANS + 1))
