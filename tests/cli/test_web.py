"""``coach web`` as a program: it prints a link, says in one line what is wrong, and keeps everything when stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

ROOT = Path(__file__).parent.parent.parent


def command(*options: str) -> list[str]:
    return [sys.executable, "-u", "-m", "coach", "web", "--no-browser", *options]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command("--data-dir", str(tmp_path)), text=True, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        yield process
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a signal")
def test_it_prints_a_link_and_ends_quietly_by_ctrl_c(running: subprocess.Popen[str]) -> None:
    assert running.stdout is not None
    link = next(
        found for line in running.stdout if (found := re.search(r"http://127\.0\.0\.1:(\d+)/\?token=\S+", line))
    )
    with socket.create_connection(("127.0.0.1", int(link[1])), timeout=60) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert b" 403 " in plain.recv(200)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    assert "is kept" in out
    assert err == ""
    assert running.returncode == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--exercise", "nothing"),
        ("--programme", "nothing"),
        ("--side", "up"),
        ("--lang", "xx"),
        ("--reps", "0"),
        ("--person", " "),
    ],
)
def test_a_wrong_option_is_one_line(options: tuple[str, ...]) -> None:
    done = subprocess.run(command(*options), capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("coach: ")


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            command("--port", port), capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"coach: port {port} cannot be used")
