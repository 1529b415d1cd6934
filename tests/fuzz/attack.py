"""A page under attack while a session runs: how long the session's pictures wait for their answers.

``python -m tests.fuzz.attack [--messages 10000] [--sockets 200] [--slow 20] [--uploads 8] [--real]`` prints the times
before and during the attack. ``--real``: with the pose network, otherwise with a stand-in that takes 10 ms.
"""

from __future__ import annotations

import argparse
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.conftest import SAMPLES
from tests.fuzz.mutations import spoiled_bytes
from tests.fuzz.videos import gif_bomb, many_scans, png_bomb
from tests.running import ROOT, running
from tests.web.people import frame, jpeg
from tests.web.visitor import Tab, Visitor

FRAME_S = 0.1
BEFORE_S = 5.0


@dataclass(frozen=True, slots=True)
class Force:
    """How hard it is attacked."""

    messages: int = 10_000
    sockets: int = 200
    slow: int = 20
    uploads: int = 8


def measure(
    home: Path, force: Force, real: bool = False, before_s: float = BEFORE_S
) -> tuple[list[float], list[float]]:
    """Seconds from each picture to its answer: before the attack, and while it lasts."""
    module = "coach" if real else "tests.stand_in"
    with running(home, "web", "--no-browser", module=module, pace_s=0.01) as program:
        visitor = Visitor(program)
        with visitor.tab() as tab:
            tab.begin(exercise="hip-hiker", side="right")
            pictures = camera()
            before: list[float] = []
            until_s = time.monotonic() + before_s
            play(tab, pictures, before, lambda: time.monotonic() > until_s)
            words = [str(visitor.port), visitor.cookie, *map(str, (force.messages, force.sockets))]
            command = [sys.executable, "-m", "tests.fuzz.attack", "strike", *words, str(force.slow), str(force.uploads)]
            with subprocess.Popen(command, cwd=ROOT) as attacker:
                during: list[float] = []
                play(tab, pictures, during, lambda: attacker.poll() is not None)
                assert attacker.returncode == 0
            play(tab, pictures, [], lambda: True)
            assert program.process.poll() is None and not program.complaints, program.complaints[-5:]
    return before, during


def camera() -> list[bytes]:
    """Pictures of a sample, as a browser sends them."""
    import io

    import av

    out = []
    with av.open(str(SAMPLES / "hiker_right_30fps.mp4")) as source:
        for number, picture in enumerate(source.decode(video=0)):
            if number % 3 == 0:
                data = io.BytesIO()
                picture.to_image(width=640, height=480).save(data, "JPEG", quality=70)
                out.append(data.getvalue())
            if len(out) == 60:
                return out
    return out


def play(tab: Tab, pictures: list[bytes], waits_s: list[float], over: Callable[[], bool]) -> None:
    """Ten pictures a second, each answered before the next, until it is over."""
    while True:
        begun_s = time.monotonic()
        tab.show(pictures[tab.number % len(pictures)])
        waits_s.append(time.monotonic() - begun_s)
        if over():
            return
        time.sleep(max(0.0, FRAME_S - waits_s[-1]))


# -- the attacker, a process of its own


