"""What the history returns: frozen records of plain values."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from coach.definitions.pain import PainRule
from coach.errors import HistoryError
from coach.session.result import Result
from coach.types import Event

SessionKind = Literal["live", "analysed"]
DEFAULT_PERSON = "me"
UID_PATTERN = "[0-9a-f]{32}"
# Persian and Indic names, and some pictures, are written with these; by themselves they show nothing.
JOINERS = "[\u200c\u200d]"
SPACES = "[\u00a0\u2000-\u200a\u202f\u205f\u3000]"
LONGEST_NAME = 250  # characters in a person's name


def is_name(value: object) -> bool:
    """Whether a stored value is a person's name as ``checked_name`` returns it."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or value != value.strip():
        return False
    shown = re.sub(JOINERS, "", value)
    return bool(shown) and shown.isprintable()


def is_uid(value: object) -> bool:
    """Whether a stored value names a person or session on every machine (``schema.NEW_UID``)."""
    return isinstance(value, str) and re.fullmatch(UID_PATTERN, value) is not None


def checked_name(name: str) -> str:
    """A person's name as stored: invalid characters are replaced, spaces of any kind are plain. Raises HistoryError."""
    try:
        content = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a character, as JSON can have it
        content = name.encode("utf-8", "replace")
    clean = re.sub(SPACES, " ", content.decode("utf-8", "replace")).strip()
    if not is_name(clean):
        shown = clean if len(clean) <= LONGEST_NAME else f"{clean[:40]}..."
        raise HistoryError(f"'{shown}' is no name for a person", f"Give --person a name of 1 to {LONGEST_NAME} letters")
    return clean


@dataclass(frozen=True, slots=True)
class Pain:
    """A pain score within its part: 0 none, 10 the worst imaginable (numeric rating scale), None unanswered."""

    part: int
    t_s: float
    score: int | None


@dataclass(frozen=True, slots=True)
class PartRecord:
    """One set of one exercise. result: the JSON contract's dictionary, complete or up to the interruption."""

    number: int
    exercise: str | None
    result: Result | None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session. ended_at is None if it was cut off or is still running; times carry their offset from UTC.

    sessions_per_week and sets_planned are what the programme asked for, if anything. record: a guided session's own
    log, as plain values; for any other session only its language. damaged: what could not be read, in plain words.
    start_known: False if started_at is only a guess.
    """

    number: int
    person: str
    kind: SessionKind
    started_at: datetime
    saved_at: datetime
    ended_at: datetime | None
    source: str
    programme: str
    sessions_per_week: float | None
    sets_planned: int | None
    report_path: str | None
    record: dict[str, Any] | None
    app_version: str
    parts: tuple[PartRecord, ...]
    pains: tuple[Pain, ...]
    damaged: tuple[str, ...] = ()
    start_known: bool = True
    uid: str = ""

    @property
    def results(self) -> tuple[Result, ...]:
        """Results of the parts in which an exercise was found."""
        return tuple(part.result for part in self.parts if part.result and part.result.get("exercise"))

    @property
    def language(self) -> str:
        """The language of the session; English if unknown."""
        return str((self.record or {}).get("language") or "en")

    @property
    def pain_rule(self) -> PainRule:
        """The rule for pain scores: that of its programme, else the default."""
        return PainRule(**(self.record or {}).get("pain_rule", {}))

    def pains_of(self, exercise: str) -> tuple[int | None, ...]:
        """Pain scores in the parts of an exercise."""
        parts = {part.number for part in self.parts if part.exercise == exercise}
        return tuple(pain.score for pain in self.pains if pain.part in parts)

    @property
    def finished(self) -> bool:
        """Whether it ended normally rather than being cut off."""
        return self.ended_at is not None


def columns_of(record: SessionRecord) -> dict[str, object]:
    """What the row of a session holds of the record itself, by column."""
    return {
        "kind": record.kind,
        "started_at": record.started_at.isoformat(),
        "saved_at": record.saved_at.isoformat(),
        "ended_at": None if record.ended_at is None else record.ended_at.isoformat(),
        "source": record.source,
        "programme": record.programme,
        "sessions_per_week": record.sessions_per_week,
        "sets_planned": record.sets_planned,
        "app_version": record.app_version,
        "record": None if record.record is None else json.dumps(record.record, allow_nan=False),
    }


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the history holds, in numbers. damaged: copies of damaged files kept by repairs."""

    folder: str
    people: int
    sessions: int
    pains: int
    first_at: datetime | None
    last_at: datetime | None
    reports: int
    damaged: int
    database_bytes: int
    report_bytes: int
