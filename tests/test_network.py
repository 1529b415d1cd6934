"""Analysing opens no connection: proved by the system, not by looking at the code.

The analysis runs in a process of its own which the kernel kills at its first attempt to make an internet socket,
whoever makes it: Python or a library below it.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cuts import cut

ROOT = Path(__file__).parent.parent
SYSCALL_SOCKET = {"x86_64": 41, "aarch64": 198}

# A filter of four bytes a field: load the number of the system call; if it is socket(), load its first argument, the
# family; kill the process where that is AF_INET (2) or AF_INET6 (10); allow everything else.
FORBID = """
import ctypes, struct
def op(code, jt, jf, k):
    return struct.pack("HBBI", code, jt, jf, k)
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
program = b"".join([
    op(LOAD, 0, 0, 0), op(EQUAL, 0, 3, {number}),
    op(LOAD, 0, 0, 16), op(EQUAL, 2, 0, 2), op(EQUAL, 1, 0, 10),
    op(RETURN, 0, 0, 0x7FFF0000), op(RETURN, 0, 0, 0x80000000),
])
buffer = ctypes.create_string_buffer(program, len(program))
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
    PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(Filter(len(program) // 8, ctypes.addressof(buffer))), 0, 0
):
    raise SystemExit(77)
"""
WATCH = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.Request"):
        sys.stderr.write(f"NETWORK {event} {arguments}\\n")
sys.addaudithook(watch)
"""
ANALYSE = """
import sys
sys.argv = ["coach", "analyse", {video!r}, "--json", "--save-video", "--out", {out!r}]
from coach.cli.app import main
main()
"""


def run(script: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode == 77:
        pytest.skip("this system does not let a process forbid itself system calls")
    return done


@pytest.fixture(scope="module")
def forbid() -> str:
    number = SYSCALL_SOCKET.get(platform.machine())
    if platform.system() != "Linux" or number is None:
        pytest.skip("needs Linux on x86-64 or Arm")
    return FORBID.format(number=number)


def test_the_guard_kills_whoever_opens_a_connection(forbid: str) -> None:
    attempt = "\nimport socket\nsocket.socket(socket.AF_INET, socket.SOCK_STREAM)\nprint('still here')"
    done = run(forbid + attempt)
    assert done.returncode == -31  # SIGSYS
    assert "still here" not in done.stdout


def test_the_guard_lets_everything_else_be(forbid: str) -> None:
    done = run(forbid + "\nimport socket\nsocket.socketpair()\nprint('still here')")
    assert "still here" in done.stdout


@pytest.mark.model
def test_analysing_a_video_needs_no_connection(forbid: str, tmp_path: Path) -> None:
    video = cut("hiker_right_30fps.mp4", 1.5, tmp_path / "me.mp4")
    done = run(WATCH + forbid + ANALYSE.format(video=str(video), out=str(tmp_path / "out")))
    assert done.returncode == 0, done.stderr
    assert '"schema": 2' in done.stdout
    assert "NETWORK" not in done.stderr
