"""ARCHITECTURE.md says of each package what the package says of itself, in the order of the import contract."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def layers() -> list[str]:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [name for layer in data["tool"]["importlinter"]["contracts"][0]["layers"] for name in layer.split("|")]
    return [name.strip().removeprefix("coach.") for name in named]


def job_of(package: str) -> str:
    tree = ast.parse((ROOT / "coach" / package / "__init__.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def test_the_table_of_packages_is_what_the_packages_say() -> None:
    packages = {path.parent.name for path in (ROOT / "coach").glob("*/__init__.py")}
    assert packages == {name for name in layers() if (ROOT / "coach" / name).is_dir()}
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, job_of(name)) for name in layers() if name in packages]


def test_every_file_that_the_page_names_is_there() -> None:
    for name in re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|toml|md))`", PAGE):
        assert any((ROOT / base / name).exists() for base in ("", "coach", "coach/kinematics", "coach/judging")), name
