"""The bundled network is whole, and a damaged one is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from coach.errors import ModelError
from coach.perception.pose_estimator import MODEL_PATH, MODEL_SHA256, PoseEstimator, check_model


def test_the_checksum_is_right() -> None:
    assert hashlib.sha256(MODEL_PATH.read_bytes()).hexdigest() == MODEL_SHA256
    check_model()


def test_its_licence_note_names_source_licence_and_checksum() -> None:
    note = (MODEL_PATH.parent / "README.md").read_text()
    assert MODEL_SHA256 in note
    assert "Apache License 2.0" in note


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is missing") as caught:
        PoseEstimator(tmp_path / "none.task")
    assert "Install" in caught.value.remedy


def test_damaged(tmp_path: Path) -> None:
    path = tmp_path / "cut.task"
    path.write_bytes(MODEL_PATH.read_bytes()[:-1])
    with pytest.raises(ModelError, match="is damaged"):
        PoseEstimator(path)


def test_unreadable(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        check_model(tmp_path)


def test_the_error_is_also_the_builtin(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is missing"):
        check_model(tmp_path / "none.task")
