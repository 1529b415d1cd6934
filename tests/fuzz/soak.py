"""Whether memory, threads and open files stay flat over a long time.

``python -m tests.fuzz.soak live|web [--minutes 60] [--uploads 200] [--real]``: ``live`` plays a video as the camera;
``web`` has files analysed by turns with sessions. ``--real``: with the pose network, otherwise with a stand-in. Prints
a line every half a minute, and the growth from the first quarter of the time to the last.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import SAMPLES, write_video
from tests.fuzz.attack import camera
from tests.running import Running, running
from tests.web.visitor import Visitor

EVERY_S = 5.0
TOLD_S = 30.0
SESSION_S = 20.0
UPLOADS_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Sample:
    """A process and those it started, at one time."""

    at_s: float
    rss_mb: float
    threads: int
    files: int


def sample(program: Running, at_s: float) -> Sample:
    """What it holds now (Linux)."""
    place = Path(f"/proc/{program.process.pid}")
    fields = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line)
    return Sample(
        at_s, int(fields["VmRSS"].split()[0]) / 1e3, int(fields["Threads"]), len(list((place / "fd").iterdir()))
    )


def live(home: Path, minutes: float, uploads: int) -> Iterator[Running]:
    """The program, again and again, while a video is played to it."""
    long_video(home / "long.mp4", 60 * minutes + 60)
    with running(home, "live", "hip-hiker", "--source", "long.mp4", "--mute", pace_s=0.02) as program:
        while True:
            yield program
            time.sleep(0.5)


def web(home: Path, minutes: float, uploads: int) -> Iterator[Running]:
    """The same for the page: files, a session, files."""
    body = write_video(home / "clip.mp4", frames=60, size=(640, 480)).read_bytes()
    pictures = camera()
    pause_s = max(0.0, 60 * minutes / max(1, uploads) - SESSION_S / UPLOADS_AT_ONCE - 1.0)
    with running(home, "web", "--no-browser", pace_s=0.02) as program:
        visitor = Visitor(program)
        done = 0
        while True:
            for _ in range(UPLOADS_AT_ONCE if done < uploads else 0):
                answer = visitor.ask("POST", "/analyse?name=clip.mp4", body)
                assert '"result"' in answer.text, answer.text[:300]  # type: ignore[attr-defined]
                done += 1
                yield program
                time.sleep(pause_s)
            with visitor.tab() as tab:
                tab.begin(exercise="hip-hiker", side="right")
                until_s = time.monotonic() + SESSION_S
                while time.monotonic() < until_s:
                    tab.show(pictures[tab.number % len(pictures)])
                    time.sleep(0.07)
                    yield program
                for _ in range(3):
                    tab.tell(type="action", name="end")


def long_video(path: Path, seconds: float) -> None:
    """A sample, again and again: its packets, with times that go on."""
    import av

    with av.open(str(SAMPLES / "hiker_right_30fps.mp4")) as source, av.open(str(path), "w") as out:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("live", "web"))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--real", action="store_true")
    wishes = parser.parse_args()
    if wishes.real:
        os.environ["COACH_REAL"] = "1"
    with TemporaryDirectory() as home:
        begun_s, samples, told_s = time.monotonic(), list[Sample](), -TOLD_S
        for program in (live if wishes.what == "live" else web)(Path(home), wishes.minutes, wishes.uploads):
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
            if at_s > 60 * wishes.minutes:
                break
    first = [one for one in samples if wishes.minutes * 15 <= one.at_s < wishes.minutes * 30]
    last_ones = [one for one in samples if one.at_s >= wishes.minutes * 45]
    for name, unit in (("rss_mb", "MB"), ("threads", "threads"), ("files", "files")):
        was, now = (max(getattr(one, name) for one in part) for part in (first, last_ones))
        sys.stdout.write(f"most in the second quarter {was:.0f} {unit}, in the last {now:.0f}: {now - was:+.0f}\n")


if __name__ == "__main__":
    main()
