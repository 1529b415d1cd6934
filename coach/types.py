"""The types that flow between the stages. Everything is frozen, arrays are read-only, and names carry units.

frames -> pose + motion -> signals -> judge -> cues -> front ends
Frame     Observation      Signals    Event    Cue     Moment
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
Kind = Literal["repetitions", "hold"]

FloatArray = NDArray[np.float32]
Picture = NDArray[np.uint8]


def other_side(side: Side) -> Side:
    """The opposite side."""
    return "right" if side == "left" else "left"


class Joint(IntEnum):
    """Rows of a pose: MediaPipe's 33 landmarks, of which these are used by name. Left is the person's left."""

    NOSE = 0
    LEFT_EAR = 7
    RIGHT_EAR = 8
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_TOE = 31
    RIGHT_TOE = 32


JOINTS = 33


class Part(IntEnum):
    """Rows of a motion: parts that move on their own, how two broad parts turn, and how the camera moves.

    A foot has two rows: one from the slower half of the points on and near it, right for a foot planted under a moving
    leg; and one from the points that moved with the fastest, right for a foot moving over the floor.
    """

    LEFT_FOOT = 0
    RIGHT_FOOT = 1
    LEFT_SHANK = 2
    RIGHT_SHANK = 3
    LEFT_KNEE = 4
    RIGHT_KNEE = 5
    LEFT_THIGH = 6
    RIGHT_THIGH = 7
    PELVIS = 8
    TRUNK = 9
    HEAD = 10
    LEFT_FOOT_MOVING = 11
    RIGHT_FOOT_MOVING = 12
    CAMERA = 13
    PELVIS_TURN = 14
    TRUNK_TURN = 15
    CAMERA_TURN = 16


_ROWS = {each.name.lower(): int(each) for each in Joint}


def joint(name: str, side: Side) -> int:
    """The row of a paired joint: ``joint("knee", "left")`` is 25."""
    return _ROWS[f"{side}_{name}"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture with its true time.

    t_s: seconds from the start of the source. rgb: (height, width, 3) uint8, never mirrored.
    """

    t_s: float
    rgb: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where one person's joints are.

    xy_px: (33, 2) in the pixels of the analysed picture, y downwards. world_m: (33, 3) metres, origin between the
    hips, x right, y down, z away from the camera. visibility: (33,) 0..1, the estimator's own estimate.
    """

    xy_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """What was seen in one frame: everything that judging may know.

    pose: the subject, or None if nobody was found. people: persons found, a lower bound.
    chest_px: (12, 20, 2) mean image motion over the trunk since it was last measured, without the camera's, in pixels
    of a trunk box 160 px long, or None if it was not measured. brightness: mean grey level of the picture, 0..255.
    sharpness: variance of the Laplacian over the person, in squared grey levels, in a box at most 480 px long
    (coach.perception.sharpness). Both are NaN if not measured. motion: (len(Part), 3) how each part moved since that
    was last measured, in pixels of this picture, and the confidence, 0..1 (coach.perception.motion); None at the start
    or after a gap. verticals: (2,) how much more what is upright leans a width of the picture farther to the right, as
    a tangent, and the standard error of that (coach.perception.verticals); None if it was not measured.
    """

    t_s: float
    size_px: tuple[int, int]
    pose: Pose | None
    people: int = 0
    chest_px: FloatArray | None = None
    brightness: float = float("nan")
    sharpness: float = float("nan")
    motion: FloatArray | None = None
    verticals: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Named measurements of one frame for one moving side; NaN if a value cannot be measured."""

    t_s: float
    side: Side
    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        try:
            return self.values[name]
        except KeyError:
            return float("nan")


@dataclass(frozen=True, slots=True)
class Movement:
    """One judged repetition, counted or not (the JSON contract's ``movements``).

    fault_ways: of faults that have two directions, the name of the one that was seen.
    """

    number: int
    side: Side
    start_s: float
    peak_s: float
    end_s: float
    counted: bool
    uncounted_reason: str | None
    faults: tuple[str, ...]
    depth: float
    depth_interval: tuple[float, float]
    lowering_s: float
    raising_s: float
    not_judged: tuple[str, ...] = ()
    fault_ways: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hold:
    """One judged hold (the JSON contract's ``holds``)."""

    number: int
    side: Side
    start_s: float
    end_s: float
    breaths: int | None
    breath_start_s: tuple[float, ...]
    breath_rate_per_min: float
    breath_quality: float
    depth: float
    counted: bool
    uncounted_reason: str | None
    faults: tuple[str, ...]
    not_judged: tuple[str, ...] = ()
    depth_interval: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def held_s(self) -> float:
        """Length of the hold in seconds."""
        return self.end_s - self.start_s


EventName = Literal[
    "lost",
    "returned",
    "calibrated",
    "phase",
    "movement",
    "other_side",
    "hold_began",
    "breath",
    "fault_began",
    "fault_ended",
    "hold",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a time in the video. ``detail``: name of a phase, fault or reason.

    other_side: it was done on the side that was not asked for; ``side`` is the requested one.
    """

    t_s: float
    name: EventName
    side: Side | None = None
    detail: str = ""
    movement: Movement | None = None
    hold: Hold | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence for the person. key: its name in the exercise file; joints: those it is about, to be marked."""

    t_s: float
    key: str
    text: str
    priority: int
    joints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gauge:
    """A needle: the value in its unit, the range to draw and the target zone (low, high)."""

    name: str
    label: str
    value: float
    unit: str
    low: float
    high: float
    target: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Status:
    """What a judge knows at one moment.

    phase: one of nobody, partial, calibrating, ready, moving (repetitions) and nobody, partial, calibrating, ready,
    raised, opening, holding, returning (holds). count and target are repetitions or breaths. waiting_for: the key
    of the sentence that says what comes next.
    """

    exercise: str
    kind: Kind
    phase: str
    waiting_for: str
    side: Side | None = None
    count: int = 0
    target: int = 0
    held_s: float = 0.0
    breath_quality: float = float("nan")
    breath_phase: float = float("nan")
    gauges: tuple[Gauge, ...] = ()
    faults: tuple[str, ...] = ()
    view_angle_deg: float = float("nan")
    view_advice: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a judge says of one observation."""

    status: Status
    events: tuple[Event, ...] = ()
    signals: Mapping[Side, Signals] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Everything a front end needs to show one instant; it sees nothing else."""

    t_s: float
    observation: Observation
    status: Status
    events: tuple[Event, ...] = ()
    cue: Cue | None = None
    signals: Mapping[Side, Signals] = field(default_factory=dict)
