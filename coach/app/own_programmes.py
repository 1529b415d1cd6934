"""The programmes that were made here: one file each, in a folder beside the history, found by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.definitions.programme import Programme, builtin_programmes, load_programme
from coach.definitions.programme_file import SUFFIX, slug_of, write_programme
from coach.errors import CoachError, ProgrammeFileError
from coach.history.database import data_folder
from coach.toml import read_toml

FOLDER = "programmes"
MOST = 500  # that are listed


@dataclass(frozen=True, slots=True)
class Listed:
    """One of them. slug: what it is found by. problem: why its file cannot be used; its name is then the slug."""

    slug: str
    name: str
    problem: str = ""


def folder_of(data_dir: Path | None) -> Path:
    """Where they are."""
    return data_folder(data_dir) / FOLDER


def own_programmes(data_dir: Path | None) -> tuple[Listed, ...]:
    """All that were made here, by name. A file that cannot be used is listed with what is wrong."""
    found = []
    for path in sorted(folder_of(data_dir).glob(f"*{SUFFIX}"))[:MOST]:
        try:
            found.append(Listed(path.stem, load_programme(path).name))
        except CoachError as error:
            found.append(Listed(path.stem, path.stem, error.problem))
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def path_of(slug: str, data_dir: Path | None) -> Path:
    """The file of one of them. Raises ProgrammeFileError for what is no such name."""
    path = folder_of(data_dir) / f"{slug}{SUFFIX}"
    if slug != slug_of(slug) or not path.is_file():
        known = ", ".join((*builtin_programmes(), *(each.slug for each in own_programmes(data_dir))))
        raise ProgrammeFileError(f"unknown programme '{slug[:60]}'", f"Choose one of {known}, or give a .toml file")
    return path


def find_programme(name_or_path: str, data_dir: Path | None = None) -> Programme:
    """A programme by the name of one that comes with the coach or was made here, or from a file.

    Raises ProgrammeFileError.
    """
    if name_or_path in builtin_programmes() or Path(name_or_path).suffix == SUFFIX:
        return load_programme(name_or_path)
    return load_programme(path_of(name_or_path, data_dir))


def save_programme(data: Mapping[str, Any], data_dir: Path | None, slug: str | None = None) -> str:
    """Check and keep it; slug: of the one that it changes, whose own sentences stay. Returns what it is found by.

    A new one takes no other's name. Raises ProgrammeFileError, OutputError.
    """
    folder = folder_of(data_dir)
    known: dict[str, Any] = {"schema": 1}
    if slug is None:
        slug = free = slug_of(str(data.get("name", "")))
        number = 1
        while (folder / f"{free}{SUFFIX}").exists() or free in builtin_programmes():
            number += 1
            free = f"{slug}-{number}"
        slug = free
    else:
        known = read_toml(path_of(slug, data_dir), ProgrammeFileError)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    write_programme({**known, **data}, folder / f"{slug}{SUFFIX}")
    return slug
