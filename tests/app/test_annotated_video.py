"""The annotated video: what is written plays back with its size, times, sound and drawing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from coach.app.annotate import cut_clips
from coach.app.annotated_video import AnnotatedVideo
from coach.definitions.exercise import load_exercise
from coach.errors import CoachError, OutputError
from coach.overlay.arrangement import Arrangement, Layout
from coach.session.fault_spans import FaultSpan
from coach.video.file import VideoFile
from coach.video.writer import VideoCopy
from tests.conftest import corner_names, write_video
from tests.fuzz.videos import Clip, restamped
from tests.moments import cue, moment

MakeVideo = Callable[..., Path]
HIKER = load_exercise("hip-hiker")


def annotated(source: Path, target: Path, *, silent: bool = False) -> Path:
    """A copy of a video with a drawing on it from the first picture on."""
    with VideoFile(source) as video, AnnotatedVideo(target, video.info, [HIKER]) as copy:
        for t_s, picture in video.decode():
            if not silent:
                copy.show(moment(t_s, cue(t_s)))
            copy.write(t_s, picture)
    return target


@dataclass
class Seen:
    """What a player finds in a file."""

    size: tuple[int, int]
    times_s: list[float]
    last: np.ndarray[Any, Any]
    codec: str
    pixels: str
    sound: str | None
    sound_s: tuple[float, float]


def play(path: Path) -> Seen:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        times, last = [], np.zeros(0)
        for picture in container.decode(stream):
            times.append(float(picture.pts * picture.time_base))  # type: ignore[operator]
            last = picture.to_ndarray(format="rgb24")
        codec = stream.codec_context
    heard: list[float] = []
    name = None
    with av.open(str(path)) as container:
        for sound in container.streams.audio:
            name = sound.codec_context.name
            heard = [float(packet.pts * packet.time_base) for packet in container.demux(sound) if packet.size]
    span = (heard[0], heard[-1]) if heard else (0.0, 0.0)
    return Seen((codec.width, codec.height), times, last, codec.name, codec.pix_fmt or "", name, span)


def test_it_is_what_browsers_play(video: MakeVideo, tmp_path: Path) -> None:
    path = annotated(video(size=(320, 240), frames=8), tmp_path / "out.mp4")
    seen = play(path)
    assert (seen.codec, seen.pixels, seen.size) == ("h264", "yuv420p", (320, 240))
    boxes = path.read_bytes()
    assert boxes.index(b"moov") < boxes.index(b"mdat"), "it can only start to play when all of it is loaded"


@pytest.mark.parametrize("rate", [10, 15, 25, 30, 60])
def test_every_picture_is_written_at_its_time(video: MakeVideo, tmp_path: Path, rate: int) -> None:
    seen = play(annotated(video(fps=rate, frames=rate), tmp_path / "out.mp4"))
    assert seen.times_s == pytest.approx([i / rate for i in range(rate)], abs=1e-3)


def test_an_uneven_rate_stays_uneven(video: MakeVideo, tmp_path: Path) -> None:
    uneven = [0.0, 0.07, 0.11, 0.3, 0.36, 0.9, 0.97, 1.5]
    seen = play(annotated(video(times_s=uneven), tmp_path / "out.mp4"))
    assert seen.times_s == pytest.approx(uneven, abs=1e-3)


@pytest.mark.parametrize(("size", "expected"), [((65, 49), (64, 48)), ((64, 49), (64, 48)), ((63, 48), (62, 48))])
def test_odd_sizes_are_made_even(
    video: MakeVideo, tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    source = video("odd.mkv", size=size, pix_fmt="yuv444p")
    assert play(annotated(source, tmp_path / "out.mp4")).size == expected


def arranged(picture: NDArray[Any]) -> Arrangement:
    """Where what is on a picture of an annotated video."""
    height, width = picture.shape[:2]
    return Arrangement.of(Layout(width, height), (width, height))


def shown_in(picture: NDArray[Any]) -> NDArray[Any]:
    """The source's picture in a picture of an annotated video."""
    box = arranged(picture).picture
    return picture[box.top : box.bottom, box.left : box.right]


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (640, 480)), (90, (480, 640)), (180, (640, 480)), (270, (480, 640))]
)
def test_turned_videos_are_written_upright(
    video: MakeVideo, tmp_path: Path, rotation: int, size: tuple[int, int]
) -> None:
    source = video(size=(640, 480), rotation=rotation, frames=3)
    with VideoFile(source) as turned:
        upright = next(iter(turned)).rgb
    seen = play(annotated(source, tmp_path / "out.mp4", silent=True))
    assert seen.size == size
    assert corner_names(shown_in(seen.last)) == corner_names(upright)


