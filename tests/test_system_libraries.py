"""A library of the system that is missing is named with the package that brings it."""

from __future__ import annotations

import builtins
from functools import cache
from importlib import metadata
from typing import Any

import pytest
from typer.testing import CliRunner

from coach.app import doctor
from coach.cli.app import guarded, make_app
from coach.system_libraries import PACKAGES, missing_library


@pytest.mark.parametrize("library", PACKAGES)
@pytest.mark.parametrize("kind", [ImportError, OSError])
def test_the_exact_package_is_named(library: str, kind: type[Exception]) -> None:
    error = kind(f"{library}: cannot open shared object file: No such file or directory")
    debian, fedora = PACKAGES[library]
    for manager, command in (("apt-get", f"apt install {debian}"), ("dnf", f"dnf install {fedora}")):
        found = missing_library(error, lambda name, manager=manager: f"/usr/bin/{name}" if name == manager else None)  # type: ignore[misc]
        assert found is not None
        assert library in found[0] and found[1] == f"Run: sudo {command}"
    unknown = missing_library(error, lambda name: None)
    assert unknown is not None and debian in unknown[1] and fedora in unknown[1]


def test_another_library_is_named_too_and_other_errors_are_none() -> None:
    found = missing_library(ImportError("libnew-2.so.7: cannot open shared object file: No such file"))
    assert found is not None and "libnew-2.so.7" in found[0] and "libnew-2.so.7" in found[1]
    assert missing_library(OSError(28, "No space left on device")) is None
    outer = RuntimeError("cannot start")
    outer.__cause__ = OSError("libEGL.so.1: cannot open shared object file: No such file or directory")
    assert missing_library(outer) is not None


def test_a_command_says_so_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

    with pytest.raises(Exception) as ended:  # noqa: PT011 - typer's own, of which mypy knows no parent
        guarded(command)()
    assert getattr(ended.value, "exit_code", None) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "libgl1" in said and "Make room" not in said


installed = cache(metadata.packages_distributions)  # it reads the list of files of every package each time


@pytest.mark.parametrize("error", [AttributeError("no attribute 'tasks'"), SystemExit(3), MemoryError(), OSError("x")])
def test_the_doctor_survives_anything(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*words: Any, **named: Any) -> Any:
        raise error

    app = make_app()
    real = builtins.__import__

    def broken(name: str, *words: Any, **named: Any) -> Any:
        if name.startswith("mediapipe"):
            raise error
        return real(name, *words, **named)

    for name in ("check_cameras", "check_screen", "check_exercises"):
        monkeypatch.setattr(doctor, name, fail)
    monkeypatch.setattr(doctor, "find_deadly", lambda: None)  # in a process of its own nothing of this is broken
    monkeypatch.setattr(metadata, "packages_distributions", installed)
    monkeypatch.setattr(builtins, "__import__", broken)
    fail.__name__ = "check_something"
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert done.stdout.count("could not be checked") >= 3
