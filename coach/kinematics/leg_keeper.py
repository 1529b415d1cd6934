"""Keeps the legs of somebody who lies apart: where one leg hides the other, the network exchanges them, or draws a foot
somewhere between the two.

A foot stays where it is, or goes where its pixels go. So the place of each is carried along by the picture's motion,
and the network's two feet are those at whose places they are, whatever it calls them. With one leg up the other's foot
is on the floor, and tells them apart (coach.kinematics.raised_leg). The names are those of the moment in which the legs
were first apart. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from coach.kinematics.body import lies
from coach.kinematics.feet import APART, REACH, Feet, FeetReader, Flags, Points
from coach.kinematics.geometry import clip, distance, plus
from coach.kinematics.raised_leg import ON_FLOOR, RAISED, RISES_S, RaisedLeg
from coach.kinematics.side_keeper import OTHER_JOINTS, OTHER_PARTS
from coach.types import JOINTS, SIDES, FloatArray, Observation, Pose, joint

GAP_S = 3.0  # without a pose for longer, the legs may have moved unseen
FARTHEST = 3.0  # times the reach of a place: farther tells no more than that it is not the foot
CLEAR = 1.0  # times that, for both feet together: so much nearer to their places they are under the other names
# Of the way to the network's place, in each picture in which pixels tell where the foot went. A foot that is somewhere
# else was lost on its way, and is found again, where the network's moves as its pixels do. One that is drawn between
# two feet that rest does not.
SETTLES = 0.3
LOST_S = 1.0  # with neither foot at its place for longer, nothing is known
SLIP_S = 0.3  # if the feet come together so soon after the names changed, that was a slip of the network's
TOGETHER_S = 0.5  # nor with the feet side by side for longer: the network tells them apart best
_LEG = {side: np.array([joint(name, side) for name in ("knee", "ankle", "heel", "toe")]) for side in SIDES}
LEGS = np.concatenate([_LEG[side] for side in SIDES])
_JOINTS = np.arange(JOINTS)
_JOINTS[LEGS] = OTHER_JOINTS[LEGS]
_AS_NAMED, _EXCHANGED = (0, 1), (1, 0)
_BOTH = (True, True)


class LegKeeper:
    """Follows one person, and puts exchanged legs back while they lie."""

    def __init__(self) -> None:
        self._seen_s = float("nan")
        self._reader = FeetReader()
        self._floor_leg_px: FloatArray | None = None  # (4, 2) of the leg on the floor when it was last seen
        self._forget()

    def step(self, observation: Observation) -> Observation:
        """The observation with each leg under the name that it had. Call in order of time.

        What the network says of the depth of exchanged legs is wrong: their metres are NaN. A leg that is drawn where
        none is has visibility 0, and one that is hidden on the floor is where it was.
        """
        t_s, pose = observation.t_s, observation.pose
        if pose is None:
            return observation
        lying = lies(pose)
        elapsed_s, self._seen_s = t_s - self._seen_s, t_s
        if not lying or elapsed_s > GAP_S:
            self._forget()
        if not lying:
            return observation
        seen = self._follow(self._reader.read(t_s, elapsed_s, pose, observation.motion))
        if self._exchanged:
            observation = _put_back(observation, pose)
        assert observation.pose is not None
        if self._raised is not None:
            down = 1 - self._raised.up
            if seen[down]:
                self._floor_leg_px = observation.pose.xy_px[_LEG[SIDES[down]]]
        return observation if all(seen) else self._without(observation, observation.pose, seen)

    def _forget(self) -> None:
        self._exchanged = False
        self._named_s = -math.inf  # when that changed
        self._places: Points | None = None  # of the left and the right foot in the picture
        self._apart_s = self._found_s = self._rose_s = float("nan")
        self._raised: RaisedLeg | None = None
        self._floor_leg_px = None
        self._reader.reset()

    def _follow(self, feet: Feet) -> Flags:
        """Which of the left and the right foot is seen where it can be."""
        if self._places is None:
            if feet.apart:
                self._places = feet.xy_px
                self._apart_s = self._found_s = feet.t_s
            return _BOTH
        if self._raised is not None:
            told = self._raised.step(feet)
            self._places = self._raised.places_px
            self._apart_s = self._found_s = feet.t_s
            if told is not None:
                self._exchanged, seen = told
                return seen
            self._raised = None
            places, carried = self._places, [False, False]
        else:
            named = list(zip(self._places, self._names, strict=True))
            places, carried = [feet.carried(*each) for each in named], [feet.tells(*each) for each in named]
        places_apart = distance(*places) > APART * feet.leg_px
        exchanged_by = _off(feet, places, _AS_NAMED) - _off(feet, places, _EXCHANGED)
        if places_apart and abs(exchanged_by) > CLEAR:
            self._name(exchanged_by > 0, feet.t_s)
        elif not places_apart and feet.t_s - self._named_s < SLIP_S:
            self._name(not self._exchanged, -math.inf)

        found, settled = [], []
        for place, name, was_carried in zip(places, self._names, carried, strict=True):
            foot = feet.xy_px[name]
            there = feet.near(foot, place)
            found.append(there or feet.followed[name] or not feet.tracked)
            share = (SETTLES if there and was_carried else 1.0) if found[-1] else 0.0
            settled.append(plus(place, plus(foot, place, -1.0), share))
        self._places = settled
        if not feet.apart or any(found):
            self._found_s = feet.t_s
        if places_apart and (feet.apart or self._exchanged):
            self._apart_s = feet.t_s
        if feet.t_s - self._found_s > LOST_S or feet.t_s - self._apart_s > TOGETHER_S:
            self._forget()
            return _BOTH
        self._notice_raised(feet, found)
        return (found[0], found[1]) if feet.apart else _BOTH

    def _name(self, exchanged: bool, t_s: float) -> None:
        if exchanged != self._exchanged:
            self._exchanged, self._named_s = exchanged, t_s

    @property
    def _names(self) -> tuple[int, int]:
        """The network's names of the left and the right leg."""
        return _EXCHANGED if self._exchanged else _AS_NAMED

    def _notice_raised(self, feet: Feet, found: Sequence[bool]) -> None:
        """A leg that goes up while the other's foot stays on the floor."""
        rise = [feet.rise[name] for name in self._names]
        up = int(rise[1] > rise[0])
        if not (found[1 - up] and rise[up] > RAISED and rise[1 - up] < ON_FLOOR):
            self._rose_s = float("nan")
        elif math.isnan(self._rose_s):
            self._rose_s = feet.t_s
        elif feet.t_s - self._rose_s >= RISES_S:
            assert self._places is not None
            self._raised = RaisedLeg(feet.t_s, up, self._places, self._exchanged)
            self._rose_s, self._floor_leg_px = float("nan"), None

    def _without(self, observation: Observation, pose: Pose, seen: Flags) -> Observation:
        visibility, xy_px = pose.visibility.copy(), pose.xy_px
        for leg, side in enumerate(SIDES):
            if seen[leg]:
                continue
            visibility[_LEG[side]] = 0.0
            if self._raised is not None and leg != self._raised.up and self._floor_leg_px is not None:
                xy_px = xy_px.copy()
                xy_px[_LEG[side]] = self._floor_leg_px
        return replace(observation, pose=Pose(xy_px, pose.world_m, visibility))


def _off(feet: Feet, places: Points, names: tuple[int, int]) -> float:
    """How far the feet are from these places under these names, in reaches."""
    reach_px = REACH * feet.leg_px
    left, right = (distance(feet.xy_px[name], place) / reach_px for name, place in zip(names, places, strict=True))
    return clip(left, 0.0, FARTHEST) + clip(right, 0.0, FARTHEST)


def _put_back(observation: Observation, pose: Pose) -> Observation:
    world_m = pose.world_m.copy()
    world_m[LEGS] = np.nan
    pose = Pose(pose.xy_px[_JOINTS], world_m, pose.visibility[_JOINTS])
    motion = None if observation.motion is None else observation.motion[OTHER_PARTS]
    return replace(observation, pose=pose, motion=motion)
