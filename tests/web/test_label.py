"""The server of the page for marking: guarded like the page for practising; it writes a truth file, or says why not."""

from __future__ import annotations

import ast
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("starlette")
pytest.importorskip("httpx2")

from starlette.testclient import TestClient

import coach.evaluate.labels
import coach.web.label
from coach.app.analyse import choose_exercises
from coach.errors import CoachError
from coach.evaluate.labels import LabelError
from coach.evaluate.observations import Cache
from coach.evaluate.truth import read_truths
from coach.video.file import VideoFile
from coach.web.label import Labelling, make_label_app, prepare
from coach.web.security import AccessTokens
from tests.cli.test_app import ROOT
from tests.conftest import write_video
from tests.cuts import cut
from tests.i18n.test_error_messages import TABLES, template

PORT = 8124
HOME = f"http://127.0.0.1:{PORT}"
ORIGIN = {"origin": HOME}
HIKERS = {"exercise": "hip-hiker", "side": "right", "movements": [{"t": 4.0}, {"t": 8.0, "reason": "too_shallow"}]}


@pytest.fixture
def labelling(tmp_path: Path) -> Labelling:
    video = tmp_path / "me.mp4"
    cut("hiker_right_30fps.mp4", 10.0, video)
    return prepare(video, tmp_path / "me.truth.json", choose_exercises("auto"), Cache(tmp_path / "cache", 15.0))


@pytest.fixture
def stranger(labelling: Labelling) -> Iterator[TestClient]:
    with TestClient(make_label_app(labelling, AccessTokens(PORT)), base_url=HOME) as client:
        yield client


@pytest.fixture
def page(labelling: Labelling) -> Iterator[TestClient]:
    keys = AccessTokens(PORT)
    with TestClient(make_label_app(labelling, keys), base_url=HOME) as client:
        assert "coach label" in client.get(keys.link.removeprefix(HOME)).text
        yield client


@pytest.mark.parametrize("path", ["/", "/video", "/clip", "/curve?exercise=hip-hiker", "/static/label.js"])
def test_strangers_see_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 403


def test_strangers_and_other_pages_write_nothing(stranger: TestClient, page: TestClient, labelling: Labelling) -> None:
    assert stranger.post("/labels", json=HIKERS, headers=ORIGIN).status_code == 403
    assert page.post("/labels", json=HIKERS).status_code == 403
    assert page.post("/labels", json=HIKERS, headers={"origin": "http://elsewhere.example"}).status_code == 403
    assert not labelling.target.exists()


def test_the_page_knows_the_video_and_what_can_be_marked(page: TestClient) -> None:
    clip = page.get("/clip").json()
    assert (clip["name"], clip["target"], clip["fps"], clip["labels"]) == ("me.mp4", "me.truth.json", 30.0, None)
    hiker = next(each for each in clip["exercises"] if each["name"] == "hip-hiker")
    assert {"name": "trunk_lean", "label": "trunk lean"} in hiker["faults"]
    assert "stance_knee_bent" in [each["name"] for each in hiker["reasons"]]


def test_the_page_speaks_the_language_that_was_asked_for(labelling: Labelling) -> None:
    keys = AccessTokens(PORT)
    german = replace(labelling, language="de")
    with TestClient(make_label_app(german, keys), base_url=HOME) as client:
        client.get(keys.link.removeprefix(HOME))
        clip = client.get("/clip").json()
        assert (clip["language"], clip["words"]["label_deepest"]) == ("de", "Tiefster Punkt")
        assert not [key for key in clip["words"] if not key.startswith("label_")]
        hiker = next(each for each in clip["exercises"] if each["name"] == "hip-hiker")
        assert hiker["title"] == "Beckenabsenken an der Stufe"
        assert {"name": "trunk_lean", "label": "Rumpf geneigt"} in hiker["faults"]
        refused = client.post("/labels", json={**HIKERS, "side": None}, headers=ORIGIN).json()
        assert refused["problem"] == "die Seite ist nicht gewählt"
        assert refused["remedy"].startswith("Wähl die Seite")


def test_every_error_of_the_marks_has_its_translation() -> None:
    sentences = set()
    for module in (coach.web.label, coach.evaluate.labels):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LabelError":
                sentences |= {found for each in node.args if (found := template(each)) is not None}
    assert len(sentences) > 25
    for language in ("de", "fr"):
        assert sentences - set(TABLES[language]) == set()