def test_oblong_pixels_are_squared(video: MakeVideo, tmp_path: Path) -> None:
    source = video(size=(64, 48), pixel_aspect=Fraction(4, 3))
    assert play(annotated(source, tmp_path / "out.mp4")).size == (84, 48)


def test_the_drawing_is_on_it(video: MakeVideo, tmp_path: Path) -> None:
    source = video(size=(640, 480), frames=3)
    plain = play(annotated(source, tmp_path / "plain.mp4", silent=True)).last.astype(int)
    drawn = play(annotated(source, tmp_path / "drawn.mp4")).last.astype(int)
    different = np.abs(plain - drawn).max(axis=2) > 30
    parts = arranged(drawn)
    for name, box in (("title", parts.head), ("count", parts.panel), ("sentence", parts.band)):
        assert different[box.top : box.bottom, box.left : box.right].mean() > 0.01, name
    assert shown_in(different).mean() < 0.05, "nothing but the body stands on the picture"


def test_colours_stay_what_they_are(video: MakeVideo, tmp_path: Path) -> None:
    source = video(size=(640, 480), frames=3)
    before, after = play(source).last, play(annotated(source, tmp_path / "out.mp4", silent=True)).last
    shown = shown_in(after)
    for x, y in ((0.2, 0.2), (0.8, 0.8)):
        one, other = (
            picture[round(y * picture.shape[0]), round(x * picture.shape[1])].astype(int) for picture in (before, shown)
        )
        assert np.abs(one - other).mean() < 6


@pytest.mark.parametrize("size", [(320, 240), (322, 242)])
def test_every_picture_is_its_own(video: MakeVideo, tmp_path: Path, size: tuple[int, int]) -> None:
    levels = (40, 90, 200, 120, 60)
    shades = iter(levels)
    with (
        VideoFile(video(size=size, frames=len(levels))) as source,
        VideoCopy(tmp_path / "out.mp4", source.info) as copy,
    ):
        for t_s, picture in source.decode():
            copy.write(t_s, picture, lambda rgb: np.full_like(rgb, next(shades)))
    with av.open(str(tmp_path / "out.mp4")) as written:
        means = [picture.to_ndarray(format="rgb24").mean() for picture in written.decode(video=0)]
    assert means == pytest.approx(levels, abs=3)


def test_sound_is_copied(video: MakeVideo, tmp_path: Path) -> None:
    seen = play(annotated(video(sound=True, frames=30), tmp_path / "out.mp4"))
    assert seen.sound == "aac"
    assert seen.sound_s[0] == pytest.approx(0.0, abs=0.05)
    assert seen.sound_s[1] == pytest.approx(45 * 1024 / 48_000, abs=0.1)


def test_other_sound_is_made_aac(tmp_path: Path) -> None:
    source = _with_sound(tmp_path / "sound.mkv", "pcm_s16le", "s16", 22_050)
    seen = play(annotated(source, tmp_path / "out.mp4"))
    assert seen.sound == "aac"
    assert seen.sound_s[0] == pytest.approx(0.0, abs=0.06)
    assert 0.6 < seen.sound_s[1] < 1.1


def test_sound_keeps_step_with_pictures_that_start_late(tmp_path: Path) -> None:
    source = write_video(tmp_path / "late.mkv", times_s=[0.5 + i / 15 for i in range(8)], sound=True)
    seen = play(annotated(source, tmp_path / "out.mp4"))
    assert seen.times_s[0] == 0.0
    assert seen.sound_s[0] == pytest.approx(0.0, abs=0.05)
    assert seen.sound_s[1] < 0.6


def test_sound_that_outlasts_the_pictures_ends_with_them(video: MakeVideo, tmp_path: Path) -> None:
    seen = play(annotated(video(sound=True, frames=6), tmp_path / "out.mp4"))
    assert seen.sound_s[1] <= 6 / 15


