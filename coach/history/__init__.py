"""Sessions in SQLite: written while they run, read for lists, progress and reports.

    with History.open() as history, history.begin("anna", exercise="hip-hiker") as session:
        session.step(moment)            # every Moment as it comes: events and signals
        session.pain(3, t_s=12.0)
        session.result(builder.result(source))

``keep_session`` is the same for a front end that must go on even if the disk fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coach.errors import HistoryError
from coach.history.records import DEFAULT_PERSON, Pain, PartRecord, SessionRecord, checked_name
from coach.history.store import History
from coach.history.take_in import TakenIn
from coach.history.writer import SessionWriter

__all__ = [
    "DEFAULT_PERSON",
    "History",
    "Pain",
    "PartRecord",
    "SessionRecord",
    "SessionWriter",
    "TakenIn",
    "checked_name",
    "keep_session",
]


@contextmanager
def keep_session(folder: str | Path | None, person: str = DEFAULT_PERSON, **session: Any) -> Iterator[SessionWriter]:
    """A writer that never fails: if the history cannot be opened it keeps nothing, and ``problem`` says why.

    ``session``: the keyword arguments of ``History.begin``. Check ``problem`` at the start and at the end.
    """
    try:
        history = History.open(folder)
    except HistoryError as error:
        yield SessionWriter.nowhere(error)
        return
    with history:
        try:
            writer = history.begin(person, **session)
        except HistoryError as error:
            yield SessionWriter.nowhere(error)
            return
        with writer:
            yield writer
