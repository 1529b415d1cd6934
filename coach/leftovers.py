"""Temporary folders and half-written files, and the removal of those left by a killed coach. (I/O)

A program that can still act removes its own. One that is killed cannot: so each folder is named after its process,
each half-written file is noted in such a folder, and the next start removes those whose process has gone. They may
hold somebody's video.

What is in use is never removed. A process is gone only where this machine, its set of process numbers, the number and
the moment at which it began all say so; and each folder is locked for as long as it is used, which no mistake about
processes can undo.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import threading
import weakref
from contextlib import suppress
from pathlib import Path

from coach import processes

PART = re.compile(r"\..+\.(\d+)-[0-9a-f]{8}\.part")
FOLDER = re.compile(r"coach-[a-z]+-(\d+)\.(\d+)\.([0-9a-f]+)-.+")
NOTES = "parts.txt"
MOST_NOTES_BYTES = 10 * 2**20
MOST_NOTES, STILL_NOTED = 256, 64
LONGEST_NAME_BYTES = 255  # of one name on nearly every file system


class TemporaryFolder(tempfile.TemporaryDirectory[str]):
    """A folder that only this user can open, held while it is used; removed on leaving it, or after a kill.

    kind: lower-case letters that tell a finder what it is.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(prefix=f"coach-{kind}-{_myself()}-", ignore_cleanup_errors=True)
        self._let_go: weakref.finalize[..., TemporaryFolder] | None = None
        with suppress(OSError):
            lock = _lock(Path(self.name))
            if lock is not None:
                self._let_go = weakref.finalize(self, os.close, lock)

    def cleanup(self) -> None:
        """Remove it, and let go of it."""
        super().cleanup()
        if self._let_go is not None:
            self._let_go()


def temporary_folder(kind: str) -> TemporaryFolder:
    """See TemporaryFolder."""
    return TemporaryFolder(kind)


def part_of(path: Path) -> Path:
    """A temporary path beside the final one, distinct from any other, of this process or another.

    Each call gives another one. It is noted, so that the next start removes it if this process is killed.
    """
    end = f".{os.getpid()}-{os.urandom(4).hex()}.part"
    part = path.with_name(f".{path.name}{end}")
    if len(os.fsencode(part.name)) > LONGEST_NAME_BYTES:  # the final name fits, but not with an ending
        part = path.with_name(f".{os.urandom(8).hex()}{end}")
    with suppress(OSError, ValueError):
        _notes().note(part)
    return part


class _Notes:
    """This process's list of half-written files, in its own temporary folder; created on first use."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._folder = temporary_folder("parts")
        self._noted: list[Path] = []
        self._one_at_a_time = threading.Lock()

    def note(self, part: Path) -> None:
        path = Path(self._folder.name) / NOTES
        with self._one_at_a_time:
            self._noted.append(part.absolute())
            if len(self._noted) <= MOST_NOTES:
                with path.open("ab") as file:
                    file.write(os.fsencode(self._noted[-1]) + b"\0")
                return
            # The newest may be noted and not there yet; of the others most have their names by now.
            old, new = self._noted[:-STILL_NOTED], self._noted[-STILL_NOTED:]
            self._noted = [each for each in old if each.exists()] + new
            shorter = path.with_name("shorter")
            shorter.write_bytes(b"".join(os.fsencode(each) + b"\0" for each in self._noted))
            shorter.replace(path)


_kept: list[_Notes] = []  # of this process, and those of whom it was forked from, which are not ours to remove


def _notes() -> _Notes:
    if not _kept or _kept[-1].process != os.getpid():
        _kept.append(_Notes())
    return _kept[-1]


def sweep(place: Path | None = None) -> list[Path]:
    """Remove what a killed coach of this user left behind, and say what that was. Never raises.

    place: where temporary folders are; the system's place where left out.
    """
    removed: list[Path] = []
    with suppress(OSError):
        for folder in (place or Path(tempfile.gettempdir())).glob("coach-*-*-*"):
            with suppress(OSError):
                removed += _swept(folder)
    return removed


def _swept(folder: Path) -> list[Path]:
    """Remove a folder and what it notes, where it is this user's. Raises OSError where somebody holds it."""
    owner = _gone(folder)
    if owner is None:
        return []
    lock = _lock(folder)
    try:
        removed = _sweep_parts(folder, owner)
        shutil.rmtree(folder, ignore_errors=True)
        return [*removed, folder]
    finally:
        if lock is not None:
            os.close(lock)


def _sweep_parts(folder: Path, owner: str) -> list[Path]:
    """Remove the half-written files that a folder notes. Only names of such files are trusted."""
    removed = []
    notes = folder / NOTES
    if not notes.is_file() or notes.is_symlink() or notes.stat().st_size > MOST_NOTES_BYTES:
        return []
    for name in notes.read_bytes().split(b"\0"):
        part = Path(os.fsdecode(name))
        found = PART.fullmatch(part.name)
        if found is not None and found.group(1) == owner and part.is_file() and not part.is_symlink():
            with suppress(OSError):
                part.unlink()
                removed.append(part)
    return removed


def _gone(folder: Path) -> str | None:
    """The number of the process whose folder it was, where it is this user's and that process is gone."""
    found = FOLDER.fullmatch(folder.name)
    about = folder.lstat()
    if found is None or not stat.S_ISDIR(about.st_mode) or (hasattr(os, "getuid") and about.st_uid != os.getuid()):
        return None
    number, start, place = found.groups()
    if place != processes.place() or processes.runs(int(number), int(start) or None):
        return None
    return number


def _lock(folder: Path) -> int | None:
    """The open folder, locked until it is closed; None where folders cannot be locked: on Windows, some drives.

    Raises BlockingIOError where somebody holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return opened


def _myself() -> str:
    return f"{os.getpid()}.{processes.started(os.getpid()) or 0}.{processes.place()}"
