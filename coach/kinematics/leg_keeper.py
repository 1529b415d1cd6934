"""Keeps the legs of somebody who lies apart: where one leg hides the other, the network exchanges them, or draws a foot
somewhere between the two.

A foot stays where it is, or goes where its pixels go. So the place of each is carried along by the picture's motion,
and the network's two feet are those at whose places they are, whatever it calls them. The names are those of the moment
in which the legs were first apart. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coach.kinematics.body import LYING_DEG, leg_px, trunk_tilt_deg
from coach.kinematics.paths import LEAST_SURE
from coach.kinematics.side_keeper import FEET, OTHER_JOINTS, OTHER_PARTS
from coach.kinematics.sided_pose import foot_of
from coach.types import JOINTS, SIDES, FloatArray, Observation, Pose, joint

GAP_S = 3.0  # without a pose for longer, the legs may have moved unseen
REACH = 0.15  # of the leg: nearer to a place than this, it is the foot that was there
FARTHEST = 3.0  # times that: farther tells no more than that it is not the foot
CLEAR = 1.0  # times that, for both feet together: so much nearer to their places they are under the other names
APART = 0.2  # of the leg: feet nearer to each other tell no legs
SETTLES = 0.3  # of the way to the network's place, in each picture in which pixels tell where the foot went
# A foot that is somewhere else was lost on its way, and is found again, where the network's moves as its pixels do. One
# that is drawn between two feet that rest does not.
JUMP = 0.1  # of the leg: from one picture to the next, more than its pixels went
MOVES = 0.1  # of the leg in a second
FOLLOWED_S = 0.3
LOST_S = 1.0  # with neither foot at its place for longer, nothing is known
TOGETHER_S = 0.5  # nor with the feet side by side for longer: the network tells them apart best
_LEG = {side: np.array([joint(name, side) for name in ("knee", "ankle", "heel", "toe")]) for side in SIDES}
LEGS = np.concatenate([_LEG[side] for side in SIDES])
_JOINTS = np.arange(JOINTS)
_JOINTS[LEGS] = OTHER_JOINTS[LEGS]
_UNKNOWN = np.zeros((2, 3), np.float32)
_AS_NAMED, _EXCHANGED = np.array((0, 1)), np.array((1, 0))
Points = NDArray[np.float64]


class LegKeeper:
    """Follows one person, and puts exchanged legs back while they lie."""

    def __init__(self) -> None:
        self._seen_s = float("nan")
        self._forget()

    def step(self, observation: Observation) -> Observation:
        """The observation with each leg under the name that it had. Call in order of time.

        What the network says of the depth of exchanged legs is wrong: their metres are NaN. A leg that is drawn where
        none is has visibility 0.
        """
        t_s, pose = observation.t_s, observation.pose
        if pose is None:
            return observation
        lies = trunk_tilt_deg(pose) > LYING_DEG
        elapsed_s, self._seen_s = t_s - self._seen_s, t_s
        if not lies or elapsed_s > GAP_S:
            self._forget()
        if not lies:
            return observation
        seen = self._follow(t_s, elapsed_s, pose, observation.motion)
        if self._exchanged:
            observation = _put_back(observation, pose)
        return observation if all(seen) else _without(observation, seen)

    def _forget(self) -> None:
        self._exchanged = False
        self._places: Points | None = None  # (2, 2) of the left and the right foot in the picture
        self._feet: Points = np.zeros((2, 2))  # where the network had what it calls left and right
        self._jumped_s: Points = np.zeros(2)  # when those were last elsewhere than their pixels went
        self._apart_s = self._found_s = float("nan")

    def _follow(self, t_s: float, elapsed_s: float, pose: Pose, motion: FloatArray | None) -> Sequence[bool]:
        """Which of the left and the right foot is seen where it can be."""
        leg = max(leg_px(pose, side) for side in SIDES)
        feet = np.array([foot_of(pose.xy_px, side) for side in SIDES], float)
        apart = _distance(feet[0], feet[1]) > APART * leg
        if self._places is None:
            if apart:
                self._places = self._feet = feet
                self._jumped_s = np.full(2, t_s)
                self._apart_s = self._found_s = t_s
            return True, True
        told = _UNKNOWN if motion is None else motion[FEET]
        sure = told[:, 2] >= LEAST_SURE
        went = np.where(sure[:, None], told[:, :2], 0.0)
        self._jumped_s = np.where(_distance(feet, self._feet + went) > JUMP * leg, t_s, self._jumped_s)

        names = _EXCHANGED if self._exchanged else _AS_NAMED
        carried = sure[names] & (_distance(self._feet[names], self._places) < REACH * leg)
        places = self._places + np.where(carried[:, None], went[names], 0.0)
        places_apart = _distance(places[0], places[1]) > APART * leg
        off = np.minimum(_distance(feet[:, None], places[None]) / (REACH * leg), FARTHEST)
        exchanged_by = off.trace() - off[:, ::-1].trace()
        if places_apart and abs(exchanged_by) > CLEAR:
            self._exchanged = bool(exchanged_by > 0)

        names = _EXCHANGED if self._exchanged else _AS_NAMED
        off_px = _distance(feet[names], places)
        there = off_px < REACH * leg
        moves = _distance(went, 0.0) > MOVES * leg * elapsed_s
        followed = apart & moves & (t_s - self._jumped_s >= FOLLOWED_S)
        found = there | followed[names] | (motion is None)
        share = np.where(found, np.where(there & carried, SETTLES, 1.0), 0.0)
        self._places, self._feet = places + share[:, None] * (feet[names] - places), feet
        if not apart or found.any():
            self._found_s = t_s
        if places_apart and (apart or self._exchanged):
            self._apart_s = t_s
        if t_s - self._found_s > LOST_S or t_s - self._apart_s > TOGETHER_S:
            self._forget()
            return True, True
        return [bool(each) or not apart for each in found]


def _distance(a: Points, b: Points | float) -> Points:
    """Of points (..., 2) from others."""
    apart: Points = np.sqrt(np.square(a - b).sum(-1))
    return apart


def _put_back(observation: Observation, pose: Pose) -> Observation:
    world_m = pose.world_m.copy()
    world_m[LEGS] = np.nan
    pose = Pose(pose.xy_px[_JOINTS], world_m, pose.visibility[_JOINTS])
    motion = None if observation.motion is None else observation.motion[OTHER_PARTS]
    return replace(observation, pose=pose, motion=motion)


def _without(observation: Observation, seen: Sequence[bool]) -> Observation:
    pose = observation.pose
    assert pose is not None
    visibility = pose.visibility.copy()
    for side, there in zip(SIDES, seen, strict=True):
        if not there:
            visibility[_LEG[side]] = 0.0
    return replace(observation, pose=Pose(pose.xy_px, pose.world_m, visibility))
