"""Observations in a file, so that a video can be judged again without the model and without the pictures.

A recording is a ZIP archive of NumPy arrays; ``numpy.load`` opens it. It is written while the video is watched, in
chunks of 512 frames, so that memory does not grow. For chunk 00000, n frames of which k show the subject and c have
chest motion:

    00000.t_s         float64 (n,)             seconds from the start
    00000.size_px     int32   (n, 2)           width and height of the analysed picture
    00000.people      uint8   (n,)             persons found
    00000.brightness  float32 (n,)             mean of the picture, 0..255; NaN if not taken
    00000.sharpness   float32 (n,)             NaN if not taken
    00000.seen        bool    (n,)             whether the subject was found (k are true)
    00000.xy_px       float32 (k, 33, 2)       joints in the picture, rounded to a 64th of a pixel
    00000.world_m     float16 (k, 33, 3)       joints in metres, from the middle of the hips
    00000.visibility  uint8   (k, 33)          0..255 for 0..1
    00000.chest       bool    (n,)             whether chest motion was measured (c are true)
    00000.chest_px    float16 (c, 12, 20, 2)   see coach/perception/trunk_flow.py
    00000.moved       bool    (n,)             whether motion was measured (m are true)
    00000.motion      float16 (m, 17, 3)       see coach/perception/motion.py
    00000.verticals   float16 (n, 2)           see coach/perception/verticals.py; NaN if not measured
    header.json                                see Header; written last, so that an incomplete recording is noticed

This is format 3. Format 2 has no verticals, and format 1 no motion either; they are read as if none had been measured.

The observer rounds to this precision before anything is judged (coach/perception/quantize.py): judging a recording
gives exactly the same result as judging the video.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach import __version__
from coach.closing import Closing
from coach.errors import CoachError, OutputError, RecordingError, SourceUnreadableError
from coach.files import check_name
from coach.i18n.result_notes import Note
from coach.leftovers import part_of
from coach.perception.quantize import rounded, visibility_from_byte, visibility_to_byte
from coach.reading import LONGEST_S, parse_json, read_array
from coach.types import JOINTS, Observation, Part, Pose
from coach.video.file import check_readable

FORMAT = "exercise-coach observations"
VERSION = 3
READABLE = (1, 2, 3)
SINCE = {"moved": 2, "motion": 2, "verticals": 3}  # formats
CHUNK = 512
LARGEST_HEADER_BYTES = 64 * 2**10  # of header.json, and of an array's own header
MOST_FRAMES = 10_000_000  # four days at 30 pictures a second
REMEDY = "Record the video again with 'coach record'"


@dataclass(frozen=True, slots=True)
class Header:
    """A recording's metadata. duration_s is that of the video, NaN if unknown; fps the highest rate sampled.

    notes: what was wrong with the video.
    """

    source: str
    duration_s: float
    fps: float
    frames: int = 0
    format: str = FORMAT
    version: int = VERSION
    coach: str = __version__
    notes: tuple[Note, ...] = ()


class Recorder:
    """Writes a recording. A context manager: the file appears whole on leaving it, or not at all after an error.

    Raises OutputError when it cannot be written.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = check_name(Path(path))
        self._part = part_of(self.path)
        self._waiting: list[Observation] = []
        self._chunks = 0
        self._frames = 0
        self._header: Header | None = None
        try:
            self._zip = zipfile.ZipFile(self._part, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        except OSError as error:
            raise self._error(error) from error

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            if self._part.exists():
                _close_quietly(self._zip)
                self._part.unlink()

    def add(self, observation: Observation) -> None:
        """Add one observation, rounded as by ``coach.perception.quantize.rounded``."""
        self._waiting.append(observation)
        self._frames += 1
        if len(self._waiting) == CHUNK:
            self._write_chunk()

    def keep(self, observations: Iterable[Observation]) -> Iterator[Observation]:
        """The same observations, each kept as it passes."""
        for observation in observations:
            self.add(observation)
            yield observation

    def describe(self, source: str, duration_s: float, fps: float, notes: Sequence[Note] = ()) -> None:
        """Say where the observations come from. Must be called once, before the end."""
        self._header = Header(source, duration_s, fps, notes=tuple(notes))

    def _finish(self) -> None:
        if self._header is None:
            raise ValueError("describe() was not called")
        self._write_chunk()
        fields = {**asdict(self._header), "frames": self._frames}
        fields["duration_s"] = None if math.isnan(self._header.duration_s) else self._header.duration_s
        try:
            self._zip.writestr("header.json", json.dumps(fields))
            self._zip.close()
            self._part.replace(self.path)
        except OSError as error:
            raise self._error(error) from error

    def _write_chunk(self) -> None:
        if not self._waiting:
            return
        try:
            for name, array in _to_arrays(self._waiting).items():
                with self._zip.open(f"{self._chunks:05d}.{name}.npy", "w") as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
        except OSError as error:
            raise self._error(error) from error
        self._waiting.clear()
        self._chunks += 1

    def _error(self, error: OSError) -> OutputError:
        why = error.strerror or str(error)
        return OutputError(f"{self.path}: cannot be written ({why})", "Choose a folder that exists and has room")


class Recording(Closing):
    """A recording, opened for reading. A context manager; can be iterated repeatedly, in order of time.

    Raises SourceNotFoundError, SourceUnreadableError or RecordingError on opening, RecordingError while reading.
    """

    def __init__(self, path: str | Path) -> None:
        check_readable(path)
        self.path = Path(path)
        try:
            self._zip = zipfile.ZipFile(self.path)
        except Exception as error:  # a damaged archive may raise anything
            raise RecordingError(f"{self.path}: is a damaged recording", REMEDY) from error
        try:
            self.header = self._read_header()
        except BaseException:
            self._zip.close()
            raise

    def close(self) -> None:
        """Release the file."""
        self._zip.close()

    @property
    def source(self) -> str:
        """The video that was recorded."""
        return self.header.source

    @property
    def duration_s(self) -> float:
        """Length of that video in seconds, NaN if it did not say."""
        return self.header.duration_s

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was wrong with that video even though it could be analysed."""
        return self.header.notes

    def __iter__(self) -> Iterator[Observation]:
        for chunk in range(math.ceil(self.header.frames / CHUNK)):
            try:
                arrays = {name: self._read_array(f"{chunk:05d}.{name}.npy") for name in self._names()}
                observations = list(_from_arrays(_agreeing(arrays)))
            except Exception as error:  # a damaged archive may raise anything from ZIP, zlib or NumPy
                raise RecordingError(f"{self.path}: is damaged in part {chunk}", REMEDY) from error
            yield from observations

    def _names(self) -> list[str]:
        return [name for name in _SHAPES if self.header.version >= SINCE.get(name, 1)]

    def _read_header(self) -> Header:
        try:
            if self._zip.getinfo("header.json").file_size > LARGEST_HEADER_BYTES:
                raise ValueError("its header is too large")
            fields = parse_json(self._zip.read("header.json"))
        except KeyError as error:
            raise RecordingError(f"{self.path}: is not a recording of the coach", REMEDY) from error
        except Exception as error:
            raise RecordingError(f"{self.path}: is a damaged recording", REMEDY) from error
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise RecordingError(f"{self.path}: is not a recording of the coach", REMEDY)
        if fields.get("version") not in READABLE:
            raise RecordingError(
                f"{self.path}: has format {fields.get('version')}, this coach reads formats up to {VERSION}",
                f"Install a newer coach; it was written by {fields.get('coach', 'an unknown one')}",
            )
        try:
            duration = fields["duration_s"]
            if not 0 <= fields["frames"] <= MOST_FRAMES:
                raise ValueError("it has too many frames")
            return Header(
                source=str(fields["source"]),
                duration_s=math.nan if duration is None else float(duration),
                fps=float(fields["fps"]),
                frames=int(fields["frames"]),
                version=int(fields["version"]),
                coach=str(fields["coach"]),
                notes=tuple(_note(entry) for entry in fields.get("notes", ())),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise RecordingError(f"{self.path}: is a damaged recording", REMEDY) from error

    def _read_array(self, name: str) -> NDArray[Any]:
        dtype, shape = _SHAPES[name.split(".")[1]]
        largest = CHUNK * math.prod(shape) * np.dtype(dtype).itemsize + LARGEST_HEADER_BYTES
        if self._zip.getinfo(name).file_size > largest:  # ZIP never yields more than this
            raise ValueError(f"{name} is too large")
        with self._zip.open(name) as member:
            array = read_array(member, (dtype,), (None, *shape))
            member.read()  # to the end, where the checksum is checked
        return array


def is_recording(path: str | Path) -> bool:
    """Whether a file is a recording, by its first bytes: no video begins like a ZIP archive."""
    try:
        if not Path(path).is_file():  # reading a pipe would block
            return False
        with Path(path).open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def check_unrecorded(path: str | Path) -> None:
    """Check that a file is no recording, where only a video will do. Raises SourceUnreadableError."""
    if not is_recording(path):
        return
    try:
        Recording(path).close()
    except CoachError:  # an archive of something else, of which the video's reader says what it is not
        return
    raise SourceUnreadableError(f"{path}: is a recording already, not a video", f"Run: coach analyse {path}")


# dtype and trailing shape of every array of a chunk.
_SHAPES: Mapping[str, tuple[Any, tuple[int, ...]]] = {
    "t_s": (np.float64, ()),
    "size_px": (np.int32, (2,)),
    "people": (np.uint8, ()),
    "brightness": (np.float32, ()),
    "sharpness": (np.float32, ()),
    "seen": (np.bool_, ()),
    "xy_px": (np.float32, (JOINTS, 2)),
    "world_m": (np.float16, (JOINTS, 3)),
    "visibility": (np.uint8, (JOINTS,)),
    "chest": (np.bool_, ()),
    "chest_px": (np.float16, (12, 20, 2)),
    "moved": (np.bool_, ()),
    "motion": (np.float16, (len(Part), 3)),
    "verticals": (np.float16, (2,)),
}


_UNKNOWN = (math.nan,) * 2


def _to_arrays(observations: list[Observation]) -> dict[str, NDArray[Any]]:
    kept = [rounded(observation) for observation in observations]
    poses = [o.pose for o in kept if o.pose is not None]
    columns: dict[str, list[Any]] = {
        "t_s": [o.t_s for o in kept],
        "size_px": [o.size_px for o in kept],
        "people": [min(o.people, 255) for o in kept],
        "brightness": [o.brightness for o in kept],
        "sharpness": [o.sharpness for o in kept],
        "seen": [o.pose is not None for o in kept],
        "xy_px": [pose.xy_px for pose in poses],
        "world_m": [pose.world_m for pose in poses],
        "visibility": [visibility_to_byte(pose.visibility) for pose in poses],
        "chest": [o.chest_px is not None for o in kept],
        "chest_px": [o.chest_px for o in kept if o.chest_px is not None],
        "moved": [o.motion is not None for o in kept],
        "motion": [o.motion for o in kept if o.motion is not None],
        "verticals": [_UNKNOWN if o.verticals is None else o.verticals for o in kept],
    }
    return {
        name: np.asarray(values, _SHAPES[name][0]).reshape(len(values), *_SHAPES[name][1])
        for name, values in columns.items()
    }


def _agreeing(arrays: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """The arrays of a chunk, checked to have one row per item. Raises ValueError."""
    frames, seen = len(arrays["t_s"]), int(arrays["seen"].sum())
    rows = {"xy_px": seen, "world_m": seen, "visibility": seen, "chest_px": int(arrays["chest"].sum())}
    if "moved" in arrays:
        rows["motion"] = int(arrays["moved"].sum())
    for name, array in arrays.items():
        if len(array) != rows.get(name, frames):
            raise ValueError(f"{name} has {len(array)} rows")
    if not (np.abs(arrays["t_s"]) <= LONGEST_S).all() or not (np.abs(arrays["size_px"]) <= 2**20).all():
        raise ValueError("times or sizes are out of range")
    return arrays


def _from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Iterator[Observation]:
    xy, world = arrays["xy_px"], arrays["world_m"].astype(np.float32)
    visibility, chest = visibility_from_byte(arrays["visibility"]), arrays["chest_px"].astype(np.float32)
    moved = arrays.get("moved", np.zeros(len(arrays["t_s"]), bool))
    motion = arrays.get("motion", np.empty((0, len(Part), 3))).astype(np.float32)
    verticals = arrays.get("verticals", np.full((len(arrays["t_s"]), 2), np.nan)).astype(np.float32)
    for array in (xy, world, chest, motion, verticals):
        array.flags.writeable = False
    # Which row of the sparser arrays belongs to a frame.
    pose_row = np.cumsum(arrays["seen"]) - 1
    chest_row = np.cumsum(arrays["chest"]) - 1
    motion_row = np.cumsum(moved) - 1
    for i, t_s in enumerate(arrays["t_s"]):
        row = pose_row[i]
        width, height = arrays["size_px"][i]
        yield Observation(
            t_s=float(t_s),
            size_px=(int(width), int(height)),
            pose=Pose(xy[row], world[row], visibility[row]) if arrays["seen"][i] else None,
            people=int(arrays["people"][i]),
            chest_px=chest[chest_row[i]] if arrays["chest"][i] else None,
            motion=motion[motion_row[i]] if moved[i] else None,
            verticals=verticals[i] if np.isfinite(verticals[i]).all() else None,
            brightness=float(arrays["brightness"][i]),
            sharpness=float(arrays["sharpness"][i]),
        )


def _note(entry: Any) -> Note:
    return Note(str(entry["key"]), {str(name): float(value) for name, value in entry["values"].items()})


def _close_quietly(archive: zipfile.ZipFile) -> None:
    try:
        archive.close()
    except (OSError, ValueError):
        archive.fp = None
