"""Whether memory, threads and open files stay flat over a long time.

``python -m tests.fuzz.soak live|web|analyse|batch [--minutes 60] [--clips 200] [--video FILE] [--real]``

``live`` plays a video as the camera; ``web`` has files analysed by turns with sessions; ``analyse`` draws on a video of
so many minutes while it is analysed; ``batch`` analyses so many short clips in one worker. ``--video``: what ``live``
and ``analyse`` see again and again, otherwise a sample. ``--real``: with the pose network, otherwise with a stand-in.
Prints a line every half a minute, the most that was held, and its growth from the second quarter of the time to the
last.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import SAMPLES, write_video
from tests.fuzz.attack import camera
from tests.running import Running, running
from tests.web.visitor import Visitor

EVERY_S = 2.0
TOLD_S = 30.0
SESSION_S = 20.0
UPLOADS_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Wishes:
    """How long, how many clips, and the video that is played."""

    minutes: float
    clips: int
    video: Path


@dataclass(frozen=True, slots=True)
class Sample:
    """A process and those it started, at one time."""

    at_s: float
    rss_mb: float
    threads: int
    files: int


def sample(program: Running, at_s: float) -> Sample:
    """What it holds now (Linux)."""
    kilobytes, threads, files = 0, 0, 0
    for place in family(program.process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            fields = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
            kilobytes += int(fields.get("VmRSS", "0 kB").split()[0])
            threads += int(fields["Threads"])
            files += len(list((place / "fd").iterdir()))
    return Sample(at_s, kilobytes / 1e3, threads, files)


def family(pid: int) -> Iterator[Path]:
    """Where the system tells of a process and of those that it started."""
    yield Path(f"/proc/{pid}")
    with suppress(FileNotFoundError, ProcessLookupError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from family(int(child))


def live(home: Path, wishes: Wishes) -> Iterator[Running]:
    """The program, again and again, while a video is played to it."""
    long_video(home / "long.mp4", wishes.video, 60 * wishes.minutes + 60)
    with running(home, "live", "hip-hiker", "--source", "long.mp4", "--mute", pace_s=0.02) as program:
        while True:
            yield program
            time.sleep(0.5)


def analyse(home: Path, wishes: Wishes) -> Iterator[Running]:
    """A long video, to its end."""
    long_video(home / "long.mp4", wishes.video, 60 * wishes.minutes)
    with running(home, "analyse", "long.mp4", "--save-video", pace_s=0.0) as program:
        yield from until_over(program)


def batch(home: Path, wishes: Wishes) -> Iterator[Running]:
    """Short clips, one after the other."""
    (home / "clips").mkdir()
    for i in range(wishes.clips):
        write_video(home / "clips" / f"{i:04}.mp4", frames=60 + i, size=(320, 240))
    with running(home, "batch", "clips", "--out", "out", "--workers", "1", pace_s=0.0) as program:
        yield from until_over(program)
        done = len(list((home / "out").rglob("result.json")))
        assert done == wishes.clips, f"{done} of {wishes.clips} were analysed: {program.complaints[-5:]}"


def until_over(program: Running) -> Iterator[Running]:
    """The program, again and again, until it has ended."""
    while program.process.poll() is None:
        yield program
        time.sleep(0.5)
    assert program.over() == 0, program.complaints[-20:]


def web(home: Path, wishes: Wishes) -> Iterator[Running]:
    """The same for the page: files, a session, files."""
    body = write_video(home / "clip.mp4", frames=60, size=(640, 480)).read_bytes()
    pictures = camera()
    pause_s = max(0.0, 60 * wishes.minutes / max(1, wishes.clips) - SESSION_S / UPLOADS_AT_ONCE - 1.0)
    with running(home, "web", "--no-browser", pace_s=0.02) as program:
        visitor = Visitor(program)
        done = 0
        while True:
            for _ in range(UPLOADS_AT_ONCE if done < wishes.clips else 0):
                answer = visitor.ask("POST", "/analyse?name=clip.mp4", body)
                assert '"result"' in answer.text, answer.text[:300]  # type: ignore[attr-defined]
                done += 1
                yield program
                time.sleep(pause_s)
            sys.stdout.write(f"{done} files\n")
            with visitor.tab() as tab:
                tab.begin(exercise="hip-hiker", side="right")
                until_s = time.monotonic() + SESSION_S
                while time.monotonic() < until_s:
                    tab.show(pictures[tab.number % len(pictures)])
                    time.sleep(0.07)
                    yield program
                for _ in range(3):
                    tab.tell(type="action", name="end")


def long_video(path: Path, of: Path, seconds: float) -> None:
    """A video, again and again: its packets, with times that go on."""
    import av

    with av.open(str(of)) as source, av.open(str(path), "w") as out:
        stream = source.streams.video[0]
        to = out.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        step = max(packet.pts + (packet.duration or 0) for packet in packets if packet.pts is not None)
        kept = [(packet.pts, packet.dts, bytes(packet), packet.is_keyframe) for packet in packets]
        for turn in range(int(seconds / float(step * stream.time_base)) + 1):
            for pts, dts, data, key in kept:
                packet = av.Packet(data)
                packet.pts, packet.dts, packet.time_base = pts + turn * step, dts + turn * step, stream.time_base
                packet.is_keyframe, packet.stream = key, to
                out.mux(packet)


# Each with its end: after so many minutes, or when it has done what it was asked for.
KINDS = {"live": (live, True), "web": (web, True), "analyse": (analyse, False), "batch": (batch, False)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=KINDS)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--video", type=Path, default=SAMPLES / "hiker_right_30fps.mp4")
    parser.add_argument("--real", action="store_true")
    typed = parser.parse_args()
    wishes = Wishes(typed.minutes, typed.clips, typed.video)
    if typed.real:
        os.environ["COACH_REAL"] = "1"
    with TemporaryDirectory() as home:
        begun_s, samples, told_s = time.monotonic(), list[Sample](), -TOLD_S
        kind, timed = KINDS[typed.what]
        for program in kind(Path(home), wishes):
            at_s = time.monotonic() - begun_s
            if not samples or at_s - samples[-1].at_s >= EVERY_S:
                samples.append(sample(program, at_s))
            if at_s - told_s >= TOLD_S:
                told_s = at_s
                last = samples[-1]
                sys.stdout.write(
                    f"{at_s / 60:5.1f} min {last.rss_mb:7.1f} MB {last.threads:3} threads {last.files:3} files\n"
                )
                sys.stdout.flush()
            if timed and at_s > 60 * wishes.minutes:
                break
    end_s = samples[-1].at_s
    first = [one for one in samples if end_s / 4 <= one.at_s < end_s / 2]
    last_ones = [one for one in samples if one.at_s >= 3 * end_s / 4]
    sys.stdout.write(f"most of all {max(one.rss_mb for one in samples):.0f} MB, in {end_s / 60:.1f} minutes\n")
    for name, unit in (("rss_mb", "MB"), ("threads", "threads"), ("files", "files")):
        was, now = (max(getattr(one, name) for one in part) for part in (first, last_ones))
        sys.stdout.write(f"most in the second quarter {was:.0f} {unit}, in the last {now:.0f}: {now - was:+.0f}\n")


if __name__ == "__main__":
    main()
