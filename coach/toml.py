"""Reading the TOML files that people write: exercises and programmes. Every mistake is named with a remedy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.errors import CoachError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Part(BaseModel):
    """A table of such a file: unknown keys are errors, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def shipped_folder(name: str) -> Path:
    """A folder of such files: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    packaged = package / name
    return packaged if packaged.is_dir() else package.parent / name


def read_toml(path: Path, kind: type[CoachError]) -> dict[str, Any]:
    """A file as plain data. Raises an error of the given kind with file, line and remedy."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise kind(f"{path}: no such file", "Check the name and the folder") from error
    except tomllib.TOMLDecodeError as error:
        raise kind(f"{path}: is not valid TOML: {error}", "Mend that line") from error
    except (OSError, UnicodeDecodeError) as error:
        raise kind(f"{path}: cannot be read as text", "Save it as UTF-8 and allow reading it") from error
    return data


# What pydantic finds, in the words of who writes such a file.
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
}


def wrong_keys(error: ValidationError) -> str:
    """Everything that is wrong with a file's data, each with its key, in one line."""
    lines = []
    for issue in error.errors():
        key = ".".join(str(part) for part in issue["loc"])
        says = PLAIN.get(issue["type"]) or issue["msg"].removeprefix("Value error, ")
        lines.append(f"{key}: {says}" if key else says)
    return "; ".join(lines)