def test_the_video_is_given_in_pieces(page: TestClient) -> None:
    whole = page.get("/video")
    piece = page.get("/video", headers={"range": "bytes=10-19"})
    assert (piece.status_code, piece.content) == (206, whole.content[10:20])
    assert "media-src 'self'" in whole.headers["content-security-policy"]


def test_marks_become_a_truth_file_and_are_there_when_it_is_opened_again(
    page: TestClient, labelling: Labelling
) -> None:
    assert page.post("/labels", json=HIKERS, headers=ORIGIN).json() == {"saved": "me.truth.json"}
    (truth,) = read_truths(labelling.target)
    assert (truth.reps, truth.movements[1].reason) == (1, "too_shallow")
    again = prepare(labelling.video, labelling.target, labelling.exercises, labelling.cache)
    assert again.known is not None
    assert [mark.t for mark in again.known.movements] == [4.0, 8.0]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b"{", 400, "cannot be read"),
        (b"[" * 100_000, 400, "cannot be read"),
        (json.dumps({**HIKERS, "side": None}).encode(), 400, "the side is not chosen"),
        (b" " * 1_000_001, 413, "too many marks"),
    ],
)
def test_what_is_no_truth_is_not_written(
    page: TestClient, labelling: Labelling, body: bytes, status: int, problem: str
) -> None:
    answer = page.post("/labels", content=body, headers=ORIGIN)
    assert answer.status_code == status
    assert problem in answer.json()["problem"]
    assert answer.json()["remedy"]
    assert not labelling.target.exists()


def test_what_a_browser_does_not_play_is_copied_with_the_same_times(page: TestClient, tmp_path: Path) -> None:
    write_video(tmp_path / "me.mp4", codec="mpeg4", times_s=[*np.arange(0, 2, 1 / 30), *np.arange(2, 5, 1 / 7)])
    end_s = time.monotonic() + 120
    while (found := page.post("/copy", headers=ORIGIN).json())["state"] == "working" and time.monotonic() < end_s:
        time.sleep(0.05)
    assert found == {"state": "done"}
    (tmp_path / "copy.mp4").write_bytes(page.get("/video?copy=1").content)
    with VideoFile(tmp_path / "copy.mp4") as copy, VideoFile(tmp_path / "me.mp4") as own:
        assert [t for t, _ in copy.decode()] == pytest.approx([t for t, _ in own.decode()], abs=1e-3)


def test_a_truth_of_another_making_is_not_overwritten(labelling: Labelling) -> None:
    labelling.target.write_text('{"exercise": null}')
    with pytest.raises(LabelError, match="was not made by 'coach label'"):
        prepare(labelling.video, labelling.target, labelling.exercises, labelling.cache)


def test_what_is_no_video_is_said(tmp_path: Path, labelling: Labelling) -> None:
    with pytest.raises(CoachError, match=r"gone\.mp4: no such file"):
        prepare(tmp_path / "gone.mp4", labelling.target, labelling.exercises, labelling.cache)


def test_the_coachs_curves(page: TestClient, labelling: Labelling) -> None:
    shutil.copy(ROOT / "tests" / "recordings" / "hiker_faults.observed", labelling.cache.path(labelling.video))
    end_s = time.monotonic() + 120
    while (found := page.get("/curve?exercise=hip-hiker").json())["state"] == "working" and time.monotonic() < end_s:
        time.sleep(0.05)
    assert found["state"] == "done"
    drop = found["panels"][0]
    assert (drop["title"], drop["unit"]) == ("Pelvic drop", "°")
    assert max(value for value in drop["lines"][0]["values"] if value is not None) > 5
    assert page.get("/curve?exercise=juggling").status_code == 404


def test_where_the_coach_cannot_watch_it_the_page_is_told(page: TestClient, labelling: Labelling) -> None:
    labelling.video.write_bytes(b"no video")
    end_s = time.monotonic() + 120
    while (found := page.get("/curve?exercise=hip-hiker").json())["state"] == "working" and time.monotonic() < end_s:
        time.sleep(0.05)
    assert found["state"] == "failed"
    assert "me.mp4" in found["problem"]
