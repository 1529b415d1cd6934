"""The videos of a batch: from folders, patterns, single files, URLs, and lists. (I/O)"""

from __future__ import annotations

import csv
import glob
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TypeVar

from coach.app.batch.urls import expand_url, is_url
from coach.errors import MOST_MISTAKES, CoachError, ListFileError, SourceNotFoundError
from coach.reading import printable, read_text

VIDEO_ENDINGS = {
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".mpg", ".mpeg", ".mts", ".m2ts", ".3gp", ".ogv"),
    ".observed",
}
# Columns of a list, and other names that people use for them.
COLUMNS = ("video", "person", "date", "exercise", "side")
ALSO = {"file": "video", "path": "video", "url": "video", "name": "person", "patient": "person"}
T = TypeVar("T")
CheckExercise = Callable[[str], object] | None
MOST_LIST_BYTES = 512 * 2**20  # of millions of videos
LIST_REMEDY = f"A list is a CSV file with a heading: {','.join(COLUMNS)}; only the first is needed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A video of the batch.

    name: what it is called in the table: its path below the folder or list that named it. place: where it is, a
    whole path or a URL. exercise: a name or an exercise file, '' for that of the whole batch; side likewise.
    repeat: how many of the same name came before it.
    """

    name: str
    place: str
    person: str = ""
    date: str = ""
    exercise: str = ""
    side: str = ""
    repeat: int = 0

    @property
    def id(self) -> str:
        """A short identifier of its name, the same at every start."""
        return hashlib.sha256(f"{self.name}\0{self.repeat}".encode()).hexdigest()[:16]

    @property
    def file_name(self) -> str:
        """The last part of its place."""
        return self.place.rsplit("/", 1)[-1] if is_url(self.place) else Path(self.place).name


def find_entries(
    inputs: Sequence[str], without: Path | None = None, check_exercise: CheckExercise = None
) -> tuple[list[Entry], list[str]]:
    """The named videos, in an order that does not depend on the machine, and warnings about them.

    without: a folder to skip, because the results are written there. check_exercise: raises CoachError for one of a
    list that cannot be judged. Raises SourceNotFoundError, ListFileError.
    """
    found: list[Entry] = []
    remarks: list[str] = []
    for text in inputs:
        if is_url(text) and not text.lower().endswith(".csv"):
            found += [Entry(url, url) for url in expand_url(text)]
            continue
        for path in _matches(text):
            if path.is_dir():
                found += [
                    Entry(each.relative_to(path).as_posix(), str(each.absolute())) for each in _videos_in(path, without)
                ]
            elif path.suffix.lower() == ".csv":
                entries, unused = read_list(path, check_exercise)
                found += entries
                remarks += [f"{path}: the column '{column}' is not used" for column in unused]
            else:
                found.append(Entry(path.name, str(path.absolute())))
    if not found:
        raise SourceNotFoundError(f"{', '.join(inputs)}: no video is there", "Give a folder, videos or a list of them")
    return numbered(found), remarks


def numbered(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by name; different places with the same name are distinguished by place, then by number."""
    places: dict[str, set[str]] = {}
    entries = list(entries)
    for entry in entries:
        places.setdefault(entry.name, set()).add(entry.place)
    clear = [
        entry if len(places[entry.name]) == 1 else replace(entry, name=Path(entry.place).as_posix())
        for entry in entries
    ]
    seen: Counter[str] = Counter()
    out = []
    for entry in sorted(clear, key=lambda each: each.name):
        out.append(replace(entry, repeat=seen[entry.name]))
        seen[entry.name] += 1
    return out


