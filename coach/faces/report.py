"""The report of a session as one HTML file that needs nothing else. (I/O)"""

from __future__ import annotations

from pathlib import Path

from coach.errors import OutputError
from coach.exercise import Exercise
from coach.result import Result
from coach.track import TrackData


def write_report(
    result: Result, track: TrackData | None, path: str | Path, *, exercise: Exercise | None = None, pdf: bool = False
) -> list[Path]:
    """Write the report of one result, and with ``pdf`` its A4 print beside it, and return the files written.

    track: of the same session; None gives a report without curves and skeletons. exercise: None takes the builtin of
    the result's name. Pictures appear where the track's key moments hold some. Raises OutputError where the folder
    cannot be written or no Chromium is found for ``pdf``.
    """
    raise OutputError("the report is not there yet")
