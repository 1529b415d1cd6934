"""Collects a session's timeline from the Moments as they pass.

Cost: at 15 frames a second with 40 values a frame an hour takes 9 MB of values and 20 MB of landmarks. They go
to an unnamed temporary file, of which at most 16 MB are held in memory; the file vanishes with the process.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterable
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from coach.definitions.exercise import Exercise
from coach.session.snapshot import Snapshot, snapshot
from coach.session.timeline import KeyKind, KeyMoment, Landmarks, Timeline, joined_landmarks
from coach.types import JOINTS, Cue, Event, FloatArray, Hold, Moment, Movement, Picture, Pose, Side

IN_MEMORY_BYTES = 16 * 2**20
BLOCK_FRAMES = 256
# Landmarks are kept as integers: 1/16 px reaches +-2047 px, and 1/10 mm reaches +-3.2 m.
PX_STEP = 1 / 16
METRE_STEP = 1e-4
GONE = np.iinfo(np.int16).min
# Skeletons of the last two minutes, five a second, kept until an event says which of them matters.
RECENT_S = 120.0
RECENT_STEP_S = 0.2


class TimelineRecorder:
    """Collects Moments. A context manager; closing or deleting it drops its temporary file.

    exercises: those that may be done; their rules say when a fault was at its worst.
    landmarks: keep every landmark (needed for .trc and .mot). Without them a timeline is a third as large.
    pictures: keep small pictures of the key moments too; ``add`` must then be given the frame's picture.
    """

    def __init__(self, exercises: Iterable[Exercise] = (), landmarks: bool = True, pictures: bool = False) -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self._exercise: Exercise | None = None
        self._landmarks = landmarks
        self._pictures = pictures
        self._names: dict[str, int] = {}
        self._blocks: list[tuple[int, int]] = []  # frames and columns of each spooled block
        self._rows: list[dict[str, float]] = []
        self._poses: list[Pose | None] = []
        self._spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115
        self._times: list[float] = []
        self._phases: list[str] = []
        self._sides: list[str] = []
        self._seen: list[bool] = []
        self._events: list[Event] = []
        self._cues: list[Cue] = []
        self._keys: list[KeyMoment] = []
        self._recent: deque[tuple[float, FloatArray, Snapshot | None]] = deque()
        self._recent_rows: deque[tuple[float, dict[str, float]]] = deque()
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
    def keys(self) -> tuple[KeyMoment, ...]:
        """Key moments so far."""
        return tuple(self._keys)

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
        self._exercise = self._exercises.get(status.exercise)
        if moment.cue is not None:
            self._cues.append(moment.cue)
        self._remember(moment.t_s, pose, rgb, row)
        self.add_events(moment.events)
        if len(self._rows) >= BLOCK_FRAMES:
            self._flush()

    def add_events(self, events: tuple[Event, ...]) -> None:
        """Take events, including those after the last frame."""
        for event in events:
            self._events.append(event)
            if event.movement is not None:
                m = event.movement
                self._keep("deepest", m.peak_s, m.side, m.number, m.uncounted_reason or "")
                self._keep_faults(m)
            elif event.hold is not None:
                h = event.hold
                self._keep("hold", (h.start_s + h.end_s) / 2, h.side, h.number, h.uncounted_reason or "")
                self._keep_faults(h)
            elif event.name == "fault_began":
                self._keep("fault", event.t_s, event.side, 0, event.detail)

    def take(self) -> Timeline:
        """Everything since the last ``take``, which is then dropped; for saving piece by piece."""
        data = self.data()
        self._spool.seek(0)
        self._spool.truncate()
        self._blocks, self._times, self._phases, self._sides, self._seen = [], [], [], [], []
        self._events, self._cues, self._keys = [], [], []
        return data

    def _remember(self, t_s: float, pose: Pose | None, rgb: Picture | None, row: dict[str, float]) -> None:
        self._recent_rows.append((t_s, row))
        while self._recent_rows[0][0] < t_s - RECENT_S:
            self._recent_rows.popleft()
        if pose is None or (self._recent and t_s - self._recent[-1][0] < RECENT_STEP_S):
            return
        self._recent.append(
            (t_s, pose.xy_px, snapshot(rgb, pose.xy_px) if self._pictures and rgb is not None else None)
        )
        while self._recent[0][0] < t_s - RECENT_S:
            self._recent.popleft()

    def _keep_faults(self, done: Movement | Hold) -> None:
        """The moment of each fault: when its signal was furthest from its value at the movement's start."""
        shown = {key.detail for key in self._keys if key.kind == "fault" and done.start_s <= key.t_s <= done.end_s}
        for name in done.faults:
            rule = self._exercise.fault(name) if self._exercise else None
            if rule is None or name in shown:
                continue
            signal = f"{done.side}/{rule.signal}"
            course = [
                (t_s, row.get(signal, np.nan)) for t_s, row in self._recent_rows if done.start_s <= t_s <= done.end_s
            ]
            course = [(t_s, value) for t_s, value in course if np.isfinite(value)]
            if not course:
                continue
            start, sign = course[0][1], -1.0 if rule.below is not None else 1.0
            worst = max(course, key=lambda at: abs(at[1] - start) if rule.either_way else sign * at[1])
            self._keep("fault", worst[0], done.side, done.number, name)

    def _keep(self, kind: KeyKind, t_s: float, side: Side | None, number: int, detail: str) -> None:
        if not self._recent:
            return
        found_s, xy_px, picture = min(self._recent, key=lambda item: abs(item[0] - t_s))
        if abs(found_s - t_s) < 1.0:
            self._keys.append(KeyMoment(t_s, kind, side, number, detail, self._size_px, xy_px, picture))

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
        tables, packed = [], []
        self._spool.seek(0)
        for frames, columns in self._blocks:
            table = np.frombuffer(self._spool.read(4 * frames * columns), np.float32).reshape(frames, columns)
            tables.append(np.pad(table, ((0, 0), (0, len(self._names) - columns)), constant_values=np.nan))
            if self._landmarks:
                packed.append(_unpack(self._spool.read(_ROW.itemsize * frames)))
        self._spool.seek(0, 2)
        values: FloatArray = np.concatenate(tables) if tables else np.empty((0, len(self._names)), np.float32)
        return Timeline(
            t_s=np.array(self._times, np.float64),
            phase=np.array(self._phases, np.str_),
            side=np.array(self._sides, np.str_),
            seen=np.array(self._seen, np.bool_),
            values={name: values[:, i] for name, i in self._names.items()},
            size_px=self._size_px,
            events=tuple(self._events),
            cues=tuple(self._cues),
            keys=tuple(self._keys),
            landmarks=joined_landmarks(packed) if packed else None,
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


def _unpack(data: bytes) -> Landmarks:
    rows = np.frombuffer(data, _ROW)

    def back(field: str, step: float) -> FloatArray:
        return np.where(rows[field] == GONE, np.nan, rows[field] * step).astype(np.float32)

    return Landmarks(back("xy", PX_STEP), back("world", METRE_STEP), (rows["seen"] / 255).astype(np.float32))
