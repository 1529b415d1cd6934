"""The folder of a batch, on a disk shared by the workers or at an address: the only state there is. (I/O)

table.csv  table.parquet  index.html
videos/NAME-KEY/      result.json, requested outputs, skeleton.svg, and key.json, which lists the parts of KEY
.batch/plan.json      the videos of the last start, and the parts of each key besides the video
.batch/seen/ID.json   a video's content hash with its size and time, so that it need not be read again
.batch/failed/ID.json why a video has no result
.batch/claims/        see claims.py
.batch/work/          work in progress; moved to videos/ by renaming
.batch/journal/       a file per process with a line per video: where and when it was done, and its cost
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, cast

from coach.app.batch.claims import is_gone, process_name
from coach.app.batch.urls import file_system, is_url
from coach.errors import OutputError
from coach.reading import parse_json

STATE = ".batch"
KEY_FILE = "key.json"
PLAN = f"{STATE}/plan.json"


class Store(Protocol):
    """Storage for the state of a batch. Names are relative, with slashes."""

    @property
    def claims(self) -> Path | None:
        """The folder of claims; None if nothing can be claimed."""
        ...

    def read(self, name: str) -> str | None:
        """A small text file; None if there is none."""
        ...

    def write(self, name: str, text: str) -> None:
        """Write one, whole or not at all. Raises OutputError."""
        ...

    def put_file(self, made: Path, name: str) -> None:
        """Move a file from a work folder into place. Raises OutputError."""
        ...

    def remove(self, name: str) -> None:
        """Remove one, if it exists."""
        ...

    def has(self, folder: str) -> bool:
        """Whether a result exists; if so, it is complete."""
        ...

    def names(self, folder: str) -> list[str]:
        """The files of a result."""
        ...

    def work(self) -> AbstractContextManager[Path]:
        """A context manager: a local folder to make a result in."""
        ...

    def put(self, made: Path, folder: str) -> None:
        """Move a result into place; an existing one stays. Raises OutputError."""
        ...

    def note(self, line: Mapping[str, Any]) -> None:
        """Add a line to the journal."""
        ...


def open_store(place: str) -> Store:
    """The store at a path or an address. Nothing is written yet."""
    return UrlStore(place) if is_url(place) else FolderStore(Path(place))


def read_json(store: Store, name: str, **kinds: type) -> dict[str, Any] | None:
    """A JSON object; None if there is none, it cannot be read, or it lacks one of these keys with its type."""
    text = store.read(name)
    try:
        found = parse_json(text) if text else None
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(found.get(key), kind) for key, kind in kinds.items()):
        return None
    return found


def write_json(store: Store, name: str, value: Mapping[str, Any]) -> None:
    """Write a JSON object, always in the same way. Raises OutputError."""
    store.write(name, json.dumps(value, indent=1, sort_keys=True, allow_nan=False) + "\n")


class FolderStore:
    """A folder. Several processes and machines may use it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def claims(self) -> Path:
        """See Store."""
        return self.folder / STATE / "claims"

    def read(self, name: str) -> str | None:
        """See Store."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, ValueError):  # no file, no text, or no name that a file can have
            return None

    def write(self, name: str, text: str) -> None:
        """See Store."""
        with _writing(self.folder):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=f"{process_name()}-", dir=self._work_folder())
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(part).replace(target)
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise

    def put_file(self, made: Path, name: str) -> None:
        """See Store."""
        with _writing(self.folder):
            made.replace(self.folder / name)

    def remove(self, name: str) -> None:
        """See Store."""
        with suppress(OSError):
            (self.folder / name).unlink()

    def has(self, folder: str) -> bool:
        """See Store."""
        return (self.folder / "videos" / folder / KEY_FILE).is_file()

    def names(self, folder: str) -> list[str]:
        """See Store."""
        place = self.folder / "videos" / folder
        return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())

    @contextmanager
    def work(self) -> Iterator[Path]:
        """See Store."""
        with _writing(self.folder):
            place = Path(tempfile.mkdtemp(prefix=f"{process_name()}-", dir=self._work_folder()))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def is_done(self, key: str) -> bool:
        """Whether the result of this key stands here."""
        return any(self.has(path.name) for path in (self.folder / "videos").glob(f"*-{key}"))

    def sweep(self) -> None:
        """Remove what killed processes of this machine have left in the work folder."""
        for place in (self.folder / STATE / "work").glob("*"):
            if is_gone(place.name.rpartition("-")[0]):
                shutil.rmtree(place, ignore_errors=True)
                place.unlink(missing_ok=True)

    def _work_folder(self) -> Path:
        folder = self.folder / STATE / "work"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def put(self, made: Path, folder: str) -> None:
        """See Store."""
        target = self.folder / "videos" / folder
        with _writing(self.folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                made.rename(target)
            except OSError:
                if not self.has(folder):  # somebody has removed part of an existing result
                    shutil.rmtree(target, ignore_errors=True)
                    made.rename(target)

    def note(self, line: Mapping[str, Any]) -> None:
        """See Store."""
        with _writing(self.folder):
            path = self.folder / STATE / "journal" / f"{process_name()}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


class UrlStore:
    """A location reached through fsspec. A result's files are written first, its key last: then it is complete.

    Object stores can neither rename nor create exclusively, so nothing is claimed: whoever hands out the videos must
    not hand one out twice.
    """

    claims: Path | None = None

    def __init__(self, url: str) -> None:
        self._system, root = file_system(url)
        self._root = root.rstrip("/")

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def read(self, name: str) -> str | None:
        """See Store."""
        try:
            return cast("bytes", self._system.cat_file(self._at(name))).decode("utf-8")
        except (OSError, ValueError):
            return None

    def write(self, name: str, text: str) -> None:
        """See Store."""
        with _writing(self._root):
            self._system.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(self._at(name), text.encode("utf-8"))

    def put_file(self, made: Path, name: str) -> None:
        """See Store."""
        with _writing(self._root):
            self._system.put_file(str(made), self._at(name))

    def remove(self, name: str) -> None:
        """See Store."""
        with suppress(OSError):
            self._system.rm_file(self._at(name))

    def has(self, folder: str) -> bool:
        """See Store."""
        return bool(self._system.exists(self._at(f"videos/{folder}/{KEY_FILE}")))

    def names(self, folder: str) -> list[str]:
        """See Store."""
        place = self._at(f"videos/{folder}")
        return sorted(str(found)[len(place) + 1 :] for found in self._system.find(place))

    @contextmanager
    def work(self) -> Iterator[Path]:
        """See Store."""
        with tempfile.TemporaryDirectory(prefix="coach-") as place:
            yield Path(place)

    def put(self, made: Path, folder: str) -> None:
        """See Store."""
        files = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
        with _writing(self._root):
            for name in sorted(files, key=lambda each: (each == KEY_FILE, each)):
                target = self._at(f"videos/{folder}/{name}")
                self._system.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._system.put_file(str(made / name), target)

    def note(self, line: Mapping[str, Any]) -> None:
        """Does nothing: files there cannot be appended to."""


@contextmanager
def _writing(place: object) -> Iterator[None]:
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        why = error.strerror or os.strerror(error.errno) if error.errno else str(error)
        raise OutputError(f"{place}: cannot be written to ({why})", "Make room, or choose another --out") from error
