"""A track as a file, and events as plain data: what is saved of a session can be read back. (I/O)

The file is a NumPy .npz of plain arrays (no pickle) with a JSON header; ``schema`` is 1.
"""

from __future__ import annotations

import base64
import json
import zipfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np

from coach.errors import RecordingError
from coach.files import saving
from coach.session.snapshot import Snapshot
from coach.session.timeline import KeyMoment, Landmarks, Timeline
from coach.types import JOINTS, Cue, Event, FloatArray, Hold, Movement

SCHEMA = 1


def track_path(result_path: Path) -> Path:
    """The track that belongs to a result: ``result.json`` -> ``track.npz``, ``leg.json`` -> ``leg.track.npz``."""
    stem = result_path.name.removesuffix(".json")
    return result_path.with_name("track.npz" if stem == "result" else f"{stem}.track.npz")


def encode(data: Timeline, compact: bool = False) -> bytes:
    """A track as the bytes of its file. ``compact`` keeps values to three digits, which halves them."""
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
        "table": table.astype(np.float16 if compact else np.float32),
        "key_xy_px": np.array([key.xy_px for key in data.keys], np.float32).reshape(len(data.keys), JOINTS, 2),
    }
    if data.landmarks is not None:
        arrays |= {"xy_px": data.landmarks.xy_px, "world_m": data.landmarks.world_m}
        arrays["visibility"] = data.landmarks.visibility
    file = BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def decode(content: bytes, name: str = "track") -> Timeline:
    """A track from the bytes of its file. Raises RecordingError naming ``name`` where they are no track."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes())
            schema = header["schema"]
            if schema != SCHEMA:
                raise RecordingError(f"{name}: was written by another version (schema {schema})", "Update the coach")
            table, xy = file["table"], file["key_xy_px"]
            size = cast(tuple[int, int], tuple(header["size_px"]))
            landmarks = None
            if "xy_px" in file:
                landmarks = Landmarks(file["xy_px"], file["world_m"], file["visibility"])
            return Timeline(
                t_s=file["t_s"],
                phase=np.array(header["phases"] or [""], np.str_)[file["phase"]],
                side=np.array(("", "left", "right"), np.str_)[file["side"]],
                seen=file["seen"],
                values={column: table[i].astype(np.float32) for i, column in enumerate(header["values"])},
                size_px=size,
                events=tuple(event_from_data(item) for item in header["events"]),
                cues=tuple(Cue(**{**item, "joints": tuple(item["joints"])}) for item in header["cues"]),
                keys=tuple(_key_from_data(item, xy[i]) for i, item in enumerate(header["keys"])),
                landmarks=landmarks,
            )
    except RecordingError:
        raise
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise RecordingError(f"{name}: is damaged or no track of a session", "Analyse the video again") from error


def write_track(data: Timeline, path: str | Path) -> Path:
    """Save a track, whole or not at all. Raises OutputError where it cannot be written."""
    target = Path(path)
    with saving(target) as part:
        part.write_bytes(encode(data))
    return target


def read_track(path: str | Path) -> Timeline:
    """Load a saved track. Raises RecordingError where there is none."""
    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise RecordingError(f"{source}: cannot be read ({error.strerror})", "Check the name and the folder") from error
    return decode(content, str(source))


def event_data(event: Event) -> dict[str, Any]:
    """An event as plain values; NaN becomes None."""
    return cast("dict[str, Any]", _plain(asdict(event)))


def event_from_data(data: dict[str, Any]) -> Event:
    """The inverse of ``event_data``. Keys of a later version are left out."""
    movement, hold = data.get("movement"), data.get("hold")
    return Event(
        t_s=float(data["t_s"]),
        name=data["name"],
        side=data.get("side"),
        detail=data.get("detail", ""),
        movement=Movement(**_fields(Movement, movement)) if movement else None,
        hold=Hold(**_fields(Hold, hold)) if hold else None,
        number=data.get("number", 0),
    )


# The numbers of a movement or hold that may be NaN, which JSON cannot say.
_NUMBERS = {"start_s", "peak_s", "end_s", "depth", "lowering_s", "raising_s", "breath_rate_per_min", "breath_quality"}


def _fields(kind: type[Movement] | type[Hold], data: dict[str, Any]) -> dict[str, Any]:
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


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


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
        picture = Snapshot(base64.b64decode(picture["jpeg"]), tuple(picture["box_px"]))
    return KeyMoment(**{**data, "size_px": tuple(data["size_px"]), "picture": picture}, xy_px=xy_px)
