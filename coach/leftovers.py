"""Temporary folders and half-written files, and the removal of those left by a killed coach. (I/O)

A program that can still act removes its own. One that is killed cannot: so each folder is named after its process,
each half-written file is noted in such a folder, and the next start removes those whose process has gone. They may
hold somebody's video.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

PART = re.compile(r"\..+\.(\d+)\.part")
NOTES = "parts.txt"
MOST_NOTES_BYTES = 10 * 2**20


def temporary_folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """A folder that only this user can open; removed on leaving the context, or by the next start after a kill.

    kind: lower-case letters that tell a finder what it is.
    """
    return tempfile.TemporaryDirectory(prefix=f"coach-{kind}-{_myself()}-", ignore_cleanup_errors=True)


def part_of(path: Path) -> Path:
    """A temporary path beside the final one, distinct from those of other processes.

    It is noted, so that the next start removes it if this process is killed.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    if len(os.fsencode(part.name)) > LONGEST_NAME_BYTES:  # the final name fits, but not with an ending
        part = path.with_name(f".{os.urandom(8).hex()}.{os.getpid()}.part")
    with suppress(OSError, ValueError):
        _notes().note(part)
    return part


LONGEST_NAME_BYTES = 255  # of one name on nearly every file system


class _Notes:
    """This process's list of half-written files, in its own temporary folder; created on first use."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._folder = temporary_folder("parts")
        self._noted: set[Path] = set()

    def note(self, part: Path) -> None:
        whole = part.absolute()
        if whole not in self._noted:
            self._noted.add(whole)
            with (Path(self._folder.name) / NOTES).open("ab") as file:
                file.write(os.fsencode(whole) + b"\0")


_kept: list[_Notes] = []  # of this process: a fork has its own


def _notes() -> _Notes:
    if not _kept or _kept[0].process != os.getpid():
        _kept[:] = [_Notes()]
    return _kept[0]


def sweep(place: Path | None = None) -> list[Path]:
    """Remove what a killed coach of this user left behind, and return what that was. Never raises.

    place: where temporary folders are; defaults to the system's.
    """
    removed: list[Path] = []
    with suppress(OSError):
        for folder in (place or Path(tempfile.gettempdir())).glob("coach-*-*-*"):
            with suppress(OSError):
                if _is_orphan(folder):
                    removed += _sweep_parts(folder)
                    shutil.rmtree(folder, ignore_errors=True)
                    removed.append(folder)
    return removed


def _sweep_parts(folder: Path) -> list[Path]:
    """Remove the half-written files noted in a folder. Only names of such files are trusted."""
    removed = []
    notes = folder / NOTES
    if not notes.is_file() or notes.is_symlink() or notes.stat().st_size > MOST_NOTES_BYTES:
        return []
    owner = folder.name.split("-")[2].split(".")[0]
    for name in notes.read_bytes().split(b"\0"):
        part = Path(os.fsdecode(name))
        found = PART.fullmatch(part.name)
        if found is not None and found.group(1) == owner and part.is_file() and not part.is_symlink():
            with suppress(OSError):
                part.unlink()
                removed.append(part)
    return removed


def _is_orphan(folder: Path) -> bool:
    """Whether a folder belongs to this user and its process has gone."""
    found = re.fullmatch(r"coach-[a-z]+-(\d+)\.(\d+)-.+", folder.name)
    about = folder.lstat()
    if found is None or not stat.S_ISDIR(about.st_mode) or (hasattr(os, "getuid") and about.st_uid != os.getuid()):
        return False
    # Process numbers mean nothing in another container.
    return found.group(2) == _namespace() and not _runs(int(found.group(1)))


def _runs(process: int) -> bool:
    if sys.platform == "win32":
        return process == os.getpid() or _runs_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _runs_on_windows(process: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only there
    handle = kernel.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return False
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == 259  # STILL_ACTIVE


def _myself() -> str:
    return f"{os.getpid()}.{_namespace()}"


def _namespace() -> str:
    """Identifies the process namespace of this process."""
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return "0"
