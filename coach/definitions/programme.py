"""Defines a programme: one TOML file that a physiotherapist can write, read and checked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from coach.definitions.exercise import Exercise, is_exercise, load_exercise
from coach.definitions.pain import PainRule
from coach.definitions.prescription import Prescription, misfits
from coach.definitions.programme_messages import REQUIRED, Messages
from coach.errors import ExerciseFileError, ProgrammeFileError
from coach.i18n.catalog import word_problems
from coach.toml import (
    Part,
    builtin,
    by_line,
    named_file,
    parse_toml,
    read_toml,
    read_toml_text,
    shipped_folder,
    validated,
    wrong_keys,
)
from coach.types import SIDES, Side

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FOLDER, STANDARD = "programmes", "standard"
LONGEST_NAME = 100  # letters


class Block(Prescription):
    """One exercise on one side, and what is asked of it. more_sets: offered after the last of ``sets``."""

    exercise: str = Field(min_length=1)
    side: Side
    sets: int = Field(default=1, ge=1, le=10)
    more_sets: int = Field(default=0, ge=0, le=5)
    rest_s: float = Field(default=30.0, ge=0, le=600)


class Talk(Part):
    """A sentence of the talk-through, said when the exercise has been in ``phase`` for ``after_s`` seconds.

    The phase ``setup`` is the time before the exercise: rest and set-up. A ``first`` line is said there only before
    a person's first set of the exercise.
    """

    exercise: str
    phase: Literal["setup", "ready", "raised", "opening", "holding", "returning", "moving"]
    say: Key
    after_s: float = Field(default=0.0, ge=0, le=300)
    first: bool = False

    @model_validator(mode="after")
    def _first_in_setup(self) -> Talk:
        if self.first and self.phase != "setup":
            raise ValueError("'first' belongs to lines whose phase is 'setup'")
        return self


class Programme(Part):
    """A whole guided session, as defined by its file.

    notice_version: raised when the notice before the first session changes, so that it is confirmed again.
    sessions_per_week: how often it should be done, None if unspecified. warm_up_s: seconds of walking on the spot
    first. ask_pain: whether to ask about pain before and after; ask_effort: how hard each set was.
    """

    schema_: Literal[1] = Field(alias="schema")
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    blocks: tuple[Block, ...] = Field(min_length=1, max_length=50)
    notice_version: int = Field(default=1, ge=1)
    sessions_per_week: float | None = Field(default=None, gt=0, le=21)
    warm_up_s: float = Field(default=0.0, ge=0, le=900)
    ask_pain: bool = False
    ask_effort: bool = False
    pain: PainRule = PainRule()
    talk: tuple[Talk, ...] = ()
    words: Mapping[str, Mapping[Key, str]]

    @model_validator(mode="after")
    def _complete_words(self) -> Programme:
        said = REQUIRED | {key for line in self.talk for key in _said_by(line, self.words.get("en", {}))}
        problems = word_problems(self.words, said)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that have every sentence."""
        return tuple(sorted(self.words))

    def exercises(self) -> tuple[Exercise, ...]:
        """Its exercises, each once, in the order of the blocks. Raises ExerciseFileError."""
        return tuple(load_exercise(name) for name in dict.fromkeys(block.exercise for block in self.blocks))

    def speak(self, language: str) -> Messages:
        """The sentences of one language. Raises ProgrammeFileError if the programme has none."""
        if language not in self.words:
            raise ProgrammeFileError(
                f"the programme '{self.name}' does not speak '{language}'", f"Choose one of {', '.join(self.languages)}"
            )
        return Messages(language, self.words[language])

    def narrowed(
        self,
        exercise: str | None = None,
        side: Side | None = None,
        reps: int | None = None,
        breaths: int | None = None,
        sets: int | None = None,
        rest_s: float | None = None,
    ) -> Programme:
        """The programme reduced to what was asked for; an exercise it does not contain is done on both sides.

        The warm-up is dropped, because it belongs to the whole programme.

        reps changes blocks of repetitions, breaths those of holds. Raises ProgrammeFileError for a value out of
        range, ExerciseFileError for an unknown exercise.
        """
        blocks: Sequence[Block] = self.blocks
        if exercise is not None:
            blocks = [block for block in blocks if block.exercise == exercise]
        if side is not None:
            blocks = [block for block in blocks if block.side == side]
        if not blocks:
            names = [exercise] if exercise is not None else list(dict.fromkeys(b.exercise for b in self.blocks))
            blocks = [Block(exercise=n, side=s) for n in names for s in ((side,) if side else SIDES)]
        counts = {"repetitions": ("reps", reps), "hold": ("breaths", breaths)}
        try:
            changed = tuple(
                _changed(block, dict([counts[load_exercise(block.exercise).kind]]), sets=sets, rest_s=rest_s)
                for block in blocks
            )
        except ValidationError as error:
            raise ProgrammeFileError("; ".join(wrong_keys(error)), "Give a number in that range") from error
        warm_up_s = self.warm_up_s if exercise is None else 0.0
        return self.model_copy(update={"blocks": changed, "warm_up_s": warm_up_s})


