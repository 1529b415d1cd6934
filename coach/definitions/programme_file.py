"""Writing a programme's file: from a form or from questions, and read back by whoever knows TOML or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coach.definitions.programme import Block, Programme, checked_programme
from coach.errors import ProgrammeFileError
from coach.files import saving, usable
from coach.toml import parse_toml

SUFFIX = ".toml"
MOST_SLUG = 60
HEAD = "# A programme for 'coach live' and 'coach web'. programmes/README.md explains every key.\n"


def slug_of(name: str) -> str:
    """A file's name for a programme's: ``Frau Müller, Knie`` -> ``frau-muller-knie``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:MOST_SLUG].strip("-")
    return f"programme-{slug}" if usable(slug) != slug else slug or "programme"


def programme_toml(data: Mapping[str, Any]) -> str:
    """The text of a file that says this and no more."""
    import tomli_w

    written = _written(data)
    lists = [key for key, value in written.items() if _is_tables(value)]
    texts = [tomli_w.dumps({key: value for key, value in written.items() if key not in lists})]
    # Each as a table of its own, however short: only to such a one can a person add a table like [blocks.progress].
    texts += [tomli_w.dumps({key: each}).replace(f"[{key}]", f"[[{key}]]", 1) for key in lists for each in written[key]]
    return HEAD + "\n".join(texts)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def write_programme(data: Mapping[str, Any], path: Path) -> Programme:
    """Check it, and write it whole or not at all. Raises ProgrammeFileError for what is wrong, and OutputError."""
    text = programme_toml(data)
    programme = checked_programme(parse_toml(text, path, ProgrammeFileError), path)
    with saving(path) as part:
        part.write_text(text, encoding="utf-8")
    return programme


def data_of(programme: Programme, folder: Path | None = None) -> dict[str, Any]:
    """What a file must say to be this programme, sentences and talk-through aside. folder: of the file."""
    return {
        "schema": 1,
        "name": programme.name,
        "sessions_per_week": programme.sessions_per_week,
        "warm_up_s": programme.warm_up_s,
        "ask_pain": programme.ask_pain,
        "ask_effort": programme.ask_effort,
        "blocks": [_block(block, folder) for block in programme.blocks],
    }


def _block(block: Block, folder: Path | None) -> dict[str, Any]:
    data = block.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    path = Path(block.exercise)
    if folder is not None and path.suffix == SUFFIX and path.parent == folder:
        data["exercise"] = path.name
    return {"exercise": data.pop("exercise"), "side": data.pop("side"), **data}


def _written(value: Any) -> Any:
    """Without what is not given, and without needless points: 30.0 is 30."""
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items() if each is not None and each != ""}
    if isinstance(value, (list, tuple)):
        return [_written(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
