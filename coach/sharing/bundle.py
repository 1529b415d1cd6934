"""Sessions of one person as plain data and back. Whoever reads a shared file trusts nothing in it. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from io import BytesIO
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach import __version__
from coach.errors import RecordingError
from coach.guide.account import Account, Score
from coach.history.reading import UNKNOWN, time_of
from coach.history.records import LONGEST_NAME, UID_PATTERN, Pain, PartRecord, SessionRecord, is_name
from coach.history.take_in import Incoming, IncomingSession
from coach.reading import checked_sizes, printable
from coach.session.result_reading import Count, ExerciseName, Seconds, Word, checked_result
from coach.session.timeline import Timeline
from coach.session.timeline_file import decode, encode
from coach.toml import wrong_keys

FORMAT = "exercise-coach sessions"
VERSION = 1
MOST_SESSIONS = 2_000
MOST_PARTS = 200  # sets of a session
MOST_PAINS = 1_000
MOST_TIMELINE_LETTERS = 16 * 2**20
MOST_TIMELINE_BYTES = 64 * 2**20  # of one set, unpacked: two hours
MOST_TIMELINES_BYTES = 1024 * 2**20  # of a whole file, unpacked

Uid = Annotated[str, Field(pattern=f"^{UID_PATTERN}$")]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Time = Annotated[str, Field(max_length=40)]
Text = Annotated[str, Field(max_length=10_000)]


class _Checked(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class _Pain(_Checked):
    part: Count
    t_s: Seconds
    score: Score | None


class _Part(_Checked):
    number: Count
    exercise: ExerciseName | None
    result: dict[str, Any] | None
    timeline: Annotated[str, Field(max_length=MOST_TIMELINE_LETTERS)] | None


class _Session(_Checked):
    uid: Uid
    kind: Literal["live", "analysed"]
    started_at: Time
    saved_at: Time
    ended_at: Time | None
    source: Text
    programme: Word
    sessions_per_week: Annotated[float, Field(ge=0.01, le=100)] | None
    sets_planned: Annotated[int, Field(ge=0, le=10_000)] | None
    app_version: Word
    record: Account | None
    parts: Annotated[list[_Part], Field(max_length=MOST_PARTS)]
    pains: Annotated[list[_Pain], Field(max_length=MOST_PAINS)]


class _Person(_Checked):
    name: Name
    uid: Uid


class _Bundle(_Checked):
    format: Literal["exercise-coach sessions"]
    version: Literal[1]
    coach: Word
    made_at: Time
    person: _Person
    sessions: Annotated[list[_Session], Field(max_length=MOST_SESSIONS)]


@dataclass(frozen=True, slots=True, eq=False)
class SharedSession:
    """One session and the curves of its parts, by part number."""

    record: SessionRecord
    timelines: Mapping[int, Timeline]


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Sessions of one person, oldest first. made_at: with its offset from UTC."""

    person: str
    person_uid: str
    made_at: datetime
    sessions: tuple[SharedSession, ...]


def bundle_data(bundle: Bundle) -> dict[str, Any]:
    """The bundle as plain data. No pictures, no landmarks but those of key moments, and no path of this machine."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "coach": __version__,
        "made_at": _utc(bundle.made_at),
        "person": {"name": bundle.person, "uid": bundle.person_uid},
        "sessions": [_session_data(each) for each in bundle.sessions],
    }


def _session_data(session: SharedSession) -> dict[str, Any]:
    record = session.record
    return {
        "uid": record.uid,
        "kind": record.kind,
        "started_at": record.started_at.isoformat(),
        "saved_at": record.saved_at.isoformat(),
        "ended_at": None if record.ended_at is None else record.ended_at.isoformat(),
        "source": _name_only(record.source),
        "programme": _name_only(record.programme)[:200],
        "sessions_per_week": record.sessions_per_week,
        "sets_planned": record.sets_planned,
        "app_version": record.app_version,
        "record": None if record.record is None else _record_data(record.record),
        "parts": [
            {
                "number": part.number,
                "exercise": None if part.exercise == UNKNOWN else part.exercise,
                "result": None if part.result is None else {**part.result, "source": _name_only(part.result["source"])},
                "timeline": _timeline_text(session.timelines.get(part.number)),
            }
            for part in record.parts
        ],
        "pains": [{"part": pain.part, "t_s": pain.t_s, "score": pain.score} for pain in record.pains],
    }


def _record_data(record: Mapping[str, Any]) -> dict[str, Any]:
    """A guided session's own account as far as the other side knows it; results of sets stand in the parts."""
    return Account.model_validate(record).as_dict()


