"""Landmarks as .c3d, the file of motion laboratories (https://www.c3d.org), written by ezc3d."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.export.opensim import MARKERS, MIDDLES, landmarks_of, markers_m
from coach.files import whole
from coach.session.result import Result
from coach.session.timeline import Timeline

Array = NDArray[np.float64]
MISSING = -1.0  # residual of a point that was not seen
GAP_S = 0.2  # nothing is made up over a longer gap
MOST_EVENTS = 255


def evenly(t_s: Array, values: Array) -> tuple[float, Array]:
    """Rate in Hz, and values (n, ...) at even times from the first on, between neighbours on a straight line.

    C3D knows one rate; frames of a video may be spaced unevenly. The rate is that of the usual step. Missing is NaN,
    and so is what lies in a gap of more than GAP_S.
    """
    if len(t_s) < 2:
        return 15.0, values.copy()
    rate_hz = round(1.0 / float(np.median(np.diff(t_s))), 3)
    grid = t_s[0] + np.arange(math.floor((t_s[-1] - t_s[0]) * rate_hz + 1e-6) + 1) / rate_hz
    after = np.clip(np.searchsorted(t_s, grid, side="left"), 1, len(t_s) - 1)
    before = after - 1
    step_s = t_s[after] - t_s[before]
    share = np.clip((grid - t_s[before]) / step_s, 0.0, 1.0).reshape(-1, *[1] * (values.ndim - 1))
    out = values[before] * (1 - share) + values[after] * share
    exact = share.reshape(-1)
    out[exact == 0] = values[before][exact == 0]  # a missing neighbour spoils nothing that was seen itself
    out[exact == 1] = values[after][exact == 1]
    out[(step_s > GAP_S) & (exact > 0) & (exact < 1)] = np.nan
    return rate_hz, out


def write_c3d(timeline: Timeline, result: Result, path: Path, height_m: float | None = None) -> None:
    """Markers in millimetres, named and placed as in the .trc, at even times; repetitions and holds as events."""
    import ezc3d

    from coach import __version__

    rate_hz, metres = evenly(timeline.t_s, markers_m(landmarks_of(timeline), height_m))
    names = [*MARKERS, *(name for name, _, _ in MIDDLES)]
    seen: NDArray[np.bool_] = np.asarray(np.isfinite(metres).all(axis=2))
    points = np.ones((4, len(names), len(metres)))
    points[:3] = np.where(seen[..., None], metres * 1000.0, np.nan).transpose(2, 1, 0)
    file: Any = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [rate_hz]
    file["parameters"]["POINT"]["LABELS"]["value"] = names
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Y"])
    file.add_parameter("MANUFACTURER", "COMPANY", ["exercise-coach"])
    file.add_parameter("MANUFACTURER", "SOFTWARE", [f"exercise-coach {__version__}"])
    _add_events(file, result, float(timeline.t_s[0]) if len(timeline) else 0.0)
    file["data"]["points"] = points
    file["data"]["meta_points"]["residuals"] = np.where(seen, 0.0, MISSING).T[None]
    with whole(path) as part:
        # It knows a file by its ending.
        named = part.with_name(f"{part.name}.c3d")
        try:
            file.write(str(named))
            named.replace(part)
        finally:
            named.unlink(missing_ok=True)


def _add_events(file: Any, result: Result, start_s: float) -> None:
    """Deepest points and the ends of holds, in seconds of the file's own time, as Vicon and Mokka read them."""
    events = [(m["peak_s"], m["side"], "Deepest") for m in result["movements"]]
    for hold in result["holds"]:
        events += [(hold["start_s"], hold["side"], "Hold begin"), (hold["end_s"], hold["side"], "Hold end")]
    events = sorted(event for event in events if event[0] is not None)[:MOST_EVENTS]
    if not events:
        return
    at_s = np.array([[0.0] * len(events), [t_s - start_s for t_s, _, _ in events]])  # minutes, seconds
    file.add_parameter("EVENT", "USED", [len(events)])
    file.add_parameter("EVENT", "TIMES", at_s)
    file.add_parameter("EVENT", "CONTEXTS", [side.capitalize() for _, side, _ in events])
    file.add_parameter("EVENT", "LABELS", [label for _, _, label in events])
