"""What a file's structure tells: whether it is whole, and into how many pieces it is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.video.container_checks import (
    count_appended,
    count_edits,
    count_scans,
    is_bomb,
    missing_bytes,
    stated_size_px,
)
from tests.conftest import SAMPLES, write_video
from tests.fuzz.videos import Clip, gif_bomb, many_scans, png_bomb, restamped, with_edits, with_packed_text

KINDS = ["mp4", "mov", "mkv", "webm", "avi", "gif", "ts", "flv"]
CODECS = {"webm": "libvpx", "avi": "mpeg4", "flv": "flv", "gif": "gif"}


def made(folder: Path, kind: str) -> Path:
    pixels = "rgb8" if kind == "gif" else "yuv420p"
    return write_video(folder / f"clip.{kind}", codec=CODECS.get(kind, "libx264"), pix_fmt=pixels, noise=kind != "gif")


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_misses_nothing(tmp_path: Path, kind: str) -> None:
    assert missing_bytes(made(tmp_path, kind)) == 0


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv", "webm", "avi", "gif"])
def test_a_cut_one_does(tmp_path: Path, kind: str) -> None:
    path = made(tmp_path, kind)
    path.write_bytes(path.read_bytes()[:-200])
    assert missing_bytes(path) > 0


def test_the_samples_are_whole() -> None:
    assert [missing_bytes(path) for path in sorted(SAMPLES.glob("*.mp4"))] == [0, 0, 0, 0]


def test_a_recording_of_a_browser_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    path = restamped(tmp_path / "live.webm", Clip(), lambda i: i)
    content = path.read_bytes()
    at = content.index(bytes.fromhex("18538067")) + 4
    path.write_bytes(content[:at] + b"\x01" + b"\xff" * 7 + content[at + 8 : -100])
    assert missing_bytes(path) == 0


def test_edits_are_counted(tmp_path: Path) -> None:
    path = write_video(tmp_path / "plain.mp4", frames=30)
    assert count_edits(path) <= 1
    assert count_edits(with_edits(path, 2000)) == 2000


def test_scans_are_counted(tmp_path: Path) -> None:
    (packet,) = list(Clip(codec="mjpeg", frames=1).packets())
    assert count_scans(bytes(packet)) == 1
    assert count_scans(many_scans(bytes(packet), 300)) == 300


def test_what_costs_too_much_is_told_by_what_it_is(tmp_path: Path) -> None:
    (packet,) = list(Clip(codec="mjpeg", frames=1).packets())
    scans, text = many_scans(bytes(packet), 300), with_packed_text(png_bomb(8, 8), 100)
    assert (is_bomb("mjpeg", packet), is_bomb("mjpeg", scans), is_bomb("h264", scans)) == (False, True, False)
    assert (is_bomb("png", png_bomb(8, 8)), is_bomb("png", text), is_bomb("apng", text)) == (False, True, True)


def test_a_gif_says_how_large_it_is(tmp_path: Path) -> None:
    (tmp_path / "bomb.gif").write_bytes(gif_bomb())
    assert stated_size_px(tmp_path / "bomb.gif") == (16_000, 16_000)
    assert stated_size_px(made(tmp_path, "mp4")) is None


HEADS = [b"", b"\0\0\0\x10ftypisom", b"\x1a\x45\xdf\xa3\x84", b"RIFF\xff\0\0\0AVI ", b"GIF89a", b"\0\0\0\1moov"]


@given(st.sampled_from(HEADS), st.binary(max_size=300))
def test_any_bytes_are_looked_at(tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(head + rest)
    assert missing_bytes(path) >= 0
    assert 0 <= count_edits(path) <= 30


@pytest.mark.parametrize("kind", ["mp4", "mov"])
def test_videos_behind_the_first_one_are_counted(tmp_path: Path, kind: str) -> None:
    path = made(tmp_path, kind)
    assert count_appended(path) == 0
    path.write_bytes(path.read_bytes() * 3)
    assert count_appended(path) == 2


def test_a_cut_wmv_misses_bytes_and_a_whole_one_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.wmv", codec="wmv2", noise=True)
    assert missing_bytes(path) == 0
    path.write_bytes(path.read_bytes()[:-200])
    assert missing_bytes(path) == 200
