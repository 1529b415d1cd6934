"""A page's session without a camera and without a pose model: what is seen, and what is judged, come by script."""

from __future__ import annotations

import io
import json
import math
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from coach.definitions.programme import Programme
from coach.types import Frame, Observation, Pose
from coach.web.sessions import Settings
from tests.guide.people import dipping, seen, standing
from tests.guide.theatre import HIKER, programme


class FakeWatcher:
    """Sees ``pose`` in every picture, whatever is in it; fails on a picture that is red."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.closed = False
        self.pose: Callable[[float], Pose | None] = lambda t_s: standing()

    def dip(self, depth_deg: float = 11.0) -> None:
        """From now on four seconds a repetition: two down, two up."""
        start_s = self.times[-1]
        self.pose = lambda t_s: dipping(depth_deg * (0.5 - 0.5 * math.cos(2 * math.pi * (t_s - start_s) / 4)))

    def __enter__(self) -> FakeWatcher:
        return self

    def __exit__(self, *problem: Any) -> None:
        self.closed = True

    def observe(self, frame: Frame) -> Observation:
        self.times.append(frame.t_s)
        if frame.rgb[0, 0, 0] > 200 and frame.rgb[0, 0, 1] < 50:
            raise ZeroDivisionError("a fault of ours")
        return seen(frame.t_s, self.pose(frame.t_s))


def settings(folder: Path, of: Programme | None = None, watcher: FakeWatcher | None = None, **more: Any) -> Settings:
    """Settings of a page that keeps its history in ``folder``."""
    one = watcher or FakeWatcher()
    return Settings(of or programme((HIKER, "left", {"reps": 3})), data_dir=folder, make_watcher=lambda: one, **more)


@cache
def jpeg(width: int = 96, height: int = 64, colour: tuple[int, int, int] = (90, 100, 110)) -> bytes:
    """A small picture."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), colour, np.uint8)).save(out, "JPEG")
    return out.getvalue()


def frame(number: int, at_ms: float, picture: bytes | None = None) -> bytes:
    """A frame as the page sends it."""
    return struct.pack("<4sId", b"CF01", number, at_ms) + (jpeg() if picture is None else picture)


class Page:
    """The page's side of the socket."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.number = 0
        self.at_ms = 5_000.0

    def tell(self, **message: Any) -> dict[str, Any]:
        """Send a message and give the answer."""
        self.socket.send_text(json.dumps(message))
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = self.socket.receive_json()
        return message

    def act(self, name: str, **more: Any) -> dict[str, Any]:
        """Press a button."""
        return self.tell(type="action", name=name, **more)

    def show(self, seconds: float = 0.1, picture: bytes | None = None) -> dict[str, Any]:
        """Send frames, ten a second, and give the last answer."""
        answer: dict[str, Any] = {}
        for _ in range(max(1, round(seconds * 10))):
            self.number += 1
            self.at_ms += 100
            self.socket.send_bytes(frame(self.number, self.at_ms, picture))
            answer = self.hear()
            assert answer.get("number") == self.number, answer
        return answer
