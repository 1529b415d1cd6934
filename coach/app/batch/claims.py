"""Claims on videos: one small file, created by the first worker and kept fresh while it works. (I/O)

``KEY.1`` is the first try. A worker that finds its holder dead creates ``KEY.2``, which only one can do, and so on: the
number says how many workers have died over this video. A holder on the same machine is dead if its process has gone;
one elsewhere if its file has not been touched for two minutes by the folder's clock, so that the machines' clocks need
not agree.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach import processes

HEARTBEAT_S = 15.0
STALE_S = 120.0  # longer than network file systems cache a file's time, and several heartbeats
TRIES = 2


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker has claimed it."""

    holder: str


@dataclass(frozen=True, slots=True)
class WornOut:
    """The allowed number of workers has died over it."""

    deaths: int


class Claim:
    """A claim that is held. Touched every 15 seconds until it is released; releasing removes it and those before it."""

    def __init__(self, folder: Path, key: str, number: int, heartbeat_s: float) -> None:
        self.number = number
        self._folder, self._key = folder, key
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, args=(heartbeat_s,), daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Give up the claim, whatever the outcome: the next worker looks for the result first."""
        self._over.set()
        self._thread.join()
        clear(self._folder, self._key)

    def _beat(self, heartbeat_s: float) -> None:
        while not self._over.wait(heartbeat_s):
            with suppress(OSError):
                os.utime(_path(self._folder, self._key, self.number))


def take(
    folder: Path, key: str, *, heartbeat_s: float = HEARTBEAT_S, stale_s: float = STALE_S
) -> Claim | Busy | WornOut:
    """Claim a key. Raises if it is busy or has failed too often."""
    folder.mkdir(parents=True, exist_ok=True)
    number = _latest(folder, key)
    if number and _alive(_path(folder, key, number), stale_s):
        return Busy(holder(folder, key))
    if number >= TRIES:
        return WornOut(number)
    path = _path(folder, key, number + 1)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "w", encoding="utf-8") as file:
            json.dump(_myself(), file)
    except FileExistsError:
        return Busy("another process")
    except BaseException:  # stopped just now, perhaps before anything was written; or no room
        if _read(path) in ({}, _myself()):
            path.unlink(missing_ok=True)
        raise
    return Claim(folder, key, number + 1, heartbeat_s)


def clear(folder: Path, key: str) -> None:
    """Remove all claims on a key."""
    for number in range(_latest(folder, key), 0, -1):
        with suppress(OSError):
            _path(folder, key, number).unlink()


def forget(folder: Path, pids: Collection[int]) -> None:
    """Remove the claims of this machine's processes that were stopped on purpose: they did not die over a video."""
    for path in folder.glob("*.*") if pids else ():
        pid = _here(_read(path))
        if pid is not None and pid in pids:
            path.unlink(missing_ok=True)


def sweep(folder: Path, is_done: Callable[[str], bool]) -> None:
    """Remove the claims on keys that are done: who held them was killed before they were released."""
    for path in folder.glob("*.*"):
        if is_done(path.stem):
            path.unlink(missing_ok=True)


def holder(folder: Path, key: str, stale_s: float = STALE_S) -> str:
    """The holder, as ``machine, process 123``; '' if no living worker holds it."""
    path = _path(folder, key, _latest(folder, key))
    if not path.exists() or not _alive(path, stale_s):
        return ""
    who = _read(path)
    return f"{who.get('node', 'somebody')}, process {who.get('pid', '?')}"


def process_name() -> str:
    """A name for this process, unique among all machines at this time."""
    return f"{processes.place()}-{os.getpid()}-{processes.started(os.getpid()) or 0}"


def _path(folder: Path, key: str, number: int) -> Path:
    return folder / f"{key}.{number}"


def _latest(folder: Path, key: str) -> int:
    number = 0
    while _path(folder, key, number + 1).exists():
        number += 1
    return number


def _myself() -> dict[str, Any]:
    pid = os.getpid()
    return {"node": platform.node(), "place": processes.place(), "pid": pid, "started": processes.started(pid)}


def _here(who: dict[str, Any]) -> int | None:
    """The number of the holder's process, where it is or was one of this machine that can be asked for."""
    pid = who.get("pid")
    return pid if os.name == "posix" and who.get("place") == processes.place() and isinstance(pid, int) else None


def _read(path: Path) -> dict[str, Any]:
    """The holder of a claim; empty while it is still being written."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _alive(path: Path, stale_s: float) -> bool:
    who = _read(path)
    pid = _here(who)
    if pid is not None:
        return processes.runs(pid, who.get("started"))
    try:
        with path.open("rb") as file:  # opening it makes a network file system look again
            touched_s = os.fstat(file.fileno()).st_mtime
        with tempfile.NamedTemporaryFile(dir=path.parent) as clock:
            now_s = os.fstat(clock.fileno()).st_mtime
    except FileNotFoundError:
        return False
    return now_s - touched_s < stale_s


def is_gone(process: str) -> bool:
    """Whether a process named by ``process_name`` ran on this machine and has ended."""
    place, pid, started = (["", "", *process.rsplit("-", 2)])[-3:]
    if os.name != "posix" or place != processes.place() or not (pid.isdigit() and started.isdigit()):
        return False
    return not processes.runs(int(pid), int(started) or None)
