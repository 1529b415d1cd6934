"""A package that cannot be loaded is named, with the command that mends it, whatever its import raises."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from coach.broken_packages import broken_package, cannot_be_loaded
from tests.conftest import SAMPLES
from tests.running import surroundings

LIBRARY = 'ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")'


def broken(folder: Path, package: str, raises: str) -> None:
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").write_text(f"raise {raises}\n")


@pytest.mark.parametrize(
    "raises", ["RuntimeError('x')", "AttributeError('_ARRAY_API')", "SystemExit(3)", "OSError('x')"]
)
def test_the_package_is_found_behind_the_error(raises: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(tmp_path, "halfgone", raises)
    (tmp_path / "wholly.py").write_text("import halfgone.part\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BaseException) as found:  # noqa: PT011 - also SystemExit
        importlib.import_module("wholly")
    assert broken_package(found.value) == "halfgone"
    outer = RuntimeError("the camera's picture")
    outer.__cause__ = found.value
    error = cannot_be_loaded(outer)
    assert error is not None
    assert "--force-reinstall" in error.remedy and "halfgone" in error.remedy


def test_other_errors_are_none_of_a_package() -> None:
    with pytest.raises(ValueError, match="invalid") as found:
        int("x")
    assert cannot_be_loaded(found.value) is None
    hidden = ValueError("x")
    hidden.__context__ = ImportError("no module named resource", name="resource")
    assert cannot_be_loaded(hidden) is None


@pytest.mark.parametrize(
    ("package", "raises", "arguments", "names"),
    [
        ("mediapipe", LIBRARY, ("analyse", "VIDEO"), "libEGL.so.1"),
        ("av", "RuntimeError('x')", ("analyse", "VIDEO"), "the package av cannot be loaded: RuntimeError: x"),
        ("cv2", "SystemExit(7)", ("analyse", "VIDEO"), "the package cv2 cannot be loaded: SystemExit: 7"),
        ("pydantic", "AttributeError('x')", ("doctor",), "the package pydantic cannot be loaded"),
    ],
)
def test_a_command_says_so_in_one_line(
    package: str, raises: str, arguments: tuple[str, ...], names: str, tmp_path: Path
) -> None:
    broken(tmp_path / "site", package, raises)
    video = str(SAMPLES / "hiker_right_30fps.mp4")
    done = subprocess.run(
        [sys.executable, "-m", "coach", *(video if each == "VIDEO" else each for each in arguments)],
        env={**surroundings(tmp_path), "PYTHONPATH": str(tmp_path / "site")},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert names in done.stderr