def read_list(path: Path, check_exercise: CheckExercise = None) -> tuple[list[Entry], list[str]]:
    """The videos of a list, in its order, and the names of unknown columns. Raises ListFileError with every mistake.

    Paths are relative to the list. Fields are separated by commas, semicolons or tabs.
    """
    text = read_text(path, ListFileError, LIST_REMEDY, MOST_LIST_BYTES, "'CSV UTF-8'")
    first, _, rest = text.partition("\n")
    skipped = first.strip().lower().startswith("sep=")  # how a spreadsheet is told the separator
    heading, content = (rest.partition("\n")[0], rest) if skipped else (first, text)
    separator = max(",;\t", key=heading.count)
    reader = csv.DictReader(StringIO(content, newline=""), delimiter=separator)
    try:
        return _entries_of(reader, path, int(skipped), check_exercise)
    except csv.Error as error:
        raise ListFileError(f"{path}: line {reader.line_num + skipped}: {error}", LIST_REMEDY) from error


def _entries_of(
    reader: csv.DictReader[str], path: Path, skipped: int, check_exercise: CheckExercise
) -> tuple[list[Entry], list[str]]:
    known = {given: ALSO.get(name := given.strip().lower(), name) for given in reader.fieldnames or ()}
    if "video" not in known.values():
        raise ListFileError(f"{path}: has no column 'video'", LIST_REMEDY)
    entries: list[Entry] = []
    mistakes: list[CoachError] = []
    for row in reader:
        if not any(row.values()):
            continue
        fields = {column: (row.get(given) or "").strip() for given, column in known.items() if column in COLUMNS}
        entry = _entry(fields, path.parent)
        where = f"line {reader.line_num + skipped}"
        found = _mistakes(fields, entry.exercise, check_exercise)
        mistakes += [CoachError(f"{where}: {each.problem}", each.remedy) for each in found]
        entries.append(entry)
        if len(mistakes) > MOST_MISTAKES:
            break
    if mistakes:
        raise ListFileError(str(path), mistakes=mistakes)
    return entries, [given for given, column in known.items() if column not in COLUMNS]


def _mistakes(fields: dict[str, str], exercise: str, check_exercise: CheckExercise) -> Iterator[CoachError]:
    """What is wrong with a row."""
    if not fields["video"]:
        yield CoachError("names no video", LIST_REMEDY)
    if not all(printable(text) for text in fields.values()):
        yield CoachError("holds letters that cannot be shown", LIST_REMEDY)
    side, day = fields.get("side", ""), fields.get("date", "")
    if side.lower() not in ("", "auto", "left", "right"):
        yield CoachError(f"side is '{side}'", "Use left, right, or nothing to find out")
    if day and _iso(day) is None:
        yield CoachError(f"the date is '{day}'", "Write it as 2026-03-14")
    try:
        if check_exercise is not None and exercise:
            check_exercise(exercise)
    except CoachError as error:
        yield error


def _iso(day: str) -> str | None:
    """A day as 2026-03-14; None if it is none."""
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return None


def _entry(fields: dict[str, str], folder: Path) -> Entry:
    video, exercise, side = fields["video"], fields.get("exercise", ""), fields.get("side", "").lower()
    if exercise.endswith(".toml"):
        exercise = str(folder / exercise)
    return Entry(
        video if is_url(video) else Path(video).as_posix(),
        video if is_url(video) else str((folder / video).absolute()),
        fields.get("person", ""),
        _iso(fields.get("date", "")) or "",
        "" if exercise == "auto" else exercise,
        "" if side == "auto" else side,
    )


def shard_of(entries: Sequence[T], shard: tuple[int, int] | None) -> list[T]:
    """Every N-th of the entries, beginning with the I-th: (1, 4) is the first quarter."""
    return list(entries) if shard is None else list(entries[shard[0] - 1 :: shard[1]])


def _matches(text: str) -> list[Path]:
    path = Path(text)
    if not path.exists() and any(sign in text for sign in "*?["):
        matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - absolute patterns too
        return [Path(match) for match in matches]
    if not path.exists() and path.suffix.lower() not in VIDEO_ENDINGS:
        raise SourceNotFoundError(f"{text}: no such folder or file", "Check the name")
    return [path]  # a named video that is missing becomes a row that says so


def _videos_in(folder: Path, without: Path | None) -> list[Path]:
    left_out = without.resolve() if without is not None else None
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in VIDEO_ENDINGS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and (left_out is None or left_out == folder.resolve() or left_out not in path.resolve().parents)
    ]
