"""Reads the TOML files that people write: exercises and programmes. Every mistake is reported with a remedy."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
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


class Part(BaseModel):
    """A table of such a file: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=MOST_CHARS, defer_build=True
    )


Model = TypeVar("Model", bound=BaseModel)


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
        raise kind(f"{path}: is not valid TOML: {error}", "Mend that line") from error
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


def validated(model: type[Model], data: Any, path: Path, kind: type[CoachError], remedy: str) -> Model:
    """A file's data as what it describes. Raises an error of the given kind that names every wrong key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise kind(f"{path}: {wrong_keys(error, _text_of(path))}", remedy) from error


def _text_of(path: Path) -> str:
    """The file once more, to say on which line a mistake is; empty where there is none."""
    try:
        return read_text(path, CoachError, "", MOST_BYTES) if path.is_file() else ""
    except CoachError:
        return ""


MOST_LINES, MOST_KEY, MOST_SAID = 20, 100, 1_000  # limits of an error message

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


def wrong_keys(error: ValidationError, text: str = "") -> str:
    """Everything that is wrong with a file's data, each with its key, and with its line where text is given."""
    issues = error.errors()
    within = {issue["loc"][: n + 1] for issue in issues for n in range(len(issue["loc"]) - 1)}
    lines = []
    for issue in issues:
        loc = issue["loc"]
        if issue["type"] == "too_short" and loc in within:
            continue  # its entries are wrong, which is said of each
        key = ".".join(str(part) for part in loc)
        number = line_of(text, loc)
        at = f"line {number}, {key[:MOST_KEY]}" if number else key[:MOST_KEY]
        plain = PLAIN.get(issue["type"])
        says = plain.format(**issue.get("ctx", {})) if plain else issue["msg"].removeprefix("Value error, ")
        lines.append(f"{at}: {says[:MOST_SAID]}" if key else says[:MOST_SAID])
    return "; ".join(lines[:MOST_LINES]) + ("; and more" if len(lines) > MOST_LINES else "")


def line_of(text: str, loc: Sequence[int | str]) -> int | None:
    """The line, from 1, on which a key is set, as in ``("blocks", 0, "reps")``: in the table or array of tables that
    its first parts name. A key that is missing is at the head of its table; None where it is written another way."""
    *tables, key = loc if loc and isinstance(loc[-1], str) else [*loc, ""]
    named = [str(part) for part in tables if isinstance(part, str)]
    wanted = next((part for part in tables if isinstance(part, int)), 0)
    found, inside, head = -1, not named, None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.fullmatch(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?", line)
        if header:
            same = header[2].split(".") == named
            found += same
            inside = same and (header[1] == "[" or found == wanted)
            head = number if inside else head
        elif inside and key and re.match(rf"""\s*["']?{re.escape(str(key))}["']?\s*=""", line):
            return number
    return head
