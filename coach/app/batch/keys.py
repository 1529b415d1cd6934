"""The key of a result: everything that it depends on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from coach import __version__
from coach.app.result_folder import Wanted
from coach.definitions.exercise import Exercise
from coach.errors import SourceUnreadableError

KEY_LENGTH = 16  # hexadecimal digits: of a million videos no two share a key by chance (1 in 10 million)
Parts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a batch that results depend on. fps: most pictures analysed per second of video."""

    fps: float = 15.0
    language: str = "en"
    wanted: Wanted = field(default_factory=Wanted)


def exercise_hash(exercise: Exercise) -> str:
    """Hash of an exercise's content, so that comments and the order of keys do not matter."""
    return hashlib.sha256(exercise.model_dump_json(by_alias=True).encode()).hexdigest()[:KEY_LENGTH]


def base_parts(settings: Settings, exercises: Sequence[Exercise], side: str | None) -> Parts:
    """The parts of a key besides the video."""
    wanted = asdict(settings.wanted)
    wanted["kinds"] = sorted(wanted["kinds"])
    if wanted["height_m"] is None:  # what was analysed before there was this option is still right
        del wanted["height_m"]
    return {
        "version": __version__,
        "exercises": {exercise.name: exercise_hash(exercise) for exercise in exercises},
        "options": {
            "side": side or "auto",
            "fps": settings.fps,
            "lang": settings.language,
            **wanted,
        },
    }


def digest(parts: Parts) -> str:
    """A key, or the hash of part of one."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:KEY_LENGTH]


def with_content(base: Parts, content: str, file_name: str) -> Parts:
    """All parts, including the file's name, because results and exports are named after it."""
    return {**base, "content": content, "file": file_name}


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes. Raises SourceUnreadableError for what is none: a pipe may never end."""
    if path.exists() and not path.is_file():
        raise SourceUnreadableError(f"{path}: is not a file", "Name a video")
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hashed.update(block)
    return hashed.hexdigest()


def changes(old: Parts, new: Parts) -> list[str]:
    """Why a result with other parts cannot be used, in words."""
    said = []
    if old["content"] != new["content"]:
        said.append("the video changed")
    if old["file"] != new["file"]:
        said.append("the video has another name")
    if old["version"] != new["version"]:
        said.append(f"coach was {old['version']}, is {new['version']}")
    before, now = old["exercises"], new["exercises"]
    if set(before) != set(now):
        said.append(f"judged for {_list(now)} instead of {_list(before)}")
    said += [f"the exercise {name} changed" for name in sorted(set(before) & set(now)) if before[name] != now[name]]
    for name in sorted({*old["options"], *new["options"]}):
        was, is_now = old["options"].get(name), new["options"].get(name)
        if was != is_now:
            said.append(f"{name} was {_shown(was)}, is {_shown(is_now)}")
    return said


def _list(names: Mapping[str, str]) -> str:
    return " and ".join(sorted(names))


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