def _timeline_text(timeline: Timeline | None) -> str | None:
    if timeline is None or not (len(timeline) or timeline.events or timeline.keys):
        return None
    keys = tuple(replace(key, picture=None) for key in timeline.keys)
    return base64.b64encode(encode(replace(timeline, landmarks=None, keys=keys), compact=True)).decode("ascii")


def _name_only(path: str) -> str:
    """The last part of a path of any system: folders tell who somebody is."""
    return path.replace("\\", "/").rpartition("/")[2]


def parse_bundle(data: Any) -> Incoming:
    """What plain data shares. Raises ValueError with the first thing that is amiss, in one line."""
    if isinstance(data, dict) and data.get("format") == FORMAT and data.get("version") != VERSION:
        raise ValueError(f"is of version {str(data.get('version'))[:20]}, and this coach reads {VERSION}: update it")
    try:
        checked = _Bundle.model_validate(data)
    except ValidationError as error:
        raise ValueError(next(wrong_keys(error))) from None
    if not is_name(checked.person.name):
        raise ValueError("person.name: is no name")
    made_at = _utc(_time(checked.made_at, "made_at"))
    if len({each.uid for each in checked.sessions}) != len(checked.sessions):
        raise ValueError("sessions: one is there twice")
    left = MOST_TIMELINES_BYTES
    sessions = []
    for number, each in enumerate(checked.sessions):
        try:
            timelines, left = _timelines(each.parts, left)
            record = _record_of(each, checked.person.name)
        except (ValueError, RecordingError) as error:
            raise ValueError(f"sessions.{number}: {str(error)[:200]}") from None
        digest = hashlib.sha256(json.dumps(data["sessions"][number], sort_keys=True).encode()).hexdigest()
        sessions.append(IncomingSession(record, digest, timelines))
    return Incoming(checked.person.name, checked.person.uid, made_at, sessions)


def _record_of(session: _Session, person: str) -> SessionRecord:
    for text in (session.source, session.programme, session.app_version):
        if not printable(text):
            raise ValueError("holds a text that cannot be shown")
    if len({part.number for part in session.parts}) != len(session.parts):
        raise ValueError("parts: one is there twice")
    parts = tuple(
        PartRecord(part.number, part.exercise, None if part.result is None else checked_result(part.result))
        for part in session.parts
    )
    own = session.record
    return SessionRecord(
        number=0,
        person=person,
        kind=session.kind,
        started_at=_time(session.started_at, "started_at"),
        saved_at=_time(session.saved_at, "saved_at"),
        ended_at=None if session.ended_at is None else _time(session.ended_at, "ended_at"),
        source=session.source,
        programme=session.programme,
        sessions_per_week=session.sessions_per_week,
        sets_planned=session.sets_planned,
        report_path=None,
        record=None if own is None else own.as_dict(),
        app_version=session.app_version,
        parts=parts,
        pains=tuple(Pain(each.part, each.t_s, each.score) for each in session.pains),
        uid=session.uid,
    )


def _timelines(parts: Sequence[_Part], left: int) -> tuple[dict[int, Timeline], int]:
    """Curves by part, and how many unpacked bytes the rest of the file may have."""
    timelines = {}
    for part in parts:
        if part.timeline is None:
            continue
        try:
            content = base64.b64decode(part.timeline, validate=True)
            with zipfile.ZipFile(BytesIO(content)) as archive:
                checked_sizes(archive, min(MOST_TIMELINE_BYTES, left), most_members=20)
                left -= sum(member.file_size for member in archive.infolist())
        except Exception as error:  # a damaged archive may raise anything
            raise ValueError(f"the curves of set {part.number + 1} cannot be read") from error
        timelines[part.number] = decode(content, f"the curves of set {part.number + 1}")
    return timelines, left


def _time(text: str, what: str) -> datetime:
    try:
        return time_of(text)
    except (ValueError, TypeError, OverflowError, OSError):
        raise ValueError(f"{what}: is no time") from None


def _utc(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="seconds")
