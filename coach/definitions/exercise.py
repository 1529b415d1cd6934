"""What an exercise is: one TOML file, read and checked here. Adding an exercise is adding a file.

Thresholds are data, in degrees, seconds and shares of the body. ``exercises/README.md`` explains every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from coach.definitions.about import About, about_problems
from coach.definitions.rules import Fault, Gate, HoldRule, MovementRule, Name, View
from coach.errors import ExerciseFileError
from coach.i18n.catalog import word_problems
from coach.kinematics.catalogue import SIGNALS
from coach.kinematics.skeleton import joint_problem
from coach.toml import Part, read_toml, shipped_folder, wrong_keys
from coach.types import Kind


class Target(Part):
    """What a set aims at: a number of repetitions or breaths, and a depth to reach for."""

    count: int = Field(ge=1, le=100)
    depth: tuple[float, float]


class Advice(Part):
    """What a camera position cannot vouch for, and what to do about it (keys of ``words``)."""

    view: View
    say: str


class Camera(Part):
    """Where the camera belongs. angle_deg is off frontal for an upright exercise, off side-on for a lying one."""

    where: str
    angle_deg: tuple[float, float]
    distance_m: tuple[float, float]
    advice: tuple[Advice, ...] = ()


class GaugeSpec(Part):
    """A needle on the screen."""

    signal: str
    label: str
    unit: str = "°"
    low: float
    high: float
    target: tuple[float, float]


class Exercise(Part):
    """One exercise, as its file says."""

    schema_: Literal[1] = Field(alias="schema")
    name: Name
    title: str
    kind: Kind
    posture: Literal["upright", "lying"]
    summary: str
    how: tuple[str, ...] = Field(min_length=1)
    side_is: str
    depth_name: str
    target: Target
    camera: Camera
    movement: MovementRule | None = None
    hold: HoldRule | None = None
    gates: tuple[Gate, ...] = ()
    faults: tuple[Fault, ...] = ()
    gauges: tuple[GaugeSpec, ...] = ()
    words: Mapping[str, Mapping[str, str]]
    about: Mapping[str, About] = {}

    @model_validator(mode="after")
    def _whole(self) -> Exercise:
        problems = []
        if (self.kind == "repetitions") != (self.movement is not None) or (self.kind == "hold") != (
            self.hold is not None
        ):
            rules = "movement" if self.kind == "repetitions" else "hold"
            problems.append(f"kind '{self.kind}' needs the table [{rules}] and no other")
        rule = self.movement or self.hold
        named = [part.signal for part in self.faults] + [part.signal for part in self.gates]
        named += [part.signal for part in self.gauges]
        for signal in named + ([rule.signal] if rule else []) + ([rule.depth] if rule else []):
            if signal not in SIGNALS:
                problems.append(f"unknown signal '{signal}'; known: {', '.join(sorted(SIGNALS))}")
        named_joints = (name for fault in self.faults for name in fault.joints)
        problems += [problem for problem in map(joint_problem, named_joints) if problem is not None]
        faults = {*self.correctable, *KIND_REASONS[self.kind], *(gate.reason for gate in self.gates if gate.reason)}
        said = {*COMMON_WORDS, *PHASES[self.kind], *faults, *(advice.say for advice in self.camera.advice)}
        problems += word_problems(self.words, said, WORDS_GIVEN)
        for language, table in self.words.items():
            for key in sorted(faults & set(table)):
                if key != "not_seen" and len(table[key].split()) > MOST_WORDS:
                    problems.append(f"words.{language}.{key} has more than {MOST_WORDS} words")
        problems += about_problems(self.about, len(self.how), [gauge.signal for gauge in self.gauges], faults)
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def in_language(self, language: str) -> About:
        """What is read of it in a language; in English where the file has nothing in that one."""
        return self.about.get(language) or About(
            title=self.title,
            summary=self.summary,
            how=self.how,
            side_is=self.side_is,
            camera_where=self.camera.where,
        )

    def say(self, key: str, language: str = "en", **values: object) -> str:
        """The sentence for a key in a language, English where that language has none."""
        table = self.words.get(language, self.words["en"])
        return table[key].format(**values)

    def translated(self, sentence: str, language: str) -> str:
        """One of the file's English sentences in another language; any other sentence as it is."""
        for key, english in self.words["en"].items():
            if english == sentence:
                return self.words.get(language, self.words["en"])[key]
        return sentence

    def shown_from(self, signal: str, view: str | None) -> bool:
        """Whether a signal can be shown from a view: not if a rule about it says that this view cannot tell."""
        return all(rule.shown_from(view) for rule in self.faults if rule.signal == signal)

    @property
    def correctable(self) -> tuple[str, ...]:
        """Names of the faults that what counts can have: the file's own, then those of its kind."""
        return (*(fault.name for fault in self.faults), "too_fast", *KIND_FAULTS[self.kind])

    def fault(self, name: str) -> Fault | None:
        """The fault of that name, if the file states a rule for it."""
        return next((fault for fault in self.faults if fault.name == name), None)


# What stands in braces in a sentence: in all others nothing may.
WORDS_GIVEN = {"counted": ("count",), "uncounted": ("why",)}
# Sentences that every exercise needs, whatever it is, and those of the phases of a kind.
COMMON_WORDS = ("nobody", "partial", "calibrating", "ready", "counted", "finished", "praise")
PHASES: Mapping[Kind, tuple[str, ...]] = {"repetitions": (), "hold": ("raised", "opening", "holding", "returning")}
# What the judges can name beyond the file's own rules: faults, and reasons why something does not count.
KIND_FAULTS: Mapping[Kind, tuple[str, ...]] = {"repetitions": (), "hold": ("unsteady", "breath_held", "hold_too_short")}
KIND_REASONS: Mapping[Kind, tuple[str, ...]] = {
    "repetitions": ("too_shallow", "not_returned", "not_seen"),
    "hold": ("leg_not_open", "not_seen"),
}
MOST_WORDS = 9  # of a correction: more cannot be heard while moving


def exercises_folder() -> Path:
    """Where the exercise files are: inside an installed package, beside it in a checkout."""
    return shipped_folder("exercises")


@cache
def builtin_names() -> tuple[str, ...]:
    """Names of the exercises that come with the coach."""
    return tuple(sorted(path.stem for path in exercises_folder().glob("*.toml")))


def load_exercise(name_or_path: str | Path) -> Exercise:
    """An exercise by its name, or from a file. Raises ExerciseFileError with file, line or key, and remedy."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in builtin_names():
            raise ExerciseFileError(
                f"unknown exercise '{name_or_path}'",
                f"Choose one of {', '.join(builtin_names())}, or give the path of a .toml file",
            )
        path = exercises_folder() / f"{name_or_path}.toml"
    data = read_toml(path, ExerciseFileError)
    try:
        return Exercise.model_validate(data)
    except ValidationError as error:
        raise ExerciseFileError(
            f"{path}: {wrong_keys(error)}", "Mend these keys; exercises/README.md explains each"
        ) from error


@cache
def title_of(name: str, language: str = "en") -> str:
    """The title of a builtin exercise; its name in plain words where it came from a file that is not known here."""
    try:
        return load_exercise(name).in_language(language).title
    except ExerciseFileError:
        return name.replace("-", " ").capitalize()
