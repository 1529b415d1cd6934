"""Whether the picture let movements be followed at all: light enough, a camera that kept still, and legs that the
network told apart. Pure."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from coach.i18n.result_notes import Note
from coach.kinematics.body import leg_px, shoulders_seen
from coach.kinematics.geometry import Array
from coach.types import Joint, Observation, Part

UNCLEAR, SHAKEN, EXCHANGED = Note("unclear"), Note("shaken"), Note("legs_exchanged")
HEADLESS = Note("shoulders_out")

# Mean sureness of the trunk's motion. In light it is 0.83 to 0.96, also with a camera in the hand; in dim, noisy
# rendered rooms 0.67 to 0.82, and 30 of 31 drops are found. Where it was 0.34 to 0.53 they were missed.
LEAST_SURE = 0.6
WITHIN_S = 2.0
# Of a leg, to and fro within that time: a phone in the hand that sways by 2 cm makes a tenth of it, and is judged.
SHAKEN_LEGS = 0.2
LEAST_S = 3.0
HEADLESS_SHARE = 0.1  # of the time that somebody was seen
EXCHANGED_S = 5.0  # of exchanged legs: a quarter of the shortest hold


class PictureTrust:
    """Takes observations in order of time; keeps a few numbers of each, and does its sums when asked."""

    def __init__(self) -> None:
        self._kept = array("d")

    def step(self, observation: Observation) -> None:
        """Take one more observation."""
        pose, motion = observation.pose, observation.motion
        if motion is None or pose is None:
            return
        leg = (leg_px(pose, "left") + leg_px(pose, "right")) / 2
        headless = not shoulders_seen(pose)
        exchanged = bool(np.isnan(pose.world_m[Joint.LEFT_ANKLE, 0]))  # coach.kinematics.leg_keeper
        self._kept.extend((observation.t_s, leg, headless, exchanged, motion[Part.TRUNK, 2], *motion[Part.CAMERA, :2]))

    def problems(self) -> tuple[Note, ...]:
        """What kept movements from being followed, and what may be wrong because of what was not seen."""
        rows = np.array(self._kept).reshape(-1, 7)
        passed_s = np.diff(rows[:, 0])
        seen = (passed_s < WITHIN_S) & np.isfinite(rows[1:, 1])
        seen_s = float(passed_s[seen].sum())
        notes = [EXCHANGED] if passed_s[seen & (rows[1:, 3] > 0)].sum() > EXCHANGED_S else []
        if seen_s >= LEAST_S:
            unfollowed = self._unfollowed(rows, passed_s, seen)
            notes += [unfollowed] if unfollowed and not notes else []
            notes += [HEADLESS] if passed_s[seen & (rows[1:, 2] > 0)].sum() > HEADLESS_SHARE * seen_s else []
        return tuple(notes)

    def _unfollowed(self, rows: Array, passed_s: Array, seen: NDArray[np.bool_]) -> Note | None:
        t_s, leg, _, _, sure, *moved = rows.T
        if np.nanmean(sure) < LEAST_SURE:
            return UNCLEAR
        camera = np.cumsum(np.nan_to_num(moved), axis=1)
        first = np.searchsorted(t_s, t_s - WITHIN_S)
        spread = np.array([np.ptp(camera[:, a : b + 1], axis=1).max() for b, a in enumerate(first)])
        shaken = seen & (spread[1:] > SHAKEN_LEGS * leg[1:])
        return SHAKEN if passed_s[shaken].sum() > passed_s[seen].sum() / 2 else None
