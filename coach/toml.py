"""Reads the TOML files that people write: exercises and programmes. Every mistake is reported with a remedy."""

from __future__ import annotations

import sys
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

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, str_max_length=MOST_CHARS)


Model = TypeVar("Model", bound=BaseModel)


def shipped_folder(name: str) -> Path:
    """A folder of such files: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    packaged = package / name
    return packaged if packaged.is_dir() else package.parent / name


def read_toml(path: Path, kind: type[CoachError]) -> dict[str, Any]:
    """A file as plain data. Raises an error of the given kind with file, line and remedy."""
    return parse_toml(read_text(path, kind, "Check the name and allow reading it", MOST_BYTES), path, kind)


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
        raise kind(f"{path}: {wrong_keys(error)}", remedy) from error


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
}


def wrong_keys(error: ValidationError) -> str:
    """Everything that is wrong with a file's data, each with its key, in one line."""
    lines = []
    for issue in error.errors():
        key = ".".join(str(part) for part in issue["loc"])
        says = PLAIN.get(issue["type"]) or issue["msg"].removeprefix("Value error, ")
        lines.append(f"{key[:MOST_KEY]}: {says[:MOST_SAID]}" if key else says[:MOST_SAID])
    return "; ".join(lines[:MOST_LINES]) + ("; and more" if len(lines) > MOST_LINES else "")
