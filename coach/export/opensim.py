"""Landmarks as .trc and angles as .mot, as OpenSim reads them and Sports2D names them.

Formats: OpenSim's documentation of marker (.trc) and motion (.mot) files, checked against what OpenSim 4.6 accepts.
Names, offsets and signs of the angles follow Sports2D 0.8.34 (Pagnon & Kim 2024, J. Open Source Softw. 9(101), 6849);
its spaces become underscores, because OpenSim's Storage ends a name at a space.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.errors import OutputError
from coach.export.metres import scale_of
from coach.files import whole
from coach.session.timeline import Landmarks, Timeline
from coach.types import FloatArray, Joint

Array = NDArray[np.float64]

MARKERS = (
    *("Nose", "LEyeInner", "LEye", "LEyeOuter", "REyeInner", "REye", "REyeOuter", "LEar", "REar", "LMouth", "RMouth"),
    *("LShoulder", "RShoulder", "LElbow", "RElbow", "LWrist", "RWrist", "LPinky", "RPinky", "LIndex", "RIndex"),
    *("LThumb", "RThumb", "LHip", "RHip", "LKnee", "RKnee", "LAnkle", "RAnkle", "LHeel", "RHeel", "LBigToe", "RBigToe"),
)
# Derived: midpoints of the hips and of the shoulders.
MIDDLES = (("Hip", Joint.LEFT_HIP, Joint.RIGHT_HIP), ("Neck", Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER))
CORE = tuple(int(row) for row in (11, 12, 23, 24, 25, 26, 27, 28))

# Name: points, offset in degrees, sign. Three points: first and last seen from the middle one; four: the line 0-1
# against 2-3; two: the line against the horizontal.
_ONE_SIDE: dict[str, tuple[tuple[str, ...], float, float]] = {
    "ankle": (("%Knee", "%Ankle", "%BigToe", "%Heel"), 90.0, 1.0),
    "knee": (("%Ankle", "%Knee", "%Hip"), -180.0, 1.0),
    "hip": (("%Knee", "%Hip", "Hip", "Neck"), 0.0, -1.0),
    "shoulder": (("%Elbow", "%Shoulder", "Hip", "Neck"), 0.0, -1.0),
    "elbow": (("%Wrist", "%Elbow", "%Shoulder"), 180.0, -1.0),
    "foot": (("%BigToe", "%Heel"), 0.0, -1.0),
    "shank": (("%Ankle", "%Knee"), 0.0, -1.0),
    "thigh": (("%Knee", "%Hip"), 0.0, -1.0),
    "arm": (("%Elbow", "%Shoulder"), 0.0, -1.0),
    "forearm": (("%Wrist", "%Elbow"), 0.0, -1.0),
}
_MIDDLE: dict[str, tuple[tuple[str, ...], float, float]] = {
    "pelvis": (("LHip", "RHip"), 0.0, -1.0),
    "trunk": (("Neck", "Hip"), 0.0, -1.0),
    "shoulders": (("LShoulder", "RShoulder"), 0.0, -1.0),
}
ANGLES: dict[str, tuple[tuple[str, ...], float, float]] = {
    **{
        f"{side}_{name}": (tuple(point.replace("%", side[0].upper()) for point in points), offset, sign)
        for name, (points, offset, sign) in _ONE_SIDE.items()
        for side in ("right", "left")
    },
    **_MIDDLE,
}


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Contents of a file: t_s (n,), names (k,), values (n, k) in degrees, or (n, k, 3) in metres."""

    t_s: Array
    names: tuple[str, ...]
    values: Array


def markers_m(landmarks: Landmarks, height_m: float | None = None) -> Array:
    """Markers in metres, (n, 35, 3): x to the picture's right, y up, z towards the camera.

    x and y come from the picture, scaled by one factor for the whole session so that the body has the size the
    estimator reports in metres, or that of ``height_m`` (coach.export.metres states the error); z is the estimator's
    depth relative to the hips. The origin is on the floor (the
    lowest foot) below the median position of the mid-hip.
    """
    xy = with_middles(landmarks.xy_px).astype(np.float64)
    world = with_middles(landmarks.world_m).astype(np.float64) * scale_of(landmarks, height_m).factor
    core_px, core_m = xy[:, CORE], world[:, CORE, :2]
    with np.errstate(invalid="ignore"):
        spread_px = np.sqrt(((core_px - core_px.mean(1, keepdims=True)) ** 2).sum((1, 2)))
        spread_m = np.sqrt(((core_m - core_m.mean(1, keepdims=True)) ** 2).sum((1, 2)))
        scale = spread_m / spread_px
    seen = np.isfinite(scale)
    if not seen.any():
        return np.full((*xy.shape[:2], 3), np.nan)
    metres_per_px = float(np.median(scale[seen]))
    feet = xy[seen][:, 29:33, 1].max(1)
    origin = np.array([np.median(xy[seen, len(MARKERS), 0]), np.percentile(feet, 98)])
    flat = (xy - origin) * metres_per_px * np.array([1.0, -1.0])
    return np.concatenate([flat, -world[:, :, 2:]], axis=2)


