"""Defines an exercise: one TOML file, read and checked here. To add an exercise, add a file.

Thresholds are data, in degrees, seconds and body proportions. ``exercises/README.md`` explains every key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, model_validator

from coach.definitions.about import About, about_problems
from coach.definitions.picture import Picture
from coach.definitions.rules import Fault, Gate, HoldRule, Level, MovementRule, Name, View
from coach.errors import ExerciseFileError
from coach.i18n.catalog import word_problems
from coach.i18n.result_notes import MISSING, sentences
from coach.kinematics.catalogue import SIGNALS
from coach.toml import Part, builtin, named_file, parse_toml, read_toml_text, shipped_folder, validated
from coach.types import Kind
from coach.units import unit_of

Angle = Annotated[float, Field(ge=0, le=180)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Table = TypeVar("Table", bound=Part)


def _rises(table: Table, key: str, span: tuple[float, float]) -> Table:
    """The table itself, if the range under this key rises."""
    if not span[0] < span[1]:
        raise ValueError(f"{key}: its first number must be below its second")
    return table


BodyPart = Literal["shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe"]
WHOLE_BODY: tuple[BodyPart, ...] = ("shoulder", "hip", "knee", "ankle", "heel", "toe")


class Target(Part):
    """The target of a set: a number of repetitions or breaths, and a depth to reach."""

    count: int = Field(ge=1, le=100)
    depth: tuple[Level, Level]

    @model_validator(mode="after")
    def _rising(self) -> Target:
        return _rises(self, "depth", self.depth)


class Advice(Part):
    """What a camera position cannot show, and what to do about it (keys of ``words``); of several for a view the first
    whose ``below_deg`` is over its angle."""

    view: View
    say: str
    below_deg: float = Field(default=180.0, gt=0, le=180)


class Camera(Part):
    """Where the camera belongs. angle_deg: from frontal for upright exercises, from side-on for lying ones.

    needs: joints, on both sides, that must be in view.
    """

    where: str
    angle_deg: tuple[Angle, Angle]
    needs: tuple[BodyPart, ...] = Field(default=WHOLE_BODY, min_length=1)
    advice: tuple[Advice, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _rising(self) -> Camera:
        return _rises(self, "angle_deg", self.angle_deg)


class GaugeSpec(Part):
    """A needle on the screen."""

    signal: str
    label: str
    unit: str = "°"
    low: Level
    high: Level
    target: tuple[Level, Level]

    @model_validator(mode="after")
    def _inside(self) -> GaugeSpec:
        if not self.low <= self.target[0] < self.target[1] <= self.high:
            raise ValueError("must rise: low, the two ends of target, high")
        return self


class Exercise(Part):
    """One exercise, as defined by its file. on_a_step: the person is never asked to step back or aside.

    amount and tempo: how much and how slowly, for steps that contain ``{amount}`` or ``{tempo}``; amount_one: of one.
    """

    schema_: Literal[1] = Field(alias="schema")
    name: Name
    title: str
    kind: Kind
    posture: Literal["upright", "lying"]
    on_a_step: bool = False
    summary: str
    how: tuple[str, ...] = Field(min_length=1, max_length=30)
    amount: str = "{count}"
    amount_one: str = ""
    tempo: str = ""
    side_is: str
    depth_name: str = Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*_(deg|pct)$", max_length=60)
    target: Target
    camera: Camera
    movement: MovementRule | None = None
    hold: HoldRule | None = None
    gates: tuple[Gate, ...] = Field(default=(), max_length=50)
    faults: tuple[Fault, ...] = Field(default=(), max_length=30)
    gauges: tuple[GaugeSpec, ...] = Field(default=(), max_length=10)
    picture: Picture | None = None
    words: Mapping[Language, Mapping[str, str]]
    about: Mapping[Language, About] = {}

    @model_validator(mode="after")
    def _whole(self) -> Exercise:
        problems = []
        if (self.kind == "repetitions") != (self.movement is not None) or (self.kind == "hold") != (
            self.hold is not None
        ):
            rules = "movement" if self.kind == "repetitions" else "hold"
            problems.append(f"kind '{self.kind}' needs the table [{rules}] and no other")
        problems += self._beyond_any_judge()
        if "_interval_" in self.depth_name:
            problems.append(f"depth_name '{self.depth_name}' cannot hold 'interval', which the result adds by itself")
        rule = self.movement or self.hold
        for signal in self.signals:
            if signal not in SIGNALS:
                problems.append(f"unknown signal '{signal}'; known: {', '.join(sorted(SIGNALS))}")
        if rule is not None and rule.depth in SIGNALS and unit_of(self.depth_name) != unit_of(rule.depth):
            problems.append(f"depth_name '{self.depth_name}' must end in the unit of '{rule.depth}'")
        faults = {*self.correctable, *self.reasons, *self.ways}
        said = {*COMMON_WORDS, *PHASES[self.kind], *faults, *(advice.say for advice in self.camera.advice)}
        problems += word_problems(self.words, said, WORDS_GIVEN)
        for language, table in self.words.items():
            for key in sorted(faults & set(table)):
                if key != "not_seen" and len(table[key].split()) > MOST_WORDS:
                    problems.append(f"words.{language}.{key} has more than {MOST_WORDS} words")
        problems += about_problems(self.about, len(self.how), [gauge.signal for gauge in self.gauges], faults)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _beyond_any_judge(self) -> Iterator[str]:
        """Valid-looking settings that would never be judged, or not as written: rejected up front."""
        if self.posture != POSTURES[self.kind]:
            yield f"kind '{self.kind}' is judged of somebody {POSTURES[self.kind]}, and posture is '{self.posture}'"
        if self.gates and not GATED[self.kind]:
            yield f"[[gates]] are not looked at in kind '{self.kind}'"
        yield from self._unjudged_faults()
        if self.movement is not None:
            for name in self.movement.instead:
                if self.fault(name) is None:
                    yield f"movement.instead: there is no fault '{name}'"
        for number, advice in enumerate(self.camera.advice, start=1):
            if advice.view not in VIEWS[self.posture]:
                yield f"camera.advice.{number}.view: nobody {self.posture} is seen from '{advice.view}'"
            if advice.say in WORDS_GIVEN:
                yield f"camera.advice.{number}.say: '{advice.say}' is said of something else"

    def _unjudged_faults(self) -> Iterator[str]:
        names = [name for fault in self.faults for name in (fault.name, *(fault.ways or ()))]
        own = {*COMMON_WORDS, *WORDS_GIVEN, *self._own_reasons, *KIND_FAULTS[self.kind], *PHASES[self.kind]}
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                yield f"[[faults]] has '{name}' more than once"
            if name in own | {"too_fast", "moving"}:
                yield f"[[faults]] has '{name}', which means something else"
        for number, fault in enumerate(self.faults, start=1):
            if self.kind == "hold" and fault.absolute:
                yield f"faults.{number}.absolute: in a hold every bound is for the value itself; leave it out"
            if self.kind == "hold" and fault.ways is not None:
                yield f"faults.{number}.ways: the directions of a hold's faults are not told; leave it out"
            if self.kind == "repetitions" and fault.share > 0:
                yield f"faults.{number}.share: a repetition is not judged by it; leave it out"
            if fault.views and not set(fault.views) & set(VIEWS[self.posture]):
                yield f"faults.{number}.views: from none of them somebody {self.posture} is seen"
            if set(fault.found_from) & set(fault.views) or (fault.found_from and not fault.views):
                yield f"faults.{number}.found_from: 'views' names those from which it can be told anyway"

    def in_language(self, language: str) -> About:
        """Its texts in a language; in English if the file has none in that language.

        In the summary and the steps, ``{amount}`` is the target of a set, such as ``10 repetitions``, ``{count}`` its
        number alone, and ``{tempo}`` how slowly.
        """
        about = self.about.get(language) or About(
            title=self.title,
            summary=self.summary,
            how=self.how,
            amount=self.amount,
            amount_one=self.amount_one,
            tempo=self.tempo,
            side_is=self.side_is,
            camera_where=self.camera.where,
        )

        def filled(text: str) -> str:
            text = text.replace("{amount}", about.amount_of(self.asked_for)).replace("{tempo}", about.tempo)
            return text.replace("{count}", self.asked_for)

        return about.model_copy(update={"summary": filled(about.summary), "how": tuple(map(filled, about.how))})

    @property
    def asked_for(self) -> str:
        """How many repetitions, breaths or seconds a set asks for: ``10``, ``6–8``."""
        if self.hold is not None and self.hold.hold_s is not None:
            return f"{self.hold.hold_s:g}"
        if self.hold is None or self.hold.least_breaths == self.hold.most_breaths:
            return str(self.target.count if self.hold is None else self.hold.most_breaths)
        return f"{self.hold.least_breaths}–{self.hold.most_breaths}"

    def say(self, key: str, language: str = "en", **values: object) -> str:
        """The sentence for a key in a language, English if that language has none."""
        table = self.words.get(language, self.words["en"])
        return table[key].format(**values)

    def translated(self, sentence: str, language: str) -> str:
        """What a result says in English of the view, one or more of the file's sentences, in another language.

        Any other sentence stays as it is.
        """
        return translated(sentence, language, [self])

    def shown_from(self, signal: str, view: str | None, angle_deg: float) -> bool:
        """Whether a signal can be shown from a view: not if a rule about it excludes that view, nor the depth of a hold
        from where it cannot be told."""
        if self.hold is not None and signal == self.hold.depth and not self.hold.depth_shown_from(view, angle_deg):
            return False
        return all(rule.shown_from(view) for rule in self.faults if rule.signal == signal)

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals used by its rules, gates and needles, each once."""
        rule = self.movement or self.hold
        names = [rule.signal, rule.depth] if rule else []
        names += [self.movement.depth_error] if self.movement and self.movement.depth_error else []
        names += [self.hold.start_signal] if self.hold and self.hold.start_signal else []
        names += [gate.signal for gate in self.gates] + [fault.signal for fault in self.faults]
        names += [gauge.signal for gauge in self.gauges]
        return tuple(dict.fromkeys(names))

    @property
    def correctable(self) -> tuple[str, ...]:
        """Names of the faults that counted items can have: the file's own, then those of its kind."""
        return (*(fault.name for fault in self.faults), "too_fast", *KIND_FAULTS[self.kind])

    @property
    def ways(self) -> tuple[str, ...]:
        """Names of the directions of those faults that have two."""
        return tuple(name for fault in self.faults for name in fault.ways or ())

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why an item may not count: of its kind, of its rule, what was done instead, what a gate refuses."""
        instead = self.movement.instead if self.movement is not None else ()
        gates = (gate.reason for gate in self.gates if gate.reason is not None)
        return tuple(dict.fromkeys((*self._own_reasons, *instead, *gates)))

    @property
    def not_enough(self) -> tuple[str, ...]:
        """Of these, those with which more, or more of the way, would have counted."""
        return tuple(name for name in self._own_reasons if name != "not_seen")

    @property
    def asks_for_more(self) -> frozenset[str]:
        """Faults and reasons whose sentence asks to go further or to stay longer."""
        return frozenset(("too_shallow", "hold_too_short", *((self.hold.counts_reason,) if self.hold else ())))

    @property
    def _own_reasons(self) -> tuple[str, ...]:
        if self.hold is None:
            return KIND_REASONS[self.kind]
        start = (self.hold.start_reason,) if self.hold.start_reason is not None else ()
        return (*start, self.hold.counts_reason, *KIND_REASONS[self.kind])

    def fault(self, name: str) -> Fault | None:
        """The fault of that name, if the file has a rule for it."""
        return next((fault for fault in self.faults if fault.name == name), None)


def translated(sentence: str, language: str, exercises: Iterable[Exercise]) -> str:
    """What a result says in English of the view in another language; the sentences may be of any of the exercises."""
    known = dict(zip(sentences(MISSING), sentences(MISSING, language), strict=True))
    for exercise in exercises:
        there = exercise.words.get(language, exercise.words["en"])
        known |= {english: there[key] for key, english in exercise.words["en"].items()}
    return " ".join(known.get(each, each) for each in _one_by_one(sentence, known))


def parted(sentence: str, exercises: Collection[Exercise]) -> tuple[str, str]:
    """What a result says in English of the view where nothing counted: why, and what the camera's place cannot show."""
    known = {*sentences(MISSING), *(english for exercise in exercises for english in exercise.words["en"].values())}
    of_camera = {exercise.say(each.say) for exercise in exercises for each in exercise.camera.advice}
    told = _one_by_one(sentence, known)
    why, camera = ([each for each in told if (each in of_camera) == is_camera] for is_camera in (False, True))
    return " ".join(why), " ".join(camera)


