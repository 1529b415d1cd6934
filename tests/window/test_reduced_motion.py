"""Whether the desktop asks for less motion."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coach.window import reduced_motion

if sys.platform != "linux":
    pytest.skip("a program in PATH stands in for GNOME's", allow_module_level=True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [("echo false", True), ("echo true", False), ("echo false; exit 1", False), ("echo", False), ("sleep 60", False)],
)
def test_the_setting_of_the_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, expected: bool) -> None:
    program = tmp_path / "gsettings"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(reduced_motion, "PATIENCE_S", 10.0 if expected else 0.5)
    assert reduced_motion.reduced_motion() is expected


def test_without_the_program_motion_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reduced_motion.reduced_motion() is False
