"""Paths of the body's parts through the picture, with the camera's own motion removed.

Landmarks say where a part is, pixels how far it moved: the motion from picture to picture is summed up. Without usable
pixels the joints are used, and the confidence reflects that. The origin is arbitrary: only differences are meaningful.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.geometry import clip, or_zero
from coach.kinematics.joint_fallback import JointFallback
from coach.kinematics.parts import MOVING, TURN_ROWS, middles
from coach.types import FloatArray, Observation, Part

# Of a part's motion: under it the joints are followed instead, which jump by 1 to 2 % of the leg between two pictures.
LEAST_SURE = 0.1
LEAST_CAMERA = 0.35  # share of background points that agree on how the camera moved
# That share over the last second, where it tells next to nothing of how far the camera went, and where all of it.
HARDLY_KNOWN, WELL_KNOWN = 0.4, 0.7
SURE_TIME_S = 1.0  # over which the sureness is averaged
_TURNED = np.array([-1.0, 1.0])  # how a turn of the picture changes the two slopes of a part
FEET = (Part.LEFT_FOOT, Part.RIGHT_FOOT)
# Whether the body turns and grows in the picture as its background does: expected, its standard error, and how
# long what was seen of it is remembered. A phone in the hand turns rather than comes nearer; and where its camera
# pans, a fit of turn and growth to points that lie on one side shows a growth that there was none of.
EXPECTED_TURN, EXPECTED_GROWTH, EXPECTED_ERROR = 1.0, 0.0, 0.5
SHARED_TIME_S = 30.0
OWN_MOVEMENT = 0.01  # change between two pictures, radians or share: more is the body's own, or walking
LEAST_TRUNK = 0.3  # confidence of the trunk's motion to tell it
# Share of the picture's longer side: if subtracting the camera's movement makes a planted foot seem to move this much
# farther, that movement is not believed. It is three times what points that agree may differ by.
STRAYS = 0.001


def planted_way(foot: Sequence[float], camera: Sequence[float], sure: float) -> tuple[float, float]:
    """How much of a planted foot's way (2,) is the picture's, to be taken off those of the other parts.

    A floor stands still: what moves a foot on it is what is wrong with the camera's way since rest (2,), which is taken
    to be no more than that way. The rest is a shank that tips over it, or noise. sure: of the camera's way; where it is
    hardly known, or NaN, the foot may have gone anywhere. Plain numbers: it is asked several times a picture.
    """
    (x, y), most = foot, math.hypot(*camera)
    went = math.hypot(x, y)
    if not went > most:  # nor where either is NaN
        return x, y
    known = clip((sure - HARDLY_KNOWN) / (WELL_KNOWN - HARDLY_KNOWN), 0.0, 1.0)
    kept = 1 - known * (1 - most / went)
    return x * kept, y * kept


def camera_motion(
    motion: FloatArray, places: FloatArray, size_px: tuple[int, int], shared: tuple[float, float] = (1.0, 1.0)
) -> FloatArray:
    """What camera motion alone contributes at these places (n, 2); zero if unknown.

    shared: how much of the background's turn and growth the body takes part in.
    """
    dx, dy, sure = motion[Part.CAMERA]
    if not sure >= LEAST_CAMERA:
        return np.zeros_like(places)
    turn, grown = (float(value) * share for value, share in zip(motion[Part.CAMERA_TURN, :2], shared, strict=True))
    away = places - np.array(size_px, np.float32) / 2
    x, y = away[:, 0], away[:, 1]
    added: FloatArray = np.empty_like(places)
    added[:, 0], added[:, 1] = dx + grown * x - turn * y, dy + turn * x + grown * y
    return added


def camera_told(motion: FloatArray, added: FloatArray, told: NDArray[np.bool_], size_px: tuple[int, int]) -> bool:
    """Whether the camera's movement may be subtracted from that of the parts; added (len(Part), 2): its share of it.

    A planted foot is a second witness of the camera: whatever moves the picture moves it. Where somebody walks through
    behind, or in the dark, the background's points may agree on a movement that the camera did not make; no foot has
    gone along then. told: which parts' motion is known.
    """
    feet = [part for part in FEET if told[part]]
    if not feet:
        return True
    raw = motion[feet, :2].tolist()
    left = min(map(math.dist, raw, added[feet].tolist()))
    return left - min(math.hypot(*way) for way in raw) <= STRAYS * max(size_px)


class SharedMotion:
    """How much of the background's turn, or growth, the body takes part in: 1 if the camera made it, 0 if it is the
    background's alone. A running regression of what lies between planted foot and trunk on what lies behind."""

    def __init__(self, expected: float) -> None:
        self._expected = expected
        self._squares = self._products = 0.0  # of the background's, and with the body's
        self._spread = self._pictures = 0.0

    @property
    def share(self) -> float:
        """From 0 to 1: as expected until the body has shown it."""
        if self._pictures < 2:
            return self._expected
        noise = (self._spread / self._pictures + 1e-12) / EXPECTED_ERROR**2
        return clip((self._products + self._expected * noise) / (self._squares + noise), 0.0, 1.0)

    def step(self, behind: float, body: float, elapsed_s: float) -> None:
        """Take what one picture showed of both."""
        if not (abs(behind) < OWN_MOVEMENT and abs(body) < OWN_MOVEMENT):  # nor where it is NaN
            return
        kept = math.exp(-max(elapsed_s, 0.0) / SHARED_TIME_S)
        off = body - self.share * behind
        self._squares = self._squares * kept + behind**2
        self._products = self._products * kept + behind * body
        self._spread, self._pictures = self._spread * kept + off**2, self._pictures * kept + 1


