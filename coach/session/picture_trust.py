"""Whether the picture let movements be followed at all: light enough, a camera that kept still, and legs that the
network told apart. Pure."""

from __future__ import annotations

from array import array

import numpy as np

from coach.i18n.result_notes import Note
from coach.kinematics.body import leg_px
from coach.session.leg_watch import LegWatch
from coach.types import Observation, Part

UNCLEAR, SHAKEN, EXCHANGED = Note("unclear"), Note("shaken"), Note("legs_exchanged")

# Mean sureness of the trunk's motion. In light it is 0.83 to 0.96, also with a camera in the hand; in dim, noisy
# rendered rooms 0.67 to 0.82, and 30 of 31 drops are found. Where it was 0.34 to 0.53 they were missed.
LEAST_SURE = 0.6
WITHIN_S = 2.0
# Of a leg, to and fro within that time: a phone in the hand that sways by 2 cm makes a tenth of it, and is judged.
SHAKEN_LEGS = 0.2
LEAST_S = 3.0
EXCHANGED_S = 5.0  # of exchanged legs: a quarter of the shortest hold


class PictureTrust:
    """Takes observations in order of time; it keeps a few numbers of each, and reckons when it is asked."""

    def __init__(self) -> None:
        self._kept = array("d")
        self._legs = LegWatch()

    def step(self, observation: Observation) -> None:
        """Take one more observation."""
        self._legs.step(observation)
        pose, motion = observation.pose, observation.motion
        if motion is None or pose is None:
            return
        leg = (leg_px(pose, "left") + leg_px(pose, "right")) / 2
        self._kept.extend((observation.t_s, leg, motion[Part.TRUNK, 2], *motion[Part.CAMERA, :2]))

    def problem(self) -> Note | None:
        """What kept movements from being followed; None if nothing is known to."""
        if self._legs.exchanged_s > EXCHANGED_S:
            return EXCHANGED
        t_s, leg, sure, *moved = np.array(self._kept).reshape(-1, 5).T
        if len(t_s) < 2:
            return None
        passed_s = np.diff(t_s)
        seen = (passed_s < WITHIN_S) & np.isfinite(leg[1:])
        seen_s = float(passed_s[seen].sum())
        if seen_s < LEAST_S:
            return None
        if np.nanmean(sure) < LEAST_SURE:
            return UNCLEAR
        camera = np.cumsum(np.nan_to_num(moved), axis=1)
        first = np.searchsorted(t_s, t_s - WITHIN_S)
        spread = np.array([np.ptp(camera[:, a : b + 1], axis=1).max() for b, a in enumerate(first)])
        shaken = seen & (spread[1:] > SHAKEN_LEGS * leg[1:])
        return SHAKEN if passed_s[shaken].sum() > seen_s / 2 else None
