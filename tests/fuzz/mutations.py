"""Ways to spoil bytes, plain data and text, drawn from a random generator."""

from __future__ import annotations

import copy
import random
from typing import Any

DEEP: list[Any] = []
for _ in range(200):
    DEEP = [DEEP]

# What no reader expects in the place of something else.
NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**6, 2**31, 2**63, -(2**63), 10**30, 1e300, -1e300, 0.1, 1e-300),
    *("", " ", "x", "left", "right", "\x00", "\x1b[2J", "me [/left]", "[bold]", "<script>", "=1+1", "../../etc/passwd"),
    *("é" * 300, "a" * 20_000, "\U0001f9d8", "1e5", "nan", "2099-01-01T00:00:00+00:00", "0001-01-01T00:00:00+23:59"),
    *("9999-12-31T23:59:59-23:59", "2026-13-45", [], {}, [[]], [None], {"": None}, [1, 2, 3], {"schema": 1}, ["left"]),
)


def spoiled_bytes(generator: random.Random, content: bytes) -> bytes:
    """Bytes flipped, cut, doubled, or filled with the same."""
    data = bytearray(content)
    for _ in range(generator.randint(1, 4)):
        if not data:
            break
        at = generator.randrange(len(data))
        length = min(generator.choice((1, 2, 4, 16, 256)), len(data) - at)
        way = generator.randrange(6)
        if way == 0:
            data[at : at + length] = bytes(generator.randrange(256) for _ in range(length))
        elif way == 1:
            data[at] ^= 1 << generator.randrange(8)
        elif way == 2:
            del data[at : at + length]
        elif way == 3:
            data[at:at] = data[at : at + length]
        elif way == 4:
            data[at : at + length] = bytes([generator.choice((0, 255))]) * length
        else:
            del data[at:]
    return bytes(data)


def spoiled_data(generator: random.Random, data: Any, times: int | None = None) -> Any:
    """Plain data with some of its values replaced, left out, doubled or moved."""
    data = copy.deepcopy(data)
    for _ in range(times or generator.randint(1, 3)):
        places = list(_places(data))
        if not places:
            break
        holder, key = generator.choice(places)
        way = generator.randrange(8)
        if way == 0:
            del holder[key]
        elif way == 1 and isinstance(holder, list):
            holder.extend(copy.deepcopy(holder[key]) for _ in range(generator.choice((1, 50))))
        elif way == 2:
            other, at = generator.choice(places)
            if _holds(other, at) and _holds(holder, key):
                holder[key] = copy.deepcopy(other[at])
        elif way == 3:
            holder[key] = copy.deepcopy(DEEP)
        elif isinstance(holder[key], (int, float)) and generator.random() < 0.5:
            holder[key] = holder[key] * generator.choice((-1, 0, 10, 1000, 1e12))
        else:
            holder[key] = copy.deepcopy(generator.choice(NASTY))
    return data


def _places(data: Any) -> Any:
    waiting = [data]
    while waiting:
        holder = waiting.pop()
        keys = holder.keys() if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in list(keys):
            yield holder, key
            if len(waiting) < 1000 and holder[key] is not DEEP:
                waiting.append(holder[key])


def _holds(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)
