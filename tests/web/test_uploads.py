"""Recorded files dropped on the page: analysed with progress, bounded, and deleted whatever happens."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient

from coach.definitions.exercise import load_exercise
from coach.session.result_builder import Outcome, ResultBuilder
from coach.web import uploads as uploads_module
from coach.web.app import make_app
from coach.web.protocol import MessageError
from coach.web.security import AccessTokens
from coach.web.session_manager import SessionManager
from coach.web.uploads import compared
from tests.conftest import FakeEstimator
from tests.guide.theatre import HIKER, STRAP, hold, movement, programme
from tests.web.people import settings
from tests.web.test_socket import tab

HOME = "http://127.0.0.1:8123"
MOST_BYTES = 200_000


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go; it has to be empty in the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def client(tmp_path: Path, temporary: Path, no_model: FakeEstimator) -> Iterator[TestClient]:
    keys = AccessTokens(8123)
    with TestClient(make_app(settings(tmp_path / "data"), keys, MOST_BYTES), base_url=HOME) as client:
        client.get(keys.link)
        client.headers["origin"] = HOME
        yield client


def lines(client: TestClient, content: bytes, **options: str) -> list[dict[str, Any]]:
    answer = client.post("/analyse", params=options, content=content)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_video_is_analysed_with_progress_and_leaves_nothing(
    client: TestClient, video: Callable[..., Path], temporary: Path
) -> None:
    found = lines(client, video(frames=45).read_bytes(), name="C:\\mine\\me <b>.mp4", exercise=HIKER)
    assert [line["progress"] for line in found[:-1]] == sorted(line["progress"] for line in found[:-1])
    assert len(found) > 3
    assert found[-1]["result"]["source"] == "me <b>.mp4"  # shown as text only
    assert not found[-1]["found"]
    assert list(temporary.iterdir()) == []


def test_what_is_no_video_is_said_without_the_place_of_the_copy(client: TestClient, temporary: Path) -> None:
    (line,) = lines(client, b"nothing of the kind", name="letter.txt")
    assert line["problem"].startswith("letter.txt")
    assert str(temporary) not in json.dumps(line)
    assert line["remedy"]
    assert list(temporary.iterdir()) == []


def test_a_file_that_is_too_large_is_refused_whether_it_says_so_or_not(client: TestClient, temporary: Path) -> None:
    assert client.post("/analyse", content=bytes(MOST_BYTES + 1)).json() == {"error": "too_large"}

    def pieces() -> Iterator[bytes]:
        for _ in range(5):
            yield bytes(MOST_BYTES // 4)

    assert client.post("/analyse", content=pieces()).json() == {"error": "too_large"}
    assert list(temporary.iterdir()) == []
    assert lines(client, b"x", name="next")  # the next one is taken


def test_a_disk_without_room_for_a_copy_is_said_and_the_next_file_is_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as at_first:
        at_first.setattr("coach.web.uploads.temporary_folder", full)
        assert client.post("/analyse", content=b"x").json() == {"error": "disk_full"}
    assert lines(client, b"x", name="next")


def test_while_a_session_runs_no_file_is_taken(client: TestClient) -> None:
    with tab(client) as page:
        page.hear()
        page.tell(type="start")
        answer = client.post("/analyse", content=b"x")
        assert (answer.status_code, answer.json()) == (409, {"error": "busy"})
        page.act("confirm_safety")
        assert page.act("end")["stage"] == "summary"
        assert lines(client, b"x", name="dropped on the summary")


@pytest.mark.parametrize("length", ["9" * 5000, "²", "-1", "1e3", ""])
def test_a_length_that_is_none_is_refused(client: TestClient, length: str) -> None:
    assert (
        client.post("/analyse", content=b"x", headers={"content-length": length.encode("latin-1")}).status_code == 413
    )


def test_what_is_offered_is_known_without_reading_a_file(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("a file is read while the page is answered")

    monkeypatch.setattr("coach.definitions.exercise.load_exercise", read)
    monkeypatch.setattr("coach.definitions.programme.load_exercise", read)
    assert client.post("/analyse", params={"exercise": "nothing"}, content=b"x").status_code == 400
    assert client.get(f"/picture/{HIKER}/left").status_code == 200
    with tab(client) as page:
        assert [choice["name"] for choice in page.hear()["choices"]]


@pytest.mark.parametrize("options", [{"side": "up"}, {"exercise": "../../x.toml"}, {"exercise": "nothing"}])
def test_only_what_is_offered_can_be_asked_for(client: TestClient, options: dict[str, str]) -> None:
    assert client.post("/analyse", params=options, content=b"x").status_code == 400


def test_a_recorded_file_is_compared_like_a_session() -> None:
    builder = ResultBuilder(load_exercise(HIKER))
    builder.movements += [
        movement(1),
        movement(2, "right", faults=("trunk_lean",)),
        movement(3, "right", counted=False),
    ]
    builder.movements += [movement(4, counted=False, uncounted_reason="too_shallow")]
    shown = compared(Outcome.of([builder], []), builder.result("me.mp4", 30.0), programme((HIKER, "left")), "en")
    rows = {row["name"]: (row["left"], row["right"]) for row in shown["summary"]["exercises"][0]["rows"]}
    assert rows["reps"] == ("1 of 10", "1 of 10")
    assert rows["clean"] == ("1", "0")
    assert shown["found"]
    assert shown["names"] == {"too_shallow": "too shallow", "trunk_lean": "trunk lean"}
    german = compared(Outcome.of([builder], []), builder.result("me.mp4", 30.0), programme((HIKER, "left")), "de")
    assert set(german["names"]) == set(shown["names"]) and not set(german["names"].values()) & set(
        shown["names"].values()
    )


def test_a_hold_whose_breath_was_not_seen_says_so() -> None:
    builder = ResultBuilder(load_exercise(STRAP))
    builder.holds += [hold(None), hold(7, side="right")]
    shown = compared(Outcome.of([builder], []), builder.result("me.mp4", 90.0), programme((STRAP, "left")), "en")
    rows = {row["name"]: (row["left"], row["right"]) for row in shown["summary"]["exercises"][0]["rows"]}
    assert rows["breaths"] == ("not seen", "7 of 6–8")


class Stalled:
    """A request whose file stops coming after a first piece."""

    def __init__(self, first: bytes) -> None:
        self.first = first
        self.headers: dict[str, str] = {}
        self.query_params: dict[str, str] = {}

    async def stream(self) -> AsyncIterator[bytes]:
        yield self.first
        await asyncio.sleep(1000)


def test_a_file_that_stalls_keeps_nobody_waiting(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "STALL_S", 0.3)
    manager = SessionManager(settings(tmp_path / "data"))
    uploads = uploads_module.Uploads(manager, MOST_BYTES)

    async def both() -> tuple[int, bool]:
        stalled = asyncio.create_task(uploads.analyse(Stalled(b"x")))  # type: ignore[arg-type]
        while not list(temporary.rglob("video")):
            await asyncio.sleep(0.01)
        await manager.begin_analysis()  # another one is taken meanwhile
        manager.end_analysis()
        answer = await stalled
        await manager.close()
        return answer.status_code, json.loads(bytes(answer.body))["error"] == "stalled"

    assert asyncio.run(both()) == (408, True)
    assert list(temporary.iterdir()) == []


def test_a_file_just_after_another_waits_for_its_end(tmp_path: Path) -> None:
    manager = SessionManager(settings(tmp_path))

    async def both() -> None:
        await manager.begin_analysis()
        asyncio.get_running_loop().call_later(0.2, manager.end_analysis)
        await manager.begin_analysis(patience_s=120.0)
        with pytest.raises(MessageError, match="busy"):
            await manager.begin_analysis()
        await manager.close()

    asyncio.run(both())