def test_a_video_without_sound_stays_silent(video: MakeVideo, tmp_path: Path) -> None:
    assert play(annotated(video(), tmp_path / "out.mp4")).sound is None


def test_a_folder_is_made_where_there_is_none(video: MakeVideo, tmp_path: Path) -> None:
    assert annotated(video(), tmp_path / "new" / "deep" / "out.mp4").is_file()


def test_there_is_no_file_until_it_is_whole(video: MakeVideo, tmp_path: Path) -> None:
    target = tmp_path / "out" / "out.mp4"
    with VideoFile(video()) as source, AnnotatedVideo(target, source.info, [HIKER]) as copy:
        for t_s, picture in source.decode():
            copy.write(t_s, picture)
        assert [path.suffix for path in target.parent.iterdir()] == [".part"]
    assert [path.name for path in target.parent.iterdir()] == ["out.mp4"]


def _interrupted(source: Path, target: Path, error: BaseException) -> None:
    with VideoFile(source) as video, AnnotatedVideo(target, video.info, [HIKER]) as copy:
        for number, (t_s, picture) in enumerate(video.decode()):
            if number == 10:
                raise error
            copy.write(t_s, picture)


def test_without_pictures_there_is_no_file(video: MakeVideo, tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        VideoFile(video()) as source,
        AnnotatedVideo(tmp_path / "out" / "out.mp4", source.info, [HIKER]),
    ):
        raise KeyboardInterrupt
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("end", [KeyboardInterrupt(), ZeroDivisionError()], ids=["Ctrl-C", "error"])
def test_a_video_that_was_cut_short_is_not_left(end: BaseException, video: MakeVideo, tmp_path: Path) -> None:
    with pytest.raises(type(end)):
        _interrupted(video(frames=30, sound=True), tmp_path / "out" / "out.mp4", end)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_source_is_never_written_over(video: MakeVideo, tmp_path: Path) -> None:
    source = video("same.mp4")
    before = source.read_bytes()
    with pytest.raises(OutputError, match="is being read"):
        annotated(source, source)
    assert source.read_bytes() == before


def test_a_folder_that_takes_no_files_is_one_line(video: MakeVideo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"out\.mp4.*cannot be written.*--out"):
        annotated(video(), tmp_path / "file" / "out.mp4")


