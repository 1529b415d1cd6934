"""What is installed only where it is wanted: the command for it fits the installation, and names all at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from coach.extras import EXTRAS, install_extra, missing_modules

ROOT = Path(__file__).parents[1]


def test_the_command_for_extras_fits_the_installation(tmp_path: Path) -> None:
    def remedy(prefix: str, *names: str) -> str:
        return install_extra(*names, prefix=Path(prefix), root=tmp_path)

    pipx, uv = "/home/anna/.local/share/pipx/venvs/exercise-coach", "/home/anna/.local/share/uv/tools/exercise-coach"
    assert remedy(pipx, "parquet") == "Run: pipx inject exercise-coach pyarrow"
    assert remedy(pipx, "parquet", "c3d") == "Run: pipx inject exercise-coach pyarrow ezc3d"
    assert "uv tool install --with 'pyarrow,ezc3d'" in remedy(uv, "parquet", "c3d")
    assert remedy("/home/anna/env", "parquet", "c3d").endswith("-m pip install 'exercise-coach[parquet,c3d]'")
    checkout = install_extra("c3d", prefix=Path("/home/anna/env"), root=ROOT)
    assert checkout == f"Run: {sys.executable} -m pip install -e '{ROOT}[c3d]'"


def test_a_packed_application_cannot_be_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "from a Python environment" in install_extra("c3d")


def test_only_what_is_missing_is_named() -> None:
    assert missing_modules("web", lambda module: None if module == "uvicorn" else object()) == ["uvicorn"]


def test_every_extra_of_the_package_is_known() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = text.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    extras = set(re.findall(r"^(\w+) = \[", table, re.MULTILINE))
    assert set(EXTRAS) == extras - {"dev", "docs", "app"}
