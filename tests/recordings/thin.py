"""Makes a recording small enough to be kept beside the tests: ``python -m tests.recordings.thin IN OUT FPS``.

Fewer frames a second; joints that no exercise uses at the nose's place; chest motion summed over the frames left out,
averaged over blocks of 2 x 2 cells as the breath tracker does itself, in steps of a 256th of a pixel.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from coach.perception.recording import Recorder, Recording
from coach.types import JOINTS, FloatArray, Joint, Observation, Pose
from coach.video.rate_limiter import RateLimiter

UNUSED = [row for row in range(JOINTS) if row not in set(Joint)]


def thinned(observations: Iterable[Observation], fps: float) -> Iterator[Observation]:
    """The observations at most ``fps`` times a second."""
    pace = RateLimiter(fps)
    moved = np.zeros((12, 20, 2), np.float32)
    measured = False
    parts: FloatArray | None = None
    for observation in observations:
        parts = _together(parts, observation.motion)
        if observation.chest_px is not None:
            moved = moved + observation.chest_px
            measured = True
        if pace.due(observation.t_s):
            yield replace(
                observation,
                pose=None if observation.pose is None else _simple(observation.pose),
                chest_px=_coarse(moved) if measured else None,
                motion=parts,
            )
            moved, measured, parts = np.zeros_like(moved), False, None


def _together(before: FloatArray | None, now: FloatArray | None) -> FloatArray | None:
    """Two motions of all parts, one after the other: as sure as the less sure of them."""
    if before is None or now is None:
        return now
    both = before + now
    both[:, 2] = np.minimum(before[:, 2], now[:, 2])
    return both.astype(np.float32)


def _simple(pose: Pose) -> Pose:
    xy = np.round(pose.xy_px * 8) / 8
    world, visibility = np.round(pose.world_m * 512) / 512, pose.visibility.copy()
    xy[UNUSED], world[UNUSED], visibility[UNUSED] = xy[0], world[0], visibility[0]
    return Pose(xy.astype(np.float32), world.astype(np.float32), visibility)


def _coarse(chest_px: FloatArray) -> FloatArray:
    blocks = chest_px.reshape(6, 2, 10, 2, 2).mean((1, 3))
    coarse: FloatArray = (np.round(blocks * 256) / 256).repeat(2, axis=0).repeat(2, axis=1).astype(np.float32)
    return coarse


def main(source: Path, target: Path, fps: float) -> None:
    with Recording(source) as recording, Recorder(target) as recorder:
        for observation in thinned(recording, fps):
            recorder.add(observation)
        recorder.describe(Path(recording.source).name, recording.duration_s, fps)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))
