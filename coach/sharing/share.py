"""One file for the physiotherapist: gathered from history or result folders, written, and taken in. (I/O)"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from coach import __version__
from coach.definitions.exercise import Exercise
from coach.errors import CoachError, HistoryError, RecordingError, SharedFileError
from coach.files import saving, usable
from coach.history import DEFAULT_PERSON, History, PartRecord, SessionRecord, TakenIn, checked_name
from coach.history.store import unshareable
from coach.history.take_in import Incoming
from coach.history.weeks import day_of
from coach.reading import MOST_RESULT_BYTES, read_json
from coach.session.result import Result
from coach.session.result_reading import checked_result
from coach.session.timeline import Timeline
from coach.session.timeline_file import read_timeline, timeline_path
from coach.sharing.bundle import Bundle, SharedSession, parse_bundle
from coach.sharing.embedded_data import REMEDY, read_embedded
from coach.sharing.page import share_page

ENDING = ".coach.html"
WEEKS = 4
LONGEST_NAME_BYTES = 100
MOST_RESULTS = 1_000
RESULT_REMEDY = "Give the folder that 'coach analyse --out' wrote"


def file_name(person: str) -> str:
    """What the file of a person is called: letters and digits of any language, and no sign that a system refuses."""
    plain = re.sub(r"[^\w-]+", "_", person)
    # Whole letters: a name may have 250 of four bytes each.
    short = plain.encode("utf-8", "replace")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore").strip("_")
    return f"{usable(short or 'person')}{ENDING}"


def of_session(history: History, number: int, now: datetime) -> Bundle:
    """One session of the history. Raises HistoryError where there is none of that number."""
    return _bundle(history, [history.session(number)], now)


def of_person(history: History, person: str | None, weeks: int, now: datetime) -> Bundle:
    """The sessions of a person from the last weeks, today's among them. person: None where there is only one.

    Raises HistoryError: nobody of that name, several people, or nothing in these weeks.
    """
    name = history.only_person(person)
    since = now.date() - timedelta(weeks=weeks)
    sessions = history.sessions(name)
    if not sessions:
        raise HistoryError(f"no session of {name} is kept yet", "'coach web' and 'coach live' keep each one")
    found = [each for each in sessions if _since(each, since)]
    if not found:
        raise HistoryError(
            f"no session of {name} is kept from the last {weeks} weeks", "Give more --weeks; 'coach history' lists them"
        )
    return _bundle(history, found, now)


def of_folder(folder: Path, person: str | None, now: datetime) -> Bundle:
    """The results below a folder, each a session of the day on which it was written. Raises SharedFileError."""
    if not folder.is_dir():
        raise SharedFileError(f"{folder}: is no folder", "Give the number of a session, or a folder with results")
    paths = sorted(folder.rglob("result.json"))
    if not paths:
        raise SharedFileError(f"{folder}: holds no result.json", RESULT_REMEDY)
    if len(paths) > MOST_RESULTS:
        raise SharedFileError(f"{folder}: holds more than {MOST_RESULTS} results", "Give a folder of one person")
    name = checked_name(person or DEFAULT_PERSON)
    sessions = sorted((_of_result(path, name) for path in paths), key=lambda each: each.record.started_at)
    unique = {each.record.uid: each for each in reversed(sessions)}  # a copy of a result is no second session
    kept = tuple(sorted(unique.values(), key=lambda each: each.record.started_at))
    # Whoever has this name and this oldest session is the same person wherever the file goes.
    uid = hashlib.sha256(f"{name.casefold()} {kept[0].record.uid}".encode()).hexdigest()[:32]
    return Bundle(name, uid, now, kept)


def write_share(
    bundle: Bundle,
    path: Path,
    today: date,
    *,
    weeks: int = WEEKS,
    language: str = "en",
    exercises: Sequence[Exercise] = (),
) -> Path:
    """Write the file, whole or not at all. Raises OutputError."""
    text = share_page(bundle, today, weeks, language, exercises, path.name)
    with saving(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def read_share(path: Path) -> Incoming:
    """What a file shares. Raises SharedFileError for anything but a file that 'coach share' could have written."""
    data = read_embedded(path)
    try:
        return parse_bundle(data)
    except ValueError as error:
        raise SharedFileError(f"{path}: holds what no coach has written ({error})", REMEDY) from error


def take_in(history: History, path: Path, person: str | None = None) -> TakenIn:
    """Add what a file shares to a history. Raises SharedFileError, HistoryError; then nothing was added."""
    return history.take_in(read_share(path), person)


def _since(session: SessionRecord, since: date) -> bool:
    day = day_of(session)
    return day is None or day > since


def _bundle(history: History, sessions: Sequence[SessionRecord], now: datetime) -> Bundle:
    person = sessions[0].person
    shared = [_shared(history, each) for each in sessions if each.uid and each.start_known]
    if not shared:
        raise unshareable()
    return Bundle(person, history.person_uid(person), now, tuple(shared))


def _shared(history: History, session: SessionRecord) -> SharedSession:
    timelines: dict[int, Timeline] = {}
    for part in session.parts:
        timeline = history.timeline(session.number, part.number)
        if len(timeline):
            timelines[part.number] = timeline
    return SharedSession(session, timelines)


def _of_result(path: Path, person: str) -> SharedSession:
    data = read_json(path, RecordingError, RESULT_REMEDY, MOST_RESULT_BYTES)
    try:
        result: Result = checked_result(data)
    except ValueError as error:
        raise RecordingError(f"{path}: is no result of this coach ({error})", RESULT_REMEDY) from error
    at = datetime.fromtimestamp(path.stat().st_mtime).astimezone().replace(microsecond=0)
    uid = hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest()[:32]
    record = SessionRecord(
        number=0,
        person=person,
        kind="analysed",
        started_at=at,
        saved_at=at,
        ended_at=at,
        source=result["source"],
        programme="",
        sessions_per_week=None,
        sets_planned=None,
        report_path=None,
        record=None,
        app_version=__version__,
        parts=(PartRecord(0, result["exercise"], result),),
        pains=(),
        uid=uid,
    )
    timelines = {}
    with suppress(CoachError, OSError):  # without curves where those cannot be read
        timelines[0] = read_timeline(timeline_path(path))
    return SharedSession(record, timelines)
