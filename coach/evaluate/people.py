"""Which clips show the same person: listed in a file, or inferred from true body measures. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SAME_BREADTH = 0.03  # shoulders and hips of one person agree within 2 % over all the clips' views, legs within 4 %
SAME_LEG = 0.06
LYING_M = 0.105  # height of the hips of a person lying on a mat
JOINTS = ("shoulder", "hip", "knee", "ankle")


@dataclass(frozen=True, slots=True)
class Measures:
    """True breadths and leg length of a body in metres, between joint centres."""

    shoulders_m: float
    hips_m: float
    leg_m: float

    def same(self, other: Measures) -> bool:
        """Whether both can be of one person."""
        return (
            abs(math.log(self.shoulders_m / other.shoulders_m)) < SAME_BREADTH
            and abs(math.log(self.hips_m / other.hips_m)) < SAME_BREADTH
            and abs(math.log(self.leg_m / other.leg_m)) < SAME_LEG
        )


def measures_of(data: Mapping[str, Any]) -> Measures | None:
    """Body measures from the true joints in the picture and the true camera; None if they cannot be inferred.

    At rest the joints lie near one plane: vertical through a standing body, horizontal and 0.1 m above the floor for a
    lying one. A joint is where its line of sight meets that plane.
    """
    camera, frames, size = data.get("camera"), data.get("frames"), data.get("size")
    if data.get("exercise") is None:
        return None  # the body may be anywhere
    if not camera or not size or not frames or "px" not in frames[0] or "az" not in camera:
        return None
    rest_s = float(data["reps"][0]["start"]) - 0.3 if data.get("reps") else 0.3
    frame = min(frames, key=lambda each: abs(float(each["t"]) - rest_s))
    if not {f"{name}_{side}" for name in JOINTS for side in ("left", "right")} <= set(frame["px"]):
        return None
    lying = bool(data.get("hold"))
    normal, offset = (np.array([0.0, 1.0, 0.0]), LYING_M) if lying else (np.array([0.0, 0.0, 1.0]), 0.0)
    eye, rays = _rays(camera, size, frame["px"])
    joints = {name: eye + ray * (offset - eye @ normal) / (ray @ normal) for name, ray in rays.items()}

    def gap(a: str, b: str) -> float:
        return float(np.linalg.norm(joints[a] - joints[b]))

    legs = [gap(f"hip_{side}", f"knee_{side}") + gap(f"knee_{side}", f"ankle_{side}") for side in ("left", "right")]
    return Measures(gap("shoulder_left", "shoulder_right"), gap("hip_left", "hip_right"), sum(legs) / 2)


def _rays(
    camera: Mapping[str, Any], size: Sequence[float], px: Mapping[str, Sequence[float]]
) -> tuple[Array, dict[str, Array]]:
    """The camera's position, and the direction in which it sees each joint: x right, y up, z to the front, metres."""
    azimuth, roll = np.radians(float(camera["az"])), np.radians(float(camera.get("roll", 0)))
    at = np.array(camera.get("at", (0.0, 0.9, 0.0)), float)
    eye = np.array(
        [at[0] + camera["dist"] * np.sin(azimuth), camera["height"], at[2] + camera["dist"] * np.cos(azimuth)]
    )
    ahead = (at - eye) / np.linalg.norm(at - eye)
    right = np.cross(ahead, (np.sin(roll), np.cos(roll), 0.0))
    right = right / np.linalg.norm(right)
    up = np.cross(right, ahead)
    focal_px = size[1] / 2 / np.tan(np.radians(float(camera["fov"])) / 2)
    rays = {name: ahead * focal_px + right * (x - size[0] / 2) - up * (y - size[1] / 2) for name, (x, y) in px.items()}
    return eye, rays


def group_people(
    named: Mapping[str, str | None], listed: Mapping[str, str], measures: Mapping[str, Measures | None]
) -> dict[str, str]:
    """Who is in each clip: from its truth, else from people.json, else a number for each distinct body.

    A body that matches that of a named clip gets that name. Clips without any information share 'unknown'.
    """
    found: dict[str, str] = {}
    bodies: list[tuple[str, Measures]] = []
    for clip, person in named.items():
        name = person or listed.get(clip)
        if name is not None:
            found[clip] = name
            body = measures[clip]
            if body is not None:
                bodies.append((name, body))
    for clip in named:
        if clip in found:
            continue
        body = measures[clip]
        if body is None:
            found[clip] = "unknown"
            continue
        same = next((name for name, other in bodies if body.same(other)), None)
        if same is None:
            same = f"person {1 + sum(name.startswith('person ') for name in {name for name, _ in bodies})}"
        bodies.append((same, body))
        found[clip] = same
    return found
