"""Too many WebSocket frames close the connection before they are parsed; a page's own pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from coach.web.frame_limit import FRAMES_A_SECOND, FrameCounter
from coach.web.security import AccessTokens
from tests.web.served import let_in, rest_of, served, upgraded, wait_for

TEXT, BINARY, CONTINUED, PING, PONG = 1, 2, 0, 9, 10
CLOSED = b"\x88\x02\x03\xf0"  # 1008


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[AccessTokens]:
    """A page that is served."""
    with served(tmp_path) as keys:
        yield keys


def frame(opcode: int, data: bytes = b"", last: bool = True) -> bytes:
    """One frame as a browser sends it, with a mask that changes nothing."""
    size = len(data)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 2**16:
        length = b"\xfe" + size.to_bytes(2, "big")
    else:
        length = b"\xff" + size.to_bytes(8, "big")
    return bytes([0x80 * last | opcode]) + length + bytes(4) + data


@pytest.mark.parametrize("seed", range(5))
def test_frames_are_counted_wherever_the_bytes_are_cut(seed: int) -> None:
    generator = random.Random(seed)
    sizes = [generator.choice((0, 1, 125, 126, 127, 65535, 65536, 200_000)) for _ in range(40)]
    data = b"".join(frame(BINARY, generator.randbytes(size)) for size in sizes)
    counter, at, found = FrameCounter(), 0, 0
    while at < len(data):
        step = generator.choice((1, 2, 3, 7, 1000, 262_144))
        found += counter.count(data[at : at + step], 1000)
        at += step
    assert found == len(sizes)


def test_counting_ends_where_there_are_too_many() -> None:
    assert FrameCounter().count(frame(CONTINUED, last=False) * 100_000, 1000) == 1001


@pytest.mark.parametrize(
    "flood",
    [
        frame(TEXT, b"{", last=False) + frame(CONTINUED, last=False) * 5000,
        frame(PING) * 5000,
        frame(PONG, b"x") * 5000,
        frame(TEXT, b"x") * 5000,
    ],
    ids=["fragments", "pings", "pongs", "messages"],
)
def test_a_flood_of_frames_ends_its_connection_and_no_other(keys: AccessTokens, flood: bytes) -> None:
    cookie = let_in(keys)
    with upgraded(keys, cookie) as page, upgraded(keys, cookie) as peer:
        peer.sendall(flood)
        assert rest_of(peer).endswith(CLOSED)
        page.sendall(frame(PING))
        wait_for(page, b"\x8a\x00")


def test_as_many_as_a_page_may_send_pass(keys: AccessTokens) -> None:
    with upgraded(keys, let_in(keys)) as page:
        page.sendall(frame(PONG) * (int(FRAMES_A_SECOND) - 1) + frame(PING))
        wait_for(page, b"\x8a\x00")
