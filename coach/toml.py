"""Reads the TOML files that people write: exercises and programmes. Every mistake is reported with a remedy."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.errors import CoachError
from coach.reading import printable, read_text, within_limits

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


MOST_BYTES = 2**18  # of a file: the largest included one has 20 kB
MOST_DOTS = 300  # of a line
MOST_CHARS = 2_000  # in one text
# What brackets and line ends of TOML stand between: texts of many lines, texts of one line, comments.
TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[\]{}\n]''', re.DOTALL
)


class Part(BaseModel):
    """A table of such a file: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=MOST_CHARS, defer_build=True
    )


Model = TypeVar("Model", bound=BaseModel)
Place = tuple[int | str, ...]  # of a table or key in a file: its parts, and indices from 0


def shipped_folder(name: str) -> Path:
    """A folder of such files: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    packaged = package / name
    return packaged if packaged.is_dir() else package.parent / name


def read_toml(path: Path, kind: type[CoachError]) -> dict[str, Any]:
    """A file as plain data. Raises an error of the given kind with file, line and remedy."""
    return parse_toml(read_toml_text(path, kind), path, kind)


def read_toml_text(path: Path, kind: type[CoachError]) -> str:
    """Such a file's text. Raises an error of the given kind."""
    return read_text(path, kind, "Check the name and allow reading it", MOST_BYTES)


def parse_toml(text: str, path: Path, kind: type[CoachError]) -> dict[str, Any]:
    """The text of such a file as plain data. path: for what is said of it. Raises an error of the given kind."""
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        # The parser's time grows with the square of a key's parts: 50,000 would take minutes.
        raise kind(f"{path}: has a key of too many parts, or a text with too many dots", "Mend that line")
    try:
        data: dict[str, Any] = tomllib.loads(text)
        within_limits(data, finite=False)
    except RecursionError as error:
        raise kind(f"{path}: has lists in lists that are too deep", "Mend them") from error
    except ValueError as error:  # including numbers too large to represent
        last = f"on line {max(1, len(text.splitlines()))}, the last one"
        says = str(error).replace("at end of document", last)
        raise kind(f"{path}: is not valid TOML: {says}", "Mend that line") from error
    if not printable(_all_text(data)):
        raise kind(f"{path}: holds signs that cannot be shown", "Take control characters out of its texts")
    return data


def _all_text(data: Any) -> str:
    """Every text in it, including keys. The data's depth has been checked."""
    if isinstance(data, dict):
        return "".join(f"{key}{_all_text(value)}" for key, value in data.items())
    if isinstance(data, list):
        return "".join(_all_text(value) for value in data)
    return data if isinstance(data, str) else ""


def builtin(folder: str) -> tuple[str, ...]:
    """Names of the files of that folder that come with the coach."""
    return tuple(sorted(path.stem for path in shipped_folder(folder).glob("*.toml")))


def named_file(name_or_path: str | Path, folder: str, what: str, kind: type[CoachError]) -> Path:
    """The path itself where it ends in ``.toml``, else the file of that name that comes with the coach.

    Raises an error of the given kind for a name that is not known; what: how such a thing is called in it.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml":
        return path
    names = builtin(folder)
    if str(name_or_path) not in names:
        raise kind(
            f"unknown {what} '{name_or_path}'", f"Choose one of {', '.join(names)}, or give the path of a .toml file"
        )
    return shipped_folder(folder) / f"{name_or_path}.toml"


def validated(model: type[Model], data: Any, path: Path, kind: type[CoachError], remedy: str, text: str = "") -> Model:
    """A file's data as what it describes. Raises an error of the given kind that names every wrong key.

    text: of the file, to say on which line each mistake is; empty for data that are in no file yet.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise kind(str(path), remedy, by_line(wrong_keys(error), text)) from error


MOST_KEY, MOST_SAID = 100, 1_000  # limits of an error message

# Pydantic's findings, in words for the author of such a file.
PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is no key that is known here",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text in quotation marks",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "finite_number": "must be a number that has an end",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
    "string_too_short": "must have {min_length} letters or more",
    "string_too_long": "must have {max_length} letters or less",
    "too_short": "must have {min_length} entries or more",
    "too_long": "must have {max_length} entries or less",
}


def wrong_keys(error: ValidationError) -> Iterator[str]:
    """Everything that is wrong with a file's data, each with its key: ``blocks.1.reps: must be 1 or more``.

    What stands in lists is counted from 1. A finding of our own may have several lines: each is a mistake.
    """
    issues = error.errors()
    within = {issue["loc"][: n + 1] for issue in issues for n in range(len(issue["loc"]) - 1)}
    for issue in issues:
        loc = issue["loc"]
        if issue["type"] == "too_short" and loc in within:
            continue  # its entries are wrong, which is said of each
        key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in loc)[:MOST_KEY]
        plain = PLAIN.get(issue["type"])
        says = plain.format(**issue.get("ctx", {})) if plain else issue["msg"].removeprefix("Value error, ")
        for each in says.splitlines():
            yield f"{key}: {each[:MOST_SAID]}" if key else each[:MOST_SAID]


def by_line(mistakes: Iterable[str], text: str) -> list[CoachError]:
    """Mistakes, each beginning with its key, in the order of the file's lines and with their numbers.

    Those first whose line is not known, as of a key that is missing.
    """
    lines = lines_of_keys(text)
    placed = sorted(((_line_of(mistake, lines), mistake) for mistake in mistakes), key=lambda each: each[0])
    return [CoachError(f"line {number}, {mistake}" if number else mistake) for number, mistake in placed]


def _line_of(mistake: str, lines: Mapping[Place, int]) -> int:
    """The line of the key that begins it, as in ``blocks.1.reps: ...``, or of the table that lacks it; 0 if unknown."""
    key = re.match(r"\[*([\w-]+(?:\.[\w-]+)*)", mistake[:MOST_KEY])
    place: Place = tuple(int(part) - 1 if part.isdecimal() else part for part in key[1].split(".")) if key else ()
    return next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), 0)


def lines_of_keys(text: str) -> dict[Place, int]:
    """The line, from 1, on which every table and key begins: ``("blocks", 0)``, ``("blocks", 0, "reps")``."""
    lines: dict[Place, int] = {}
    last: dict[Place, int] = {}  # the index of each array's table under way
    table: Place = ()
    for number, statement, heads in _statements(text):
        data, place = statement, () if heads else table
        while isinstance(data, dict) and data:
            key, data = next(iter(data.items()))  # of an inline table the first: it stands on the line of the others
            place = (*place, last[place], key) if place in last else (*place, key)
            if not heads:
                lines.setdefault(place, number)
        if heads:
            lines.setdefault(place, number)
            if isinstance(data, list):
                last[place] = last.get(place, -1) + 1
                place = (*place, last[place])
                lines.setdefault(place, number)
            table = place
    return lines


def _statements(text: str) -> Iterator[tuple[int, Any, bool]]:
    """The table headings and keys of valid TOML: the first line, the data alone, and whether it is a heading."""
    text = text.replace("\r\n", "\n") + "\n"
    begin, line, depth = 0, 1, 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
        if token[0] == "\n" and depth == 0:
            statement = text[begin : token.end()]
            yield line, tomllib.loads(statement), statement.lstrip().startswith("[")
            begin, line = token.end(), line + statement.count("\n")
