"""Messages on the page's socket: frames and actions in, moments out. All input is validated.

In, binary: 4 bytes ``CF01``, a number (uint32), the capture time in milliseconds of the page's clock (float64), both
little-endian, then a JPEG. In, text: a JSON object with a ``type``. Out: JSON objects with a ``type``.
"""

from __future__ import annotations

import io
import math
import struct
from dataclasses import dataclass
from typing import Any, get_args

from coach.guide.types import Action, GuideMoment
from coach.kinematics.skeleton import joint_rows
from coach.reading import parse_json
from coach.to_json import number, plain
from coach.types import Gauge, Observation, Picture
from coach.video.container_checks import count_scans

MAGIC = b"CF01"
HEAD = struct.Struct("<4sId")
MOST_FRAME_BYTES = 1_500_000
MOST_TEXT_CHARS = 2_000
LARGEST_SIDE_PX = 1920
MOST_SCANS = 12  # of one JPEG, each decoded over all of it: browsers write one, and Pillow's progressive ones have ten
SMALLEST_SIDE_PX = 64
DIGITS = 3  # decimals of the numbers sent
LATEST_MS = 1e12  # a page open for thirty years

TYPES = ("start", "tick", "action", "take_over")
ACTIONS: tuple[str, ...] = get_args(Action)


class MessageError(ValueError):
    """An invalid message. ``reason`` is a short name for what is wrong."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FrameMessage:
    """One camera picture as received."""

    number: int
    captured_ms: float
    jpeg: bytes


def parse_frame(data: bytes) -> FrameMessage:
    """Parse a binary message. Raises MessageError."""
    if len(data) > MOST_FRAME_BYTES:
        raise MessageError("too_large")
    if len(data) <= HEAD.size:
        raise MessageError("malformed")
    magic, number, captured_ms = HEAD.unpack_from(data)
    if magic != MAGIC:
        raise MessageError("malformed")
    return FrameMessage(number, checked_ms(captured_ms), data[HEAD.size :])


def parse_text(text: str) -> dict[str, Any]:
    """Parse a text message into its object. Raises MessageError."""
    if len(text) > MOST_TEXT_CHARS:
        raise MessageError("too_large")
    try:
        message = parse_json(text)
    except ValueError as error:
        raise MessageError("malformed") from error
    if not isinstance(message, dict) or message.get("type") not in TYPES:
        raise MessageError("malformed")
    if message["type"] == "tick":
        checked_ms(message.get("at_ms"))
    if message["type"] == "action" and message.get("name") not in ACTIONS:
        raise MessageError("unknown_action")
    if message["type"] == "action" and not _word(message.get("choice")):
        raise MessageError("malformed")
    if message["type"] == "start" and not all(_word(message.get(key)) for key in ("exercise", "side", "person")):
        raise MessageError("malformed")
    return message


def _word(value: object) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= 100)


def checked_ms(value: object) -> float:
    """A time on the page's clock. Raises MessageError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise MessageError("malformed")
    if not math.isfinite(value) or not 0 <= value < LATEST_MS:
        raise MessageError("malformed")
    return float(value)


def decode_jpeg(jpeg: bytes) -> Picture:
    """The picture as RGB. Its size and its scans are checked before it is decoded. Raises MessageError."""
    import numpy as np
    from PIL import Image

    if count_scans(jpeg) > MOST_SCANS:
        raise MessageError("malformed")
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            if max(image.size) > LARGEST_SIDE_PX or min(image.size) < SMALLEST_SIDE_PX:
                raise MessageError("wrong_size")
            rgb = np.array(image.convert("RGB"))
    except MessageError:
        raise
    except Exception as error:  # a decoder given arbitrary bytes may raise anything
        raise MessageError("malformed") from error
    rgb.flags.writeable = False
    return rgb


def moment_message(
    guided: GuideMoment, observation: Observation | None = None, number: int | None = None, problem: str = ""
) -> dict[str, Any]:
    """A moment for the page. number: of the frame it answers. problem: why the history cannot be stored."""
    data: dict[str, Any] = {
        name: plain(getattr(guided, name), DIGITS) for name in GuideMoment.__dataclass_fields__ if name != "moment"
    }
    side = guided.block.side if guided.block is not None else None
    status = guided.moment.status if guided.moment is not None else None
    data |= {
        "type": "moment",
        "number": number,
        "marks": list(joint_rows(guided.joints, side)),
        "body": _body(observation),
        "gauge": _gauge(status.gauges[0]) if status is not None and status.gauges else None,
        "problem": problem,
    }
    return data


def _body(observation: Observation | None) -> list[list[float | None]] | None:
    """Landmarks (33) as shares of the picture's width and height."""
    if observation is None or observation.pose is None:
        return None
    width, height = observation.size_px
    return [[number(float(x) / width, 4), number(float(y) / height, 4)] for x, y in observation.pose.xy_px]


def _gauge(gauge: Gauge) -> dict[str, Any]:
    data: dict[str, Any] = plain(gauge, DIGITS)
    return data
