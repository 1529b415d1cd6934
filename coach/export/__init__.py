"""Data of a session for other programs: csv, parquet, trc (OpenSim markers) and mot (OpenSim angles)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coach.errors import OutputError
from coach.result import Result
from coach.track import TrackData

KINDS = ("csv", "parquet", "trc", "mot")


def export(result: Result, track: TrackData, folder: str | Path, kinds: Iterable[str], stem: str = "session") -> list[Path]:
    """Write the data of one session in every kind named and return the files written.

    csv, parquet: STEM.frames and STEM.movements or STEM.holds. trc, mot: STEM.trc, STEM.mot; the track needs landmarks.
    Raises OutputError: unknown kind, pyarrow absent, no landmarks, folder not writable.
    """
    raise OutputError("exports are not there yet")