def _one_by_one(sentence: str, known: Collection[str]) -> list[str]:
    """The sentences of which one consists, as far as they are known, and the rest as it is."""
    said: list[str] = []
    while sentence and sentence not in known:
        first = next((english for english in known if sentence.startswith(f"{english} ")), None)
        if first is None:
            break
        said.append(first)
        sentence = sentence.removeprefix(f"{first} ")
    return [*said, sentence]


# The placeholders allowed in each sentence; none in all others.
WORDS_GIVEN = {"counted": ("count",), "uncounted": ("why",)}
# Sentences that every exercise needs, and those for the phases of each kind.
COMMON_WORDS = ("nobody", "partial", "calibrating", "ready", "counted", "finished", "praise")
PHASES: Mapping[Kind, tuple[str, ...]] = {"repetitions": (), "hold": ("raised", "opening", "holding", "returning")}
# What the judges can report beyond the file's own rules: faults, and reasons why something does not count.
KIND_FAULTS: Mapping[Kind, tuple[str, ...]] = {"repetitions": (), "hold": ("unsteady", "breath_held", "hold_too_short")}
KIND_REASONS: Mapping[Kind, tuple[str, ...]] = {
    "repetitions": ("too_shallow", "not_returned", "not_seen"),
    "hold": ("not_seen",),
}
# The posture in which each kind is judged, and whether it uses gates.
POSTURES: Mapping[Kind, Literal["upright", "lying"]] = {"repetitions": "upright", "hold": "lying"}
GATED: Mapping[Kind, bool] = {"repetitions": True, "hold": False}
VIEWS: Mapping[str, tuple[View, ...]] = {
    "upright": ("frontal", "oblique", "side", "back"),
    "lying": ("side", "diagonal", "head-end", "above"),
}
MOST_WORDS = 9  # in a correction: more cannot be taken in while moving


