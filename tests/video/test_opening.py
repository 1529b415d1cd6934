"""A file is opened within the same limits whatever is read of it."""

from __future__ import annotations

import struct
import zlib
from contextlib import nullcontext
from pathlib import Path

import pytest

from coach.errors import SourceUnreadableError
from coach.video.audio import Sound
from coach.video.container_checks import packed_index_bytes
from coach.video.file import VideoFile
from coach.video.opening import MOST_PICTURE_BYTES, opened
from tests.conftest import write_video
from tests.fuzz.exploding import mp4_tracks
from tests.fuzz.videos import Clip, box, find_box, with_edits, with_sound_of


def with_packed_index(path: Path, stated_bytes: int | None = None) -> Path:
    """The same MP4 file, its index packed, perhaps stating that it unpacks to so many bytes."""
    content = path.read_bytes()
    start, end = find_box(content, b"moov")
    index = content[start:end]
    stated = struct.pack(">I", stated_bytes or len(index))
    packed = box(b"cmov", box(b"dcom", b"zlib") + box(b"cmvd", stated + zlib.compress(index)))
    path.write_bytes(content[:start] + box(b"moov", packed) + content[end:])
    return path


def test_a_packed_index_is_read(tmp_path: Path) -> None:
    path = with_packed_index(with_sound_of(tmp_path / "packed.mov", Clip(), 0))
    assert 500 < packed_index_bytes(path) < 2000
    with VideoFile(path) as video:
        assert len(list(video.decode())) == 15


def test_one_that_unpacks_to_a_gigabyte_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import av

    path = with_packed_index(with_sound_of(tmp_path / "bomb.mov", Clip(), 0), 2**30)
    monkeypatch.setattr(av, "open", lambda *_, **__: pytest.fail("it was opened"))
    with pytest.raises(SourceUnreadableError, match="is not a whole video"):
        VideoFile(path)


def test_no_reader_follows_thousands_of_edits(tmp_path: Path) -> None:
    import av

    path = with_edits(with_sound_of(tmp_path / "edited.mp4", Clip(), 1.0), 2000)
    with av.open(str(tmp_path / "out.mp4"), "w") as out:
        sound = Sound(str(path), out)
        assert sum(packet.size > 0 for packet in sound._container.demux(video=0)) == 15
        sound.close()
    with opened(path) as container:
        assert sum(packet.size > 0 for packet in container.demux(video=0)) == 15


@pytest.mark.parametrize(("count", "is_read"), [(60, True), (200, False)])
def test_a_file_of_hundreds_of_streams_is_refused(count: int, is_read: bool, tmp_path: Path) -> None:
    path = mp4_tracks(count)(tmp_path)
    with nullcontext() if is_read else pytest.raises(SourceUnreadableError, match="is not a whole video"):
        VideoFile(path).close()


def test_pictures_that_take_too_much_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half_of_the_colours, all_colours = (8192 * 4320 * bits // 8 for bits in (32, 48))  # in 10 bits
    assert half_of_the_colours < MOST_PICTURE_BYTES < all_colours
    path = write_video(tmp_path / "deep.mkv", size=(320, 240), codec="ffv1", pix_fmt="yuv444p10le")
    with VideoFile(path):
        pass
    monkeypatch.setattr("coach.video.opening.MOST_PICTURE_BYTES", 300_000)
    with pytest.raises(SourceUnreadableError, match="320 x 240 that take 0 MB each"):
        VideoFile(path)
