"""A session as a Motion-BIDS dataset: a folder that tools for shared research data understand.

Brain Imaging Data Structure 1.9, motion (Jeung and others 2024, Scientific Data 11, 716; specification:
https://bids-specification.readthedocs.io/en/v1.9.0/modality-specific-files/motion.html). Several of these folders
become one dataset by laying them over each other, since each has a subject of its own.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach import __version__
from coach.export.metres import scale_of
from coach.export.opensim import MARKERS, MIDDLES, angles_deg, landmarks_of, markers_m, rate_hz
from coach.files import whole
from coach.session.result import Item, Result, depth, items_of
from coach.session.timeline import Timeline

BIDS_VERSION = "1.9.0"
SYSTEM = "coach"
NONE = "n/a"
# As seen from the camera: x to the picture's right, y up, z out of the picture towards the camera.
FRAME = {
    "reference_frame": {
        "LongName": "reference frame of the channel",
        "Description": "The coordinate system of a position.",
        "Levels": {
            "camera": {
                "SpatialAxes": "RSP",
                "RotationRule": "right-hand",
                "RotationOrder": NONE,
                "Description": "As the camera sees it: x to the right of the picture, y up, z out of it towards"
                " the camera. Origin on the floor, at the lowest foot, below the usual place of the hips.",
            }
        },
    }
}
EVENT_COLUMNS = {
    "onset": {"Description": "Beginning of the repetition or hold", "Units": "s"},
    "duration": {"Description": "How long it lasted", "Units": "s"},
    "trial_type": {
        "Description": "What was done",
        "Levels": {"repetition": "one movement down and up again", "hold": "a position that is held"},
    },
    "side": {"Description": "The hanging leg's or the raised leg's side", "Levels": {"left": "left", "right": "right"}},
    "counted": {"Description": "Whether it counts", "Levels": {"true": "it counts", "false": "it does not"}},
    "depth_deg": {"Description": "How deep it was, as its exercise measures it", "Units": "deg"},
    "faults": {"Description": "Names of what was wrong with it, separated by ;"},
    "not_judged": {"Description": "Names of faults that the camera did not show, separated by ;"},
}


def label_of(text: str) -> str:
    """A BIDS label: letters and digits of ASCII alone."""
    return re.sub(r"[^A-Za-z0-9]+", "", text) or "unnamed"


def write_bids(
    timeline: Timeline, result: Result, folder: Path, subject: str, height_m: float | None = None
) -> list[Path]:
    """Write the dataset and return its files. subject: whose it is, made a label of. Raises OutputError, OSError."""
    landmarks = landmarks_of(timeline)
    exercise = result["exercise"] or "unknown"
    who, task = f"sub-{label_of(subject)}", label_of(exercise)
    place = folder / who / "motion"
    place.mkdir(parents=True, exist_ok=True)
    stem, run = f"{who}_task-{task}", f"{who}_task-{task}_tracksys-{SYSTEM}"
    angles = angles_deg(landmarks)
    points = markers_m(landmarks, height_m)
    channels = _channels(angles.names)
    table = np.column_stack(
        [timeline.t_s - (timeline.t_s[0] if len(timeline) else 0.0), points.reshape(len(points), -1), angles.values]
    )
    scale = scale_of(landmarks, height_m)
    files: dict[Path, str] = {
        folder / "dataset_description.json": _json(_dataset(exercise)),
        folder / "README": _readme(),
        folder / "participants.tsv": _tsv([["participant_id"], [who]]),
        folder / "participants.json": _json({"participant_id": {"Description": "Label of the participant"}}),
        place / f"{run}_motion.tsv": _numbers(table),
        place / f"{run}_motion.json": _json(_about(timeline, exercise, height_m, scale.error_share, len(angles.names))),
        place / f"{run}_channels.tsv": _tsv([CHANNEL_HEADS, *channels]),
        place / f"{run}_channels.json": _json(FRAME),
        place / f"{stem}_events.tsv": _tsv([list(EVENT_COLUMNS), *(_event(item) for item in _in_time(result))]),
        place / f"{stem}_events.json": _json(EVENT_COLUMNS),
    }
    for path, text in files.items():
        with whole(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


CHANNEL_HEADS = ["name", "component", "type", "tracked_point", "units", "reference_frame", "description"]


def _channels(angles: Iterable[str]) -> list[list[str]]:
    rows = [["latency", NONE, "LATENCY", NONE, "s", NONE, "Time of the frame since the first, as the video gives it"]]
    for name in (*MARKERS, *(middle for middle, _, _ in MIDDLES)):
        rows += [[f"{name}_{axis}", axis, "POS", name, "m", "camera", NONE] for axis in "xyz"]
    rows += [
        [name, NONE, "JNTANG", name, "deg", NONE, "In the plane of the picture, as in the .mot"] for name in angles
    ]
    return rows


def _dataset(exercise: str) -> dict[str, Any]:
    return {
        "Name": f"{exercise}, measured by one camera",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "exercise-coach", "Version": __version__}],
    }


def _about(
    timeline: Timeline, exercise: str, height_m: float | None, error_share: float, angles: int
) -> dict[str, Any]:
    points = len(MARKERS) + len(MIDDLES)
    rate = round(rate_hz(timeline.t_s), 4)
    by = (
        f"the person's height of {height_m:g} m"
        if height_m is not None
        else "what the pose estimator takes for its size"
    )
    return {
        "TaskName": exercise,
        "TaskDescription": "A physiotherapy exercise in front of one camera.",
        "SamplingFrequency": rate,
        "SamplingFrequencyEffective": rate,
        "RecordingType": "continuous",
        "RecordingDuration": round(float(timeline.t_s[-1] - timeline.t_s[0]), 3) if len(timeline) else 0.0,
        "TrackingSystemName": SYSTEM,
        "Manufacturer": "exercise-coach",
        "ManufacturersModelName": "one camera, MediaPipe pose landmarks",
        "SoftwareVersions": __version__,
        "MotionChannelCount": 1 + 3 * points + angles,
        "POSChannelCount": 3 * points,
        "JNTANGChannelCount": angles,
        "LATENCYChannelCount": 1,
        "TrackedPointsCount": points,
        "MissingValues": NONE,
        "SpatialScale": f"Metres by {by}; typical error {error_share:.0%}. The third axis is the least certain.",
    }


def _in_time(result: Result) -> list[Item]:
    return sorted(items_of(result), key=lambda item: item["start_s"])


def _event(item: Item) -> list[str]:
    found = depth(item)
    return [
        f"{item['start_s']:g}",
        f"{item['end_s'] - item['start_s']:.3f}",
        "hold" if "held_s" in item else "repetition",
        item["side"],
        "true" if item["counted"] else "false",
        NONE if found is None or found.value is None else f"{found.value:g}",
        ";".join(item["faults"]) or NONE,
        ";".join(item["not_judged"]) or NONE,
    ]


def _readme() -> str:
    return (
        "Movements measured by the exercise coach with one camera. Positions are in metres, angles in degrees, missing"
        " values are n/a.\nEvery position comes from one view: the axis towards the camera is the least certain.\n"
    )


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def _tsv(rows: Sequence[Sequence[str]]) -> str:
    from io import StringIO

    file = StringIO()
    csv.writer(file, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return file.getvalue()


def _numbers(table: NDArray[np.float64]) -> str:
    def cell(value: float) -> str:
        return f"{value:.5f}" if np.isfinite(value) else NONE

    return "".join("\t".join(cell(value) for value in row) + "\n" for row in table)
