"""Commands whose standard streams are closed, or take nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.history import History
from tests.app.batch.stand_ins import short_recording
from tests.running import surroundings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="closes streams by a shell")


def run(home: Path, streams: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [*("sh", "-c", f'exec "$0" "$@" {streams}'), sys.executable, "-m", "coach", *arguments]
    return subprocess.run(command, cwd=home, env=surroundings(home), capture_output=True, check=False)


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_works_although_its_streams_are_closed(streams: str, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    with History.open(tmp_path / "data") as history, history.begin("me", source="camera", exercise="hip-hiker"):
        pass
    done = run(tmp_path, streams, "history", "export", "mine.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "mine.json").read_text().rstrip().endswith("}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device without room")
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("programme", "--help"), ("exercises",)])
def test_a_stream_without_room_is_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(tmp_path, ">/dev/full", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"coach: No space left on device") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("arguments", [("--help",), ("analyse", "--help"), ("--version",)])
def test_help_that_nobody_reads_is_no_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "coach", *arguments]
    done = subprocess.run(command, env=surroundings(tmp_path), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device without room")
def test_a_result_that_cannot_be_shown_and_is_kept_nowhere_is_none(tmp_path: Path) -> None:
    short_recording(tmp_path / "a.observed", 3.0, source="a.mp4")
    done = run(tmp_path, ">/dev/full", "analyse", "a.observed", "--exercise", "hip-hiker")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), done.stderr
