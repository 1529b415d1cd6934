"""Standard error comes back, however many threads put it away at the same time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from coach.video.stderr import quiet_stderr

# The first one leaves while the second is inside, or would be, were it let in.
OVERLAP = """
import os, threading
from coach.video.stderr import quiet_stderr

first_in, first_out = threading.Event(), threading.Event()

def first():
    with quiet_stderr():
        first_in.set()
        second_in.wait(0.3)
    first_out.set()

second_in = threading.Event()

def second():
    first_in.wait()
    with quiet_stderr():
        second_in.set()
        first_out.wait(5)

threads = [threading.Thread(target=first), threading.Thread(target=second)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
os.write(2, b"still here")
"""


def test_two_threads_that_overlap_leave_standard_error_as_it_was() -> None:
    done = subprocess.run([sys.executable, "-c", OVERLAP], capture_output=True, text=True, timeout=180, check=True)
    assert done.stderr == "still here"


def test_what_is_written_inside_does_not_show_and_errors_rise(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), quiet_stderr():
        os.write(2, b"chatter")
        raise ZeroDivisionError
    os.write(2, b"said")
    assert capfd.readouterr().err == "said"
