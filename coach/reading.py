"""Reads untrusted files within stated limits of size, depth and number range.

A file may be damaged, cut off, foreign or malicious. Whatever it holds, a reader returns plain data within its limits
or raises an error of the coach, in bounded time and memory.
"""

from __future__ import annotations

import codecs
import json
import math
import os
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coach.errors import CoachError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TEXT_BYTES = 2**20  # of a hand-written file: the largest that comes with the coach has 20 kB
MOST_RESULT_BYTES = 64 * 2**20
MOST_DEPTH = 32  # of nested lists and tables; the deepest file of the coach has 8
LARGEST_INTEGER = 2**63 - 1
LONGEST_S = 1e7  # of anything that is timed: four months
# Unicode's categories Cc and Cs, both fixed for good, but for line ends and tabs.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class LimitError(ValueError):
    """Data beyond a reader's limits."""


def read_bytes(path: Path, kind: type[CoachError], remedy: str, most_bytes: int) -> bytes:
    """A file's content. Raises an error of the given kind: missing, not a file, not readable, or too large.

    Pipes and devices are refused: they may never end.
    """
    try:
        # Without O_NONBLOCK, opening a pipe without a writer would block for ever.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise kind(f"{path}: is not a file", remedy)
            content = file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise kind(f"{path}: no such file", "Check the name and the folder") from error
    except ValueError as error:
        if isinstance(error, CoachError):
            raise
        raise kind(f"{str(path)!r}: is no name of a file", "Check the name") from error
    except OSError as error:
        if isinstance(error, CoachError):
            raise
        why = "is a folder" if path.is_dir() else f"cannot be read ({error.strerror or error})"
        raise kind(f"{path}: {why}", remedy) from error
    if len(content) > most_bytes:
        raise kind(f"{path}: has more than {_size(most_bytes)}, which is more than such a file needs", remedy)
    return content


def read_text(
    path: Path, kind: type[CoachError], remedy: str, most_bytes: int = MOST_TEXT_BYTES, save_as: str = "UTF-8"
) -> str:
    """A file's text: UTF-8, with or without a byte order mark, or UTF-16 with one, as spreadsheets on Windows write.

    save_as: what programs that write such files call it. Raises an error of the given kind.
    """
    content = read_bytes(path, kind, remedy, most_bytes)
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(content) % 2 == 0
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise kind(f"{path}: cannot be read as text", f"Save it as {save_as}") from error


def read_json(path: Path, kind: type[CoachError], remedy: str, most_bytes: int = MOST_TEXT_BYTES) -> Any:
    """A JSON file's data within the limits of ``parse_json``. Raises an error of the given kind."""
    text = read_text(path, kind, remedy, most_bytes)
    try:
        return parse_json(text)
    except ValueError as error:
        raise kind(f"{path}: cannot be read as JSON ({error})", remedy) from error


def parse_json(text: str | bytes) -> Any:
    """JSON as plain data: no NaN or infinity, integers of 64 bits, at most ``MOST_DEPTH`` deep. Raises ValueError."""
    try:
        data = json.loads(text, parse_int=_integer, parse_float=_finite, parse_constant=_no_number)
    except RecursionError as error:
        raise LimitError("lists in lists are too deep") from error
    return within_limits(data)


def within_limits(data: Any, most_depth: int = MOST_DEPTH, finite: bool = True) -> Any:
    """The data itself, if within the limits: depth, integers, finite numbers. Raises LimitError.

    finite: False if the caller checks for non-finite numbers itself, and can name their keys.

    It does not recurse, so that data of any depth can be checked.
    """
    level, depth = [data], 0
    while level:
        if depth > most_depth:
            raise LimitError("lists and tables in each other are too deep")
        below: list[Any] = []
        for item in level:
            if isinstance(item, Mapping):
                below.extend(item.values())
            elif isinstance(item, (list, tuple)):
                below.extend(item)
            elif isinstance(item, int) and not -LARGEST_INTEGER <= item <= LARGEST_INTEGER:
                raise LimitError("a number has too many digits")
            elif finite and isinstance(item, float) and not math.isfinite(item):
                raise LimitError("a number is not finite")
        level, depth = below, depth + 1
    return data


def printable(text: str) -> bool:
    """Whether a text can be shown anywhere: no control characters except line ends, no invalid characters."""
    return UNPRINTABLE.search(text) is None


def read_array(member: IO[bytes], dtypes: Sequence[Any], shape: tuple[int | None, ...]) -> NDArray[Any]:
    """An array from a .npy stream; type and shape are checked before memory is allocated. Raises ValueError.

    dtypes: the allowed ones. shape: None allows any length of that axis. The array is read-only.
    """
    import numpy as np

    major, _minor = np.lib.format.read_magic(member)
    if major not in (1, 2):
        raise LimitError(f"is of version {major}")
    read_header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    found, by_columns, kind = read_header(member)
    fits = len(found) == len(shape) and all(a == b for a, b in zip(found, shape, strict=True) if b is not None)
    if kind not in [np.dtype(each) for each in dtypes] or not fits or (by_columns and len(found) > 1):
        raise LimitError(f"has {kind} {found}")
    count = math.prod(found)
    content = member.read(count * kind.itemsize + 1)
    if len(content) != count * kind.itemsize:
        raise LimitError(f"has {len(content)} bytes and not {count * kind.itemsize}")
    return np.frombuffer(content, kind).reshape(found)


def checked_sizes(archive: zipfile.ZipFile, most_bytes: int, most_members: int) -> None:
    """Check that an archive unpacks to at most this size, by its own directory. Raises ValueError.

    The directory is binding while reading: ZipExtFile never returns more than the stated size.
    """
    members = archive.infolist()
    if len(members) > most_members:
        raise LimitError(f"holds {len(members)} parts")
    if sum(member.file_size for member in members) > most_bytes:
        raise LimitError(f"unpacks to more than {_size(most_bytes)}")


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 2**10} kB"


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise LimitError("a number has too many digits")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise LimitError("a number is too large")
    return value


def _no_number(name: str) -> float:
    raise LimitError(f"{name} is no number of JSON")