def strike(port: int, cookie: str, force: Force) -> None:
    """All at once, and until every message is sent."""
    stop = threading.Event()
    visitor = Visitor.__new__(Visitor)
    visitor.port, visitor.host, visitor.cookie = port, f"127.0.0.1:{port}", cookie
    jobs = [
        threading.Thread(target=hold, args=(port, force.sockets, stop)),
        threading.Thread(target=flood, args=(visitor, stop)),
        *(threading.Thread(target=dribble, args=(port, stop)) for _ in range(force.slow)),
        *(threading.Thread(target=stall, args=(visitor, stop)) for _ in range(force.uploads // 2)),
        *(threading.Thread(target=upload, args=(visitor, kind, stop)) for kind in range(force.uploads // 2)),
    ]
    for job in jobs:
        job.start()
    shout(visitor, force.messages)
    stop.set()
    for job in jobs:
        job.join()


def shout(visitor: Visitor, count: int) -> None:
    """Bad messages, in tab after tab."""
    generator = random.Random(1)
    sent = 0
    while sent < count:
        with suppress(Exception), visitor.tab() as tab:
            for _ in range(100):
                sent += 1
                tab.socket.send(bad_message(generator))
        if generator.random() < 0.2:
            with suppress(Exception):
                letters = (generator.choice("../%00a9?") for _ in range(generator.choice((3, 50, 4300))))
                visitor.ask("GET", "/" + "".join(letters))


def bad_message(generator: random.Random) -> str | bytes:
    way = generator.randrange(6)
    if way == 0:
        return '{"type": "tick", "at_ms": ' + "9" * generator.choice((20, 1500, 100_000)) + "}"
    if way == 1:
        return '{"type":' * generator.choice((10, 400, 20_000))
    if way == 2:
        return spoiled_bytes(generator, b'{"type": "start", "exercise": "hip-hiker"}').decode("utf-8", "replace")
    if way == 3:
        return spoiled_bytes(generator, frame(1, 5000.0))
    if way == 4:
        return frame(1, 5000.0, generator.choice((gif_bomb(), png_bomb(2000, 2000), many_scans(jpeg(), 500))))
    return generator.randbytes(generator.choice((1, 1000, 1_000_000)))


def hold(port: int, count: int, stop: threading.Event) -> None:
    """Connections that say nothing."""
    with ExitStack() as stack:
        for _ in range(count):
            with suppress(OSError):
                stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        stop.wait()


def dribble(port: int, stop: threading.Event) -> None:
    """A request that comes letter by letter, over and over."""
    while not stop.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
            for letter in b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1000:
                slow.sendall(bytes([letter]))
                if stop.wait(0.3):
                    return


def stall(visitor: Visitor, stop: threading.Event) -> None:
    """A file that does not come."""
    while not stop.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", visitor.port), timeout=20) as slow:
            head = "".join(f"{name}: {value}\r\n" for name, value in visitor.headers().items())
            slow.sendall(f"POST /analyse?name=a.mp4 HTTP/1.1\r\n{head}Content-Length: 100000000\r\n\r\n".encode())
            slow.sendall(bytes(1000))
            stop.wait(5.0)


def upload(visitor: Visitor, kind: int, stop: threading.Event) -> None:
    """Files that are none, or more than they seem."""
    bodies = (gif_bomb(), png_bomb(), bytes(1_000_000), b"GIF89a")
    while not stop.is_set():
        with suppress(Exception):
            visitor.ask("POST", "/analyse?name=bomb.gif", bodies[kind % len(bodies)])
        stop.wait(0.2)


def flood(visitor: Visitor, stop: threading.Event) -> None:
    """Things so small that a great many fit into little: fragments, pings, messages, chunks, requests, lines."""
    head = "".join(f"{name}: {value}\r\n" for name, value in visitor.headers().items())
    upgrade = (
        f"GET /socket HTTP/1.1\r\n{head}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    stranger = f"POST /analyse HTTP/1.1\r\nHost: {visitor.host}\r\n".encode()
    floods = (
        (upgrade, b"\x01\x80\0\0\0\0", b"\x00\x80\0\0\0\0"),
        (upgrade, b"", b"\x89\x80\0\0\0\0"),
        (upgrade, b"", b"\x81\x81\0\0\0\0x"),
        (b"", stranger + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"", b"", stranger + b"Content-Length: 0\r\n\r\n"),
        (b"", stranger, b"a:\r\n"),
    )
    while not stop.is_set():
        for first, begun, repeated in floods:
            with suppress(OSError), socket.create_connection(("127.0.0.1", visitor.port), timeout=20) as peer:
                if first:
                    peer.sendall(first)
                    peer.recv(200)
                peer.sendall(begun + repeated * (1_200_000 // len(repeated)))
            stop.wait(0.1)


def main() -> None:
    if sys.argv[1:2] == ["strike"]:
        port, cookie, *numbers = sys.argv[2:]
        strike(int(port), cookie, Force(*map(int, numbers)))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    for name in Force.__dataclass_fields__:
        parser.add_argument(f"--{name}", type=int, default=getattr(Force(), name))
    parser.add_argument("--real", action="store_true")
    wishes = vars(parser.parse_args())
    real = wishes.pop("real")
    with TemporaryDirectory() as home:
        for when, waits_s in zip(("before", "during"), measure(Path(home), Force(**wishes), real), strict=True):
            ms = np.array(waits_s) * 1000
            median, p95, longest = np.percentile(ms, [50, 95, 100])
            late = int((ms > 200).sum())
            sys.stdout.write(
                f"{when}: {len(ms)} pictures, answered in {median:.0f} ms (median), {p95:.0f} ms (95 %), "
                f"{longest:.0f} ms (longest); {late} took more than 200 ms\n"
            )


if __name__ == "__main__":
    main()
