"""A timeline as a file, and events as plain data, for saving and loading. (I/O)

The file is a NumPy .npz of plain arrays (no pickle) with a JSON header; ``schema`` is 1.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from coach.errors import RecordingError
from coach.files import saving
from coach.reading import LONGEST_S, LimitError, checked_sizes, parse_json, read_array, read_bytes
from coach.session.snapshot import Snapshot
from coach.session.timeline import KeyKind, KeyMoment, Landmarks, Timeline
from coach.to_json import plain
from coach.types import JOINTS, SIDES, Cue, Event, FloatArray, Hold, Movement

SCHEMA = 1
MOST_FILE_BYTES = 256 * 2**20  # an hour at 30 pictures a second has 60 MB
MOST_BYTES = 2**30  # unpacked
MOST_FRAMES = 1_000_000
MOST_TEXT_CHARS = 2_000
LARGEST_PX = 1_000_000


def timeline_path(result_path: Path) -> Path:
    """The timeline that belongs to a result: ``result.json`` -> ``track.npz``, ``leg.json`` -> ``leg.track.npz``."""
    stem = result_path.name.removesuffix(".json")
    return result_path.with_name("track.npz" if stem == "result" else f"{stem}.track.npz")


def encode(data: Timeline, compact: bool = False) -> bytes:
    """A timeline as the bytes of its file. ``compact`` keeps values to three digits, which halves them."""
    file = BytesIO()
    _write(data, file, compact)
    return file.getvalue()


def _write(data: Timeline, file: IO[bytes], compact: bool = False) -> None:
    phases: list[str] = sorted(set(data.phase.tolist()))
    header = {
        "schema": SCHEMA,
        "size_px": data.size_px,
        "values": list(data.values),
        "phases": phases,
        "events": [event_data(event) for event in data.events],
        "cues": [asdict(cue) for cue in data.cues],
        "keys": [_key_data(key) for key in data.keys],
    }
    codes = {name: i for i, name in enumerate(phases)}
    table = np.stack([data.values[name] for name in data.values]) if data.values else np.empty((0, len(data)))
    arrays: dict[str, Any] = {
        "header": np.frombuffer(json.dumps(header).encode(), np.uint8),
        "t_s": data.t_s,
        "phase": np.array([codes[name] for name in data.phase.tolist()], np.uint8),
        "side": np.array([("", "left", "right").index(side) for side in data.side.tolist()], np.uint8),
        "seen": data.seen,
        "table": table.astype(np.float16 if compact else np.float32, copy=False),
        "key_xy_px": np.array([key.xy_px for key in data.keys], np.float32).reshape(len(data.keys), JOINTS, 2),
    }
    if data.landmarks is not None:
        arrays |= {"xy_px": data.landmarks.xy_px, "world_m": data.landmarks.world_m}
        arrays["visibility"] = data.landmarks.visibility
    np.savez_compressed(file, **arrays)


def decode(content: bytes, name: str = "timeline") -> Timeline:
    """A timeline from the bytes of its file. Raises RecordingError naming ``name`` if they are not a timeline.

    Types, shapes and sizes are checked before memory is allocated: the bytes are untrusted.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            checked_sizes(archive, MOST_BYTES, most_members=20)
            return _Decoder(archive).timeline()
    except RecordingError as error:
        raise RecordingError(f"{name}: {error.problem}", error.remedy) from error
    except Exception as error:  # a damaged archive may raise anything from ZIP, zlib or NumPy
        raise RecordingError(f"{name}: is damaged or no timeline of a session", "Analyse the video again") from error