FULL_DISK = """
import resource, sys
from pathlib import Path
from coach.errors import OutputError
from tests.app.test_annotated_video import annotated
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    annotated(Path(sys.argv[1]), Path(sys.argv[2]))
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing(video: MakeVideo, tmp_path: Path) -> None:
    source, target = video(size=(640, 480), frames=60, sound=True), tmp_path / "out" / "out.mp4"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "cannot be written" in done.stdout
    assert list(target.parent.iterdir()) == []


def test_broken_sound_costs_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_video(tmp_path / "clip.mp4", frames=20, sound=True)

    def broken(*_: object) -> Iterator[Any]:
        raise av.error.InvalidDataError(1, "broken")
        yield

    monkeypatch.setattr("coach.video.audio.Sound._packets_of", broken)
    assert len(play(annotated(source, tmp_path / "out.mp4")).times_s) == 20


def test_a_decoder_of_sound_that_crashes_costs_only_the_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = _with_sound(tmp_path / "sound.mkv", "pcm_s16le", "s16", 22_050)
    monkeypatch.setattr("coach.video.audio.CONVERT", "import os; os.abort()")
    seen = play(annotated(source, tmp_path / "out.mp4"))
    assert (len(seen.times_s), seen.sound) == (15, None)


def test_sound_is_never_decoded_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor by anything that lies in the folder where the user stands."""
    source = _with_sound(tmp_path / "sound.mkv", "pcm_s16le", "s16", 22_050)
    (tmp_path / "json.py").write_text("raise SystemExit('hostile')")
    (tmp_path / "av.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert play(annotated(source, tmp_path / "out.mp4")).sound == "aac"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (17, 3)])
def test_the_smallest_videos_are_drawn_on(tmp_path: Path, size: tuple[int, int]) -> None:
    source = write_video(tmp_path / "small.avi", size=size, frames=3, codec="ffv1", pix_fmt="yuv444p")
    assert len(play(annotated(source, tmp_path / "out.mp4")).times_s) == 3


def test_pictures_a_millionth_of_a_second_apart_are_no_error(tmp_path: Path) -> None:
    source = restamped(tmp_path / "fast.mkv", Clip(frames=20), lambda i: i, fps=1_000_000)
    assert len(play(annotated(source, tmp_path / "out.mp4")).times_s) >= 1


@pytest.fixture
def small_4k(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.video.writer.PIXELS_4K", 320 * 180)
    monkeypatch.setattr("coach.video.writer.WRITTEN_SIDE_PX", 320)


@pytest.mark.usefixtures("small_4k")
def test_pictures_larger_than_the_limit_are_written_smaller(video: MakeVideo, tmp_path: Path) -> None:
    assert play(annotated(video(size=(640, 360), frames=2), tmp_path / "out.mp4")).size == (320, 180)


@pytest.mark.usefixtures("small_4k")
@pytest.mark.parametrize(("rotation", "size"), [(0, (320, 240)), (90, (240, 320))])
def test_they_wait_as_small_as_they_are_written(
    video: MakeVideo, tmp_path: Path, rotation: int, size: tuple[int, int]
) -> None:
    with (
        VideoFile(video(size=(640, 480), rotation=rotation, frames=6)) as source,
        VideoCopy(tmp_path / "copy.mp4", source.info) as copy,
    ):
        waiting = [(t_s, copy.shrunk(picture)) for t_s, picture in source.decode()]
        assert {(picture.width, picture.height) for _, picture in waiting} == {(320, 240)}
        for t_s, picture in waiting:
            copy.write(t_s, picture, lambda rgb: rgb)
    found = play(tmp_path / "copy.mp4")
    assert (found.size, len(found.times_s)) == (size, 6)
    assert corner_names(found.last) == corner_names(source.upright.rgb_of(waiting[-1][1], size))


def test_one_clip_a_fault(video: MakeVideo, tmp_path: Path) -> None:
    whole = annotated(video(frames=120, sound=True), tmp_path / "whole.mp4")
    spans = [FaultSpan("trunk_lean", "left", 4.0, 5.0), FaultSpan("unsteady", None, 0.2, 0.4)]
    clips = cut_clips(whole, spans, tmp_path / "clips")
    assert [clip.name for clip in clips] == ["01-left-trunk_lean.mp4", "02-unsteady.mp4"]
    first, second = (play(clip) for clip in clips)
    assert first.times_s[0] == second.times_s[0] == 0.0
    assert 4.0 <= first.times_s[-1] <= 5.1  # 1.5 s before and after, and up to a second back to a key frame
    assert second.times_s[-1] == pytest.approx(1.9, abs=0.2)
    assert second.sound == "aac"
    assert sorted(path.name for path in (tmp_path / "clips").iterdir()) == sorted(clip.name for clip in clips)


def test_clips_of_a_broken_video_are_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "whole.mp4").write_bytes(b"no video")
    with pytest.raises(CoachError):
        cut_clips(tmp_path / "whole.mp4", [FaultSpan("unsteady", None, 0.0, 1.0)], tmp_path)


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe, a second opinion on the file, is not installed")
def test_ffprobe_finds_nothing_wrong(video: MakeVideo, tmp_path: Path) -> None:
    path = annotated(video(sound=True, frames=30), tmp_path / "out.mp4")
    done = subprocess.run(
        ["ffprobe", "-v", "warning", "-show_streams", str(path)], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "avg_frame_rate=15/1" in done.stdout
    assert "color_space=smpte170m" in done.stdout


def _with_sound(path: Path, codec: str, form: str, rate: int) -> Path:
    """A second of video with sound of another codec."""
    with av.open(str(path), "w") as out:
        pictures: Any = out.add_stream("libx264", rate=15)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        noise: Any = out.add_stream(codec, rate=rate, layout="mono")
        for i in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, rate // 20), np.int16), format=form, layout="mono")
            frame.rate, frame.pts, frame.time_base = rate, i * (rate // 20), Fraction(1, rate)
            out.mux(noise.encode(frame))
        for _ in range(15):
            out.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        out.mux(pictures.encode(None))
        out.mux(noise.encode(None))
    return path
