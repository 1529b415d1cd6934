"""Video files of every kind: whole, odd, turned and broken."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from coach.errors import SourceNotFoundError, SourceUnreadableError
from coach.perception.watched_video import watch
from coach.types import Frame
from coach.video.file import VideoFile
from coach.video.orientation import fitted_size, nearest_turn, turned
from coach.video.rate_limiter import RateLimiter
from tests.conftest import corner_names, four_corners, write_sound, write_video
from tests.fuzz.videos import (
    Clip,
    gif_bomb,
    joined,
    many_scans,
    matroska,
    png_bomb,
    restamped,
    two_streams,
    with_edits,
    with_media_length,
    with_packed_text,
    with_same_times,
    with_sound_of,
)

MakeVideo = Callable[..., Path]


def times_of(path: Path, fps: float = 15.0) -> list[float]:
    with VideoFile(path, fps) as source:
        return [frame.t_s for frame in source]


def notes_of(source: VideoFile) -> list[str]:
    return [note.key for note in source.notes]


def read(path: Path, fps: float = 240.0) -> tuple[list[Frame], list[str], float]:
    """All frames of a file, the keys of its notes, and its length."""
    with VideoFile(path, fps) as source:
        frames = list(source)
        return frames, notes_of(source), source.duration_s


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


def test_a_whole_file_has_no_notes(video: MakeVideo) -> None:
    for kind in ("mp4", "mkv", "avi", "ts", "mov"):
        assert read(video(f"clip.{kind}", frames=30, sound=True))[1] == []


@pytest.mark.parametrize("kind", ["ts", "mkv", "flv"])
def test_times_go_on_where_files_were_joined(tmp_path: Path, kind: str) -> None:
    frames, notes, duration_s = read(joined(tmp_path / f"joined.{kind}", [Clip(frames=30), Clip(frames=30)]))
    assert [frame.t_s for frame in frames] == pytest.approx([i / 15 for i in range(60)], abs=3e-3)
    assert "joined" in notes
    assert duration_s == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("kind", ["mkv", "mp4", "webm"])
def test_pictures_that_all_have_one_time_are_counted(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"still.{kind}"
    if kind == "mp4":
        with_same_times(with_sound_of(path, Clip(frames=40), 0))
    else:
        restamped(path, Clip(frames=40), lambda i: 0)
    frames, notes, _ = read(path)
    assert len(frames) == 40
    assert notes == ["counted"]
    steps = np.diff([frame.t_s for frame in frames])
    assert steps == pytest.approx(steps[0]) and 1 / 60 < steps[0] < 1 / 10


def test_a_stray_time_costs_its_picture_and_no_other(tmp_path: Path) -> None:
    path = restamped(tmp_path / "stray.mkv", Clip(frames=60), lambda i: i - 4 if i == 30 else i)
    frames, notes, _ = read(path)
    assert len(frames) == 59
    assert notes == []


def test_missing_pictures_are_said(tmp_path: Path) -> None:
    path = restamped(tmp_path / "gap.mkv", Clip(frames=60), lambda i: i if i < 30 else i + 75)
    with VideoFile(path) as source:
        times = [frame.t_s for frame in source]
        (note,) = source.notes
    assert max(np.diff(times)) == pytest.approx(76 / 15, abs=0.01)
    assert (note.key, note.values["count"]) == ("gaps", 1)
    assert note.values["gap_s"] == pytest.approx(76 / 15, abs=0.1)


def test_sound_that_outlasts_the_pictures_is_no_fault(tmp_path: Path) -> None:
    for kind in ("mkv", "mp4", "mov", "avi"):
        frames, notes, duration_s = read(with_sound_of(tmp_path / f"long.{kind}", Clip(frames=30), 6.0))
        assert (len(frames), notes) == (30, [])
        assert duration_s == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("default", [0, 1, None])
@pytest.mark.parametrize("kind", ["mp4", "mkv", "mov"])
def test_a_preview_before_the_video_is_passed_over(tmp_path: Path, kind: str, default: int | None) -> None:
    preview, main = Clip((32, 24), 1, "mjpeg"), Clip((128, 96), 30)
    frames, notes, _ = read(two_streams(tmp_path / f"two.{kind}", preview, main, default))
    assert (len(frames), frames[0].rgb.shape, notes) == (30, (96, 128, 3), [])


def test_of_two_equal_videos_the_default_one_is_taken(tmp_path: Path) -> None:
    clips = Clip(size=(64, 48), frames=30), Clip(size=(80, 48), frames=30)
    for default, width in ((0, 64), (1, 80)):
        frames, notes, _ = read(two_streams(tmp_path / f"{default}.mp4", *clips, default))
        assert (frames[0].rgb.shape[1], notes) == (width, ["several"])


@pytest.mark.parametrize(("kind", "codec"), [("webm", "libvpx"), ("ts", "libx264"), ("mkv", "mjpeg")])
@pytest.mark.parametrize("sizes", [((128, 96), (64, 48)), ((64, 48), (128, 96)), ((128, 96), (48, 64))])
def test_every_picture_has_one_size(
    tmp_path: Path, kind: str, codec: str, sizes: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    path = joined(tmp_path / f"sizes.{kind}", [Clip(size, 15, codec) for size in sizes], rising=True)
    frames, notes, _ = read(path)
    assert len({frame.rgb.shape for frame in frames}) == 1
    assert "sizes" in notes
    assert len(frames) >= 29
    assert corner_names(frames[0].rgb) == "RGBW"
    if sizes[0][0] / sizes[0][1] == sizes[1][0] / sizes[1][1]:
        assert corner_names(frames[-1].rgb) == "RGBW"
    else:  # all of it is shown, and nothing is stretched: black on either side
        assert frames[-1].rgb[:, :20].max() < 30


def test_a_file_of_thousands_of_pieces_is_read_as_it_is_stored(tmp_path: Path) -> None:
    path = with_edits(video_of(tmp_path), 2000)
    frames, notes, _ = read(path)
    assert (len(frames), notes) == (30, ["edits"])


def video_of(folder: Path) -> Path:
    return write_video(folder / "plain.mp4", frames=30)


@pytest.mark.parametrize(("name", "content"), [("bomb.gif", gif_bomb()), ("bomb.png", png_bomb())])
def test_pictures_larger_than_8k_are_refused_before_they_are_decoded(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceUnreadableError, match=r"16000 x 16000|is not a whole video|is a single picture"):
        VideoFile(tmp_path / name)


def test_a_jpeg_of_thousands_of_scans_is_not_decoded(tmp_path: Path) -> None:
    clip = Clip(codec="mjpeg", frames=10)
    packets = list(clip.packets())
    spoilt = av.Packet(many_scans(bytes(packets[5]), 500))
    path = matroska(tmp_path / "scans.mkv", clip, [(66 * i, spoilt if i == 5 else p) for i, p in enumerate(packets)])
    frames, notes, _ = read(path)
    assert (len(frames), notes) == (9, ["damaged"])


def test_a_png_with_a_packed_text_of_gigabytes_is_not_decoded(tmp_path: Path) -> None:
    """Seventy megabytes here, which is beyond the limit, too; one is not."""
    plain = cv2.imencode(".png", four_corners(64, 48))[1].tobytes()
    path = tmp_path / "text.mov"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("png", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        for i in range(10):
            packet = av.Packet({4: with_packed_text(plain, 1), 5: with_packed_text(plain, 70)}.get(i, plain))
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, i, i, Fraction(1, 10)
            out.mux(packet)
    frames, notes, _ = read(path)
    assert (len(frames), notes) == (9, ["damaged"])


def test_the_length_is_that_of_the_pictures_whatever_the_file_says(tmp_path: Path) -> None:
    for stated_s in (0.2, 60.0):
        path = with_media_length(video_of(tmp_path), stated_s)
        frames, notes, duration_s = read(path)
        assert (len(frames), notes, duration_s) == (30, [], pytest.approx(2.0, abs=0.05))


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (17, 3)])
def test_the_smallest_videos_are_read(tmp_path: Path, size: tuple[int, int]) -> None:
    path = write_video(tmp_path / "small.avi", size=size, frames=5, codec="ffv1", pix_fmt="yuv444p")
    frames, _, _ = read(path)
    assert len(frames) == 5
    assert min(frames[0].rgb.shape[:2]) >= 2


def test_a_rate_of_a_million_is_a_unit_of_time_and_no_rate(tmp_path: Path) -> None:
    path = restamped(tmp_path / "fast.mkv", Clip(frames=40), lambda i: i, fps=1_000_000)
    with VideoFile(path) as source:
        assert 1 <= source.info.fps <= 240


class TestBadInput:
    """Each fault has one clear line and a remedy, or a note where something can be analysed."""

    def refused(self, path: Path, kind: type[Exception] = SourceUnreadableError) -> str:
        with pytest.raises(kind) as caught:
            times_of(path)
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

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_nobody_waits_for_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.observed")
        with pytest.raises(SourceUnreadableError, match="not a file"):
            watch(tmp_path / "pipe.observed")

    @pytest.mark.parametrize(("kind", "options"), [("mp4", {"movflags": "faststart"}), ("mkv", {}), ("avi", {})])
    def test_what_is_there_of_a_cut_off_file_is_given_with_a_note(
        self, video: MakeVideo, kind: str, options: dict[str, str]
    ) -> None:
        path = video(f"cut.{kind}", frames=90, options=options, codec="mpeg4", noise=True)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        with VideoFile(path) as source:
            times = [frame.t_s for frame in source]
            assert 10 < len(times) < 80
            assert "cut_off" in notes_of(source)
            assert source.duration_s == pytest.approx(times[-1] + 1 / 15, abs=0.01)

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


def test_a_video_joined_on_by_cat_is_mentioned(tmp_path: Path) -> None:
    path = video_of(tmp_path)
    path.write_bytes(path.read_bytes() * 2)
    frames, notes, _ = read(path)
    assert (len(frames), notes) == (30, ["appended"])


def test_no_decoded_picture_stays_in_memory(tmp_path: Path) -> None:
    """A picture whose side data was asked for would stay until Python looks for circles."""
    import gc

    from av.video.frame import VideoFrame

    path = write_video(tmp_path / "long.mp4", frames=120)

    def frames() -> int:
        return sum(isinstance(each, VideoFrame) for each in gc.get_objects())

    gc.collect()
    others = frames()
    gc.disable()
    try:
        with VideoFile(path) as video:
            for _ in video.decode():
                pass
            kept = frames() - others
    finally:
        gc.enable()
    assert kept <= 3  # the first one, the last one, and the decoder's
