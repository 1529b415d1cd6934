"""Video files of every kind: whole, odd, turned and broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from coach.errors import SourceNotFoundError, SourceUnreadableError
from coach.video.file import RateLimiter, VideoFile
from coach.video.orientation import fitted_size, nearest_turn, turned
from tests.conftest import corner_names, write_sound, write_video

MakeVideo = Callable[..., Path]


def times_of(path: Path, fps: float = 15.0, *, partial: bool = False) -> list[float]:
    with VideoFile(path, fps, partial=partial) as source:
        return [frame.t_s for frame in source]


def test_frames_carry_their_true_times_from_the_start(video: MakeVideo) -> None:
    assert times_of(video(frames=8)) == pytest.approx([i / 15 for i in range(8)], abs=1e-3)


def test_frames_are_upright_read_only_rgb(video: MakeVideo) -> None:
    with VideoFile(video()) as source:
        frame = next(iter(source))
    assert frame.rgb.shape == (48, 64, 3)
    assert frame.rgb.dtype == np.uint8
    assert corner_names(frame.rgb) == "RGBW"
    with pytest.raises(ValueError, match="read-only"):
        frame.rgb[0, 0] = 0


@pytest.mark.parametrize(("rate", "expected"), [(10, 10), (15, 15), (25, 15), (30, 15), (60, 15)])
def test_any_rate_is_thinned_to_at_most_the_wanted_one(video: MakeVideo, rate: int, expected: int) -> None:
    times = times_of(video(fps=rate, frames=2 * rate, size=(32, 32)))
    assert len(times) == pytest.approx(2 * expected, abs=1)
    assert times[0] == 0


def test_a_variable_rate_keeps_its_times(video: MakeVideo) -> None:
    uneven = [0.0, 0.07, 0.11, 0.3, 0.36, 0.9, 0.97, 1.5]
    assert times_of(video(times_s=uneven), fps=240) == pytest.approx(uneven, abs=1e-3)


def test_times_start_at_zero_wherever_the_file_starts(video: MakeVideo) -> None:
    times = times_of(video("late.mkv", times_s=[5.0, 5.1, 5.2]))
    assert times == pytest.approx([0.0, 0.1, 0.2], abs=2e-3)


def test_bare_pictures_without_times_follow_their_rate(video: MakeVideo) -> None:
    times = times_of(video("bare.h264", frames=10, fps=10), fps=240)
    assert len(times) >= 9
    assert times == sorted(set(times))


def test_an_avi_with_predicted_pictures_keeps_every_one(tmp_path: Path) -> None:
    """AVI has no times for showing: made up ones jump back where pictures are coded out of their order."""
    with av.open(str(tmp_path / "clip.avi"), "w") as out:
        stream: Any = out.add_stream("libx264", rate=15, options={"bf": "2", "b_strategy": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(45):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 5 * i, np.uint8), format="rgb24")
            frame.pts = i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with VideoFile(tmp_path / "clip.avi") as source:
        times = [t_s for t_s, _ in source.decode()]
    assert times == pytest.approx([i / 15 for i in range(45)], abs=1e-3)


def test_pace_never_gives_more_than_the_wanted_rate_and_absorbs_jitter() -> None:
    generator = np.random.default_rng(1)
    times = np.sort(np.arange(0, 10, 1 / 30) + generator.uniform(-0.01, 0.01, 300))
    pace = RateLimiter(15)
    taken = [t for t in times if pace.due(t)]
    assert 140 <= len(taken) <= 151


@pytest.mark.parametrize("fps", [0, -3, float("nan"), float("inf")])
def test_pace_refuses_rates_that_make_no_sense(fps: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        RateLimiter(fps)


@pytest.mark.parametrize(("rotation", "corners"), [(0, "RGBW"), (90, "GWRB"), (180, "WBGR"), (-90, "BRWG")])
def test_a_phone_video_is_turned_upright(video: MakeVideo, rotation: int, corners: str) -> None:
    """Counterclockwise by the display matrix, as players do."""
    path = video("phone.mp4", rotation=rotation)
    with VideoFile(path) as source:
        size = source.info.size_px
        frame = next(iter(source))
    assert corner_names(frame.rgb) == corners
    assert frame.rgb.shape[:2] == size[::-1]
    assert size == ((48, 64) if rotation % 180 else (64, 48))


@pytest.mark.parametrize(
    "turn",
    [
        (1, 0, 0, 1),
        (-1, 0, 0, 1),
        (1, 0, 0, -1),
        (-1, 0, 0, -1),
        (0, 1, 1, 0),
        (0, -1, 1, 0),
        (0, 1, -1, 0),
        (0, -1, -1, 0),
    ],
)
def test_every_turn_and_flip_moves_each_pixel_as_its_matrix_says(turn: tuple[int, int, int, int]) -> None:
    a, b, c, d = turn
    height, width = 2, 3
    rgb = np.arange(height * width * 3, dtype=np.uint8).reshape(height, width, 3)
    matrix = np.array([a * 65536, b * 65536, 0, c * 65536, d * 65536, 0, 0, 0, 1 << 30], np.int32)
    assert nearest_turn(matrix) == turn
    result = turned(rgb, turn)
    new = {(x, y): (a * x + c * y, b * x + d * y) for x in range(width) for y in range(height)}
    least_x, least_y = min(x for x, _ in new.values()), min(y for _, y in new.values())
    for (x, y), (new_x, new_y) in new.items():
        assert (result[new_y - least_y, new_x - least_x] == rgb[y, x]).all()


@pytest.mark.parametrize(
    ("size", "expected"),
    [((48, 64), (48, 64)), ((3840, 2160), (1280, 720)), ((1080, 1920), (720, 1280)), ((1279, 719), (1279, 719))],
)
def test_large_pictures_are_scaled_down_and_small_ones_are_not(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert fitted_size(*size) == expected


def test_odd_sizes_work(video: MakeVideo) -> None:
    with VideoFile(video("odd.mkv", size=(67, 45), pix_fmt="yuv444p")) as source:
        assert next(iter(source)).rgb.shape == (45, 67, 3)


def test_4k_is_scaled_down(video: MakeVideo) -> None:
    with VideoFile(video(size=(3840, 2160), frames=2)) as source:
        assert source.info.size_px == (3840, 2160)
        assert next(iter(source)).rgb.shape == (720, 1280, 3)


def test_oblong_pixels_are_squared(video: MakeVideo) -> None:
    with VideoFile(video(pixel_aspect=Fraction(4, 3), size=(72, 48))) as source:
        assert source.info.size_px == (96, 48)
        assert next(iter(source)).rgb.shape == (48, 96, 3)


def test_grey_becomes_rgb(video: MakeVideo) -> None:
    with VideoFile(video("grey.mkv", codec="ffv1", pix_fmt="gray")) as source:
        rgb = next(iter(source)).rgb
    assert rgb.shape == (48, 64, 3)
    assert np.ptp(rgb.astype(int), axis=2).max() <= 1


def test_info_states_what_the_file_says(video: MakeVideo) -> None:
    with VideoFile(video(frames=30)) as source:
        info = source.info
    assert info.duration_s == pytest.approx(2.0, abs=0.1)
    assert info.fps == pytest.approx(15, abs=0.6)


def test_a_video_with_sound_is_read_for_its_picture(video: MakeVideo) -> None:
    assert len(times_of(video(sound=True, frames=15))) == 15


class TestBadInput:
    """Each fault has one clear line and a remedy."""

    def refused(self, path: Path, kind: type[Exception] = SourceUnreadableError, *, partial: bool = False) -> str:
        with pytest.raises(kind) as caught:
            times_of(path, partial=partial)
        assert str(path) in str(caught.value)
        assert getattr(caught.value, "remedy", "")
        return str(caught.value)

    def test_missing(self, tmp_path: Path) -> None:
        assert "no such file" in self.refused(tmp_path / "none.mp4", SourceNotFoundError)

    def test_missing_is_also_the_builtin_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            VideoFile(tmp_path / "none.mp4")

    def test_folder(self, tmp_path: Path) -> None:
        assert "is a folder" in self.refused(tmp_path)

    def test_address(self) -> None:
        with pytest.raises(SourceNotFoundError, match="address"):
            VideoFile("https://example.org/clip.mp4")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.mp4")
        assert "not a file" in self.refused(tmp_path / "pipe.mp4")

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "empty.mp4").touch()
        assert "is empty" in self.refused(tmp_path / "empty.mp4")

    @pytest.mark.parametrize("content", [b"This is a text.\n" * 40, bytes(range(256)) * 8, b"\x00" * 4096])
    def test_not_a_video(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "text.mp4"
        path.write_bytes(content)
        assert "is not a whole video" in self.refused(path)

    def test_sound_only(self, tmp_path: Path) -> None:
        assert "no moving picture" in self.refused(write_sound(tmp_path / "song.m4a"))

    def test_a_song_with_a_cover(self, tmp_path: Path) -> None:
        from av.stream import Disposition

        path = tmp_path / "song.mp4"
        with av.open(str(path), "w") as out:
            cover = out.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = 32, 32, "yuvj420p"
            cover.disposition = Disposition.attached_pic
            out.mux(cover.encode(av.VideoFrame(32, 32, "yuvj420p")))
            out.mux(cover.encode(None))
        assert "no moving picture" in self.refused(path)

    def test_zero_frames(self, tmp_path: Path) -> None:
        assert "has no frames" in self.refused(write_video(tmp_path / "none.avi", frames=0))

    @pytest.mark.parametrize("kind", ["mp4", "mkv", "mov"])
    def test_zero_frames_of_any_kind(self, tmp_path: Path, kind: str) -> None:
        self.refused(write_video(tmp_path / f"none.{kind}", frames=0))

    def test_no_permission(self, video: MakeVideo, monkeypatch: pytest.MonkeyPatch) -> None:
        path = video()
        monkeypatch.setattr("coach.video.file.os.access", lambda *_: False)
        assert "may not be read" in self.refused(path)

    def test_cut_off_without_an_index(self, video: MakeVideo) -> None:
        path = video(frames=60, noise=True)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert "is not a whole video" in self.refused(path)

    def test_cut_off_with_an_index_in_front(self, video: MakeVideo) -> None:
        path = video("cut.mp4", frames=90, options={"movflags": "faststart"}, noise=True)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
        assert "is cut off" in self.refused(path)
        times = times_of(path, partial=True)
        assert times
        with VideoFile(path, partial=True) as source:
            list(source)
            assert source.cut_off_s == times[-1]

    def test_cut_off_without_saying_so(self, video: MakeVideo) -> None:
        """Matroska plays as far as it goes: only the stated length tells."""
        path = video("cut.mkv", frames=120, codec="mpeg4")
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert "its pictures end after" in self.refused(path)
        assert len(times_of(path, partial=True)) > 10

    def test_a_damaged_stretch_costs_only_itself(self, video: MakeVideo) -> None:
        path = video("hit.mp4", frames=90, codec="mpeg4")
        content = bytearray(path.read_bytes())
        middle = len(content) // 3
        content[middle : middle + 400] = bytes(400)
        path.write_bytes(content)
        with VideoFile(path) as source:
            times = [frame.t_s for frame in source]
        assert times[-1] > 5

    def test_a_playlist_in_disguise_fetches_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "list.mp4"
        path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
        self.refused(path)

    def test_an_odd_name_is_a_name(self, tmp_path: Path) -> None:
        assert len(times_of(write_video(tmp_path / "a %d [x] ünïcode.mp4", frames=5))) == 5

    def test_refused_files_are_closed(self, tmp_path: Path) -> None:
        path = write_sound(tmp_path / "song.m4a")
        self.refused(path)
        path.unlink()
