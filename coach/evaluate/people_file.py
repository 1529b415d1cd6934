"""people.json: who is in which clip, for truth files that do not say. (I/O)"""

from __future__ import annotations

from pathlib import Path

from coach.errors import CoachError
from coach.reading import read_json


class PeopleFileError(CoachError, ValueError):
    """people.json cannot be read or is not a mapping of clips to persons."""


def read_people(path: Path) -> dict[str, str]:
    """``{"CLIP": "PERSON", ...}``; empty if there is no such file. Raises PeopleFileError."""
    if not path.exists():
        return {}
    remedy = 'Make it an object like {"clip_name": "person"}, or remove it'
    data = read_json(path, PeopleFileError, remedy)
    if not isinstance(data, dict) or not all(isinstance(person, str) for person in data.values()):
        raise PeopleFileError(f"{path}: is not an object of clip names and persons", remedy)
    return data