def body_motion(motion: FloatArray, places: FloatArray) -> tuple[float, float]:
    """How the line from the planted foot to the trunk turned, radians clockwise, and grew; NaN if not known."""
    known = [part for part in FEET if motion[part, 2] >= LEAST_SURE]
    if not known or not motion[Part.TRUNK, 2] >= LEAST_TRUNK:
        return math.nan, math.nan
    foot = min(known, key=lambda part: math.hypot(*motion[part, :2].tolist()))
    high = float(places[Part.TRUNK, 1] - places[foot, 1])
    if not abs(high) > 0:
        return math.nan, math.nan
    x, y = (motion[Part.TRUNK, :2] - motion[foot, :2]).tolist()
    return -x / high, y / high


def _both_rows(motion: FloatArray) -> FloatArray:
    """The motion, where a foot whose fastest points disagree has what all that is about it says: better than joints."""
    filled: FloatArray = motion.copy()
    for foot, moving in MOVING.items():
        if motion[moving, 2] < LEAST_SURE <= motion[foot, 2]:
            filled[moving, :2] = motion[foot, :2]
            filled[moving, 2] = LEAST_SURE
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """How far each part moved. xy_px: (len(Part), 2) in pixels; for a turn, the two slopes of coach.perception.motion;
    for the camera, how far it alone moved what is at the feet.

    sure: (len(Part),) confidence, 0..1, averaged over about the last second.
    """

    xy_px: FloatArray
    sure: FloatArray


class _Known(NamedTuple):
    """What is known since the first pose: where the parts were in the last picture with one, and their joints."""

    places: FloatArray
    joints: JointFallback


class Paths:
    """Sums up the motion of one person's parts."""

    def __init__(self) -> None:
        self._xy_px: FloatArray = np.zeros((len(Part), 2), np.float32)
        self._sure: FloatArray = np.zeros(len(Part), np.float32)
        self._last_s = float("nan")
        self._known: _Known | None = None
        self._by_camera: FloatArray = np.zeros((len(Part), 2), np.float32)
        self._missed = np.zeros(len(Part), bool)  # parts that moved unseen since the last pose
        self._turn, self._growth = SharedMotion(EXPECTED_TURN), SharedMotion(EXPECTED_GROWTH)

    def step(self, observation: Observation) -> Ways:
        """Take one observation, in order of time. Without a pose, image motion is still followed."""
        now = None if observation.pose is None else middles(observation.pose.xy_px)
        if self._known is not None:
            self._follow(observation, self._known, now)
        if now is not None:
            self._known = _Known(now, JointFallback(now) if self._known is None else self._known.joints)
            self._missed[:] = False
        self._last_s = observation.t_s
        return Ways(self._xy_px, self._sure)

    def _follow(self, observation: Observation, known: _Known, now: FloatArray | None) -> None:
        motion, was = observation.motion, known.places
        elapsed_s = observation.t_s - self._last_s
        way: FloatArray = np.zeros((len(Part), 2), np.float32)
        told = np.zeros(len(Part), bool)
        sure = np.zeros(len(Part), np.float32)
        if motion is not None:
            motion = _both_rows(motion)
            told = (motion[:, 2] >= LEAST_SURE) & ~self._missed
            shared = self._shared(motion, was, elapsed_s)
            added = camera_motion(motion, was, observation.size_px, shared)
            told[Part.CAMERA] = motion[Part.CAMERA, 2] >= LEAST_CAMERA
            turned_by = motion[Part.CAMERA_TURN, 0] * shared[0] if told[Part.CAMERA] else 0.0
            if not camera_told(motion, added, told, observation.size_px):
                added, turned_by, told[Part.CAMERA] = np.zeros_like(added), 0.0, False
            way[:] = np.where(told[:, None], motion[:, :2] - added, 0.0)
            way[TURN_ROWS] = motion[TURN_ROWS, :2] - _TURNED * turned_by
            way[Part.CAMERA] = added[list(FEET)].mean(0)
            sure = np.where(told, motion[:, 2], 0.0)
            self._by_camera = self._by_camera + or_zero(added)
        if now is None:
            self._missed |= ~told
        places = None if now is None else now - self._by_camera
        self._xy_px = known.joints.step(told, places, (self._xy_px + or_zero(way)).astype(np.float32), elapsed_s)
        share = 1 - float(np.exp(-elapsed_s / SURE_TIME_S))
        self._sure = (self._sure + (sure - self._sure) * share).astype(np.float32)

    def shift(self, parts: Sequence[Part], by_px: FloatArray) -> None:
        """Move these parts by this much (2,), in pixels of the picture: they are not where their motion took them."""
        self._xy_px = self._xy_px.copy()
        self._xy_px[list(parts)] += by_px
        if self._known is not None:
            self._known.joints.shift(list(parts), by_px)

    def _shared(self, motion: FloatArray, places: FloatArray, elapsed_s: float) -> tuple[float, float]:
        """How much of the background's turn and growth is the camera's, also by this picture."""
        if motion[Part.CAMERA, 2] >= LEAST_CAMERA:
            turned_by, grown = body_motion(motion, places)
            self._turn.step(float(motion[Part.CAMERA_TURN, 0]), turned_by, elapsed_s)
            self._growth.step(float(motion[Part.CAMERA_TURN, 1]), grown, elapsed_s)
        return self._turn.share, self._growth.share