FOLDER = "exercises"


@cache
def builtin_names() -> tuple[str, ...]:
    """Names of the exercises that come with the coach."""
    return builtin(FOLDER)


def load_exercise(name_or_path: str | Path) -> Exercise:
    """An exercise by its name, or from a file. Raises ExerciseFileError with file, line or key, and remedy."""
    path = named_file(name_or_path, FOLDER, "exercise", ExerciseFileError)
    return _exercise_of(read_toml_text(path, ExerciseFileError), path)


@lru_cache(maxsize=16)
def _exercise_of(text: str, path: Path) -> Exercise:
    """What a file's text says: of the same text, the same exercise, which nobody changes."""
    data = parse_toml(text, path, ExerciseFileError)
    if "blocks" in data and not is_exercise(data):
        raise ExerciseFileError(f"{path}: is a programme file", f"Check it with: coach programme check {path}")
    remedy = "Mend these keys; exercises/README.md explains each"
    exercise = validated(Exercise, data, path, ExerciseFileError, remedy, text)
    original = shipped_folder(FOLDER) / f"{exercise.name}.toml"
    # Results, history and progress know an exercise by its name alone.
    if original.is_file() and path != original and exercise != load_exercise(exercise.name):
        raise ExerciseFileError(f"{path}: the name '{exercise.name}' is a built-in one", "Give it a name of its own")
    return exercise


def is_exercise(data: Mapping[str, Any]) -> bool:
    """Whether a file's data are meant as an exercise: a programme has none of these keys."""
    return not {"kind", "posture", "camera", "target"}.isdisjoint(data)


@cache
def title_of(name: str, language: str = "en") -> str:
    """The title of a built-in exercise; otherwise its name in plain words."""
    try:
        return load_exercise(name).in_language(language).title
    except ExerciseFileError:
        return name.replace("-", " ").capitalize()
