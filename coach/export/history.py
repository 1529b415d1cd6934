"""The history exported to a file, as JSON or CSV. (I/O)"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coach.files import saving
from coach.history.records import PartRecord, SessionRecord
from coach.history.weeks import depth_deg
from coach.session.result import Result, by_set, items_of
from coach.session.timeline_file import event_data


def numbered_sets(session: SessionRecord) -> Iterator[tuple[int, PartRecord, Result | None]]:
    """Every set of a session, numbered from 1: each part, or each set of a part that has several."""
    number = 0
    for part in session.parts:
        for result in by_set(part.result) if part.result is not None else [None]:
            number += 1
            yield number, part, result


def session_data(session: SessionRecord) -> dict[str, Any]:
    """A session as plain values."""
    data = asdict(session)
    for name in ("started_at", "saved_at", "ended_at"):
        data[name] = data[name].isoformat() if data[name] else None
    data["parts"] = [
        {
            "number": part.number,
            "exercise": part.exercise,
            "result": part.result,
            "events": [event_data(event) for event in part.events],
        }
        for part in session.parts
    ]
    return data


def session_json(session: SessionRecord) -> str:
    """A session as JSON."""
    return json.dumps(session_data(session), indent=2, allow_nan=False)


def write_json(sessions: Sequence[SessionRecord], path: Path) -> None:
    """Every session in one JSON file. Raises OutputError."""
    text = json.dumps({"schema": 1, "sessions": [session_data(one) for one in sessions]}, indent=1, allow_nan=False)
    with saving(path) as aside:
        aside.write_text(text + "\n", encoding="utf-8")


FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
COLUMNS = (
    *("session", "person", "started_at", "set", "exercise", "number", "side", "start_s", "end_s", "counted"),
    *("uncounted_reason", "faults", "depth_deg", "lowering_s", "raising_s", "held_s", "breaths", "breath_rate_per_min"),
    "not_judged",
)


def write_csv(sessions: Sequence[SessionRecord], path: Path) -> None:
    """One row per repetition or hold of every session. Raises OutputError."""
    # The byte order mark tells spreadsheets that it is UTF-8.
    with saving(path) as aside, aside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for session in sessions:
            for number, _, result in numbered_sets(session):
                rows = _rows(session, number, result)
                writer.writerows({name: guarded(value) for name, value in row.items()} for row in rows)


def guarded(value: Any) -> Any:
    """A cell that no spreadsheet executes: text that begins like a formula is prefixed as text (OWASP).

    Numbers stay numbers.
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value


def _rows(session: SessionRecord, number: int, result: Result | None) -> list[dict[str, Any]]:
    if result is None:
        return []
    started_at = session.started_at.isoformat() if session.start_known else ""
    about = {"session": session.number, "person": session.person, "started_at": started_at}
    return [
        {
            **item,
            **about,
            "set": number,
            "exercise": result["exercise"],
            "counted": "true" if item["counted"] else "false",
            "faults": ";".join(item["faults"]),
            "not_judged": ";".join(item["not_judged"]),
            "depth_deg": depth_deg(item),
        }
        for item in items_of(result)
    ]