class _Decoder:
    """Reads the arrays of one archive and cross-checks them. May raise anything if it is not a timeline."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())

    def timeline(self) -> Timeline:
        header = parse_json(self._array("header", (np.uint8,), (None,)).tobytes())
        if header["schema"] != SCHEMA:
            raise RecordingError(
                f"was written by another version (schema {str(header['schema'])[:20]})", "Update the coach"
            )
        t_s = self._array("t_s", (np.float64,), (None,))
        n = len(t_s)
        if n > MOST_FRAMES or not (np.abs(t_s) <= LONGEST_S).all():
            raise LimitError("t_s is out of range")
        phases, columns = _texts(header["phases"], 256) or [""], _texts(header["values"], 1_000)
        table = self._array("table", (np.float16, np.float32), (len(columns), n))
        xy = self._array("key_xy_px", (np.float32,), (len(header["keys"]), JOINTS, 2))
        if not (np.abs(xy) <= LARGEST_PX).all():
            raise LimitError("key_xy_px is out of range")
        landmarks = None
        if "xy_px.npy" in self._names:
            landmarks = Landmarks(
                self._array("xy_px", (np.float32,), (n, JOINTS, 2)),
                self._array("world_m", (np.float32,), (n, JOINTS, 3)),
                self._array("visibility", (np.float32,), (n, JOINTS)),
            )
            if any(np.isinf(each).any() for each in (landmarks.xy_px, landmarks.world_m, landmarks.visibility)):
                raise LimitError("landmarks are out of range")
        return Timeline(
            t_s=t_s,
            phase=np.array(phases, np.str_)[self._array("phase", (np.uint8,), (n,))],
            side=np.array(("", "left", "right"), np.str_)[self._array("side", (np.uint8,), (n,))],
            seen=self._array("seen", (np.bool_,), (n,)),
            values={column: table[i].astype(np.float32) for i, column in enumerate(columns)},
            size_px=_size_px(header["size_px"]),
            events=tuple(event_from_data(item) for item in header["events"]),
            cues=tuple(_cue_from_data(item) for item in header["cues"]),
            keys=tuple(_key_from_data(item, xy[i]) for i, item in enumerate(header["keys"])),
            landmarks=landmarks,
        )

    def _array(self, name: str, dtypes: Sequence[Any], shape: tuple[int | None, ...]) -> NDArray[Any]:
        with self._archive.open(f"{name}.npy") as member:
            return read_array(member, dtypes, shape)


def write_timeline(data: Timeline, path: str | Path) -> Path:
    """Save a timeline, whole or not at all. Raises OutputError if it cannot be written."""
    target = Path(path)
    with saving(target) as part, part.open("wb") as file:
        _write(data, file)
    return target


def read_timeline(path: str | Path) -> Timeline:
    """Load a saved timeline. Raises RecordingError if there is none."""
    source = Path(path)
    content = read_bytes(source, RecordingError, "Check the name and the folder", MOST_FILE_BYTES)
    return decode(content, str(source))


def event_data(event: Event) -> dict[str, Any]:
    """An event as plain values; NaN becomes None."""
    return cast("dict[str, Any]", plain(event))


def event_from_data(data: Any) -> Event:
    """The inverse of ``event_data``. Keys of later versions are ignored. Raises ValueError if it is not an event."""
    if not isinstance(data, dict):
        raise ValueError("is no event")
    movement, hold = data.get("movement"), data.get("hold")
    fields = {name: data[name] for name in ("t_s", "name", "side", "detail", "number") if name in data}
    if movement is not None:
        fields["movement"] = _fields(Movement, movement)
    if hold is not None:
        fields["hold"] = _fields(Hold, hold)
    event: Event = _event_reader().validate_python(fields)
    if not abs(event.t_s) <= LONGEST_S:
        raise ValueError("its time is out of range")
    return event


@cache
def _event_reader() -> TypeAdapter[Event]:
    """Validates every field as declared in ``coach.types``; built on first use."""
    return TypeAdapter(Event)


# The numbers of a movement or hold that may be NaN, which JSON cannot say.
_NUMBERS = {"start_s", "peak_s", "end_s", "depth", "lowering_s", "raising_s", "breath_rate_per_min", "breath_quality"}


def _fields(kind: type[Movement] | type[Hold], data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError("is no movement or hold")
    out: dict[str, Any] = {}
    for name in kind.__dataclass_fields__:
        if name not in data:
            continue
        value = data[name]
        if name in _NUMBERS and value is None:
            value = float("nan")
        elif isinstance(value, list):
            value = tuple(float("nan") if item is None else item for item in value)
        out[name] = value
    return out


def _key_data(key: KeyMoment) -> dict[str, Any]:
    picture = None
    if key.picture is not None:
        picture = {"jpeg": base64.b64encode(key.picture.jpeg).decode(), "box_px": key.picture.box_px}
    return {
        "t_s": key.t_s,
        "kind": key.kind,
        "side": key.side,
        "number": key.number,
        "detail": key.detail,
        "size_px": key.size_px,
        "picture": picture,
    }


def _key_from_data(data: dict[str, Any], xy_px: FloatArray) -> KeyMoment:
    picture = data["picture"]
    if picture is not None:
        left, top, right, bottom = (_pixels(edge) for edge in picture["box_px"])
        picture = Snapshot(base64.b64decode(picture["jpeg"]), (left, top, right, bottom))
    if data["kind"] not in get_args(KeyKind) or data["side"] not in (None, *SIDES):
        raise ValueError("is no key moment")
    return KeyMoment(
        t_s=_time(data["t_s"]),
        kind=data["kind"],
        side=data["side"],
        number=_whole([data["number"]], 1)[0],
        detail=_texts([data["detail"]], 1)[0],
        size_px=_size_px(data["size_px"]),
        xy_px=xy_px,
        picture=picture,
    )


def _cue_from_data(data: dict[str, Any]) -> Cue:
    key, text = _texts([data["key"], data["text"]], 2)
    priority = _whole([data["priority"]], 1)[0]
    return Cue(_time(data["t_s"]), key, text, priority, tuple(_texts(data["joints"], 50)))


def _time(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= LONGEST_S:
        raise ValueError("is no time")
    return float(value)


def _pixels(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= LARGEST_PX:
        raise ValueError("is no place in a picture")
    return float(value)


def _texts(value: Any, most: int) -> list[str]:
    """A list of texts, each short enough to show."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("is no list of names")
    if not all(isinstance(one, str) and len(one) <= MOST_TEXT_CHARS for one in value):
        raise ValueError("is no list of names")
    return value


def _whole(value: Any, count: int) -> list[int]:
    """A fixed number of integers, such as pixels."""
    if not isinstance(value, list) or len(value) != count:
        raise ValueError("is no list of numbers")
    if not all(isinstance(one, int) and not isinstance(one, bool) and abs(one) <= LARGEST_PX for one in value):
        raise ValueError("is no list of numbers")
    return value


def _size_px(value: Any) -> tuple[int, int]:
    width, height = _whole(value, 2)
    if width < 0 or height < 0:
        raise ValueError("is no size")
    return width, height