def _changed(block: Block, count: Mapping[str, int | None], **others: float | None) -> Block:
    """A count that is asked for here and now takes the place of the file's, and of where that would lead."""
    given: dict[str, Any] = {key: value for key, value in {**count, **others}.items() if value is not None}
    if any(value is not None for value in count.values()):
        given |= {"progress": None, **({} if "hold_s" in given else {"hold_s": None})}
    return Block.model_validate({**block.model_dump(), **given})


def _said_by(line: Talk, english: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of a talk-through sentence: one, or one per side."""
    return (line.say,) if line.say in english else tuple(f"{line.say}_{side}" for side in SIDES)


def programmes_folder() -> Path:
    """The folder of programme files: inside the installed package, or beside it in a checkout."""
    return shipped_folder(FOLDER)


def builtin_programmes() -> tuple[str, ...]:
    """Names of the programmes that come with the coach."""
    return builtin(FOLDER)


def load_programme(name_or_path: str | Path = STANDARD) -> Programme:
    """A programme by its name, or from a file. Raises ProgrammeFileError with file, line or key, and remedy.

    A file needs only what differs: sentences, talk-through and pain rule default to the standard programme's.
    """
    path = named_file(name_or_path, FOLDER, "programme", ProgrammeFileError)
    text = read_toml_text(path, ProgrammeFileError)
    data = parse_toml(text, path, ProgrammeFileError)
    if is_exercise(data):
        raise ProgrammeFileError(f"{path}: is an exercise file", f"Check it with: coach exercises {path}")
    return checked_programme(data, path, text)


def checked_programme(data: dict[str, Any], path: Path, text: str = "") -> Programme:
    """What a file's data say, completed and checked. Raises ProgrammeFileError that names file and every wrong key.

    text: of the file, to say on which line each mistake is; empty for what is in no file yet.
    """
    standard = programmes_folder() / f"{STANDARD}.toml"
    if path.resolve() != standard.resolve():
        data = _completed(data, read_toml(standard, ProgrammeFileError), path.parent)
    remedy = "Mend these keys; programmes/README.md explains each"
    programme = validated(Programme, data, path, ProgrammeFileError, remedy, text)
    problems = [problem for number, block in enumerate(programme.blocks, 1) for problem in _misfits(number, block)]
    problems += _beyond_any_answer(programme)
    if problems:
        raise ProgrammeFileError(str(path), remedy, by_line(problems, text))
    return programme


def _misfits(number: int, block: Block) -> Iterator[str]:
    """Mismatches between a block and its exercise. number: of the block, from 1."""
    try:
        exercise = load_exercise(block.exercise)
    except ExerciseFileError as error:
        yield f"blocks.{number}.exercise: {error.problem}"
        return
    for problem in misfits(block, exercise):
        yield f"blocks.{number}.{problem}"


def _beyond_any_answer(programme: Programme) -> Iterator[str]:
    """A progression that could never be proposed, or of which nobody could tell in which block it went on."""
    progressed = [block for block in programme.blocks if block.progress is not None]
    for (exercise, side), count in Counter((block.exercise, block.side) for block in progressed).items():
        if count > 1:
            yield f"blocks: {exercise}, {side}: 'progress' in {count} blocks; leave it in one"
    for key in ("ask_pain", "ask_effort"):
        if progressed and not getattr(programme, key):
            yield f"{key}: must be true where a block has 'progress', which goes by it"


def _completed(data: dict[str, Any], standard: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A file's data, with sentences, talk-through and pain rule filled in from the standard programme."""
    words = data.get("words", {})
    if isinstance(words, dict):
        data["words"] = {
            language: {**standard["words"].get(language, {}), **words.get(language, {})}
            for language in (*standard["words"], *(name for name in words if name not in standard["words"]))
            if isinstance(words.get(language, {}), dict)
        }
    talk = data.get("talk", [])
    if isinstance(talk, list):
        own = {line.get("exercise") for line in talk if isinstance(line, dict)}
        data["talk"] = [*talk, *(line for line in standard.get("talk", []) if line["exercise"] not in own)]
    for key in ("pain", "notice_version", "warm_up_s", "ask_pain", "ask_effort"):
        if key in standard:
            data.setdefault(key, standard[key])
    for block in data.get("blocks", []) if isinstance(data.get("blocks"), list) else []:
        name = block.get("exercise") if isinstance(block, dict) else None
        if isinstance(name, str) and name.endswith(".toml"):
            block["exercise"] = str(folder / name)
    return data
