"""The days of a programme as a calendar file (RFC 5545), which every calendar reads. Pure, but for writing it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from coach import __version__
from coach.files import saving

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_OCTETS = 75  # of a line (RFC 5545, 3.1)
REMINDER_MIN = 15


@dataclass(frozen=True, slots=True)
class Practice:
    """What to put into the calendar. days: of the week, 0 is Monday; at: on the wall clock of wherever one is.

    name: of the programme, from which the entry is known again, so that a second import changes it and adds none.
    """

    name: str
    summary: str
    description: str
    days: Sequence[int]
    at: time
    minutes: int
    weeks: int
    start: date


def calendar_text(practice: Practice, now: datetime) -> str:
    """The calendar: one entry that comes again on each of the days, with a reminder. now: with its offset from UTC."""
    days = sorted(set(practice.days))
    first = next(day for day in (practice.start + timedelta(days=i) for i in range(7)) if day.weekday() in days)
    begins = datetime.combine(first, practice.at)
    uid = hashlib.sha256(f"exercise-coach {practice.name}".encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//exercise-coach//{__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}@exercise-coach",
        f"DTSTAMP:{now.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}",
        # Without a zone: six in the evening stays six in the evening wherever one is, and in summer.
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"DURATION:PT{practice.minutes}M",
        f"RRULE:FREQ=WEEKLY;BYDAY={','.join(DAYS[day] for day in days)};COUNT={practice.weeks * len(days)}",
        f"SUMMARY:{escaped(practice.summary)}",
        f"DESCRIPTION:{escaped(practice.description)}",
        "TRANSP:OPAQUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(practice.summary)}",
        f"TRIGGER:-PT{REMINDER_MIN}M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def write_calendar(practice: Practice, path: Path, now: datetime) -> Path:
    """Write it, whole or not at all. Raises OutputError."""
    with saving(path) as part:
        part.write_bytes(calendar_text(practice, now).encode("utf-8"))
    return path


def escaped(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11). Signs that cannot be shown are left out."""
    plain = "".join(letter for letter in text if letter == "\n" or letter.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line cut into pieces of 75 octets, never within a letter; those that follow begin with a space."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode("utf-8"))
        if size + octets > MOST_OCTETS:
            pieces.append(piece)
            piece, size = "", 1  # the space in front
        piece += letter
        size += octets
    return "\r\n ".join([*pieces, piece])
