"""Whether the picture let movements be followed at all: light enough, a camera that kept still, and legs that the
network told apart. Pure."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from coach.i18n.result_notes import Note
from coach.kinematics.body import leg_px, shoulders_seen
from coach.types import FloatArray, Joint, Observation, Part

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
    """Takes observations in order of time; adds up what they tell, and remembers how the camera moved within the last
    two seconds."""

    def __init__(self) -> None:
        self._seen_s = self._shaken_s = self._headless_s = self._exchanged_s = 0.0
        self._sureness, self._measured = 0.0, 0
        self._last_s = math.nan
        self._camera_px: deque[tuple[float, float, float]] = deque([(-math.inf, 0.0, 0.0)])

    def step(self, observation: Observation) -> None:
        """Take one more observation."""
        t_s, pose, motion = observation.t_s, observation.pose, observation.motion
        if motion is None or pose is None:
            return
        sure = float(motion[Part.TRUNK, 2])
        if not math.isnan(sure):
            self._sureness += sure
            self._measured += 1
        swayed_px = self._swayed_px(t_s, motion[Part.CAMERA, :2])
        passed_s, self._last_s = t_s - self._last_s, t_s
        leg = float(leg_px(pose, "left") + leg_px(pose, "right")) / 2
        if not (passed_s < WITHIN_S and math.isfinite(leg)):
            return
        self._seen_s += passed_s
        self._shaken_s += passed_s * (swayed_px > SHAKEN_LEGS * leg)
        self._headless_s += passed_s * (not shoulders_seen(pose))
        # See coach.kinematics.leg_keeper.
        self._exchanged_s += passed_s * bool(np.isnan(pose.world_m[Joint.LEFT_ANKLE, 0]))

    def problems(self) -> tuple[Note, ...]:
        """What kept movements from being followed, and what may be wrong because of what was not seen."""
        notes = [EXCHANGED] if self._exchanged_s > EXCHANGED_S else []
        if self._seen_s >= LEAST_S:
            unfollowed = self._unfollowed()
            notes += [unfollowed] if unfollowed and not notes else []
            notes += [HEADLESS] if self._headless_s > HEADLESS_SHARE * self._seen_s else []
        return tuple(notes)

    def _unfollowed(self) -> Note | None:
        if self._measured and self._sureness / self._measured < LEAST_SURE:
            return UNCLEAR
        return SHAKEN if self._shaken_s > self._seen_s / 2 else None

    def _swayed_px(self, t_s: float, moved_px: FloatArray) -> float:
        """How far the camera went to and fro within the last seconds, after one more step of it."""
        places = self._camera_px
        _, x, y = places[-1]
        right, down = moved_px.tolist()
        if not (math.isnan(right) or math.isnan(down)):
            x, y = x + right, y + down
        places.append((t_s, x, y))
        while places[0][0] < t_s - WITHIN_S:
            places.popleft()
        _, xs, ys = zip(*places, strict=True)
        return float(max(max(xs) - min(xs), max(ys) - min(ys)))
