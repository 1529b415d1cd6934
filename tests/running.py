"""The coach as a process of its own, with stand-ins for what it sees and shows; to be ended in every way."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_S = 900.0


class Running:
    """A process of the coach in ``home``, and what it printed so far. Its group is its own, as in a terminal."""

    def __init__(self, home: Path, *arguments: object, module: str = "tests.stand_in", pace_s: float = 0.03) -> None:
        self.home = home
        (home / "tmp").mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=home,
            env=surroundings(home) | {"COACH_PACE_S": str(pace_s)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._said = {"out": b"", "err": b""}
        self._deaf = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        streams = {"out": self.process.stdout, "err": self.process.stderr}
        with selectors.DefaultSelector() as waiting:
            for name, stream in streams.items():
                waiting.register(stream, selectors.EVENT_READ, name)  # type: ignore[arg-type]
            while waiting.get_map() and not self._deaf.is_set():
                for key, _ in waiting.select(0.02):
                    piece = os.read(key.fd, 65_536)
                    self._said[key.data] += piece
                    if not piece:
                        waiting.unregister(key.fileobj)
        for stream in streams.values():
            stream.close()  # type: ignore[union-attr]

    @property
    def lines(self) -> list[str]:
        """What it printed so far, whole lines."""
        return self._said["out"].decode().split("\n")[:-1]

    @property
    def complaints(self) -> list[str]:
        """What it printed as errors."""
        return self._said["err"].decode().splitlines()

    def seen_s(self) -> float:
        """The time of the last picture that was looked at; -1 before the first."""
        said = [line for line in self.lines if line.startswith("SEEN ")]
        return float(said[-1].split()[1]) if said else -1.0

    def wait_for(self, holds: Callable[[], object], what: str) -> None:
        """Until something holds; fails where it ends before, or never comes there."""
        until_s = time.monotonic() + PATIENCE_S
        while not holds():
            if self.process.poll() is not None or time.monotonic() > until_s:
                self.kill()
                raise AssertionError(f"never: {what}; exit {self.process.poll()}; {self.complaints[-20:]}")
            time.sleep(0.01)

    def end(self, way: str) -> int:
        """End it: by the name of a signal to its whole group, as terminals do, or by nobody reading it any more."""
        if way == "pipe":
            self.stop_reading()
        else:
            os.killpg(self.process.pid, getattr(signal, way))
        return self.over()

    def stop_reading(self) -> None:
        """As a terminal that is gone, or ``| head``."""
        self._deaf.set()
        self._reader.join()

    def over(self) -> int:
        """Wait for its end; the exit code."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join()
        return code

    def kill(self) -> None:
        """No time for anything."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def surroundings(home: Path) -> dict[str, str]:
    """The environment of a coach whose files are all in ``home``."""
    own = {"TMPDIR": home / "tmp", "COACH_HOME": home / "data", "XDG_CACHE_HOME": home / "cache", "HOME": home}
    return {**os.environ, "PYTHONPATH": str(ROOT), **{name: str(path) for name, path in own.items()}}


@contextmanager
def running(home: Path, *arguments: object, **wishes: object) -> Iterator[Running]:
    """See Running; killed in the end."""
    one = Running(home, *arguments, **wishes)  # type: ignore[arg-type]
    try:
        yield one
    finally:
        one.kill()


def next_start(home: Path) -> None:
    """Any command at all."""
    command = [sys.executable, "-m", "coach", "--version"]
    subprocess.run(command, cwd=home, env=surroundings(home), check=True, capture_output=True)


def left(home: Path) -> list[Path]:
    """Half-written files and temporary folders."""
    return [path for path in home.rglob("*") if path.suffix == ".part" or path.name.startswith("coach-")]
