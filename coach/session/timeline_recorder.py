"""Collects a session's timeline from the Moments as they pass.

Cost: at 15 frames a second with 40 values a frame an hour takes 9 MB of values and 20 MB of landmarks. They go
to an unnamed temporary file, of which at most 1 MB is held in memory; the file vanishes with the process.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from coach.definitions.exercise import Exercise
from coach.session.key_moments import KeyMoments
from coach.session.timeline import Landmarks, Timeline
from coach.types import JOINTS, Cue, Event, FloatArray, Moment, Picture, Pose

IN_MEMORY_BYTES = 2**20
BLOCK_FRAMES = 256
# Landmarks are kept as integers: 1/16 px reaches +-2047 px, and 1/10 mm reaches +-3.2 m.
PX_STEP = 1 / 16
METRE_STEP = 1e-4
GONE = np.iinfo(np.int16).min


class TimelineRecorder:
    """Collects Moments. A context manager; closing or deleting it drops its temporary file.

    exercises: those that may be done; their rules say when a fault was at its worst.
    landmarks: keep every landmark (needed for .trc and .mot). Without them a timeline is a third as large.
    pictures: keep small pictures of the key moments too; ``add`` must then be given the frame's picture.
    """

    def __init__(self, exercises: Iterable[Exercise] = (), landmarks: bool = True, pictures: bool = False) -> None:
        self._key_moments = KeyMoments(exercises, pictures)
        self._landmarks = landmarks
        self._names: dict[str, int] = {}
        self._blocks: list[tuple[int, int]] = []  # frames and columns of each spooled block
        self._rows: list[dict[str, float]] = []
        self._poses: list[Pose | None] = []
        self._spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
        self._times = array("d")
        self._phases: list[str] = []
        self._sides: list[str] = []
        self._seen = array("b")
        self._events: list[Event] = []
        self._cues: list[Cue] = []
        self._size_px = (0, 0)

    def __enter__(self) -> TimelineRecorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop everything."""
        self._spool.close()

    def __len__(self) -> int:
        return len(self._times)

    @property
    def events(self) -> tuple[Event, ...]:
        """Events so far."""
        return tuple(self._events)

    def add(self, moment: Moment, rgb: Picture | None = None) -> None:
        """Take one moment, in order of time."""
        status, pose = moment.status, moment.observation.pose
        row = {f"{side}/{name}": v for side, signals in moment.signals.items() for name, v in signals.values.items()}
        row.update({f"gauge/{gauge.name}": gauge.value for gauge in status.gauges})
        row["status/count"] = float(status.count)
        row["status/held_s"] = status.held_s
        row["status/breath_quality"] = status.breath_quality
        row["status/breath_phase"] = status.breath_phase
        row["status/view_angle_deg"] = status.view_angle_deg
        for name in row:
            self._names.setdefault(name, len(self._names))
        self._rows.append(row)
        self._poses.append(pose if self._landmarks else None)
        self._times.append(moment.t_s)
        self._phases.append(status.phase)
        self._sides.append(status.side or "")
        self._seen.append(pose is not None)
        self._size_px = moment.observation.size_px
        if moment.cue is not None:
            self._cues.append(moment.cue)
        self._events += moment.events
        self._key_moments.add(moment, rgb)
        if len(self._rows) >= BLOCK_FRAMES:
            self._flush()

    def add_events(self, events: tuple[Event, ...]) -> None:
        """Take events, including those after the last frame."""
        self._events += events
        self._key_moments.add_events(events)

    def take(self) -> Timeline:
        """Everything since the last ``take``, which is then dropped; for saving piece by piece."""
        data = self.data()
        self._spool.seek(0)
        self._spool.truncate()
        self._blocks, self._times, self._phases, self._sides, self._seen = [], array("d"), [], [], array("b")
        self._events, self._cues = [], []
        self._key_moments.drop()
        return data

    def _flush(self) -> None:
        """Move the waiting rows to the spool."""
        if not self._rows:
            return
        table = np.full((len(self._rows), len(self._names)), np.nan, np.float32)
        for i, row in enumerate(self._rows):
            for name, value in row.items():
                table[i, self._names[name]] = value
        self._spool.write(table.tobytes())
        if self._landmarks:
            self._spool.write(_pack(self._poses))
        self._blocks.append(table.shape)
        self._rows, self._poses = [], []

    def data(self) -> Timeline:
        """Everything up to now."""
        self._flush()
        frames = len(self._times)
        values: FloatArray = np.full((frames, len(self._names)), np.nan, np.float32)
        landmarks = Landmarks.empty(frames) if self._landmarks and frames else None
        self._spool.seek(0)
        at = 0
        for count, columns in self._blocks:
            here = slice(at, at + count)
            at += count
            table = np.frombuffer(self._spool.read(4 * count * columns), np.float32)
            values[here, :columns] = table.reshape(count, columns)
            if landmarks is not None:
                _unpack(self._spool.read(_ROW.itemsize * count), landmarks, here)
        self._spool.seek(0, 2)
        return Timeline(
            t_s=np.array(self._times, np.float64),
            phase=np.array(self._phases, np.str_),
            side=np.array(self._sides, np.str_),
            seen=np.array(self._seen, np.bool_),
            values={name: values[:, i] for name, i in self._names.items()},
            size_px=self._size_px,
            events=tuple(self._events),
            cues=tuple(self._cues),
            keys=self._key_moments.found,
            landmarks=landmarks,
        )


_ROW: np.dtype[Any] = np.dtype(
    [("xy", np.int16, (JOINTS, 2)), ("world", np.int16, (JOINTS, 3)), ("seen", np.uint8, JOINTS)]
)


def _whole(values: FloatArray, step: float) -> NDArray[np.int16]:
    scaled = np.round(values / step)
    return np.where(np.isfinite(scaled), np.clip(scaled, GONE + 1, -GONE - 1), GONE).astype(np.int16)


def _pack(poses: list[Pose | None]) -> bytes:
    rows = np.zeros(len(poses), _ROW)
    rows["xy"] = rows["world"] = GONE
    for i, pose in enumerate(poses):
        if pose is not None:
            rows["xy"][i] = _whole(pose.xy_px, PX_STEP)
            rows["world"][i] = _whole(pose.world_m, METRE_STEP)
            rows["seen"][i] = np.round(np.clip(np.nan_to_num(pose.visibility), 0, 1) * 255)
    return rows.tobytes()


def _unpack(data: bytes, into: Landmarks, here: slice) -> None:
    rows = np.frombuffer(data, _ROW)
    for values, field, step in ((into.xy_px, "xy", PX_STEP), (into.world_m, "world", METRE_STEP)):
        values[here] = np.where(rows[field] == GONE, np.nan, rows[field] * step)
    into.visibility[here] = rows["seen"] / 255
