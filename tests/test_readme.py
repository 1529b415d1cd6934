"""The README's commands work as written, and what it names is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from coach.cli.app import COMMANDS
from coach.session.result import SetItem, Summary
from tests.cuts import cut
from tests.typed import typed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"<!-- tested -->\n```sh\n(.*?)```", README, re.DOTALL)
COMMAND_LINES = [line for block in BLOCKS for line in block.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the README speaks of."""
    place = tmp_path_factory.mktemp("readme")
    cut("hiker_right_30fps.mp4", 1.0, place / "me.mp4")
    shutil.copy(ROOT / "exercises/hip-hiker.toml", place / "mine.toml")
    (place / "videos").mkdir()
    shutil.copy(place / "me.mp4", place / "videos/me.mp4")
    (place / "list.csv").write_text("video,person,date,exercise,side\nme.mp4,Anna,2026-03-14,hip-hiker,\n")
    return place


@pytest.mark.model
@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_marked_command_works(line: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *arguments = shlex.split(line, comments=True)
    assert program == "coach"
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COACH_HOME", str(folder / "data"))
    result = typed(*arguments)
    assert result.exit_code == 0, result.output


@pytest.mark.model
def test_they_leave_what_it_says(folder: Path) -> None:
    if not (folder / "results").is_dir():
        pytest.skip("runs after the commands")
    names = {path.name for path in (folder / "results/me").iterdir()}
    assert {"result.json", "annotated.mp4", "report.html"} <= names
    assert {".csv", ".trc"} <= {Path(name).suffix for name in names}


def test_it_is_short_and_has_commands_to_test() -> None:
    assert len(COMMAND_LINES) >= 10
    assert len(README.splitlines()) < 170


def test_every_command_it_mentions_exists() -> None:
    mentioned = set(re.findall(r"(?:^|`)coach ([a-z]+)", README, re.MULTILINE))
    assert mentioned <= set(COMMANDS)


def test_every_file_it_links_to_exists() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_its_json_is_the_contract() -> None:
    page = (ROOT / "docs/result.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    found = json.loads(example)
    assert list(found) == [
        "schema",
        "source",
        "exercise",
        "duration_s",
        "analysed_fps",
        "seen_ratio",
        "view",
        "sets",
        "movements",
        "holds",
        "summary",
        "notes",
    ]
    assert list(found["sets"][0]) == list(SetItem.__annotations__)
    assert list(found["summary"]) == list(found["sets"][0]["summary"]) == list(Summary.__annotations__)


def test_make_and_continuous_integration_run_the_same() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text()
    if os.name == "posix" and sys.platform != "cygwin":
        assert os.access(ROOT / ".ci/run", os.X_OK)
    makefile = (ROOT / "Makefile").read_text()
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"):
        assert tool in makefile
    for target in ("make test", "make dist", "make app", "make docs"):
        assert target in (ROOT / ".github/workflows/checks.yml").read_text()
        assert re.search(rf"^{target.removeprefix('make ')}:", makefile, re.MULTILINE)