def angles_deg(landmarks: Landmarks) -> Motion:
    """Joint and segment angles in the picture's plane, as Sports2D defines them: knee and elbow 0 when straight.

    If the feet point to the left of the picture, it is mirrored, so that flexion is positive either way. Sports2D
    decides this per frame; here it is decided once per session, so that no angle flips its sign midway.
    """
    xy = with_middles(landmarks.xy_px).astype(np.float64)
    at = {name: xy[:, i] for i, name in enumerate((*MARKERS, *(name for name, _, _ in MIDDLES)))}
    ahead = (at["LBigToe"] - at["LHeel"] + at["RBigToe"] - at["RHeel"])[:, 0]
    facing = np.array([_facing(ahead), 1.0])
    columns = []
    for name, (used, offset, sign) in ANGLES.items():
        placed = [at[point] * facing for point in used]
        columns.append(_wrapped((_between(placed) + offset) * sign, half=name in ("pelvis", "shoulders")))
    return Motion(np.empty(0), tuple(ANGLES), np.stack(columns, 1))


def _facing(ahead: Array) -> float:
    """-1 where the toes are mostly left of the heels in the picture, else 1."""
    ahead = ahead[np.isfinite(ahead)]
    return -1.0 if ahead.size and np.median(ahead) < 0 else 1.0


def _between(points: list[Array]) -> Array:
    if len(points) == 2:
        u, v = points[0] - points[1], np.array([[1.0, 0.0]])
    elif len(points) == 3:
        u, v = points[0] - points[1], points[2] - points[1]
    else:
        u, v = points[1] - points[0], points[3] - points[2]
    turn: Array = np.degrees(np.arctan2(u[:, 1], u[:, 0]) - np.arctan2(v[:, 1], v[:, 0]))
    return turn


def _wrapped(angle: Array, half: bool) -> Array:
    """Wrap into -180..180, or -90..90 for an undirected line."""
    whole = 180.0 if half else 360.0
    return (angle + whole / 2) % whole - whole / 2


def with_middles(points: FloatArray) -> FloatArray:
    """Landmarks (n, 33, k) with the midpoints of hips and shoulders appended, (n, 35, k)."""
    middles = [(points[:, [a]] + points[:, [b]]) / 2 for _, a, b in MIDDLES]
    return np.concatenate([points, *middles], axis=1)


def write_trc(timeline: Timeline, path: Path, height_m: float | None = None) -> None:
    """Markers of every frame in which somebody was found: OpenSim solves no frame in which markers are missing."""
    values = markers_m(landmarks_of(timeline), height_m)
    names = (*MARKERS, *(name for name, _, _ in MIDDLES))
    rate = f"{rate_hz(timeline.t_s):.6g}"
    found = _whole(values)
    count = len(found)
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{count}\t{len(names)}\tm\t{rate}\t1\t{len(timeline)}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
        "",
    ]
    rows = [f"{i + 1}\t{timeline.t_s[i]:.6f}\t" + "\t".join(f"{v:.5f}" for v in values[i].flat) for i in found]
    _write(path, [*head, *rows])


def write_mot(timeline: Timeline, path: Path) -> None:
    """Angles of every frame in which somebody was found: OpenSim's Storage stops reading where one is missing."""
    motion = angles_deg(landmarks_of(timeline))
    found = _whole(motion.values)
    head = [
        "Coordinates",
        "version=1",
        f"nRows={len(found)}",
        f"nColumns={len(motion.names) + 1}",
        "inDegrees=yes",
        "",
        "Units are S.I. units (second, meters, Newtons, ...)",
        "If the header above contains a line with 'inDegrees', this indicates whether rotational values are in degrees"
        " (yes) or radians (no).",
        "",
        "endheader",
        "time\t" + "\t".join(motion.names),
    ]
    rows = [f"{timeline.t_s[i]:.6f}\t" + "\t".join(f"{v:.4f}" for v in motion.values[i]) for i in found]
    _write(path, [*head, *rows])


def landmarks_of(timeline: Timeline) -> Landmarks:
    """Of every frame. Raises OutputError where the session was kept without them."""
    if timeline.landmarks is None:
        raise OutputError("this session was kept without its landmarks", "Analyse the video again with --export")
    return timeline.landmarks


def _whole(values: Array) -> NDArray[np.intp]:
    """Rows without missing values. A pose has all of its landmarks or none."""
    return np.flatnonzero(np.isfinite(values.reshape(len(values), -1)).all(axis=1))


def rate_hz(t_s: Array) -> float:
    """Mean rate of these times."""
    span = float(t_s[-1] - t_s[0]) if len(t_s) > 1 else 0.0
    return (len(t_s) - 1) / span if span > 0 else 0.0


def _write(path: Path, lines: list[str]) -> None:
    with whole(path) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
