"""Values as plain JSON: the one place that decides how a missing number is written, and how it is read. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from numbers import Integral, Real
from typing import Any


def whole(value: float | None) -> int | None:
    """The nearest whole number; None if it is missing or not finite."""
    return None if value is None or not math.isfinite(value) else round(value)


def number(value: float | None, digits: int | None = None) -> float | None:
    """A number rounded to ``digits`` (None: unchanged); None if it is missing or not finite."""
    if value is None or not math.isfinite(value):
        return None
    return float(value) if digits is None else round(float(value), digits)


def known(value: float | None) -> float:
    """A number as it was written; NaN if it is missing."""
    return math.nan if value is None else float(value)


def plain(value: Any, digits: int | None = None) -> Any:
    """Dataclasses, mappings, sequences and numbers, including NumPy's, as plain values; NaN and infinity become None.

    digits: decimals to round floats to; None leaves them unchanged.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return number(float(value), digits)
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value), digits)
    if isinstance(value, Mapping):
        return {str(key): plain(each, digits) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each, digits) for each in value]
    return value


def as_text(name: str) -> str:
    """A file's name that can be written anywhere: what is no text in it becomes a sign for that."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
