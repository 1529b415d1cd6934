"""What one instant looks like, before any pixel: words, count, gauges, breathing circle, skeleton and marks.

``ScenePresenter`` turns each Moment into a Scene; a guided session makes its own Scenes. The window and the annotated
video draw Scenes and know nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coach.definitions.exercise import Exercise
from coach.definitions.picture import Picture
from coach.i18n.catalog import filled, read_tables
from coach.kinematics.skeleton import joint_rows
from coach.types import Cue, Gauge, Moment, Pose, Side, Status

CUE_SHOWN_S = 4.0  # long enough to read nine words twice
PACE_S = 10.0  # one slow breath when none can be seen: six a minute

# The few words that belong to the screen rather than to an exercise.
LABELS = Path(__file__).parents[1] / "i18n" / "locale" / "labels.toml"


@dataclass(frozen=True, slots=True)
class Count:
    """The number or short word in the ring. value: None draws a dash. fill: share of the ring, 0..1. below: 'of 10'.

    enough: the share from which the set may end, marked by a notch if below 1.
    """

    value: int | str | None
    fill: float
    below: str
    enough: float = 1.0


@dataclass(frozen=True, slots=True)
class Circle:
    """The slow breathing circle. fill: 0 breathed out to 1 breathed in. paced: it leads rather than follows."""

    fill: float
    label: str
    paced: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of a check list. state: True, False, or None if unknown."""

    label: str
    state: bool | None


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it currently does."""

    name: str
    does: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to stand or lie. side: of the moving leg, which lies away from the camera. words: how to turn."""

    posture: Literal["upright", "lying"]
    side: Side
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A frame of the animated picture. t_s: any time that rises while it is shown."""

    picture: Picture
    exercise: str
    side: Side
    t_s: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The pain scale from 0 to 10. chosen: None until a number is typed. least, most: what its ends mean."""

    chosen: int | None
    least: str
    most: str


Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Words to read over the picture: a heading, tables of rows of cells, and paragraphs."""

    heading: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything drawn over one picture. Whatever is empty or None is not drawn.

    pose: in pixels of a picture of pose_size_px. marks: rows of the pose that the sentence is about; it then begins
    with the shape that marks them. ticks: a check list; silhouette: a body outline to stand or lie in; place: a small
    map; figure: the animated picture, in place of the map; big: one large number, in place of the count; keys: a row at
    the bottom; hints: a line of further keys below the sentence; notes: sentences below the count or the figure.
    """

    title: str = ""
    subtitle: str = ""
    sentence: str = ""
    hints: str = ""
    keys: tuple[Key, ...] = ()
    count: Count | None = None
    gauges: tuple[Gauge, ...] = ()
    circle: Circle | None = None
    pose: Pose | None = None
    pose_size_px: tuple[int, int] = (1, 1)
    marks: tuple[int, ...] = ()
    ticks: tuple[Tick, ...] = ()
    silhouette: Spot | None = None
    place: Spot | None = None
    figure: Figure | None = None
    big: str = ""
    scale: Scale | None = None
    page: Page | None = None
    notes: tuple[str, ...] = ()


class ScenePresenter:
    """Turns moments into scenes, and keeps a cue on the screen long enough to read."""

    def __init__(self, exercises: Sequence[Exercise], language: str = "en") -> None:
        self._exercises = {exercise.name: exercise for exercise in exercises}
        self._language = language
        self._labels = labels(language)
        self._cue: Cue | None = None

    def scene(self, moment: Moment) -> Scene:
        """The scene of this moment. Call in order of time."""
        status = moment.status
        exercise = self._exercises.get(status.exercise)
        cue = self._current(moment)
        sentence = cue.text if cue else self._waiting(exercise, status)
        holding = status.phase == "holding"
        return Scene(
            title=exercise.in_language(self._language).title if exercise else status.exercise,
            subtitle=self._labels[status.side] if status.side else "",
            sentence=sentence,
            count=self._count(exercise, status),
            gauges=tuple(gauge for gauge in status.gauges if not holding or gauge is not status.gauges[0]),
            circle=self._circle(moment.t_s, status) if holding else None,
            pose=moment.observation.pose,
            pose_size_px=moment.observation.size_px,
            marks=joint_rows(cue.joints, status.side) if cue else (),
        )

    def _current(self, moment: Moment) -> Cue | None:
        """The newest cue, unless it is old. When the person is out of sight, what to do is more urgent."""
        if moment.cue is not None and not moment.cue.text.isdigit():  # numbers are in the ring
            self._cue = moment.cue
        elif self._cue is not None and not 0 <= moment.t_s - self._cue.t_s < CUE_SHOWN_S:
            self._cue = None
        if self._cue is not moment.cue and moment.status.phase in ("nobody", "partial"):
            self._cue = None
        return self._cue

    def _waiting(self, exercise: Exercise | None, status: Status) -> str:
        if exercise is None or status.waiting_for not in exercise.words["en"]:
            return ""
        return exercise.say(status.waiting_for, self._language)

    def _count(self, exercise: Exercise | None, status: Status) -> Count:
        least = full = status.target
        if exercise is not None and exercise.hold is not None:
            least, full = exercise.hold.least_breaths, exercise.hold.most_breaths
        if full <= 0:
            return Count(status.count, 0.0, "")
        goal = f"{least}–{full}" if least < full else str(full)
        return Count(status.count, min(1.0, status.count / full), f"{self._labels['of']} {goal}", least / full)

    def _circle(self, t_s: float, status: Status) -> Circle:
        phase, paced = status.breath_phase, False
        if not math.isfinite(phase):
            phase, paced = (t_s % PACE_S) / PACE_S, True
        phase %= 1.0
        label = self._labels["in" if phase < 0.5 else "out"]
        return Circle(0.5 - 0.5 * math.cos(2 * math.pi * phase), label, paced)


def labels(language: str) -> Mapping[str, str]:
    """The words of the screen in a language, English if it is unknown."""
    return filled(read_tables(LABELS), language)
